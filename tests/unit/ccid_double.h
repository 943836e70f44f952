/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A transport without USB: plays a script, compares what is sent with it, and has a clock of its
 * own, which moves only when something waits.
 *
 * A script is a text of steps, separated by `;`:
 *	> BYTES		the driver sends this message. `qq' is the sequence number it has chosen,
 *			`..' any byte
 *	< BYTES		the reader answers; `qq' is the number of the last message sent, `pp' of the
 *			one before
 *	< nothing	no answer: the clock moves to the deadline
 *	< lost		the transfer failed
 *	< gone		the device is gone
 *	< cancel	the caller cancels
 *	abort, abort stall	the control request ABORT for the next message's number: done, or
 *stalled halt		the halt of the endpoints is cleared reset, reset refused	the port is
 *reset, or may not be rest N		the driver rests so many microseconds
 */
#ifndef TESTS_UNIT_CCID_DOUBLE_H
#define TESTS_UNIT_CCID_DOUBLE_H

#include <stdbool.h>

#include "ccid/command.h"

struct ccid_double {
	struct ccid_transport transport;
	const char *script;
	const char *at;
	uint64_t clock;           /* nanoseconds */
	uint8_t sequence, before; /* of the last two messages sent */
	int abort_sequence;       /* that the next message must have; -1: none */
	char notes[1024];         /* of the ladder, a line each */
	bool failed;              /* something else happened than the script has; said once */
	struct ccid_link link;
};

/* Begins a script with a link of `slots` slots. */
void
ccid_double_begin(struct ccid_double *twin, const char *script, unsigned slots, size_t message_max);
/* Ends it: everything in the script has happened, and nothing else. */
void ccid_double_end(struct ccid_double *twin);

#endif
