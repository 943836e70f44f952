/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many threads: on one context, on one card handle, each on its own; contexts that end under the
 * feet of others. Threads note what they saw, the main one asserts.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "tests/conformance/fixture.h"

#define THREADS 8
#define ROUNDS 25

static const BYTE challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

struct worker {
	pthread_t thread;
	SCARDCONTEXT context;
	SCARDHANDLE card;
	unsigned number;
	/* The first thing that went wrong. */
	const char *call;
	LONG code;
	char message[384];
};

static pthread_barrier_t start;

/* False after a failure, which it notes. */
static bool
went(struct worker *worker, const char *call, LONG code)
{
	if (code == SCARD_S_SUCCESS || worker->call != NULL)
		return worker->call == NULL;
	worker->call = call;
	worker->code = code;
	(void)snprintf(worker->message, sizeof worker->message, "%s", tessera_scard_message());
	return false;
}

#define WENT(worker, call) went(worker, #call, call)

static void
run(void *(*work)(void *), SCARDCONTEXT context, SCARDHANDLE card)
{
	static struct worker workers[THREADS];

	(void)fixture_reader(); /* found before there are threads */
	memset(workers, 0, sizeof workers);
	(void)pthread_barrier_init(&start, NULL, THREADS);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i].context = context;
		workers[i].card = card;
		workers[i].number = i;
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		if (workers[i].call != NULL) {
			printf("# thread %u: %s: %s\n", i, workers[i].call, workers[i].message);
			CODE(workers[i].code, SCARD_S_SUCCESS);
		}
	}
	(void)pthread_barrier_destroy(&start);
}

static void
transmit(struct worker *worker, SCARDHANDLE card)
{
	BYTE reply[16];
	DWORD length = sizeof reply;

	if (WENT(worker,
		SCardTransmit(card, NULL, challenge, sizeof challenge, NULL, reply, &length)) &&
	    (length != 10 || reply[8] != 0x90))
		(void)went(worker, "the reply", SCARD_F_INTERNAL_ERROR);
}

static void *
one_context(void *data)
{
	struct worker *worker = data;
	SCARD_READERSTATEA state = { .szReader = fixture_reader() };

	(void)pthread_barrier_wait(&start);
	for (int i = 0; i < ROUNDS; i++) {
		SCARDHANDLE card;
		char *block = NULL, names[FIXTURE_NAME_SIZE];
		DWORD length = SCARD_AUTOALLOCATE;

		if (WENT(
			worker, SCardListReadersA(worker->context, NULL, (LPSTR)&block, &length)) &&
		    i % 2 == 0)
			(void)WENT(worker, SCardFreeMemory(worker->context, block));
		(void)WENT(worker, SCardGetStatusChangeA(worker->context, 0, &state, 1));
		if (!WENT(worker,
			SCardConnectA(worker->context, fixture_reader(), SCARD_SHARE_SHARED,
			    SCARD_PROTOCOL_Tx, &card, NULL)))
			break;
		(void)WENT(worker, SCardBeginTransaction(card));
		transmit(worker, card);
		(void)WENT(worker, SCardEndTransaction(card, SCARD_LEAVE_CARD));
		length = sizeof names;
		(void)WENT(worker, SCardStatusA(card, names, &length, NULL, NULL, NULL, NULL));
		(void)WENT(worker, SCardDisconnect(card, SCARD_LEAVE_CARD));
	}
	return NULL;
}

static void
shared_context(void)
{
	SCARDCONTEXT context = fixture_context();

	run(one_context, context, 0);
	OK(SCardReleaseContext(context)); /* and the blocks that were kept */
}

static void *
one_handle(void *data)
{
	struct worker *worker = data;

	(void)pthread_barrier_wait(&start);
	for (int i = 0; i < ROUNDS; i++) {
		DWORD length = 0;

		transmit(worker, worker->card);
		(void)WENT(
		    worker, SCardStatusW(worker->card, NULL, &length, NULL, NULL, NULL, NULL));
		(void)WENT(
		    worker, SCardGetAttrib(worker->card, SCARD_ATTR_ATR_STRING, NULL, &length));
	}
	return NULL;
}

static void
shared_handle(void)
{
	SCARDCONTEXT context = fixture_context();

	run(one_handle, context, fixture_connect(context));
	OK(SCardReleaseContext(context));
}

static void *
own_context(void *data)
{
	struct worker *worker = data;

	(void)pthread_barrier_wait(&start);
	for (int i = 0; i < ROUNDS; i++) {
		SCARDCONTEXT context;
		SCARDHANDLE card;

		if (!WENT(worker, SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context)))
			break;
		if (WENT(worker,
			SCardConnectA(context, fixture_reader(), SCARD_SHARE_SHARED,
			    SCARD_PROTOCOL_Tx, &card, NULL)))
			transmit(worker, card);
		if (worker->call == NULL && i % 2 == 0)
			(void)WENT(worker, SCardDisconnect(card, SCARD_LEAVE_CARD));
		(void)WENT(worker, SCardReleaseContext(context));
	}
	return NULL;
}

static void
own_contexts(void)
{
	run(own_context, 0, 0);
}

/* Half of the threads wait, the others cancel until all waits have ended. */
static atomic_uint waiting;

static void *
wait_or_cancel(void *data)
{
	struct worker *worker = data;
	SCARD_READERSTATEA state = { .szReader = fixture_reader(),
		.dwCurrentState = SCARD_STATE_PRESENT };
	LONG code;

	(void)pthread_barrier_wait(&start);
	if (worker->number % 2 == 0) {
		code = SCardGetStatusChangeA(worker->context, INFINITE, &state, 1);
		atomic_fetch_sub(&waiting, 1);
		(void)went(worker, "SCardGetStatusChangeA",
		    code == SCARD_E_CANCELLED ? SCARD_S_SUCCESS : code);
	} else {
		while (atomic_load(&waiting) > 0)
			(void)WENT(worker, SCardCancel(worker->context));
	}
	return NULL;
}

static void
cancels(void)
{
	SCARDCONTEXT context = fixture_context();

	atomic_store(&waiting, THREADS / 2);
	run(wait_or_cancel, context, 0);
	OK(SCardReleaseContext(context));
}

/* All but the first use a context that the first one releases. */
static void *
use_or_release(void *data)
{
	struct worker *worker = data;
	SCARD_READERSTATEA state = { .szReader = fixture_reader(),
		.dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE };
	LONG code = SCARD_S_SUCCESS;

	(void)pthread_barrier_wait(&start);
	if (worker->number == 0) {
		(void)WENT(worker, SCardReleaseContext(worker->context));
		return NULL;
	}
	while (code == SCARD_S_SUCCESS) {
		SCARDHANDLE card;
		char *block = NULL;
		DWORD length = SCARD_AUTOALLOCATE;

		if (worker->number % 2 == 0) {
			code = SCardListReadersA(worker->context, NULL, (LPSTR)&block, &length);
		} else {
			code = SCardConnectA(worker->context, fixture_reader(), SCARD_SHARE_SHARED,
			    SCARD_PROTOCOL_Tx, &card, NULL);
			if (code == SCARD_S_SUCCESS)
				code = SCardGetStatusChangeA(worker->context, INFINITE, &state, 1);
			if (code == SCARD_S_SUCCESS)
				code = SCardDisconnect(card, SCARD_LEAVE_CARD);
		}
	}
	if (code != ERROR_INVALID_HANDLE && code != SCARD_E_CANCELLED)
		(void)went(worker, "a call on a released context", code);
	return NULL;
}

static void
released(void)
{
	for (int i = 0; i < 10; i++) {
		SCARDCONTEXT context = fixture_context();

		run(use_or_release, context, 0);
		CODE(SCardIsValidContext(context), ERROR_INVALID_HANDLE);
	}
}

static const struct suite_test tests[] = {
	{ "eight threads, each with contexts of its own", own_contexts },
	{ "eight threads on one context", shared_context },
	{ "eight threads on one card handle", shared_handle },
	{ "waits and cancels on one context", cancels },
	{ "a context released under seven threads", released },
};

int
main(void)
{
	return fixture_run("winscard_threads", tests, sizeof tests / sizeof tests[0]);
}
