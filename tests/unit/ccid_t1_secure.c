/* SPDX-License-Identifier: BSD-2-Clause */
/* T=1 where a reader with a PIN pad completes the block, and what is wiped. */
#include "tests/unit/ccid_t1_card.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

static void
secure_prologue(void)
{
	struct card *card = card_new(254);
	uint8_t prologue[3];

	t1_prologue(&card->t1, 13, prologue);
	SUITE_EQUAL_BYTES(prologue, 3, "00 00 0D");
	card_begin(card, 7, 300);
	card_answer_i(card, false, 2);
	t1_prologue(&card->t1, 13, prologue);
	SUITE_EQUAL_BYTES(prologue, 3, "00 40 0D");
	free(card);
}

static void
begin_secure(struct card *card)
{
	memset(card->reply, CARD_GUARD, sizeof card->reply);
	card->out = (struct ccid_room){ .bytes = card->reply, .room = 258 };
	card->step = t1_begin_secure(&card->t1, &card->out);
	SUITE_EQUAL_INT(card->step, CCID_STEP_SEND);
	SUITE_EQUAL_INT(card->t1.block.length, 0);
}

static void
secure_answered(void)
{
	struct card *card = card_new(254);

	begin_secure(card);
	card_answer(card, 0xC3, (const uint8_t[]){ 3 }, 1);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 E3 01 03 E1");
	SUITE_EQUAL_INT(card->t1.block.wtx, 3);
	card_stay_silent(card);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 82 00 82");
	card_answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(card->out.length, 2);
	SUITE_EQUAL_INT(card->t1.ns, 1);
	SUITE_EQUAL_INT(card->t1.nr, 1);
	free(card);
}

/* Statuses that the reader makes itself: the card has had no block. */
static void
secure_refused(void)
{
	struct card *card = card_new(254);
	static const uint8_t cancelled[] = { 0x64, 0x01 };

	begin_secure(card);
	card->step = t1_next(&card->t1, &(struct ccid_answer){ .data = cancelled, .length = 2 });
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	SUITE_EQUAL_BYTES(card->reply, card->out.length, "64 01");
	SUITE_EQUAL_INT(card->t1.ns, 0);
	SUITE_EQUAL_INT(card->t1.nr, 0);

	/* Once blocks were exchanged it is no status any more. */
	begin_secure(card);
	card_answer(card, 0xC3, (const uint8_t[]){ 1 }, 1);
	card->step = t1_next(&card->t1, &(struct ccid_answer){ .data = cancelled, .length = 2 });
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 82 00 82");
	card_answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	free(card);
}

/* The host has no PIN to send again, and the card has not tried one. */
static void
secure_not_received(void)
{
	struct card *card = card_new(254);

	begin_secure(card);
	card_answer(card, 0x81, NULL, 0);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_LOST);
	CU_ASSERT(!card->t1.dead);
	SUITE_EQUAL_INT(card->t1.ns, 0);

	/* Nor after RESYNCH, whatever is allowed for commands. */
	card->t1.replay = true;
	begin_secure(card);
	for (unsigned i = 0; i < 3; i++)
		card_stay_silent(card);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0xC0);
	card_answer(card, 0xE0, NULL, 0);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_LOST);

	/* An acknowledgement of a chain that there is not. */
	begin_secure(card);
	card_answer(card, 0x90, NULL, 0);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 82 00 82");
	card_answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	free(card);
}

/* Neither a command nor an answer stays behind in the engine. */
static void
wiped(void)
{
	struct card *card = card_new(254);
	static const uint8_t zeros[T1_BLOCK_MAX];

	card->t1.character = true;
	card_begin(card, 7, 300);
	card->step = t1_next(
	    &card->t1, &(struct ccid_answer){ .data = (const uint8_t[]){ 0, 0, 2 }, .length = 3 });
	SUITE_EQUAL_INT(card->t1.block.level, 3);
	card->step = t1_next(&card->t1,
	    &(struct ccid_answer){ .data = (const uint8_t[]){ 0x90, 0, 0x92 }, .length = 3 });
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	CU_ASSERT(memcmp(card->t1.last, zeros, sizeof zeros) == 0);
	CU_ASSERT(memcmp(card->t1.partial, zeros, sizeof zeros) == 0);
	free(card);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "prologue of a PIN block", secure_prologue },
		{ "PIN block answered", secure_answered },
		{ "PIN entry cancelled", secure_refused },
		{ "PIN block not received", secure_not_received },
		{ "nothing stays behind", wiped },
	};

	return suite_run("T=1 PIN", tests, sizeof tests / sizeof tests[0]);
}
