/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many threads on the embedded engine: a reader that hangs delays nobody else, a card has one user
 * at a time, and everything may be called at once.
 */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "rm/api/embedded.h"

#define A "reader A"
#define B "reader B"
#define ANY SCARD_PROTOCOL_Tx
#define THREADS 8u
#define ROUNDS 200u
#define WAIT_FOREVER 0xFFFFFFFFu

static const struct rm_calls *calls;
static char ignored[RM_CALLS_MESSAGE_SIZE];

/* The embedded engine of this process, with two readers that have cards. */
static ULONG readers[2];

static void
embedded_begin(void)
{
	static bool begun;
	char message[RM_CALLS_MESSAGE_SIZE] = "";
	LONG code = SCARD_S_SUCCESS;

	control = fixture_control();
	(void)ITestDriverControl_Reset(control);
	if (begun)
		return;
	begun = true;
	for (unsigned i = 0; i < 2; i++) {
		(void)ITestDriverControl_AddReader(control, i == 0 ? A : B, 0, 0, &readers[i]);
		(void)ITestDriverControl_InsertCard(
		    control, readers[i], fixture_atr, sizeof fixture_atr, ANY);
	}
	if ((calls = tessera_rm_embedded("test", &code, message)) == NULL) {
		printf("not ok - embedded: %s\n", message);
		exit(1);
	}
}

static void
embedded_end(void)
{
	ULONG overlaps = 1;

	(void)ITestDriverControl_CountOverlaps(control, &overlaps);
	SUITE_EQUAL_INT(overlaps, 0);
	(void)ITestDriverControl_Release(control);
	control = NULL;
}

static SCARDCONTEXT
establish(void)
{
	SCARDCONTEXT context = 0;

	CODE(calls->establish(RM_CALLS_WINDOWS, SCARD_SCOPE_USER, &context, ignored),
	    SCARD_S_SUCCESS);
	return context;
}

static SCARDHANDLE
connect_shared(SCARDCONTEXT context, const char *name)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	SCARDHANDLE card = 0;
	uint32_t active;

	CODE(calls->connect(context, name, SCARD_SHARE_SHARED, ANY, &card, &active, message),
	    SCARD_S_SUCCESS);
	return card;
}

static LONG
transmit(SCARDHANDLE card)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x00 };
	char message[RM_CALLS_MESSAGE_SIZE];
	uint8_t reply[258];
	size_t length = sizeof reply;
	uint32_t protocol;

	return calls->transmit(
	    card, 0, command, sizeof command, reply, &length, &protocol, message);
}

/* A call of the table on a thread of its own. */
struct thread {
	pthread_t thread;
	LONG (*run)(struct thread *thread);
	SCARDCONTEXT context;
	SCARDHANDLE card;
	uint32_t current, event;
	LONG result;
};

static void *
thread_main(void *data)
{
	struct thread *thread = data;

	thread->result = thread->run(thread);
	return NULL;
}

static void
thread_start(struct thread *thread, LONG (*run)(struct thread *))
{
	thread->run = run;
	if (pthread_create(&thread->thread, NULL, thread_main, thread) != 0)
		abort();
}

static LONG
thread_join(struct thread *thread)
{
	(void)pthread_join(thread->thread, NULL);
	return thread->result;
}

static LONG
run_transmit(struct thread *thread)
{
	return transmit(thread->card);
}

static LONG
run_watch(struct thread *thread)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	struct rm_calls_state state = { .name = A, .current = thread->current };
	LONG code = calls->status_change(thread->context, WAIT_FOREVER, &state, 1, -1, message);

	thread->event = state.event;
	return code;
}

/*
 * Reader A hangs in a command. From other threads everything else completes: none of these calls
 * would return before the command if it waited for it.
 */
static void
blocked_reader(void)
{
	struct thread blocked = { .context = 0 }, watching = { .context = 0 };
	struct rm_calls_state states[2] = { { .name = A }, { .name = B } };
	char message[RM_CALLS_MESSAGE_SIZE], *list = NULL;
	SCARDCONTEXT context, other;
	SCARDHANDLE card;
	size_t length = 0;

	embedded_begin();
	context = establish();
	other = establish();
	blocked.card = connect_shared(context, A);
	(void)ITestDriverControl_Block(control, readers[0], TESTDRIVER_TRANSMIT);
	thread_start(&blocked, run_transmit);
	fixture_wait_blocked(readers[0]);

	CODE(calls->list_readers(other, NULL, &list, &length, message), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(length, sizeof A + sizeof B + 1);
	free(list);
	card = connect_shared(other, B);
	for (unsigned i = 0; i < 100; i++)
		CODE(transmit(card), SCARD_S_SUCCESS);
	CODE(calls->begin(card, message), SCARD_S_SUCCESS);
	CODE(calls->end(card, SCARD_RESET_CARD, message), SCARD_S_SUCCESS);
	CODE(calls->status_change(other, 0, states, 2, -1, message), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(states[0].event & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_INUSE | SCARD_STATE_CHANGED);
	/* A card that comes to another reader is powered meanwhile. */
	(void)ITestDriverControl_RemoveCard(control, readers[1]);
	states[0].current = states[0].event;
	states[1].current = SCARD_STATE_EMPTY;
	(void)ITestDriverControl_InsertCard(
	    control, readers[1], fixture_atr, sizeof fixture_atr, ANY);
	CODE(calls->status_change(other, 20000, states, 2, -1, message), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(states[1].event & SCARD_STATE_PRESENT, SCARD_STATE_PRESENT);
	/* Waiting for the hanging reader, and being called off. */
	watching.context = other;
	watching.current = states[0].event & ~(uint32_t)SCARD_STATE_CHANGED;
	thread_start(&watching, run_watch);
	CODE(calls->cancel(context, message), SCARD_S_SUCCESS);
	CODE(calls->disconnect(card, SCARD_LEAVE_CARD, message), SCARD_S_SUCCESS);
	/* Its release ends the watch, whether that has begun already or begins after it. */
	CODE(calls->release(other, message), SCARD_S_SUCCESS);
	(void)thread_join(&watching);
	CU_ASSERT_TRUE(
	    watching.result == SCARD_E_CANCELLED || watching.result == ERROR_INVALID_HANDLE);

	(void)ITestDriverControl_Unblock(control, readers[0]);
	CODE(thread_join(&blocked), SCARD_S_SUCCESS);
	CODE(calls->release(context, message), SCARD_S_SUCCESS);
	embedded_end();
}

/* A card that does not come to an end of its power-up: the other reader is not delayed by it. */
static void
blocked_power(void)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	struct rm_calls_state state = { .name = B };
	SCARDCONTEXT context;
	SCARDHANDLE card;

	embedded_begin();
	context = establish();
	(void)ITestDriverControl_RemoveCard(control, readers[0]);
	(void)ITestDriverControl_Block(control, readers[0], TESTDRIVER_POWER);
	(void)ITestDriverControl_InsertCard(
	    control, readers[0], fixture_atr, sizeof fixture_atr, ANY);
	fixture_wait_blocked(readers[0]);
	for (unsigned i = 0; i < 3; i++) {
		(void)ITestDriverControl_RemoveCard(control, readers[1]);
		(void)ITestDriverControl_InsertCard(
		    control, readers[1], fixture_atr, sizeof fixture_atr, ANY);
		state.current = SCARD_STATE_EMPTY;
		CODE(calls->status_change(context, 20000, &state, 1, -1, message), SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(state.event & 0xFFFF, SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
		card = connect_shared(context, B);
		CODE(transmit(card), SCARD_S_SUCCESS);
		CODE(calls->disconnect(card, SCARD_LEAVE_CARD, message), SCARD_S_SUCCESS);
	}
	(void)ITestDriverControl_Unblock(control, readers[0]);
	CODE(calls->release(context, message), SCARD_S_SUCCESS);
	embedded_end();
}

/* What only the holder of the transaction may touch: a data race if two were inside. */
static struct {
	unsigned inside, rounds;
} kept;

static LONG
run_transactions(struct thread *thread)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	LONG code = SCARD_S_SUCCESS;

	for (unsigned i = 0; i < ROUNDS && code == SCARD_S_SUCCESS; i++) {
		if ((code = calls->begin(thread->card, message)) != SCARD_S_SUCCESS)
			break;
		if (kept.inside++ != 0)
			return SCARD_F_INTERNAL_ERROR;
		code = transmit(thread->card);
		kept.rounds++;
		kept.inside--;
		if (code == SCARD_S_SUCCESS)
			code = calls->end(thread->card, SCARD_LEAVE_CARD, message);
	}
	return code;
}

static void
mutual_exclusion(void)
{
	struct thread threads[THREADS];
	char message[RM_CALLS_MESSAGE_SIZE];
	SCARDCONTEXT context;

	embedded_begin();
	context = establish();
	kept.rounds = 0;
	for (unsigned i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ .card = connect_shared(context, A) };
		thread_start(&threads[i], run_transactions);
	}
	for (unsigned i = 0; i < THREADS; i++)
		CODE(thread_join(&threads[i]), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(kept.rounds, THREADS * ROUNDS);
	CODE(calls->release(context, message), SCARD_S_SUCCESS);
	embedded_end();
}

/* All calls at once, on two readers, while cards come and go. Nothing is expected of the results.
 */
static LONG
run_anything(struct thread *thread)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	const char *name = thread->current % 2 == 0 ? A : B;
	uint32_t active;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct rm_calls_state state = { .name = name };
		struct rm_calls_status status;
		SCARDHANDLE card = 0;
		LONG code = calls->connect(thread->context, name,
		    i % 16 == 0 ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED, ANY, &card, &active,
		    message);

		(void)calls->status_change(thread->context, 0, &state, 1, -1, message);
		if (i % 32 == 31)
			(void)calls->cancel(thread->context, message);
		if (code != SCARD_S_SUCCESS)
			continue;
		if (calls->begin(card, message) == SCARD_S_SUCCESS) {
			(void)transmit(card);
			(void)calls->end(card, i % 8 == 0 ? SCARD_RESET_CARD : 0, message);
		}
		(void)calls->reconnect(
		    card, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, &active, message);
		(void)calls->status(card, &status, message);
		(void)transmit(card);
		CODE(calls->disconnect(card, SCARD_LEAVE_CARD, message), SCARD_S_SUCCESS);
	}
	return SCARD_S_SUCCESS;
}

static void
everything_at_once(void)
{
	struct thread threads[THREADS];
	char message[RM_CALLS_MESSAGE_SIZE];
	SCARDHANDLE card;

	embedded_begin();
	for (unsigned i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ .context = establish(), .current = i };
		thread_start(&threads[i], run_anything);
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		(void)ITestDriverControl_RemoveCard(control, readers[i % 2]);
		(void)ITestDriverControl_InsertCard(
		    control, readers[i % 2], fixture_atr, sizeof fixture_atr, ANY);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		CODE(thread_join(&threads[i]), SCARD_S_SUCCESS);
		CODE(calls->release(threads[i].context, message), SCARD_S_SUCCESS);
	}
	threads[0].context = establish();
	card = connect_shared(threads[0].context, A);
	CODE(transmit(card), SCARD_S_SUCCESS);
	CODE(calls->release(threads[0].context, message), SCARD_S_SUCCESS);
	embedded_end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a reader that hangs delays nobody else", blocked_reader },
		{ "a card that hangs at power-up delays nobody else", blocked_power },
		{ "transactions exclude each other", mutual_exclusion },
		{ "everything at once", everything_at_once },
	};

	return fixture_main("engine_blocking", tests, sizeof tests / sizeof tests[0]);
}
