/* SPDX-License-Identifier: BSD-2-Clause */
/* T=0 (Z): what APDUs become, and what comes of their answers. */
#include "tests/unit/ccid_t0_script.h"

#include <string.h>

#include "tests/suite.h"

static const struct exchange exchanges[] = {
	{ "Z1 case 1: four bytes", "00 A4 04 00", "> 00 A4 04 00; < 90 00", CCID_OK, "90 00",
	    .mode = T0_TRANSPARENT },
	{ "Z1 case 1, everything resolved", "00 A4 04 00", "> 00 A4 04 00; < 61 10", CCID_OK,
	    "61 10", .mode = T0_APDU },
	{ "Z2 case 2S", "00 B0 00 00 10", "> 00 B0 00 00 10; < #16 90 00", CCID_OK, "#16 90 00",
	    .mode = T0_TRANSPARENT },
	{ "Z3 6Cxx, transparent", "00 B0 00 00 00", "> 00 B0 00 00 00; < 6C 20", CCID_OK, "6C 20",
	    .mode = T0_TRANSPARENT },
	{ "Z3 6Cxx, resolved", "00 B0 00 00 00",
	    "> 00 B0 00 00 00; < 6C 20; > 00 B0 00 00 20; < #32 90 00", CCID_OK, "#32 90 00",
	    .mode = T0_APDU },
	{ "Z4 case 3S with 61xx, transparent", "00 A4 00 00 02 3F 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A", CCID_OK, "61 1A", .mode = T0_TRANSPARENT },
	{ "Z4 case 3S with 61xx, resolved: no answer is wanted", "00 A4 00 00 02 3F 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A", CCID_OK, "61 1A", .mode = T0_APDU },
	{ "Z5 case 4S", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A; > 00 C0 00 00 1A; < #26 90 00", CCID_OK, "#26 90 00",
	    .mode = T0_TRANSPARENT },
	{ "Z5 case 4S, everything resolved", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A; > 00 C0 00 00 1A; < #26 90 00", CCID_OK, "#26 90 00",
	    .mode = T0_APDU },
	{ "Z6 case 4S with a small Le", "00 A4 00 00 02 3F 00 05",
	    "> 00 A4 00 00 02 3F 00; < 61 1A; > 00 C0 00 00 05; < #5 61 15", CCID_OK, "#5 61 15",
	    .mode = T0_TRANSPARENT },
	{ "Z7 case 4S, Le 00: 256 bytes", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 00; > 00 C0 00 00 00; < #256 61 10", CCID_OK,
	    "#256 61 10", .mode = T0_TRANSPARENT },
	{ "Z7 case 4S, Le 00, resolved: all", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 00; > 00 C0 00 00 00; < #256 61 10; > 00 C0 00 00 10; "
	    "< #16 90 00",
	    CCID_OK, "#272 90 00", .mode = T0_APDU },
	{ "Z7 case 4E", "00 A4 00 00 00 00 02 3F 00 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 00; > 00 C0 00 00 00; < #256 61 10; > 00 C0 00 00 10; "
	    "< #16 90 00",
	    CCID_OK, "#272 90 00", .mode = T0_TRANSPARENT },
	{ "Z8 6Cxx to GET RESPONSE", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A; > 00 C0 00 00 1A; < 6C 08; > 00 C0 00 00 08; "
	    "< #8 90 00",
	    CCID_OK, "#8 90 00", .mode = T0_TRANSPARENT },
	{ "Z8 6Cxx to GET RESPONSE once a round", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A; > 00 C0 00 00 1A; < 6C 08; > 00 C0 00 00 08; "
	    "< #8 61 04; > 00 C0 00 00 04; < 6C 02; > 00 C0 00 00 02; < 6C 01",
	    CCID_OK, "#8 6C 01", .mode = T0_TRANSPARENT },
	{ "Z10 case 3E by ENVELOPE", "00 D6 00 00 00 01 2C #300",
	    "> 00 C2 00 00 FF @0+255; < 90 00; > 00 C2 00 00 34 @255+52; < 90 00", CCID_OK, "90 00",
	    .mode = T0_TRANSPARENT },
	{ "Z11 ENVELOPE unknown to the card", "00 D6 00 00 00 01 2C #300",
	    "> 00 C2 00 00 FF @0+255; < 6D 00", CCID_OK, "6D 00", .mode = T0_TRANSPARENT },
	{ "Z12 reply of one byte", "00 B0 00 00 10", "> 00 B0 00 00 10; < 90", CCID_LOST, NULL,
	    .level_alone = true },
	{ "Z13 reply of no bytes", "00 B0 00 00 10", "> 00 B0 00 00 10; <", CCID_SILENT, NULL,
	    .level_alone = true },
	{ "Z14 reply longer than Le", "00 B0 00 00 10", "> 00 B0 00 00 10; < #17 90 00", CCID_LOST,
	    NULL, .level_alone = true },
	{ "Z14 data where none are due", "00 A4 00 00 02 3F 00",
	    "> 00 A4 00 00 02 3F 00; < #1 90 00", CCID_LOST, NULL, .level_alone = true },
	{ "Z14 data for case 1", "00 A4 00 00", "> 00 A4 00 00; < #256 90 00", CCID_LOST, NULL,
	    .level_alone = true },
	{ "Z14 GET RESPONSE brings more than asked", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A; > 00 C0 00 00 1A; < #27 90 00", CCID_LOST, NULL,
	    .level_alone = true },

	{ "card silent", "00 B0 00 00 10", "> 00 B0 00 00 10; !", CCID_SILENT, NULL,
	    .level_alone = true },
	{ "parity", "00 B0 00 00 10", "> 00 B0 00 00 10; !p", CCID_LOST, NULL,
	    .level_alone = true },
	{ "overrun", "00 B0 00 00 10", "> 00 B0 00 00 10; !o", CCID_LOST, NULL,
	    .level_alone = true },
	{ "card silent in GET RESPONSE", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 1A; > 00 C0 00 00 1A; !", CCID_SILENT, NULL,
	    .level_alone = true },
	{ "less data than Le", "00 B0 00 00 10", "> 00 B0 00 00 10; < #3 62 82", CCID_OK,
	    "#3 62 82", .mode = T0_TRANSPARENT },
	{ "6Cxx twice: the second is the caller's", "00 B0 00 00 00",
	    "> 00 B0 00 00 00; < 6C 20; > 00 B0 00 00 20; < 6C 10", CCID_OK, "6C 10",
	    .mode = T0_APDU },
	{ "6C00: 256 bytes", "00 B0 00 00 00",
	    "> 00 B0 00 00 00; < 6C 00; > 00 B0 00 00 00; < #256 90 00", CCID_OK, "#256 90 00",
	    .mode = T0_APDU },
	{ "6Cxx with more than Le: cut", "00 B0 00 00 05",
	    "> 00 B0 00 00 05; < 6C 20; > 00 B0 00 00 20; < #32 90 00", CCID_OK, "#5 90 00",
	    .mode = T0_APDU },
	{ "6Cxx to case 4S is the caller's", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 6C 20", CCID_OK, "6C 20", .mode = T0_APDU },
	{ "6Cxx to case 1 is the caller's", "00 A4 00 00", "> 00 A4 00 00; < 6C 20", CCID_OK,
	    "6C 20", .mode = T0_APDU },
	{ "6Cxx behind data is the caller's", "00 B0 00 00 10", "> 00 B0 00 00 10; < #3 6C 20",
	    CCID_OK, "#3 6C 20", .mode = T0_APDU },
	{ "case 4E, Le 0100, resolved: no more", "00 A4 00 00 00 00 02 3F 00 01 00",
	    "> 00 A4 00 00 02 3F 00; < 61 00; > 00 C0 00 00 00; < #256 61 10", CCID_OK,
	    "#256 61 10", .mode = T0_APDU },
	{ "case 4S without data", "00 A4 00 00 02 3F 00 00", "> 00 A4 00 00 02 3F 00; < 90 00",
	    CCID_OK, "90 00", .mode = T0_TRANSPARENT },
	{ "GET RESPONSE fails after data", "00 A4 00 00 02 3F 00 00",
	    "> 00 A4 00 00 02 3F 00; < 61 08; > 00 C0 00 00 08; < #4 61 04; > 00 C0 00 00 04; "
	    "< 62 81",
	    CCID_OK, "#4 62 81", .mode = T0_TRANSPARENT },
	{ "case 2S with 61xx, transparent", "00 B0 00 00 08", "> 00 B0 00 00 08; < #4 61 04",
	    CCID_OK, "#4 61 04", .mode = T0_TRANSPARENT },
	{ "case 2S with 61xx, resolved", "00 B0 00 00 08",
	    "> 00 B0 00 00 08; < #4 61 08; > 00 C0 00 00 04; < #4 61 04", CCID_OK, "#8 61 04",
	    .mode = T0_APDU },
	{ "case 2E, Le 16", "00 B0 00 00 00 00 10", "> 00 B0 00 00 10; < #16 90 00", CCID_OK,
	    "#16 90 00", .mode = T0_TRANSPARENT },
	{ "case 2E, Le 256", "00 B0 00 00 00 01 00", "> 00 B0 00 00 00; < #256 61 20", CCID_OK,
	    "#256 61 20", .mode = T0_TRANSPARENT },
	{ "case 2E, 6Cxx", "00 B0 00 00 00 00 10",
	    "> 00 B0 00 00 10; < 6C 18; > 00 B0 00 00 18; < #24 90 00", CCID_OK, "#16 90 00",
	    .mode = T0_TRANSPARENT },
	{ "case 2E, Le 300", "00 B0 00 00 00 01 2C",
	    "> 00 B0 00 00 00; < #256 61 00; > 00 C0 00 00 2C; < #44 61 00", CCID_OK, "#300 61 00",
	    .mode = T0_TRANSPARENT },
	{ "case 2E, Le 0000, wrong length", "00 B0 00 00 00 00 00", "> 00 B0 00 00 00; < 67 00",
	    CCID_OK, "67 00", .mode = T0_TRANSPARENT },
	{ "case 3E, Lc 2", "00 A4 00 00 00 00 02 3F 00", "> 00 A4 00 00 02 3F 00; < 61 10", CCID_OK,
	    "61 10", .mode = T0_TRANSPARENT },
	{ "case 3E, Lc 255", "00 D6 00 00 00 00 FF #255", "> 00 D6 00 00 FF @7+255; < 90 00",
	    CCID_OK, "90 00", .mode = T0_TRANSPARENT },
	{ "case 4E by ENVELOPE", "00 D6 00 00 00 01 2C #300 00 00",
	    "> 00 C2 00 00 FF @0+255; < 90 00; > 00 C2 00 00 36 @255+54; < 61 03; "
	    "> 00 C0 00 00 03; < #3 90 00",
	    CCID_OK, "#3 90 00", .mode = T0_TRANSPARENT },
	{ "ENVELOPE of exactly two pieces", "00 D6 00 00 00 01 F7 #503",
	    "> 00 C2 00 00 FF @0+255; < 90 00; > 00 C2 00 00 FF @255+255; < 90 00", CCID_OK,
	    "90 00", .mode = T0_TRANSPARENT },
	{ "ENVELOPE refused in the middle", "00 D6 00 00 00 01 F8 #504",
	    "> 00 C2 00 00 FF @0+255; < 90 00; > 00 C2 00 00 FF @255+255; < 61 04", CCID_OK,
	    "61 04", .mode = T0_TRANSPARENT },
	{ "ENVELOPE with a warning in the middle", "00 D6 00 00 00 01 2C #300",
	    "> 00 C2 00 00 FF @0+255; < 90 01", CCID_OK, "90 01", .mode = T0_TRANSPARENT },
	{ "ENVELOPE with status of the command", "00 D6 00 00 00 01 2C #300",
	    "> 00 C2 00 00 FF @0+255; < 90 00; > 00 C2 00 00 34 @255+52; < 69 82", CCID_OK, "69 82",
	    .mode = T0_TRANSPARENT },
	{ "ENVELOPE in an ENVELOPE", "00 C2 00 00 00 01 2C #300", "", CCID_TOO_LONG, NULL,
	    .mode = T0_TRANSPARENT },
	{ "class: channel kept, protection and chaining not", "1E A4 00 00 01 AA 00",
	    "> 1E A4 00 00 01 AA; < 61 01; > 02 C0 00 00 01; < #1 90 00", CCID_OK, "#1 90 00",
	    .mode = T0_TRANSPARENT },
	{ "class: further channels", "7F A4 00 00 01 AA 00",
	    "> 7F A4 00 00 01 AA; < 61 01; > 4F C0 00 00 01; < #1 90 00", CCID_OK, "#1 90 00",
	    .mode = T0_TRANSPARENT },
	{ "class: a maker's own", "A0 A4 00 00 01 AA 00",
	    "> A0 A4 00 00 01 AA; < 61 01; > A0 C0 00 00 01; < #1 90 00", CCID_OK, "#1 90 00",
	    .mode = T0_TRANSPARENT },
	{ "class: reserved", "20 A4 00 00 01 AA 00",
	    "> 20 A4 00 00 01 AA; < 61 01; > 20 C0 00 00 01; < #1 90 00", CCID_OK, "#1 90 00",
	    .mode = T0_TRANSPARENT },
	{ "class of ENVELOPE: protection kept", "1E D6 00 00 00 01 2C #300",
	    "> 0E C2 00 00 FF @0+255; < 6E 00", CCID_OK, "6E 00", .mode = T0_TRANSPARENT },
	{ "class of ENVELOPE: further channels", "7F D6 00 00 00 01 2C #300",
	    "> 6F C2 00 00 FF @0+255; < 67 00", CCID_OK, "67 00", .mode = T0_TRANSPARENT },

	{ "answer fills the room", "00 B0 00 00 10", "> 00 B0 00 00 10; < #16 90 00", CCID_OK,
	    "#16 90 00", .room = 18 },
	{ "answer one byte too long", "00 B0 00 00 10", "> 00 B0 00 00 10; < #16 90 00", CCID_SMALL,
	    NULL, .room = 17 },
	{ "no room for data", "00 B0 00 00 10", "> 00 B0 00 00 10; < #16 90 00", CCID_SMALL, NULL,
	    .room = 1 },
	{ "no GET RESPONSE without room", "00 B0 00 00 00 00 00", "> 00 B0 00 00 00; < #256 61 00",
	    CCID_SMALL, NULL, .room = 200 },
};
#define COUNT (sizeof exchanges / sizeof exchanges[0])

/* The tests run in the order of the table. */
static size_t next;

static void
run_next(void)
{
	exchange_run(&exchanges[next++]);
}

static void
give(struct t0 *t0, enum ccid_step *step, const uint8_t *bytes, size_t length)
{
	*step = t0_next(t0, &(struct ccid_answer){ .data = bytes, .length = length });
}

static void
endless_answer(void)
{
	/* With a byte each time, and with none. */
	for (size_t data = 0; data < 2; data++) {
		struct t0 t0 = { .mode = T0_APDU };
		uint8_t reply[600];
		struct ccid_room out = { .bytes = reply, .room = sizeof reply };
		static const uint8_t command[] = { 0x00, 0xB0, 0x00, 0x00, 0x00 };
		static const uint8_t more[] = { 0x55, 0x61, 0x01 };
		enum ccid_step step = t0_begin(&t0, command, sizeof command, &out);
		unsigned rounds = 0;

		while (step == CCID_STEP_SEND && rounds < 1000) {
			give(&t0, &step, more + 1 - data, 2 + data);
			rounds++;
		}
		SUITE_EQUAL_INT(rounds, 301);
		SUITE_EQUAL_INT(step, CCID_STEP_END);
		SUITE_EQUAL_INT(t0.result, CCID_LOST);
		SUITE_EQUAL_INT(out.length, 0);
	}
}

/* 256 rounds of 256 bytes are the most that an answer can be. */
static void
longest_answer(void)
{
	struct t0 t0 = { .mode = T0_TRANSPARENT };
	static uint8_t reply[CCID_REPLY_MAX], piece[258] = { [256] = 0x61 };
	struct ccid_room out = { .bytes = reply, .room = sizeof reply };
	static const uint8_t command[] = { 0x00, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x00 };
	enum ccid_step step = t0_begin(&t0, command, sizeof command, &out);
	unsigned rounds = 0;

	while (step == CCID_STEP_SEND && rounds < 1000) {
		give(&t0, &step, piece, sizeof piece);
		rounds++;
	}
	SUITE_EQUAL_INT(rounds, 256);
	SUITE_EQUAL_INT(step, CCID_STEP_DONE);
	SUITE_EQUAL_INT(out.length, CCID_REPLY_MAX);
	SUITE_EQUAL_HEX(reply[65536], 0x61);
}

/* The longest command goes out in 258 pieces, the last of them short. */
static void
longest_command(void)
{
	struct t0 t0 = { .mode = T0_TRANSPARENT };
	uint8_t reply[258];
	static uint8_t command[CCID_COMMAND_MAX] = { 0x00, 0xD6, 0x00, 0x00, 0x00, 0xFF, 0xFF };
	struct ccid_room out = { .bytes = reply, .room = sizeof reply };
	static const uint8_t good[] = { 0x90, 0x00 };
	enum ccid_step step;
	size_t sent = 0;
	unsigned pieces = 0;

	for (size_t i = 7; i < sizeof command - 2; i++)
		command[i] = (uint8_t)(i * 5 + i / 256);
	step = t0_begin(&t0, command, sizeof command, &out);
	while (step == CCID_STEP_SEND && pieces < 1000) {
		SUITE_EQUAL_INT(t0.block.length, t0.block.data[4] + 5u);
		CU_ASSERT(memcmp(t0.block.data + 5, command + sent, t0.block.data[4]) == 0);
		sent += t0.block.data[4];
		pieces++;
		give(&t0, &step, good, sizeof good);
	}
	SUITE_EQUAL_INT(sent, CCID_COMMAND_MAX);
	SUITE_EQUAL_INT(pieces, 258);
	SUITE_EQUAL_INT(step, CCID_STEP_DONE);
	SUITE_EQUAL_BYTES(reply, out.length, "90 00");
}

static void
wiped(void)
{
	struct t0 t0 = { .character = true };
	uint8_t reply[2];
	static const uint8_t zeros[300];
	struct ccid_room out = { .bytes = reply, .room = sizeof reply };
	static const uint8_t command[] = { 0x00, 0x20, 0x00, 0x01, 0x04, '1', '2', '3', '4' };
	enum ccid_step step = t0_begin(&t0, command, sizeof command, &out);

	give(&t0, &step, (const uint8_t[]){ 0x20 }, 1);
	SUITE_EQUAL_BYTES(t0.block.data, t0.block.length, "31 32 33 34");
	give(&t0, &step, (const uint8_t[]){ 0x90 }, 1);
	give(&t0, &step, (const uint8_t[]){ 0x00 }, 1);
	SUITE_EQUAL_INT(step, CCID_STEP_DONE);
	CU_ASSERT(memcmp(t0.tpdu, zeros, sizeof t0.tpdu) == 0);
	CU_ASSERT(memcmp(t0.buffer, zeros, sizeof t0.buffer) == 0);
	SUITE_EQUAL_INT(
	    t0_next(&t0, &(struct ccid_answer){ .data = zeros, .length = 2 }), CCID_STEP_END);
	SUITE_EQUAL_INT(t0.result, CCID_INVALID);
}

static const struct suite_test others[] = {
	{ "Z9 endless 61 01", endless_answer },
	{ "the longest answer", longest_answer },
	{ "the longest command", longest_command },
	{ "nothing stays behind", wiped },
};
#define OTHERS (sizeof others / sizeof others[0])

int
main(void)
{
	struct suite_test tests[COUNT + OTHERS];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct suite_test){ exchanges[i].name, run_next };
	memcpy(tests + COUNT, others, sizeof others);
	return suite_run("T=0", tests, COUNT + OTHERS);
}
