/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulated cards by themselves: PPS, the card's end of T=0 and of T=1, and their faults.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/card.h"
#include "tests/suite.h"

#define ATR_T0 "3B 00"
#define ATR_T1 "3B 80 81 31 20 45 D5"     /* T=1; IFSC 32; BWI 4, CWI 5; LRC */
#define ATR_CRC "3B 80 81 71 20 45 01 94" /* the same with CRC */
#define ATR_SPECIFIC "3B 90 95 91 01 31 FE 45 60"

static uint8_t answer[70000];

/* Sends hex and takes everything. */
static size_t
talk(struct emu_card *card, const char *hex)
{
	uint8_t bytes[1024];

	emu_card_send(card, bytes, emu_hex(hex, bytes, sizeof bytes));
	return emu_card_take(card, answer, sizeof answer);
}

static struct emu_card *
new_t1(const char *atr, bool files)
{
	struct emu_card *card =
	    emu_card_t1(atr, files ? emu_application_files() : emu_application_echo());

	emu_card_reset(card, EMU_5V, false);
	emu_card_take(card, answer, EMU_ATR_MAX);
	return card;
}

static struct emu_card *
new_t0(bool files)
{
	struct emu_card *card =
	    emu_card_t0(ATR_T0, files ? emu_application_files() : emu_application_echo());

	emu_card_reset(card, EMU_5V, false);
	emu_card_take(card, answer, EMU_ATR_MAX);
	return card;
}

#define TALK(card, hex, expected) SUITE_EQUAL_BYTES(answer, talk((card), (hex)), (expected))

static void
test_reset(void)
{
	struct emu_card *card = emu_card_t0(ATR_T0, emu_application_echo());

	card->voltages = EMU_3V;
	card->mute_resets = 1;
	emu_card_reset(card, EMU_5V, false);
	SUITE_EQUAL_INT(emu_card_take(card, answer, 64), 0);
	emu_card_reset(card, EMU_3V, false);
	SUITE_EQUAL_INT(emu_card_take(card, answer, 64), 0);
	emu_card_reset(card, EMU_3V, true);
	SUITE_EQUAL_BYTES(answer, emu_card_take(card, answer, 64), "3B 00");
	SUITE_EQUAL_INT(card->cold_resets, 2);
	SUITE_EQUAL_INT(card->warm_resets, 1);
	emu_card_free(card);
}

static void
test_pps(void)
{
	struct emu_card *card = new_t1("3B 90 95 81 31 FE 45 0E", false);

	SUITE_EQUAL_INT(card->protocol, 1);
	SUITE_EQUAL_HEX(card->fidi, 0x11);
	TALK(card, "FF 11 95 7B", "FF 11 95 7B");
	SUITE_EQUAL_HEX(card->fidi, 0x95);
	/* A second one is a block, and no good one. */
	TALK(card, "FF 11 95 7B", "00 82 00 82");
	emu_card_reset(card, EMU_5V, true);
	card->pps = EMU_PPS_NO_RATE;
	TALK(card, "FF 11 95 7B", "FF 01 FE");
	SUITE_EQUAL_HEX(card->fidi, 0x11);
	emu_card_reset(card, EMU_5V, true);
	TALK(card, "FF 11 95 00", "");
	card->pps = EMU_PPS_MUTE;
	emu_card_reset(card, EMU_5V, true);
	TALK(card, "FF 11 95 7B", "");
	emu_card_free(card);
	card = new_t1(ATR_SPECIFIC, false);
	SUITE_EQUAL_HEX(card->fidi, 0x95);
	CU_ASSERT(!card->negotiable);
	emu_card_free(card);
}

static void
test_t0(void)
{
	struct emu_card *card = new_t0(true);

	TALK(card, "00 A4 00 00 02", "A4");
	TALK(card, "2F 00", "61 13");
	SUITE_EQUAL_INT(talk(card, "00 C0 00 00 13"), 22);
	SUITE_EQUAL_BYTES(answer, 16, "C0 6F 11 82 01 01 83 02 2F 00 80 02 00 14 88 01");
	SUITE_EQUAL_BYTES(answer + 20, 2, "90 00");
	TALK(card, "00 B0 00 00 04", "B0 00 01 02 03 90 00");
	TALK(card, "00 B0 00 00 00", "6C 14");
	TALK(card, "00 20 00 01 04", "20");
	TALK(card, "31 32 33 34", "90 00");
	TALK(card, "00 C0 00 00 01", "69 85");
	emu_card_free(card);
}

static void
test_t0_options(void)
{
	struct emu_card *card = new_t0(false);

	emu_card_t0_options(card)->nulls = 2;
	emu_card_t0_options(card)->single = true;
	TALK(card, "00 10 00 00 02", "60 60 EF");
	TALK(card, "AA", "60 60 EF");
	TALK(card, "BB", "60 60 61 02");
	TALK(card, "00 C0 00 00 02", "60 60 3F AA 3F BB 90 00");
	emu_card_t0_options(card)->nulls = 0;
	emu_card_t0_options(card)->procedure = 0x55;
	emu_card_t0_options(card)->single = false;
	TALK(card, "00 10 00 00 02", "55");
	emu_card_t0_options(card)->nulls = EMU_ENDLESS;
	emu_card_reset(card, EMU_5V, false);
	TALK(card, "00 12 00 00 02", "60");
	SUITE_EQUAL_BYTES(answer, emu_card_take(card, answer, 5), "60");
	emu_card_free(card);
}

/* 300 bytes to the echo in two envelopes, and back in two GET RESPONSEs. */
static void
test_t0_envelope(void)
{
	struct emu_card *card = new_t0(false);
	uint8_t command[309] = { 0x00, 0x10, 0x00, 0x00, 0x00, 300 >> 8, 300 & 0xFF };
	const uint8_t first[5] = { 0x00, 0xC2, 0x00, 0x00, 255 };
	const uint8_t second[5] = { 0x00, 0xC2, 0x00, 0x00, 309 - 255 };

	memset(command + 7, 0x77, 300);
	emu_card_send(card, first, 5);
	emu_card_send(card, command, 255);
	SUITE_EQUAL_BYTES(answer, emu_card_take(card, answer, 9), "90 00");
	emu_card_send(card, second, 5);
	emu_card_send(card, command + 255, 309 - 255);
	SUITE_EQUAL_BYTES(answer, emu_card_take(card, answer, 9), "61 00");
	SUITE_EQUAL_INT(talk(card, "00 C0 00 00 00"), 259);
	SUITE_EQUAL_BYTES(answer + 257, 2, "61 2C");
	SUITE_EQUAL_INT(talk(card, "00 C0 00 00 2C"), 47);
	SUITE_EQUAL_BYTES(answer + 44, 3, "77 90 00");
	emu_card_free(card);
}

static void
test_t1(void)
{
	struct emu_card *card = new_t1(ATR_T1, false);
	unsigned requests;

	TALK(card, "00 C1 01 FE 3E", "00 E1 01 FE 1E");
	SUITE_EQUAL_INT(emu_card_t1_ifsd(card, &requests), 254);
	SUITE_EQUAL_INT(requests, 1);
	TALK(card, "00 00 05 00 12 00 00 01 16", "00 00 03 00 90 00 93");
	TALK(card, "00 40 05 00 12 00 00 01 56", "00 40 03 00 90 00 D3");
	/* The command in two pieces, and a number that was there already. */
	TALK(card, "00 20 02 00 12 30", "00 90 00 90");
	TALK(card, "00 20 02 00 12 30", "00 92 00 92");
	TALK(card, "00 40 03 00 00 01 42", "00 00 03 00 90 00 93");
	/* Asked again. */
	TALK(card, "00 80 00 80", "00 00 03 00 90 00 93");
	TALK(card, "00 90 00 90", "00 82 00 82");
	/* Damaged, too short. */
	TALK(card, "00 00 05 00 12 00 00 01 17", "00 81 00 81");
	TALK(card, "00 00 05 00", "00 82 00 82");
	TALK(card, "00 C0 00 C0", "00 E0 00 E0");
	SUITE_EQUAL_INT(emu_card_t1_ifsd(card, &requests), 32);
	emu_card_free(card);
}

static void
test_t1_chain(void)
{
	struct emu_card *card = new_t1(ATR_T1, false);

	/* 40 bytes and a status: 32 and 10. */
	SUITE_EQUAL_INT(talk(card, "00 00 05 00 12 00 00 28 3F"), 36);
	SUITE_EQUAL_BYTES(answer, 4, "00 20 20 00");
	TALK(card, "00 90 00 90", "00 40 0A 20 21 22 23 24 25 26 27 90 00 DA");
	/* Given up in the middle. */
	SUITE_EQUAL_INT(talk(card, "00 40 05 00 12 00 00 28 7F"), 36);
	TALK(card, "00 C2 00 C2", "00 E2 00 E2");
	TALK(card, "00 00 05 00 12 00 00 01 16", "00 40 03 00 90 00 D3");
	emu_card_free(card);
}

static void
test_t1_crc(void)
{
	struct emu_card *card = new_t1(ATR_CRC, false);

	TALK(card, "00 80 00 B5 FF", "00 82 00 86 4F");
	emu_card_free(card);
}

static void
test_t1_faults(void)
{
	static const struct emu_t1_fault faults[] = {
		{ 1, EMU_T1_DAMAGE, 0, NULL },
		{ 3, EMU_T1_MUTE, 0, NULL },
		{ 4, EMU_T1_WTX, 5, NULL },
		{ 5, EMU_T1_WRONG_NUMBER, 0, NULL },
		{ 6, EMU_T1_RAW, 0, "00 00" },
		{ 7, EMU_T1_NAD, 0x12, NULL },
		{ 8, EMU_T1_LENGTH, 0x10, NULL },
		{ 12, EMU_T1_REFUSE, 1, NULL },
	};
	struct emu_card *card = new_t1(ATR_T1, false);
	const char *ask = "00 00 05 00 12 00 00 01 16", *again = "00 80 00 80";

	emu_card_t1_faults(card, faults, sizeof faults / sizeof faults[0]);
	TALK(card, ask, "00 00 03 00 90 00 6C");
	TALK(card, again, "00 00 03 00 90 00 93");
	TALK(card, again, "");
	TALK(card, again, "00 C3 01 05 C7");
	TALK(card, "00 E3 01 05 E7", "00 00 03 00 90 00 93");
	TALK(card, again, "00 40 03 00 90 00 D3");
	TALK(card, again, "00 00");
	TALK(card, again, "12 00 03 00 90 00 81");
	TALK(card, again, "00 00 10 00 90 00 80");
	TALK(card, again, "00 00 03 00 90 00 93");
	TALK(card, "00 40 05 00 12 00 00 01 56", "00 40 03 00 90 00 D3");
	TALK(card, ask, "00 81 00 81");
	TALK(card, ask, "00 00 03 00 90 00 93");
	emu_card_free(card);
}

static void
test_script(void)
{
	static const struct emu_script_line lines[] = {
		{ "00 84 00 00 08", "01 02 90 00" },
		{ NULL, NULL },
	};
	struct emu_card *card = emu_card_script(ATR_T0, lines, 2, true);
	bool matched;

	emu_card_reset(card, EMU_5V, false);
	TALK(card, "00 84 00 00 08", "01 02 90 00");
	SUITE_EQUAL_INT(emu_card_script_used(card, &matched), 1);
	CU_ASSERT(matched);
	TALK(card, "00 84 00 00 08", "");
	TALK(card, "00 84 00 00 08", "");
	SUITE_EQUAL_INT(emu_card_script_used(card, &matched), 2);
	emu_card_free(card);
	card = emu_card_script(ATR_T0, lines, 1, false);
	emu_card_reset(card, EMU_5V, false);
	TALK(card, "00 84 00 00 09", "01 02 90 00");
	emu_card_script_used(card, &matched);
	CU_ASSERT(!matched);
	emu_card_free(card);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "reset: voltage, mute, warm", test_reset },
		{ "PPS: agreed, without a rate, mute, specific mode", test_pps },
		{ "T=0: procedure bytes, GET RESPONSE, 6Cxx", test_t0 },
		{ "T=0: NULLs, byte by byte, what is no procedure byte", test_t0_options },
		{ "T=0: a long command in envelopes", test_t0_envelope },
		{ "T=1: blocks, numbers, damage, RESYNCH", test_t1 },
		{ "T=1: a chain, and one that is given up", test_t1_chain },
		{ "T=1: CRC", test_t1_crc },
		{ "T=1: faults by the table", test_t1_faults },
		{ "a card by script", test_script },
	};

	return suite_run("emulator cards", tests, sizeof tests / sizeof tests[0]);
}
