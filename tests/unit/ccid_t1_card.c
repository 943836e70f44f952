/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/ccid_t1_card.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/ccid_t1_script.h"

struct card *
card_new(uint8_t ifsc)
{
	struct card *card = calloc(1, sizeof *card);

	card->t1.ifsc_atr = ifsc;
	t1_reset(&card->t1);
	for (size_t i = 0; i < sizeof card->command; i++)
		card->command[i] = (uint8_t)(i * 7 + i / 251);
	return card;
}

void
card_begin(struct card *card, size_t length, size_t room)
{
	memset(card->reply, CARD_GUARD, sizeof card->reply);
	card->out = (struct ccid_room){ .bytes = card->reply, .room = room };
	card->got_length = card->blocks = card->largest = 0;
	card->step = t1_begin(&card->t1, card->command, length, &card->out);
}

void
card_answer(struct card *card, unsigned pcb, const uint8_t *inf, size_t length)
{
	uint8_t block[T1_BLOCK_MAX] = { 0, (uint8_t)pcb, (uint8_t)length };

	if (length > 0)
		memcpy(block + 3, inf, length);
	card->step = t1_next(&card->t1,
	    &(struct ccid_answer){
		.data = block, .length = script_seal(block, 3 + length, false) });
}

void
card_answer_i(struct card *card, bool more, size_t length)
{
	static const uint8_t inf[T1_INF_MAX] = { 0x61, 0x62, 0x63 };

	card_answer(card, card->number << 6 | (unsigned)more << 5, inf, length);
	card->number ^= 1;
}

void
card_stay_silent(struct card *card)
{
	card->step = t1_next(&card->t1, &(struct ccid_answer){ .event = CCID_EVENT_SILENT });
}
