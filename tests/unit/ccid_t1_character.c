/* SPDX-License-Identifier: BSD-2-Clause */
/* T=1 at character level: blocks that come in two parts. */
#include "tests/unit/ccid_t1_card.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

/* Character level: a second part that is short, too long, or not due. */
static void
parts(void)
{
	static const struct {
		size_t first, second;
		bool good;
	} cases[] = {
		{ 3, 3, true },
		{ 3, 2, false },
		{ 3, 0, false },
		{ 3, 9, true },
		{ 3, T1_BLOCK_MAX, false },
		{ 2, 0, false },
		{ 6, 0, true }, /* all at once */
		{ 4, 2, true },
	};
	static const uint8_t block[3 + T1_BLOCK_MAX] = { 0x00, 0x00, 0x02, 0x90, 0x00, 0x92 };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct card *card = card_new(254);

		card->t1.character = true;
		card_begin(card, 7, 300);
		card->step = t1_next(
		    &card->t1, &(struct ccid_answer){ .data = block, .length = cases[i].first });
		if (card->step == CCID_STEP_SEND && card->t1.block.length == 0) {
			SUITE_EQUAL_INT(card->t1.block.level, 6 - cases[i].first);
			card->step = t1_next(&card->t1,
			    &(struct ccid_answer){
				.data = block + cases[i].first, .length = cases[i].second });
		}
		SUITE_EQUAL_INT(card->step, cases[i].good ? CCID_STEP_DONE : CCID_STEP_SEND);
		if (!cases[i].good)
			SUITE_EQUAL_BYTES(
			    card->t1.block.data, card->t1.block.length, "00 82 00 82");
		free(card);
	}
}

static void
part_with_reserved_length(void)
{
	struct card *card = card_new(254);

	card->t1.character = true;
	card_begin(card, 7, 300);
	card->step = t1_next(&card->t1,
	    &(struct ccid_answer){ .data = (const uint8_t[]){ 0, 0, 0xFF }, .length = 3 });
	SUITE_EQUAL_INT(card->t1.block.level, 3);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 82 00 82");
	free(card);
}

/* What the reader says of the second part counts like an answer, and the first part is forgotten.
 */
static void
part_damaged(void)
{
	static const struct {
		enum ccid_event event;
		const char *sent;
	} events[] = {
		{ CCID_EVENT_PARITY, "00 81 00 81" },
		{ CCID_EVENT_OVERRUN, "00 82 00 82" },
		{ CCID_EVENT_SILENT, "00 82 00 82" },
	};
	static const uint8_t block[] = { 0x00, 0x00, 0x02, 0x90, 0x00, 0x92 };

	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		struct card *card = card_new(254);

		card->t1.character = true;
		card_begin(card, 7, 300);
		card->step =
		    t1_next(&card->t1, &(struct ccid_answer){ .data = block, .length = 3 });
		SUITE_EQUAL_INT(card->t1.block.level, 3);
		SUITE_EQUAL_INT(card->t1.block.length, 0);
		card->step = t1_next(&card->t1, &(struct ccid_answer){ .event = events[i].event });
		SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, events[i].sent);
		card->step =
		    t1_next(&card->t1, &(struct ccid_answer){ .data = block, .length = 3 });
		card->step =
		    t1_next(&card->t1, &(struct ccid_answer){ .data = block + 3, .length = 3 });
		SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
		SUITE_EQUAL_BYTES(card->reply, card->out.length, "90 00");
		free(card);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "parts at character level", parts },
		{ "second part damaged", part_damaged },
		{ "LEN FF at character level", part_with_reserved_length },
	};

	return suite_run("T=1 characters", tests, sizeof tests / sizeof tests[0]);
}
