/* SPDX-License-Identifier: BSD-2-Clause */
/* SCardConnect, SCardReconnect, SCardDisconnect, SCardStatus and SCardState: one reader, its card.
 */
#include <ctype.h>
#include <string.h>

#include "tests/conformance/fixture.h"

static SCARDCONTEXT context;

static LONG
connect_as(DWORD share, DWORD protocols, SCARDHANDLE *ret_card)
{
	return SCardConnectA(context, fixture_reader(), share, protocols, ret_card, NULL);
}

static void
begin(void)
{
	context = fixture_context();
}

static void
end(void)
{
	OK(SCardReleaseContext(context));
}

static void
connected(void)
{
	SCARDHANDLE one = 0, two = 0;

	begin();
	OK(connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &one));
	CU_ASSERT_NOT_EQUAL(one, 0);
	OK(connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &two));
	CU_ASSERT_NOT_EQUAL(two, 0);
	CU_ASSERT_NOT_EQUAL(one, two);
	OK(SCardDisconnect(one, SCARD_LEAVE_CARD));
	CODE(SCardStatusA(one, NULL, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CODE(SCardDisconnect(one, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	OK(SCardStatusA(two, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
	end();
}

static void
protocols(void)
{
	static const DWORD wanted[] = { SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1, SCARD_PROTOCOL_Tx,
		SCARD_PROTOCOL_Tx | SCARD_PROTOCOL_DEFAULT };

	begin();
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		SCARDHANDLE card = 0;
		DWORD active = 99, told = 99, state = 99;
		LONG code = SCardConnectA(
		    context, fixture_reader(), SCARD_SHARE_EXCLUSIVE, wanted[i], &card, &active);

		/* A card need not offer both. */
		if (code == SCARD_E_PROTO_MISMATCH && wanted[i] < SCARD_PROTOCOL_Tx)
			continue;
		OK(code);
		CU_ASSERT((active & wanted[i]) == active);
		CU_ASSERT(active == SCARD_PROTOCOL_T0 || active == SCARD_PROTOCOL_T1);
		OK(SCardStatusA(card, NULL, NULL, &state, &told, NULL, NULL));
		SUITE_EQUAL_INT(told, active);
		SUITE_EQUAL_INT(state, SCARD_SPECIFIC);
		/* The next one may choose again. */
		OK(SCardDisconnect(card, SCARD_RESET_CARD));
	}
	end();
}

static void
arguments(void)
{
	SCARDHANDLE card = 5;
	char upper[FIXTURE_NAME_SIZE] = "";
	char longer[300];

	begin();
	CODE(SCardConnectA(context, NULL, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardConnectA(context, "", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardConnectW(context, NULL, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardConnectA(
		 context, "No Such Reader", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_UNKNOWN_READER);
	memset(longer, 'x', sizeof longer);
	longer[sizeof longer - 1] = '\0';
	CODE(SCardConnectA(context, longer, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_UNKNOWN_READER);
	CODE(connect_as(0, SCARD_PROTOCOL_Tx, &card), SCARD_E_INVALID_VALUE);
	CODE(connect_as(4, SCARD_PROTOCOL_Tx, &card), SCARD_E_INVALID_VALUE);
	CODE(connect_as(SCARD_SHARE_SHARED, 0, &card), SCARD_E_PROTO_MISMATCH);
	CODE(SCardConnectA(0, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    ERROR_INVALID_HANDLE);
	CU_ASSERT_EQUAL(card, 5);
	/* Reader names are compared without regard to case. */
	for (size_t i = 0; fixture_reader()[i] != '\0'; i++)
		upper[i] = (char)toupper((unsigned char)fixture_reader()[i]);
	OK(SCardConnectA(context, upper, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	end();
}

static void
status(void)
{
	SCARDHANDLE card;
	DWORD length = 0, needed, atr_length = 0, state = 99, protocol = 99;
	char names[FIXTURE_NAME_SIZE + 1];
	BYTE atr[36], again[36];

	begin();
	card = fixture_connect(context);
	OK(SCardStatusW(card, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardStatusW(card, NULL, &length, NULL, NULL, NULL, NULL));
	CU_ASSERT(length > 2);
	OK(SCardStatusA(card, NULL, &needed, NULL, NULL, NULL, NULL));
	SUITE_EQUAL_INT(needed, strlen(fixture_reader()) + 2);
	length = sizeof names;
	atr_length = sizeof atr;
	OK(SCardStatusA(card, names, &length, &state, &protocol, atr, &atr_length));
	SUITE_EQUAL_INT(length, needed);
	SUITE_EQUAL_STRING(names, fixture_reader());
	SUITE_EQUAL_INT(fixture_list_length(names, length), length);
	SUITE_EQUAL_INT(state, SCARD_SPECIFIC);
	CU_ASSERT(protocol == SCARD_PROTOCOL_T0 || protocol == SCARD_PROTOCOL_T1);
	CU_ASSERT(atr_length >= 2 && atr_length <= 33);
	CU_ASSERT(atr[0] == 0x3B || atr[0] == 0x3F);
	length = needed - 1;
	CODE(SCardStatusA(card, names, &length, NULL, NULL, NULL, NULL),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, needed);
	length = atr_length - 1;
	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, again, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, atr_length);
	OK(SCardStatusA(card, names, NULL, NULL, NULL, again, NULL));
	state = protocol = 99;
	length = sizeof again;
	OK(SCardState(card, &state, &protocol, again, &length));
	SUITE_EQUAL_INT(state, SCARD_SPECIFIC);
	SUITE_EQUAL_INT(length, atr_length);
	CU_ASSERT_EQUAL(memcmp(atr, again, length), 0);
	OK(SCardState(card, NULL, NULL, NULL, NULL));
	length = atr_length - 1;
	CODE(SCardState(card, NULL, NULL, again, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, atr_length);
	CODE(SCardState(0, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	end();
}

static void
reconnect(void)
{
	SCARDHANDLE card;
	DWORD active = 99, told = 0;

	begin();
	card = fixture_connect(context);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, &active));
	OK(SCardStatusA(card, NULL, NULL, NULL, &told, NULL, NULL));
	SUITE_EQUAL_INT(active, told);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD, &active));
	OK(SCardReconnect(
	    card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_UNPOWER_CARD, &active));
	CU_ASSERT(active == SCARD_PROTOCOL_T0 || active == SCARD_PROTOCOL_T1);
	CODE(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_EJECT_CARD, NULL),
	    SCARD_E_INVALID_VALUE);
	CODE(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, 9, NULL),
	    SCARD_E_INVALID_VALUE);
	CODE(SCardReconnect(card, 9, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_INVALID_VALUE);
	CODE(SCardReconnect(0, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL),
	    ERROR_INVALID_HANDLE);
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	end();
}

static void
reconnect_protocol(void)
{
	SCARDHANDLE card;
	DWORD active = 0, other, now = 0;
	LONG code;

	begin();
	OK(SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, &card, &active));
	other = SCARD_PROTOCOL_Tx & ~active;
	/* Without a reset the negotiated protocol stays. */
	CODE(SCardReconnect(card, SCARD_SHARE_EXCLUSIVE, other, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_PROTO_MISMATCH);
	code = SCardReconnect(card, SCARD_SHARE_EXCLUSIVE, other, SCARD_RESET_CARD, &now);
	if (code == SCARD_S_SUCCESS)
		SUITE_EQUAL_INT(now, other);
	else /* a card with one protocol */
		CODE(code, SCARD_E_PROTO_MISMATCH);
	OK(SCardDisconnect(card, SCARD_RESET_CARD));
	end();
}

static void
sharing(void)
{
	static const struct {
		DWORD first, second;
		LONG code;
	} matrix[] = {
		{ SCARD_SHARE_SHARED, SCARD_SHARE_SHARED, SCARD_S_SUCCESS },
		{ SCARD_SHARE_SHARED, SCARD_SHARE_EXCLUSIVE, SCARD_E_SHARING_VIOLATION },
		{ SCARD_SHARE_SHARED, SCARD_SHARE_DIRECT, SCARD_E_SHARING_VIOLATION },
		{ SCARD_SHARE_EXCLUSIVE, SCARD_SHARE_SHARED, SCARD_E_SHARING_VIOLATION },
		{ SCARD_SHARE_EXCLUSIVE, SCARD_SHARE_EXCLUSIVE, SCARD_E_SHARING_VIOLATION },
		{ SCARD_SHARE_EXCLUSIVE, SCARD_SHARE_DIRECT, SCARD_E_SHARING_VIOLATION },
		{ SCARD_SHARE_DIRECT, SCARD_SHARE_SHARED, SCARD_E_SHARING_VIOLATION },
		{ SCARD_SHARE_DIRECT, SCARD_SHARE_EXCLUSIVE, SCARD_E_SHARING_VIOLATION },
		{ SCARD_SHARE_DIRECT, SCARD_SHARE_DIRECT, SCARD_E_SHARING_VIOLATION },
	};

	begin();
	for (size_t i = 0; i < sizeof matrix / sizeof matrix[0]; i++) {
		SCARDHANDLE first, second = 7;

		OK(connect_as(matrix[i].first, SCARD_PROTOCOL_Tx, &first));
		CODE(connect_as(matrix[i].second, SCARD_PROTOCOL_Tx, &second), matrix[i].code);
		if (matrix[i].code == SCARD_S_SUCCESS)
			OK(SCardDisconnect(second, SCARD_LEAVE_CARD));
		else
			CU_ASSERT_EQUAL(second, 7);
		OK(SCardDisconnect(first, SCARD_LEAVE_CARD));
	}
	end();
}

static void
share_mode_changes(void)
{
	SCARDHANDLE one, two;

	begin();
	one = fixture_connect(context);
	two = fixture_connect(context);
	CODE(SCardReconnect(one, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_SHARING_VIOLATION);
	OK(SCardStatusA(one, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
	OK(SCardReconnect(one, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	CODE(connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &two), SCARD_E_SHARING_VIOLATION);
	OK(SCardReconnect(one, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	OK(connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &two));
	end();
}

static void
direct(void)
{
	SCARDHANDLE card, other;
	DWORD active = 99;

	begin();
	OK(SCardConnectA(context, fixture_reader(), SCARD_SHARE_DIRECT, 0, &card, &active));
	SUITE_EQUAL_INT(active, SCARD_PROTOCOL_UNDEFINED);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, &active));
	CU_ASSERT(active == SCARD_PROTOCOL_T0 || active == SCARD_PROTOCOL_T1);
	OK(connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &other));
	end();
}

static void
dispositions(void)
{
	SCARDHANDLE card;

	begin();
	for (DWORD disposition = SCARD_LEAVE_CARD; disposition <= SCARD_UNPOWER_CARD;
	     disposition++) {
		card = fixture_connect(context);
		OK(SCardDisconnect(card, disposition));
	}
	card = fixture_connect(context);
	CODE(SCardDisconnect(card, 4), SCARD_E_INVALID_VALUE);
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	end();
}

/* Every card operation of `card`, and SCardControl, gives the code. */
static void
all_give(SCARDHANDLE card, LONG code)
{
	static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	BYTE reply[16];
	DWORD length = sizeof reply, state;

	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), code);
	CODE(SCardStatusW(card, NULL, NULL, NULL, NULL, NULL, NULL), code);
	CODE(SCardState(card, &state, NULL, NULL, NULL), code);
	CODE(SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length), code);
	CODE(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &length), code);
	if (code == SCARD_S_SUCCESS) {
		OK(SCardBeginTransaction(card));
		OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	} else {
		CODE(SCardBeginTransaction(card), code);
	}
}

static void
reset_by_other(void)
{
	SCARDHANDLE one, two;

	begin();
	one = fixture_connect(context);
	two = fixture_connect(context);
	OK(SCardReconnect(one, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD, NULL));
	all_give(one, SCARD_S_SUCCESS);
	all_give(two, SCARD_W_RESET_CARD);
	all_give(two, SCARD_W_RESET_CARD);
	OK(SCardReconnect(two, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	all_give(two, SCARD_S_SUCCESS);
	all_give(one, SCARD_S_SUCCESS);
	end();
}

static void
reset_by_disconnect(void)
{
	begin();
	for (DWORD disposition = SCARD_RESET_CARD; disposition <= SCARD_UNPOWER_CARD;
	     disposition++) {
		SCARDHANDLE one = fixture_connect(context), two = fixture_connect(context);

		OK(SCardDisconnect(one, disposition));
		CODE(SCardStatusA(two, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_RESET_CARD);
		OK(SCardReconnect(
		    two, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
		all_give(two, SCARD_S_SUCCESS);
		OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
	}
	end();
}

static const struct suite_test tests[] = {
	{ "9.8 two shared connections; the protocol pointer may be NULL", connected },
	{ "the protocol is one of those asked for", protocols },
	{ "arguments of SCardConnect", arguments },
	{ "9.9 SCardStatus and SCardState", status },
	{ "9.11 SCardReconnect", reconnect },
	{ "a protocol changes by a reset only", reconnect_protocol },
	{ "9.21 the sharing matrix", sharing },
	{ "SCardReconnect changes the share mode", share_mode_changes },
	{ "a direct connection, and from it to a shared one", direct },
	{ "dispositions of SCardDisconnect", dispositions },
	{ "9.18 a reset by another handle, until SCardReconnect", reset_by_other },
	{ "a reset or power down by SCardDisconnect", reset_by_disconnect },
};

int
main(void)
{
	return fixture_run("winscard_connect", tests, sizeof tests / sizeof tests[0]);
}
