/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands, control codes and attributes: lengths, limits, who answers. */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>
#include <string.h>

#define NAME "ACME 1"
#define ANY SCARD_PROTOCOL_Tx
#define T0 SCARD_PROTOCOL_T0
#define T1 SCARD_PROTOCOL_T1
#define ECHO SCARD_CTL_CODE(TESTDRIVER_ECHO)

static ULONG reader;
static struct client client;
static SCARDHANDLE card;

static void
begin(void)
{
	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client, NAME);
}

static void
end(void)
{
	client_free(&client);
	fixture_end();
}

static const uint8_t command[] = { 0x00, 0xB0, 0x00, 0x00, 0x04 };
static const BYTE six[] = { 1, 2, 3, 4, 0x90, 0x00 };

/* The caller's buffer is used to the last byte and not beyond. */
static void
reply_lengths(void)
{
	static const struct {
		size_t room;
		LONG code;
		size_t length;
		bool sent;
	} rows[] = {
		{ 0, SCARD_E_INSUFFICIENT_BUFFER, 2, false },
		{ 1, SCARD_E_INSUFFICIENT_BUFFER, 2, false },
		{ 2, SCARD_E_INSUFFICIENT_BUFFER, 6, true },
		{ 5, SCARD_E_INSUFFICIENT_BUFFER, 6, true },
		{ 6, SCARD_S_SUCCESS, 6, true },
		{ 200, SCARD_S_SUCCESS, 6, true },
		{ 70000, SCARD_S_SUCCESS, 6, true },
	};
	static uint8_t reply[70000];

	begin();
	(void)ITestDriverControl_SetReply(control, reader, six, sizeof six);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct call call;
		ULONG count;

		(void)ITestDriverControl_Reset(control);
		memset(reply, 0xEE, sizeof reply);
		call_transmit(&call, card);
		call.request.out = reply;
		call.request.out_length = rows[i].room;
		CODE(call_run(&client, &call), rows[i].code);
		SUITE_EQUAL_INT(call.request.out_length, rows[i].length);
		SUITE_EQUAL_HEX(reply[rows[i].room < 6 ? rows[i].room : 6], 0xEE);
		if (rows[i].code == SCARD_S_SUCCESS)
			SUITE_EQUAL_BYTES(reply, 6, "01 02 03 04 90 00");
		else
			SAYS(call.request.message, NAME, "room");
		(void)ITestDriverControl_CountExchanges(control, &count);
		SUITE_EQUAL_INT(count, rows[i].sent ? 1 : 0);
	}
	end();
}

/* The longest command and the longest reply. */
static void
long_exchange(void)
{
	static uint8_t longest[RM_TRANSMIT_MAX], reply[RM_TRANSMIT_MAX];
	struct call call;

	begin();
	memset(longest, 0x5A, sizeof longest);
	(void)ITestDriverControl_SetReply(control, reader, longest, sizeof longest);
	call_transmit(&call, card);
	call.request.in = longest;
	call.request.in_length = sizeof longest;
	call.request.out = reply;
	call.request.out_length = sizeof reply;
	CODE(call_run(&client, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(call.request.out_length, sizeof reply);
	CU_ASSERT_EQUAL(memcmp(reply, longest, sizeof reply), 0);
	call_transmit(&call, card);
	call.request.in_length = 0;
	CODE(call_run(&client, &call), SCARD_E_INVALID_PARAMETER);
	SAYS(call.request.message, NAME, "empty");
	end();
}

static void
protocols(void)
{
	struct call call;

	begin();
	call_transmit(&call, card);
	call.request.protocols = 0;
	CODE(call_run(&client, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(call.request.protocols, T1);
	call_transmit(&call, card);
	call.request.protocols = T1;
	CODE(call_run(&client, &call), SCARD_S_SUCCESS);
	call_transmit(&call, card);
	call.request.protocols = T0;
	CODE(call_run(&client, &call), SCARD_E_PROTO_MISMATCH);
	SAYS(call.request.message, NAME, "0x2", "0x1");
	end();
}

static uint8_t out[300];

static LONG
control_code(uint32_t code, const void *in, size_t in_length, size_t room, size_t *ret_length)
{
	*ret_length = room;
	return do_control(&client, card, code, in, in_length, room != 0 ? out : NULL, ret_length);
}

static void
device_codes(void)
{
	static const uint8_t cold[] = { SCARD_COLD_RESET, 0, 0, 0 }, warm[] = { SCARD_WARM_RESET };
	static const uint8_t off[] = { SCARD_POWER_DOWN, 0, 0, 0 }, bad[] = { 3, 0, 0, 0 };
	static const uint8_t any[] = { ANY, 0, 0, 0 }, raw[] = { 0, 0, 1, 0 };
	static const uint8_t presence[] = { 0x00, 0x03, 0x09, 0x00 };
	static const uint8_t framed[] = { T1, 0, 0, 0, 8, 0, 0, 0, 0x00, 0xB0, 0, 0, 4 };
	static const uint8_t mismatch[] = { T0, 0, 0, 0, 8, 0, 0, 0, 0x00, 0xB0, 0, 0, 4 };
	const struct {
		uint32_t code;
		const uint8_t *in;
		size_t in_length, room;
		LONG result;
		const char *out;
	} rows[] = {
		{ IOCTL_SMARTCARD_GET_STATE, NULL, 0, 4, SCARD_S_SUCCESS, "06 00 00 00" },
		{ IOCTL_SMARTCARD_GET_STATE, NULL, 0, 3, SCARD_E_INSUFFICIENT_BUFFER, NULL },
		{ IOCTL_SMARTCARD_POWER, cold, 4, 33, SCARD_S_SUCCESS, FIXTURE_ATR_TEXT },
		{ IOCTL_SMARTCARD_GET_STATE, NULL, 0, 4, SCARD_S_SUCCESS, "05 00 00 00" },
		{ IOCTL_SMARTCARD_SET_PROTOCOL, raw, 4, 4, SCARD_E_PROTO_MISMATCH, NULL },
		{ IOCTL_SMARTCARD_SET_PROTOCOL, any, 4, 4, SCARD_S_SUCCESS, "02 00 00 00" },
		{ IOCTL_SMARTCARD_SET_PROTOCOL, any, 4, 0, SCARD_E_INSUFFICIENT_BUFFER, NULL },
		{ IOCTL_SMARTCARD_SET_PROTOCOL, NULL, 0, 4, SCARD_E_INVALID_PARAMETER, NULL },
		/* One byte, no room for the ATR: conformance item 14. */
		{ IOCTL_SMARTCARD_POWER, warm, 1, 0, SCARD_S_SUCCESS, "" },
		{ IOCTL_SMARTCARD_POWER, bad, 4, 33, SCARD_E_INVALID_PARAMETER, NULL },
		{ IOCTL_SMARTCARD_POWER, NULL, 0, 33, SCARD_E_INVALID_PARAMETER, NULL },
		{ IOCTL_SMARTCARD_GET_ATTRIBUTE, presence, 4, 1, SCARD_S_SUCCESS, "02" },
		{ IOCTL_SMARTCARD_GET_ATTRIBUTE, presence, 3, 1, SCARD_E_INVALID_PARAMETER, NULL },
		{ IOCTL_SMARTCARD_SET_ATTRIBUTE, presence, 4, 0, ERROR_NOT_SUPPORTED, NULL },
		{ IOCTL_SMARTCARD_IS_PRESENT, NULL, 0, 0, SCARD_S_SUCCESS, "" },
		{ IOCTL_SMARTCARD_IS_ABSENT, NULL, 0, 0, SCARD_E_NOT_READY, NULL },
		{ IOCTL_SMARTCARD_EJECT, NULL, 0, 0, ERROR_INVALID_FUNCTION, NULL },
		{ IOCTL_SMARTCARD_SWALLOW, NULL, 0, 0, ERROR_INVALID_FUNCTION, NULL },
		{ IOCTL_SMARTCARD_CONFISCATE, NULL, 0, 0, ERROR_INVALID_FUNCTION, NULL },
		{ IOCTL_SMARTCARD_GET_LAST_ERROR, NULL, 0, 4, ERROR_INVALID_FUNCTION, NULL },
		{ IOCTL_SMARTCARD_TRANSMIT, framed, 13, 64, SCARD_E_PROTO_MISMATCH, NULL },
		{ IOCTL_SMARTCARD_SET_PROTOCOL, any, 4, 4, SCARD_S_SUCCESS, "02 00 00 00" },
		{ IOCTL_SMARTCARD_TRANSMIT, framed, 13, 64, SCARD_S_SUCCESS,
		    "02 00 00 00 08 00 00 00 01 02 03 04 90 00" },
		{ IOCTL_SMARTCARD_TRANSMIT, framed, 13, 13, SCARD_E_INSUFFICIENT_BUFFER, NULL },
		{ IOCTL_SMARTCARD_TRANSMIT, mismatch, 13, 64, SCARD_E_PROTO_MISMATCH, NULL },
		{ IOCTL_SMARTCARD_TRANSMIT, framed, 8, 64, SCARD_E_INVALID_PARAMETER, NULL },
		{ IOCTL_SMARTCARD_POWER, off, 4, 33, SCARD_S_SUCCESS, "" },
		{ IOCTL_SMARTCARD_GET_STATE, NULL, 0, 4, SCARD_S_SUCCESS, "03 00 00 00" },
		{ ECHO, command, 5, 5, SCARD_S_SUCCESS, "00 B0 00 00 04" },
		{ ECHO, command, 5, 4, SCARD_E_INSUFFICIENT_BUFFER, NULL },
		{ ECHO, NULL, 0, 0, SCARD_S_SUCCESS, "" },
	};

	begin();
	(void)ITestDriverControl_SetReply(control, reader, six, sizeof six);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;

		if (!CODE(control_code(
			      rows[i].code, rows[i].in, rows[i].in_length, rows[i].room, &length),
			rows[i].result))
			printf("# row %zu\n", i);
		if (rows[i].out != NULL)
			SUITE_EQUAL_BYTES(out, length, rows[i].out);
		if (rows[i].result == SCARD_E_INSUFFICIENT_BUFFER)
			CU_ASSERT_TRUE(length > rows[i].room);
	}
	end();
}

/* A reset by control code: the handle that did it goes on, the others are told. */
static void
power_by_control(void)
{
	static const uint8_t warm[] = { SCARD_WARM_RESET, 0, 0, 0 };
	SCARDHANDLE other;
	size_t length;

	begin();
	other = do_connect_shared(&client, NAME);
	CODE(control_code(IOCTL_SMARTCARD_POWER, warm, sizeof warm, 0, &length), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(length, 0);
	CODE(do_transmit(&client, card), SCARD_S_SUCCESS);
	CODE(do_transmit(&client, other), SCARD_W_RESET_CARD);
	fixture_remove(reader);
	CODE(do_reconnect(&client, card, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_NO_SMARTCARD);
	end();
}

static void
attributes(void)
{
	static const struct {
		uint32_t id;
		LONG code;
		const char *value;
	} rows[] = {
		{ SCARD_ATTR_VENDOR_NAME, SCARD_S_SUCCESS, "54 65 73 73 65 72 61 00" },
		{ SCARD_ATTR_VENDOR_IFD_TYPE, SCARD_S_SUCCESS,
		    "54 65 73 74 20 72 65 61 64 65 72 00" },
		{ SCARD_ATTR_VENDOR_IFD_SERIAL_NO, SCARD_S_SUCCESS, "30 30 30 31 00" },
		{ SCARD_ATTR_VENDOR_IFD_VERSION, SCARD_S_SUCCESS, "03 00 02 01" },
		{ SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, SCARD_S_SUCCESS, "C3 84 43 00" },
		{ SCARD_ATTR_DEVICE_SYSTEM_NAME_A, SCARD_S_SUCCESS, "C3 84 43 00" },
		{ SCARD_ATTR_DEVICE_FRIENDLY_NAME_W, SCARD_S_SUCCESS, "C4 00 43 00 00 00" },
		{ SCARD_ATTR_DEVICE_SYSTEM_NAME_W, SCARD_S_SUCCESS, "C4 00 43 00 00 00" },
		{ SCARD_ATTR_DEVICE_UNIT, SCARD_S_SUCCESS, "00 00 00 00" },
		{ SCARD_ATTR_DEVICE_IN_USE, SCARD_S_SUCCESS, "01 00 00 00" },
		{ SCARD_ATTR_ICC_PRESENCE, SCARD_S_SUCCESS, "02" },
		{ SCARD_ATTR_ICC_INTERFACE_STATUS, SCARD_S_SUCCESS, "01" },
		{ SCARD_ATTR_ICC_TYPE_PER_ATR, SCARD_S_SUCCESS, "01" },
		{ SCARD_ATTR_ATR_STRING, SCARD_S_SUCCESS, FIXTURE_ATR_TEXT },
		{ SCARD_ATTR_CURRENT_PROTOCOL_TYPE, SCARD_S_SUCCESS, "02 00 00 00" },
		{ SCARD_ATTR_PROTOCOL_TYPES, SCARD_S_SUCCESS, "03 00 00 00" },
		{ SCARD_PERF_NUM_TRANSMISSIONS, SCARD_S_SUCCESS, "00 00 00 00" },
		{ SCARD_ATTR_MAX_CLK, ERROR_NOT_SUPPORTED, NULL },
		{ 0xDEADBEEF, ERROR_NOT_SUPPORTED, NULL },
	};
	uint8_t value[RM_ATTRIBUTE_MAX];
	SCARDHANDLE second;
	size_t length;

	fixture_begin();
	reader = fixture_reader_with_card("\xC3\x84"
					  "C");
	(void)fixture_reader_with_card("second");
	client = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client,
	    "\xC3\x84"
	    "C");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		length = sizeof value;
		if (!CODE(
			do_get_attribute(&client, card, rows[i].id, value, &length), rows[i].code))
			printf("# attribute %08X\n", (unsigned)rows[i].id);
		if (rows[i].value == NULL) {
			SUITE_EQUAL_INT(length, 0);
			continue;
		}
		SUITE_EQUAL_BYTES(value, length, rows[i].value);
		/* A byte less does not do, and the length says so. */
		memset(value, 0xEE, sizeof value);
		length--;
		CODE(do_get_attribute(&client, card, rows[i].id, value, &length),
		    SCARD_E_INSUFFICIENT_BUFFER);
		SUITE_EQUAL_HEX(value[length - 1], 0xEE);
	}
	second = do_connect_shared(&client, "second");
	length = sizeof value;
	CODE(do_get_attribute(&client, second, SCARD_ATTR_DEVICE_UNIT, value, &length),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_BYTES(value, length, "01 00 00 00");
	end();
}

static LONG
set_attribute(uint32_t id, const void *value, size_t length)
{
	struct call call = { .request = { .operation = RM_SET_ATTRIBUTE,
				 .card = card,
				 .code = id,
				 .in = value,
				 .in_length = length } };

	return call_run(&client, &call);
}

static void
settable_attributes(void)
{
	static const uint8_t value[RM_ATTRIBUTE_MAX + 1] = { 1 };

	begin();
	CODE(set_attribute(SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, value, 1), SCARD_S_SUCCESS);
	CODE(set_attribute(SCARD_ATTR_ATR_STRING, value, 1), ERROR_NOT_SUPPORTED);
	CODE(set_attribute(SCARD_ATTR_CURRENT_CLK, value, 4), ERROR_NOT_SUPPORTED);
	CODE(set_attribute(SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, value, sizeof value),
	    SCARD_E_INVALID_PARAMETER);
	fixture_remove(reader);
	CODE(set_attribute(SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, value, 1), SCARD_W_REMOVED_CARD);
	end();
}

/* What attributes say of a card that is not there, does not answer or is no ISO card. */
static void
attributes_of_other_cards(void)
{
	static const BYTE synchronous[] = { 0xA2, 0x13, 0x10, 0x91 };
	uint8_t value[RM_ATTRIBUTE_MAX];
	size_t length = sizeof value;
	SCARDHANDLE direct = 0;

	begin();
	(void)fixture_reader_empty("empty");
	CODE(do_connect(&client, "empty", SCARD_SHARE_DIRECT, 0, &direct, NULL), SCARD_S_SUCCESS);
	CODE(do_get_attribute(&client, direct, SCARD_ATTR_ICC_PRESENCE, value, &length),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_BYTES(value, length, "00");
	length = sizeof value;
	CODE(do_get_attribute(&client, direct, SCARD_ATTR_ATR_STRING, value, &length),
	    SCARD_E_NO_SMARTCARD);
	length = sizeof value;
	CODE(do_get_attribute(&client, direct, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, value, &length),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_BYTES(value, length, "00 00 00 00");
	SUITE_EQUAL_HEX(ITestDriverControl_InsertCard(
			    control, 2, synchronous, sizeof synchronous, SCARD_PROTOCOL_RAW),
	    S_OK);
	fixture_settle();
	length = sizeof value;
	CODE(do_get_attribute(&client, direct, SCARD_ATTR_ICC_TYPE_PER_ATR, value, &length),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_BYTES(value, length, "02");
	end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "lengths of replies", reply_lengths },
		{ "the longest exchange, the empty command", long_exchange },
		{ "protocols", protocols },
		{ "control codes", device_codes },
		{ "a reset by control code", power_by_control },
		{ "attributes", attributes },
		{ "attributes that can be set", settable_attributes },
		{ "attributes of other cards", attributes_of_other_cards },
	};

	return fixture_main("engine_exchange", tests, sizeof tests / sizeof tests[0]);
}
