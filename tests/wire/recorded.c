/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is recorded in tests/wire: a program's calls, each file a part of it. Run beside scardd with
 * its soft card, in the folder where the files are to be.
 */
#include <stdio.h>
#include <string.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>

#include "tests/wire/record.h"

#define ANY (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define PNP "\\\\?PnP?\\Notification"

static int failures;

static void
expect(const char *what, LONG code, LONG expected)
{
	if (code == expected)
		return;
	failures++;
	fprintf(stderr, "%s: 0x%08X, expected 0x%08X\n", what, (unsigned)code, (unsigned)expected);
}
#define OK(call) expect(#call, call, SCARD_S_SUCCESS)
#define FAILS(call, code) expect(#call, call, code)

static SCARDCONTEXT context;
static SCARDHANDLE card;
static char reader[128];

static void
contexts(void)
{
	SCARDCONTEXT other;
	char list[256];
	DWORD size = sizeof list;

	record_to("contexts.exchange", "A session, contexts, and the lists.");
	OK(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context));
	OK(SCardIsValidContext(context));
	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &other));
	OK(SCardListReadersA(context, NULL, list, &size));
	(void)snprintf(reader, sizeof reader, "%.127s", list);
	size = sizeof list;
	OK(SCardListReadersA(0, "SCard$DefaultReaders\0", list, &size));
	size = sizeof list;
	FAILS(SCardListReadersA(context, "Others\0", list, &size), SCARD_E_NO_READERS_AVAILABLE);
	size = sizeof list;
	OK(SCardListReaderGroupsA(context, list, &size));
	OK(SCardCancel(other));
	OK(SCardReleaseContext(other));
}

static void
changes(void)
{
	SCARD_READERSTATEA states[] = { { .szReader = reader }, { .szReader = PNP } };

	record_to("changes.exchange", "States at once, and a time limit that passes.");
	OK(SCardGetStatusChangeA(context, 0, states, 2));
	states[0].dwCurrentState = states[0].dwEventState;
	states[1].dwCurrentState = states[1].dwEventState;
	FAILS(SCardGetStatusChangeA(context, 5, states, 2), SCARD_E_TIMEOUT);
	states[1].szReader = "no such reader";
	OK(SCardGetStatusChangeA(context, 0, states, 2));
}

static void
transmit(const void *command, DWORD length)
{
	BYTE reply[258];
	DWORD room = sizeof reply;

	OK(SCardTransmit(card, SCARD_PCI_T1, command, length, NULL, reply, &room));
}

static void
cards(void)
{
	BYTE atr[36];
	char name[128];
	DWORD active, state, atr_length = sizeof atr, name_length = sizeof name;

	record_to("card.exchange", "A transaction on a card. What is sent stays out of the lines.");
	FAILS(SCardConnectA(context, "no such reader", SCARD_SHARE_SHARED, ANY, &card, &active),
	    SCARD_E_UNKNOWN_READER);
	OK(SCardConnectA(context, reader, SCARD_SHARE_SHARED, ANY, &card, &active));
	OK(SCardStatusA(card, name, &name_length, &state, &active, atr, &atr_length));
	OK(SCardBeginTransaction(card));
	transmit("\x00\xA4\x04\x00\x00", 5);
	transmit("\x00\x20\x00\x81\x04\x31\x32\x33\x34", 9);
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	FAILS(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	OK(SCardReconnect(card, SCARD_SHARE_EXCLUSIVE, ANY, SCARD_RESET_CARD, &active));
}

static void
readers(void)
{
	struct tessera_scard_holder *holders = NULL;
	BYTE value[64];
	DWORD size, count;

	record_to("reader.exchange", "Control codes and attributes of a reader, and who has it.");
	OK(SCardControl(card, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, value, sizeof value, &size));
	FAILS(SCardControl(card, SCARD_CTL_CODE(2049), "xyz", 3, value, sizeof value, &size),
	    ERROR_INVALID_FUNCTION);
	size = sizeof value;
	OK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &size));
	size = 1;
	FAILS(
	    SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &size), SCARD_E_INSUFFICIENT_BUFFER);
	FAILS(
	    SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, value, 1), ERROR_NOT_SUPPORTED);
	OK(tessera_scard_holders(context, &holders, &count));
	OK(SCardFreeMemory(context, holders));
	OK(SCardDisconnect(card, SCARD_UNPOWER_CARD));
	OK(SCardReleaseContext(context));
}

static void
records(void)
{
	UUID identifier = { 0x11223344, 0x5566, 0x7788, { 1, 2, 3, 4, 5, 6, 7, 8 } };
	BYTE data[] = { 0xDA, 0x7A }, back[4];
	DWORD size = sizeof back, type;
	int fd = -1;
	char id[128], list[256];

	record_to(
	    "records.exchange", "What is kept of cards, how a PIN fared, devices of readers.");
	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context));
	OK(SCardWriteCacheA(context, &identifier, 3, (LPSTR) "file", data, sizeof data));
	OK(SCardReadCacheA(context, &identifier, 3, (LPSTR) "file", back, &size));
	size = 1;
	FAILS(SCardReadCacheA(context, &identifier, 3, (LPSTR) "file", back, &size),
	    SCARD_E_INSUFFICIENT_BUFFER);
	FAILS(SCardReadCacheA(context, &identifier, 4, (LPSTR) "file", back, &size),
	    SCARD_W_CACHE_ITEM_STALE);
	OK(SCardAudit(context, SCARD_AUDIT_CHV_FAILURE));
	OK(SCardGetDeviceTypeIdA(context, reader, &type));
	size = sizeof id;
	OK(SCardGetReaderDeviceInstanceIdA(context, reader, id, &size));
	size = sizeof list;
	OK(SCardListReadersWithDeviceInstanceIdA(context, id, list, &size));
	FAILS(SCardGetDeviceTypeIdA(context, "Nobody", &type), SCARD_E_UNKNOWN_READER);
	/* It is given, but descriptors are not passed on here. */
	FAILS(tessera_scard_trace(context, reader, &fd), SCARD_E_NO_MEMORY);
	OK(SCardReleaseContext(context));
}

int
main(void)
{
	record_start();
	contexts();
	changes();
	cards();
	readers();
	records();
	record_stop();
	return failures != 0;
}
