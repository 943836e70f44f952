/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each winscard function over a table that only notes: which arguments are refused before anything
 * is asked, what reaches the table, what comes back, and what is said about a failure.
 */
#include <stdio.h>
#include <string.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/memory.h"
#include "tests/suite.h"
#include "tests/unit/api_fake.h"

/* A failure of the library's own: the table was not asked, and the message says `words`. */
#define REFUSED(call_text, expected, words)                                        \
	do {                                                                       \
		fake.call = NULL;                                                  \
		SUITE_EQUAL_HEX((DWORD)(call_text), (DWORD)(expected));            \
		SUITE_EQUAL_STRING(fake.call, NULL);                               \
		if (strstr(tessera_scard_message(), (words)) == NULL)              \
			SUITE_EQUAL_STRING(tessera_scard_message(), "... " words); \
	} while (0)

static SCARDCONTEXT
establish(void)
{
	SCARDCONTEXT context = 0;

	fake_reset();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	SUITE_EQUAL_HEX(context, FAKE_CONTEXT);
	return context;
}

static SCARDHANDLE
connect_fake(void)
{
	SCARDCONTEXT context = establish();
	SCARDHANDLE card = 0;

	fake.protocol = SCARD_PROTOCOL_T1;
	SUITE_EQUAL_HEX(
	    SCardConnectA(context, "R", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL), 0);
	SUITE_EQUAL_HEX(card, FAKE_CARD);
	return card;
}

static void
end(void)
{
	fake.code = SCARD_S_SUCCESS;
	SUITE_EQUAL_HEX(SCardReleaseContext(FAKE_CONTEXT), 0);
	SUITE_EQUAL_STRING(fake.call, "release");
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
}

static void
establish_arguments(void)
{
	SCARDCONTEXT context = 42;

	fake_reset();
	REFUSED(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, NULL),
	    SCARD_E_INVALID_PARAMETER, "SCardEstablishContext: phContext is NULL");
	REFUSED(SCardEstablishContext(SCARD_SCOPE_USER, "", NULL, &context),
	    SCARD_E_INVALID_PARAMETER, "reserved");
	REFUSED(SCardEstablishContext(SCARD_SCOPE_USER, NULL, "", &context),
	    SCARD_E_INVALID_PARAMETER, "reserved");
	fake.code = SCARD_E_INVALID_VALUE;
	SUITE_EQUAL_HEX((DWORD)SCardEstablishContext(9, NULL, NULL, &context), 0x80100011);
	SUITE_EQUAL_INT(context, 42);
	SUITE_EQUAL_INT(fake.b, 9);
	/* The table said nothing: the code itself is explained. */
	SUITE_EQUAL_STRING(tessera_scard_message(),
	    "SCardEstablishContext: SCARD_E_INVALID_VALUE: the value of a parameter is not "
	    "acceptable");
	fake_reset();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), 0);
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	SUITE_EQUAL_INT(fake.a, RM_CALLS_WINDOWS);
	SUITE_EQUAL_INT(fake.b, SCARD_SCOPE_SYSTEM);
	end();
}

static void
handles_of_nothing(void)
{
	DWORD length = 0, value;
	SCARDHANDLE card;
	SCARD_IO_REQUEST pci = { SCARD_PROTOCOL_T1, sizeof pci };
	BYTE byte = 0;

	fake_reset();
	REFUSED(SCardReleaseContext(0), 6, "SCardReleaseContext: the context is 0");
	REFUSED(SCardIsValidContext(0), 6, "the context is 0");
	REFUSED(SCardCancel(0), 6, "the context is 0");
	REFUSED(SCardGetStatusChangeA(0, 0, NULL, 0), 6, "the context is 0");
	REFUSED(SCardGetStatusChangeW(0, 0, NULL, 0), 6, "the context is 0");
	REFUSED(SCardConnectA(0, "R", 2, 3, &card, NULL), 6, "the context is 0");
	REFUSED(SCardConnectW(0, u"R", 2, 3, &card, NULL), 6, "the context is 0");
	REFUSED(SCardFreeMemory(99, NULL), 6, "context 0x63");
	REFUSED(SCardReconnect(0, 2, 3, 0, NULL), 6, "the card handle is 0");
	REFUSED(SCardDisconnect(0, 0), 6, "SCardDisconnect: the card handle is 0");
	REFUSED(SCardBeginTransaction(0), 6, "the card handle is 0");
	REFUSED(SCardEndTransaction(0, 0), 6, "the card handle is 0");
	REFUSED(SCardStatusA(0, NULL, NULL, NULL, NULL, NULL, NULL), 6, "the card handle is 0");
	REFUSED(SCardStatusW(0, NULL, NULL, NULL, NULL, NULL, NULL), 6, "the card handle is 0");
	REFUSED(SCardState(0, &value, NULL, NULL, NULL), 6, "the card handle is 0");
	REFUSED(SCardTransmit(0, &pci, &byte, 1, NULL, &byte, &length), 6, "the card handle is 0");
	REFUSED(SCardControl(0, 1, NULL, 0, NULL, 0, &length), 6, "the card handle is 0");
	REFUSED(SCardGetAttrib(0, 1, NULL, &length), 6, "the card handle is 0");
	REFUSED(SCardSetAttrib(0, 1, &byte, 1), 6, "the card handle is 0");
	/* Nothing was established in this process, so nothing need be loaded to know the answer. */
	api_backend_install(NULL);
	REFUSED(SCardReleaseContext(1), 6, "has established none");
	REFUSED(SCardIsValidContext(1), 6, "has established none");
	REFUSED(SCardListReadersA(1, NULL, NULL, &length), 6, "has established none");
	REFUSED(SCardTransmit(1, &pci, &byte, 1, NULL, &byte, &length), 6, "has connected to none");
}

static void
lists(void)
{
	char *block = NULL, buffer[32];
	WCHAR wide[16];
	DWORD length = 0;

	(void)establish();
	REFUSED(SCardListReadersA(FAKE_CONTEXT, NULL, buffer, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardListReadersA: pcchReaders is NULL");
	REFUSED(SCardListReadersW(FAKE_CONTEXT, NULL, wide, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardListReadersW: pcchReaders is NULL");
	REFUSED(SCardListReaderGroupsA(FAKE_CONTEXT, buffer, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardListReaderGroupsA: pcchGroups is NULL");
	REFUSED(SCardListReaderGroupsW(FAKE_CONTEXT, wide, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardListReaderGroupsW: pcchGroups is NULL");
	fake.list = "a\0\xC3\xA4\0";
	fake.list_length = 6;
	SUITE_EQUAL_HEX(SCardListReadersA(FAKE_CONTEXT, NULL, NULL, &length), 0);
	SUITE_EQUAL_INT(length, 6);
	SUITE_EQUAL_INT(fake.text_length, 0);
	SUITE_EQUAL_HEX(SCardListReadersW(FAKE_CONTEXT, u"g\0h\0", NULL, &length), 0);
	SUITE_EQUAL_INT(length, 5);
	SUITE_EQUAL_BYTES(fake.text, fake.text_length, "67 00 68 00 00");
	length = 16;
	SUITE_EQUAL_HEX(SCardListReaderGroupsW(FAKE_CONTEXT, wide, &length), 0);
	SUITE_EQUAL_STRING(fake.call, "list_groups");
	SUITE_EQUAL_INT(length, 5);
	CU_ASSERT_EQUAL(memcmp(wide, u"a\0ä\0", 10), 0);
	length = SCARD_AUTOALLOCATE;
	SUITE_EQUAL_HEX(SCardListReadersA(0, NULL, (LPSTR)&block, &length), 0);
	SUITE_EQUAL_HEX(fake.handle, 0);
	SUITE_EQUAL_INT(length, 6);
	REFUSED(SCardFreeMemory(FAKE_CONTEXT, block), SCARD_E_INVALID_PARAMETER, "no block");
	SUITE_EQUAL_HEX(SCardFreeMemory(0, block), 0);
	REFUSED(SCardFreeMemory(0, block), SCARD_E_INVALID_PARAMETER, "no block");
	SUITE_EQUAL_HEX(SCardFreeMemory(FAKE_CONTEXT, NULL), 0);
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	fake.code = SCARD_E_NO_READERS_AVAILABLE;
	fake.message = "no reader: plug one in";
	length = 77;
	SUITE_EQUAL_HEX((DWORD)SCardListReadersA(0, NULL, NULL, &length), 0x8010002E);
	SUITE_EQUAL_INT(length, 77);
	SUITE_EQUAL_STRING(tessera_scard_message(), "no reader: plug one in");
	end();
}

static void
connects(void)
{
	SCARDHANDLE card = 7;
	DWORD active = 9;

	(void)establish();
	REFUSED(SCardConnectA(FAKE_CONTEXT, NULL, 2, 3, &card, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardConnectA: the reader name is NULL: pass a name from SCardListReaders");
	REFUSED(SCardConnectW(FAKE_CONTEXT, NULL, 2, 3, &card, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardConnectW: the reader name is NULL");
	REFUSED(SCardConnectA(FAKE_CONTEXT, "", 2, 3, &card, NULL), SCARD_E_INVALID_PARAMETER,
	    "the reader name is empty");
	REFUSED(SCardConnectW(FAKE_CONTEXT, u"", 2, 3, &card, NULL), SCARD_E_INVALID_PARAMETER,
	    "the reader name is empty");
	REFUSED(SCardConnectA(FAKE_CONTEXT, "R", 2, 3, NULL, NULL), SCARD_E_INVALID_PARAMETER,
	    "phCard is NULL");
	fake.code = SCARD_E_SHARING_VIOLATION;
	SUITE_EQUAL_HEX((DWORD)SCardConnectA(FAKE_CONTEXT, "R", 1, 2, &card, &active), 0x8010000B);
	SUITE_EQUAL_INT(card, 7);
	SUITE_EQUAL_INT(active, 9);
	fake.code = SCARD_S_SUCCESS;
	fake.protocol = SCARD_PROTOCOL_T0;
	SUITE_EQUAL_HEX(SCardConnectW(FAKE_CONTEXT, u"Gerät", SCARD_SHARE_EXCLUSIVE,
			    SCARD_PROTOCOL_Tx | SCARD_PROTOCOL_DEFAULT, &card, &active),
	    0);
	SUITE_EQUAL_HEX(fake.handle, FAKE_CONTEXT);
	SUITE_EQUAL_STRING(fake.text, "Ger\xC3\xA4t");
	SUITE_EQUAL_HEX(fake.a, 1);
	SUITE_EQUAL_HEX(fake.b, 0x80000003);
	SUITE_EQUAL_HEX(card, FAKE_CARD);
	SUITE_EQUAL_INT(active, 1);
	fake.protocol = SCARD_PROTOCOL_T1;
	SUITE_EQUAL_HEX(
	    SCardReconnect(card, SCARD_SHARE_SHARED, 2, SCARD_UNPOWER_CARD, &active), 0);
	SUITE_EQUAL_INT(fake.c, 2);
	SUITE_EQUAL_INT(active, 2);
	SUITE_EQUAL_HEX(SCardReconnect(card, SCARD_SHARE_SHARED, 2, SCARD_LEAVE_CARD, NULL), 0);
	SUITE_EQUAL_HEX(SCardBeginTransaction(card), 0);
	SUITE_EQUAL_STRING(fake.call, "begin");
	SUITE_EQUAL_HEX(SCardEndTransaction(card, SCARD_RESET_CARD), 0);
	SUITE_EQUAL_INT(fake.a, 1);
	SUITE_EQUAL_HEX(SCardDisconnect(card, SCARD_EJECT_CARD), 0);
	SUITE_EQUAL_INT(fake.a, 3);
	SUITE_EQUAL_HEX(fake.handle, FAKE_CARD);
	end();
}

static void
statuses(void)
{
	SCARDHANDLE card = connect_fake();
	char names[8], *block = NULL;
	DWORD names_length, state = 0, protocol = 0, atr_length;
	BYTE atr[36];

	memcpy(fake.status.name, "Ger\xC3\xA4t", 7);
	fake.status.state = SCARD_SPECIFIC;
	fake.status.protocol = SCARD_PROTOCOL_T1;
	memcpy(fake.status.atr, "\x3B\x00", 2);
	fake.status.atr_length = 2;
	SUITE_EQUAL_HEX(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), 0);
	names_length = sizeof names;
	atr_length = sizeof atr;
	SUITE_EQUAL_HEX(
	    SCardStatusA(card, names, &names_length, &state, &protocol, atr, &atr_length), 0);
	SUITE_EQUAL_INT(names_length, 8);
	SUITE_EQUAL_BYTES(names, 8, "47 65 72 C3 A4 74 00 00");
	SUITE_EQUAL_INT(state, 6);
	SUITE_EQUAL_INT(protocol, 2);
	SUITE_EQUAL_BYTES(atr, atr_length, "3B 00");
	SUITE_EQUAL_HEX(SCardStatusW(card, NULL, &names_length, NULL, NULL, NULL, NULL), 0);
	SUITE_EQUAL_INT(names_length, 7);
	/* One pair too small: nothing is written but the lengths. */
	names_length = 7;
	atr_length = 36;
	state = 99;
	memset(atr, 0, sizeof atr);
	SUITE_EQUAL_HEX(
	    (DWORD)SCardStatusA(card, names, &names_length, &state, NULL, atr, &atr_length),
	    0x80100008);
	SUITE_EQUAL_INT(names_length, 8);
	SUITE_EQUAL_INT(atr_length, 2);
	SUITE_EQUAL_INT(state, 99);
	SUITE_EQUAL_INT(atr[0], 0);
	/* Buffers without their lengths are left alone. */
	SUITE_EQUAL_HEX(SCardStatusA(card, names, NULL, NULL, NULL, atr, NULL), 0);
	SUITE_EQUAL_INT(atr[0], 0);
	/* Blocks belong to the context of the handle. */
	names_length = SCARD_AUTOALLOCATE;
	SUITE_EQUAL_HEX(
	    SCardStatusA(card, (LPSTR)&block, &names_length, NULL, NULL, NULL, NULL), 0);
	SUITE_EQUAL_STRING(block, "Ger\xC3\xA4t");
	SUITE_EQUAL_HEX(SCardFreeMemory(FAKE_CONTEXT, block), 0);
	atr_length = 36;
	SUITE_EQUAL_HEX(SCardState(card, &state, &protocol, atr, &atr_length), 0);
	SUITE_EQUAL_INT(state, 6);
	SUITE_EQUAL_BYTES(atr, atr_length, "3B 00");
	fake.code = SCARD_W_RESET_CARD;
	SUITE_EQUAL_HEX((DWORD)SCardState(card, &state, NULL, NULL, NULL), 0x80100068);
	/* Lengths from below are not trusted. */
	fake.code = SCARD_S_SUCCESS;
	memset(fake.status.name, 'n', sizeof fake.status.name);
	fake.status.atr_length = 1000;
	SUITE_EQUAL_HEX(SCardStatusA(card, NULL, &names_length, NULL, NULL, NULL, &atr_length), 0);
	SUITE_EQUAL_INT(names_length, 129);
	SUITE_EQUAL_INT(atr_length, 33);
	end();
}

static void
watches(void)
{
	SCARD_READERSTATEA a[2] = { 0 };
	SCARD_READERSTATEW w[1] = { 0 };
	char longer[200];
	int mine;

	(void)establish();
	REFUSED(SCardGetStatusChangeA(FAKE_CONTEXT, 0, NULL, 1), SCARD_E_INVALID_PARAMETER,
	    "SCardGetStatusChangeA: rgReaderStates is NULL");
	REFUSED(SCardGetStatusChangeW(FAKE_CONTEXT, 0, NULL, 1), SCARD_E_INVALID_PARAMETER,
	    "SCardGetStatusChangeW: rgReaderStates is NULL");
	REFUSED(SCardGetStatusChangeA(FAKE_CONTEXT, 0, a, 1025), SCARD_E_INVALID_PARAMETER,
	    "at most 1024");
	a[0].szReader = "R";
	REFUSED(SCardGetStatusChangeA(FAKE_CONTEXT, 0, a, 2), SCARD_E_INVALID_VALUE,
	    "szReader of entry 1 is NULL");
	memset(longer, 'x', sizeof longer);
	longer[199] = '\0';
	a[1].szReader = longer;
	REFUSED(SCardGetStatusChangeA(FAKE_CONTEXT, 0, a, 2), SCARD_E_UNKNOWN_READER,
	    "szReader of entry 1");
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(FAKE_CONTEXT, 0, NULL, 0), 0);
	SUITE_EQUAL_STRING(fake.call, "is_valid");
	fake.code = ERROR_INVALID_HANDLE;
	SUITE_EQUAL_INT(SCardGetStatusChangeW(FAKE_CONTEXT, 0, NULL, 0), 6);
	/* The array is filled when nothing differed, too. */
	fake.code = SCARD_E_TIMEOUT;
	a[1].szReader = "S";
	a[1].dwCurrentState = 0x00050020;
	a[1].pvUserData = &mine;
	a[1].cbAtr = 37;
	a[1].rgbAtr[35] = 0x55;
	fake.state.event = 0x00050120;
	fake.state.atr_length = 500;
	memset(fake.state.atr, 0xAA, sizeof fake.state.atr);
	SUITE_EQUAL_HEX((DWORD)SCardGetStatusChangeA(FAKE_CONTEXT, 4, a, 2), 0x8010000A);
	SUITE_EQUAL_INT(fake.a, 4);
	SUITE_EQUAL_INT(fake.count, 2);
	SUITE_EQUAL_STRING(fake.names[0], "R");
	SUITE_EQUAL_STRING(fake.names[1], "S");
	SUITE_EQUAL_HEX(fake.currents[1], 0x00050020);
	SUITE_EQUAL_HEX(a[1].dwCurrentState, 0x00050020);
	SUITE_EQUAL_HEX(a[1].dwEventState, 0x00050120);
	SUITE_EQUAL_INT(a[1].cbAtr, 33);
	SUITE_EQUAL_HEX(a[1].rgbAtr[32], 0xAA);
	SUITE_EQUAL_HEX(a[1].rgbAtr[33], 0);
	SUITE_EQUAL_HEX(a[1].rgbAtr[35], 0x55);
	CU_ASSERT_PTR_EQUAL(a[1].pvUserData, &mine);
	SUITE_EQUAL_STRING(a[1].szReader, "S");
	/* Other failures leave it alone. */
	fake.code = SCARD_E_CANCELLED;
	fake.state.event = 1;
	SUITE_EQUAL_HEX((DWORD)SCardGetStatusChangeA(FAKE_CONTEXT, INFINITE, a, 2), 0x80100002);
	SUITE_EQUAL_HEX(fake.a, 0xFFFFFFFF);
	SUITE_EQUAL_HEX(a[1].dwEventState, 0x00050120);
	fake.code = SCARD_S_SUCCESS;
	w[0].szReader = u"Gerät";
	SUITE_EQUAL_HEX(SCardGetStatusChangeW(FAKE_CONTEXT, 0, w, 1), 0);
	SUITE_EQUAL_STRING(fake.names[0], "Ger\xC3\xA4t");
	SUITE_EQUAL_HEX(w[0].dwEventState, 1);
	end();
}

static void
transmits(void)
{
	static const BYTE select[] = { 0, 0xA4, 0, 0, 2, 0x3F, 0 };
	SCARD_IO_REQUEST send = { SCARD_PROTOCOL_T1, 8 }, receive = { 0, 8 };
	SCARDHANDLE card = connect_fake();
	BYTE reply[16] = { 0 };
	DWORD length = sizeof reply;

#define TRANSMIT(pci, command, size, got, out, out_length) \
	SCardTransmit(card, pci, command, size, got, out, out_length)
	REFUSED(TRANSMIT(&send, select, 7, NULL, reply, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardTransmit: pcbRecvLength is NULL");
	REFUSED(TRANSMIT(&send, NULL, 7, NULL, reply, &length), SCARD_E_INVALID_PARAMETER,
	    "there is no command");
	REFUSED(TRANSMIT(&send, select, 0, NULL, reply, &length), SCARD_E_INVALID_PARAMETER,
	    "there is no command");
	REFUSED(TRANSMIT(&send, select, 65549, NULL, reply, &length), SCARD_E_INVALID_PARAMETER,
	    "more than any APDU");
	REFUSED(TRANSMIT(&send, select, 7, NULL, NULL, &length), SCARD_E_INVALID_PARAMETER,
	    "pbRecvBuffer is NULL");
	length = SCARD_AUTOALLOCATE;
	REFUSED(TRANSMIT(&send, select, 7, NULL, reply, &length), SCARD_E_INVALID_PARAMETER,
	    "SCARD_AUTOALLOCATE is not possible");
	length = 1;
	REFUSED(TRANSMIT(&send, select, 7, NULL, reply, &length), SCARD_E_INSUFFICIENT_BUFFER,
	    "nothing was sent");
	length = sizeof reply;
	send.cbPciLength = 7;
	REFUSED(TRANSMIT(&send, select, 7, NULL, reply, &length), SCARD_E_INVALID_PARAMETER,
	    "pioSendPci");
	send = (SCARD_IO_REQUEST){ 0, 8 };
	REFUSED(TRANSMIT(&send, select, 7, NULL, reply, &length), SCARD_E_PROTO_MISMATCH,
	    "pioSendPci names no protocol");
	send.dwProtocol = SCARD_PROTOCOL_T1;
	receive.cbPciLength = 7;
	REFUSED(TRANSMIT(&send, select, 7, &receive, reply, &length), SCARD_E_PCI_TOO_SMALL,
	    "pioRecvPci has room for 7 bytes, 8 are needed");
	receive.cbPciLength = 16;
	fake.data = (const uint8_t *)"\x6F\x01\x90\x00";
	fake.data_length = 4;
	SUITE_EQUAL_HEX(TRANSMIT(&send, select, 7, &receive, reply, &length), 0);
	SUITE_EQUAL_INT(fake.a, 2);
	SUITE_EQUAL_INT(fake.room, 16);
	CU_ASSERT_PTR_EQUAL(fake.in_address, select);
	SUITE_EQUAL_BYTES(reply, length, "6F 01 90 00");
	SUITE_EQUAL_INT(receive.dwProtocol, 2);
	SUITE_EQUAL_INT(receive.cbPciLength, 8);
	SUITE_EQUAL_HEX(TRANSMIT(NULL, select, 7, NULL, reply, &length), 0);
	SUITE_EQUAL_INT(fake.a, 0);
	length = 3;
	SUITE_EQUAL_HEX((DWORD)TRANSMIT(SCARD_PCI_T1, select, 7, NULL, reply, &length), 0x80100008);
	SUITE_EQUAL_INT(length, 4);
	fake.data_length = 0;
	fake.code = SCARD_E_NO_SMARTCARD;
	length = 16;
	SUITE_EQUAL_HEX((DWORD)TRANSMIT(SCARD_PCI_T1, select, 7, NULL, reply, &length), 0x8010000C);
	SUITE_EQUAL_INT(length, 16);
	/* A raw reply may be one byte. */
	fake.code = SCARD_S_SUCCESS;
	fake.data_length = 1;
	length = 1;
	SUITE_EQUAL_HEX(TRANSMIT(SCARD_PCI_RAW, select, 1, NULL, reply, &length), 0);
	SUITE_EQUAL_HEX(fake.a, 0x00010000);
	end();
}

static void
one_buffer(void)
{
	static const BYTE command[] = { 0, 0xC0, 0, 0, 4 };
	SCARDHANDLE card = connect_fake();
	BYTE buffer[32];
	DWORD length = sizeof buffer;

	fake.data = (const uint8_t *)"\x11\x22\x33\x44\x90\x00";
	fake.data_length = 6;
	memcpy(buffer, command, 5);
	SUITE_EQUAL_HEX(SCardTransmit(card, NULL, buffer, 5, NULL, buffer, &length), 0);
	SUITE_EQUAL_BYTES(fake.in, fake.in_length, "00 C0 00 00 04");
	SUITE_EQUAL_BYTES(buffer, length, "11 22 33 44 90 00");
	/* The reply begins within the command. */
	memcpy(buffer, command, 5);
	length = sizeof buffer - 4;
	SUITE_EQUAL_HEX(SCardTransmit(card, NULL, buffer, 5, NULL, buffer + 4, &length), 0);
	SUITE_EQUAL_BYTES(fake.in, fake.in_length, "00 C0 00 00 04");
	/* The command lies behind the place where the reply begins. */
	memcpy(buffer + 2, command, 5);
	length = 3;
	fake.data_length = 3;
	SUITE_EQUAL_HEX(SCardTransmit(card, NULL, buffer + 2, 5, NULL, buffer, &length), 0);
	SUITE_EQUAL_BYTES(fake.in, fake.in_length, "00 C0 00 00 04");
	/* Neighbours do not overlap: nothing is copied. */
	memcpy(buffer + 3, command, 5);
	length = 3;
	SUITE_EQUAL_HEX(SCardTransmit(card, NULL, buffer + 3, 5, NULL, buffer, &length), 0);
	CU_ASSERT_PTR_EQUAL(fake.in_address, buffer + 3);
	memcpy(buffer, command, 5);
	SUITE_EQUAL_HEX(SCardControl(card, 1, buffer, 5, buffer, 32, &length), 0);
	SUITE_EQUAL_BYTES(fake.in, fake.in_length, "00 C0 00 00 04");
	end();
}

static void
controls(void)
{
	SCARDHANDLE card = connect_fake();
	BYTE in[2] = { 1, 2 }, out[4];
	DWORD length = 99;

	REFUSED(SCardControl(card, 1, in, 2, out, 4, NULL), SCARD_E_INVALID_PARAMETER,
	    "SCardControl: lpBytesReturned is NULL");
	REFUSED(SCardControl(card, 1, NULL, 2, out, 4, &length), SCARD_E_INVALID_PARAMETER,
	    "lpInBuffer is NULL and its size 2");
	REFUSED(SCardControl(card, 1, in, 2, NULL, 4, &length), SCARD_E_INVALID_PARAMETER,
	    "lpOutBuffer is NULL and its size 4");
	REFUSED(SCardControl(card, 1, in, 65549, out, 4, &length), SCARD_E_INVALID_PARAMETER,
	    "65549 bytes of input");
	SUITE_EQUAL_INT(length, 99);
	fake.data = (const uint8_t *)"12345";
	fake.data_length = 3;
	SUITE_EQUAL_HEX(SCardControl(card, SCARD_CTL_CODE(3400), in, 2, out, 4, &length), 0);
	SUITE_EQUAL_HEX(fake.a, 0x00313520);
	SUITE_EQUAL_BYTES(fake.in, fake.in_length, "01 02");
	SUITE_EQUAL_INT(fake.room, 4);
	SUITE_EQUAL_BYTES(out, length, "31 32 33");
	fake.data_length = 5;
	SUITE_EQUAL_HEX((DWORD)SCardControl(card, 1, in, 2, out, 4, &length), 0x80100008);
	SUITE_EQUAL_INT(length, 5);
	fake.code = SCARD_S_SUCCESS;
	fake.data_length = 0;
	SUITE_EQUAL_HEX(SCardControl(card, 1, NULL, 0, NULL, 0, &length), 0);
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_INT(fake.room, 0);
	fake.code = ERROR_INVALID_FUNCTION;
	length = 5;
	SUITE_EQUAL_HEX(SCardControl(card, 1, NULL, 0, NULL, 0, &length), 1);
	SUITE_EQUAL_INT(length, 5);
	SUITE_EQUAL_STRING(tessera_scard_message(),
	    "SCardControl: ERROR_INVALID_FUNCTION: the reader does not know this control code");
	end();
}

static void
attributes(void)
{
	SCARDHANDLE card = connect_fake();
	BYTE value[16] = { 0 }, *block = NULL;
	DWORD length = sizeof value;

	REFUSED(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, NULL),
	    SCARD_E_INVALID_PARAMETER, "SCardGetAttrib: pcbAttrLen is NULL");
	REFUSED(SCardSetAttrib(card, 1, NULL, 4), SCARD_E_INVALID_PARAMETER, "there is no value");
	REFUSED(SCardSetAttrib(card, 1, value, 0), SCARD_E_INVALID_PARAMETER, "there is no value");
	REFUSED(SCardSetAttrib(card, 1, value, 265), SCARD_E_INVALID_PARAMETER, "at most 264");
	fake.data = (const uint8_t *)"Ger\xC3\xA4t";
	fake.data_length = 7;
	SUITE_EQUAL_HEX(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, &length), 0);
	SUITE_EQUAL_HEX(fake.a, 0x00010100);
	SUITE_EQUAL_BYTES(value, length, "47 65 72 C3 A4 74 00");
	length = 6;
	SUITE_EQUAL_HEX(
	    (DWORD)SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, &length), 0x80100008);
	SUITE_EQUAL_INT(length, 7);
	length = SCARD_AUTOALLOCATE;
	SUITE_EQUAL_HEX(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, (LPBYTE)&block, &length), 0);
	SUITE_EQUAL_INT(length, 7);
	SUITE_EQUAL_HEX(SCardFreeMemory(FAKE_CONTEXT, block), 0);
	/* Wide names are made from the 8-bit ones. */
	length = sizeof value;
	SUITE_EQUAL_HEX(SCardGetAttrib(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_W, value, &length), 0);
	SUITE_EQUAL_HEX(fake.a, SCARD_ATTR_DEVICE_FRIENDLY_NAME_A);
	SUITE_EQUAL_INT(length, 12);
	CU_ASSERT_EQUAL(memcmp(value, u"Gerät", 12), 0);
	fake.code = ERROR_NOT_SUPPORTED;
	SUITE_EQUAL_HEX(SCardGetAttrib(card, SCARD_ATTR_DEVICE_SYSTEM_NAME_W, NULL, &length), 50);
	SUITE_EQUAL_HEX(fake.a, SCARD_ATTR_DEVICE_SYSTEM_NAME_A);
	SUITE_EQUAL_INT(length, 12);
	fake.code = SCARD_S_SUCCESS;
	SUITE_EQUAL_HEX(SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, value, 1), 0);
	SUITE_EQUAL_HEX(fake.a, 0x7FFF0007);
	SUITE_EQUAL_INT(fake.in_length, 1);
	/* A driver that says more than fits cannot be answered by a larger buffer. */
	fake.data_length = 400;
	fake.data = (const uint8_t[400]){ 0 };
	length = 16;
	SUITE_EQUAL_HEX(
	    (DWORD)SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, value, &length), 0x80100001);
	SUITE_EQUAL_INT(length, 16);
	end();
}

static void
messages(void)
{
	char name[64];

	(void)establish();
	fake.code = SCARD_E_UNKNOWN_READER;
	fake.message = "reader 'X': there is none; SCardListReaders lists them";
	SUITE_EQUAL_HEX((DWORD)SCardIsValidContext(FAKE_CONTEXT), 0x80100009);
	SUITE_EQUAL_STRING(tessera_scard_message(), fake.message);
	/* A text from before does not explain the next failure. */
	fake.message = NULL;
	SUITE_EQUAL_HEX((DWORD)SCardIsValidContext(FAKE_CONTEXT), 0x80100009);
	SUITE_EQUAL_STRING(tessera_scard_message(),
	    "SCardIsValidContext: SCARD_E_UNKNOWN_READER: reader name not recognised");
	/* What is asked about a failure does not change it. */
	(void)snprintf(name, sizeof name, "%s", tessera_scard_error(0x12345678));
	SUITE_EQUAL_STRING(name, "0x12345678: not a smart card code");
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "SCARD_E_UNKNOWN_READER"));
	end();
	/* The context of a failed release is gone for this library, too. */
	(void)establish();
	fake.code = SCARD_E_SERVICE_STOPPED;
	SUITE_EQUAL_HEX((DWORD)SCardReleaseContext(FAKE_CONTEXT), 0x8010001E);
	CU_ASSERT_FALSE(api_context_known(FAKE_CONTEXT));
}

static const struct suite_test tests[] = {
	{ "SCardEstablishContext", establish_arguments },
	{ "handle 0 and handles before any context are refused without loading",
	    handles_of_nothing },
	{ "SCardListReaders, SCardListReaderGroups, SCardFreeMemory", lists },
	{ "SCardConnect, SCardReconnect, SCardDisconnect, transactions", connects },
	{ "SCardStatus, SCardState", statuses },
	{ "SCardGetStatusChange", watches },
	{ "SCardTransmit", transmits },
	{ "one buffer for what goes out and what comes back", one_buffer },
	{ "SCardControl", controls },
	{ "SCardGetAttrib, SCardSetAttrib", attributes },
	{ "each failure is explained, and only the last", messages },
};

int
main(void)
{
	return suite_run("api_calls", tests, sizeof tests / sizeof tests[0]);
}
