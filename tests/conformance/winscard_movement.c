/* SPDX-License-Identifier: BSD-2-Clause */
/* Cards and readers that come and go, between calls and in the middle of them. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/conformance/moving.h"

#define PNP "\\\\?PnP?\\Notification"

static SCARD_READERSTATEA
look(const char *name, DWORD current)
{
	SCARD_READERSTATEA state = { .szReader = name, .dwCurrentState = current };

	OK(SCardGetStatusChangeA(moving_context, MOVING_PATIENCE_MS, &state, 1));
	return state;
}

static void
inserted_and_removed(void)
{
	static const char name[] = "Mover 1";
	ULONG reader = moving_reader(name);
	SCARD_READERSTATEA state = look(name, SCARD_STATE_UNAWARE);
	SCARDHANDLE card = 4;

	SUITE_EQUAL_HEX(state.dwEventState, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
	SUITE_EQUAL_INT(state.cbAtr, 0);
	CODE(
	    SCardConnectA(moving_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_NO_SMARTCARD);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), name));
	SUITE_EQUAL_INT(card, 4);
	moving_insert(reader, name);
	state = look(name, SCARD_STATE_EMPTY);
	SUITE_EQUAL_HEX(state.dwEventState,
	    0x00010000 | SCARD_STATE_PRESENT | SCARD_STATE_CHANGED); /* one movement */
	SUITE_EQUAL_BYTES(state.rgbAtr, state.cbAtr, "3B 81 00 11");
	moving_remove(reader, name);
	state = look(name, SCARD_STATE_PRESENT);
	SUITE_EQUAL_HEX(state.dwEventState, 0x00020000 | SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
	SUITE_EQUAL_INT(state.cbAtr, 0);
	moving_unplug(reader);
}

static void
removed_and_back(void)
{
	static const char name[] = "Mover 2";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = moving_connect(moving_context, name),
		    other = moving_connect(moving_context, name), fresh;
	DWORD length = 0, state;

	moving_remove(reader, name);
	for (int round = 0; round < 2; round++) {
		CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_REMOVED_CARD);
		CODE(SCardState(card, &state, NULL, NULL, NULL), SCARD_W_REMOVED_CARD);
		CODE(moving_transmit(card), SCARD_W_REMOVED_CARD);
		CODE(SCardBeginTransaction(card), SCARD_W_REMOVED_CARD);
		CODE(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &length),
		    SCARD_W_REMOVED_CARD);
		if (round == 0) {
			CODE(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx,
				 SCARD_LEAVE_CARD, NULL),
			    SCARD_E_NO_SMARTCARD);
			moving_insert(reader, name); /* back again, and still removed for us */
		}
	}
	fresh = moving_connect(moving_context, name);
	OK(moving_transmit(fresh));
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	OK(moving_transmit(card));
	/* Removal and return is more than a reset. */
	OK(SCardReconnect(fresh, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD, NULL));
	CODE(SCardStatusA(other, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_REMOVED_CARD);
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(fresh, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

static void
counted(void)
{
	static const char name[] = "Mover 3";
	ULONG reader = moving_reader_with_card(name);
	SCARD_READERSTATEA before = look(name, SCARD_STATE_UNAWARE), after;

	moving_remove(reader, name);
	moving_insert(reader, name);
	after = look(name, before.dwEventState & ~SCARD_STATE_CHANGED);
	SUITE_EQUAL_INT((after.dwEventState >> 16) - (before.dwEventState >> 16), 2);
	SUITE_EQUAL_HEX(after.dwEventState & 0xFFFF, SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	/* Without a counter the two look the same. */
	after.dwCurrentState = SCARD_STATE_PRESENT;
	CODE(SCardGetStatusChangeA(moving_context, 0, &after, 1), SCARD_E_TIMEOUT);
	moving_unplug(reader);
}

struct waiting {
	pthread_t thread;
	SCARD_READERSTATEA states[2];
	DWORD count;
	LONG code;
};

static void *
wait_thread(void *data)
{
	struct waiting *waiting = data;

	waiting->code = SCardGetStatusChangeA(
	    moving_context, MOVING_PATIENCE_MS, waiting->states, waiting->count);
	return NULL;
}

static void
wait_elsewhere(struct waiting *waiting)
{
	CU_ASSERT_EQUAL_FATAL(pthread_create(&waiting->thread, NULL, wait_thread, waiting), 0);
}

/* A wait of another thread is ended by each movement. */
static void
waits_end(void)
{
	static const char name[] = "Mover 4", never[] = "Mover 4 other";
	ULONG reader = moving_reader(name), other = moving_reader(never);
	struct waiting waiting = { .count = 2,
		.states = { { .szReader = never, .dwCurrentState = SCARD_STATE_EMPTY },
		    { .szReader = name, .dwCurrentState = SCARD_STATE_EMPTY } } };

	wait_elsewhere(&waiting);
	moving_announce_card(reader, SCARD_PROTOCOL_Tx);
	(void)pthread_join(waiting.thread, NULL);
	OK(waiting.code);
	SUITE_EQUAL_HEX(waiting.states[0].dwEventState, SCARD_STATE_EMPTY);
	CU_ASSERT_TRUE(waiting.states[1].dwEventState & SCARD_STATE_PRESENT);
	CU_ASSERT_TRUE(waiting.states[1].dwEventState & SCARD_STATE_CHANGED);
	(void)moving_wait(name, SCARD_STATE_PRESENT | SCARD_STATE_UNPOWERED, SCARD_STATE_PRESENT);
	waiting.states[1].dwCurrentState = SCARD_STATE_PRESENT;
	wait_elsewhere(&waiting);
	moving_announce_removal(reader);
	(void)pthread_join(waiting.thread, NULL);
	OK(waiting.code);
	SUITE_EQUAL_HEX(
	    waiting.states[1].dwEventState & 0xFFFF, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
	/* The reader itself goes. */
	waiting.states[1].dwCurrentState = SCARD_STATE_EMPTY;
	wait_elsewhere(&waiting);
	moving_unplug(reader);
	(void)pthread_join(waiting.thread, NULL);
	OK(waiting.code);
	SUITE_EQUAL_HEX(waiting.states[1].dwEventState & 0xFFFF,
	    SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE | SCARD_STATE_CHANGED);
	moving_unplug(other);
}

static void
readers_come_and_go(void)
{
	static const char name[] = "Mover 5";
	SCARD_READERSTATEA pnp = { .szReader = PNP };
	struct waiting waiting = { .count = 1, .states = { { .szReader = PNP } } };
	char list[4096];
	DWORD length = sizeof list;
	ULONG reader;
	LONG code = SCardGetStatusChangeA(moving_context, 0, &pnp, 1);

	CU_ASSERT(code == SCARD_S_SUCCESS || code == SCARD_E_TIMEOUT); /* are there others? */
	waiting.states[0].dwCurrentState = pnp.dwEventState & ~SCARD_STATE_CHANGED;
	wait_elsewhere(&waiting);
	reader = moving_reader(name);
	(void)pthread_join(waiting.thread, NULL);
	OK(waiting.code);
	CU_ASSERT_TRUE(waiting.states[0].dwEventState & SCARD_STATE_CHANGED);
	SUITE_EQUAL_INT((waiting.states[0].dwEventState >> 16) - (pnp.dwEventState >> 16), 1);
	OK(SCardListReadersA(moving_context, NULL, list, &length));
	CU_ASSERT_TRUE(fixture_list_has(list, name));
	waiting.states[0].dwCurrentState = waiting.states[0].dwEventState & ~SCARD_STATE_CHANGED;
	wait_elsewhere(&waiting);
	moving_unplug(reader);
	(void)pthread_join(waiting.thread, NULL);
	OK(waiting.code);
	SUITE_EQUAL_HEX(waiting.states[0].dwEventState >> 16, pnp.dwEventState >> 16);
	length = sizeof list;
	code = SCardListReadersA(moving_context, NULL, list, &length);
	CU_ASSERT(code == SCARD_E_NO_READERS_AVAILABLE ||
	    (code == SCARD_S_SUCCESS && !fixture_list_has(list, name)));
}

static void
mute_card(void)
{
	static const char name[] = "Mover 6";
	ULONG reader = moving_reader(name);
	SCARD_READERSTATEA state;
	SCARDHANDLE card = 4;

	moving_announce_mute_card(reader);
	(void)moving_wait(name, SCARD_STATE_MUTE, SCARD_STATE_MUTE);
	state = look(name, SCARD_STATE_UNAWARE);
	SUITE_EQUAL_HEX(state.dwEventState & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_MUTE | SCARD_STATE_CHANGED);
	SUITE_EQUAL_INT(state.cbAtr, 0);
	CODE(
	    SCardConnectA(moving_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_W_UNRESPONSIVE_CARD);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), name));
	SUITE_EQUAL_INT(card, 4);
	/* A direct connection needs no card that answers. */
	OK(SCardConnectA(moving_context, name, SCARD_SHARE_DIRECT, 0, &card, NULL));
	CODE(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL),
	    SCARD_W_UNRESPONSIVE_CARD);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

static void
one_protocol(void)
{
	static const char name[] = "Mover 7";
	ULONG reader = moving_reader(name);
	SCARDHANDLE card = 4;
	DWORD active = 0;

	moving_announce_card(reader, SCARD_PROTOCOL_T0);
	(void)moving_wait(name, SCARD_STATE_PRESENT | SCARD_STATE_UNPOWERED, SCARD_STATE_PRESENT);
	CODE(
	    SCardConnectA(moving_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, NULL),
	    SCARD_E_PROTO_MISMATCH);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), name));
	SUITE_EQUAL_INT(card, 4);
	OK(SCardConnectA(
	    moving_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active));
	SUITE_EQUAL_INT(active, SCARD_PROTOCOL_T0);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

static void
unplugged(void)
{
	static const char name[] = "Mover 8";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = moving_connect(moving_context, name);
	DWORD length = 0;

	moving_unplug(reader);
	(void)moving_wait(name, SCARD_STATE_UNKNOWN, SCARD_STATE_UNKNOWN);
	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_E_READER_UNAVAILABLE);
	CODE(moving_transmit(card), SCARD_E_READER_UNAVAILABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), name));
	CODE(SCardBeginTransaction(card), SCARD_E_READER_UNAVAILABLE);
	CODE(
	    SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &length), SCARD_E_READER_UNAVAILABLE);
	CODE(SCardControl(card, SCARD_CTL_CODE(2048), NULL, 0, NULL, 0, &length),
	    SCARD_E_READER_UNAVAILABLE);
	CODE(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD, NULL),
	    SCARD_E_READER_UNAVAILABLE);
	OK(SCardDisconnect(card, SCARD_RESET_CARD));
	CODE(
	    SCardConnectA(moving_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_UNKNOWN_READER);
}

/* Removal frees a card from its transaction and its exclusive owner. */
static void
claims_end(void)
{
	static const char name[] = "Mover 9";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE holder = moving_connect(moving_context, name), other, owner;

	OK(SCardBeginTransaction(holder));
	moving_remove(reader, name);
	moving_insert(reader, name);
	other = moving_connect(moving_context, name);
	OK(SCardBeginTransaction(other));
	OK(moving_transmit(other));
	OK(SCardEndTransaction(other, SCARD_LEAVE_CARD));
	CODE(SCardEndTransaction(holder, SCARD_LEAVE_CARD), SCARD_W_REMOVED_CARD);
	OK(SCardDisconnect(holder, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	OK(SCardConnectA(
	    moving_context, name, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, &owner, NULL));
	moving_remove(reader, name);
	moving_insert(reader, name);
	other = moving_connect(moving_context, name);
	OK(moving_transmit(other));
	CODE(moving_transmit(owner), SCARD_W_REMOVED_CARD);
	OK(SCardDisconnect(owner, SCARD_LEAVE_CARD));
	OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

struct exchange {
	pthread_t thread;
	SCARDHANDLE card;
	LONG code;
	char message[384];
};

static void *
transmit_thread(void *data)
{
	struct exchange *exchange = data;

	exchange->code = moving_transmit(exchange->card);
	(void)snprintf(exchange->message, sizeof exchange->message, "%s", tessera_scard_message());
	return NULL;
}

/* Starts an exchange and comes back when the driver is in the middle of it. */
static void
transmit_blocked(struct exchange *exchange, ULONG reader, SCARDHANDLE card)
{
	*exchange = (struct exchange){ .card = card };
	moving_block(reader);
	CU_ASSERT_EQUAL_FATAL(
	    pthread_create(&exchange->thread, NULL, transmit_thread, exchange), 0);
	moving_wait_blocked(reader);
}

static void
card_gone_in_exchange(void)
{
	static const char name[] = "Mover 10";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = moving_connect(moving_context, name);
	struct exchange exchange;

	transmit_blocked(&exchange, reader, card);
	moving_announce_removal(reader);
	moving_unblock(reader);
	(void)pthread_join(exchange.thread, NULL);
	CU_ASSERT(exchange.code == SCARD_E_NO_SMARTCARD || exchange.code == SCARD_W_REMOVED_CARD);
	CU_ASSERT_PTR_NOT_NULL(strstr(exchange.message, name));
	(void)moving_wait(name, SCARD_STATE_EMPTY, SCARD_STATE_EMPTY);
	CODE(moving_transmit(card), SCARD_W_REMOVED_CARD);
	moving_insert(reader, name);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	OK(moving_transmit(card));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	moving_unplug(reader);
}

static void
reader_gone_in_exchange(void)
{
	static const char name[] = "Mover 11";
	ULONG reader = moving_reader_with_card(name);
	SCARDHANDLE card = moving_connect(moving_context, name);
	struct exchange exchange;

	transmit_blocked(&exchange, reader, card);
	moving_unplug(reader);
	(void)pthread_join(exchange.thread, NULL);
	CODE(exchange.code, SCARD_E_READER_UNAVAILABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(exchange.message, name));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
}

/* One step of a card's life with a client; the first failure ends it. */
static LONG
scenario(const char *name)
{
	SCARDHANDLE card;
	DWORD length = 0;
	LONG code =
	    SCardConnectA(moving_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL);

	if (code != SCARD_S_SUCCESS)
		return code;
	if ((code = SCardBeginTransaction(card)) == SCARD_S_SUCCESS &&
	    (code = moving_transmit(card)) == SCARD_S_SUCCESS &&
	    (code = SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_RESET_CARD,
		 NULL)) == SCARD_S_SUCCESS &&
	    (code = SCardControl(card, SCARD_CTL_CODE(2048), NULL, 0, NULL, 0, &length)) ==
		SCARD_S_SUCCESS)
		code = moving_transmit(card);
	if (code != SCARD_S_SUCCESS && tessera_scard_message()[0] == '\0')
		CU_FAIL("a failure without a message");
	(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
	return code;
}

/* Every exchange with the reader fails once, in every way: a clear code, and then all is well. */
static void
fails_at_each_step(void)
{
	static const char name[] = "Mover 12";
	static const LONG failures[] = { SCARD_E_COMM_DATA_LOST, SCARD_E_TIMEOUT,
		SCARD_W_UNRESPONSIVE_CARD, SCARD_E_PROTO_MISMATCH, SCARD_E_NO_MEMORY };
	ULONG reader = moving_reader_with_card(name), exchanges;

	moving_reset();
	OK(scenario(name));
	exchanges = moving_exchanges();
	CU_ASSERT(exchanges >= 4);
	for (size_t f = 0; f < sizeof failures / sizeof failures[0]; f++)
		for (ULONG n = 1; n <= exchanges; n++) {
			LONG code;

			moving_reset();
			moving_fail_exchange(n, failures[f]);
			code = scenario(name);
			/* A plug-in's failure is not the caller's. */
			CU_ASSERT_NOT_EQUAL(code, ERROR_INVALID_HANDLE);
			CU_ASSERT_NOT_EQUAL(code, SCARD_E_INVALID_PARAMETER);
			moving_reset();
			/* The card is taken out and put back: whatever happened is over. */
			moving_remove(reader, name);
			moving_insert(reader, name);
			OK(scenario(name));
		}
	moving_unplug(reader);
}

/* Whether the cache still has what was written for a card. */
static void
has_item(SCARDCONTEXT context, DWORD number, LONG code)
{
	UUID identifier = { number, 0, 0, { 0 } };
	DWORD length = 0;

	CODE(SCardReadCacheA(context, &identifier, 1, (LPSTR) "item", NULL, &length), code);
}

static void
write_item(SCARDCONTEXT context, DWORD number)
{
	UUID identifier = { number, 0, 0, { 0 } };
	BYTE data = 1;

	OK(SCardWriteCacheA(context, &identifier, 1, (LPSTR) "item", &data, 1));
}

static void
cache_goes_with_card(void)
{
	static const char name[] = "Mover cache", other[] = "Mover cache 2";
	ULONG reader = moving_reader_with_card(name), still = moving_reader_with_card(other);
	SCARDCONTEXT context = fixture_context(), second = fixture_context(),
		     third = fixture_context();
	SCARDHANDLE card = moving_connect(context, name);

	(void)moving_connect(second, other);
	write_item(context, 1);
	write_item(second, 2);
	write_item(third, 3);
	moving_remove(reader, name);
	has_item(third, 1, SCARD_W_CACHE_ITEM_NOT_FOUND);
	has_item(third, 2, SCARD_S_SUCCESS);
	has_item(third, 3, SCARD_S_SUCCESS);
	/* The connection is to the card that has gone, not to the one that comes. */
	moving_insert(reader, name);
	write_item(context, 4);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	write_item(context, 1);
	moving_unplug(reader);
	(void)moving_wait(name, SCARD_STATE_UNKNOWN, SCARD_STATE_UNKNOWN);
	has_item(third, 1, SCARD_W_CACHE_ITEM_NOT_FOUND);
	has_item(third, 4, SCARD_S_SUCCESS);
	moving_unplug(still);
	(void)moving_wait(other, SCARD_STATE_UNKNOWN, SCARD_STATE_UNKNOWN);
	has_item(third, 2, SCARD_W_CACHE_ITEM_NOT_FOUND);
	OK(SCardReleaseContext(context));
	OK(SCardReleaseContext(second));
	OK(SCardReleaseContext(third));
}

static void
choices(void)
{
	static const char first[] = "Choice 1", second[] = "Choice 2";
	ULONG empty = moving_reader("Choice 0"), one = moving_reader(first), two;
	CHAR reader[256], type[256];
	OPENCARDNAME_EXA choice = { .dwStructSize = sizeof choice,
		.hSCardContext = moving_context,
		.dwFlags = SC_DLG_NO_UI,
		.lpstrRdr = reader,
		.nMaxRdr = sizeof reader,
		.lpstrCard = type,
		.nMaxCard = sizeof type };

	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_NO_SMARTCARD);
	choice.dwFlags = SC_DLG_MINIMAL_UI;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_UNSUPPORTED_FEATURE);
	moving_insert(one, first);
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_STRING(reader, first);
	two = moving_reader_with_card(second);
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_UNSUPPORTED_FEATURE);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "more than one"));
	choice.dwFlags = SC_DLG_NO_UI;
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_STRING(reader, first);
	moving_remove(one, first);
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_STRING(reader, second);
	moving_unplug(empty);
	moving_unplug(one);
	moving_unplug(two);
}

static const struct suite_test tests[] = {
	{ "a card is inserted and removed", inserted_and_removed },
	{ "9.19 a card pulled and put back", removed_and_back },
	{ "9.25 removal and insertion between two calls", counted },
	{ "waits end by insertion, removal, unplugging", waits_end },
	{ "readers come and go: the PnP entry", readers_come_and_go },
	{ "a mute card", mute_card },
	{ "a card with one protocol", one_protocol },
	{ "a choice with no card, one, and two", choices },
	{ "the cache goes with the card", cache_goes_with_card },
	{ "an unplugged reader", unplugged },
	{ "removal ends transactions and exclusive claims", claims_end },
	{ "the card is pulled in the middle of an exchange", card_gone_in_exchange },
	{ "the reader is unplugged in the middle of an exchange", reader_gone_in_exchange },
	{ "each exchange with the reader fails once, in each way", fails_at_each_step },
};

int
main(void)
{
	return moving_run("winscard_movement", tests, sizeof tests / sizeof tests[0]);
}
