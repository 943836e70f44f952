/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The APDU levels (USB CCID 1.1, 3.2.1 and 6.1.4): the reader runs the protocol; a long APDU goes
 * and comes in pieces. Pure.
 */
#ifndef CCID_CHAIN_H
#define CCID_CHAIN_H

#include <stdbool.h>

#include "ccid/exchange.h"
#include "ccid/limits.h"

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
	int phase;
	bool early; /* the answer began before the command was sent */
	bool began;
	unsigned empty, drained;
};

/* CCID_STEP_END with CCID_TOO_LONG: not chained, and longer than a piece. */
enum ccid_step
chain_begin(struct chain *chain, const uint8_t *command, size_t length, struct ccid_room *out);
enum ccid_step chain_next(struct chain *chain, const struct ccid_answer *answer);

#endif
