/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays a conversation of T=1, written as in the annex of ISO 7816-3, against the engine:
 *
 *	h I(0,1); c R(1); h I(1,0)b; c I(0,0)
 *
 * `h` is what the engine must send, byte for byte; `c` what the card does then. A letter behind an
 * I-block says which piece of the command or the answer it carries, a is the first. Besides blocks
 * the card can be `damaged` or `mute`, or send bytes: `c =00 80 01 00 81`.
 */
#ifndef TESTS_UNIT_CCID_T1_SCRIPT_H
#define TESTS_UNIT_CCID_T1_SCRIPT_H

#include "ccid/t1.h"

#define PIECE 5u /* bytes in a block of the host, and its IFSC in these conversations */

struct conversation {
	const char *name;
	unsigned ns, nr; /* at the beginning */
	unsigned pieces; /* of the command; 0: S(IFS request, FE) */
	const char *blocks;
	enum ccid_result result;
	const char *reply; /* hex; NULL: none */
	unsigned end_ns, end_nr;
	bool fresh, replay, early_answer, dead;
	size_t room; /* 0: enough */
};

/* How it is carried; every conversation is to hold in all of them. */
struct carriage {
	bool crc;
	bool character; /* level */
	bool parity;    /* what is damaged is said by the reader, not by the code */
};

struct player {
	struct t1 t1;
	struct carriage carriage;
	enum ccid_step step;
	uint8_t command[4 * PIECE];
	size_t command_length;
	struct ccid_room out;
	uint8_t reply[512];
};

/* The bytes of a block of the script; `host`: whose. Returns the length. */
size_t script_encode(const char *block, bool host, bool crc, uint8_t *out);
/* Puts a check code behind bytes; returns the whole length. */
size_t script_seal(uint8_t *bytes, size_t length, bool crc);

/* An engine after reset with these numbers, IFSC PIECE. */
void player_start(
    struct player *player, const struct carriage *carriage, unsigned ns, unsigned nr, bool fresh);
/* Begins a command of that many pieces. */
void player_begin(struct player *player, unsigned pieces, size_t room);
/* The rest of a conversation. Returns false when it went another way; that is reported. */
bool player_play(struct player *player, const char *name, const char *blocks);
/* Gives the engine an answer of the card, in parts at character level. */
void player_answer(struct player *player, const uint8_t *bytes, size_t length);
/* Two commands in a row, whose blocks must carry the numbers that follow from these. */
void player_prove(struct player *player, const char *name, unsigned ns, unsigned nr);

/* A whole conversation in every carriage, and two commands behind it. */
void conversation_run(const struct conversation *conversation);

#endif
