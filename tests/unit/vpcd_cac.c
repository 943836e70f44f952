/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card that nobody here wrote, in the virtual reader: libcacard's CAC, spoken to by TPDUs. Its
 * certificate is read and compared with the one that was put into its database.
 */
#define COBJMACROS
#include <glib.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <objbase.h>
#include <scardreader.h>
#include <winsmcrd.h>

#include "tests/suite.h"
#include "tests/unit/driver_sink.h"

#define T0 SCARD_PROTOCOL_T0
#define TAGS 1
#define VALUES 2
#define BUFFER_MAX 4096

extern char **environ;

static ISCardReaderDriver *driver;
static ISCardReaderSink *sink;
static ISCardReader *reader;
static pid_t card;

static pid_t
spawn(char *const *arguments)
{
	pid_t pid = -1;

	if (posix_spawn(&pid, arguments[0], NULL, NULL, arguments, environ) != 0) {
		perror(arguments[0]);
		exit(1);
	}
	return pid;
}

static int
wait_for(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Sends a TPDU; returns SW1 SW2, and data behind *ret_length. */
static unsigned
transmit(const BYTE *command, ULONG length, BYTE *reply, ULONG *ret_length)
{
	ULONG n = 258;

	*ret_length = 0;
	if (!SUITE_EQUAL_HEX(ISCardReader_Transmit(
				 reader, T0, command, length, driver_deadline(20000), reply, &n),
		S_OK))
		return 0;
	*ret_length = n - 2;
	return (unsigned)reply[n - 2] << 8 | reply[n - 1];
}

/* The same, and fetches what the card holds back. */
static unsigned
exchange(const BYTE *command, ULONG length, BYTE *reply, ULONG *ret_length)
{
	unsigned sw = transmit(command, length, reply, ret_length);

	if (sw >> 8 == 0x61) {
		const BYTE fetch[] = { 0x00, 0xC0, 0x00, 0x00, (BYTE)sw };

		sw = transmit(fetch, sizeof fetch, reply, ret_length);
	}
	return sw;
}

static void
connects(void)
{
	g_autofree char *program =
	    g_build_filename(getenv("TESSERA_BUILD"), "tests", "cac_card", NULL);
	g_autofree char *script = g_build_filename(
	    getenv("TESSERA_SRC"), "tests", "emulator", "cac", "make-database", NULL);
	char *make[] = { script, (char *)"db", (char *)"cert1", NULL };
	char *begin[] = { program, (char *)"unix:card", (char *)"db", (char *)"cert1", NULL };
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG length = 0, active = 0;

	SUITE_EQUAL_INT(wait_for(spawn(make)), 0);
	driver = driver_new("vpcd");
	sink = sink_new();
	SUITE_EQUAL_HEX(ISCardReaderDriver_Start(driver, "unix:card", sink, 0), S_OK);
	SUITE_EQUAL_INT(sink_event(sink, 0, &reader), SINK_ARRIVED);
	card = spawn(begin);
	CU_ASSERT_TRUE(sink_wait(sink, 2));
	SUITE_EQUAL_INT(sink_event(sink, 1, NULL), SINK_INSERTED);
	SUITE_EQUAL_HEX(ISCardReader_Power(
			    reader, SCARDREADER_COLD_RESET, driver_deadline(20000), atr, &length),
	    S_OK);
	SUITE_EQUAL_BYTES(atr, length, "3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34");
	SUITE_EQUAL_HEX(
	    ISCardReader_SetProtocol(reader, SCARD_PROTOCOL_Tx, driver_deadline(20000), &active),
	    S_OK);
	SUITE_EQUAL_INT(active, T0);
}

static void
selects(void)
{
	static const BYTE capabilities[] = { 0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x01,
		0x16, 0xDB, 0x00 };
	static const BYTE nobody[] = { 0x00, 0xA4, 0x04, 0x00, 0x04, 0xF0, 0x00, 0x00, 0x01 };
	BYTE reply[258];
	ULONG length;

	SUITE_EQUAL_HEX(transmit(nobody, sizeof nobody, reply, &length), 0x6A82);
	SUITE_EQUAL_HEX(transmit(capabilities, sizeof capabilities, reply, &length), 0x610D);
	SUITE_EQUAL_HEX(exchange(capabilities, sizeof capabilities, reply, &length), 0x9000);
	SUITE_EQUAL_BYTES(reply, length, "6F 0B 84 07 A0 00 00 01 16 DB 00 A5 00");
}

/* One of the two buffers of an applet, without the length that leads it. */
static size_t
read_buffer(BYTE kind, BYTE *out)
{
	size_t offset = 0, total = 2;

	while (offset < total) {
		BYTE command[] = { 0x00, 0x52, (BYTE)(offset >> 8), (BYTE)offset, 0x02, kind, 0 };
		BYTE reply[258];
		ULONG length;

		command[6] = (BYTE)MIN(total - offset, 0xF0);
		if (!SUITE_EQUAL_HEX(exchange(command, sizeof command, reply, &length), 0x9000) ||
		    !SUITE_EQUAL_INT(length, command[6]) || offset + length > BUFFER_MAX)
			return 0;
		memcpy(out + offset, reply, length);
		offset += length;
		if (offset == 2)
			total = 2 + (out[0] | (size_t)out[1] << 8);
	}
	memmove(out, out + 2, total - 2);
	return total - 2;
}

static void
reads_the_certificate(void)
{
	static const BYTE pki[] = { 0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x00, 0x79,
		0x01, 0x00 };
	g_autofree char *expected = NULL;
	BYTE reply[258], tags[BUFFER_MAX], values[BUFFER_MAX];
	size_t tags_length, values_length, at = 0, found = 0;
	gsize expected_length = 0;
	ULONG length;

	CU_ASSERT_TRUE(g_file_get_contents("db/cert1.der", &expected, &expected_length, NULL));
	SUITE_EQUAL_HEX(exchange(pki, sizeof pki, reply, &length), 0x9000);
	tags_length = read_buffer(TAGS, tags);
	values_length = read_buffer(VALUES, values);
	for (size_t i = 0; i + 2 <= tags_length;) {
		BYTE tag = tags[i];
		size_t size = tags[i + 1];

		i += 2;
		if (size == 0xFF && i + 2 <= tags_length) {
			size = tags[i] | (size_t)tags[i + 1] << 8;
			i += 2;
		}
		if (size > values_length - at)
			break;
		if (tag == 0x70) {
			found = size;
			CU_ASSERT_TRUE(
			    size == expected_length && memcmp(values + at, expected, size) == 0);
		}
		at += size;
	}
	CU_ASSERT_TRUE(found > 500);
}

static void
verifies_the_pin(void)
{
	static const BYTE query[] = { 0x00, 0x20, 0x00, 0x00, 0x00 };
	static const BYTE wrong[] = { 0x00, 0x20, 0x00, 0x00, 0x08, '0', '0', '0', '0', '0', '0',
		0xFF, 0xFF };
	static const BYTE right[] = { 0x00, 0x20, 0x00, 0x00, 0x08, '1', '2', '3', '4', '5', '6',
		0xFF, 0xFF };
	BYTE reply[258];
	ULONG length;

	SUITE_EQUAL_HEX(transmit(query, 4, reply, &length), 0x6A88);
	SUITE_EQUAL_HEX(transmit(wrong, sizeof wrong, reply, &length), 0x6985);
	SUITE_EQUAL_HEX(transmit(right, sizeof right, reply, &length), 0x9000);
	SUITE_EQUAL_HEX(transmit(query, 4, reply, &length), 0x9000);
	SUITE_EQUAL_HEX(transmit(query, 5, reply, &length), 0x9000);
}

static void
ends_with_the_reader(void)
{
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(driver), S_OK);
	SUITE_EQUAL_INT(wait_for(card), 0);
	ISCardReaderDriver_Release(driver);
	ISCardReaderSink_Release(sink);
	driver_check_no_objects();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "the card connects and answers its reset", connects },
		{ "selects the card capabilities applet", selects },
		{ "reads the certificate", reads_the_certificate },
		{ "verifies the PIN, wrong and right", verifies_the_pin },
		{ "the card ends when the reader does", ends_with_the_reader },
	};
	int result;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	result = suite_run("libcacard in vpcd", tests, G_N_ELEMENTS(tests));
	CoUninitialize();
	return result;
}
