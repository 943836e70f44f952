/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader whose driver does not come back until it is told. Meanwhile everything else works:
 * lists, connections, exchanges with another reader, waits and their cancellation, from other
 * threads. All calls here are made while the exchange is blocked; a call that waits for it never
 * returns.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "tests/conformance/moving.h"

#define THREADS 8

static const char stuck[] = "Stuck reader", lively[] = "Lively reader";

static ULONG stuck_reader, lively_reader;

struct exchange {
	pthread_t thread;
	SCARDHANDLE card;
	atomic_bool back;
	LONG code;
};

static void *
transmit_thread(void *data)
{
	struct exchange *exchange = data;

	exchange->code = moving_transmit(exchange->card);
	atomic_store(&exchange->back, true);
	return NULL;
}

static void
begin(struct exchange *exchange, SCARDHANDLE card)
{
	*exchange = (struct exchange){ .card = card };
	moving_block(stuck_reader);
	CU_ASSERT_EQUAL_FATAL(
	    pthread_create(&exchange->thread, NULL, transmit_thread, exchange), 0);
	moving_wait_blocked(stuck_reader);
}

static LONG
end(struct exchange *exchange)
{
	CU_ASSERT_FALSE(atomic_load(&exchange->back));
	moving_unblock(stuck_reader);
	(void)pthread_join(exchange->thread, NULL);
	return exchange->code;
}

/* Comes first. */
static void
readers(void)
{
	stuck_reader = moving_reader_with_card(stuck);
	lively_reader = moving_reader_with_card(lively);
	CU_ASSERT_NOT_EQUAL(stuck_reader, lively_reader);
}

static void
others_go_on(void)
{
	struct exchange exchange;
	SCARDCONTEXT context = fixture_context(), another;
	SCARDHANDLE card = moving_connect(context, stuck), two = moving_connect(context, stuck),
		    other;
	SCARD_READERSTATEA states[] = { { .szReader = stuck }, { .szReader = lively } };
	char list[1024];
	DWORD length = sizeof list;

	begin(&exchange, card);
	OK(SCardListReadersA(context, NULL, list, &length));
	CU_ASSERT_TRUE(fixture_list_has(list, stuck));
	length = 0;
	OK(SCardListReaderGroupsA(context, NULL, &length));
	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &another));
	OK(SCardIsValidContext(context));
	other = moving_connect(another, lively);
	OK(moving_transmit(other));
	OK(SCardBeginTransaction(other));
	OK(SCardStatusA(other, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(SCardEndTransaction(other, SCARD_RESET_CARD));
	OK(SCardGetStatusChangeA(context, 0, states, 2));
	CU_ASSERT_TRUE(states[0].dwEventState & SCARD_STATE_INUSE);
	OK(SCardCancel(context));
	OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
	OK(SCardReleaseContext(another));
	CODE(end(&exchange), SCARD_S_SUCCESS);
	OK(SCardReleaseContext(context));
}

struct worker {
	pthread_t thread;
	LONG code;
};

static void *
work_lively(void *data)
{
	struct worker *worker = data;
	SCARDCONTEXT context;
	SCARDHANDLE card;

	for (int i = 0; i < 20; i++) {
		DWORD length = 0;

		if ((worker->code = SCardEstablishContext(
			 SCARD_SCOPE_USER, NULL, NULL, &context)) != SCARD_S_SUCCESS)
			break;
		if ((worker->code = SCardListReadersA(context, NULL, NULL, &length)) !=
			SCARD_S_SUCCESS ||
		    (worker->code = SCardConnectA(context, lively, SCARD_SHARE_SHARED,
			 SCARD_PROTOCOL_Tx, &card, NULL)) != SCARD_S_SUCCESS ||
		    (worker->code = moving_transmit(card)) != SCARD_S_SUCCESS ||
		    (worker->code = SCardReleaseContext(context)) != SCARD_S_SUCCESS)
			break;
	}
	return NULL;
}

static void
many_others_go_on(void)
{
	struct exchange exchange;
	struct worker workers[THREADS];
	SCARDCONTEXT context = fixture_context();

	begin(&exchange, moving_connect(context, stuck));
	for (size_t i = 0; i < THREADS; i++)
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&workers[i].thread, NULL, work_lively, &workers[i]), 0);
	for (size_t i = 0; i < THREADS; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		OK(workers[i].code);
	}
	CODE(end(&exchange), SCARD_S_SUCCESS);
	OK(SCardReleaseContext(context));
}

struct waiting {
	pthread_t thread;
	SCARDCONTEXT context;
	SCARD_READERSTATEA state;
	DWORD limit;
	LONG code;
};

static void *
wait_thread(void *data)
{
	struct waiting *waiting = data;

	waiting->code = SCardGetStatusChangeA(waiting->context, waiting->limit, &waiting->state, 1);
	return NULL;
}

static void
wait_elsewhere(struct waiting *waiting, SCARDCONTEXT context, const char *name)
{
	*waiting = (struct waiting){ .context = context,
		.limit = INFINITE,
		.state = {
		    .szReader = name, .dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE } };
	CU_ASSERT_EQUAL_FATAL(pthread_create(&waiting->thread, NULL, wait_thread, waiting), 0);
}

static void
waits_go_on(void)
{
	struct exchange exchange;
	struct waiting for_lively, for_stuck;
	SCARDCONTEXT context = fixture_context(), other = fixture_context();
	SCARDHANDLE card = moving_connect(context, stuck), user = moving_connect(other, lively);

	begin(&exchange, card);
	/* On the very context that is blocked in an exchange, too. */
	wait_elsewhere(&for_lively, context, lively);
	moving_remove(lively_reader, lively);
	(void)pthread_join(for_lively.thread, NULL);
	OK(for_lively.code);
	CU_ASSERT_TRUE(for_lively.state.dwEventState & SCARD_STATE_EMPTY);
	moving_insert(lively_reader, lively);
	CODE(SCardStatusA(user, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_REMOVED_CARD);
	wait_elsewhere(&for_stuck, other, stuck);
	/* Its release ends a wait for sure; a cancel might come before the wait. */
	OK(SCardCancel(other));
	OK(SCardReleaseContext(other));
	(void)pthread_join(for_stuck.thread, NULL);
	CU_ASSERT(for_stuck.code == SCARD_E_CANCELLED || for_stuck.code == ERROR_INVALID_HANDLE);
	CODE(end(&exchange), SCARD_S_SUCCESS);
	OK(SCardReleaseContext(context));
}

/* What goes to the blocked reader waits its turn, in order, and is done then. */
static void
the_same_reader_waits(void)
{
	struct exchange exchange, second;
	SCARDCONTEXT context = fixture_context();
	SCARDHANDLE card = moving_connect(context, stuck), two = moving_connect(context, stuck);

	begin(&exchange, card);
	second = (struct exchange){ .card = two };
	CU_ASSERT_EQUAL_FATAL(pthread_create(&second.thread, NULL, transmit_thread, &second), 0);
	CODE(end(&exchange), SCARD_S_SUCCESS);
	(void)pthread_join(second.thread, NULL);
	CODE(second.code, SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(moving_overlaps(), 0);
	OK(SCardReleaseContext(context));
}

/* A context may be released while one of its exchanges is on the way. */
static void
released_meanwhile(void)
{
	struct exchange exchange;
	SCARDCONTEXT context = fixture_context();
	SCARDHANDLE card = moving_connect(context, stuck);
	LONG code;

	begin(&exchange, card);
	OK(SCardReleaseContext(context));
	CODE(SCardIsValidContext(context), ERROR_INVALID_HANDLE);
	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	code = end(&exchange);
	CU_ASSERT(code == SCARD_S_SUCCESS || code == SCARD_E_CANCELLED);
	/* And the reader works for others. */
	context = fixture_context();
	card = moving_connect(context, stuck);
	OK(moving_transmit(card));
	OK(SCardReleaseContext(context));
}

/* Comes last. */
static void
unplugged(void)
{
	struct exchange exchange;
	SCARDCONTEXT context = fixture_context();

	begin(&exchange, moving_connect(context, stuck));
	moving_unplug(stuck_reader);
	(void)pthread_join(exchange.thread, NULL);
	CODE(exchange.code, SCARD_E_READER_UNAVAILABLE);
	moving_unplug(lively_reader);
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ "two readers", readers },
	{ "lists, contexts, connections, exchanges elsewhere, states", others_go_on },
	{ "eight threads on the other reader", many_others_go_on },
	{ "waits and their end", waits_go_on },
	{ "the same reader serves in turn", the_same_reader_waits },
	{ "the context is released meanwhile", released_meanwhile },
	{ "the reader is unplugged meanwhile", unplugged },
};

int
main(void)
{
	return moving_run("winscard_blocked", tests, sizeof tests / sizeof tests[0]);
}
