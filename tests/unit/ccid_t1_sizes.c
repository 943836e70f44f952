/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * T=1 at its limits: sizes of blocks and of what is sent and received in them, answers that do not
 * fit, and the block that a reader with a PIN pad completes.
 */
#include "tests/unit/ccid_t1_script.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

#define GUARD 0xA5u

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

static struct card *
new_card(uint8_t ifsc)
{
	struct card *card = calloc(1, sizeof *card);

	card->t1.ifsc_atr = ifsc;
	t1_reset(&card->t1);
	for (size_t i = 0; i < sizeof card->command; i++)
		card->command[i] = (uint8_t)(i * 7 + i / 251);
	return card;
}

static void
begin(struct card *card, size_t length, size_t room)
{
	memset(card->reply, GUARD, sizeof card->reply);
	card->out = (struct ccid_room){ .bytes = card->reply, .room = room };
	card->got_length = card->blocks = card->largest = 0;
	card->step = t1_begin(&card->t1, card->command, length, &card->out);
}

static void
answer(struct card *card, unsigned pcb, const uint8_t *inf, size_t length)
{
	uint8_t block[T1_BLOCK_MAX] = { 0, (uint8_t)pcb, (uint8_t)length };

	if (length > 0)
		memcpy(block + 3, inf, length);
	card->step = t1_next(&card->t1,
	    &(struct ccid_answer){
		.data = block, .length = script_seal(block, 3 + length, false) });
}

static void
stay_silent(struct card *card)
{
	card->step = t1_next(&card->t1, &(struct ccid_answer){ .event = CCID_EVENT_SILENT });
}

/* The card's next I-block. */
static void
answer_i(struct card *card, bool more, size_t length)
{
	static const uint8_t inf[T1_INF_MAX] = { 0x61, 0x62, 0x63 };

	answer(card, card->number << 6 | (unsigned)more << 5, inf, length);
	card->number ^= 1;
}

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
		answer(card, 0x80 | (card->blocks & 1) << 4, NULL, 0);
	}
}

static void
check_command(uint8_t ifsc, size_t length, unsigned blocks, unsigned largest)
{
	struct card *card = new_card(ifsc);

	begin(card, length, 300);
	CU_ASSERT(take(card));
	SUITE_EQUAL_INT(card->got_length, length);
	CU_ASSERT(memcmp(card->got, card->command, length) == 0);
	SUITE_EQUAL_INT(card->blocks, blocks);
	SUITE_EQUAL_INT(card->largest, largest);
	answer_i(card, false, 2);
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
	struct card *card = new_card(254);

	begin(card, CCID_COMMAND_MAX + 1, 300);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_TOO_LONG);
	begin(card, 0, 300);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_INVALID);
	SUITE_EQUAL_INT(t1_begin_ifsd(&card->t1, 0), CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_INVALID);
	SUITE_EQUAL_INT(t1_begin_ifsd(&card->t1, 255), CCID_STEP_END);
	begin(card, 5, 300);
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
		struct card *card = new_card(254);

		card->t1.block_max = limits[i].block_max;
		card->t1.crc = limits[i].crc;
		begin(card, 300, 300);
		SUITE_EQUAL_INT(card->t1.block.data[2], limits[i].largest);
		free(card);
	}
}

/* A new size counts for the next block that is built, not for one that is repeated. */
static void
ifsc_changes(void)
{
	struct card *card = new_card(10);

	begin(card, 35, 300);
	SUITE_EQUAL_INT(card->t1.block.data[2], 10);
	answer(card, 0xC1, (const uint8_t[]){ 20 }, 1);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 E1 01 14 F4");
	SUITE_EQUAL_INT(card->t1.ifsc, 20);
	answer(card, 0x81, NULL, 0);
	SUITE_EQUAL_INT(card->t1.block.data[1], 0x20);
	SUITE_EQUAL_INT(card->t1.block.data[2], 10);
	answer(card, 0x90, NULL, 0);
	SUITE_EQUAL_INT(card->t1.block.data[1], 0x60);
	SUITE_EQUAL_INT(card->t1.block.data[2], 20);
	CU_ASSERT(memcmp(card->t1.block.data + 3, card->command + 10, 20) == 0);
	answer(card, 0x80, NULL, 0);
	SUITE_EQUAL_INT(card->t1.block.data[1], 0x00);
	SUITE_EQUAL_INT(card->t1.block.data[2], 5);
	answer_i(card, false, 2);
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
		answer_i(card, true, piece);
		length -= piece;
	}
	if (card->step == CCID_STEP_SEND)
		answer_i(card, false, length);
}

static void
longest_answer(void)
{
	static const size_t pieces[] = { 254, 1, 253 };

	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct card *card = new_card(254);

		begin(card, 7, CCID_REPLY_MAX);
		answer_all(card, CCID_REPLY_MAX, pieces[i]);
		SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
		SUITE_EQUAL_INT(card->out.length, CCID_REPLY_MAX);
		SUITE_EQUAL_INT(card->reply[0], 0x61);
		SUITE_EQUAL_HEX(card->reply[CCID_REPLY_MAX], GUARD);
		free(card);
	}
}

static void
expect_abort(struct card *card, size_t room)
{
	SUITE_EQUAL_INT(card->step, CCID_STEP_SEND);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 C2 00 C2");
	answer(card, 0xE2, NULL, 0);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_SMALL);
	CU_ASSERT(!card->t1.dead);
	SUITE_EQUAL_HEX(card->reply[room], GUARD);
	/* Two commands with the numbers where they were. */
	for (unsigned i = 0; i < 2; i++) {
		unsigned ns = card->t1.ns;

		begin(card, 7, 300);
		SUITE_EQUAL_INT(card->t1.block.data[1], ns << 6);
		answer_i(card, false, 2);
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
		struct card *card = new_card(254);
		size_t most = rooms[i] < CCID_REPLY_MAX ? rooms[i] : CCID_REPLY_MAX;
		unsigned blocks = 0;

		begin(card, 7, rooms[i]);
		while (card->step == CCID_STEP_SEND && card->t1.block.data[1] != 0xC2) {
			answer_i(card, true, 254);
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
	struct card *card = new_card(254);
	unsigned blocks = 0;

	begin(card, 7, 300);
	while (card->step == CCID_STEP_SEND && card->t1.block.data[1] != 0xC2) {
		answer_i(card, true, 0);
		blocks++;
	}
	SUITE_EQUAL_INT(blocks, 301);
	expect_abort(card, 300);

	/* Fewer of them are an answer like any other. */
	begin(card, 7, 300);
	for (unsigned i = 0; i < 300; i++)
		answer_i(card, true, 0);
	answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(card->out.length, 2);
	free(card);
}

/* The card forgets the announced sizes, and so does the host. */
static void
sizes_after_resynch(void)
{
	struct card *card = new_card(20);

	SUITE_EQUAL_INT(t1_begin_ifsd(&card->t1, 254), CCID_STEP_SEND);
	answer(card, 0xE1, (const uint8_t[]){ 254 }, 1);
	SUITE_EQUAL_INT(card->t1.ifsd, 254);
	begin(card, 7, 300);
	answer(card, 0xC1, (const uint8_t[]){ 100 }, 1);
	for (unsigned i = 0; i < 3; i++)
		stay_silent(card);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0xC0);
	answer(card, 0xE0, NULL, 0);
	SUITE_EQUAL_INT(card->t1.result, CCID_LOST);
	SUITE_EQUAL_INT(card->t1.ifsd, 32);
	SUITE_EQUAL_INT(card->t1.ifsc, 20);
	/* Blocks longer than that are received all the same: some cards remember. */
	begin(card, 7, 300);
	answer_i(card, false, 254);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(card->out.length, 254);
	free(card);
}

static void
break_off(struct card *card)
{
	for (unsigned i = 0; i < 3; i++)
		stay_silent(card);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0xC0);
	card->number = 0;
	answer(card, 0xE0, NULL, 0);
}

/* What one command has used up of anything is not missing to the next. */
static void
counts_of_one_command(void)
{
	struct card *card = new_card(10);

	/* That a command was complete says nothing about the next. */
	begin(card, 7, 300);
	answer_i(card, false, 2);
	begin(card, 11, 300);
	break_off(card);
	SUITE_EQUAL_INT(card->step, CCID_STEP_SEND);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0x20);
	answer(card, 0x90, NULL, 0);
	answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);

	card->t1.replay = true;
	for (unsigned i = 0; i < 3; i++) {
		begin(card, 7, 300);
		break_off(card);
		break_off(card);
		break_off(card);
		answer_i(card, false, 2);
		SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	}
	free(card);
}

/* Before anything valid came there is nothing to resynchronize. */
static void
fresh_after_reset(void)
{
	struct card *card = new_card(10);

	begin(card, 7, 300);
	answer_i(card, false, 2);
	t1_reset(&card->t1);
	begin(card, 7, 300);
	for (unsigned i = 0; i < 3; i++)
		stay_silent(card);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_DEAD);
	free(card);
}

static void
secure_prologue(void)
{
	struct card *card = new_card(254);
	uint8_t prologue[3];

	t1_prologue(&card->t1, 13, prologue);
	SUITE_EQUAL_BYTES(prologue, 3, "00 00 0D");
	begin(card, 7, 300);
	answer_i(card, false, 2);
	t1_prologue(&card->t1, 13, prologue);
	SUITE_EQUAL_BYTES(prologue, 3, "00 40 0D");
	free(card);
}

static void
begin_secure(struct card *card)
{
	memset(card->reply, GUARD, sizeof card->reply);
	card->out = (struct ccid_room){ .bytes = card->reply, .room = 258 };
	card->step = t1_begin_secure(&card->t1, &card->out);
	SUITE_EQUAL_INT(card->step, CCID_STEP_SEND);
	SUITE_EQUAL_INT(card->t1.block.length, 0);
}

static void
secure_answered(void)
{
	struct card *card = new_card(254);

	begin_secure(card);
	answer(card, 0xC3, (const uint8_t[]){ 3 }, 1);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 E3 01 03 E1");
	SUITE_EQUAL_INT(card->t1.block.wtx, 3);
	stay_silent(card);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 82 00 82");
	answer_i(card, false, 2);
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
	struct card *card = new_card(254);
	static const uint8_t cancelled[] = { 0x64, 0x01 };

	begin_secure(card);
	card->step = t1_next(&card->t1, &(struct ccid_answer){ .data = cancelled, .length = 2 });
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	SUITE_EQUAL_BYTES(card->reply, card->out.length, "64 01");
	SUITE_EQUAL_INT(card->t1.ns, 0);
	SUITE_EQUAL_INT(card->t1.nr, 0);

	/* Once blocks were exchanged it is no status any more. */
	begin_secure(card);
	answer(card, 0xC3, (const uint8_t[]){ 1 }, 1);
	card->step = t1_next(&card->t1, &(struct ccid_answer){ .data = cancelled, .length = 2 });
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 82 00 82");
	answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	free(card);
}

/* The host has no PIN to send again, and the card has not tried one. */
static void
secure_not_received(void)
{
	struct card *card = new_card(254);

	begin_secure(card);
	answer(card, 0x81, NULL, 0);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_LOST);
	CU_ASSERT(!card->t1.dead);
	SUITE_EQUAL_INT(card->t1.ns, 0);

	/* Nor after RESYNCH, whatever is allowed for commands. */
	card->t1.replay = true;
	begin_secure(card);
	for (unsigned i = 0; i < 3; i++)
		stay_silent(card);
	SUITE_EQUAL_HEX(card->t1.block.data[1], 0xC0);
	answer(card, 0xE0, NULL, 0);
	SUITE_EQUAL_INT(card->step, CCID_STEP_END);
	SUITE_EQUAL_INT(card->t1.result, CCID_LOST);

	/* An acknowledgement of a chain that there is not. */
	begin_secure(card);
	answer(card, 0x90, NULL, 0);
	SUITE_EQUAL_BYTES(card->t1.block.data, card->t1.block.length, "00 82 00 82");
	answer_i(card, false, 2);
	SUITE_EQUAL_INT(card->step, CCID_STEP_DONE);
	free(card);
}

/* Neither a command nor an answer stays behind in the engine. */
static void
wiped(void)
{
	struct card *card = new_card(254);
	static const uint8_t zeros[T1_BLOCK_MAX];

	card->t1.character = true;
	begin(card, 7, 300);
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
		struct card *card = new_card(254);

		card->t1.character = true;
		begin(card, 7, 300);
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
	struct card *card = new_card(254);

	card->t1.character = true;
	begin(card, 7, 300);
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
		struct card *card = new_card(254);

		card->t1.character = true;
		begin(card, 7, 300);
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
		{ "prologue of a PIN block", secure_prologue },
		{ "PIN block answered", secure_answered },
		{ "PIN entry cancelled", secure_refused },
		{ "PIN block not received", secure_not_received },
		{ "nothing stays behind", wiped },
		{ "parts at character level", parts },
		{ "second part damaged", part_damaged },
		{ "LEN FF at character level", part_with_reserved_length },
	};

	return suite_run("T=1 sizes", tests, sizeof tests / sizeof tests[0]);
}
