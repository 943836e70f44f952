/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * T=1 (ISO 7816-3, 11): blocks, chaining, error handling. Pure.
 *
 * An exchange that is not brought to its end (device gone, cancelled, deadline) leaves card and
 * host at unknown places: the next one begins with CCID_DEAD, until t1_reset.
 */
#ifndef CCID_T1_H
#define CCID_T1_H

#include <stdbool.h>

#include "ccid/exchange.h"
#include "ccid/limits.h"
#include "ccid/t1_block.h"

enum t1_mode {
	T1_MODE_IDLE,
	T1_MODE_IFSD,      /* S(IFS request) outstanding */
	T1_MODE_SENDING,   /* an I-block outstanding */
	T1_MODE_RECEIVING, /* the card's chain is running */
	T1_MODE_RESYNCH,   /* S(RESYNCH request) outstanding */
	T1_MODE_ABORTING,  /* S(ABORT request) outstanding: the answer is too long */
	T1_MODE_ABORTED    /* the card ended a chain and is to give the turn back */
};

struct t1 {
	/* Set by the owner after each reset of the card, before t1_reset. */
	bool crc;           /* TC after T=1 */
	uint8_t ifsc_atr;   /* TA after T=1; 32 */
	unsigned block_max; /* what a message carries at most; limits what is sent; 0: no limit */
	bool character;     /* character level: blocks are read in two parts */
	bool replay;       /* after RESYNCH also repeat a command that the card may have executed */
	bool early_answer; /* accept an I-block as the answer while the own chain is unfinished */
	/* For the owner to read. */
	struct ccid_block block;
	enum ccid_result result;
	unsigned ifsc, ifsd; /* ifsd is 32 again after RESYNCH: t1_begin_ifsd may be repeated */
	unsigned ns, nr;
	bool dead; /* only a reset of the card helps */
	/* The engine's own. */
	enum t1_mode mode;
	bool fresh;        /* nothing valid was received since the reset */
	bool cmd_complete; /* the last block of the command was sent: the card may have executed it
			    */
	bool replayed;     /* the command was begun again after RESYNCH */
	bool chained;      /* the command goes in more than one block */
	bool secure;       /* the reader completes the block: it cannot be sent again */
	enum ccid_result reason; /* why the exchange fails although the protocol goes on */
	unsigned err;            /* failed attempts since the last valid block */
	unsigned repeats;        /* asked for by the card, without progress between */
	unsigned resyncs;        /* rounds in this exchange */
	unsigned resynch_sends;  /* in this round */
	unsigned ifs_requests, empty_pieces;
	unsigned ifsd_wanted;
	const uint8_t *command;
	size_t command_length, sent, piece;
	struct ccid_room *out;
	uint8_t last[T1_BLOCK_MAX];
	size_t last_length;
	enum t1_kind last_kind;
	enum t1_service last_service;
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
 * I(ns,0), and then the reader's answer run through the engine as if the engine had sent the block:
 * t1_begin_secure returns CCID_STEP_SEND with an empty block, and t1_next is given what came of
 * PC_to_RDR_Secure. A status made of the reader's own error codes is not given to the engine.
 * @length: of the template, at most T1_INF_MAX
 */
void t1_prologue(const struct t1 *t1, size_t length, uint8_t out[3]);
enum ccid_step t1_begin_secure(struct t1 *t1, struct ccid_room *out);

/*
 * In place of t1_next, when the time for the whole exchange is over: always CCID_STEP_END with
 * CCID_LOST, and the engine is dead.
 */
enum ccid_step t1_give_up(struct t1 *t1);

#endif
