/* SPDX-License-Identifier: BSD-2-Clause */
/* Hosted IFD handlers that behave: the contract of scardreader.idl from the manager's side. */
#define COBJMACROS
#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <objbase.h>
#include <scarderr.h>
#include <winsmcrd.h>

#include "tests/suite.h"
#include "tests/unit/ifdhandler_fixture.h"

static void
describes_itself(void)
{
	struct fixture f = fixture_start("two");
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	ISCardReader *second;
	BOOL present = FALSE;

	CU_ASSERT_TRUE(sink_wait(f.sink, 4));
	SUITE_EQUAL_INT(sink_event(f.sink, 1, NULL), SINK_INSERTED);
	SUITE_EQUAL_INT(sink_event(f.sink, 2, &second), SINK_ARRIVED);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.reader, &info), S_OK);
	SUITE_EQUAL_STRING(info.Name, "Echo 00 00");
	SUITE_EQUAL_STRING(info.Vendor, "Maker");
	SUITE_EQUAL_STRING(info.Model, "Echo");
	SUITE_EQUAL_STRING(info.DeviceId, "ifdhandler:two+0");
	SUITE_EQUAL_INT(info.SerialGroup, 1);
	SUITE_EQUAL_HEX(info.Protocols, 3);
	SUITE_EQUAL_INT(info.MaxCommand, SCARDREADER_APDU_MAX);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(second, &info), S_OK);
	SUITE_EQUAL_STRING(info.Name, "Echo 00 01");
	SUITE_EQUAL_INT(info.Slot, 1);
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(f.reader, 0, &present), S_OK);
	SUITE_EQUAL_INT(present, TRUE);
	SUITE_EQUAL_HEX(fixture_use(second, 20000), S_OK);
	SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), S_OK);
	fixture_stop(&f);
}

static void
powers_and_settles(void)
{
	struct fixture f = fixture_start("echo");
	BYTE atr[SCARDREADER_ATR_MAX], reply[8];
	ULONG length = sizeof reply, active = 0;

	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 3, 0, &active), SCARD_W_UNPOWERED_CARD);
	SUITE_EQUAL_HEX(
	    fixture_transmit(f.reader, 2, 20000, reply, &length), SCARD_W_UNPOWERED_CARD);
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_WARM_RESET, 0, atr, &length), S_OK);
	SUITE_EQUAL_BYTES(atr, length, "3B 80 80 01 01");
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 1, 0, &active), S_OK);
	SUITE_EQUAL_INT(active, 1);
	length = sizeof reply;
	SUITE_EQUAL_HEX(
	    fixture_transmit(f.reader, 2, 20000, reply, &length), SCARD_E_PROTO_MISMATCH);
	SUITE_EQUAL_HEX(fixture_transmit(f.reader, 1, 20000, reply, &length), S_OK);
	SUITE_EQUAL_BYTES(reply, length, "00 A4 00 0C 90 00");
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, &length), S_OK);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 3, 0, &active), S_OK);
	SUITE_EQUAL_INT(active, 2);
	SUITE_EQUAL_HEX(
	    ISCardReader_SetProtocol(f.reader, 0x10000, 0, &active), SCARD_E_PROTO_MISMATCH);
	length = 5;
	SUITE_EQUAL_HEX(
	    fixture_transmit(f.reader, 2, 20000, reply, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 6);
	length = sizeof reply;
	SUITE_EQUAL_HEX(fixture_transmit(f.reader, 2, 20000, reply, &length), S_OK);
	/* Too late to begin: no harm is done. */
	SUITE_EQUAL_HEX(
	    ISCardReader_Transmit(f.reader, 2, reply, 4, 1, reply, &length), SCARD_E_TIMEOUT);
	length = sizeof reply;
	SUITE_EQUAL_HEX(fixture_transmit(f.reader, 2, 20000, reply, &length), S_OK);
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_POWER_DOWN, 0, NULL, &length), S_OK);
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 3, 0, &active), SCARD_W_UNPOWERED_CARD);
	fixture_stop(&f);
}

static void
largest_command(void)
{
	struct fixture f = fixture_start("echo");
	ULONG length = SCARDREADER_APDU_MAX;
	BYTE *command = g_malloc0(SCARDREADER_APDU_MAX), *reply = g_malloc(SCARDREADER_APDU_MAX);

	SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), S_OK);
	command[SCARDREADER_APDU_MAX - 3] = 0x5A;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, 2, command, SCARDREADER_APDU_MAX - 2,
			    driver_deadline(20000), reply, &length),
	    S_OK);
	SUITE_EQUAL_INT(length, SCARDREADER_APDU_MAX);
	SUITE_EQUAL_BYTES(reply + SCARDREADER_APDU_MAX - 3, 3, "5A 90 00");
	SUITE_EQUAL_HEX(ISCardReader_Transmit(
			    f.reader, 2, command, SCARDREADER_APDU_MAX + 1, 0, reply, &length),
	    SCARD_E_INVALID_PARAMETER);
	g_free(command);
	g_free(reply);
	fixture_stop(&f);
}

static void
controls_and_attributes(void)
{
	struct fixture f = fixture_start("echo");
	BYTE out[16];
	ULONG length = sizeof out;

	SUITE_EQUAL_HEX(
	    ISCardReader_Control(f.reader, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, 0, out, &length),
	    S_OK);
	SUITE_EQUAL_BYTES(out, length, "06 04 00 31 00 1C");
	length = sizeof out;
	SUITE_EQUAL_HEX(ISCardReader_Control(
			    f.reader, SCARD_CTL_CODE(7), (const BYTE *)"ab", 2, 0, out, &length),
	    S_OK);
	SUITE_EQUAL_BYTES(out, length, "61 62");
	length = 1;
	SUITE_EQUAL_HEX(ISCardReader_Control(
			    f.reader, SCARD_CTL_CODE(7), (const BYTE *)"ab", 2, 0, out, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 2);
	length = sizeof out;
	SUITE_EQUAL_HEX(ISCardReader_Control(f.reader, SCARD_CTL_CODE(8), NULL, 0, 0, out, &length),
	    SCARD_E_UNSUPPORTED_FEATURE);
	length = sizeof out;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(f.reader, SCARD_ATTR_MAXINPUT, 0, out, &length), S_OK);
	SUITE_EQUAL_BYTES(out, length, "04 03 02 01");
	SUITE_EQUAL_HEX(ISCardReader_GetAttribute(f.reader, SCARD_ATTR_MAX_IFSD, 0, out, &length),
	    SCARD_E_UNSUPPORTED_FEATURE);
	/* The addresses of the handler's functions are nobody's business. */
	length = sizeof out;
	SUITE_EQUAL_HEX(ISCardReader_GetAttribute(f.reader, 0x0FB3, 0, out, &length),
	    SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(ISCardReader_SetAttribute(f.reader, SCARD_ATTR_MAXINPUT, out, 4, 0), S_OK);
	SUITE_EQUAL_HEX(ISCardReader_SetAttribute(f.reader, SCARD_ATTR_MAXINPUT, out, 3, 0),
	    SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(
	    ISCardReader_Move(f.reader, SCARDREADER_EJECT, 0), SCARD_E_UNSUPPORTED_FEATURE);
	fixture_stop(&f);
}

static void
version_2(void)
{
	struct fixture f = fixture_start_handler("ifd_handler_2.so", "7");
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	BYTE out[8];
	ULONG length = sizeof out, active = 0;

	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.reader, &info), S_OK);
	SUITE_EQUAL_STRING(info.DeviceId, "ifdhandler:7+0");
	SUITE_EQUAL_HEX(ISCardReader_Control(
			    f.reader, SCARD_CTL_CODE(1), (const BYTE *)"xyz", 3, 0, out, &length),
	    S_OK);
	SUITE_EQUAL_BYTES(out, length, "78 79 7A");
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, out, &length), S_OK);
	/* It negotiates nothing: only what the card begins with. */
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 2, 0, &active), SCARD_E_PROTO_MISMATCH);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 1, 0, &active), S_OK);
	SUITE_EQUAL_INT(active, 1);
	fixture_stop(&f);
}

static void
asks_for_the_card(void)
{
	struct fixture f = fixture_start("file:card");
	ISCardReader *reader;

	SUITE_EQUAL_INT(sink_count(f.sink), 1);
	SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), SCARD_E_NO_SMARTCARD);
	for (size_t i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(g_file_set_contents("card", "", 0, NULL));
		CU_ASSERT_TRUE(sink_wait(f.sink, 2 + 2 * i));
		SUITE_EQUAL_INT(sink_event(f.sink, 1 + 2 * i, &reader), SINK_INSERTED);
		CU_ASSERT_PTR_EQUAL(reader, f.reader);
		SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), S_OK);
		SUITE_EQUAL_INT(unlink("card"), 0);
		SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), SCARD_E_NO_SMARTCARD);
		CU_ASSERT_TRUE(sink_wait(f.sink, 3 + 2 * i));
		SUITE_EQUAL_INT(sink_event(f.sink, 2 + 2 * i, NULL), SINK_REMOVED);
	}
	fixture_stop(&f);
}

static void
long_names(void)
{
	g_autofree char *many = g_strnfill(99, 'n'), *here = g_get_current_dir();
	g_autofree char *name = g_strdup_printf("%s\u00E4\u00F6", many);
	g_autofree char *path = g_strdup_printf("configuration:%s/reader.conf", here);
	g_autofree char *text = g_strdup_printf(
	    "FRIENDLYNAME \"%s\"\nDEVICENAME echo\nLIBPATH %s/tests/ifd/ifd_handler.so\n", name,
	    g_getenv("TESSERA_BUILD"));
	ISCardReaderDriver *driver = driver_new("ifdhandler");
	ISCardReaderSink *sink = sink_new();
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	ISCardReader *reader = NULL;

	CU_ASSERT_TRUE(g_file_set_contents("reader.conf", text, -1, NULL));
	SUITE_EQUAL_HEX(ISCardReaderDriver_Start(driver, path, sink, driver_deadline(20000)), S_OK);
	SUITE_EQUAL_INT(sink_event(sink, 0, &reader), SINK_ARRIVED);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(reader, &info), S_OK);
	/* The character that does not fit as a whole is left out. */
	SUITE_EQUAL_INT(strlen(info.Name), 99 + strlen(" 00 00"));
	CU_ASSERT_TRUE(g_utf8_validate(info.Name, -1, NULL));
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(driver), S_OK);
	ISCardReaderDriver_Release(driver);
	ISCardReaderSink_Release(sink);
	driver_check_no_objects();
}

struct blocked {
	ISCardReader *reader;
	HRESULT result;
};

static void *
send_blocking(void *data)
{
	struct blocked *blocked = data;
	const BYTE command[] = { 0, 0xFE, 0, 0 };
	BYTE reply[8];
	ULONG length = sizeof reply;

	blocked->result = ISCardReader_Transmit(
	    blocked->reader, 2, command, sizeof command, driver_deadline(60000), reply, &length);
	return NULL;
}

static void
cancels(void)
{
	struct fixture f = fixture_start("fifo:fifo");
	struct blocked blocked = { .reader = f.reader, .result = E_UNEXPECTED };
	pthread_t thread;
	int fd;

	SUITE_EQUAL_INT(mkfifo("fifo.1", 0600), 0);
	SUITE_EQUAL_INT(mkfifo("fifo.2", 0600), 0);
	SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), S_OK);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(f.reader), S_OK);
	SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), S_OK);
	pthread_create(&thread, NULL, send_blocking, &blocked);
	/* The handler has the command now, and keeps it until somebody opens the other one. */
	fd = open("fifo.1", O_RDONLY | O_CLOEXEC);
	close(fd);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(f.reader), S_OK);
	pthread_join(thread, NULL);
	SUITE_EQUAL_HEX(blocked.result, SCARD_E_CANCELLED);
	fd = open("fifo.2", O_WRONLY | O_CLOEXEC);
	close(fd);
	/* The answer to what was cancelled is not taken for this one's. */
	SUITE_EQUAL_HEX(fixture_use(f.reader, 20000), S_OK);
	fixture_stop(&f);
}

static void
refusals(void)
{
	static const struct {
		const char *settings;
		HRESULT result;
		const char *text;
	} rows[] = {
		{ NULL, SCARD_E_INVALID_PARAMETER,
		    "ifdhandler: no handler is named, and devices are not looked for by "
		    "themselves yet; expected library:PATH:DEVICE, bundle:PATH:DEVICE or "
		    "configuration:PATH" },
		{ "library:/nowhere/at_all.so:x", SCARD_E_READER_UNAVAILABLE,
		    "ifdhandler: /nowhere/at_all.so: /nowhere/at_all.so: cannot open shared object "
		    "file: No such file or directory" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ISCardReaderDriver *driver = driver_new("ifdhandler");
		ISCardReaderSink *sink = sink_new();

		SUITE_EQUAL_HEX(ISCardReaderDriver_Start(
				    driver, rows[i].settings, sink, driver_deadline(20000)),
		    rows[i].result);
		driver_check_text(rows[i].text);
		SUITE_EQUAL_INT(sink_count(sink), 0);
		ISCardReaderDriver_Release(driver);
		ISCardReaderSink_Release(sink);
	}
	SUITE_EQUAL_HEX(fixture_refused("ifd_handler.so", "other"), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(fixture_refused("ifd_handler.so", "8"), SCARD_E_READER_UNAVAILABLE);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "two slots, described as the handler describes them", describes_itself },
		{ "power, protocol, transmit", powers_and_settles },
		{ "the largest command and answer", largest_command },
		{ "control codes are translated, private tags are not attributes",
		    controls_and_attributes },
		{ "a handler of version 2", version_2 },
		{ "a handler that can only be asked", asks_for_the_card },
		{ "a configuration with a long name", long_names },
		{ "cancel leaves the handler in peace", cancels },
		{ "what cannot be started says why", refusals },
	};
	int status;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	status = suite_run("ifdhandler", tests, G_N_ELEMENTS(tests));
	CoUninitialize();
	return status;
}
