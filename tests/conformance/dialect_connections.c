/* SPDX-License-Identifier: BSD-2-Clause */
/* The differences in contexts, lists, connections and transactions. */
#include <string.h>

#include "tests/conformance/dialect.h"

static SCARDCONTEXT context; /* of all tests, from the first to the last */

static void
begin(void)
{
	context = dialect_context();
	OK(SCardIsValidContext(context));
}

static void
end(void)
{
	OK(SCardReleaseContext(context));
	GIVES(SCardIsValidContext(context), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
}

static void
invalid_handles(void)
{
	DWORD active, length = 0;
	SCARDHANDLE card;

	GIVES(SCardReleaseContext(0), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	GIVES(SCardIsValidContext(0), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	GIVES(SCardCancel(0), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	GIVES(SCardDisconnect(0, SCARD_LEAVE_CARD), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	GIVES(SCardBeginTransaction(0x1234567), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	GIVES(SCardStatus(0x1234567, NULL, NULL, NULL, NULL, NULL, NULL), WIN32_INVALID_HANDLE,
	    SCARD_E_INVALID_HANDLE);
	GIVES(dialect_transmit(0x1234567), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	GIVES(dialect_control(0x1234567), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	GIVES(SCardGetAttrib(0x1234567, SCARD_ATTR_ATR_STRING, NULL, &length), WIN32_INVALID_HANDLE,
	    SCARD_E_INVALID_HANDLE);
	GIVES(SCardConnect(0x1234567, "x", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active),
	    WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
}

static void
scopes(void)
{
	SCARDCONTEXT one;

	GIVES(SCardEstablishContext(3, NULL, NULL, &one), SCARD_E_INVALID_VALUE, SCARD_S_SUCCESS);
	GIVES(SCardReleaseContext(EITHER(0, one)), WIN32_INVALID_HANDLE, SCARD_S_SUCCESS);
	BOTH(SCardEstablishContext(4, NULL, NULL, &one), SCARD_E_INVALID_VALUE);
	GIVES(SCardEstablishContext(SCARD_SCOPE_USER, "x", NULL, &one), SCARD_E_INVALID_PARAMETER,
	    SCARD_S_SUCCESS);
	GIVES(SCardReleaseContext(EITHER(0, one)), WIN32_INVALID_HANDLE, SCARD_S_SUCCESS);
	BOTH(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
}

static void
memory(void)
{
	SCARDCONTEXT one = dialect_context();
	DWORD length = SCARD_AUTOALLOCATE;
	unsigned reader = steer_reader("Blocks");
	char *block = NULL;

	OK(SCardListReaders(one, NULL, (LPSTR)&block, &length));
	SUITE_EQUAL_INT(length, sizeof "Blocks" + 1);
	OK(SCardReleaseContext(one));
	GIVES(SCardFreeMemory(one, block), WIN32_INVALID_HANDLE, SCARD_E_INVALID_HANDLE);
	/* Of a context that is gone: pcsc-lite's block is still there. */
	if (EITHER(false, true))
		SUITE_EQUAL_STRING(block, "Blocks");
	GIVES(SCardFreeMemory(context, block), SCARD_E_INVALID_PARAMETER, SCARD_S_SUCCESS);
	length = SCARD_AUTOALLOCATE;
	BOTH(SCardListReaders(context, NULL, NULL, &length), SCARD_E_INVALID_PARAMETER);
	steer_unplug(reader, "Blocks");
}

static void
lists(void)
{
	DWORD length = 7;
	char list[64];
	unsigned reader;

	BOTH(SCardListReaders(context, NULL, NULL, &length), SCARD_E_NO_READERS_AVAILABLE);
	SUITE_EQUAL_INT(length, EITHER(7, 1));
	OK(SCardListReaderGroups(context, NULL, &length));
	SUITE_EQUAL_INT(length, EITHER(1, 22));
	reader = steer_reader("Listed");
	length = sizeof list;
	OK(SCardListReaderGroups(context, list, &length));
	SUITE_EQUAL_INT(length, 22);
	SUITE_EQUAL_STRING(list, "SCard$DefaultReaders");
	length = sizeof list;
	GIVES(SCardListReaders(context, "No such group\0", list, &length),
	    SCARD_E_NO_READERS_AVAILABLE, SCARD_S_SUCCESS);
	length = sizeof list;
	GIVES(SCardListReaders(0, NULL, list, &length), SCARD_S_SUCCESS, SCARD_E_INVALID_HANDLE);
	length = 3;
	BOTH(SCardListReaders(context, NULL, list, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, sizeof "Listed" + 1);
	BOTH(SCardListReaders(context, NULL, list, NULL), SCARD_E_INVALID_PARAMETER);
	steer_unplug(reader, "Listed");
}

static void
names(void)
{
	unsigned reader = steer_reader_with_card("Name of a Reader");
	SCARDHANDLE card = 5;
	DWORD active;

	GIVES(SCardConnect(context, NULL, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active),
	    SCARD_E_INVALID_PARAMETER, SCARD_E_UNKNOWN_READER);
	SUITE_EQUAL_INT(card, EITHER(5, 0));
	BOTH(SCardConnect(context, "nobody", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active),
	    SCARD_E_UNKNOWN_READER);
	GIVES(SCardConnect(context, "name OF a reader", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1,
		  &card, &active),
	    SCARD_S_SUCCESS, SCARD_E_UNKNOWN_READER);
	GIVES(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS, SCARD_E_INVALID_HANDLE);
	BOTH(SCardConnect(context, "Name of a Reader", SCARD_SHARE_SHARED, 0, &card, &active),
	    SCARD_E_PROTO_MISMATCH);
	BOTH(SCardConnect(context, "Name of a Reader", 9, SCARD_PROTOCOL_T1, &card, &active),
	    SCARD_E_INVALID_VALUE);
	steer_unplug(reader, "Name of a Reader");
}

static void
direct(void)
{
	unsigned reader = steer_reader_with_card("Direct");
	SCARDHANDLE card, other = 0;
	DWORD active = 99;

	OK(SCardConnect(context, "Direct", SCARD_SHARE_DIRECT, 0, &card, &active));
	SUITE_EQUAL_INT(active, SCARD_PROTOCOL_UNDEFINED);
	GIVES(
	    SCardConnect(context, "Direct", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &other, &active),
	    SCARD_E_SHARING_VIOLATION, SCARD_S_SUCCESS);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	/* With a protocol that is negotiated already. */
	GIVES(SCardConnect(context, "Direct", SCARD_SHARE_DIRECT, 0, &card, &active),
	    SCARD_S_SUCCESS, SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(active, EITHER(SCARD_PROTOCOL_UNDEFINED, SCARD_PROTOCOL_T1));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	if (EITHER(true, false))
		other = dialect_connect(context, "Direct");
	GIVES(
	    SCardReconnect(other, SCARD_SHARE_DIRECT, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active),
	    SCARD_E_INVALID_VALUE, SCARD_S_SUCCESS);
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Direct");
}

static void
optional_protocol(void)
{
	unsigned reader = steer_reader_with_card("Optional");
	SCARDHANDLE card = dialect_connect(context, "Optional"), other = 0;

	GIVES(
	    SCardConnect(context, "Optional", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &other, NULL),
	    SCARD_S_SUCCESS, SCARD_E_INVALID_PARAMETER);
	GIVES(SCardDisconnect(other, SCARD_LEAVE_CARD), SCARD_S_SUCCESS, SCARD_E_INVALID_HANDLE);
	GIVES(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS, SCARD_E_INVALID_PARAMETER);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Optional");
}

static void
mute(void)
{
	unsigned reader = steer_reader_with_mute("Mute");
	SCARDHANDLE card;
	DWORD active;

	GIVES(SCardConnect(context, "Mute", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active),
	    SCARD_W_UNRESPONSIVE_CARD, SCARD_W_UNPOWERED_CARD);
	steer_unplug(reader, "Mute");
}

static void
reconnect(void)
{
	unsigned reader = steer_reader_with_card("Reconnect");
	SCARDHANDLE card = dialect_connect(context, "Reconnect");
	DWORD active;

	OK(SCardBeginTransaction(card));
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active));
	GIVES(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED, SCARD_S_SUCCESS);
	BOTH(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_EJECT_CARD, &active),
	    SCARD_E_INVALID_VALUE);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Reconnect");
}

static void
status(void)
{
	unsigned reader = steer_reader_with_card("Status");
	SCARDHANDLE card = dialect_connect(context, "Status");
	DWORD length = 0, state, protocol, atr_length;
	char name[32];
	BYTE atr[36];

	OK(SCardStatus(card, NULL, &length, NULL, NULL, NULL, NULL));
	SUITE_EQUAL_INT(length, EITHER(8, 7));
	length = sizeof name;
	atr_length = sizeof atr;
	OK(SCardStatus(card, name, &length, &state, &protocol, atr, &atr_length));
	SUITE_EQUAL_STRING(name, "Status");
	SUITE_EQUAL_HEX(state,
	    EITHER(SCARD_SPECIFIC, 1 << 16 | SCARD_PRESENT | SCARD_POWERED | SCARD_NEGOTIABLE));
	SUITE_EQUAL_INT(protocol, SCARD_PROTOCOL_T1);
	SUITE_EQUAL_BYTES(atr, atr_length, "3B 81 00 11");
	/* What fits, and the length needed. */
	memset(atr, 0x55, sizeof atr);
	atr_length = 2;
	BOTH(SCardStatus(card, NULL, NULL, NULL, NULL, atr, &atr_length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(atr_length, 4);
	SUITE_EQUAL_BYTES(atr, 3, EITHER("55 55 55", "3B 81 55"));
	OK(SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Status");
}

static LONG
call_status(SCARDHANDLE card)
{
	return SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL);
}

static LONG
call_reconnect(SCARDHANDLE card)
{
	DWORD active;

	return SCardReconnect(
	    card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active);
}

/* With a context of its own: pcsc-lite's library lets one thread at a time use one. */
static LONG
call_connect(SCARDHANDLE unused)
{
	SCARDCONTEXT own = dialect_context();
	SCARDHANDLE card;
	DWORD active;
	LONG code =
	    SCardConnect(own, "Waits", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &active);

	(void)unused;
	if (code == SCARD_S_SUCCESS)
		(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
	OK(SCardReleaseContext(own));
	return code;
}

static LONG
call_attribute(SCARDHANDLE card)
{
	DWORD length = 0;

	return SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &length);
}

static void
waits(void)
{
	unsigned reader = steer_reader_with_card("Waits");
	SCARDHANDLE card = dialect_connect(context, "Waits"),
		    other = dialect_connect(context, "Waits");

	dialect_waits(card, other, call_connect, SCARD_S_SUCCESS);
	dialect_waits(card, other, call_status, SCARD_S_SUCCESS);
	dialect_waits(card, other, call_reconnect, SCARD_S_SUCCESS);
	dialect_waits(card, other, dialect_transmit, SCARD_S_SUCCESS);
	if (EITHER(true, false)) {
		dialect_waits(card, other, dialect_control, SCARD_S_SUCCESS);
		dialect_waits(card, other, call_attribute, SCARD_S_SUCCESS);
	} else {
		OK(SCardBeginTransaction(card));
		BOTH(dialect_control(other), SCARD_E_SHARING_VIOLATION);
		BOTH(call_attribute(other), SCARD_E_SHARING_VIOLATION);
		BOTH(
		    SCardSetAttrib(other, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, (const BYTE *)"\1", 1),
		    SCARD_E_SHARING_VIOLATION);
		BOTH(SCardEndTransaction(other, SCARD_LEAVE_CARD), SCARD_E_SHARING_VIOLATION);
		OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	}
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Waits");
}

static void
transactions(void)
{
	unsigned reader = steer_reader_with_card("Nested");
	SCARDHANDLE card = dialect_connect(context, "Nested"),
		    other = dialect_connect(context, "Nested");
	DWORD active;

	/* Nested. */
	BOTH(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	OK(SCardBeginTransaction(card));
	OK(SCardBeginTransaction(card));
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	GIVES(SCardEndTransaction(other, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED,
	    SCARD_E_SHARING_VIOLATION);
	/* One that resets the card marks its own handle too, and then it keeps the lock. */
	OK(SCardBeginTransaction(card));
	OK(SCardEndTransaction(card, SCARD_RESET_CARD));
	GIVES(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS, SCARD_W_RESET_CARD);
	if (EITHER(false, true)) {
		BOTH(dialect_control(other), SCARD_E_SHARING_VIOLATION);
		OK(call_reconnect(card));
		OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	}
	/* What another handle did. */
	BOTH(SCardBeginTransaction(other), SCARD_W_RESET_CARD);
	BOTH(call_status(other), SCARD_W_RESET_CARD);
	GIVES(dialect_control(other), SCARD_W_RESET_CARD, SCARD_S_SUCCESS);
	OK(SCardReconnect(other, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active));
	OK(SCardBeginTransaction(other));
	OK(SCardEndTransaction(other, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Nested");
}

static void
removal(void)
{
	unsigned reader = steer_reader_with_card("Removal");
	SCARDHANDLE card = dialect_connect(context, "Removal"),
		    other = dialect_connect(context, "Removal");

	steer_remove(reader, "Removal");
	steer_insert(reader, "Removal");
	BOTH(call_status(other), SCARD_W_REMOVED_CARD);
	OK(call_reconnect(card));
	/* A reset after the card came back: pcsc-lite remembers the latest alone. */
	OK(SCardDisconnect(card, SCARD_RESET_CARD));
	GIVES(call_status(other), SCARD_W_REMOVED_CARD, SCARD_W_RESET_CARD);
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	steer_unplug(reader, "Removal");
}

static const struct suite_test tests[] = {
	{ DIALECT ": a context", begin },
	{ DIALECT ": 7.2.1, 7.2.3 handles that do not exist", invalid_handles },
	{ DIALECT ": 7.2.4 scopes and reserved pointers", scopes },
	{ DIALECT ": 7.2.9 SCARD_AUTOALLOCATE memory and its context", memory },
	{ DIALECT ": 7.2.10, 7.2.11 readers, groups, context 0", lists },
	{ DIALECT ": 7.2.12 names of readers", names },
	{ DIALECT ": 7.2.13, 7.2.14 SCARD_SHARE_DIRECT", direct },
	{ DIALECT ": 7.2.15 without a pointer for the active protocol", optional_protocol },
	{ DIALECT ": 7.2.16, 7.2.17 a mute card", mute },
	{ DIALECT ": 7.2.19, 7.2.20 SCardReconnect", reconnect },
	{ DIALECT ": 7.2.21, 7.2.22 SCardStatus", status },
	{ DIALECT ": 7.2.18, 7.2.23, 7.2.24 calls while another has a transaction", waits },
	{ DIALECT ": 7.2.25, 7.2.26, 7.2.28, 7.2.29, 7.2.30 transactions and resets",
	    transactions },
	{ DIALECT ": removal and a later reset", removal },
	{ DIALECT ": the context's end", end },
};

int
main(void)
{
	return steer_run("dialect connections", tests, sizeof tests / sizeof tests[0]);
}
