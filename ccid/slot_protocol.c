/* SPDX-License-Identifier: BSD-2-Clause */
/* Which protocol, at which rate, and who tells whom (ISO 7816-3, 6.3 and 9; USB CCID 1.1, 3.2). */
#include <string.h>

#include "ccid/pps.h"
#include "ccid/slot.h"

#define DEFAULT_FACTORS 0x11u
#define FIELD_FIRST 10u /* bError: index of the first byte of the parameters in the message */
#define FIELD_LAST 16u

/* Below the APDU levels the host talks to the card itself. */
static bool
host_runs_protocol(const struct ccid_slot *slot)
{
	return slot->descriptor->level <= CCID_TPDU;
}

static bool
reader_has(const struct ccid_slot *slot, uint32_t feature)
{
	return (slot->descriptor->features & feature) != 0;
}

/* T, or -1: nothing in common. */
static int
choose_protocol(const struct ccid_slot *slot, unsigned allowed)
{
	const struct atr *atr = &slot->atr;
	unsigned common = allowed & slot->descriptor->protocols & atr->offered & 3u;

	if (atr->specific >= 0)
		common &= 1u << atr->specific;
	if (common == 0)
		return -1;
	if (atr->first <= 1 && (common & 1u << atr->first) != 0)
		return (int)atr->first;
	return (common & 2u) != 0 ? 1 : 0;
}

static struct ccid_rates
rates_of(const struct ccid_slot *slot)
{
	return (struct ccid_rates){ slot->descriptor->default_clock, slot->descriptor->maximum_rate,
		slot->rates, slot->rate_count };
}

static uint8_t
choose_factors(const struct ccid_slot *slot)
{
	const struct ccid_rates rates = rates_of(slot);

	if (slot->quirks.no_pps)
		return DEFAULT_FACTORS;
	return ccid_rates_choose(&rates, slot->atr.ta1, slot->downgrades);
}

/* The exchange of a PPS. */
static enum ccid_result
negotiate(
    struct ccid_slot *slot, unsigned protocol, uint8_t pps1, uint64_t deadline, enum ccid_pps *ret)
{
	uint8_t request[CCID_PPS_MAX];
	struct ccid_block block = { .data = request, .wtx = 1 };
	struct ccid_answer answer;
	enum ccid_result r;

	block.length = ccid_pps_request(protocol, pps1, request);
	if (slot->descriptor->level == CCID_CHARACTER)
		block.level = (uint16_t)block.length;
	r = ccid_slot_block(slot, &block, deadline, &answer);
	if (r != CCID_OK)
		return r;
	*ret = answer.event == CCID_EVENT_REPLY
	    ? ccid_pps_check(request, block.length, answer.data, answer.length)
	    : CCID_PPS_FAILED;
	return CCID_OK;
}

/*
 * PPS, the first thing after the reset. A card that refuses is reset, and asked once more without a
 * rate where that says something new.
 */
static enum ccid_result
run_pps(struct ccid_slot *slot, unsigned protocol, uint64_t deadline)
{
	uint8_t pps1 = choose_factors(slot);
	enum ccid_pps verdict = CCID_PPS_FAILED;
	bool is_default = protocol == slot->atr.first;
	enum ccid_result r;

	if (slot->quirks.no_pps || (is_default && pps1 == DEFAULT_FACTORS))
		return CCID_OK;
	r = negotiate(slot, protocol, pps1, deadline, &verdict);
	if (r == CCID_OK && verdict == CCID_PPS_FAILED) {
		r = ccid_slot_power_up(slot, false, deadline);
		if (r != CCID_OK)
			return r;
		if (is_default)
			return CCID_OK; /* it runs with the default rate, unasked */
		if (pps1 == DEFAULT_FACTORS)
			return CCID_NO_PPS;
		pps1 = DEFAULT_FACTORS;
		r = negotiate(slot, protocol, pps1, deadline, &verdict);
		if (r == CCID_OK && verdict == CCID_PPS_FAILED) {
			r = ccid_slot_power_up(slot, false, deadline);
			return r == CCID_OK ? CCID_NO_PPS : r;
		}
	}
	if (r == CCID_OK && verdict == CCID_PPS_AGREED)
		slot->timing.factors = slot->parameters.factors = pps1;
	return r;
}

/* The reader keeps some values of its own: what it reports is what counts. */
static void
read_back(struct ccid_slot *slot, uint64_t deadline)
{
	struct ccid_parameters parameters;
	struct ccid_reply reply;

	if (ccid_slot_command(slot, CCID_GET_PARAMETERS, NULL, NULL, 0, &ccid_patience_short,
		deadline, &reply) != CCID_OK ||
	    reply.status != CCID_STATUS_DONE ||
	    !ccid_parameters_read(&parameters, reply.last, reply.data, reply.length))
		return;
	slot->parameters = parameters;
	slot->timing.factors = parameters.factors;
}

static enum ccid_result
set_parameters(struct ccid_slot *slot, unsigned protocol, uint64_t deadline)
{
	uint8_t bytes[CCID_PARAMETERS_T1];
	const uint8_t number[3] = { (uint8_t)protocol, 0, 0 };
	struct ccid_reply reply;
	enum ccid_result r;
	size_t length;

	slot->parameters.protocol = protocol;
	length = ccid_parameters_write(&slot->parameters, bytes);
	r = ccid_slot_command(slot, CCID_SET_PARAMETERS, number, bytes, length,
	    &ccid_patience_short, deadline, &reply);
	if (r == CCID_UNSUPPORTED)
		return CCID_OK; /* it sets itself */
	if (r != CCID_OK || reply.status == CCID_STATUS_DONE)
		return r;
	if (reply.error == CCID_ERROR_COMMAND)
		return CCID_OK;
	if (reply.error >= FIELD_FIRST && reply.error <= FIELD_LAST) {
		read_back(slot, deadline);
		return CCID_OK;
	}
	r = ccid_command_failure(&reply);
	return r == CCID_UNSUPPORTED ? CCID_OK : r;
}

/* Some readers fail to take parameters and work all the same once the card was reset. */
static enum ccid_result
apply_parameters(struct ccid_slot *slot, unsigned protocol, uint64_t deadline)
{
	enum ccid_result r = set_parameters(slot, protocol, deadline);

	if (r == CCID_OK || r == CCID_ABSENT || r == CCID_GONE || r == CCID_DEADLINE ||
	    r == CCID_CANCELLED)
		return r;
	/* An APDU level without announced automatics sets itself, whatever it says to this. */
	if (!host_runs_protocol(slot) && !reader_has(slot, CCID_AUTO_PPS))
		return CCID_OK;
	if (!slot->quirks.parameters_by_reset)
		return r;
	r = ccid_slot_power_up(slot, false, deadline);
	return r == CCID_OK ? ccid_slot_power_up(slot, false, deadline) : r;
}

static void
begin_t1(struct ccid_slot *slot)
{
	struct t1 *t1 = &slot->t1;

	memset(t1, 0, sizeof *t1);
	t1->crc = slot->atr.crc;
	t1->ifsc_atr = slot->atr.ifsc;
	t1->block_max = slot->descriptor->message_max - CCID_HEADER;
	t1->character = slot->descriptor->level == CCID_CHARACTER;
	t1_reset(t1);
}

static enum ccid_result
announce_ifsd(struct ccid_slot *slot, uint64_t deadline)
{
	if (slot->quirks.no_ifsd || reader_has(slot, CCID_AUTO_IFSD) ||
	    slot->descriptor->ifsd == slot->t1.ifsd)
		return CCID_OK;
	return ccid_slot_run_t1(slot, t1_begin_ifsd(&slot->t1, slot->descriptor->ifsd), deadline);
}

static void
begin_engines(struct ccid_slot *slot, unsigned protocol)
{
	if (protocol == 1)
		begin_t1(slot);
	memset(&slot->t0, 0, sizeof slot->t0);
	slot->t0.character = slot->descriptor->level == CCID_CHARACTER;
	slot->t0.mode = slot->options.t0_mode;
	slot->t0.split_reads = slot->quirks.split_reads;
	memset(&slot->chain, 0, sizeof slot->chain);
	slot->chain.chained = slot->descriptor->level == CCID_EXTENDED_APDU;
	slot->chain.piece_max = slot->descriptor->message_max - CCID_HEADER;
}

/* A specific card whose rate the reader cannot do may become negotiable by a warm reset. */
static enum ccid_result
leave_specific_mode(struct ccid_slot *slot, uint64_t deadline)
{
	const struct ccid_rates rates = rates_of(slot);
	enum ccid_result r;

	if (slot->atr.specific < 0 || !host_runs_protocol(slot) ||
	    reader_has(slot, CCID_AUTO_PARAM_NEG))
		return CCID_OK;
	if (!slot->atr.implicit && ccid_rates_usable(&rates, slot->atr.ta1))
		return CCID_OK;
	if (!slot->atr.may_change)
		return slot->atr.implicit ? CCID_MISMATCH : CCID_LOST;
	r = ccid_slot_power_up(slot, true, deadline);
	if (r == CCID_OK && slot->atr.specific >= 0)
		r = CCID_LOST;
	return r;
}

enum ccid_result
ccid_slot_select(struct ccid_slot *slot, unsigned allowed, uint64_t deadline)
{
	enum ccid_result r;
	int protocol;

	if (!slot->powered)
		return CCID_UNPOWERED;
	if (slot->dead)
		return CCID_DEAD;
	r = leave_specific_mode(slot, deadline);
	if (r != CCID_OK)
		return r;
	protocol = choose_protocol(slot, allowed);
	if (protocol < 0)
		return CCID_MISMATCH;
	if (host_runs_protocol(slot) && slot->atr.specific < 0 &&
	    !reader_has(slot, CCID_AUTO_PARAM_NEG | CCID_AUTO_PPS))
		r = run_pps(slot, (unsigned)protocol, deadline);
	else if (reader_has(slot, CCID_AUTO_PPS) && slot->atr.specific < 0)
		slot->parameters.factors = slot->timing.factors = choose_factors(slot);
	if (r == CCID_OK && !reader_has(slot, CCID_AUTO_PARAM_NEG))
		r = apply_parameters(slot, (unsigned)protocol, deadline);
	if (r != CCID_OK)
		return r;
	begin_engines(slot, (unsigned)protocol);
	slot->protocol = protocol;
	if (protocol == 1 && host_runs_protocol(slot))
		r = announce_ifsd(slot, deadline);
	if (r != CCID_OK)
		slot->protocol = CCID_NO_PROTOCOL;
	return r;
}

enum ccid_result
ccid_slot_select_raw(struct ccid_slot *slot)
{
	if (!slot->powered)
		return CCID_UNPOWERED;
	slot->protocol = CCID_PROTOCOL_RAW;
	begin_engines(slot, 0);
	return CCID_OK;
}
