/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * T=0 (ISO 7816-3, 10 and 12): an APDU becomes command TPDUs, GET RESPONSE and ENVELOPE. Pure.
 */
#ifndef CCID_T0_H
#define CCID_T0_H

#include <stdbool.h>

#include "ccid/exchange.h"
#include "ccid/limits.h"

/* Cases of command APDUs (ISO 7816-4, 5.1). */
enum apdu_case {
	APDU_INVALID,
	APDU_1,
	APDU_2S,
	APDU_3S,
	APDU_4S,
	APDU_2E,
	APDU_3E,
	APDU_4E
};
struct apdu_shape {
	enum apdu_case kind;
	size_t lc;   /* data bytes */
	size_t data; /* their place */
	size_t le;   /* 0: none; 256 or 65536 for a coded 0 */
};
/* Returns false: not well formed; kind is then APDU_INVALID. */
bool apdu_shape(const uint8_t *command, size_t length, struct apdu_shape *ret);

enum t0_mode {
	T0_TRANSPARENT, /* cases 1, 2S and 3S: the card's 61xx and 6Cxx reach the caller */
	T0_APDU         /* everything is resolved here */
};

enum t0_phase {
	T0_IDLE,
	T0_COMMAND,  /* the command's own TPDU */
	T0_ENVELOPE, /* a piece of it */
	T0_RESPONSE  /* GET RESPONSE */
};

enum t0_byte_phase {
	T0_PROCEDURE, /* the next byte says how it goes on */
	T0_DATA,      /* data of the card */
	T0_SW2
};

struct t0 {
	/* Set by the owner. */
	bool character; /* the host handles procedure bytes (character level) */
	enum t0_mode mode;
	bool split_reads; /* character level: ask for no more than 53 bytes at once */
	/* For the owner to read. */
	struct ccid_block block;
	enum ccid_result result;
	/* The engine's own. */
	const uint8_t *command;
	size_t command_length;
	struct apdu_shape shape;
	struct ccid_room *out;
	enum t0_phase phase;
	size_t sent;     /* ENVELOPE: bytes of the command */
	size_t wanted;   /* data that the caller has not had yet */
	size_t expected; /* data that the TPDU in hand may bring */
	unsigned rounds; /* GET RESPONSE */
	bool repeated;   /* with the length that the card named */
	uint8_t tpdu[5 + 255];
	size_t tpdu_length;
	/* Procedure bytes; see t0_character.c. */
	enum t0_byte_phase byte_phase;
	size_t data_sent; /* of the TPDU's own data */
	size_t asked;     /* bytes that the reader is to bring */
	bool burst;       /* all data of the card follow each other */
	unsigned nulls;
	uint8_t buffer[256 + 2]; /* the TPDU's answer */
	size_t buffered;
};

/*
 * Begins an exchange.
 * @command: kept until the end; 4 to CCID_COMMAND_MAX bytes
 * CCID_STEP_END with CCID_INVALID: no APDU, or an INS of the form 6X or 9X.
 */
enum ccid_step
t0_begin(struct t0 *t0, const uint8_t *command, size_t length, struct ccid_room *out);
enum ccid_step t0_next(struct t0 *t0, const struct ccid_answer *answer);

#endif
