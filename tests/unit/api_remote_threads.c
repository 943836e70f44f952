/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many threads on one session: calls do not mix, lanes are shared and given up again, and the
 * daemon's end reaches all who wait. Threads note what they saw, the main one asserts.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/remote.h"
#include "tests/suite.h"
#include "tests/unit/api_remote_daemon.h"

#define THREADS 8
#define MANY 40
#define ROUNDS 100

static struct daemon scardd;
static pthread_barrier_t start;

struct worker {
	pthread_t thread;
	SCARDCONTEXT context;
	SCARDHANDLE card;
	BYTE number;
	LONG code;
};

static SCARDCONTEXT
begin(void)
{
	SCARDCONTEXT context = 0;

	memset(&scardd, 0, sizeof scardd);
	daemon_start(&scardd);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	return context;
}

static void
forget(void)
{
	api_remote_close();
	api_backend_install(NULL);
}

static void
run(struct worker *workers, size_t count, void *(*work)(void *))
{
	for (size_t i = 0; i < count; i++) {
		workers[i].number = (BYTE)i;
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
}

static void
join(struct worker *workers, size_t count, LONG code)
{
	for (size_t i = 0; i < count; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		SUITE_EQUAL_HEX((DWORD)workers[i].code, (DWORD)code);
	}
}

/* Echoes of its own number, in a length of its own. */
static void *
echo(void *data)
{
	struct worker *worker = data;
	BYTE command[64], reply[64];

	memset(command, worker->number, sizeof command);
	for (int i = 0; i < ROUNDS && worker->code == SCARD_S_SUCCESS; i++) {
		DWORD length = sizeof reply, expected = 2 + (DWORD)(i + worker->number) % 60;

		worker->code =
		    SCardTransmit(worker->card, NULL, command, expected, NULL, reply, &length);
		if (worker->code == SCARD_S_SUCCESS &&
		    (length != expected || memcmp(command, reply, length) != 0))
			worker->code = SCARD_F_INTERNAL_ERROR;
	}
	return NULL;
}

static void
echoes(void)
{
	struct worker workers[THREADS] = { { .number = 0 } };
	SCARDCONTEXT context = begin();

	for (size_t i = 0; i < THREADS; i++)
		SUITE_EQUAL_HEX(SCardConnectA(context, "One", 2, 3, &workers[i].card, NULL), 0);
	run(workers, THREADS, echo);
	join(workers, THREADS, SCARD_S_SUCCESS);
	CU_ASSERT(scardd.lanes_most <= 1 + THREADS);
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	forget();
	daemon_stop(&scardd);
}

static void *
establish(void *data)
{
	struct worker *worker = data;

	(void)pthread_barrier_wait(&start);
	worker->code = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &worker->context);
	return NULL;
}

/* The first calls of all threads at once open one session. */
static void
first_calls(void)
{
	struct worker workers[THREADS] = { { .number = 0 } };
	SCARDCONTEXT context = begin();

	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	forget();
	(void)pthread_barrier_init(&start, NULL, THREADS);
	run(workers, THREADS, establish);
	join(workers, THREADS, SCARD_S_SUCCESS);
	(void)pthread_barrier_destroy(&start);
	SUITE_EQUAL_INT(scardd.sessions, 2);
	for (size_t i = 0; i < THREADS; i++)
		SUITE_EQUAL_HEX(SCardReleaseContext(workers[i].context), 0);
	forget();
	daemon_stop(&scardd);
}

static void *
wait_for_card(void *data)
{
	struct worker *worker = data;
	SCARD_READERSTATEA state = { .szReader = "One" };

	worker->code = SCardGetStatusChangeA(worker->context, INFINITE, &state, 1);
	return NULL;
}

/* The last that waits is cancelled; the others go with the daemon. */
static void
all_wait(void)
{
	static struct worker workers[MANY];
	SCARDCONTEXT context = begin();
	unsigned before = daemon_messages(&scardd);

	memset(workers, 0, sizeof workers);
	for (size_t i = 0; i < MANY; i++)
		workers[i].context = context;
	scardd.blocks = WIRE_STATUS_CHANGE;
	run(workers, MANY, wait_for_card);
	/* Each with a lane, of which the first was there. */
	daemon_wait(&scardd, before + MANY + MANY - 1);
	SUITE_EQUAL_HEX(SCardIsValidContext(context), 0);
	daemon_stop(&scardd);
	join(workers, MANY, SCARD_E_SERVICE_STOPPED);
	SUITE_EQUAL_HEX((DWORD)SCardReleaseContext(context), (DWORD)SCARD_E_SERVICE_STOPPED);
	forget();
}

/* A daemon that lies to one and lets the others wait: they are woken all the same. */
static void
wrong_number(struct daemon *daemon, uint16_t number, uint8_t *packet, size_t *length)
{
	(void)daemon;
	(void)length;
	if (number == WIRE_IS_VALID)
		packet[8] = WIRE_CANCEL;
}

static void
lie_wakes(void)
{
	struct worker workers[THREADS] = { { .number = 0 } };
	SCARDCONTEXT context = begin();
	unsigned before = daemon_messages(&scardd);

	for (size_t i = 0; i < THREADS; i++)
		workers[i].context = context;
	scardd.blocks = WIRE_STATUS_CHANGE;
	scardd.spoil = wrong_number;
	run(workers, THREADS, wait_for_card);
	daemon_wait(&scardd, before + THREADS + THREADS - 1);
	SUITE_EQUAL_HEX((DWORD)SCardIsValidContext(context), (DWORD)SCARD_E_SERVICE_STOPPED);
	join(workers, THREADS, SCARD_E_SERVICE_STOPPED);
	SUITE_EQUAL_HEX((DWORD)SCardReleaseContext(context), (DWORD)SCARD_E_SERVICE_STOPPED);
	forget();
	daemon_stop(&scardd);
}

static const struct suite_test tests[] = {
	{ "answers reach who asked", echoes },
	{ "first calls at once open one session", first_calls },
	{ "the daemon's end reaches all who wait", all_wait },
	{ "a lie to one thread ends the session for all", lie_wakes },
};

int
main(void)
{
	return suite_run("api_remote_threads", tests, sizeof tests / sizeof tests[0]);
}
