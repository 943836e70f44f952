/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ccid/ladder.h"

const struct ccid_patience ccid_patience_short = { CCID_SHORT_US, CCID_TOTAL_SHORT_US, false };

enum ccid_result
ccid_link_init(
    struct ccid_link *link, struct ccid_transport *transport, unsigned slots, size_t message_max)
{
	memset(link, 0, sizeof *link);
	link->transport = transport;
	link->slots = slots;
	link->message_max = message_max;
	link->out = malloc(message_max);
	link->in = malloc(CCID_IN_SIZE);
	if (link->out != NULL && link->in != NULL)
		return CCID_OK;
	ccid_link_done(link);
	return CCID_NO_MEMORY;
}

void
ccid_link_done(struct ccid_link *link)
{
	free(link->out);
	free(link->in);
	link->out = link->in = NULL;
}

static uint64_t
now(struct ccid_link *link)
{
	return link->transport->ops->now(link->transport);
}

static uint64_t
earlier(uint64_t deadline, uint64_t other)
{
	return deadline != 0 && deadline < other ? deadline : other;
}

/* Commands that a reader does not have are asked for once. */
static bool
lacks(struct ccid_link *link, enum ccid_command_type type)
{
	return (link->unsupported[(unsigned)type >> 4 & 1] & 1u << (type & 15)) != 0;
}

static void
note_lack(
    struct ccid_link *link, const struct ccid_command *command, const struct ccid_reply *reply)
{
	if (reply->status == CCID_STATUS_FAILED && reply->error == CCID_ERROR_COMMAND &&
	    command->type != CCID_POWER_ON && command->type != CCID_XFR_BLOCK)
		link->unsupported[(unsigned)command->type >> 4 & 1] |=
		    (uint16_t)(1u << (command->type & 15));
}

/* A command under way. */
struct run {
	const struct ccid_command *command;
	const struct ccid_patience *patience;
	uint64_t deadline; /* the caller's; 0: none */
	uint64_t last;     /* when patience ends altogether */
	unsigned dropped, extended;
	size_t padding;
};

/* When the next message is to be here. */
static uint64_t
wait_until(struct ccid_link *link, const struct run *run, unsigned multiplier)
{
	uint64_t wait = run->patience->wait_us * (multiplier > 1 ? multiplier : 1);

	if (wait > CCID_WAIT_MAX_US)
		wait = CCID_WAIT_MAX_US;
	return earlier(run->deadline, earlier(run->last, now(link) + wait * 1000));
}

/* Whether a time extension is believed; sets how long the next message may take. */
static bool
extend(struct ccid_link *link, struct run *run, const struct ccid_reply *reply, uint64_t *until)
{
	run->extended++;
	if (!run->patience->extends && run->extended > CCID_EXTENSIONS_MAX)
		return false;
	*until = wait_until(link, run, reply->error);
	return true;
}

/* Zeros, which some firmware sends behind its answers, packet by packet. */
static bool
is_padding(const uint8_t *in, size_t received)
{
	for (size_t i = 0; i < received; i++)
		if (in[i] != 0)
			return false;
	return true;
}

/*
 * Reads until the answer is there.
 * @r: how the first read ended
 * CCID_OK: *ret is the final answer. CCID_LOST: what came makes no sense.
 */
static enum ccid_result
await(struct ccid_link *link, struct run *run, enum ccid_result r, size_t received, uint64_t until,
    struct ccid_reply *ret)
{
	while (r == CCID_OK) {
		enum ccid_check check = ccid_message_check(run->command, link->in, received, ret);

		if (is_padding(link->in, received) && run->padding < CCID_PADDING_MAX) {
			run->padding += received + 1;
		} else if (check == CCID_CHECK_STALE) {
			if (++run->dropped > CCID_STALE_MAX)
				return CCID_LOST;
		} else if (check != CCID_CHECK_RIGHT) {
			return CCID_LOST;
		} else if (ret->status != CCID_STATUS_EXTENSION) {
			return CCID_OK;
		} else if (!extend(link, run, ret, &until)) {
			return CCID_LOST;
		}
		/* Who always has something to say is not waited for, and not listened to for ever.
		 */
		if (now(link) >= until)
			return CCID_SILENT;
		r = link->transport->ops->receive(
		    link->transport, link->in, CCID_IN_SIZE, &received, until);
	}
	return r;
}

/* Once there and back, whatever the answer is. */
static enum ccid_result
attempt(
    struct ccid_link *link, struct run *run, struct ccid_command *command, struct ccid_reply *ret)
{
	size_t length, received = 0;
	uint64_t until = wait_until(link, run, 1);
	enum ccid_result r;

	run->dropped = run->extended = 0;
	run->padding = 0;
	command->sequence = link->sequence++;
	length = ccid_message_write(command, link->out, link->message_max);
	if (length == 0)
		return CCID_TOO_LONG;
	r = link->transport->ops->exchange(
	    link->transport, link->out, length, link->in, CCID_IN_SIZE, &received, until);
	r = await(link, run, r, received, until, ret);
	/* It may have been a PIN. */
	explicit_bzero(link->out + CCID_HEADER, length - CCID_HEADER);
	return r;
}

static enum ccid_result
time_is_up(struct ccid_link *link, const struct run *run)
{
	return run->deadline != 0 && now(link) >= run->deadline ? CCID_DEADLINE : CCID_SILENT;
}

/* Who has no time gets the answer first; reader and host come in step with the next command. */
static enum ccid_result
settle(struct ccid_link *link, const struct run *run, enum ccid_result r,
    const struct ccid_reply *reply)
{
	enum ccid_result climbed = CCID_OK;
	unsigned slot = run->command->slot;

	if (r == CCID_SILENT)
		r = time_is_up(link, run);
	switch (r) {
	case CCID_OK:
		note_lack(link, run->command, reply);
		break;
	case CCID_DEADLINE:
	case CCID_CANCELLED:
		ccid_ladder_fall(link, slot);
		climbed = ccid_ladder_abort(link);
		break;
	case CCID_SILENT:
		ccid_ladder_fall(link, slot);
		climbed = ccid_ladder_climb(link, run->deadline);
		break;
	case CCID_LOST:
		ccid_ladder_stumble(link, slot);
		climbed = ccid_ladder_climb(link, run->deadline);
		break;
	default:
		break;
	}
	return climbed == CCID_GONE ? CCID_GONE : r;
}

enum ccid_result
ccid_command_run(struct ccid_link *link, struct ccid_command *command,
    const struct ccid_patience *patience, uint64_t deadline, struct ccid_reply *ret)
{
	struct run run = { .command = command, .patience = patience, .deadline = deadline };
	unsigned busy = 0;
	enum ccid_result r;

	if (link->failed)
		return CCID_GONE;
	if (lacks(link, command->type))
		return CCID_UNSUPPORTED;
	r = ccid_ladder_climb(link, deadline);
	if (r != CCID_OK)
		return r;
	/* A card whose answers come at once, and never to an end, meets its end here. */
	if (deadline != 0 && now(link) >= deadline)
		return CCID_DEADLINE;
	run.last = now(link) + patience->total_us * 1000;
	for (;;) {
		r = attempt(link, &run, command, ret);
		if (r != CCID_OK || ret->status != CCID_STATUS_FAILED ||
		    ret->error != CCID_ERROR_SLOT_BUSY || ++busy > CCID_BUSY_MAX)
			break;
		r = link->transport->ops->rest(link->transport, CCID_BUSY_WAIT_US);
		if (r != CCID_OK)
			break;
		if (deadline != 0 && now(link) >= deadline)
			return CCID_DEADLINE;
	}
	return settle(link, &run, r, ret);
}

enum ccid_result
ccid_command_failure(const struct ccid_reply *reply)
{
	if (reply->icc == CCID_ICC_ABSENT)
		return CCID_ABSENT;
	switch (reply->error) {
	case CCID_ERROR_COMMAND:
		return CCID_UNSUPPORTED;
	case CCID_ERROR_SLOT:
		return CCID_GONE;
	case 0x07:
	case 0x08:
		return CCID_UNSUPPORTED;
	case CCID_ERROR_SLOT_BUSY:
	case CCID_ERROR_AUTO_SEQUENCE:
		return CCID_BUSY;
	case CCID_ERROR_DEACTIVATED:
		return CCID_DEAD;
	case CCID_ERROR_PROTOCOL:
		return CCID_MISMATCH;
	case CCID_ERROR_MUTE:
		return CCID_SILENT;
	case CCID_ERROR_ABORTED:
		return CCID_CANCELLED;
	default:
		return CCID_LOST;
	}
}
