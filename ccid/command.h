/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands to a reader (USB CCID 1.1, 5.3 and 6): a message out and its answer, with everything
 * that can come between: time extensions, late answers to earlier commands, a busy slot, an answer
 * that never comes. After each failure reader and host are brought in step again (the ladder:
 * abort, drain, clear halt, power off, port reset), so the next command begins clean.
 *
 * One link is one interface of a device, with all its slots. Its owner lets one thread at a time
 * in.
 */
#ifndef CCID_COMMAND_H
#define CCID_COMMAND_H

#include <stdbool.h>

#include "ccid/message.h"
#include "ccid/result.h"
#include "ccid/transport.h"

struct ccid_link {
	struct ccid_transport *transport;
	unsigned slots;
	size_t message_max; /* of a message out */
	uint8_t sequence;   /* of the next command: one counter for all slots */
	bool failed;        /* the ladder ended without success: the reader is as good as gone */
	unsigned rung;      /* of the ladder, to be tried next; 0: in step (ladder.c) */
	uint8_t fallen;     /* the slot whose command brought it there */
	uint16_t disturbed; /* bit n: slot n lost its card's state on the ladder */
	uint16_t
	    unsupported[2]; /* bit n: command 0x60 + n (0x70 + n) was answered "not supported" */
	uint8_t *out, *in;  /* message_max and CCID_IN_SIZE bytes */
	/* Told one line for each rung of the ladder. May be NULL. */
	void (*note)(void *data, const char *line);
	void *data;
};

/*
 * @message_max: of the descriptor
 * CCID_OK or CCID_NO_MEMORY.
 */
enum ccid_result ccid_link_init(
    struct ccid_link *link, struct ccid_transport *transport, unsigned slots, size_t message_max);
void ccid_link_done(struct ccid_link *link);

/* How long a command may take. */
struct ccid_patience {
	uint64_t wait_us;  /* for the first answer, and for one after a time extension of 1 */
	uint64_t total_us; /* all together */
	bool extends;      /* time extensions are to be expected */
};

/* Those of commands that do not wait for a card. */
extern const struct ccid_patience ccid_patience_short;

/*
 * Runs a command.
 * @command: its sequence number is set
 * @deadline: nanoseconds of CLOCK_MONOTONIC; 0: none
 * @ret: on CCID_OK the reply, done or failed, which stays until the next command of the link
 *
 * CCID_OK. CCID_SILENT: no answer in time. CCID_DEADLINE, CCID_CANCELLED: given up. CCID_LOST:
 * answers made no sense. After these four the slot's card is in an unknown state. CCID_UNSUPPORTED:
 * the reader said of this command before that it does not have it. CCID_TOO_LONG: more than a
 * message carries. CCID_GONE.
 */
enum ccid_result ccid_command_run(struct ccid_link *link, struct ccid_command *command,
    const struct ccid_patience *patience, uint64_t deadline, struct ccid_reply *ret);

/* What a failed reply means, where the command has no better reading of it (CCID 6.2.6). */
enum ccid_result ccid_command_failure(const struct ccid_reply *reply);

#endif
