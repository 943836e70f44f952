/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The player of conversations. Blocks are encoded here a second time, from the standard and without
 * the driver's code, so that a mistake there does not confirm itself.
 */
#include "tests/unit/ccid_t1_script.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tests/suite.h"

#define WTX 5u       /* multiplier that the card asks for */
#define IFSC_NEW 32u /* size that the card announces */
#define IFSD 254u

/* Most significant bit first on mirrored bytes: the other way to compute the same CRC. */
static unsigned
crc16(const uint8_t *bytes, size_t length)
{
	unsigned crc = 0xFFFF, mirrored = 0;

	for (size_t i = 0; i < length * 8; i++) {
		unsigned bit = (unsigned)bytes[i / 8] >> i % 8 & 1u;

		crc = ((crc >> 15 ^ bit) != 0 ? crc << 1 ^ 0x1021u : crc << 1) & 0xFFFF;
	}
	for (unsigned i = 0; i < 16; i++)
		mirrored |= (crc >> i & 1u) << (15 - i);
	return mirrored;
}

size_t
script_seal(uint8_t *bytes, size_t length, bool crc)
{
	uint8_t lrc = 0;

	if (crc) {
		unsigned value = crc16(bytes, length);

		bytes[length] = (uint8_t)(value >> 8);
		bytes[length + 1] = (uint8_t)value;
		return length + 2;
	}
	for (size_t i = 0; i < length; i++)
		lrc ^= bytes[i];
	bytes[length] = lrc;
	return length + 1;
}

static unsigned
command_length(unsigned pieces)
{
	return pieces > 1 ? pieces * PIECE - 2 : pieces * PIECE;
}

static uint8_t
command_byte(size_t at)
{
	return (
	    uint8_t)(at < 5 ? (const uint8_t[]){ 0x00, 0xA4, 0x04, 0x00, 0x00 }[at] : 0x30 + at);
}

static size_t
encode_i(const char *block, bool host, uint8_t *out)
{
	unsigned number = block[2] == '1', more = block[4] == '1';
	unsigned piece = block[6] != '\0' ? (unsigned)(block[6] - 'a') : 0;
	size_t length = 0;

	if (!host && !more) {
		out[3] = 0x90;
		out[4] = 0x00;
		length = 2;
	} else if (!host) {
		out[3] = (uint8_t)(0xD0 + piece);
		out[4] = out[5] = 0x11;
		length = 3;
	} else {
		/* The last piece is shorter, unless it is the only one. */
		length = more || piece == 0 ? PIECE : PIECE - 2;
		for (size_t i = 0; i < length; i++)
			out[3 + i] = command_byte(piece * PIECE + i);
	}
	out[1] = (uint8_t)(number << 6 | more << 5);
	out[2] = (uint8_t)length;
	return 3 + length;
}

static size_t
encode_s(const char *block, bool host, uint8_t *out)
{
	static const struct {
		const char *word;
		uint8_t type;
		bool inf;
	} services[] = {
		{ "RESYNCH", 0, false },
		{ "IFS", 1, true },
		{ "ABORT", 2, false },
		{ "WTX", 3, true },
	};
	bool response = strstr(block, "resp") != NULL;

	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		if (strncmp(block + 2, services[i].word, strlen(services[i].word)) != 0)
			continue;
		out[1] = (uint8_t)((response ? 0xE0 : 0xC0) | services[i].type);
		out[2] = services[i].inf;
		/* What the host announces is its own size; all else is the card's number. */
		out[3] = services[i].type == 3 ? WTX : host != response ? IFSD : IFSC_NEW;
		return 3u + services[i].inf;
	}
	return 0;
}

static size_t
encode_hex(const char *text, uint8_t *out)
{
	size_t length = 0;
	unsigned value;
	int used;

	while (sscanf(text, " %2x%n", &value, &used) == 1) {
		out[length++] = (uint8_t)value;
		text += used;
	}
	return length;
}

size_t
script_encode(const char *block, bool host, bool crc, uint8_t *out)
{
	size_t length = 0;

	out[0] = 0;
	if (block[0] == '=')
		return encode_hex(block + 1, out);
	if (block[0] == 'I')
		length = encode_i(block, host, out);
	else if (block[0] == 'S')
		length = encode_s(block, host, out);
	else if (block[0] == 'R') {
		out[1] = (uint8_t)(0x80 | (block[2] == '1') << 4 | (block[4] == 'e') |
		    (block[4] == 'o') << 1);
		out[2] = 0;
		length = 3;
	}
	return script_seal(out, length, crc);
}

static void
hex(const uint8_t *bytes, size_t length, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < length && used + 4 < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%02X ", bytes[i]);
}

static bool
complain(const struct player *player, const char *name, const char *what, const char *detail)
{
	char message[512];

	snprintf(message, sizeof message, "%s%s%s%s: %s: %s", name,
	    player->carriage.crc ? ", CRC" : "", player->carriage.character ? ", character" : "",
	    player->carriage.parity ? ", parity" : "", what, detail);
	CU_assertImplementation(CU_FALSE, __LINE__, message, __FILE__, "", CU_FALSE);
	return false;
}

static bool
same_number(const struct player *player, const char *name, const char *what, unsigned long actual,
    unsigned long expected)
{
	char detail[64];

	if (actual == expected)
		return true;
	snprintf(detail, sizeof detail, "%lu, expected %lu", actual, expected);
	return complain(player, name, what, detail);
}

static bool
expect_sent(const struct player *player, const char *name, const char *block)
{
	uint8_t bytes[T1_BLOCK_MAX];
	size_t length = script_encode(block, true, player->carriage.crc, bytes);
	unsigned wtx = strcmp(block, "S(WTX resp)") == 0 ? WTX : 1;
	const struct ccid_block *sent = &player->t1.block;
	char actual[256], expected[256], detail[600];

	if (player->step != CCID_STEP_SEND)
		return complain(player, name, "ended instead of sending", block);
	if (sent->length == length && memcmp(sent->data, bytes, length) == 0)
		return same_number(player, name, "level", sent->level,
			   player->carriage.character ? 3 : 0) &&
		    same_number(player, name, "waiting time", sent->wtx, wtx) &&
		    same_number(player, name, "bBWI", sent->bwi, wtx > 1 ? wtx : 0);
	hex(sent->data, sent->length, actual, sizeof actual);
	hex(bytes, length, expected, sizeof expected);
	snprintf(detail, sizeof detail, "%s, expected %s (%.40s)", actual, expected, block);
	return complain(player, name, "sent", detail);
}

static void
give_event(struct player *player, enum ccid_event event)
{
	player->step = t1_next(&player->t1, &(struct ccid_answer){ .event = event });
}

void
player_answer(struct player *player, const uint8_t *bytes, size_t length)
{
	size_t first = length;

	if (player->carriage.character && length > 3)
		first = 3;
	player->step =
	    t1_next(&player->t1, &(struct ccid_answer){ .data = bytes, .length = first });
	if (first == length || player->step != CCID_STEP_SEND || player->t1.block.length != 0)
		return;
	same_number(player, "second part", "level", player->t1.block.level, length - first);
	same_number(player, "second part", "bBWI", player->t1.block.bwi, 0);
	player->step = t1_next(
	    &player->t1, &(struct ccid_answer){ .data = bytes + first, .length = length - first });
}

static void
do_card(struct player *player, const char *block)
{
	uint8_t bytes[2 * T1_BLOCK_MAX];
	size_t length;

	if (strcmp(block, "mute") == 0) {
		give_event(player, CCID_EVENT_SILENT);
		return;
	}
	if (strcmp(block, "damaged") == 0) {
		if (player->carriage.parity) {
			give_event(player, CCID_EVENT_PARITY);
			return;
		}
		length = script_encode("I(0,0)", false, player->carriage.crc, bytes);
		bytes[length - 1] ^= 1;
	} else
		length = script_encode(block, false, player->carriage.crc, bytes);
	player_answer(player, bytes, length);
}

bool
player_play(struct player *player, const char *name, const char *blocks)
{
	while (*blocks != '\0') {
		char side = *blocks, block[1024];
		size_t length = strcspn(blocks + 2, ";");

		snprintf(block, sizeof block, "%.*s", (int)length, blocks + 2);
		if (side == 'h' && !expect_sent(player, name, block))
			return false;
		if (side == 'c') {
			if (player->step != CCID_STEP_SEND)
				return complain(player, name, "ended before", block);
			do_card(player, block);
		}
		blocks += 2 + length;
		while (*blocks == ';' || *blocks == ' ')
			blocks++;
	}
	return true;
}

void
player_start(
    struct player *player, const struct carriage *carriage, unsigned ns, unsigned nr, bool fresh)
{
	*player = (struct player){ .carriage = *carriage };
	player->t1.crc = carriage->crc;
	player->t1.character = carriage->character;
	player->t1.ifsc_atr = PIECE;
	t1_reset(&player->t1);
	player->t1.ns = ns;
	player->t1.nr = nr;
	player->t1.fresh = fresh;
}

void
player_begin(struct player *player, unsigned pieces, size_t room)
{
	player->command_length = command_length(pieces);
	for (size_t i = 0; i < player->command_length; i++)
		player->command[i] = command_byte(i);
	player->out = (struct ccid_room){
		.bytes = player->reply,
		.room = room != 0 ? room : sizeof player->reply,
	};
	player->step = pieces == 0
	    ? t1_begin_ifsd(&player->t1, IFSD)
	    : t1_begin(&player->t1, player->command, player->command_length, &player->out);
}

void
player_prove(struct player *player, const char *name, unsigned ns, unsigned nr)
{
	same_number(player, name, "ns at the end", player->t1.ns, ns);
	same_number(player, name, "nr at the end", player->t1.nr, nr);
	for (unsigned i = 0; i < 2; i++) {
		char blocks[64];

		snprintf(blocks, sizeof blocks, "h I(%u,0); c I(%u,0)", ns ^ i, nr ^ i);
		player_begin(player, 1, 0);
		if (!player_play(player, name, blocks))
			return;
		same_number(player, name, "next command", player->step, CCID_STEP_DONE);
	}
}

static void
check_end(struct player *player, const struct conversation *c)
{
	uint8_t expected[64];
	size_t length = c->reply != NULL ? encode_hex(c->reply, expected) : 0;

	same_number(player, c->name, "step", player->step,
	    c->result == CCID_OK ? CCID_STEP_DONE : CCID_STEP_END);
	same_number(player, c->name, "result", player->t1.result, c->result);
	same_number(player, c->name, "dead", player->t1.dead, c->dead);
	if (c->result != CCID_SMALL) {
		same_number(player, c->name, "reply length", player->out.length, length);
		if (player->out.length == length && memcmp(player->reply, expected, length) != 0)
			complain(player, c->name, "reply", "other bytes");
	}
}

static void
run_one(const struct conversation *c, const struct carriage *carriage)
{
	struct player player;

	player_start(&player, carriage, c->ns, c->nr, c->fresh);
	player.t1.replay = c->replay;
	player.t1.early_answer = c->early_answer;
	player_begin(&player, c->pieces, c->room);
	if (!player_play(&player, c->name, c->blocks))
		return;
	check_end(&player, c);
	if (!c->dead) {
		if (c->pieces == 0)
			same_number(&player, c->name, "IFSD", player.t1.ifsd, IFSD);
		player.t1.ifsc = PIECE;
		player_prove(&player, c->name, c->end_ns, c->end_nr);
		return;
	}
	player_begin(&player, 1, 0);
	same_number(&player, c->name, "a command while dead", player.step, CCID_STEP_END);
	same_number(&player, c->name, "its result", player.t1.result, CCID_DEAD);
	t1_reset(&player.t1);
	player_prove(&player, c->name, 0, 0);
}

void
conversation_run(const struct conversation *conversation)
{
	for (unsigned i = 0; i < 8; i++)
		run_one(conversation,
		    &(struct carriage){
			.crc = (i & 1) != 0,
			.character = (i & 2) != 0,
			.parity = (i & 4) != 0,
		    });
}
