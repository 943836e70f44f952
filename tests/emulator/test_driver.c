/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver as the resource manager has it, on an emulated reader: it finds it, follows its
 * card, and exchanges APDUs of every length at every level.
 */
#define COBJMACROS
#include <stdio.h>
#include <string.h>

#include <objbase.h>
#include <oleauto.h>
#include <scarderr.h>
#include <winsmcrd.h>

#include "tests/emulator/reader.h"
#include "tests/suite.h"
#include "tests/unit/driver_sink.h"

#define ATR_T0 "3B 02 14 50"
#define ATR_T1 "3B 90 95 81 31 FE 45 8E"
#define APDU_MAX 65544u
#define PATIENCE_MS 10000u

struct fixture {
	struct emu_reader *emulated;
	struct emu_card *card;
	ISCardReaderDriver *driver;
	ISCardReaderSink *sink;
	ISCardReader *reader;
};

static void
start_with(struct fixture *f, const struct emu_reader_params *params, struct emu_card *card)
{
	memset(f, 0, sizeof *f);
	f->emulated = emu_reader_new(params);
	f->card = card;
	if (card != NULL)
		emu_reader_insert(f->emulated, 0, 0, card);
	emu_reader_plug(f->emulated, 1, 2);
	f->driver = driver_new("ccid");
	f->sink = sink_new();
	SUITE_EQUAL_HEX(
	    ISCardReaderDriver_Start(f->driver, NULL, f->sink, driver_deadline(PATIENCE_MS)), S_OK);
	SUITE_EQUAL_INT(sink_event(f->sink, 0, &f->reader), SINK_ARRIVED);
}

static void
stop(struct fixture *f)
{
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(f->driver), S_OK);
	ISCardReaderDriver_Release(f->driver);
	ISCardReaderSink_Release(f->sink);
	emu_reader_free(f->emulated);
	driver_check_no_objects();
}

static void
follows_its_card(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct fixture f;

	start_with(&f, &params, NULL);
	SUITE_EQUAL_INT(sink_count(f.sink), 1);
	emu_reader_insert(f.emulated, 0, 0, emu_card_t0(ATR_T0, emu_application_echo()));
	CU_ASSERT_TRUE(sink_wait(f.sink, 2));
	SUITE_EQUAL_INT(sink_event(f.sink, 1, NULL), SINK_INSERTED);
	emu_reader_remove(f.emulated, 0, 0);
	CU_ASSERT_TRUE(sink_wait(f.sink, 3));
	SUITE_EQUAL_INT(sink_event(f.sink, 2, NULL), SINK_REMOVED);
	emu_reader_unplug(f.emulated);
	CU_ASSERT_TRUE(sink_wait(f.sink, 4));
	SUITE_EQUAL_INT(sink_event(f.sink, 3, NULL), SINK_GONE);
	stop(&f);
}

/* An echo (INS 10) of `sent` bytes, or as many as are asked for (INS 12). */
static void
exchange(struct fixture *f, ULONG protocol, size_t sent, size_t wanted)
{
	static BYTE command[APDU_MAX], reply[65538];
	const bool extended = sent > 255 || wanted > 256;
	ULONG length = 4, reply_length = sizeof reply;
	size_t expected = sent > 0 ? sent : wanted;
	HRESULT hr;

	memcpy(command, sent > 0 ? "\x00\x10\x00\x00" : "\x00\x12\x00\x00", 4);
	if (extended)
		command[length++] = 0;
	if (sent > 0) {
		if (extended)
			command[length++] = (BYTE)(sent >> 8);
		command[length++] = (BYTE)sent;
		for (size_t i = 0; i < sent; i++)
			command[length++] = (BYTE)(i * 7);
	}
	if (extended)
		command[length++] = (BYTE)(expected >> 8);
	command[length++] = (BYTE)expected;
	hr = ISCardReader_Transmit(f->reader, protocol, command, length,
	    driver_deadline(PATIENCE_MS), reply, &reply_length);
	SUITE_EQUAL_HEX(hr, S_OK);
	if (hr != S_OK)
		return;
	SUITE_EQUAL_INT(reply_length, expected + 2);
	SUITE_EQUAL_BYTES(reply + reply_length - 2, 2, "90 00");
	for (size_t i = 0; i < expected; i++)
		if (reply[i] != (sent > 0 ? (BYTE)(i * 7) : (BYTE)(i % 251))) {
			SUITE_EQUAL_INT(i, -1);
			break;
		}
}

static void
run_level(uint32_t level, const char *atr, ULONG protocol, size_t most)
{
	static const size_t sizes[] = { 1, 2, 48, 49, 52, 53, 54, 55, 118, 127, 128, 240, 250, 253,
		254, 255 };
	struct emu_reader_params params = emu_reader_defaults(level);
	struct emu_application echo = emu_application_echo();
	struct fixture f;
	BYTE bytes[33];
	ULONG length = 0, active = 0;

	start_with(&f, &params,
	    protocol == SCARD_PROTOCOL_T1 ? emu_card_t1(atr, echo) : emu_card_t0(atr, echo));
	CU_ASSERT_TRUE(sink_wait(f.sink, 2));
	SUITE_EQUAL_HEX(ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET,
			    driver_deadline(PATIENCE_MS), bytes, &length),
	    S_OK);
	SUITE_EQUAL_BYTES(bytes, length, atr);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(
			    f.reader, SCARD_PROTOCOL_Tx, driver_deadline(PATIENCE_MS), &active),
	    S_OK);
	SUITE_EQUAL_INT(active, protocol);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		exchange(&f, protocol, sizes[i], 0);
		exchange(&f, protocol, 0, sizes[i]);
	}
	exchange(&f, protocol, 0, 256);
	if (most > 256) {
		exchange(&f, protocol, 256, 0);
		exchange(&f, protocol, most, 0);
	}
	/* A command TPDU of T=0 cannot ask for more than 256 bytes. */
	if (most > 256 && (protocol == SCARD_PROTOCOL_T1 || level == EMU_LEVEL_EXTENDED)) {
		exchange(&f, protocol, 0, 257);
		exchange(&f, protocol, 0, most);
	}
	stop(&f);
}

static void
tpdu_t0(void)
{
	run_level(EMU_LEVEL_TPDU, ATR_T0, SCARD_PROTOCOL_T0, 65535);
}

static void
tpdu_t1(void)
{
	run_level(EMU_LEVEL_TPDU, ATR_T1, SCARD_PROTOCOL_T1, 65535);
}

static void
character_t0(void)
{
	run_level(EMU_LEVEL_CHARACTER, ATR_T0, SCARD_PROTOCOL_T0, 65535);
}

static void
character_t1(void)
{
	run_level(EMU_LEVEL_CHARACTER, ATR_T1, SCARD_PROTOCOL_T1, 65535);
}

static void
short_t0(void)
{
	run_level(EMU_LEVEL_SHORT, ATR_T0, SCARD_PROTOCOL_T0, 256);
}

static void
short_t1(void)
{
	run_level(EMU_LEVEL_SHORT, ATR_T1, SCARD_PROTOCOL_T1, 256);
}

static void
extended_t0(void)
{
	run_level(EMU_LEVEL_EXTENDED, ATR_T0, SCARD_PROTOCOL_T0, 65535);
}

static void
extended_t1(void)
{
	run_level(EMU_LEVEL_EXTENDED, ATR_T1, SCARD_PROTOCOL_T1, 65535);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "follows its card, and goes", follows_its_card },
		{ "TPDU level, T=0", tpdu_t0 },
		{ "TPDU level, T=1", tpdu_t1 },
		{ "character level, T=0", character_t0 },
		{ "character level, T=1", character_t1 },
		{ "short APDU level, T=0", short_t0 },
		{ "short APDU level, T=1", short_t1 },
		{ "extended APDU level, T=0", extended_t0 },
		{ "extended APDU level, T=1", extended_t1 },
	};

	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid_driver", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
