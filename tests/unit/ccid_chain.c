/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The APDU levels: commands and answers in pieces, in every order that a reader may use and those
 * that it may not. Messages carry eight bytes here.
 */
#include "ccid/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

#define PIECE 8u
#define GUARD 0xA5u

enum {
	SILENT = -1,
	PARITY = -2,
	OVERRUN = -3
};

/* What must be sent, and what comes back. */
struct turn {
	size_t sent;
	unsigned level;
	int data; /* bytes, or one of the above */
	unsigned parameter;
};

struct exchange {
	const char *name;
	size_t command;
	struct turn turns[7];
	enum ccid_result result;
	size_t reply;
	bool short_level;
	size_t room; /* 0: enough */
};

static const struct exchange exchanges[] = {
	/* Sending. */
	{ "one piece", 5, { { 5, 0x00, 2, 0x00 } }, CCID_OK, 2, .room = 0 },
	{ "exactly one piece", 8, { { 8, 0x00, 2, 0x00 } }, CCID_OK, 2, .room = 0 },
	{ "two pieces", 9, { { 8, 0x01, 0, 0x10 }, { 1, 0x02, 2, 0x00 } }, CCID_OK, 2, .room = 0 },
	{ "exactly two pieces", 16, { { 8, 0x01, 0, 0x10 }, { 8, 0x02, 2, 0x00 } }, CCID_OK, 2,
	    .room = 0 },
	{ "four pieces", 27,
	    { { 8, 0x01, 0, 0x10 }, { 8, 0x03, 0, 0x10 }, { 8, 0x03, 0, 0x10 },
		{ 3, 0x02, 2, 0x00 } },
	    CCID_OK, 2, .room = 0 },
	{ "early answer after the first piece", 27, { { 8, 0x01, 2, 0x00 } }, CCID_OK, 2,
	    .room = 0 },
	{ "early answer after a middle piece", 27, { { 8, 0x01, 0, 0x10 }, { 8, 0x03, 4, 0x00 } },
	    CCID_OK, 4, .room = 0 },
	{ "early answer of one byte", 27, { { 8, 0x01, 1, 0x00 } }, CCID_LOST, 0, .room = 0 },
	{ "early answer that ends a chain", 27, { { 8, 0x01, 2, 0x02 } }, CCID_LOST, 0, .room = 0 },
	{ "early answer in pieces: fetched and dropped", 27,
	    { { 8, 0x01, 4, 0x01 }, { 0, 0x10, 4, 0x03 }, { 0, 0x10, 2, 0x02 } }, CCID_LOST, 0,
	    .room = 0 },
	{ "empty answer without a wish for more", 27, { { 8, 0x01, 0, 0x00 } }, CCID_LOST, 0,
	    .room = 0 },
	{ "wish for more with data", 27, { { 8, 0x01, 1, 0x10 } }, CCID_LOST, 0, .room = 0 },
	{ "unknown parameter after a piece", 27, { { 8, 0x01, 0, 0x11 } }, CCID_LOST, 0,
	    .room = 0 },
	{ "silent after a piece", 27, { { 8, 0x01, SILENT, 0 } }, CCID_SILENT, 0, .room = 0 },

	/* Receiving. */
	{ "answer in two pieces", 5, { { 5, 0x00, 8, 0x01 }, { 0, 0x10, 2, 0x02 } }, CCID_OK, 10,
	    .room = 0 },
	{ "answer in four pieces", 5,
	    { { 5, 0x00, 8, 0x01 }, { 0, 0x10, 8, 0x03 }, { 0, 0x10, 1, 0x03 },
		{ 0, 0x10, 8, 0x02 } },
	    CCID_OK, 25, .room = 0 },
	{ "status split between pieces", 5, { { 5, 0x00, 1, 0x01 }, { 0, 0x10, 1, 0x02 } }, CCID_OK,
	    2, .room = 0 },
	{ "status in the first piece, the last one empty", 5,
	    { { 5, 0x00, 2, 0x01 }, { 0, 0x10, 0, 0x02 } }, CCID_OK, 2, .room = 0 },
	{ "empty pieces between", 5,
	    { { 5, 0x00, 0, 0x01 }, { 0, 0x10, 0, 0x03 }, { 0, 0x10, 2, 0x02 } }, CCID_OK, 2,
	    .room = 0 },
	{ "pieces both ways", 9,
	    { { 8, 0x01, 0, 0x10 }, { 1, 0x02, 8, 0x01 }, { 0, 0x10, 4, 0x02 } }, CCID_OK, 12,
	    .room = 0 },
	{ "answer of one byte", 5, { { 5, 0x00, 1, 0x00 } }, CCID_LOST, 0, .room = 0 },
	{ "answer of one byte in two pieces", 5, { { 5, 0x00, 1, 0x01 }, { 0, 0x10, 0, 0x02 } },
	    CCID_LOST, 0, .room = 0 },
	{ "empty answer", 5, { { 5, 0x00, 0, 0x00 } }, CCID_SILENT, 0, .room = 0 },
	{ "empty answer in two pieces", 5, { { 5, 0x00, 0, 0x01 }, { 0, 0x10, 0, 0x02 } },
	    CCID_LOST, 0, .room = 0 },
	{ "wish for more of a whole command", 5, { { 5, 0x00, 0, 0x10 } }, CCID_LOST, 0,
	    .room = 0 },
	{ "wish for more of the command in the answer", 5,
	    { { 5, 0x00, 4, 0x01 }, { 0, 0x10, 0, 0x10 } }, CCID_LOST, 0, .room = 0 },
	{ "wish for more after the last piece", 9, { { 8, 0x01, 0, 0x10 }, { 1, 0x02, 0, 0x10 } },
	    CCID_LOST, 0, .room = 0 },
	{ "end first", 5, { { 5, 0x00, 4, 0x02 } }, CCID_LOST, 0, .room = 0 },
	{ "middle first: fetched and dropped", 5,
	    { { 5, 0x00, 4, 0x03 }, { 0, 0x10, 4, 0x03 }, { 0, 0x10, 4, 0x02 } }, CCID_LOST, 0,
	    .room = 0 },
	{ "beginning twice: fetched and dropped", 5,
	    { { 5, 0x00, 4, 0x01 }, { 0, 0x10, 4, 0x01 }, { 0, 0x10, 4, 0x03 },
		{ 0, 0x10, 4, 0x02 } },
	    CCID_LOST, 0, .room = 0 },
	{ "whole answer after a beginning", 5, { { 5, 0x00, 4, 0x01 }, { 0, 0x10, 4, 0x00 } },
	    CCID_LOST, 0, .room = 0 },
	{ "unknown parameter", 5, { { 5, 0x00, 4, 0x04 } }, CCID_LOST, 0, .room = 0 },
	{ "unknown parameter while dropping", 5, { { 5, 0x00, 4, 0x03 }, { 0, 0x10, 4, 0xFF } },
	    CCID_LOST, 0, .room = 0 },
	{ "silent while dropping", 5, { { 5, 0x00, 4, 0x03 }, { 0, 0x10, SILENT, 0 } }, CCID_LOST,
	    0, .room = 0 },
	{ "silent", 5, { { 5, 0x00, SILENT, 0 } }, CCID_SILENT, 0, .room = 0 },
	{ "silent in the answer", 5, { { 5, 0x00, 4, 0x01 }, { 0, 0x10, SILENT, 0 } }, CCID_SILENT,
	    0, .room = 0 },
	{ "parity", 5, { { 5, 0x00, PARITY, 0 } }, CCID_LOST, 0, .room = 0 },
	{ "overrun in the answer", 5, { { 5, 0x00, 4, 0x01 }, { 0, 0x10, OVERRUN, 0 } }, CCID_LOST,
	    0, .room = 0 },

	/* Room. */
	{ "the room is filled", 5, { { 5, 0x00, 8, 0x01 }, { 0, 0x10, 2, 0x02 } }, CCID_OK, 10,
	    .room = 10 },
	{ "one byte more than the room", 5, { { 5, 0x00, 8, 0x01 }, { 0, 0x10, 2, 0x02 } },
	    CCID_SMALL, 10, .room = 9 },
	{ "no room in the first piece: all is fetched", 5,
	    { { 5, 0x00, 8, 0x01 }, { 0, 0x10, 8, 0x03 }, { 0, 0x10, 8, 0x02 } }, CCID_SMALL, 24,
	    .room = 2 },
	{ "whole answer larger than the room", 5, { { 5, 0x00, 8, 0x00 } }, CCID_SMALL, 8,
	    .room = 7 },

	/* The level of short APDUs. */
	{ "short level", 8, { { 8, 0x00, 8, 0x00 } }, CCID_OK, 8, .short_level = true },
	{ "short level: the parameter means nothing", 5, { { 5, 0x00, 8, 0x01 } }, CCID_OK, 8,
	    .short_level = true },
	{ "short level: a strange parameter neither", 5, { { 5, 0x00, 8, 0x10 } }, CCID_OK, 8,
	    .short_level = true },
	{ "short level: no answer", 5, { { 5, 0x00, 0, 0x00 } }, CCID_SILENT, 0,
	    .short_level = true },
	{ "short level: one byte", 5, { { 5, 0x00, 1, 0x00 } }, CCID_LOST, 0, .short_level = true },
	{ "short level: room", 5, { { 5, 0x00, 8, 0x00 } }, CCID_SMALL, 8, .short_level = true,
	    .room = 7 },
	{ "short level: too long a command", 9, { { 0 } }, CCID_TOO_LONG, 0, .short_level = true },
	{ "no command", 0, { { 0 } }, CCID_INVALID, 0, .room = 0 },
};
#define COUNT (sizeof exchanges / sizeof exchanges[0])

struct player {
	struct chain chain;
	enum ccid_step step;
	struct ccid_room out;
	uint8_t command[64];
	uint8_t reply[64];
	size_t sent, came;
};

static uint8_t
reply_byte(size_t at)
{
	return (uint8_t)(0x80 + at);
}

static void
play_turn(struct player *player, const struct turn *turn)
{
	const struct ccid_block *block = &player->chain.block;
	uint8_t data[16];
	struct ccid_answer answer = { .data = data, .chain = (uint8_t)turn->parameter };

	SUITE_EQUAL_INT(player->step, CCID_STEP_SEND);
	SUITE_EQUAL_INT(block->length, turn->sent);
	SUITE_EQUAL_HEX(block->level, turn->level);
	SUITE_EQUAL_INT(block->bwi, 0);
	SUITE_EQUAL_INT(block->wtx, 1);
	if (turn->sent > 0)
		CU_ASSERT(block->data == player->command + player->sent);
	player->sent += turn->sent;
	for (int i = 0; i < turn->data; i++)
		data[i] = reply_byte(player->came++);
	switch (turn->data) {
	case SILENT:
		answer.event = CCID_EVENT_SILENT;
		break;
	case PARITY:
		answer.event = CCID_EVENT_PARITY;
		break;
	case OVERRUN:
		answer.event = CCID_EVENT_OVERRUN;
		break;
	default:
		answer.length = (size_t)turn->data;
	}
	player->step = chain_next(&player->chain, &answer);
}

static void
begin(struct player *player, size_t length, size_t room)
{
	memset(player->reply, GUARD, sizeof player->reply);
	player->out = (struct ccid_room){ .bytes = player->reply, .room = room };
	player->sent = player->came = 0;
	player->step = chain_begin(&player->chain, player->command, length, &player->out);
}

static void
check_end(struct player *player, enum ccid_result result, size_t reply)
{
	SUITE_EQUAL_INT(player->step, result == CCID_OK ? CCID_STEP_DONE : CCID_STEP_END);
	SUITE_EQUAL_INT(player->chain.result, result);
	SUITE_EQUAL_INT(player->out.length, reply);
	SUITE_EQUAL_HEX(player->reply[player->out.room], GUARD);
	if (result == CCID_OK)
		for (size_t i = 0; i < reply; i++)
			SUITE_EQUAL_HEX(player->reply[i], reply_byte(i));
}

static void
run(const struct exchange *exchange)
{
	struct player player = { .chain = { .piece_max = PIECE } };
	static const struct turn good = { 5, 0x00, 2, 0x00 };

	player.chain.chained = !exchange->short_level;
	begin(&player, exchange->command,
	    exchange->room != 0 ? exchange->room : sizeof player.reply - 1);
	for (const struct turn *t = exchange->turns; t->sent != 0 || t->level != 0; t++)
		play_turn(&player, t);
	check_end(&player, exchange->result, exchange->reply);

	begin(&player, 5, 2);
	play_turn(&player, &good);
	check_end(&player, CCID_OK, 2);
	SUITE_EQUAL_INT(
	    chain_next(&player.chain, &(struct ccid_answer){ .event = CCID_EVENT_SILENT }),
	    CCID_STEP_END);
	SUITE_EQUAL_INT(player.chain.result, CCID_INVALID);
}

/* The tests run in the order of the table. */
static size_t next;

static void
run_next(void)
{
	run(&exchanges[next++]);
}

struct long_exchange {
	struct chain chain;
	struct ccid_room out;
	uint8_t command[CCID_COMMAND_MAX + 1];
	uint8_t reply[CCID_REPLY_MAX + 600];
};

static struct long_exchange *
new_long(size_t piece_max, size_t room)
{
	struct long_exchange *x = calloc(1, sizeof *x);

	x->chain.piece_max = piece_max;
	x->chain.chained = true;
	x->out = (struct ccid_room){ .bytes = x->reply, .room = room };
	memset(x->reply, GUARD, sizeof x->reply);
	return x;
}

static void
longest_command(void)
{
	struct long_exchange *x = new_long(261, 2);
	enum ccid_step step = chain_begin(&x->chain, x->command, CCID_COMMAND_MAX, &x->out);
	size_t sent = 0;
	unsigned pieces = 1;

	while (sent + x->chain.block.length < CCID_COMMAND_MAX && step == CCID_STEP_SEND) {
		SUITE_EQUAL_HEX(x->chain.block.level, pieces == 1 ? 0x01 : 0x03);
		CU_ASSERT(x->chain.block.data == x->command + sent);
		sent += x->chain.block.length;
		pieces++;
		step = chain_next(&x->chain, &(struct ccid_answer){ .chain = 0x10 });
	}
	SUITE_EQUAL_HEX(x->chain.block.level, 0x02);
	SUITE_EQUAL_INT(sent + x->chain.block.length, CCID_COMMAND_MAX);
	SUITE_EQUAL_INT(pieces, 252);
	step = chain_next(&x->chain,
	    &(struct ccid_answer){ .data = (const uint8_t[]){ 0x90, 0x00 }, .length = 2 });
	SUITE_EQUAL_INT(step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(
	    chain_begin(&x->chain, x->command, CCID_COMMAND_MAX + 1, &x->out), CCID_STEP_END);
	SUITE_EQUAL_INT(x->chain.result, CCID_TOO_LONG);
	x->chain.piece_max = 0;
	SUITE_EQUAL_INT(chain_begin(&x->chain, x->command, 5, &x->out), CCID_STEP_END);
	SUITE_EQUAL_INT(x->chain.result, CCID_TOO_LONG);
	free(x);
}

/* An answer of that many bytes in pieces of 251; returns how often the rest was asked for. */
static unsigned
answer_all(struct long_exchange *x, size_t length, enum ccid_step *step)
{
	uint8_t piece[251];
	size_t done = 0;
	unsigned asked = 0;

	memset(piece, 0x77, sizeof piece);
	*step = chain_begin(&x->chain, x->command, 5, &x->out);
	while (*step == CCID_STEP_SEND && asked < 2000) {
		size_t n = length - done < sizeof piece ? length - done : sizeof piece;
		bool first = done == 0, last = done + n == length;

		done += n;
		*step = chain_next(&x->chain,
		    &(struct ccid_answer){
			.data = piece,
			.length = n,
			.chain = first ? (last ? 0x00 : 0x01) : (last ? 0x02 : 0x03),
		    });
		if (*step == CCID_STEP_SEND) {
			SUITE_EQUAL_HEX(x->chain.block.level, 0x10);
			asked++;
		}
	}
	return asked;
}

static void
longest_answer(void)
{
	struct long_exchange *x = new_long(261, CCID_REPLY_MAX);
	enum ccid_step step;

	SUITE_EQUAL_INT(answer_all(x, CCID_REPLY_MAX, &step), 261);
	SUITE_EQUAL_INT(step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(x->out.length, CCID_REPLY_MAX);
	SUITE_EQUAL_HEX(x->reply[CCID_REPLY_MAX - 1], 0x77);
	SUITE_EQUAL_HEX(x->reply[CCID_REPLY_MAX], GUARD);
	free(x);

	/* No answer is longer, whatever room there is. */
	x = new_long(261, CCID_REPLY_MAX + 500);
	SUITE_EQUAL_INT(answer_all(x, CCID_REPLY_MAX + 1, &step), 261);
	SUITE_EQUAL_INT(step, CCID_STEP_END);
	SUITE_EQUAL_INT(x->chain.result, CCID_SMALL);
	free(x);
}

/* With data it ends by their number, then 300 times by that of what is dropped. */
static void
endless_answer(void)
{
	struct long_exchange *x = new_long(261, 100);
	enum ccid_step step;

	SUITE_EQUAL_INT(answer_all(x, (size_t)1 << 30, &step), CCID_REPLY_MAX / 251 + 300);
	SUITE_EQUAL_INT(step, CCID_STEP_END);
	SUITE_EQUAL_INT(x->chain.result, CCID_SMALL);
	SUITE_EQUAL_HEX(x->reply[100], GUARD);
	free(x);
}

static void
endless_empty(void)
{
	struct long_exchange *x = new_long(261, 100);
	enum ccid_step step = chain_begin(&x->chain, x->command, 5, &x->out);
	unsigned asked = 0;

	while (step == CCID_STEP_SEND && asked < 2000) {
		step = chain_next(&x->chain, &(struct ccid_answer){ .chain = asked == 0 ? 1 : 3 });
		asked++;
	}
	SUITE_EQUAL_INT(asked, 301);
	SUITE_EQUAL_INT(x->chain.result, CCID_LOST);

	/* The same where the order is wrong from the beginning. */
	for (unsigned i = 0; i < 2; i++) {
		step = chain_begin(&x->chain, x->command, 5, &x->out);
		for (asked = 0; step == CCID_STEP_SEND && asked < 2000; asked++)
			step = chain_next(&x->chain, &(struct ccid_answer){ .chain = 3 });
		SUITE_EQUAL_INT(asked, 301);
		SUITE_EQUAL_INT(x->chain.result, CCID_LOST);
	}
	free(x);
}

static const struct suite_test others[] = {
	{ "the longest command", longest_command },
	{ "the longest answer", longest_answer },
	{ "endless answer", endless_answer },
	{ "endless empty pieces", endless_empty },
};
#define OTHERS (sizeof others / sizeof others[0])

int
main(void)
{
	struct suite_test tests[COUNT + OTHERS];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct suite_test){ exchanges[i].name, run_next };
	memcpy(tests + COUNT, others, sizeof others);
	return suite_run("APDU levels", tests, COUNT + OTHERS);
}
