/* SPDX-License-Identifier: BSD-2-Clause */
/* The differences in what is sent to a card and to its reader. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/dialect.h"

static const BYTE select_mf[] = { 0x00, 0xA4, 0x00, 0x00 };

static SCARDCONTEXT context;
static SCARDHANDLE card;
static unsigned reader;

static void
begin(void)
{
	context = dialect_context();
	reader = steer_reader_with_card("Exchange");
	card = dialect_connect(context, "Exchange");
	OK(dialect_transmit(card));
}

static void
end(void)
{
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Exchange");
	OK(SCardReleaseContext(context));
}

static LONG
transmit(const SCARD_IO_REQUEST *send, DWORD command_length, DWORD room, DWORD *ret_length)
{
	static BYTE command[65549], reply[65549];

	memcpy(command, select_mf, sizeof select_mf);
	*ret_length = room;
	return SCardTransmit(card, send, command, command_length, NULL, reply, ret_length);
}

static void
protocols(void)
{
	SCARD_IO_REQUEST received = { 77, sizeof received }, old = { 0x1000, sizeof old };
	DWORD length = 16;
	BYTE reply[16];

	GIVES(transmit(NULL, 4, 16, &length), SCARD_S_SUCCESS, SCARD_E_INVALID_PARAMETER);
	BOTH(transmit(SCARD_PCI_T0, 4, 16, &length), SCARD_E_PROTO_MISMATCH);
	GIVES(transmit(&old, 4, 16, &length), SCARD_E_PROTO_MISMATCH, SCARD_S_SUCCESS);
	/* Raw beside the active protocol: only the reader decides, and this one does not have it.
	 */
	GIVES(transmit(SCARD_PCI_RAW, 4, 16, &length), SCARD_E_PROTO_MISMATCH,
	    SCARD_E_UNSUPPORTED_FEATURE);
	length = sizeof reply;
	OK(SCardTransmit(
	    card, SCARD_PCI_T1, select_mf, sizeof select_mf, &received, reply, &length));
	SUITE_EQUAL_INT(received.dwProtocol, SCARD_PROTOCOL_T1);
	SUITE_EQUAL_INT(received.cbPciLength, EITHER(8, 16));
	SUITE_EQUAL_BYTES(reply, length, "90 00");
	SUITE_EQUAL_INT(SCARD_PCI_T0->dwProtocol, SCARD_PROTOCOL_T0);
	SUITE_EQUAL_INT(SCARD_PCI_T0->cbPciLength, EITHER(8, 16));
	SUITE_EQUAL_HEX(SCARD_PCI_RAW->dwProtocol, EITHER(0x10000, 4));
}

static void
lengths(void)
{
	DWORD length;

	BOTH(transmit(SCARD_PCI_T1, 4, 1, &length), SCARD_E_INSUFFICIENT_BUFFER);
	GIVES(transmit(SCARD_PCI_T1, 65549, 16, &length), SCARD_E_INVALID_PARAMETER,
	    SCARD_E_INSUFFICIENT_BUFFER);
	GIVES(transmit(SCARD_PCI_T1, 4, 65549, &length), SCARD_S_SUCCESS,
	    OLDER(SCARD_S_SUCCESS, SCARD_E_INSUFFICIENT_BUFFER));
	OK(transmit(SCARD_PCI_T1, 4, 65548, &length));
	SUITE_EQUAL_INT(length, 2);
	BOTH(SCardTransmit(card, SCARD_PCI_T1, NULL, 4, NULL, (LPBYTE)&length, &length),
	    SCARD_E_INVALID_PARAMETER);
}

static void
control(void)
{
	DWORD length = 99;
	BYTE out[8];

	GIVES(SCardControl(
		  card, SCARD_CTL_CODE(STEER_CONTROL_UNKNOWN), NULL, 0, out, sizeof out, &length),
	    WIN32_INVALID_FUNCTION, SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_INT(length, EITHER(99, 0));
	OK(SCardControl(
	    card, SCARD_CTL_CODE(STEER_CONTROL_ECHO), "ping", 4, out, sizeof out, &length));
	SUITE_EQUAL_BYTES(out, length, "70 69 6E 67");
	/* The number that Windows has for the same function. */
	OK(SCardControl(
	    card, 0x310000 | STEER_CONTROL_ECHO << 2, "pong", 4, out, sizeof out, &length));
	SUITE_EQUAL_BYTES(out, length, "70 6F 6E 67");
	GIVES(SCardControl(
		  card, SCARD_CTL_CODE(STEER_CONTROL_ECHO), "ping", 4, out, sizeof out, NULL),
	    SCARD_E_INVALID_PARAMETER, SCARD_S_SUCCESS);
	BOTH(SCardControl(card, SCARD_CTL_CODE(STEER_CONTROL_ECHO), "ping", 4, out, 3, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 4);
}

static void
attributes(void)
{
	BYTE value[300];
	DWORD length = sizeof value;
	char *block = NULL;

	GIVES(SCardGetAttrib(card, SCARD_ATTR_VALUE(7, 0x1234), value, &length),
	    WIN32_NOT_SUPPORTED, EITHER(0, SCARD_E_INSUFFICIENT_BUFFER));
	length = 264;
	GIVES(SCardGetAttrib(card, SCARD_ATTR_VALUE(7, 0x1234), value, &length),
	    WIN32_NOT_SUPPORTED, SCARD_E_UNSUPPORTED_FEATURE);
	GIVES(SCardSetAttrib(card, SCARD_ATTR_VALUE(7, 0x1234), value, 1), WIN32_NOT_SUPPORTED,
	    SCARD_E_UNSUPPORTED_FEATURE);
	GIVES(SCardSetAttrib(card, SCARD_ATTR_VALUE(7, 0x1234), value, 265),
	    SCARD_E_INVALID_PARAMETER, SCARD_E_INSUFFICIENT_BUFFER);
	length = 265;
	GIVES(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &length), SCARD_S_SUCCESS,
	    SCARD_E_INSUFFICIENT_BUFFER);
	length = 264;
	OK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &length));
	SUITE_EQUAL_BYTES(value, length, "3B 81 00 11");
	OK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &length));
	SUITE_EQUAL_INT(length, 4);
	length = SCARD_AUTOALLOCATE;
	OK(SCardGetAttrib(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, (LPBYTE)&block, &length));
	SUITE_EQUAL_INT(length, sizeof "Exchange");
	SUITE_EQUAL_STRING(block, "Exchange");
	OK(SCardFreeMemory(context, block));
	length = 264;
	GIVES(SCardGetAttrib(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_W, value, &length),
	    SCARD_S_SUCCESS, SCARD_E_UNSUPPORTED_FEATURE);
	BOTH(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, NULL), SCARD_E_INVALID_PARAMETER);
}

static const struct suite_test tests[] = {
	{ DIALECT ": a card", begin },
	{ DIALECT ": 7.2.33, 7.2.36 protocols of SCardTransmit", protocols },
	{ DIALECT ": 7.2.34 lengths of SCardTransmit", lengths },
	{ DIALECT ": SCardControl", control },
	{ DIALECT ": 7.2.2, 7.2.38 attributes", attributes },
	{ DIALECT ": the card's end", end },
};

int
main(void)
{
	return steer_run("dialect exchange", tests, sizeof tests / sizeof tests[0]);
}
