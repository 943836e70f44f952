/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of the resource manager, seen by those who used it: a scardd that the program starts and
 * stops. The engine in the process has no such end.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/conformance/fixture.h"
#include "tests/conformance/rows.h"
#include "tests/daemon/scardd_process.h"

static struct scardd_process scardd;

static void
start(void)
{
	static const char *const drivers[] = { "softcard", NULL };

	if (!scardd_start(&scardd, drivers))
		exit(1);
}

/* A client of its own that dies with a transaction. */
static _Noreturn void
die_in_transaction(void)
{
	SCARDHANDLE card;

	(void)alarm(30);
	card = fixture_connect(fixture_context());
	_exit(SCardBeginTransaction(card) == SCARD_S_SUCCESS ? 0 : 1);
}

/* Until the death is known the transaction is held, and the other's begin waits. */
static void
holder_dies(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARDHANDLE card = fixture_connect(context);
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		die_in_transaction();
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	SUITE_EQUAL_INT(status, 0);
	CODE(SCardBeginTransaction(card), SCARD_W_RESET_CARD);
	OK(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	OK(SCardBeginTransaction(card));
	OK(SCardReleaseContext(context));
}

struct waiting {
	SCARDCONTEXT context;
	pthread_barrier_t ready;
	bool wide;
};

static void *
wait_until_stopped(void *data)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader(),
		.dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE };
	SCARD_READERSTATEW wide = { .szReader = fixture_reader_wide(),
		.dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE };
	struct waiting *waiting = data;

	(void)pthread_barrier_wait(&waiting->ready);
	/* The same for one that comes to its wait after the stop. */
	if (waiting->wide)
		CODE(SCardGetStatusChangeW(waiting->context, INFINITE, &wide, 1),
		    SCARD_E_SERVICE_STOPPED);
	else
		CODE(SCardGetStatusChangeA(waiting->context, INFINITE, &state, 1),
		    SCARD_E_SERVICE_STOPPED);
	return NULL;
}

static pthread_t
wait_elsewhere(struct waiting *waiting, bool wide)
{
	pthread_t thread;

	*waiting = (struct waiting){ .context = fixture_context(), .wide = wide };
	(void)pthread_barrier_init(&waiting->ready, NULL, 2);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, wait_until_stopped, waiting), 0);
	(void)pthread_barrier_wait(&waiting->ready);
	return thread;
}

static void
stopped(void)
{
	SCARDCONTEXT context = fixture_context(), fresh = 0;
	SCARDHANDLE card = fixture_connect(context), other = 5;
	struct waiting waits[2];
	pthread_t threads[2];
	DWORD length = 0;

	(void)fixture_reader_wide();
	for (size_t i = 0; i < 2; i++)
		threads[i] = wait_elsewhere(&waits[i], i == 1);
	CU_ASSERT_TRUE(scardd_stop(&scardd));
	for (size_t i = 0; i < 2; i++) {
		(void)pthread_join(threads[i], NULL);
		(void)pthread_barrier_destroy(&waits[i].ready);
	}
	CODE(SCardIsValidContext(context), SCARD_E_SERVICE_STOPPED);
	CODE(SCardListReadersA(context, NULL, NULL, &length), SCARD_E_SERVICE_STOPPED);
	CODE(SCardListReadersW(context, NULL, NULL, &length), SCARD_E_SERVICE_STOPPED);
	CODE(SCardListReaderGroupsA(context, NULL, &length), SCARD_E_SERVICE_STOPPED);
	CODE(SCardListReaderGroupsW(context, NULL, &length), SCARD_E_SERVICE_STOPPED);
	CODE(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_E_SERVICE_STOPPED);
	CODE(SCardStatusW(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_E_SERVICE_STOPPED);
	CODE(SCardConnectA(
		 context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &other, NULL),
	    SCARD_E_SERVICE_STOPPED);
	CODE(SCardConnectW(context, fixture_reader_wide(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx,
		 &other, NULL),
	    SCARD_E_SERVICE_STOPPED);
	SUITE_EQUAL_INT(other, 5);
	/* There is none to ask anew. */
	CODE(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &fresh), SCARD_E_NO_SERVICE);
	CODE(SCardListReadersA(0, NULL, NULL, &length), SCARD_E_NO_SERVICE);
	CODE(SCardListReadersW(0, NULL, NULL, &length), SCARD_E_NO_SERVICE);
	for (size_t i = 0; i < 2; i++)
		(void)SCardReleaseContext(waits[i].context);
	(void)SCardReleaseContext(context);
	CODE(SCardIsValidContext(context), ERROR_INVALID_HANDLE);
}

/* What was released and established again works with the next service. */
static void
back(void)
{
	SCARDCONTEXT context;
	DWORD length = 0;

	start();
	context = fixture_context();
	OK(SCardListReadersA(context, NULL, NULL, &length));
	OK(SCardReleaseContext(context));
	CU_ASSERT_TRUE(scardd_stop(&scardd));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a service", start },
		{ "9.20 another's begin waits for the holder's death", holder_dies },
		{ "SCARD_E_SERVICE_STOPPED, SCARD_E_NO_SERVICE", stopped },
		{ "a service again", back },
	};

	return rows_end("winscard_service",
	    suite_run("winscard_service", tests, sizeof tests / sizeof tests[0]));
}
