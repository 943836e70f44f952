/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual reader as a driver: the contract of scardreader.idl from the resource manager's side,
 * with cards that behave.
 */
#define COBJMACROS
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <objbase.h>
#include <scarderr.h>
#include <winsmcrd.h>

#include "tests/suite.h"
#include "tests/unit/driver_sink.h"
#include "tests/unit/vpcd_card.h"
#include "tests/unit/vpcd_fixture.h"

#define T1 SCARD_PROTOCOL_T1

static void
describes_itself(void)
{
	struct fixture f = fixture_start_settings("unix:card+2");
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	BOOL present = TRUE;

	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.readers[0], &info), S_OK);
	SUITE_EQUAL_STRING(info.Name, "Virtual PCD 00 00");
	SUITE_EQUAL_STRING(info.Vendor, "Tessera");
	SUITE_EQUAL_STRING(info.Model, "Virtual PCD");
	SUITE_EQUAL_STRING(info.DeviceId, "vpcd:card");
	SUITE_EQUAL_INT(info.Slot, 0);
	SUITE_EQUAL_INT(info.SerialGroup, 0);
	SUITE_EQUAL_HEX(info.Protocols, 0x10003);
	SUITE_EQUAL_INT(info.MaxCommand, 65535);
	SUITE_EQUAL_INT(info.MaxReply, 65535);
	SUITE_EQUAL_INT(info.Flags, 0);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.readers[1], &info), S_OK);
	SUITE_EQUAL_STRING(info.Name, "Virtual PCD 00 01");
	SUITE_EQUAL_STRING(info.DeviceId, "vpcd:card.1");
	SUITE_EQUAL_INT(info.Slot, 1);
	info.cbSize--;
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.readers[1], &info), E_INVALIDARG);
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(f.readers[0], 0, &present), S_OK);
	SUITE_EQUAL_INT(present, FALSE);
	SUITE_EQUAL_HEX(fixture_power(f.readers[0], SCARDREADER_COLD_RESET), SCARD_E_NO_SMARTCARD);
	fixture_stop(&f);
}

static void
attributes_and_controls(void)
{
	static const struct {
		ULONG id;
		HRESULT result;
		const char *value;
	} rows[] = {
		{ SCARD_ATTR_VENDOR_IFD_VERSION, S_OK, "00 00 01 00" },
		{ SCARD_ATTR_PROTOCOL_TYPES, S_OK, "03 00 00 00" },
		{ SCARD_ATTR_CHARACTERISTICS, S_OK, "00 00 00 00" },
		{ SCARD_ATTR_MAXINPUT, S_OK, "FF FF 00 00" },
		{ SCARD_ATTR_ICC_INTERFACE_STATUS, S_OK, "00" },
		{ SCARD_ATTR_MAX_IFSD, SCARD_E_UNSUPPORTED_FEATURE, NULL },
	};
	struct fixture f = fixture_start();
	struct card card;
	BYTE value[8];
	ULONG length;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		length = sizeof value;
		SUITE_EQUAL_HEX(
		    ISCardReader_GetAttribute(f.readers[0], rows[i].id, 0, value, &length),
		    rows[i].result);
		if (rows[i].value != NULL)
			SUITE_EQUAL_BYTES(value, length, rows[i].value);
	}
	fixture_insert(&f, &card, CARD_ECHO);
	length = sizeof value;
	ISCardReader_GetAttribute(f.readers[0], SCARD_ATTR_ICC_INTERFACE_STATUS, 0, value, &length);
	SUITE_EQUAL_BYTES(value, length, "01");
	length = sizeof value;
	SUITE_EQUAL_HEX(ISCardReader_Control(
			    f.readers[0], CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, 0, value, &length),
	    S_OK);
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_HEX(
	    ISCardReader_Control(f.readers[0], SCARD_CTL_CODE(1), NULL, 0, 0, value, &length),
	    SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(
	    ISCardReader_SetAttribute(f.readers[0], 1, value, 1, 0), SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(
	    ISCardReader_Move(f.readers[0], SCARDREADER_EJECT, 0), SCARD_E_UNSUPPORTED_FEATURE);
	card_end(&card);
	fixture_stop(&f);
}

static void
powers(void)
{
	static const SCARDREADER_POWER actions[] = { SCARDREADER_WARM_RESET, SCARDREADER_WARM_RESET,
		SCARDREADER_COLD_RESET, SCARDREADER_POWER_DOWN, SCARDREADER_WARM_RESET,
		SCARDREADER_POWER_DOWN, SCARDREADER_COLD_RESET };
	struct fixture f = fixture_start();
	struct card card;
	BYTE atr[SCARDREADER_ATR_MAX], reply[8];
	ULONG length, active;

	card_begin(&card, &f.settings, 0, CARD_ECHO, NULL, 0);
	CU_ASSERT_TRUE(sink_wait(f.sink, 2));
	SUITE_EQUAL_HEX(
	    ISCardReader_SetProtocol(f.readers[0], 3, 0, &active), SCARD_W_UNPOWERED_CARD);
	length = sizeof reply;
	SUITE_EQUAL_HEX(fixture_transmit(f.readers[0], driver_deadline(1000), reply, &length),
	    SCARD_W_UNPOWERED_CARD);
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
		length = 99;
		SUITE_EQUAL_HEX(ISCardReader_Power(
				    f.readers[0], actions[i], driver_deadline(20000), atr, &length),
		    S_OK);
		if (actions[i] == SCARDREADER_POWER_DOWN)
			SUITE_EQUAL_INT(length, 0);
		else
			SUITE_EQUAL_BYTES(atr, length, "3B 80 80 01 01");
	}
	length = sizeof reply;
	SUITE_EQUAL_HEX(fixture_transmit(f.readers[0], driver_deadline(1000), reply, &length),
	    SCARD_E_PROTO_MISMATCH);
	SUITE_EQUAL_HEX(ISCardReader_Power(f.readers[0], (SCARDREADER_POWER)7, 0, atr, &length),
	    SCARD_E_INVALID_PARAMETER);
	card_end(&card);
	SUITE_EQUAL_BYTES(
	    card.controls, card.control_count, "01 04  02 04  00 01 04  00  01 04  00  01 04");
	fixture_stop(&f);
}

static void
settles_the_protocol(void)
{
	static const uint8_t t0[] = { 0x3B, 0x00 };
	static const uint8_t both[] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };
	static const uint8_t specific[] = { 0x3B, 0x80, 0x90, 0x00, 0x01, 0x11 };
	static const uint8_t malformed[] = { 0x3B, 0xFF, 0x00 };
	static const struct {
		const uint8_t *atr;
		size_t length;
		ULONG allowed;
		HRESULT result;
		ULONG active;
	} rows[] = {
		{ t0, sizeof t0, 3, S_OK, 1 },
		{ t0, sizeof t0, 2, SCARD_E_PROTO_MISMATCH, 0 },
		{ both, sizeof both, 3, S_OK, 2 },
		{ both, sizeof both, 1, S_OK, 1 },
		{ both, sizeof both, 2, S_OK, 2 },
		{ both, sizeof both, 0x10003, S_OK, 2 },
		{ both, sizeof both, 0x10000, S_OK, 0x10000 },
		{ both, sizeof both, 0, SCARD_E_PROTO_MISMATCH, 0 },
		{ specific, sizeof specific, 3, S_OK, 1 },
		{ specific, sizeof specific, 2, SCARD_E_PROTO_MISMATCH, 0 },
		{ malformed, sizeof malformed, 3, SCARD_E_PROTO_MISMATCH, 0 },
		{ malformed, sizeof malformed, 0x10003, S_OK, 0x10000 },
	};
	struct fixture f = fixture_start();

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct card card;
		ULONG active = 0, length = 16;
		BYTE reply[16];

		card_begin(&card, &f.settings, 0, CARD_ECHO, rows[i].atr, rows[i].length);
		CU_ASSERT_TRUE(sink_wait(f.sink, 2 * i + 2));
		SUITE_EQUAL_HEX(fixture_power(f.readers[0], SCARDREADER_COLD_RESET), S_OK);
		SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.readers[0], rows[i].allowed, 0, &active),
		    rows[i].result);
		SUITE_EQUAL_INT(active, rows[i].active);
		if (rows[i].result == S_OK) {
			SUITE_EQUAL_HEX(
			    ISCardReader_Transmit(f.readers[0], active, fixture_command,
				sizeof fixture_command, driver_deadline(20000), reply, &length),
			    S_OK);
			SUITE_EQUAL_BYTES(reply, length, ECHOED);
		}
		card_end(&card);
		fixture_check_removed(&f, 2 * i + 2);
	}
	fixture_stop(&f);
}

static void
atr_of_wrong_length(void)
{
	static const uint8_t atr[34] = { 0x3B, 0x00 };
	static const struct {
		size_t length;
		HRESULT result;
	} rows[] = { { 0, SCARD_W_UNRESPONSIVE_CARD }, { 34, SCARD_W_UNRESPONSIVE_CARD },
		{ 33, S_OK } };
	struct fixture f = fixture_start();
	BYTE out[SCARDREADER_ATR_MAX];

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct card card;
		ULONG length = 77;

		card_begin(&card, &f.settings, 0, CARD_ECHO, atr, rows[i].length);
		CU_ASSERT_TRUE(sink_wait(f.sink, 2 * i + 2));
		memset(out, 0xEE, sizeof out);
		/* Twice: the stream has stayed in step. */
		for (int k = 0; k < 2; k++)
			SUITE_EQUAL_HEX(ISCardReader_Power(f.readers[0], SCARDREADER_COLD_RESET,
					    driver_deadline(20000), out, &length),
			    rows[i].result);
		SUITE_EQUAL_INT(length, rows[i].result == S_OK ? 33 : 77);
		SUITE_EQUAL_INT(out[1], rows[i].result == S_OK ? 0x00 : 0xEE);
		card_end(&card);
		fixture_check_removed(&f, 2 * i + 2);
	}
	fixture_stop(&f);
}

static void
exchanges(bool tcp)
{
	struct fixture f = tcp ? fixture_start_tcp() : fixture_start();
	uint64_t late = driver_deadline(8000);
	struct card card;
	BYTE reply[16];
	ULONG length;

	fixture_insert(&f, &card, CARD_ECHO);
	/* With delayed acknowledgements this many would take longer than is allowed here. */
	for (int i = 0; i < 300; i++) {
		length = sizeof reply;
		SUITE_EQUAL_HEX(fixture_transmit(f.readers[0], late, reply, &length), S_OK);
	}
	SUITE_EQUAL_BYTES(reply, length, ECHOED);
	card_end(&card);
	/* Length and payload came together each time. */
	SUITE_EQUAL_INT(card.pieces, 0);
	fixture_check_removed(&f, 2);
	fixture_stop(&f);
}

static void
exchanges_unix(void)
{
	exchanges(false);
}

static void
exchanges_tcp(void)
{
	exchanges(true);
}

static void
long_messages(void)
{
	struct fixture f = fixture_start_tcp();
	BYTE *large = g_malloc0(65536), *reply = g_malloc0(65536);
	struct card card;
	ULONG length;

	fixture_insert(&f, &card, CARD_LONG);
	large[1] = 0xB0;
	length = 65535;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(
			    f.readers[0], T1, large, 65535, driver_deadline(20000), reply, &length),
	    S_OK);
	SUITE_EQUAL_INT(length, 65535);
	SUITE_EQUAL_HEX(reply[65533], 0x90);
	/* Without room for it the answer is dropped, and the next one is right. */
	for (ULONG room = 0; room < 65535; room += 13107) {
		length = room;
		SUITE_EQUAL_HEX(ISCardReader_Transmit(f.readers[0], T1, fixture_command,
				    sizeof fixture_command, driver_deadline(20000), reply, &length),
		    SCARD_E_INSUFFICIENT_BUFFER);
		SUITE_EQUAL_INT(length, 65535);
	}
	length = 65536;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.readers[0], T1, fixture_command,
			    sizeof fixture_command, driver_deadline(20000), reply, &length),
	    S_OK);
	SUITE_EQUAL_INT(length, 65535);
	/* What a message cannot carry, or would make a control of. */
	length = 65536;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.readers[0], T1, large, 65536, 0, reply, &length),
	    SCARD_E_INVALID_PARAMETER);
	for (ULONG n = 0; n < 2; n++)
		SUITE_EQUAL_HEX(
		    ISCardReader_Transmit(f.readers[0], T1, large, n, 0, reply, &length),
		    SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Transmit(f.readers[0], T1, NULL, 4, 0, reply, &length), E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Transmit(f.readers[0], T1, large, 4, 0, NULL, &length), E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Transmit(f.readers[0], T1, large, 4, 0, reply, NULL), E_POINTER);
	card_end(&card);
	g_free(large);
	g_free(reply);
	fixture_stop(&f);
}

static void
dripping_card(void)
{
	struct fixture f = fixture_start();
	struct card card;

	fixture_insert(&f, &card, CARD_DRIP);
	fixture_check_echo(f.readers[0]);
	fixture_check_echo(f.readers[0]);
	card_end(&card);
	fixture_stop(&f);
}

static void
start_refuses(void)
{
	char text[64], message[256];
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof address;
	struct fixture f = fixture_start();
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct {
		const char *settings;
		HRESULT result;
		const char *text;
	} rows[] = {
		{ "tcp:99999", SCARD_E_INVALID_PARAMETER,
		    "vpcd: \"99999\" is not a port from 1 to 65535; expected tcp:PORT or "
		    "unix:PATH, "
		    "with +SLOTS behind it for more than one slot" },
		{ text, SCARD_E_READER_UNAVAILABLE, message },
		{ "unix:card", SCARD_E_READER_UNAVAILABLE,
		    "vpcd: cannot listen on card: Address already in use; another program listens "
		    "there: end it, or choose another address" },
		{ "unix:file", SCARD_E_READER_UNAVAILABLE,
		    "vpcd: cannot listen on file: File exists; the file there is not a socket: "
		    "remove "
		    "it, or choose another path" },
		{ "unix:no/folder/card", SCARD_E_READER_UNAVAILABLE,
		    "vpcd: cannot listen on no/folder/card: No such file or directory; make the "
		    "folder "
		    "first, or choose another path" },
		{ "unix:fresh+3", SCARD_E_READER_UNAVAILABLE,
		    "vpcd: cannot listen on fresh.2: File exists; the file there is not a socket: "
		    "remove it, or choose another path" },
	};

	CU_ASSERT_TRUE(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
	    listen(fd, 1) == 0 && getsockname(fd, (struct sockaddr *)&address, &length) == 0);
	snprintf(text, sizeof text, "tcp:%u", ntohs(address.sin_port));
	snprintf(message, sizeof message,
	    "vpcd: cannot listen on 127.0.0.1:%u: Address already in use; another program listens "
	    "there: end it, or choose another address",
	    ntohs(address.sin_port));
	CU_ASSERT_TRUE(g_file_set_contents("file", "", 0, NULL));
	CU_ASSERT_TRUE(g_file_set_contents("fresh.2", "", 0, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ISCardReaderDriver *driver = driver_new("vpcd");
		ISCardReaderSink *sink = sink_new();

		SUITE_EQUAL_HEX(
		    ISCardReaderDriver_Start(driver, rows[i].settings, sink, 0), rows[i].result);
		driver_check_text(rows[i].text);
		SUITE_EQUAL_INT(sink_count(sink), 0);
		ISCardReaderDriver_Release(driver);
		ISCardReaderSink_Release(sink);
	}
	/* What was opened before the failure is taken away again; what is not ours stays. */
	CU_ASSERT_FALSE(g_file_test("fresh", G_FILE_TEST_EXISTS));
	CU_ASSERT_FALSE(g_file_test("fresh.1", G_FILE_TEST_EXISTS));
	CU_ASSERT_TRUE(g_file_test("fresh.2", G_FILE_TEST_EXISTS));
	CU_ASSERT_TRUE(g_file_test("file", G_FILE_TEST_EXISTS));
	close(fd);
	fixture_stop(&f);
}

static void
start_without_memory(void)
{
	for (size_t fail_at = 0; fail_at < 2; fail_at++) {
		ISCardReaderDriver *driver = driver_new("vpcd");
		ISCardReaderSink *sink = sink_new();

		sink_fail_at(sink, fail_at);
		SUITE_EQUAL_HEX(
		    ISCardReaderDriver_Start(driver, "unix:card+2", sink, 0), E_OUTOFMEMORY);
		SUITE_EQUAL_INT(sink_count(sink), fail_at == 0 ? 1 : 3);
		if (fail_at == 1)
			SUITE_EQUAL_INT(sink_event(sink, 2, NULL), SINK_GONE);
		ISCardReaderDriver_Release(driver);
		ISCardReaderSink_Release(sink);
		driver_check_no_objects();
	}
}

static void
sockets_in_the_file_system(void)
{
	struct fixture f = fixture_start();
	struct stat status;

	SUITE_EQUAL_INT(stat("card", &status), 0);
	SUITE_EQUAL_INT(status.st_mode & 0777, 0600);
	fixture_stop(&f);
	SUITE_EQUAL_INT(stat("card", &status), -1);

	/* One that is left over is replaced. */
	f = fixture_start();
	SUITE_EQUAL_INT(rename("card", "stale"), 0);
	fixture_stop(&f);
	SUITE_EQUAL_INT(stat("stale", &status), 0);
	f = fixture_start_settings("unix:stale");
	fixture_stop(&f);
	SUITE_EQUAL_INT(stat("stale", &status), -1);

	/* What another one has put there meanwhile is left alone. */
	f = fixture_start();
	SUITE_EQUAL_INT(unlink("card"), 0);
	CU_ASSERT_TRUE(g_file_set_contents("card", "mine", -1, NULL));
	fixture_stop(&f);
	SUITE_EQUAL_INT(stat("card", &status), 0);
	SUITE_EQUAL_INT(unlink("card"), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "describes itself", describes_itself },
		{ "attributes and controls", attributes_and_controls },
		{ "power", powers },
		{ "protocol", settles_the_protocol },
		{ "answers to reset of wrong length", atr_of_wrong_length },
		{ "exchanges, Unix socket", exchanges_unix },
		{ "exchanges, TCP", exchanges_tcp },
		{ "long messages", long_messages },
		{ "a card that drips bytes", dripping_card },
		{ "Start explains what it refuses", start_refuses },
		{ "Start takes back what it cannot finish", start_without_memory },
		{ "sockets in the file system", sockets_in_the_file_system },
	};
	int result;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	result = suite_run("vpcd driver", tests, G_N_ELEMENTS(tests));
	CoUninitialize();
	return result;
}
