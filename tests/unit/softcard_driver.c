/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The soft card as a driver: the contract of scardreader.idl, from the resource manager's side.
 */
#define COBJMACROS
#include <glib.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include <oleauto.h>
#include <scarderr.h>
#include <scardreader.h>
#include <tessera_com.h>
#include <winsmcrd.h>

#include "tests/suite.h"
#include "tests/unit/driver_sink.h"

/* One driver, started; its first reader. */
struct fixture {
	ISCardReaderDriver *driver;
	ISCardReaderSink *sink;
	ISCardReader *reader;
};

static struct fixture
start(const char *settings)
{
	struct fixture f = { .driver = driver_new("softcard"), .sink = sink_new() };

	SUITE_EQUAL_HEX(ISCardReaderDriver_Start(f.driver, settings, f.sink, 0), S_OK);
	SUITE_EQUAL_INT(sink_event(f.sink, 0, &f.reader), SINK_ARRIVED);
	return f;
}

static void
stop(struct fixture *f)
{
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(f->driver), S_OK);
	ISCardReaderDriver_Release(f->driver);
	ISCardReaderSink_Release(f->sink);
	driver_check_no_objects();
}

static char *
second_profile(void)
{
	const char *source = getenv("TESSERA_SRC");

	return g_build_filename(source != NULL ? source : ".", "tests/data/second.profile", NULL);
}

static void
transmit(ISCardReader *reader, ULONG protocol, const char *command, const char *expected)
{
	BYTE bytes[300], reply[300];
	ULONG length = 0, reply_length = sizeof reply;

	for (const char *p = command; *p != '\0'; p++)
		if (*p != ' ') {
			bytes[length++] =
			    (BYTE)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
			p++;
		}
	SUITE_EQUAL_HEX(
	    ISCardReader_Transmit(reader, protocol, bytes, length, 0, reply, &reply_length), S_OK);
	suite_equal_bytes(reply, reply_length, expected, command, __FILE__, __LINE__);
}

static void
announces(void)
{
	struct fixture f = start(NULL);
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	ISCardReader *reader;
	BOOL present = FALSE;

	SUITE_EQUAL_INT(sink_count(f.sink), 2);
	SUITE_EQUAL_INT(sink_event(f.sink, 1, &reader), SINK_INSERTED);
	CU_ASSERT_PTR_EQUAL(reader, f.reader);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.reader, &info), S_OK);
	SUITE_EQUAL_INT(info.cbSize, sizeof info);
	SUITE_EQUAL_STRING(info.Name, "Tessera Soft Card");
	SUITE_EQUAL_STRING(info.Vendor, "Tessera");
	SUITE_EQUAL_STRING(info.Model, "Soft Card");
	SUITE_EQUAL_STRING(info.Serial, "");
	SUITE_EQUAL_STRING(info.DeviceId, "softcard:Tessera Soft Card:0");
	SUITE_EQUAL_INT(info.Slot, 0);
	SUITE_EQUAL_INT(info.SerialGroup, 0);
	SUITE_EQUAL_HEX(info.DeviceType, SCARD_READER_TYPE_VENDOR);
	SUITE_EQUAL_HEX(info.Protocols, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1);
	SUITE_EQUAL_INT(info.MaxCommand, 65544);
	SUITE_EQUAL_INT(info.MaxReply, 32769);
	SUITE_EQUAL_INT(info.Flags, 0);
	info.cbSize = sizeof info - 1;
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.reader, &info), E_INVALIDARG);
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(f.reader, 0, &present), S_OK);
	SUITE_EQUAL_INT(present, TRUE);
	stop(&f);
}

static void
powers_and_settles(void)
{
	struct fixture f = start(NULL);
	BYTE atr[SCARDREADER_ATR_MAX], reply[16];
	const BYTE select[] = { 0x00, 0xA4, 0x00, 0x00 };
	ULONG length = 0, active = 99;

	length = sizeof reply;
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_Tx, 0, &active),
	    SCARD_W_UNPOWERED_CARD);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(
			    f.reader, SCARD_PROTOCOL_T1, select, sizeof select, 0, reply, &length),
	    SCARD_W_UNPOWERED_CARD);
	for (int action = SCARDREADER_COLD_RESET; action <= SCARDREADER_WARM_RESET; action++) {
		memset(atr, 0, sizeof atr);
		SUITE_EQUAL_HEX(
		    ISCardReader_Power(f.reader, (SCARDREADER_POWER)action, 0, atr, &length), S_OK);
		SUITE_EQUAL_BYTES(
		    atr, length, "3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1");
	}
	length = sizeof reply;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(
			    f.reader, SCARD_PROTOCOL_T1, select, sizeof select, 0, reply, &length),
	    SCARD_E_PROTO_MISMATCH);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_RAW, 0, &active),
	    SCARD_E_PROTO_MISMATCH);
	SUITE_EQUAL_INT(active, 99);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_Tx, 0, &active), S_OK);
	SUITE_EQUAL_INT(active, SCARD_PROTOCOL_T1);
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 A4 00 00", "9000");
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T0, 0, &active), S_OK);
	SUITE_EQUAL_INT(active, SCARD_PROTOCOL_T0);
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_POWER_DOWN, 0, atr, &length), S_OK);
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_Tx, 0, &active),
	    SCARD_W_UNPOWERED_CARD);
	SUITE_EQUAL_HEX(ISCardReader_Power(f.reader, (SCARDREADER_POWER)3, 0, atr, &length),
	    SCARD_E_INVALID_PARAMETER);
	stop(&f);
}

static void
speaks_both_protocols(void)
{
	struct fixture f = start("default");
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG length, active;

	ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, &length);
	ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T1, 0, &active);
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 A4 04 00 08 F0 54 65 73 73 65 72 61 00",
	    "6F 14 82 01 38 83 02 50 00 84 08 F0 54 65 73 73 65 72 61 8A 01 05 9000");
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 20 00 01 04 31 32 33 34", "9000");
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 D6 81 00 02 4A 75", "9000");

	/* A reset ends what was verified and held; what was written stays. */
	ISCardReader_Power(f.reader, SCARDREADER_WARM_RESET, 0, atr, &length);
	ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T0, 0, &active);
	transmit(f.reader, SCARD_PROTOCOL_T0, "00 A4 04 00 08 F0 54 65 73 73 65 72 61", "6116");
	ISCardReader_Power(f.reader, SCARDREADER_WARM_RESET, 0, atr, &length);
	ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T0, 0, &active);
	transmit(f.reader, SCARD_PROTOCOL_T0, "00 C0 00 00 16", "6985");
	transmit(f.reader, SCARD_PROTOCOL_T0, "00 A4 04 00 08 F0 54 65 73 73 65 72 61", "6116");
	transmit(f.reader, SCARD_PROTOCOL_T0, "00 C0 00 00 16",
	    "6F 14 82 01 38 83 02 50 00 84 08 F0 54 65 73 73 65 72 61 8A 01 05 9000");
	transmit(f.reader, SCARD_PROTOCOL_T0, "00 B0 81 00 04", "4A 75 6C 6C 9000");
	transmit(f.reader, SCARD_PROTOCOL_T0, "00 B0 81 00 00", "6C40");
	transmit(f.reader, SCARD_PROTOCOL_T0, "00 D6 81 00 01 48", "6982");
	stop(&f);
}

static void
challenges_differ(void)
{
	struct fixture f = start(NULL);
	const BYTE command[] = { 0x00, 0x84, 0x00, 0x00, 0x10 };
	BYTE atr[SCARDREADER_ATR_MAX], first[18], second[18];
	ULONG length, active;

	ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, &length);
	ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T1, 0, &active);
	length = sizeof first;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, command, sizeof command,
			    0, first, &length),
	    S_OK);
	SUITE_EQUAL_INT(length, 18);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, command, sizeof command,
			    0, second, &length),
	    S_OK);
	CU_ASSERT_TRUE(memcmp(first, second, 16) != 0);
	stop(&f);
}

static void
lengths_and_buffers(void)
{
	struct fixture f = start(NULL);
	const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x10 };
	BYTE atr[SCARDREADER_ATR_MAX], reply[18], *large = g_malloc0(SCARDREADER_APDU_MAX + 1);
	ULONG length, active;

	ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, &length);
	ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T1, 0, &active);
	length = 17;
	memset(reply, 0xEE, sizeof reply);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, challenge,
			    sizeof challenge, 0, reply, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 18);
	SUITE_EQUAL_INT(reply[0], 0xEE);
	for (ULONG n = 0; n < 4; n++) {
		length = sizeof reply;
		SUITE_EQUAL_HEX(ISCardReader_Transmit(
				    f.reader, SCARD_PROTOCOL_T1, challenge, n, 0, reply, &length),
		    SCARD_E_INVALID_PARAMETER);
	}
	length = sizeof reply;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, large,
			    SCARDREADER_APDU_MAX + 1, 0, reply, &length),
	    SCARD_E_INVALID_PARAMETER);
	/* The longest command there is: refused by the card, not by the reader. */
	large[1] = 0xD6;
	large[5] = large[6] = 0xFF;
	length = sizeof reply;
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, large,
			    SCARDREADER_APDU_MAX, 0, reply, &length),
	    S_OK);
	SUITE_EQUAL_BYTES(reply, length, "6700");
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, challenge,
			    sizeof challenge, 0, NULL, &length),
	    E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, challenge,
			    sizeof challenge, 0, reply, NULL),
	    E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(f.reader, 0, NULL), E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, NULL, &length), E_POINTER);
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, NULL), E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 3, 0, NULL), E_POINTER);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.reader, NULL), E_POINTER);
	g_free(large);
	stop(&f);
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
		{ SCARD_ATTR_MAX_IFSD, S_OK, "FE 00 00 00" },
		{ SCARD_ATTR_CHARACTERISTICS, S_OK, "00 00 00 00" },
		{ SCARD_ATTR_MAXINPUT, S_OK, "08 00 01 00" },
		{ SCARD_ATTR_ICC_INTERFACE_STATUS, S_OK, "00" },
		{ SCARD_ATTR_ICC_TYPE_PER_ATR, S_OK, "01" },
		{ SCARD_ATTR_CHANNEL_ID, SCARD_E_UNSUPPORTED_FEATURE, NULL },
		{ SCARD_ATTR_CURRENT_CLK, SCARD_E_UNSUPPORTED_FEATURE, NULL },
		{ 0, SCARD_E_UNSUPPORTED_FEATURE, NULL },
		{ 0xFFFFFFFF, SCARD_E_UNSUPPORTED_FEATURE, NULL },
	};
	struct fixture f = start(NULL);
	BYTE value[16];
	ULONG length;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		length = sizeof value;
		SUITE_EQUAL_HEX(ISCardReader_GetAttribute(f.reader, rows[i].id, 0, value, &length),
		    rows[i].result);
		if (rows[i].value != NULL)
			SUITE_EQUAL_BYTES(value, length, rows[i].value);
	}
	length = 3;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(f.reader, SCARD_ATTR_PROTOCOL_TYPES, 0, value, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 4);
	length = 0;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(f.reader, SCARD_ATTR_PROTOCOL_TYPES, 0, NULL, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 4);
	SUITE_EQUAL_HEX(ISCardReader_SetAttribute(f.reader, SCARD_ATTR_MAX_IFSD, value, 4, 0),
	    SCARD_E_UNSUPPORTED_FEATURE);

	length = sizeof value;
	SUITE_EQUAL_HEX(ISCardReader_Control(
			    f.reader, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, 0, value, &length),
	    S_OK);
	SUITE_EQUAL_INT(length, 0);
	length = sizeof value;
	SUITE_EQUAL_HEX(
	    ISCardReader_Control(f.reader, SCARD_CTL_CODE(1), NULL, 0, 0, value, &length),
	    SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(
	    ISCardReader_Move(f.reader, SCARDREADER_EJECT, 0), SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(f.reader), S_OK);
	stop(&f);
}

static void
other_profiles(void)
{
	g_autofree char *path = second_profile();
	struct fixture f = start(path);
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG length, active;

	SUITE_EQUAL_HEX(ISCardReader_GetInfo(f.reader, &info), S_OK);
	SUITE_EQUAL_STRING(info.Name, "Second Soft Card");
	SUITE_EQUAL_HEX(
	    ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, &length), S_OK);
	SUITE_EQUAL_BYTES(atr, length, "3B 86 80 01 53 65 63 6F 6E 64 37");
	ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T1, 0, &active);
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 A4 00 0C 02 50 00", "9000");
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 20 00 01 04 31 32 33 34", "63C4");
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 20 00 01 08 38 37 36 35 34 33 32 31", "9000");
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 B0 82 00 07", "41 6E 6F 74 68 65 72 9000");
	stop(&f);
}

static void
several_readers(void)
{
	struct fixture f = start("pair");
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	ISCardReader *second = NULL;
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG length, active;

	SUITE_EQUAL_INT(sink_count(f.sink), 4);
	SUITE_EQUAL_INT(sink_event(f.sink, 1, NULL), SINK_INSERTED);
	SUITE_EQUAL_INT(sink_event(f.sink, 2, &second), SINK_ARRIVED);
	SUITE_EQUAL_INT(sink_event(f.sink, 3, NULL), SINK_INSERTED);
	ISCardReader_GetInfo(f.reader, &info);
	SUITE_EQUAL_STRING(info.Name, "Tessera Soft Card");
	ISCardReader_GetInfo(second, &info);
	SUITE_EQUAL_STRING(info.Name, "Tessera Soft Card 2");
	SUITE_EQUAL_STRING(info.DeviceId, "softcard:Tessera Soft Card:1");

	/* Each has a card of its own. */
	ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, &length);
	ISCardReader_Power(second, SCARDREADER_COLD_RESET, 0, atr, &length);
	ISCardReader_SetProtocol(f.reader, SCARD_PROTOCOL_T1, 0, &active);
	ISCardReader_SetProtocol(second, SCARD_PROTOCOL_T1, 0, &active);
	transmit(f.reader, SCARD_PROTOCOL_T1, "00 20 00 01 04 30 30 30 30", "63C2");
	transmit(second, SCARD_PROTOCOL_T1, "00 20 00 01", "63C3");
	stop(&f);
}

static void
empty_reader(void)
{
	struct fixture f = start("empty");
	BYTE atr[SCARDREADER_ATR_MAX], reply[2], value[4];
	const BYTE command[] = { 0x00, 0xA4, 0x00, 0x00 };
	ULONG length = sizeof reply, active;
	BOOL present = TRUE;

	SUITE_EQUAL_INT(sink_count(f.sink), 1);
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(f.reader, 0, &present), S_OK);
	SUITE_EQUAL_INT(present, FALSE);
	SUITE_EQUAL_HEX(ISCardReader_Power(f.reader, SCARDREADER_COLD_RESET, 0, atr, &length),
	    SCARD_E_NO_SMARTCARD);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(f.reader, 3, 0, &active), SCARD_E_NO_SMARTCARD);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(f.reader, SCARD_PROTOCOL_T1, command, sizeof command,
			    0, reply, &length),
	    SCARD_E_NO_SMARTCARD);
	length = sizeof value;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(f.reader, SCARD_ATTR_ICC_TYPE_PER_ATR, 0, value, &length),
	    SCARD_E_NO_SMARTCARD);
	length = sizeof value;
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(f.reader, SCARD_ATTR_PROTOCOL_TYPES, 0, value, &length),
	    S_OK);
	stop(&f);
}

static void
gone_is_for_ever(void)
{
	struct fixture f = start(NULL);
	ISCardReader *reader = f.reader;
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	BYTE buffer[64];
	const BYTE command[] = { 0x00, 0xA4, 0x00, 0x00 };
	ULONG length = sizeof buffer, active;
	BOOL present;

	ISCardReader_AddRef(reader);
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(f.driver), S_OK);
	SUITE_EQUAL_INT(sink_count(f.sink), 2);
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(reader, &info), S_OK);
	SUITE_EQUAL_STRING(info.Name, "Tessera Soft Card");
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(reader, 0, &present), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(ISCardReader_Power(reader, SCARDREADER_COLD_RESET, 0, buffer, &length),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_SetProtocol(reader, 3, 0, &active), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(ISCardReader_Transmit(
			    reader, SCARD_PROTOCOL_T1, command, sizeof command, 0, buffer, &length),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_Control(reader, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, 0, buffer, &length),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(reader, SCARD_ATTR_PROTOCOL_TYPES, 0, buffer, &length),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(ISCardReader_SetAttribute(reader, SCARD_ATTR_MAX_IFSD, buffer, 4, 0),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_Move(reader, SCARDREADER_EJECT, 0), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(reader), S_OK);
	SUITE_EQUAL_HEX(ISCardReaderDriver_Start(f.driver, NULL, f.sink, 0), E_UNEXPECTED);
	ISCardReader_Release(reader);
	stop(&f);
}

static void
start_refuses(void)
{
	static const struct {
		const char *settings, *text;
	} rows[] = {
		{ "no-such",
		    "soft card profile \"no-such\" is not installed; accepted are the name of "
		    "an installed one (default, empty, pair), or a file's path, which has a "
		    "slash in it" },
		{ "/nowhere/x",
		    "soft card profile /nowhere/x: cannot be opened: No such file or directory" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ISCardReaderDriver *driver = driver_new("softcard");
		ISCardReaderSink *sink = sink_new();
		ISupportErrorInfo *support = NULL;

		SUITE_EQUAL_HEX(ISCardReaderDriver_Start(driver, rows[i].settings, sink, 0),
		    SCARD_E_INVALID_PARAMETER);
		driver_check_text(rows[i].text);
		SUITE_EQUAL_INT(sink_count(sink), 0);
		SUITE_EQUAL_HEX(ISCardReaderDriver_QueryInterface(
				    driver, &IID_ISupportErrorInfo, (void **)&support),
		    S_OK);
		SUITE_EQUAL_HEX(
		    ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_ISCardReaderDriver),
		    S_OK);
		ISupportErrorInfo_Release(support);
		ISCardReaderDriver_Release(driver);
		ISCardReaderSink_Release(sink);
		driver_check_no_objects();
	}
}

/* Whichever note cannot be made: what was announced is taken back. */
static void
start_without_memory(void)
{
	static const struct {
		size_t fail_at, count;
		int gone; /* events at the end that take back */
	} rows[] = { { 0, 1, 0 }, { 1, 3, 1 }, { 2, 4, 1 }, { 3, 6, 2 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ISCardReaderDriver *driver = driver_new("softcard");
		ISCardReaderSink *sink = sink_new();

		sink_fail_at(sink, rows[i].fail_at);
		SUITE_EQUAL_HEX(ISCardReaderDriver_Start(driver, "pair", sink, 0), E_OUTOFMEMORY);
		SUITE_EQUAL_INT(sink_count(sink), rows[i].count);
		for (int k = 0; k < rows[i].gone; k++)
			SUITE_EQUAL_INT(
			    sink_event(sink, rows[i].count - 1 - (size_t)k, NULL), SINK_GONE);
		ISCardReaderDriver_Release(driver);
		ISCardReaderSink_Release(sink);
		driver_check_no_objects();
	}
}

struct worker {
	ISCardReader *reader;
	sem_t answered; /* posted with the first answer */
	int answers, gone, others;
};

static void *
work(void *data)
{
	struct worker *worker = data;
	const BYTE command[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

	/* Until the reader goes: which it does, see below. */
	while (worker->gone == 0) {
		BYTE reply[10];
		ULONG length = sizeof reply;
		HRESULT hr = ISCardReader_Transmit(
		    worker->reader, SCARD_PROTOCOL_T1, command, sizeof command, 0, reply, &length);

		if (hr == S_OK && worker->answers++ == 0)
			sem_post(&worker->answered);
		else if (hr == SCARD_E_READER_UNAVAILABLE)
			worker->gone++;
		else if (hr != S_OK)
			worker->others++;
	}
	return NULL;
}

static void
stop_during_exchanges(void)
{
	struct fixture f = start("pair");
	struct worker workers[2] = { { .reader = f.reader } };
	pthread_t threads[2];
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG length, active;

	sink_event(f.sink, 2, &workers[1].reader);
	for (int i = 0; i < 2; i++) {
		ISCardReader_Power(workers[i].reader, SCARDREADER_COLD_RESET, 0, atr, &length);
		ISCardReader_SetProtocol(workers[i].reader, SCARD_PROTOCOL_T1, 0, &active);
		sem_init(&workers[i].answered, 0, 0);
		pthread_create(&threads[i], NULL, work, &workers[i]);
	}
	for (int i = 0; i < 2; i++)
		sem_wait(&workers[i].answered);
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(f.driver), S_OK);
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		SUITE_EQUAL_INT(workers[i].gone, 1);
		SUITE_EQUAL_INT(workers[i].others, 0);
		sem_destroy(&workers[i].answered);
	}
	stop(&f);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "announces reader and card", announces },
		{ "power and protocol", powers_and_settles },
		{ "T=1 and T=0", speaks_both_protocols },
		{ "challenges are random", challenges_differ },
		{ "lengths and buffers", lengths_and_buffers },
		{ "attributes and controls", attributes_and_controls },
		{ "another profile is another card", other_profiles },
		{ "several readers", several_readers },
		{ "a reader without a card", empty_reader },
		{ "after Stop the reader is gone", gone_is_for_ever },
		{ "Start explains what it refuses", start_refuses },
		{ "Start takes back what it cannot finish", start_without_memory },
		{ "Stop during exchanges", stop_during_exchanges },
	};
	int result;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	result = suite_run("soft card driver", tests, G_N_ELEMENTS(tests));
	CoUninitialize();
	return result;
}
