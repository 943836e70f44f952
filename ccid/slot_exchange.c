/* SPDX-License-Identifier: BSD-2-Clause */
/* APDUs, at whatever level the reader works (USB CCID 1.1, 3.2.1). */
#include <string.h>

#include "ccid/pin.h"
#include "ccid/slot.h"

/* Commands that may be sent a second time when nobody knows whether the card did the first. */
static bool
is_harmless(const uint8_t *command)
{
	switch (command[1]) {
	case 0x84: /* GET CHALLENGE */
	case 0xA4: /* SELECT */
	case 0xB0: /* READ BINARY */
	case 0xB2: /* READ RECORD */
	case 0xCA: /* GET DATA */
	case 0xCB:
		return true;
	default:
		return false;
	}
}

static enum ccid_result
run_t0(struct ccid_slot *slot, const uint8_t *command, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	enum ccid_step step = t0_begin(&slot->t0, command, length, out);

	enum ccid_result r = CCID_OK;

	while (step == CCID_STEP_SEND && r == CCID_OK) {
		struct ccid_answer answer;

		r = ccid_slot_block(slot, &slot->t0.block, deadline, &answer);
		if (r == CCID_OK)
			step = t0_next(&slot->t0, &answer);
	}
	/* It may have been a PIN, whatever became of it. */
	explicit_bzero(slot->t0.tpdu, sizeof slot->t0.tpdu);
	if (r != CCID_OK)
		return r;
	return step == CCID_STEP_DONE ? CCID_OK : slot->t0.result;
}

static enum ccid_result
run_t1(struct ccid_slot *slot, const uint8_t *command, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	enum ccid_result r =
	    ccid_slot_run_t1(slot, t1_begin(&slot->t1, command, length, out), deadline);

	explicit_bzero(slot->t1.last, sizeof slot->t1.last);
	return r;
}

static enum ccid_result
run_chain(struct ccid_slot *slot, const uint8_t *command, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	enum ccid_step step = chain_begin(&slot->chain, command, length, out);

	while (step == CCID_STEP_SEND) {
		struct ccid_answer answer;
		enum ccid_result r = ccid_slot_block(slot, &slot->chain.block, deadline, &answer);

		if (r != CCID_OK)
			return r;
		step = chain_next(&slot->chain, &answer);
	}
	return step == CCID_STEP_DONE ? CCID_OK : slot->chain.result;
}

static enum ccid_result
run_raw(struct ccid_slot *slot, const uint8_t *command, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	const struct ccid_block block = { .data = command, .length = length, .wtx = 1 };
	struct ccid_answer answer;
	enum ccid_result r = ccid_slot_block(slot, &block, deadline, &answer);

	if (r != CCID_OK)
		return r;
	if (answer.event != CCID_EVENT_REPLY)
		return answer.event == CCID_EVENT_SILENT ? CCID_SILENT : CCID_LOST;
	out->length = answer.length;
	if (answer.length > out->room)
		return CCID_SMALL;
	if (answer.length > 0)
		memcpy(out->bytes, answer.data, answer.length);
	return CCID_OK;
}

static enum ccid_result
run(struct ccid_slot *slot, const uint8_t *command, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	enum ccid_level level = slot->descriptor->level;

	if (slot->protocol == CCID_PROTOCOL_RAW)
		return run_raw(slot, command, length, deadline, out);
	/* A long APDU for T=0 fits into no message of the short level: ENVELOPE carries it. */
	if (level <= CCID_TPDU ||
	    (level == CCID_SHORT_APDU && slot->protocol == 0 && length > CCID_SHORT_MAX))
		return slot->protocol == 1 ? run_t1(slot, command, length, deadline, out)
					   : run_t0(slot, command, length, deadline, out);
	return run_chain(slot, command, length, deadline, out);
}

/* The rate was the host's choice, and the very first exchange failed: the reader may have promised
 * too much. */
static bool
rate_is_doubtful(const struct ccid_slot *slot, enum ccid_result r)
{
	return (r == CCID_SILENT || r == CCID_LOST || r == CCID_DEAD) && !slot->proven &&
	    slot->protocol >= 0 && slot->atr.specific < 0 && slot->timing.factors != 0x11 &&
	    slot->downgrades < CCID_DOWNGRADES_MAX &&
	    (slot->descriptor->features & CCID_AUTO_PARAM_NEG) == 0;
}

static enum ccid_result
select_slower(struct ccid_slot *slot, uint64_t deadline)
{
	unsigned allowed = 1u << slot->protocol;
	enum ccid_result r;

	slot->downgrades++;
	r = ccid_slot_power_up(slot, false, deadline);
	return r == CCID_OK ? ccid_slot_select(slot, allowed, deadline) : r;
}

static uint64_t
limit(struct ccid_slot *slot, uint64_t deadline)
{
	uint64_t last =
	    slot->link->transport->ops->now(slot->link->transport) + CCID_TOTAL_MAX_US * 1000;

	return deadline != 0 && deadline < last ? deadline : last;
}

/* What the end of an exchange says about the card. */
static enum ccid_result
conclude(struct ccid_slot *slot, enum ccid_result r, const struct ccid_room *out)
{
	if (r == CCID_OK && out->length < 2 && slot->protocol != CCID_PROTOCOL_RAW)
		r = out->length == 0 ? CCID_SILENT : CCID_LOST;
	if (r == CCID_OK || r == CCID_SMALL)
		slot->proven = true;
	if (r == CCID_DEADLINE || r == CCID_CANCELLED)
		slot->dead = true;
	return r;
}

static enum ccid_result
check_ready(const struct ccid_slot *slot)
{
	if (!slot->powered)
		return CCID_UNPOWERED;
	if (slot->dead)
		return CCID_DEAD;
	return slot->protocol == CCID_NO_PROTOCOL ? CCID_MISMATCH : CCID_OK;
}

enum ccid_result
ccid_slot_transmit(struct ccid_slot *slot, const uint8_t *command, size_t length, uint64_t deadline,
    struct ccid_room *out)
{
	enum ccid_result r = check_ready(slot);

	if (r != CCID_OK)
		return r;
	if (length == 0 || length > CCID_COMMAND_MAX ||
	    (length < 4 && slot->protocol != CCID_PROTOCOL_RAW))
		return CCID_INVALID;
	/* Nothing is done to a card whose answer could not be told. */
	if (out->room < 2 && slot->protocol != CCID_PROTOCOL_RAW) {
		out->length = 2;
		return CCID_SMALL;
	}
	deadline = limit(slot, deadline);
	do {
		out->length = 0;
		r = conclude(slot, run(slot, command, length, deadline, out), out);
		if (!rate_is_doubtful(slot, r))
			return r;
		if (select_slower(slot, deadline) != CCID_OK)
			return r;
	} while (is_harmless(command));
	/* It may have been executed, and the card was reset: the caller must know. */
	slot->dead = true;
	return r;
}

/* T=1 at TPDU level: the reader's answer is a block, or what came instead of one. */
static enum ccid_result
take_secure_block(struct ccid_slot *slot, const struct ccid_reply *reply, uint64_t deadline,
    struct ccid_room *out)
{
	struct ccid_answer answer = { CCID_EVENT_REPLY, reply->data, reply->length, reply->last };

	if (reply->status == CCID_STATUS_FAILED) {
		answer = (struct ccid_answer){ CCID_EVENT_SILENT, NULL, 0, 0 };
		if (!ccid_slot_event(reply, &answer.event))
			return ccid_command_failure(reply);
	}
	t1_begin_secure(&slot->t1, out);
	return ccid_slot_run_t1(slot, t1_next(&slot->t1, &answer), deadline);
}

static enum ccid_result
take_secure(struct ccid_slot *slot, const struct ccid_reply *reply, uint64_t deadline,
    struct ccid_room *out)
{
	if (slot->protocol == 1 && slot->descriptor->level <= CCID_TPDU)
		return take_secure_block(slot, reply, deadline, out);
	if (reply->status == CCID_STATUS_FAILED)
		return ccid_command_failure(reply);
	out->length = reply->length;
	if (reply->length > out->room)
		return CCID_SMALL;
	if (reply->length > 0)
		memcpy(out->bytes, reply->data, reply->length);
	return CCID_OK;
}

/* SW1 SW2 that stand for what the person did; false: it was something else. */
static bool
take_person(const struct ccid_reply *reply, struct ccid_room *out, enum ccid_result *ret)
{
	uint8_t status[2];

	if (reply->status != CCID_STATUS_FAILED || reply->icc == CCID_ICC_ABSENT ||
	    !ccid_pin_status(reply->error, status))
		return false;
	out->length = sizeof status;
	*ret = out->room < sizeof status ? CCID_SMALL : CCID_OK;
	if (*ret == CCID_OK)
		memcpy(out->bytes, status, sizeof status);
	return true;
}

enum ccid_result
ccid_slot_secure(struct ccid_slot *slot, const uint8_t *payload, size_t length, uint64_t wait_us,
    uint64_t deadline, struct ccid_room *out)
{
	const struct ccid_patience patience = { wait_us, CCID_TOTAL_MAX_US, true };
	struct ccid_reply reply;
	enum ccid_result r = check_ready(slot);

	if (r != CCID_OK)
		return r;
	out->length = 0;
	r = ccid_slot_command(
	    slot, CCID_SECURE, NULL, payload, length, &patience, limit(slot, deadline), &reply);
	if (r == CCID_OK && take_person(&reply, out, &r))
		return r;
	if (r == CCID_OK)
		r = take_secure(slot, &reply, deadline, out);
	return conclude(slot, r, out);
}
