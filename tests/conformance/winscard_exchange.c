/* SPDX-License-Identifier: BSD-2-Clause */
/* SCardTransmit, SCardControl, SCardGetAttrib and SCardSetAttrib. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/fixture.h"

static const BYTE select_mf[] = { 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00 };
static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

static SCARDCONTEXT context;
static SCARDHANDLE card;
static DWORD active;

static void
begin(void)
{
	context = fixture_context();
	OK(SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active));
}

static void
end(void)
{
	OK(SCardDisconnect(card, SCARD_RESET_CARD));
	OK(SCardReleaseContext(context));
}

static void
transmit_null(void)
{
	BYTE reply[32];
	DWORD length = sizeof reply;

	begin();
	CODE(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, NULL),
	    SCARD_E_INVALID_PARAMETER);
	OK(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length));
	SUITE_EQUAL_INT(length, 10);
	SUITE_EQUAL_BYTES(reply + 8, 2, "90 00");
	CODE(SCardTransmit(card, NULL, NULL, sizeof challenge, NULL, reply, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardTransmit(card, NULL, challenge, 0, NULL, reply, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, NULL, &length),
	    SCARD_E_INVALID_PARAMETER);
	length = SCARD_AUTOALLOCATE;
	CODE(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length),
	    SCARD_E_INVALID_PARAMETER);
	length = sizeof reply;
	CODE(SCardTransmit(0, NULL, challenge, sizeof challenge, NULL, reply, &length),
	    ERROR_INVALID_HANDLE);
	end();
}

static void
both_protocols(void)
{
	SCARDCONTEXT own = fixture_context();

	for (DWORD protocol = SCARD_PROTOCOL_T0; protocol <= SCARD_PROTOCOL_T1; protocol++) {
		const SCARD_IO_REQUEST *pci =
		    protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
		const SCARD_IO_REQUEST *wrong =
		    protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T1 : SCARD_PCI_T0;
		SCARD_IO_REQUEST received = { 77, sizeof received };
		BYTE reply[300], first[8];
		DWORD length;
		SCARDHANDLE one;
		LONG code = SCardConnectA(
		    own, fixture_reader(), SCARD_SHARE_EXCLUSIVE, protocol, &one, NULL);

		if (code == SCARD_E_PROTO_MISMATCH)
			continue; /* a card need not offer both */
		OK(code);
		length = sizeof reply;
		OK(SCardTransmit(one, pci, select_mf, sizeof select_mf, NULL, reply, &length));
		CU_ASSERT(length >= 2 && (reply[length - 2] == 0x90 || reply[length - 2] == 0x61));
		length = sizeof reply;
		OK(SCardTransmit(one, pci, challenge, sizeof challenge, &received, reply, &length));
		SUITE_EQUAL_INT(length, 10);
		SUITE_EQUAL_INT(received.dwProtocol, protocol);
		SUITE_EQUAL_INT(received.cbPciLength, 8);
		memcpy(first, reply, 8);
		length = sizeof reply;
		OK(SCardTransmit(one, pci, challenge, sizeof challenge, NULL, reply, &length));
		CU_ASSERT_NOT_EQUAL(memcmp(first, reply, 8), 0);
		length = sizeof reply;
		CODE(SCardTransmit(one, wrong, challenge, sizeof challenge, NULL, reply, &length),
		    SCARD_E_PROTO_MISMATCH);
		/* An instruction that no card has: a status word, not a failure. */
		length = sizeof reply;
		OK(SCardTransmit(
		    one, pci, (const BYTE[]){ 0x00, 0x02, 0, 0, 0 }, 5, NULL, reply, &length));
		SUITE_EQUAL_INT(length, 2);
		CU_ASSERT_EQUAL(reply[0] >> 4, 6);
		OK(SCardDisconnect(one, SCARD_RESET_CARD));
	}
	OK(SCardReleaseContext(own));
}

static void
pci_sizes(void)
{
	SCARD_IO_REQUEST send = { 0, sizeof send }, received = { 0, 0 };
	BYTE reply[32];
	DWORD length = sizeof reply;

	begin();
	send.dwProtocol = active;
	for (DWORD size = 0; size < sizeof received; size++) {
		received.cbPciLength = size;
		CODE(SCardTransmit(
			 card, &send, challenge, sizeof challenge, &received, reply, &length),
		    SCARD_E_PCI_TOO_SMALL);
		SUITE_EQUAL_INT(length, sizeof reply);
	}
	received.cbPciLength = 1000; /* more than needed */
	OK(SCardTransmit(card, &send, challenge, sizeof challenge, &received, reply, &length));
	SUITE_EQUAL_INT(received.cbPciLength, 8);
	length = sizeof reply;
	send.cbPciLength = 4;
	CODE(SCardTransmit(card, &send, challenge, sizeof challenge, NULL, reply, &length),
	    SCARD_E_INVALID_PARAMETER);
	send = (SCARD_IO_REQUEST){ SCARD_PROTOCOL_RAW, 8 };
	CODE(SCardTransmit(card, &send, challenge, sizeof challenge, NULL, reply, &length),
	    SCARD_E_PROTO_MISMATCH);
	send.dwProtocol = SCARD_PROTOCOL_Tx;
	CODE(SCardTransmit(card, &send, challenge, sizeof challenge, NULL, reply, &length),
	    SCARD_E_PROTO_MISMATCH);
	SUITE_EQUAL_INT(SCARD_PCI_T0->dwProtocol, 1);
	SUITE_EQUAL_INT(SCARD_PCI_T1->dwProtocol, 2);
	SUITE_EQUAL_HEX(SCARD_PCI_RAW->dwProtocol, 0x10000);
	SUITE_EQUAL_INT(SCARD_PCI_T0->cbPciLength, 8);
	SUITE_EQUAL_INT(SCARD_PCI_T1->cbPciLength, 8);
	SUITE_EQUAL_INT(SCARD_PCI_RAW->cbPciLength, 8);
	end();
}

static void
reply_room(void)
{
	BYTE reply[12];
	DWORD length;

	begin();
	for (DWORD room = 0; room < 10; room++) {
		memset(reply, 0x55, sizeof reply);
		length = room;
		CODE(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length),
		    SCARD_E_INSUFFICIENT_BUFFER);
		if (room >= 2)
			SUITE_EQUAL_INT(length, 10);
		for (DWORD i = room; i < sizeof reply; i++)
			CU_ASSERT_EQUAL(reply[i], 0x55);
	}
	length = 10;
	memset(reply, 0x55, sizeof reply);
	OK(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length));
	SUITE_EQUAL_INT(length, 10);
	SUITE_EQUAL_BYTES(reply + 8, 4, "90 00 55 55");
	/* A room larger than any reply. */
	length = 0x7FFFFFFF;
	OK(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length));
	SUITE_EQUAL_INT(length, 10);
	end();
}

static void
one_buffer(void)
{
	BYTE buffer[32];
	DWORD length = sizeof buffer;

	begin();
	memcpy(buffer, challenge, sizeof challenge);
	OK(SCardTransmit(card, NULL, buffer, sizeof challenge, NULL, buffer, &length));
	SUITE_EQUAL_INT(length, 10);
	SUITE_EQUAL_BYTES(buffer + 8, 2, "90 00");
	memcpy(buffer + 7, challenge, sizeof challenge);
	length = 16;
	OK(SCardTransmit(card, NULL, buffer + 7, sizeof challenge, NULL, buffer, &length));
	SUITE_EQUAL_INT(length, 10);
	end();
}

static void
command_lengths(void)
{
	BYTE *command = calloc(1, 70000), reply[300];
	DWORD length;

	begin();
	/* Shorter than a header. */
	for (DWORD size = 1; size < 4; size++) {
		length = sizeof reply;
		CU_ASSERT_NOT_EQUAL(
		    SCardTransmit(card, NULL, challenge, size, NULL, reply, &length), 0);
		CU_ASSERT_NOT_EQUAL(tessera_scard_message()[0], '\0');
		SUITE_EQUAL_INT(length, sizeof reply);
	}
	/* Longer than any APDU. */
	memcpy(command, select_mf, sizeof select_mf);
	for (DWORD size = 65549; size <= 70000; size += 4451) {
		length = sizeof reply;
		CODE(SCardTransmit(card, NULL, command, size, NULL, reply, &length),
		    SCARD_E_INVALID_PARAMETER);
	}
	/* The connection has not suffered. */
	length = sizeof reply;
	OK(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length));
	free(command);
	end();
}

static void
control(void)
{
	BYTE warm = SCARD_WARM_RESET, buffer[64];
	DWORD length = 99, atr_length = 0;

	begin();
	CODE(SCardControl(card, SCARD_CTL_CODE(1), &warm, 1, NULL, 0, NULL),
	    SCARD_E_INVALID_PARAMETER);
	OK(SCardControl(card, SCARD_CTL_CODE(1), &warm, 1, NULL, 0, &length));
	SUITE_EQUAL_INT(length, 0);
	/* With room for it, the ATR may come back. */
	OK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &atr_length));
	OK(SCardControl(card, SCARD_CTL_CODE(1), &warm, 1, buffer, sizeof buffer, &length));
	CU_ASSERT(length == 0 || length == atr_length);
	end();
}

static void
control_arguments(void)
{
	BYTE buffer[8] = { 0 };
	DWORD length = 99;
	LONG code;

	begin();
	code = SCardControl(card, SCARD_CTL_CODE(3333), NULL, 0, buffer, sizeof buffer, &length);
	CU_ASSERT(code == ERROR_INVALID_FUNCTION || code == ERROR_NOT_SUPPORTED);
	CU_ASSERT_NOT_EQUAL(tessera_scard_message()[0], '\0');
	CODE(SCardControl(card, SCARD_CTL_CODE(3333), NULL, 8, buffer, sizeof buffer, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardControl(card, SCARD_CTL_CODE(3333), buffer, 8, NULL, sizeof buffer, &length),
	    SCARD_E_INVALID_PARAMETER);
	SUITE_EQUAL_INT(length, 99);
	CODE(
	    SCardControl(0, SCARD_CTL_CODE(3333), NULL, 0, NULL, 0, &length), ERROR_INVALID_HANDLE);
	end();
}

static void
attribute_protocol(void)
{
	DWORD length = 0, needed;
	BYTE value[300];

	begin();
	OK(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, NULL, &length));
	CU_ASSERT_NOT_EQUAL(length, 0);
	needed = length;
	CODE(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, NULL), SCARD_E_INVALID_PARAMETER);
	length = needed - 1;
	CODE(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, needed);
	OK(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, &length));
	length = sizeof value; /* more room than any attribute needs */
	OK(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, &length));
	SUITE_EQUAL_INT(length, needed);
	CODE(
	    SCardGetAttrib(card, SCARD_ATTR_VALUE(7, 0x1234), value, &length), ERROR_NOT_SUPPORTED);
	CODE(SCardSetAttrib(card, SCARD_ATTR_VALUE(7, 0x1234), value, 1), ERROR_NOT_SUPPORTED);
	CODE(SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, NULL, 1),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, value, 0),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetAttrib(0, SCARD_ATTR_VENDOR_NAME, NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardSetAttrib(0, SCARD_ATTR_VENDOR_NAME, value, 1), ERROR_INVALID_HANDLE);
	end();
}

static void
attribute_values(void)
{
	BYTE atr[36], value[300];
	WCHAR wide[150];
	DWORD atr_length = sizeof atr, length = sizeof value, number;

	begin();
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, atr, &atr_length));
	OK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &length));
	SUITE_EQUAL_INT(length, atr_length);
	CU_ASSERT_EQUAL(memcmp(atr, value, length), 0);
	length = sizeof value;
	OK(SCardGetAttrib(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, value, &length));
	SUITE_EQUAL_INT(length, strlen(fixture_reader()) + 1);
	SUITE_EQUAL_STRING((char *)value, fixture_reader());
	length = sizeof wide;
	OK(SCardGetAttrib(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_W, (LPBYTE)wide, &length));
	CU_ASSERT_EQUAL(memcmp(wide, fixture_reader_wide(), length), 0);
	SUITE_EQUAL_INT(wide[length / 2 - 1], 0);
	length = sizeof value;
	OK(SCardGetAttrib(card, SCARD_ATTR_ICC_PRESENCE, value, &length));
	SUITE_EQUAL_INT(length, 1);
	SUITE_EQUAL_INT(value[0], 2);
	length = sizeof number;
	OK(SCardGetAttrib(card, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, (LPBYTE)&number, &length));
	SUITE_EQUAL_INT(length, 4);
	SUITE_EQUAL_INT(number, active);
	end();
}

static void
transmit_count(void)
{
	SCARDHANDLE other;
	DWORD before = 0, after = 0, protocol;
	BYTE reply[258];

	begin();
	OK(SCardGetTransmitCount(card, &before));
	(void)fixture_transmit(card, select_mf, sizeof select_mf, reply, sizeof reply);
	OK(SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &other, &protocol));
	(void)fixture_transmit(other, select_mf, sizeof select_mf, reply, sizeof reply);
	/* Whoever sent them; a reset does not begin anew. */
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	OK(SCardReconnect(
	    card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD, &protocol));
	OK(SCardGetTransmitCount(card, &after));
	SUITE_EQUAL_INT(after - before, 2);
	CODE(SCardGetTransmitCount(card, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetTransmitCount(0, &after), ERROR_INVALID_HANDLE);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	CODE(SCardGetTransmitCount(card, &after), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_INT(after - before, 2);
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ "9.13 SCardTransmit without a length; without a send PCI", transmit_null },
	{ "T=0 and T=1", both_protocols },
	{ "protocol control information: sizes and protocols", pci_sizes },
	{ "replies longer than the room for them", reply_room },
	{ "one buffer for command and reply", one_buffer },
	{ "commands too short and too long", command_lengths },
	{ "SCardGetTransmitCount", transmit_count },
	{ "9.14 SCardControl", control },
	{ "arguments of SCardControl", control_arguments },
	{ "9.12 SCardGetAttrib", attribute_protocol },
	{ "values of attributes", attribute_values },
};

int
main(void)
{
	return fixture_run("winscard_exchange", tests, sizeof tests / sizeof tests[0]);
}
