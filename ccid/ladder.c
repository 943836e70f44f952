/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/ladder.h"

#include <stdio.h>

#define REQUEST_ABORT 0x01u
#define HOST_TO_INTERFACE 0x21u
#define ASK_AGAIN 3u

static void
note(struct ccid_link *link, unsigned slot, const char *rung)
{
	char line[128];

	if (link->note == NULL)
		return;
	snprintf(line, sizeof line, "slot %u: %s", slot, rung);
	link->note(link->data, line);
}

static uint64_t
after(struct ccid_link *link, uint64_t microseconds)
{
	return link->transport->ops->now(link->transport) + microseconds * 1000;
}

/* One small command, and messages read until its answer comes. Nothing else is tried. */
static enum ccid_result
ask(struct ccid_link *link, enum ccid_command_type type, uint8_t slot, uint8_t sequence,
    uint64_t microseconds)
{
	const struct ccid_command command = { .type = type, .slot = slot, .sequence = sequence };
	uint64_t deadline = after(link, microseconds);
	uint8_t message[CCID_HEADER];
	struct ccid_reply reply;
	size_t received = 0;
	enum ccid_result r;

	ccid_message_write(&command, message, sizeof message);
	r = link->transport->ops->exchange(
	    link->transport, message, sizeof message, link->in, CCID_IN_SIZE, &received, deadline);
	for (unsigned dropped = 0; r == CCID_OK && dropped <= CCID_STALE_MAX; dropped++) {
		enum ccid_check check = ccid_message_check(&command, link->in, received, &reply);

		if (check == CCID_CHECK_RIGHT && reply.status != CCID_STATUS_EXTENSION)
			return CCID_OK;
		if (check != CCID_CHECK_STALE && check != CCID_CHECK_RIGHT)
			return CCID_LOST;
		r = link->transport->ops->receive(
		    link->transport, link->in, CCID_IN_SIZE, &received, deadline);
	}
	return r == CCID_OK ? CCID_LOST : r;
}

static enum ccid_result
ask_status(struct ccid_link *link, unsigned slot)
{
	return ask(link, CCID_GET_SLOT_STATUS, (uint8_t)slot, link->sequence++, CCID_RUNG_US);
}

/* The two halves of an abort have one sequence number. Many readers stall the first. */
static enum ccid_result
abort_command(struct ccid_link *link, unsigned slot)
{
	uint8_t sequence = link->sequence++;
	size_t done;
	enum ccid_result r;

	note(link, slot, "aborting the command");
	r = link->transport->ops->control(link->transport, HOST_TO_INTERFACE, REQUEST_ABORT,
	    (uint16_t)((unsigned)sequence << 8 | slot), NULL, 0, &done,
	    after(link, CCID_CONTROL_US));
	if (r != CCID_OK)
		return r;
	return ask(link, CCID_ABORT, (uint8_t)slot, sequence, CCID_ABORT_US);
}

static enum ccid_result
drain(struct ccid_link *link, unsigned slot)
{
	size_t received;

	note(link, slot, "emptying the pipe");
	for (unsigned i = 0; i < CCID_DRAIN_MAX; i++) {
		enum ccid_result r = link->transport->ops->receive(
		    link->transport, link->in, CCID_IN_SIZE, &received, after(link, CCID_DRAIN_US));

		if (r == CCID_GONE)
			return r;
		if (r != CCID_OK)
			break;
	}
	return ask_status(link, slot);
}

static enum ccid_result
clear_halt(struct ccid_link *link, unsigned slot)
{
	enum ccid_result r;

	note(link, slot, "clearing the endpoints' halt");
	r = link->transport->ops->clear_halt(link->transport);
	return r == CCID_GONE ? r : ask_status(link, slot);
}

/* After a crash of the endpoint's last owner one answer may be lost with its data toggle. */
static enum ccid_result
ask_again(struct ccid_link *link, unsigned slot)
{
	enum ccid_result r = CCID_LOST;

	note(link, slot, "asking for its state again");
	for (unsigned i = 0; i < ASK_AGAIN && r != CCID_OK && r != CCID_GONE; i++)
		r = ask_status(link, slot);
	return r;
}

static enum ccid_result
power_off(struct ccid_link *link, unsigned slot)
{
	enum ccid_result r;

	note(link, slot, "switching the card off");
	r = ask(link, CCID_POWER_OFF, (uint8_t)slot, link->sequence++, CCID_RUNG_US);
	return r == CCID_GONE ? r : ask_status(link, slot);
}

static enum ccid_result
reset_port(struct ccid_link *link, unsigned slot)
{
	enum ccid_result r;

	note(link, slot, "resetting the device's port");
	link->disturbed = UINT16_MAX;
	r = link->transport->ops->reset(link->transport);
	if (r == CCID_OK)
		r = ask_status(link, slot);
	return r;
}

/* By link->rung; 0 is the floor. */
static enum ccid_result (*const rungs[])(struct ccid_link *link, unsigned slot) = {
	NULL,
	abort_command,
	drain,
	clear_halt,
	ask_again,
	power_off,
	reset_port,
};
#define RUNGS (sizeof rungs / sizeof rungs[0])
#define FIRST_AFTER_ABORT 2u

static void
set(struct ccid_link *link, unsigned slot, unsigned rung)
{
	link->disturbed |= (uint16_t)(1u << slot);
	link->fallen = (uint8_t)slot;
	link->rung = rung;
}

void
ccid_ladder_fall(struct ccid_link *link, unsigned slot)
{
	set(link, slot, 1);
}

void
ccid_ladder_stumble(struct ccid_link *link, unsigned slot)
{
	set(link, slot, FIRST_AFTER_ABORT);
}

static enum ccid_result
climb_to(struct ccid_link *link, unsigned end, uint64_t deadline)
{
	while (link->rung != 0 && link->rung < end) {
		enum ccid_result r;

		if (deadline != 0 && after(link, 0) >= deadline)
			return CCID_DEADLINE;
		r = rungs[link->rung](link, link->fallen);
		if (r == CCID_GONE)
			return r;
		link->rung = r == CCID_OK ? 0 : link->rung + 1;
	}
	return CCID_OK;
}

enum ccid_result
ccid_ladder_climb(struct ccid_link *link, uint64_t deadline)
{
	enum ccid_result r = climb_to(link, RUNGS, deadline);

	if (r == CCID_DEADLINE)
		return r;
	if (r == CCID_OK && link->rung == 0)
		return CCID_OK;
	if (r == CCID_OK)
		note(link, link->fallen, "nothing helped; unplug the reader and plug it in again");
	link->failed = true;
	return CCID_GONE;
}

enum ccid_result
ccid_ladder_abort(struct ccid_link *link)
{
	enum ccid_result r = climb_to(link, FIRST_AFTER_ABORT, 0);

	if (r == CCID_GONE)
		link->failed = true;
	return r;
}
