/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * T=1 at its limits: sizes of blocks and of what is sent and received in them, answers that do not
 * fit, and what counts for one command alone.
 */
#include "tests/unit/ccid_t1_card.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

/* Takes the whole command. Returns false when the engine breaks a rule. */
static bool
take(struct card *card)
{
	for (;;) {
		const uint8_t *block = card->t1.block.data;

		if (card->step != CCID_STEP_SEND || (block[1] & 0x80) != 0 ||
		    block[1] >> 6 != (card->blocks & 1) ||
		    card->got_length + block[2] > sizeof card->got)
			return false;
		memcpy(card->got + card->got_length, block + 3, block[2]);
		card->got_length += block[2];
		card->blocks++;
		if (block[2] > card->largest)
			card->largest = block[2];
		if ((block[1] & 0x20) == 0)
			return true;
		card_answer(card, 0x80 | (card->blocks & 1) << 4, NULL, 0);
	}
}

static void
check_command(uint8_t ifsc, size_t length, unsigned blocks, unsigned largest)
{
	struct card *card = card_new(ifsc);

	card_begin(card, length, 300);
	CU_ASSERT(take(card));
	SUITE_EQUAL_INT(card->got_length, length);
	CU_ASSERT(memcmp(card->got, card->command, length) == 0);
	SUITE_EQUAL_INT(card->blocks, blocks);
	SUITE_EQUAL_INT(card->largest, largest);
	card_answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	free(card);
}

static void
commands(void)
{
	check_command(1, 300, 300, 1);
	check_command(254, 508, 2, 254);
	check_command(254, 509, 3, 254);
	check_command(254, 254, 1, 254);
	check_command(254, CCID_COMMAND_MAX, 259, 254);
	check_command(1, CCID_COMMAND_MAX, CCID_COMMAND_MAX, 1);
	/* No such size: 32 is meant. */
	check_command(0, 33, 2, 32);
	check_command(255, 33, 2, 32);
}

static void
commands_refused(void)
{
	struct card *card = card_new(254);

	card_begin(card, CCID_COMMAND_MAX + 1, 300);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_TOO_LONG);
	card_begin(card, 0, 300);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_INVALID);
	SUITE_EQUAL_INT(t1_begin_ifsd(&card->t1, 0), CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_INVALID);
	SUITE_EQUAL_INT(t1_begin_ifsd(&card->t1, 255), CCID_STEP_END);
	card_begin(card, 5, 300);
	SUITE_EQUAL_INT(card->step, CCID_STEP_SEND);
	free(card);
}

/* What a message of the reader carries limits the blocks; a limit that leaves nothing is no limit.
 */
static void
message_limit(void)
{
	static const struct {
		unsigned block_max, largest;
		bool crc;
	} limits[] = {
		{ 0, 254, false },
		{ 3, 254, false },
		{ 4, 254, false },
		{ 5, 1, false },
		{ 40, 36, false },
		{ 40, 35, true },
		{ 257, 253, false },
		{ 261, 254, false },
	};

	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		struct card *card = card_new(254);

		card->t1.block_max = limits[i].block_max;
		card->t1.crc = limits[i].crc;
		card_begin(card, 300, 300);
		SUITE_EQUAL_INT(card->t1.block.data[2], limits[i].largest);
		free(card);
	}
}

/* A new size counts for the next block that is built, not for one that is repeated. */
static void
ifsc_changes(void)
{
	struct card *card = card_new(10);

	card_begin(card, 35, 300);
	SUITE_EQUAL_INT(card->t1.block.data[2], 10);
	card_answer(card, 0xC1, (const uint8_t[]){ 20 }, 1);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 E1 01 14 F4");
	SUITE_EQUAL_INT(card->t1.ifsc, 20);
	card_answer(card, 0x81, NULL, 0);
	SUITE_EQUAL_INT(card->t1.block.data[1], 0x20);
	SUITE_EQUAL_INT(card->t1.block.data[2], 10);
	card_answer(card, 0x90, NULL, 0);
	SUITE_EQUAL_INT(card->t1.block.data[1], 0x60);
	SUITE_EQUAL_INT(card->t1.block.data[2], 20);
	CU_ASSERT(memcmp(card->t1.block.data + 3, card->command + 10, 20) == 0);
	card_answer(card, 0x80, NULL, 0);
	SUITE_EQUAL_INT(card->t1.block.data[1], 0x00);
	SUITE_EQUAL_INT(card->t1.block.data[2], 5);
	card_answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	t1_reset(&card->t1);
	SUITE_EQUAL_INT(card->t1.ifsc, 10);
	free(card);
}

/* Sends an answer of that many bytes. */
static void
answer_all(struct card *card, size_t length, size_t piece)
{
	while (length > piece && card->step == CCID_STEP_SEND) {
		card_answer_i(card, true, piece);
		length -= piece;
	}
	if (card->step == CCID_STEP_SEND)
		card_answer_i(card, false, length);
}

static void
longest_answer(void)
{
	static const size_t pieces[] = { 254, 1, 253 };

	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct card *card = card_new(254);

		card_begin(card, 7, CCID_REPLY_MAX);
		answer_all(card, CCID_REPLY_MAX, pieces[i]);
		SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
		SUITE_EQUAL_INT(card->out.length, CCID_REPLY_MAX);
		SUITE_EQUAL_INT(card->reply[0], 0x61);
		SUITE_EQUAL_HEX(card->reply[CCID_REPLY_MAX], CARD_GUARD);
		free(card);
	}
}

static void
expect_abort(struct card *card, size_t room)
{
	SUITE_EQUAL_INT(card->step, CCID_STEP_SEND);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 C2 00 C2");
	card_answer(card, 0xE2, NULL, 0);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_SMALL);
	CU_ASSERT(!card->t1.dead);
	SUITE_EQUAL_HEX(card->reply[room], CARD_GUARD);
	/* Two commands with the numbers where they were. */
	for (unsigned i = 0; i < 2; i++) {
		unsigned ns = card->t1.ns;

		card_begin(card, 7, 300);
		SUITE_EQUAL_INT(card->t1.block.data[1], ns << 6);
		card_answer_i(card, false, 2);
		SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
		SUITE_EQUAL_INT(card->t1.ns, ns ^ 1);
		SUITE_EQUAL_INT(card->t1.nr, card->number);
	}
}

static void
endless_answer(void)
{
	/* The caller's room, and what no answer may be longer than. */
	static const size_t rooms[] = { 2, 258, 1000, CCID_REPLY_MAX, CCID_REPLY_MAX + 299 };

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		struct card *card = card_new(254);
		size_t most = rooms[i] < CCID_REPLY_MAX ? rooms[i] : CCID_REPLY_MAX;
		unsigned blocks = 0;

		card_begin(card, 7, rooms[i]);
		while (card->step == CCID_STEP_SEND && card->t1.block.data[1] != 0xC2) {
			card_answer_i(card, true, 254);
			blocks++;
		}
		SUITE_EQUAL_INT(blocks, most / 254 + 1);
		expect_abort(card, rooms[i]);
		free(card);
	}
}

static void
empty_pieces(void)
{
	struct card *card = card_new(254);
	unsigned blocks = 0;

	card_begin(card, 7, 300);
	while (card->step == CCID_STEP_SEND && card->t1.block.data[1] != 0xC2) {
		card_answer_i(card, true, 0);
		blocks++;
	}
	SUITE_EQUAL_INT(blocks, 301);
	expect_abort(card, 300);

	/* Fewer of them are an answer like any other. */
	card_begin(card, 7, 300);
	for (unsigned i = 0; i < 300; i++)
		card_answer_i(card, true, 0);
	card_answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(card->out.length, 2);
	free(card);
}

/* The card forgets the announced sizes, and so does the host. */
static void
sizes_after_resynch(void)
{
	struct card *card = card_new(20);

	SUITE_EQUAL_INT(t1_begin_ifsd(&card->t1, 254), CCID_STEP_SEND);
	card_answer(card, 0xE1, (const uint8_t[]){ 254 }, 1);
	SUITE_EQUAL_INT(card->t1.ifsd, 254);
	card_begin(card, 7, 300);
	card_answer(card, 0xC1, (const uint8_t[]){ 100 }, 1);
	for (unsigned i = 0; i < 3; i++)
		card_stay_silent(card);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0xC0);
	card_answer(card, 0xE0, NULL, 0);
	SUITE_EQUAL_INT(card->t1.result, CCID_LOST);
	SUITE_EQUAL_INT(card->t1.ifsd, 32);
	SUITE_EQUAL_INT(card->t1.ifsc, 20);
	/* Blocks longer than that are received all the same: some cards remember. */
	card_begin(card, 7, 300);
	card_answer_i(card, false, 254);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(card->out.length, 254);
	free(card);
}

static void
break_off(struct card *card)
{
	for (unsigned i = 0; i < 3; i++)
		card_stay_silent(card);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0xC0);
	card->number = 0;
	card_answer(card, 0xE0, NULL, 0);
}

/* What one command has used up of anything is not missing to the next. */
static void
counts_of_one_command(void)
{
	struct card *card = card_new(10);

	/* That a command was complete says nothing about the next. */
	card_begin(card, 7, 300);
	card_answer_i(card, false, 2);
	card_begin(card, 11, 300);
	break_off(card);
	SUITE_EQUAL_INT(card->step, CCID_STEP_SEND);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0x20);
	card_answer(card, 0x90, NULL, 0);
	card_answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);

	card->t1.replay = true;
	for (unsigned i = 0; i < 3; i++) {
		card_begin(card, 7, 300);
		break_off(card);
		break_off(card);
		break_off(card);
		card_answer_i(card, false, 2);
		SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	}
	free(card);
}

/* Before anything valid came there is nothing to resynchronize. */
static void
fresh_after_reset(void)
{
	struct card *card = card_new(10);

	card_begin(card, 7, 300);
	card_answer_i(card, false, 2);
	t1_reset(&card->t1);
	card_begin(card, 7, 300);
	for (unsigned i = 0; i < 3; i++)
		card_stay_silent(card);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_DEAD);
	free(card);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "commands of every length", commands },
		{ "commands that are none", commands_refused },
		{ "what a message carries", message_limit },
		{ "the card's size changes in a chain", ifsc_changes },
		{ "the longest answer", longest_answer },
		{ "M18 endless answer", endless_answer },
		{ "M19 endless empty pieces", empty_pieces },
		{ "sizes after RESYNCH", sizes_after_resynch },
		{ "counts are of one command", counts_of_one_command },
		{ "fresh after a reset", fresh_after_reset },
	};

	return suite_run("T=1 sizes", tests, sizeof tests / sizeof tests[0]);
}
