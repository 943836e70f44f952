/* SPDX-License-Identifier: BSD-2-Clause */
/* A card led block by block, for what is too long to be written as a conversation. */
#ifndef TESTS_UNIT_CCID_T1_CARD_H
#define TESTS_UNIT_CCID_T1_CARD_H

#include "ccid/t1.h"

#define CARD_GUARD 0xA5u /* what the reply's memory holds before */

struct card {
	struct t1 t1;
	enum ccid_step step;
	struct ccid_room out;
	uint8_t reply[CCID_REPLY_MAX + 300];
	uint8_t command[CCID_COMMAND_MAX + 1];
	/* What the card has had. */
	uint8_t got[CCID_COMMAND_MAX];
	size_t got_length;
	unsigned blocks, largest;
	unsigned number; /* N(S) of its next block */
};

/* A reset card of this size. */
struct card *card_new(uint8_t ifsc);
/* Begins a command of that many bytes. */
void card_begin(struct card *card, size_t length, size_t room);
void card_answer(struct card *card, unsigned pcb, const uint8_t *inf, size_t length);
/* The card's next I-block. */
void card_answer_i(struct card *card, bool more, size_t length);
void card_stay_silent(struct card *card);

#endif
