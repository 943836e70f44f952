/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The APDU levels (USB CCID 1.1, 3.2.1 and 6.1.4): the reader runs the protocol; a long APDU goes
 * and comes in pieces. Pure.
 *
 * Where an answer goes wrong but more of it is announced, the rest is fetched and dropped, so that
 * the reader stays in step with the host.
 */
#ifndef CCID_CHAIN_H
#define CCID_CHAIN_H

#include <stdbool.h>

#include "ccid/exchange.h"
#include "ccid/limits.h"

/* bChainParameter. */
#define CHAIN_WHOLE 0x00u
#define CHAIN_BEGINS 0x01u
#define CHAIN_ENDS 0x02u
#define CHAIN_CONTINUES 0x03u
#define CHAIN_NEXT_WANTED 0x10u /* the next part of the command */

/* wLevelParameter; the first four values are those above. */
#define CHAIN_ASK 0x0010u /* for the next part of the answer */

enum chain_phase {
	CHAIN_IDLE,
	CHAIN_SENDING,   /* parts of the command are left */
	CHAIN_ANSWERING, /* the answer is due, or a part of it */
	CHAIN_DRAINING   /* what comes is dropped */
};

struct chain {
	/* Set by the owner. */
	size_t piece_max; /* bytes of an APDU in one message */
	bool chained;     /* extended level; otherwise bChainParameter is ignored */
	/* For the owner to read. */
	struct ccid_block block;
	enum ccid_result result;
	/* The engine's own. */
	const uint8_t *command;
	size_t command_length, sent;
	struct ccid_room *out;
	enum chain_phase phase;
	bool began;              /* the answer; more of it is due */
	enum ccid_result reason; /* of draining */
	unsigned empty, drained;
};

/* CCID_STEP_END with CCID_TOO_LONG: not chained, and longer than a piece. */
enum ccid_step
chain_begin(struct chain *chain, const uint8_t *command, size_t length, struct ccid_room *out);
enum ccid_step chain_next(struct chain *chain, const struct ccid_answer *answer);

#endif
