/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver against its callers: arguments that make no sense are answered before anything
 * is sent, and two at a time are served one after the other.
 */
#define COBJMACROS
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include "tests/emulator/session.h"

#define ROUNDS 50
#define UNTOUCHED 0xA5

static struct session s;

static uint64_t
soon(void)
{
	return driver_deadline(SESSION_PATIENCE_MS);
}

/* A PIN pad reader with a card that is connected. */
static void
start(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

	params.function[0].ccid.pin_support = 3;
	session_start(&s, &params, emu_card_t0(SESSION_ATR_T0, emu_application_echo()), NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s.reader);
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
}

static void
r80(void)
{
	static BYTE command[65545];
	static const ULONG lengths[] = { 0, 1, 2, 3, 65545, 0xFFFFFFFF };
	size_t before;

	start();
	before = emu_reader_messages(s.emulated);
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
		SUITE_EQUAL_HEX(session_transmit_within(&s, command, lengths[i], SESSION_REPLY_MAX,
				    SESSION_PATIENCE_MS),
		    SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_INT(emu_reader_messages(s.emulated), before);
	session_check_works(&s);
	session_stop(&s);
}

static void
r81(void)
{
	const BYTE command[] = { 0x00, 0x12, 0x00, 0x00, 0x03 };
	BYTE reply[8];
	ULONG length = sizeof reply;
	size_t before;

	start();
	before = emu_reader_messages(s.emulated);
	SUITE_EQUAL_HEX(
	    ISCardReader_Transmit(s.reader, s.protocol, NULL, 0, soon(), reply, &length),
	    E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(
			    s.reader, s.protocol, command, sizeof command, soon(), NULL, &length),
	    E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(
			    s.reader, s.protocol, command, sizeof command, soon(), reply, NULL),
	    E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(s.reader, SCARDREADER_COLD_RESET, soon(), NULL, &length), E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(s.reader, SCARDREADER_COLD_RESET, soon(), reply, NULL), E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(s.reader, soon(), NULL), E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_SetProtocol(s.reader, SCARD_PROTOCOL_T0, soon(), NULL), E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Control(s.reader, SCARD_CTL_CODE(3400), NULL, 1, soon(), reply, &length),
	    E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Control(s.reader, SCARD_CTL_CODE(3400), NULL, 0, soon(), reply, NULL),
	    E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(s.reader, NULL), E_POINTER);
	SUITE_EQUAL_INT(emu_reader_messages(s.emulated), before);
	session_check_works(&s);
	session_stop(&s);
}

static void
r82(void)
{
	const BYTE command[] = { 0x00, 0x12, 0x00, 0x00, 0x03 };
	size_t before;

	start();
	before = emu_reader_messages(s.emulated);
	for (ULONG room = 0; room < 2; room++) {
		SUITE_EQUAL_HEX(
		    session_transmit_within(&s, command, sizeof command, room, SESSION_PATIENCE_MS),
		    SCARD_E_INSUFFICIENT_BUFFER);
		SUITE_EQUAL_HEX(s.reply[0], UNTOUCHED);
	}
	SUITE_EQUAL_INT(emu_reader_messages(s.emulated), before);
	session_check_works(&s);
	session_stop(&s);
}

static void
r83(void)
{
	static const ULONG codes[] = { 0, 1, 0xFFFFFFFF, SCARD_CTL_CODE(1), SCARD_CTL_CODE(0x7FF),
		SCARD_CTL_CODE(3400) + 1, 0x42330000, 0x423300FF };
	static const ULONG attributes[] = { 0, 1, 0x00010105, 0x0008020F, 0x7FFFFFFF, 0xFFFFFFFF };
	BYTE bytes[64];
	ULONG length;

	start();
	for (int action = 3; action < 600; action += 199)
		SUITE_EQUAL_HEX(
		    ISCardReader_Power(s.reader, (SCARDREADER_POWER)action, soon(), bytes, &length),
		    SCARD_E_INVALID_PARAMETER);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		length = sizeof bytes;
		SUITE_EQUAL_HEX(
		    ISCardReader_Control(s.reader, codes[i], bytes, 4, soon(), bytes, &length),
		    SCARD_E_UNSUPPORTED_FEATURE);
	}
	for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
		length = sizeof bytes;
		SUITE_EQUAL_HEX(
		    ISCardReader_GetAttribute(s.reader, attributes[i], soon(), bytes, &length),
		    SCARD_E_UNSUPPORTED_FEATURE);
		SUITE_EQUAL_HEX(
		    ISCardReader_SetAttribute(s.reader, attributes[i], bytes, 4, soon()),
		    SCARD_E_UNSUPPORTED_FEATURE);
	}
	SUITE_EQUAL_HEX(ISCardReader_Move(s.reader, (SCARDREADER_MOVEMENT)8, soon()),
	    SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_HEX(
	    ISCardReader_SetProtocol(s.reader, 0, soon(), &length), SCARD_E_PROTO_MISMATCH);
	session_check_works(&s);
	session_stop(&s);
}

/* A feature's code; 0: there is none. */
static ULONG
feature(BYTE tag)
{
	BYTE list[128];
	ULONG length = sizeof list;

	SUITE_EQUAL_HEX(
	    ISCardReader_Control(s.reader, SCARD_CTL_CODE(3400), NULL, 0, soon(), list, &length),
	    S_OK);
	for (ULONG at = 0; at + 6 <= length; at += 6)
		if (list[at] == tag)
			return (ULONG)list[at + 2] << 24 | (ULONG)list[at + 3] << 16 |
			    (ULONG)list[at + 4] << 8 | list[at + 5];
	return 0;
}

static void
r84(void)
{
	static const struct {
		BYTE tag;
		const char *bytes;
	} table[] = {
		{ 6, "" },
		{ 6, "00" },
		{ 6, "00 00 82 00 00 08 04 02 00 0904 00 000000 05000000" },
		{ 6, "00 00 82 00 00 08 04 02 00 0904 00 000000 04000000 00200001 00" },
		{ 6, "00 00 82 00 00 08 04 02 00 0904 00 000000 06000000 00200001 00" },
		{ 6, "00 00 82 00 00 08 04 02 00 0904 00 000000 FFFFFFFF 00200001 00" },
		{ 6, "00 00 82 00 00 08 04 02 00 0904 00 000000 03000000 002000" },
		{ 7, "00 00 82 00 00 00 00 08 04 00 02 00 0904 00 00 00 000000 05000000" },
		{ 7,
		    "00 00 82 00 00 00 00 08 04 00 02 04 0904 00 00 00 000000 05000000 00240001 "
		    "00" },
		{ 7,
		    "00 00 82 00 00 00 00 08 04 00 02 00 0904 00 00 00 000000 00000005 00240001 "
		    "0000" },
	};
	BYTE in[128], out[16];

	start();
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		ULONG length = sizeof out;
		ULONG size = (ULONG)emu_hex(table[i].bytes, in, sizeof in);

		SUITE_EQUAL_HEX(ISCardReader_Control(s.reader, feature(table[i].tag), in, size,
				    soon(), out, &length),
		    SCARD_E_INVALID_PARAMETER);
		SUITE_EQUAL_INT(length, 0);
	}
	SUITE_EQUAL_INT(emu_reader_count(s.emulated, EMU_SECURE), 0);
	session_check_works(&s);
	session_stop(&s);
}

static void
r85(void)
{
	BYTE bytes[256];
	ULONG whole, length, code;

	start();
	whole = sizeof bytes;
	SUITE_EQUAL_HEX(
	    ISCardReader_Control(s.reader, SCARD_CTL_CODE(3400), NULL, 0, soon(), bytes, &whole),
	    S_OK);
	SUITE_EQUAL_INT(whole % 6, 0);
	code = feature(0x12);
	CU_ASSERT(code != 0);
	for (int round = 0; round < 2; round++) {
		for (ULONG room = 0; room < whole; room++) {
			memset(bytes, UNTOUCHED, sizeof bytes);
			length = room;
			SUITE_EQUAL_HEX(
			    ISCardReader_Control(s.reader, round == 0 ? SCARD_CTL_CODE(3400) : code,
				NULL, 0, soon(), bytes, &length),
			    SCARD_E_INSUFFICIENT_BUFFER);
			SUITE_EQUAL_HEX(bytes[room], UNTOUCHED);
		}
		whole = sizeof bytes;
		SUITE_EQUAL_HEX(
		    ISCardReader_Control(s.reader, code, NULL, 0, soon(), bytes, &whole), S_OK);
	}
	session_stop(&s);
}

struct caller {
	pthread_t thread;
	BYTE number;
	int right;
};

static void *
call(void *data)
{
	struct caller *caller = data;

	for (int i = 0; i < ROUNDS; i++) {
		const BYTE command[] = { 0x00, 0x10, 0x00, 0x00, 0x02, caller->number, (BYTE)i,
			0x00 };
		BYTE reply[64];
		ULONG length = sizeof reply;

		if (ISCardReader_Transmit(s.reader, s.protocol, command, sizeof command, soon(),
			reply, &length) == S_OK &&
		    length == 4 && memcmp(reply, command + 5, 2) == 0)
			caller->right++;
	}
	return NULL;
}

static void
r86(void)
{
	struct caller callers[4];

	start();
	for (BYTE i = 0; i < 4; i++) {
		callers[i] = (struct caller){ .number = i };
		pthread_create(&callers[i].thread, NULL, call, &callers[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(callers[i].thread, NULL);
		SUITE_EQUAL_INT(callers[i].right, ROUNDS);
	}
	session_stop(&s);
}

/* After the end, and twice; a driver that never began. */
static void
r87(void)
{
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	ISCardReaderDriver *never;
	ISCardReader *reader;
	BOOL present;

	start();
	reader = s.reader;
	ISCardReader_AddRef(reader);
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(s.driver), S_OK);
	SUITE_EQUAL_HEX(
	    ISCardReader_GetPresence(reader, soon(), &present), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(session_power(&s), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(session_transmit(&s, "00 12 00 00 03"), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(reader, &info), S_OK);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(reader), S_OK);
	ISCardReader_Release(reader);
	session_stop(&s);
	never = driver_new("ccid");
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(never), S_OK);
	ISCardReaderDriver_Release(never);
	driver_check_no_objects();
}

static void
r88(void)
{
	BYTE bytes[64];
	ULONG length = 0;

	start();
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(s.reader, SCARD_ATTR_ATR_STRING, soon(), NULL, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 2);
	memset(bytes, UNTOUCHED, sizeof bytes);
	length = 1;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(s.reader, SCARD_ATTR_ATR_STRING, soon(), bytes, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 2);
	SUITE_EQUAL_HEX(bytes[1], UNTOUCHED);
	length = 3;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(s.reader, SCARD_ATTR_DEFAULT_CLK, soon(), bytes, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 4);
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(s.reader, SCARD_ATTR_DEFAULT_CLK, soon(), bytes, NULL),
	    E_POINTER);
	length = 4;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(s.reader, SCARD_ATTR_DEFAULT_CLK, soon(), bytes, &length),
	    S_OK);
	SUITE_EQUAL_BYTES(bytes, length, "A0 0F 00 00");
	session_stop(&s);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "R80 commands of impossible length", r80 },
		{ "R81 no buffers", r81 },
		{ "R82 no room for SW1 SW2", r82 },
		{ "R83 unknown actions, codes, attributes", r83 },
		{ "R84 PIN structures whose lengths disagree", r84 },
		{ "R85 lists into tiny buffers", r85 },
		{ "R86 four threads on one slot", r86 },
		{ "R87 after the end", r87 },
		{ "R88 attributes into no or little room", r88 },
	};
	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid caller", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
