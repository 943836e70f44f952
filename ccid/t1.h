/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * T=1 (ISO 7816-3, 11): blocks, chaining, error handling. Pure.
 */
#ifndef CCID_T1_H
#define CCID_T1_H

#include <stdbool.h>

#include "ccid/exchange.h"
#include "ccid/limits.h"

struct t1 {
	/* Set by the owner after each reset of the card, before t1_reset. */
	bool crc;           /* TC after T=1 */
	uint8_t ifsc_atr;   /* TA after T=1; 32 */
	unsigned block_max; /* what a message carries at most; limits ifsc */
	bool character;     /* character level: blocks are read in two parts */
	bool replay;       /* after RESYNCH also repeat a command that the card may have executed */
	bool early_answer; /* accept an I-block as the answer while the own chain is unfinished */
	/* For the owner to read. */
	struct ccid_block block;
	enum ccid_result result;
	unsigned ifsc, ifsd;
	unsigned ns, nr;
	bool dead; /* only a reset of the card helps */
	/* The engine's own; see t1.c. */
	int mode;
	bool fresh, cmd_complete, replayed, more;
	unsigned err, retr, resyncs, resynch_sends, ifs_requests, empty_pieces, wtx;
	uint8_t code; /* of the next R-block that reports an error */
	unsigned ifsd_wanted;
	const uint8_t *command;
	size_t command_length, sent, piece;
	struct ccid_room *out;
	uint8_t last[T1_BLOCK_MAX];
	size_t last_length;
	int last_kind;
	uint8_t partial[T1_BLOCK_MAX]; /* character level */
	size_t partial_length;
};

/* After each reset of the card and each PPS: sequence numbers and sizes as at the start. */
void t1_reset(struct t1 *t1);

/*
 * Announces what the host can receive, S(IFS request). Before the first command.
 * @size: 1 to 254. Done: t1->ifsd is it.
 */
enum ccid_step t1_begin_ifsd(struct t1 *t1, unsigned size);
/*
 * Begins an exchange.
 * @command: kept until the end; at most CCID_COMMAND_MAX bytes
 * CCID_STEP_END with CCID_DEAD: the card is to be reset first.
 */
enum ccid_step
t1_begin(struct t1 *t1, const uint8_t *command, size_t length, struct ccid_room *out);
enum ccid_step t1_next(struct t1 *t1, const struct ccid_answer *answer);

/*
 * A block that the reader itself completes (PIN entry, PC_to_RDR_Secure): NAD, PCB and LEN of
 * I(ns,0), and then the reader's answer run through the engine as if the engine had sent the block.
 */
void t1_prologue(const struct t1 *t1, size_t length, uint8_t out[3]);
enum ccid_step t1_begin_secure(struct t1 *t1, struct ccid_room *out);

#endif
