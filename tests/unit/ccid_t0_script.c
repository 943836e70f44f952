/* SPDX-License-Identifier: BSD-2-Clause */
/* The player of exchanges of T=0, and a card that breaks TPDUs up into procedure bytes. */
#include "tests/unit/ccid_t0_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

#define GUARD 0xA5u
#define BYTES_MAX 700u

struct player {
	const struct exchange *exchange;
	bool by_bytes; /* TPDUs are broken up */
	struct t0 t0;
	enum ccid_step step;
	uint8_t command[BYTES_MAX];
	size_t command_length;
	size_t card_data; /* bytes so far */
	struct ccid_room out;
	uint8_t reply[BYTES_MAX];
	uint8_t tpdu[BYTES_MAX]; /* the one in hand, broken up */
	size_t tpdu_length;
};

static bool
complain(const struct player *player, const char *what, const char *detail)
{
	char message[400];

	snprintf(message, sizeof message, "%s%s: %s: %s", player->exchange->name,
	    player->by_bytes ? ", byte by byte" : "", what, detail);
	CU_assertImplementation(CU_FALSE, __LINE__, message, __FILE__, "", CU_FALSE);
	return false;
}

/* Bytes of a text. @data: place in the card's data. @level: what stands behind a slash, or -1. */
static size_t
expand(const struct player *player, const char *text, size_t *data, int *level, uint8_t *out)
{
	size_t length = 0;

	while (*text != '\0') {
		char *rest;
		unsigned long value;

		if (*text == ' ') {
			text++;
			continue;
		}
		value = strtoul(text + (strchr("#@/", *text) != NULL), &rest,
		    strchr("#@/", *text) != NULL ? 10 : 16);
		switch (*text) {
		case '#':
			for (; value > 0; value--, ++*data)
				out[length++] = (uint8_t)(*data * 3 + *data / 256 + 1);
			break;
		case '@': {
			unsigned long count = strtoul(rest + 1, &rest, 10);

			memcpy(out + length, player->command + value, count);
			length += count;
			break;
		}
		case '/':
			*level = (int)value;
			break;
		default:
			out[length++] = (uint8_t)value;
		}
		text = rest;
	}
	return length;
}

static bool
expect(const struct player *player, const uint8_t *bytes, size_t length, unsigned level)
{
	const struct ccid_block *block = &player->t0.block;
	char detail[160];

	if (player->step != CCID_STEP_SEND)
		return complain(player, "sent", "nothing more");
	if (block->length == length && block->level == level && block->wtx == 1 &&
	    block->bwi == 0 && (length == 0 || memcmp(block->data, bytes, length) == 0))
		return true;
	snprintf(detail, sizeof detail,
	    "%zu bytes (%02X %02X .. %02X), level %u; expected %zu (%02X %02X .. %02X), level %u",
	    block->length, block->length > 0 ? block->data[0] : 0,
	    block->length > 1 ? block->data[1] : 0,
	    block->length > 0 ? block->data[block->length - 1] : 0, block->level, length,
	    length > 0 ? bytes[0] : 0, length > 1 ? bytes[1] : 0,
	    length > 0 ? bytes[length - 1] : 0, level);
	return complain(player, "sent", detail);
}

static void
give(struct player *player, const uint8_t *bytes, size_t length)
{
	player->step =
	    t0_next(&player->t0, &(struct ccid_answer){ .data = bytes, .length = length });
}

static bool
give_byte(struct player *player, uint8_t byte)
{
	give(player, &byte, 1);
	return true;
}

/* The header is sent at once; what follows it waits for the card's word. */
static bool
break_up_sent(struct player *player)
{
	uint8_t header[5] = { 0 };

	memcpy(header, player->tpdu, player->tpdu_length < 5 ? player->tpdu_length : 5);
	if (!expect(player, header, 5, 1))
		return false;
	if (player->tpdu_length <= 5)
		return true;
	give_byte(player, 0x60);
	if (!expect(player, NULL, 0, 1))
		return false;
	give_byte(player, header[1]);
	return expect(player, player->tpdu + 5, player->tpdu_length - 5, 1);
}

/* A card that has all that was asked for sends it in one go, one that has less byte by byte. */
static bool
break_up_answer(struct player *player, const uint8_t *bytes, size_t length)
{
	size_t data = length - 2, p3 = player->tpdu_length > 4 ? player->tpdu[4] : 0;
	uint8_t ins = player->tpdu[1];

	if (data > 0 && data == (p3 != 0 ? p3 : 256)) {
		give_byte(player, ins);
		if (!expect(player, NULL, 0, (unsigned)data))
			return false;
		give(player, bytes, data);
		if (!expect(player, NULL, 0, 1))
			return false;
	} else
		for (size_t i = 0; i < data; i++) {
			give_byte(player, ins ^ 0xFF);
			if (!expect(player, NULL, 0, 1) || !give_byte(player, bytes[i]) ||
			    !expect(player, NULL, 0, 1))
				return false;
		}
	return give_byte(player, bytes[data]) && expect(player, NULL, 0, 1) &&
	    give_byte(player, bytes[data + 1]);
}

static bool
play_line(struct player *player, char side, const char *text)
{
	uint8_t bytes[BYTES_MAX];
	int level = 0;
	size_t length;

	if (side == '!') {
		enum ccid_event event = *text == 'p' ? CCID_EVENT_PARITY
		    : *text == 'o'                   ? CCID_EVENT_OVERRUN
						     : CCID_EVENT_SILENT;

		player->step = t0_next(&player->t0, &(struct ccid_answer){ .event = event });
		return true;
	}
	length = expand(player, text, &player->card_data, &level, bytes);
	if (side == '>' && player->by_bytes) {
		memcpy(player->tpdu, bytes, length);
		player->tpdu_length = length;
		return break_up_sent(player);
	}
	if (side == '>')
		return expect(player, bytes, length, (unsigned)level);
	if (player->step != CCID_STEP_SEND)
		return complain(player, "ended before", text);
	if (player->by_bytes)
		return break_up_answer(player, bytes, length);
	give(player, bytes, length);
	return true;
}

static bool
play(struct player *player, const char *blocks)
{
	while (*blocks != '\0') {
		size_t length = strcspn(blocks, ";");
		char line[256];

		snprintf(line, sizeof line, "%.*s", (int)length - 1, blocks + 1);
		if (!play_line(player, *blocks, line))
			return false;
		blocks += length;
		blocks += strspn(blocks, "; ");
	}
	return true;
}

static void
begin(struct player *player, const char *command, size_t room)
{
	size_t none = 0;
	int level;

	player->command_length = expand(player, command, &none, &level, player->command);
	player->card_data = 0;
	memset(player->reply, GUARD, sizeof player->reply);
	player->out = (struct ccid_room){ .bytes = player->reply, .room = room };
	player->step = t0_begin(&player->t0, player->command, player->command_length, &player->out);
}

static void
check_end(struct player *player, enum ccid_result result, const char *reply)
{
	uint8_t expected[BYTES_MAX];
	size_t data = 0, length = 0;
	int level;
	char detail[80];

	if (reply != NULL)
		length = expand(player, reply, &data, &level, expected);
	snprintf(detail, sizeof detail, "result %d, expected %d", player->t0.result, result);
	if (player->step != (result == CCID_OK ? CCID_STEP_DONE : CCID_STEP_END) ||
	    player->t0.result != result)
		complain(player, "end", detail);
	if (player->reply[player->out.room] != GUARD)
		complain(player, "end", "written beyond the room");
	if (result == CCID_SMALL)
		return;
	snprintf(detail, sizeof detail, "%zu bytes, expected %zu", player->out.length, length);
	if (player->out.length != length || memcmp(player->reply, expected, length) != 0)
		complain(player, "reply", detail);
}

static void
run(const struct exchange *exchange, bool by_bytes)
{
	struct player player = { .exchange = exchange, .by_bytes = by_bytes };

	player.t0.mode = exchange->mode;
	player.t0.character = by_bytes || exchange->character;
	player.t0.split_reads = exchange->split_reads;
	begin(&player, exchange->command, exchange->room != 0 ? exchange->room : BYTES_MAX - 1);
	if (!play(&player, exchange->blocks))
		return;
	check_end(&player, exchange->result, exchange->reply);

	player.by_bytes = player.t0.character;
	begin(&player, "00 B0 00 00 03", 5);
	if (play(&player, "> 00 B0 00 00 03; < #3 90 00"))
		check_end(&player, CCID_OK, "#3 90 00");
}

void
exchange_run(const struct exchange *exchange)
{
	run(exchange, false);
	if (!exchange->character && !exchange->level_alone)
		run(exchange, true);
}
