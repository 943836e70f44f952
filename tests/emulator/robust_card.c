/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver against cards: blocks, waits, answers and PPS that make no sense, and a card that
 * is taken out in the middle.
 */
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include "tests/emulator/session.h"

#define UNTOUCHED 0xA5
#define APDU "00 12 00 00 03"

static struct session s;
static struct emu_card *card;

static void
start_t1(uint32_t level, const char *atr)
{
	const struct emu_reader_params params = emu_reader_defaults(level);

	card = emu_card_t1(atr, emu_application_echo());
	session_start(&s, &params, card, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
}

static void
start_t0(uint32_t level, const char *settings)
{
	const struct emu_reader_params params = emu_reader_defaults(level);

	card = emu_card_t0(SESSION_ATR_T0, emu_application_echo());
	session_start(&s, &params, card, settings);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
}

/* A caller with little time gets it back. */
static void
check_silence(void)
{
	static const BYTE command[] = { 0x00, 0x12, 0x00, 0x00, 0x03 };
	uint64_t limit = driver_deadline(SESSION_SHORT_MS + 2000);

	SUITE_EQUAL_HEX(session_transmit_within(
			    &s, command, sizeof command, SESSION_REPLY_MAX, SESSION_SHORT_MS),
	    SCARD_E_TIMEOUT);
	CU_ASSERT(driver_deadline(0) < limit);
}

/* The malformed blocks of the list M, each once: the exchange goes well all the same. */
static void
check_blocks(uint32_t level)
{
	static const char *const blocks[] = { "00 00 02", "00 00 FF 90 00 6F", "00 00 10 90 00 92",
		"00 00 02 90 00 93", "12 00 02 90 00 80", "00 01 02 90 00 93", "00 A0 00 A0",
		"00 80 01 00 81", "00 C3 00 C3", "00 C3 02 01 01 C1", "00 C1 01 00 C0",
		"00 C1 01 FF 3F", "00 C4 00 C4", "00 DF 00 DF", "00 E3 01 05 E7", "00 C0 00 C0",
		"FF 00 00 FF" };
	struct emu_t1_fault fault = { 1, EMU_T1_RAW, 0, NULL };

	start_t1(level, SESSION_ATR_T1);
	session_check_works(&s);
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		fault.bytes = blocks[i];
		emu_card_t1_faults(card, &fault, 1);
		session_check_works(&s);
	}
	fault.action = EMU_T1_MUTE;
	emu_card_t1_faults(card, &fault, 1);
	session_check_works(&s);
	fault.action = EMU_T1_PARITY;
	emu_card_t1_faults(card, &fault, 1);
	session_check_works(&s);
	/* For ever: it ends, and a reset mends it. */
	fault.action = EMU_T1_DAMAGE;
	fault.at = 0;
	emu_card_t1_faults(card, &fault, 1);
	SUITE_EQUAL_HEX(session_transmit(&s, APDU), SCARD_E_COMM_DATA_LOST);
	emu_card_t1_faults(card, NULL, 0);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r60(void)
{
	check_blocks(EMU_LEVEL_TPDU);
	check_blocks(EMU_LEVEL_CHARACTER);
}

static void
r61(void)
{
	static const struct emu_t1_fault forever = { 0, EMU_T1_RAW, 0, "00 C3 01 01 C3" },
					 once = { 1, EMU_T1_WTX, 0xFF, NULL };

	start_t1(EMU_LEVEL_TPDU, SESSION_ATR_T1);
	emu_card_t1_faults(card, &once, 1);
	session_check_works(&s);
	emu_card_t1_faults(card, &forever, 1);
	check_silence();
	emu_card_t1_faults(card, NULL, 0);
	session_check_recovers(&s);
	session_stop(&s);
}

/* A size of 1, and a command of 300 bytes: 309 blocks. */
static void
r62(void)
{
	static const struct emu_t1_fault fault = { 1, EMU_T1_IFS, 1, NULL };
	BYTE command[309] = { 0x00, 0x10, 0x00, 0x00, 0x00, 300 >> 8, 300 & 0xFF };
	size_t before;

	start_t1(EMU_LEVEL_TPDU, SESSION_ATR_T1);
	emu_card_t1_faults(card, &fault, 1);
	session_check_works(&s);
	before = emu_reader_count(s.emulated, EMU_XFR_BLOCK);
	SUITE_EQUAL_HEX(session_transmit_within(
			    &s, command, sizeof command, SESSION_REPLY_MAX, SESSION_PATIENCE_MS),
	    S_OK);
	SUITE_EQUAL_INT(s.reply_length, 302);
	/* The answer of 302 bytes comes in two blocks. */
	SUITE_EQUAL_INT(emu_reader_count(s.emulated, EMU_XFR_BLOCK) - before, 309 + 1);
	session_stop(&s);
}

static void
r63(void)
{
	start_t0(EMU_LEVEL_TPDU, NULL);
	emu_card_t0_options(card)->nulls = EMU_ENDLESS;
	check_silence();
	emu_card_t0_options(card)->nulls = 0;
	session_check_recovers(&s);
	/* 6C again and again: the caller gets the second. */
	emu_card_t0_options(card)->sw = 0x6C05;
	SUITE_EQUAL_HEX(session_transmit(&s, APDU), S_OK);
	SUITE_EQUAL_BYTES(s.reply, s.reply_length, "6C 05");
	session_stop(&s);
	start_t0(EMU_LEVEL_CHARACTER, NULL);
	emu_card_t0_options(card)->nulls = EMU_ENDLESS;
	SUITE_EQUAL_HEX(session_transmit(&s, APDU), SCARD_E_COMM_DATA_LOST);
	CU_ASSERT(emu_reader_count(s.emulated, EMU_XFR_BLOCK) < 11000);
	emu_card_t0_options(card)->nulls = 0;
	session_check_recovers(&s);
	session_stop(&s);
	start_t0(EMU_LEVEL_TPDU, "apdu");
	emu_card_t0_options(card)->sw = 0x6101;
	SUITE_EQUAL_HEX(session_transmit(&s, APDU), SCARD_E_COMM_DATA_LOST);
	CU_ASSERT(emu_reader_count(s.emulated, EMU_XFR_BLOCK) < 400);
	emu_card_t0_options(card)->sw = 0x6C05;
	SUITE_EQUAL_HEX(session_transmit(&s, APDU), S_OK);
	SUITE_EQUAL_BYTES(s.reply, s.reply_length, "6C 05");
	emu_card_t0_options(card)->sw = -1;
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r64(void)
{
	static const struct emu_fault much = { 1, EMU_XFR_BLOCK, EMU_PAYLOAD_ZEROS, 300, NULL };
	static const BYTE command[] = { 0x00, 0x12, 0x00, 0x00, 0x03 };
	HRESULT hr;

	start_t0(EMU_LEVEL_TPDU, NULL);
	session_fault(&s, &much);
	hr = session_transmit_within(&s, command, sizeof command, 16, SESSION_PATIENCE_MS);
	CU_ASSERT(hr == SCARD_E_INSUFFICIENT_BUFFER || hr == SCARD_E_COMM_DATA_LOST);
	SUITE_EQUAL_HEX(s.reply[16], UNTOUCHED);
	session_check_recovers(&s);
	session_stop(&s);
	start_t0(EMU_LEVEL_CHARACTER, NULL);
	emu_card_t0_options(card)->extra = 4;
	hr = session_transmit_within(&s, command, sizeof command, 5, SESSION_PATIENCE_MS);
	SUITE_EQUAL_HEX(hr, SCARD_E_COMM_DATA_LOST);
	SUITE_EQUAL_HEX(s.reply[5], UNTOUCHED);
	emu_card_t0_options(card)->extra = 0;
	session_check_recovers(&s);
	session_stop(&s);
}

/* Another card with another block size, check and protocol stands there at the next reset. */
static void
r65(void)
{
	static const struct {
		const char *atr;
		unsigned protocol;
	} table[] = { { "3B 80 81 31 20 45 D5", 1 }, { "3B 80 81 71 FE 45 01 4A", 1 },
		{ SESSION_ATR_T0, 0 }, { SESSION_ATR_T1_FAST, 1 }, { SESSION_ATR_T1, 1 } };
	BYTE command[105] = { 0x00, 0x10, 0x00, 0x00, 100 };

	start_t1(EMU_LEVEL_TPDU, SESSION_ATR_T1);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct emu_application echo = emu_application_echo();

		emu_reader_swap(s.emulated, 0, 0,
		    table[i].protocol == 0 ? emu_card_t0(table[i].atr, echo)
					   : emu_card_t1(table[i].atr, echo));
		session_check_recovers(&s);
		SUITE_EQUAL_BYTES(s.atr, s.atr_length, table[i].atr);
		SUITE_EQUAL_INT(
		    s.protocol, table[i].protocol == 0 ? SCARD_PROTOCOL_T0 : SCARD_PROTOCOL_T1);
		/* More than the smallest of these cards takes in a block. */
		if (table[i].protocol == 1)
			SUITE_EQUAL_HEX(session_transmit_within(&s, command, sizeof command,
					    SESSION_REPLY_MAX, SESSION_PATIENCE_MS),
			    S_OK);
	}
	session_stop(&s);
}

static void
check_removal(uint32_t level, const char *atr, unsigned protocol)
{
	static const struct emu_fault fault = { 1, EMU_XFR_BLOCK, EMU_REMOVE, 0, NULL };
	size_t powers, events;

	session_start_level(&s, level, atr, protocol);
	CU_ASSERT(sink_wait(s.sink, 2));
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	events = sink_count(s.sink);
	powers = emu_reader_count(s.emulated, EMU_POWER_ON);
	session_fault(&s, &fault);
	SUITE_EQUAL_HEX(session_transmit(&s, APDU), SCARD_E_NO_SMARTCARD);
	CU_ASSERT(sink_wait(s.sink, events + 1));
	SUITE_EQUAL_INT(sink_event(s.sink, events, NULL), SINK_REMOVED);
	session_fault(&s, NULL);
	SUITE_EQUAL_HEX(session_power(&s), SCARD_E_NO_SMARTCARD);
	SUITE_EQUAL_INT(emu_reader_count(s.emulated, EMU_POWER_ON), powers);
	session_stop(&s);
}

static void
r66(void)
{
	check_removal(EMU_LEVEL_EXTENDED, SESSION_ATR_T0, 0);
	check_removal(EMU_LEVEL_TPDU, SESSION_ATR_T1, 1);
	check_removal(EMU_LEVEL_TPDU, SESSION_ATR_T0, 0);
	check_removal(EMU_LEVEL_CHARACTER, SESSION_ATR_T1, 1);
}

/* The card's protocol is its first offer: without the rate there is no PPS, and that is tried. */
static void
r67(void)
{
	static const char *const answers[] = { "FF 11", "FF", "FF 71 95 00 00 1B 00", "FF 11 95 00",
		"FF 10 95 7A", "FF 11 96 78", "00 11 95 84", "FF 31 95 00 5B" };
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	for (size_t i = 0; i < 1 + sizeof answers / sizeof answers[0]; i++) {
		card = emu_card_t1(SESSION_ATR_T1_FAST, emu_application_echo());
		card->pps = EMU_PPS_BYTES;
		card->pps_length = sizeof card->pps_bytes;
		memset(card->pps_bytes, 0xFF, sizeof card->pps_bytes);
		if (i < sizeof answers / sizeof answers[0])
			card->pps_length =
			    emu_hex(answers[i], card->pps_bytes, sizeof card->pps_bytes);
		session_start(&s, &params, card, NULL);
		CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
		SUITE_EQUAL_HEX(session_connect(&s), S_OK);
		SUITE_EQUAL_INT(card->pps_count, 1);
		SUITE_EQUAL_HEX(card->fidi, EMU_FIDI_DEFAULT);
		session_check_works(&s);
		session_stop(&s);
	}
	/* Its second offer needs one. */
	card = emu_card_t1("3B 80 80 01 01", emu_application_echo());
	card->pps = EMU_PPS_MUTE;
	session_start(&s, &params, card, NULL);
	SUITE_EQUAL_HEX(session_power(&s), S_OK);
	SUITE_EQUAL_HEX(s.reader->lpVtbl->SetProtocol(s.reader, SCARD_PROTOCOL_T1,
			    driver_deadline(SESSION_PATIENCE_MS), &s.protocol),
	    SCARD_E_PROTO_MISMATCH);
	session_stop(&s);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "R60 malformed blocks", r60 },
		{ "R61 more time, for ever and 255 times", r61 },
		{ "R62 blocks of one byte", r62 },
		{ "R63 NULL, 61 and 6C for ever", r63 },
		{ "R64 more than was asked for", r64 },
		{ "R65 another answer to the next reset", r65 },
		{ "R66 taken out in the middle", r66 },
		{ "R67 answers to PPS", r67 },
	};
	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid card", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
