/* SPDX-License-Identifier: BSD-2-Clause */
/* Transactions between two handles of one process, and the time limit of an idle one. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "tests/conformance/fixture.h"

static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

static SCARDCONTEXT context;

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
begin_end(void)
{
	SCARDHANDLE card;
	BYTE reply[16];

	begin();
	card = fixture_connect(context);
	OK(SCardBeginTransaction(card));
	SUITE_EQUAL_INT(
	    fixture_transmit(card, challenge, sizeof challenge, reply, sizeof reply), 10);
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	CODE(SCardBeginTransaction(0), ERROR_INVALID_HANDLE);
	CODE(SCardEndTransaction(0, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
	end();
}

static void
without_begin(void)
{
	SCARDHANDLE card, other;

	begin();
	card = fixture_connect(context);
	other = fixture_connect(context);
	CODE(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	CU_ASSERT_NOT_EQUAL(tessera_scard_message()[0], '\0');
	/* Another's transaction is not this handle's. */
	OK(SCardBeginTransaction(other));
	CODE(SCardEndTransaction(other, 4), SCARD_E_INVALID_VALUE);
	OK(SCardEndTransaction(other, SCARD_LEAVE_CARD));
	CODE(SCardEndTransaction(other, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	end();
}

static void
nested(void)
{
	SCARDHANDLE card;

	begin();
	card = fixture_connect(context);
	for (int i = 0; i < 3; i++)
		OK(SCardBeginTransaction(card));
	for (int i = 0; i < 3; i++)
		OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	CODE(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	end();
}

static void
exclusive(void)
{
	SCARDHANDLE card;

	begin();
	OK(SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, &card, NULL));
	OK(SCardBeginTransaction(card));
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	end();
}

static void
end_resets(void)
{
	begin();
	for (DWORD disposition = SCARD_RESET_CARD; disposition <= SCARD_UNPOWER_CARD;
	     disposition++) {
		SCARDHANDLE card = fixture_connect(context), other = fixture_connect(context);

		OK(SCardBeginTransaction(card));
		OK(SCardEndTransaction(card, disposition));
		CODE(SCardStatusA(other, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_RESET_CARD);
		OK(SCardReconnect(
		    other, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
		OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
		OK(SCardDisconnect(other, SCARD_LEAVE_CARD));
	}
	end();
}

/*
 * Another handle that asks for something while the first one holds a transaction. `free` is set
 * just before the transaction ends, so that whoever came through earlier is seen.
 */
struct other {
	pthread_t thread;
	SCARDHANDLE card;
	LONG (*ask)(SCARDHANDLE card);
	pthread_barrier_t ready;
	atomic_bool free;
	bool waited;
	LONG code;
};

static void *
ask_thread(void *data)
{
	struct other *other = data;

	(void)pthread_barrier_wait(&other->ready);
	other->code = other->ask(other->card);
	other->waited = atomic_load(&other->free);
	return NULL;
}

static void
ask_elsewhere(struct other *other, SCARDHANDLE card, LONG (*ask)(SCARDHANDLE))
{
	*other = (struct other){ .card = card, .ask = ask };
	(void)pthread_barrier_init(&other->ready, NULL, 2);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&other->thread, NULL, ask_thread, other), 0);
	(void)pthread_barrier_wait(&other->ready);
}

static void
expect_waited(struct other *other, LONG code)
{
	(void)pthread_join(other->thread, NULL);
	(void)pthread_barrier_destroy(&other->ready);
	CODE(other->code, code);
	CU_ASSERT_TRUE(other->waited);
}

/* Enough work for the other thread to come to its call, and for the holder not to be idle. */
static void
work(SCARDHANDLE card)
{
	BYTE reply[16];

	for (int i = 0; i < 50; i++)
		SUITE_EQUAL_INT(
		    fixture_transmit(card, challenge, sizeof challenge, reply, sizeof reply), 10);
}

static LONG
ends(SCARDHANDLE card)
{
	return SCardEndTransaction(card, SCARD_LEAVE_CARD);
}

static LONG
disconnects(SCARDHANDLE card)
{
	return SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static LONG
reconnects(SCARDHANDLE card)
{
	return SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL);
}

static void
waits_for_end(void)
{
	static LONG (*const ways[])(SCARDHANDLE) = { ends, disconnects, reconnects };

	begin();
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		SCARDHANDLE card = fixture_connect(context), two = fixture_connect(context);
		struct other other;

		OK(SCardBeginTransaction(card));
		ask_elsewhere(&other, two, SCardBeginTransaction);
		work(card);
		atomic_store(&other.free, true);
		OK(ways[i](card));
		expect_waited(&other, SCARD_S_SUCCESS);
		OK(SCardEndTransaction(two, SCARD_LEAVE_CARD));
		OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
		(void)SCardDisconnect(card, SCARD_LEAVE_CARD);
	}
	end();
}

static void
waits_for_release(void)
{
	SCARDCONTEXT holder = fixture_context();
	SCARDHANDLE card = fixture_connect(holder), two;
	struct other other;

	begin();
	two = fixture_connect(context);
	OK(SCardBeginTransaction(card));
	ask_elsewhere(&other, two, SCardBeginTransaction);
	work(card);
	atomic_store(&other.free, true);
	/* A transaction that is not ended is ended by a reset. */
	OK(SCardReleaseContext(holder));
	expect_waited(&other, SCARD_W_RESET_CARD);
	OK(reconnects(two));
	OK(SCardBeginTransaction(two));
	OK(SCardEndTransaction(two, SCARD_LEAVE_CARD));
	end();
}

static LONG
asks_status(SCARDHANDLE card)
{
	return SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL);
}

static LONG
transmits(SCARDHANDLE card)
{
	BYTE reply[16];
	DWORD length = sizeof reply;

	return SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length);
}

static LONG
asks_attribute(SCARDHANDLE card)
{
	DWORD length = 0;

	return SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &length);
}

static LONG
connects(SCARDHANDLE unused)
{
	SCARDHANDLE card;
	LONG code = SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL);

	(void)unused;
	if (code == SCARD_S_SUCCESS)
		code = SCardDisconnect(card, SCARD_LEAVE_CARD);
	return code;
}

static void
everything_waits(void)
{
	static LONG (*const calls[])(
	    SCARDHANDLE) = { asks_status, transmits, asks_attribute, reconnects, connects };

	begin();
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		SCARDHANDLE card = fixture_connect(context), two = fixture_connect(context);
		struct other other;

		OK(SCardBeginTransaction(card));
		ask_elsewhere(&other, two, calls[i]);
		work(card);
		atomic_store(&other.free, true);
		OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
		expect_waited(&other, SCARD_S_SUCCESS);
		OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
		OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
	}
	end();
}

/* What needs no card does not wait. */
static void
not_everything_waits(void)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader() };
	SCARDCONTEXT another;
	SCARDHANDLE card, two;
	DWORD length = 0;

	begin();
	card = fixture_connect(context);
	two = fixture_connect(context);
	OK(SCardBeginTransaction(card));
	OK(SCardListReadersA(context, NULL, NULL, &length));
	OK(SCardGetStatusChangeA(context, 0, &state, 1));
	OK(SCardIsValidContext(context));
	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &another));
	OK(SCardCancel(another));
	OK(SCardReleaseContext(another));
	OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	end();
}

static long long
milliseconds_since(const struct timespec *before)
{
	struct timespec after;

	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	return (after.tv_sec - before->tv_sec) * 1000LL +
	    (after.tv_nsec - before->tv_nsec) / 1000000LL;
}

/* The second handle's wait ends when the time limit of the idle first one does. */
static void
idle(void)
{
	SCARDHANDLE card, two;
	struct timespec before;
	long long passed;

	begin();
	card = fixture_connect(context);
	two = fixture_connect(context);
	OK(SCardBeginTransaction(card));
	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	CODE(SCardBeginTransaction(two), SCARD_W_RESET_CARD);
	passed = milliseconds_since(&before);
	CU_ASSERT(passed >= 4900 && passed < 20000);
	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_RESET_CARD);
	CODE(SCardBeginTransaction(card), SCARD_W_RESET_CARD);
	OK(reconnects(card));
	OK(SCardBeginTransaction(card));
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	end();
}

/* Waits for nothing to happen, which is no operation on the card. */
static void
let_pass(DWORD milliseconds)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader(),
		.dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE };

	CODE(SCardGetStatusChangeA(context, milliseconds, &state, 1), SCARD_E_TIMEOUT);
}

static void
kept_alive(void)
{
	SCARDHANDLE card;

	begin();
	card = fixture_connect(context);
	OK(SCardBeginTransaction(card));
	for (int i = 0; i < 2; i++) {
		let_pass(4000);
		OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	}
	OK(SCardEndTransaction(card, SCARD_LEAVE_CARD));
	/* Outside a transaction nobody watches. */
	let_pass(5500);
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	end();
}

static void
cancel_transaction(void)
{
	SCARDHANDLE card;

	begin();
	card = fixture_connect(context);
	CODE(SCardCancelTransaction(card), SCARD_E_NOT_TRANSACTED);
	OK(SCardBeginTransaction(card));
	OK(SCardCancelTransaction(card));
	CODE(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	CODE(SCardCancelTransaction(0), ERROR_INVALID_HANDLE);
	end();
}

static const struct suite_test tests[] = {
	{ "9.10 SCardBeginTransaction, SCardEndTransaction", begin_end },
	{ "9.22 SCardEndTransaction without a transaction", without_begin },
	{ "each begin needs its end", nested },
	{ "SCardCancelTransaction", cancel_transaction },
	{ "a transaction on an exclusive connection", exclusive },
	{ "SCardEndTransaction resets or powers down", end_resets },
	{ "9.20 another's begin waits for end, disconnect, reconnect", waits_for_end },
	{ "9.20 another's begin waits for the release of the context", waits_for_release },
	{ "status, exchange, attribute, reconnect and connect wait as well", everything_waits },
	{ "lists, states, contexts and disconnect do not wait", not_everything_waits },
	{ "9.26 an idle transaction ends by a reset", idle },
	{ "9.26 activity keeps a transaction", kept_alive },
};

int
main(void)
{
	return fixture_run("winscard_transaction", tests, sizeof tests / sizeof tests[0]);
}
