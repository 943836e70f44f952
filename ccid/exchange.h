/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the protocol engines (T=0, T=1, chained APDUs) talk to who drives them. An engine is a pure
 * state machine: it is begun with a command APDU and then says, step by step, what the reader is to
 * be sent; the answer, or what came instead of one, is given back to it. It reads no clock and
 * allocates nothing.
 *
 *	step = t1_begin(...);
 *	while (step == CCID_STEP_SEND)
 *		step = t1_next(..., what came of engine->request);
 */
#ifndef CCID_EXCHANGE_H
#define CCID_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ccid/result.h"

/* One PC_to_RDR_XfrBlock. */
struct ccid_block {
	const uint8_t *data; /* inside the engine or the command; valid until the next step */
	size_t length;
	uint16_t level; /* wLevelParameter */
	uint8_t bwi;    /* bBWI; 0: none */
	unsigned wtx;   /* for the host's own wait: multiplier of BWT; 1: none */
};

/* What came of it. */
enum ccid_event {
	CCID_EVENT_REPLY,   /* bytes */
	CCID_EVENT_PARITY,  /* the reader says: parity */
	CCID_EVENT_OVERRUN, /* the reader says: overrun */
	CCID_EVENT_SILENT   /* the card did not answer in time, and is there */
	/* Device gone, card absent, cancelled, deadline: the engine is not asked any more. */
};

struct ccid_answer {
	enum ccid_event event;
	const uint8_t *data;
	size_t length;
	uint8_t chain; /* bChainParameter */
};

enum ccid_step {
	CCID_STEP_SEND, /* engine->block */
	CCID_STEP_DONE, /* the reply is in the room given at the beginning */
	CCID_STEP_END   /* engine->result says why */
};

/* Where the response APDU goes. Nothing is written beyond `room`. */
struct ccid_room {
	uint8_t *bytes;
	size_t room;
	size_t length; /* so far; may pass `room`: then the result is CCID_SMALL */
};

/* Adds bytes: those that fit are written, all are counted. */
static inline void
ccid_room_add(struct ccid_room *out, const uint8_t *bytes, size_t length)
{
	if (length > 0 && out->length < out->room) {
		size_t fits = out->room - out->length;

		memcpy(out->bytes + out->length, bytes, length < fits ? length : fits);
	}
	out->length += length;
}

#endif
