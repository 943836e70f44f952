/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver against what a reader may send on its bulk endpoint: no answer hurts more than
 * its own exchange, and the reader works again after the card is reset.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include "tests/emulator/session.h"

#define BULK_OUT 0x01
#define BULK_IN 0x82
#define UNTOUCHED 0xA5

static struct session s;

/* A reader at the extended level with a card that was connected. */
static void
start(void)
{
	session_start_level(&s, EMU_LEVEL_EXTENDED, SESSION_ATR_T0, 0);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
}

/* One exchange under a fault ends so, and the next card reset mends it. */
static void
check_fault(enum emu_action action, uint32_t argument, const char *bytes, HRESULT expected)
{
	const struct emu_fault fault = { 1, EMU_XFR_BLOCK, action, argument, bytes };

	session_fault(&s, &fault);
	SUITE_EQUAL_HEX(session_transmit(&s, "00 12 00 00 03"), expected);
	session_check_recovers(&s);
}

/* Fails, and the caller gets nothing that was not an answer. */
static void
check_refused(enum emu_action action, uint32_t argument)
{
	const struct emu_fault fault = { 1, EMU_XFR_BLOCK, action, argument, NULL };

	session_fault(&s, &fault);
	SUITE_EQUAL_HEX(session_transmit(&s, "00 12 00 00 03"), SCARD_E_COMM_DATA_LOST);
	SUITE_EQUAL_HEX(s.reply[0], UNTOUCHED);
	session_check_recovers(&s);
}

/* The same where the answer never comes: the caller's deadline ends it. */
static void
check_silence(const struct emu_fault *fault)
{
	static const BYTE command[] = { 0x00, 0x12, 0x00, 0x00, 0x03 };
	uint64_t limit;

	session_fault(&s, fault);
	limit = driver_deadline(SESSION_SHORT_MS + 2000);
	SUITE_EQUAL_HEX(session_transmit_within(
			    &s, command, sizeof command, SESSION_REPLY_MAX, SESSION_SHORT_MS),
	    SCARD_E_TIMEOUT);
	CU_ASSERT(driver_deadline(0) < limit);
	SUITE_EQUAL_HEX(s.reply[0], UNTOUCHED);
}

static void
r20(void)
{
	start();
	check_fault(EMU_EMPTY_FIRST, 1, NULL, S_OK);
	check_fault(EMU_EMPTY_FIRST, 8, NULL, S_OK);
	check_fault(EMU_EMPTY_AFTER, 2, NULL, S_OK);
	check_fault(EMU_EMPTY_FIRST, 100, NULL, SCARD_E_COMM_DATA_LOST);
	session_stop(&s);
}

static void
r21(void)
{
	start();
	for (uint32_t length = 1; length <= 9; length++)
		check_refused(EMU_SHORT, length);
	session_stop(&s);
}

static void
r22(void)
{
	start();
	check_refused(EMU_LENGTH, 6);
	check_refused(EMU_LENGTH, 0x7FFFFFFF);
	check_refused(EMU_LENGTH, 0xFFFFFFFF);
	session_stop(&s);
}

static void
r23(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	params.function[0].padding = 3000;
	session_start(&s, &params, emu_card_t0(SESSION_ATR_T0, emu_application_echo()), NULL);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	session_check_works(&s);
	session_stop(&s);
	start();
	check_fault(EMU_LONG, 1, NULL, S_OK);
	check_fault(EMU_LONG, 40, NULL, S_OK);
	check_fault(EMU_LENGTH, 1, NULL, SCARD_E_COMM_DATA_LOST);
	session_stop(&s);
}

static void
r24(void)
{
	static const uint8_t slots[] = { 1, 15, 200, 255 };
	struct emu_fault fault = { 1, EMU_XFR_BLOCK, EMU_WRONG_SLOT, 0, NULL };

	start();
	for (size_t i = 0; i < sizeof slots; i++) {
		fault.argument = slots[i];
		check_silence(&fault);
		session_check_recovers(&s);
	}
	session_stop(&s);
}

static void
r25(void)
{
	struct emu_fault always = { 0, EMU_XFR_BLOCK, EMU_WRONG_SEQ, 0x80, NULL };

	start();
	check_fault(EMU_STALE, 1, NULL, S_OK);
	check_fault(EMU_STALE, 10, NULL, S_OK);
	check_fault(EMU_STALE, 11, NULL, SCARD_E_COMM_DATA_LOST);
	check_fault(EMU_STALE, EMU_ENDLESS, NULL, SCARD_E_COMM_DATA_LOST);
	check_silence(&always);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r26(void)
{
	static const struct emu_fault power = { 0, EMU_POWER_ON, EMU_ERROR_AS, 0x81FE, NULL };

	start();
	check_fault(EMU_WRONG_TYPE, 0x81, NULL, SCARD_E_COMM_DATA_LOST);
	check_fault(EMU_WRONG_TYPE, 0x00, NULL, SCARD_E_COMM_DATA_LOST);
	check_fault(EMU_ERROR_AS, 0x81FB, NULL, SCARD_E_COMM_DATA_LOST);
	session_fault(&s, &power);
	SUITE_EQUAL_HEX(session_power(&s), SCARD_W_UNRESPONSIVE_CARD);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r27(void)
{
	static const struct emu_fault absent = { 1, EMU_GET_SLOT_STATUS, EMU_STATUS, 3, NULL };
	HRESULT hr;

	start();
	check_fault(EMU_STATUS, 0xC0, NULL, SCARD_E_COMM_DATA_LOST);
	session_fault(&s, &absent);
	CU_ASSERT(!session_is_present(&s, &hr));
	SUITE_EQUAL_HEX(hr, S_OK);
	CU_ASSERT(session_is_present(&s, &hr));
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r28(void)
{
	static const struct emu_fault fault = { 1, EMU_XFR_BLOCK, EMU_EXTEND_ENDLESS, 1, NULL };

	start();
	check_silence(&fault);
	session_check_recovers(&s);
	session_stop(&s);
}

/* The product would pass any limit; the caller's deadline holds all the same. */
static void
r29(void)
{
	static const struct emu_fault faults[] = {
		{ 1, EMU_XFR_BLOCK, EMU_EXTEND_ENDLESS, 0xFF, NULL },
	};

	start();
	check_fault(EMU_EXTEND, 20 | 0xFF << 16, NULL, S_OK);
	check_fault(EMU_EXTEND, 3 | 0x00 << 16, NULL, S_OK);
	check_silence(faults);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r30(void)
{
	static const struct emu_fault ten = { 1, EMU_GET_SLOT_STATUS, EMU_EXTEND, 10 | 1 << 16,
		NULL },
				      more = { 1, EMU_GET_SLOT_STATUS, EMU_EXTEND, 11 | 1 << 16,
					      NULL };
	HRESULT hr;

	start();
	session_fault(&s, &ten);
	CU_ASSERT(session_is_present(&s, &hr));
	SUITE_EQUAL_HEX(hr, S_OK);
	session_fault(&s, &more);
	CU_ASSERT(!session_is_present(&s, &hr));
	SUITE_EQUAL_HEX(hr, SCARD_E_COMM_DATA_LOST);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r31(void)
{
	static const struct emu_fault faults[] = {
		{ 0, EMU_POWER_ON, EMU_PAYLOAD, 0, "" },
		{ 0, EMU_POWER_ON, EMU_PAYLOAD, 0, "3B" },
		{ 0, EMU_POWER_ON, EMU_PAYLOAD_ZEROS, 34, NULL },
		{ 0, EMU_POWER_ON, EMU_PAYLOAD_ZEROS, 500, NULL },
		{ 0, EMU_POWER_ON, EMU_PAYLOAD_ZEROS, 65538, NULL },
	};
	static const struct emu_fault lie = { 0, EMU_POWER_ON, EMU_LENGTH, 0xFFFFFF00, NULL };

	start();
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		session_fault(&s, &faults[i]);
		SUITE_EQUAL_HEX(session_power(&s), SCARD_W_UNRESPONSIVE_CARD);
		session_check_recovers(&s);
	}
	session_fault(&s, &lie);
	SUITE_EQUAL_HEX(session_power(&s), SCARD_E_COMM_DATA_LOST);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r32(void)
{
	static const struct {
		const char *atr;
		HRESULT expected;
	} table[] = {
		{ "3B 80 80 80 80 80 80 80 80 80 80", SCARD_W_UNRESPONSIVE_CARD },
		{ "3B 0F 01", SCARD_W_UNRESPONSIVE_CARD },
		{ "3B F0 11", SCARD_W_UNRESPONSIVE_CARD },
		{ "00 00", SCARD_W_UNRESPONSIVE_CARD },
		/* A wrong TCK is accepted, and a missing one. */
		{ "3B 80 81 31 FE 45 FF", S_OK },
		{ "3B 80 81 31 FE 45", S_OK },
	};

	start();
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		emu_reader_swap(
		    s.emulated, 0, 0, emu_card_t1(table[i].atr, emu_application_echo()));
		SUITE_EQUAL_HEX(session_power(&s), table[i].expected);
	}
	emu_reader_swap(s.emulated, 0, 0, emu_card_t0(SESSION_ATR_T0, emu_application_echo()));
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r33(void)
{
	static const struct emu_fault forever[] = {
		{ 0, EMU_XFR_BLOCK, EMU_PIECE, 1, NULL },
		{ 0, EMU_XFR_BLOCK, EMU_PIECE, 3, NULL },
		{ 0, EMU_XFR_BLOCK, EMU_PIECE, 0x10, NULL },
		{ 0, EMU_XFR_BLOCK, EMU_PIECE, 0x55, NULL },
	};
	/* Begins, and then goes on for ever: without data, and with much. */
	static const struct emu_fault empty[] = {
		{ 1, EMU_XFR_BLOCK, EMU_PIECE, 1, NULL },
		{ 0, EMU_XFR_BLOCK, EMU_PIECE, 3, NULL },
	};
	static const struct emu_fault full[] = {
		{ 1, EMU_XFR_BLOCK, EMU_PIECE, 1 | 5000 << 8, NULL },
		{ 0, EMU_XFR_BLOCK, EMU_PIECE, 3 | 5000 << 8, NULL },
	};

	start();
	for (size_t i = 0; i < sizeof forever / sizeof forever[0]; i++) {
		session_fault(&s, &forever[i]);
		SUITE_EQUAL_HEX(session_transmit(&s, "00 12 00 00 03"), SCARD_E_COMM_DATA_LOST);
		session_check_recovers(&s);
	}
	check_fault(EMU_BYTE_9, 2, NULL, SCARD_E_COMM_DATA_LOST);
	emu_reader_faults(s.emulated, empty, 2);
	SUITE_EQUAL_HEX(session_transmit(&s, "00 12 00 00 03"), SCARD_E_COMM_DATA_LOST);
	CU_ASSERT(emu_reader_count(s.emulated, EMU_XFR_BLOCK) < 1000);
	session_check_recovers(&s);
	emu_reader_faults(s.emulated, full, 2);
	SUITE_EQUAL_HEX(session_transmit(&s, "00 12 00 00 03"), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_HEX(s.reply[SESSION_REPLY_MAX], UNTOUCHED);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r34(void)
{
	static const BYTE command[] = { 0x00, 0x12, 0x00, 0x00, 0x64 };

	start();
	for (ULONG room = 2; room < 102; room += 33) {
		SUITE_EQUAL_HEX(
		    session_transmit_within(&s, command, sizeof command, room, SESSION_PATIENCE_MS),
		    SCARD_E_INSUFFICIENT_BUFFER);
		SUITE_EQUAL_INT(s.reply_length, 102);
		SUITE_EQUAL_HEX(s.reply[room], UNTOUCHED);
		/* The exchange was whole: the card is where it was. */
		session_check_works(&s);
	}
	session_stop(&s);
}

static void
r35(void)
{
	start();
	check_fault(EMU_PAYLOAD, 0, "90", SCARD_E_COMM_DATA_LOST);
	check_fault(EMU_PAYLOAD, 0, "", SCARD_E_COMM_DATA_LOST);
	session_stop(&s);
}

static void
r36(void)
{
	static const uint8_t zeros[200];
	static const size_t lengths[] = { 0, 3, 5, 7, 200 };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	params.function[0].parameters = zeros;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		params.function[0].parameters_length = lengths[i];
		session_start(
		    &s, &params, emu_card_t1(SESSION_ATR_T1, emu_application_echo()), NULL);
		SUITE_EQUAL_HEX(session_connect(&s), S_OK);
		session_check_works(&s);
		session_stop(&s);
	}
}

static int
escape_much(void *data, const uint8_t *request, size_t length, uint8_t *reply, size_t room)
{
	(void)data, (void)request, (void)length;
	memset(reply, 0x42, room);
	return (int)room;
}

static void
r37(void)
{
	static BYTE out[70000];
	const BYTE request[] = { 0x01 };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	ULONG length = 100;

	params.function[0].escape = escape_much;
	session_start(&s, &params, emu_card_t0(SESSION_ATR_T0, emu_application_echo()), "escape");
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	memset(out, UNTOUCHED, sizeof out);
	SUITE_EQUAL_HEX(s.reader->lpVtbl->Control(s.reader, SCARD_CTL_CODE(3500), request,
			    sizeof request, driver_deadline(SESSION_PATIENCE_MS), out, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_HEX(out[100], UNTOUCHED);
	length = sizeof out;
	SUITE_EQUAL_HEX(s.reader->lpVtbl->Control(s.reader, SCARD_CTL_CODE(3500), request,
			    sizeof request, driver_deadline(SESSION_PATIENCE_MS), out, &length),
	    S_OK);
	SUITE_EQUAL_INT(length, 65538);
	SUITE_EQUAL_HEX(out[65538], UNTOUCHED);
	session_check_recovers(&s);
	session_stop(&s);
}

/* The feature's code, from the list of features; 0: it has none. */
static ULONG
feature(BYTE tag)
{
	BYTE list[128];
	ULONG length = sizeof list;

	SUITE_EQUAL_HEX(s.reader->lpVtbl->Control(s.reader, SCARD_CTL_CODE(3400), NULL, 0,
			    driver_deadline(SESSION_PATIENCE_MS), list, &length),
	    S_OK);
	for (ULONG at = 0; at + 6 <= length; at += 6)
		if (list[at] == tag)
			return (ULONG)list[at + 2] << 24 | (ULONG)list[at + 3] << 16 |
			    (ULONG)list[at + 4] << 8 | list[at + 5];
	return 0;
}

static void
r38(void)
{
	static const struct emu_user right = { EMU_USER_ENTERS, "1234", NULL, NULL };
	static const char *const replies[] = { "", "00", "00 C3", "00 C3 01", "00 C3 01 05" };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	BYTE verify[64], out[64];
	ULONG length, code;

	params.function[0].ccid.pin_support = 1;
	session_start(&s, &params, emu_card_t1(SESSION_ATR_T1, emu_application_files()), NULL);
	emu_reader_user(s.emulated, 0, &right);
	code = feature(6);
	CU_ASSERT(code != 0);
	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
		const struct emu_fault fault = { 1, EMU_SECURE, EMU_PAYLOAD, 0, replies[i] };
		size_t size = emu_hex("00 00 82 00 00 08 04 02 00 0904 00 000000 05000000"
				      "00200001 00",
		    verify, sizeof verify);
		HRESULT hr;

		SUITE_EQUAL_HEX(session_connect(&s), S_OK);
		session_fault(&s, &fault);
		length = sizeof out;
		hr = s.reader->lpVtbl->Control(s.reader, code, verify, (ULONG)size,
		    driver_deadline(SESSION_PATIENCE_MS), out, &length);
		/* The engine asks for the block again; without any there is nothing to ask for. */
		CU_ASSERT(hr == S_OK || hr == SCARD_E_COMM_DATA_LOST);
	}
	session_fault(&s, NULL);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	session_stop(&s);
}

static void
r39(void)
{
	struct vusb *usb;

	start();
	usb = emu_reader_usb(s.emulated);
	check_fault(EMU_STALL_IN, 0, NULL, SCARD_E_COMM_DATA_LOST);
	CU_ASSERT(vusb_was_cleared(usb, BULK_IN));
	check_fault(EMU_STALL_IN, 1, NULL, SCARD_E_COMM_DATA_LOST);
	check_fault(EMU_STALL_OUT, 0, NULL, SCARD_E_COMM_DATA_LOST);
	CU_ASSERT(vusb_was_cleared(usb, BULK_OUT));
	check_fault(EMU_FAIL_OUT, EPROTO, NULL, SCARD_E_COMM_DATA_LOST);
	check_fault(EMU_FAIL_IN, EPROTO, NULL, SCARD_E_COMM_DATA_LOST);
	session_stop(&s);
}

static void
r40(void)
{
	start();
	check_fault(EMU_FAIL_IN, EOVERFLOW, NULL, SCARD_E_COMM_DATA_LOST);
	session_stop(&s);
}

static void
r41(void)
{
	static const char *const babble[] = { "81 00000000 00 EE 00 00 00", "FF",
		"80 02000000 00 EE 00 00 00 90 00" };

	for (size_t i = 0; i < sizeof babble / sizeof babble[0]; i++) {
		const struct emu_fault fault = { 1, EMU_XFR_BLOCK, EMU_BABBLE, 0, babble[i] };

		start();
		session_fault(&s, &fault);
		session_check_works(&s);
		/* What is no answer at all may cost one exchange. */
		if (strlen(babble[i]) > 2)
			session_check_works(&s);
		else
			session_transmit(&s, "00 12 00 00 03");
		session_check_recovers(&s);
		session_stop(&s);
	}
}

static void
r42(void)
{
	static const struct emu_fault fault = { 1, EMU_XFR_BLOCK, EMU_LATE, 0, NULL };
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	/* With abort, and with a reader that has none. */
	start();
	check_silence(&fault);
	session_check_recovers(&s);
	session_stop(&s);
	params.function[0].no_abort = true;
	session_start(&s, &params, emu_card_t0(SESSION_ATR_T0, emu_application_echo()), NULL);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	check_silence(&fault);
	SUITE_EQUAL_INT(emu_reader_release(s.emulated), 1);
	session_check_recovers(&s);
	session_stop(&s);
}

static void
r43(void)
{
	size_t before;

	start();
	before = emu_reader_count(s.emulated, EMU_XFR_BLOCK);
	check_fault(EMU_PARTIAL_OUT, 5, NULL, SCARD_E_COMM_DATA_LOST);
	/* That one, and the one by which it is seen to work. */
	SUITE_EQUAL_INT(emu_reader_count(s.emulated, EMU_XFR_BLOCK) - before, 2);
	session_stop(&s);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "R20 transfers of 0 bytes", r20 },
		{ "R21 less than a header", r21 },
		{ "R22 dwLength beyond what came", r22 },
		{ "R23 dwLength below what came", r23 },
		{ "R24 wrong bSlot", r24 },
		{ "R25 wrong bSeq, ten times and for ever", r25 },
		{ "R26 wrong type, good and failed", r26 },
		{ "R27 status 3", r27 },
		{ "R28 time extension for ever", r28 },
		{ "R29 time extension of 255 times", r29 },
		{ "R30 time extension of a slot's status", r30 },
		{ "R31 answers to reset of no good length", r31 },
		{ "R32 answers to reset of no good form", r32 },
		{ "R33 chaining out of order and without end", r33 },
		{ "R34 more than the caller has room for", r34 },
		{ "R35 an answer without SW1 SW2", r35 },
		{ "R36 parameters of any length", r36 },
		{ "R37 an escape answer of 65 KB", r37 },
		{ "R38 a block too short, from the PIN pad", r38 },
		{ "R39 stalls and protocol errors", r39 },
		{ "R40 overflow", r40 },
		{ "R41 babble between commands", r41 },
		{ "R42 an answer after the deadline", r42 },
		{ "R43 a message taken in part", r43 },
	};
	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid bulk", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
