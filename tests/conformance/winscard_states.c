/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each function on a card gives when the card or the reader is not as it was: reset by
 * another, removed, without a card, unplugged, failing.
 */
#include <string.h>

#include "tests/conformance/moving.h"

static const BYTE command[] = { 0x00, 0xA4, 0x00, 0x00 };
static const BYTE one = 1;

/* Every operation on the handle but SCardReconnect and SCardDisconnect, and both ends. */
static void
all_give(SCARDHANDLE card, LONG code)
{
	BYTE reply[16];
	DWORD length = sizeof reply;

	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), code);
	CODE(SCardStatusW(card, NULL, NULL, NULL, NULL, NULL, NULL), code);
	CODE(SCardState(card, NULL, NULL, NULL, NULL), code);
	CODE(SCardTransmit(card, NULL, command, sizeof command, NULL, reply, &length), code);
	CODE(SCardControl(card, SCARD_CTL_CODE(2048), &one, 1, reply, sizeof reply, &length), code);
	CODE(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &length), code);
	CODE(SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, &one, 1), code);
	CODE(SCardBeginTransaction(card), code);
	CODE(SCardEndTransaction(card, SCARD_LEAVE_CARD), code);
}

static void
reset(void)
{
	static const char name[] = "States reset";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = moving_connect(moving_context, name),
		    other = moving_connect(moving_context, name);

	OK(SCardReconnect(other, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD, NULL));
	all_give(card, SCARD_W_RESET_CARD);
	all_give(card, SCARD_W_RESET_CARD);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	OK(moving_transmit(card));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

static void
removed(void)
{
	static const char name[] = "States removed";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = moving_connect(moving_context, name), none = 4;

	moving_remove(reader, name);
	all_give(card, SCARD_W_REMOVED_CARD);
	CODE(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_NO_SMARTCARD);
	CODE(SCardConnectW(moving_context, u"States removed", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx,
		 &none, NULL),
	    SCARD_E_NO_SMARTCARD);
	moving_insert(reader, name);
	all_give(card, SCARD_W_REMOVED_CARD);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

static void
unplugged(void)
{
	static const char name[] = "States unplugged";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = moving_connect(moving_context, name);

	moving_unplug(reader);
	(void)moving_wait(name, SCARD_STATE_UNKNOWN, SCARD_STATE_UNKNOWN);
	all_give(card, SCARD_E_READER_UNAVAILABLE);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
}

static void
connecting(void)
{
	static const char name[] = "States connect";
	static const WCHAR wide[] = u"States connect";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = 4;

	moving_reset();
	moving_fail_exchange(1, SCARD_E_READER_UNAVAILABLE);
	CODE(
	    SCardConnectA(moving_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_READER_UNAVAILABLE);
	CODE(
	    SCardConnectW(moving_context, wide, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_INT(card, 4);
	moving_reset();
	moving_unplug(reader);
}

static void
mute(void)
{
	static const char name[] = "States mute";
	ULONG reader = moving_reader(name);
	SCARDHANDLE card = 4;

	moving_announce_mute_card(reader);
	(void)moving_wait(name, SCARD_STATE_MUTE, SCARD_STATE_MUTE);
	CODE(SCardConnectW(moving_context, u"States mute", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx,
		 &card, NULL),
	    SCARD_W_UNRESPONSIVE_CARD);
	SUITE_EQUAL_INT(card, 4);
	moving_unplug(reader);
}

static void
exchanging(void)
{
	static const struct {
		HRESULT result;
		LONG code;
	} cases[] = {
		{ SCARD_E_COMM_DATA_LOST, SCARD_E_COMM_DATA_LOST },
		{ E_FAIL, SCARD_F_COMM_ERROR },
		{ SCARD_E_NO_SMARTCARD, SCARD_E_NO_SMARTCARD },
	};
	static const char name[] = "States exchange";
	ULONG reader = moving_reader_with_card(name);
	BYTE reply[16];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		SCARDHANDLE card = moving_connect(moving_context, name);
		DWORD length = sizeof reply;

		moving_reset();
		moving_fail_exchange(1, cases[i].result);
		CODE(SCardTransmit(card, NULL, command, sizeof command, NULL, reply, &length),
		    cases[i].code);
		CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), name));
		OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
		moving_remove(reader, name);
		moving_insert(reader, name);
	}
	moving_reset();
	moving_unplug(reader);
}

/* The reader hears of it. */
static void
attribute_set(void)
{
	static const char name[] = "States attribute";
	ULONG reader = moving_reader_with_card(name), before;
	SCARDHANDLE card = moving_connect(moving_context, name);

	before = moving_exchanges();
	OK(SCardSetAttrib(card, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, &one, 1));
	EFFECT(SCardSetAttrib, moving_exchanges() == before + 1);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

static const struct suite_test tests[] = {
	{ "SCARD_W_RESET_CARD of every operation", reset },
	{ "SCARD_W_REMOVED_CARD of every operation, SCARD_E_NO_SMARTCARD", removed },
	{ "SCARD_E_READER_UNAVAILABLE of every operation", unplugged },
	{ "SCardConnect: SCARD_E_READER_UNAVAILABLE", connecting },
	{ "SCardConnectW: SCARD_W_UNRESPONSIVE_CARD", mute },
	{ "SCardTransmit: failed exchanges", exchanging },
	{ "SCardSetAttrib", attribute_set },
};

int
main(void)
{
	return moving_run("winscard_states", tests, sizeof tests / sizeof tests[0]);
}
