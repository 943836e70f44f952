/* SPDX-License-Identifier: BSD-2-Clause */
/* Many threads: a card serves them in order, and clients may die at any point. */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#define A "reader A"
#define ANY SCARD_PROTOCOL_Tx
#define THREADS 8u

/*
 * The order: requests of eight threads, put in line one after another by this one, so that it is
 * known; each thread works when its turn comes.
 */
struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	unsigned number;
	struct client client;
	SCARDHANDLE card;
	struct rm_request request;
	bool turn, done;
	LONG result;
};
static unsigned order[THREADS], served;

static void
worker_done(struct rm_request *request, LONG result)
{
	struct worker *worker = request->owner;

	(void)pthread_mutex_lock(&worker->lock);
	worker->result = result;
	worker->done = true;
	(void)pthread_cond_signal(&worker->wake);
	(void)pthread_mutex_unlock(&worker->lock);
}

static void
worker_give_turn(struct rm_request *request)
{
	struct worker *worker;

	if (request == NULL)
		return;
	worker = request->owner;
	(void)pthread_mutex_lock(&worker->lock);
	worker->turn = true;
	(void)pthread_cond_signal(&worker->wake);
	(void)pthread_mutex_unlock(&worker->lock);
}

/* Runs the worker's request when its turn comes. */
static void
worker_await(struct worker *worker)
{
	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->turn && !worker->done)
		(void)pthread_cond_wait(&worker->wake, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	if (!worker->done)
		worker_give_turn(rm_request_run(&worker->request));
}

static void
worker_submit(struct worker *worker, enum rm_operation operation)
{
	struct rm_request *next;

	worker->turn = worker->done = false;
	worker->request = (struct rm_request){
		.operation = operation, .card = worker->card, .done = worker_done, .owner = worker
	};
	next = rm_submit(worker->client.session, &worker->request);
	worker_give_turn(next);
}

static void *
worker_main(void *data)
{
	struct worker *worker = data;

	worker_await(worker);
	order[served++] = worker->number;
	worker_submit(worker, RM_END);
	worker_await(worker);
	return NULL;
}

static void
first_in_first_out(void)
{
	struct worker workers[THREADS];
	struct client holder;
	SCARDHANDLE card;

	fixture_begin();
	(void)fixture_reader_with_card(A);
	holder = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&holder, A);
	CODE(do_begin(&holder, card), SCARD_S_SUCCESS);
	served = 0;
	for (unsigned i = 0; i < THREADS; i++) {
		struct worker *worker = &workers[i];

		*worker = (struct worker){ .lock = PTHREAD_MUTEX_INITIALIZER,
			.wake = PTHREAD_COND_INITIALIZER,
			.client = client_new(RM_DIALECT_WINDOWS) };
	}
	CODE(do_end(&holder, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	for (unsigned i = 0; i < THREADS; i++)
		workers[i].card = do_connect_shared(&workers[i].client, A);
	CODE(do_begin(&holder, card), SCARD_S_SUCCESS);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i].number = i;
		worker_submit(&workers[i], RM_BEGIN);
		if (pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]) != 0)
			abort();
	}
	{
		struct call end = { .request = { .operation = RM_END, .card = card } };
		struct rm_request *next;

		end.request.done = worker_done;
		end.request.owner = &(struct worker){ .lock = PTHREAD_MUTEX_INITIALIZER,
			.wake = PTHREAD_COND_INITIALIZER };
		next = rm_submit(holder.session, &end.request);
		CU_ASSERT_PTR_EQUAL(next, &end.request);
		worker_give_turn(rm_request_run(next));
	}
	for (unsigned i = 0; i < THREADS; i++)
		(void)pthread_join(workers[i].thread, NULL);
	for (unsigned i = 0; i < THREADS; i++) {
		SUITE_EQUAL_INT(order[i], i);
		CODE(workers[i].result, SCARD_S_SUCCESS);
		client_free(&workers[i].client);
	}
	client_free(&holder);
	fixture_end();
}

/* A client dies while one of its calls is inside the driver; each call, and what it leaves. */
static void
death_inside_the_driver(void)
{
	static const struct {
		enum rm_operation operation;
		TESTDRIVER_CALL call;
		uint32_t disposition;
		LONG result; /* what is reported to nobody any more */
	} rows[] = {
		{ RM_CONNECT, TESTDRIVER_POWER, 0, SCARD_E_CANCELLED },
		{ RM_CONNECT, TESTDRIVER_PROTOCOL, 0, SCARD_E_CANCELLED },
		{ RM_RECONNECT, TESTDRIVER_POWER, SCARD_RESET_CARD, SCARD_E_CANCELLED },
		{ RM_TRANSMIT, TESTDRIVER_TRANSMIT, 0, SCARD_S_SUCCESS },
		{ RM_CONTROL, TESTDRIVER_CONTROL, 0, SCARD_S_SUCCESS },
		{ RM_GET_ATTRIBUTE, TESTDRIVER_GET_ATTRIBUTE, 0, SCARD_S_SUCCESS },
		{ RM_END, TESTDRIVER_POWER, SCARD_RESET_CARD, SCARD_S_SUCCESS },
		{ RM_DISCONNECT, TESTDRIVER_POWER, SCARD_RESET_CARD, SCARD_S_SUCCESS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct elsewhere inside;
		struct client client, next;
		struct call call, begin, waiting;
		SCARDHANDLE card = 0, other = 0;
		uint8_t out[64];
		ULONG reader, before = 0, exchanges = 0;

		fixture_begin();
		reader = fixture_reader_with_card(A);
		client = client_new(RM_DIALECT_WINDOWS);
		next = client_new(RM_DIALECT_WINDOWS);
		if (rows[i].operation != RM_CONNECT) {
			card = do_connect_shared(&client, A);
			other = do_connect_shared(&next, A);
			CODE(do_begin(&client, card), SCARD_S_SUCCESS);
		} else if (rows[i].call == TESTDRIVER_POWER)
			CODE(do_disconnect(
				 &client, do_connect_shared(&client, A), SCARD_UNPOWER_CARD),
			    SCARD_S_SUCCESS);
		call_transmit(&call, card);
		call.request.operation = rows[i].operation;
		call.request.context = client.context;
		call.request.reader_name = A;
		call.request.share_mode = SCARD_SHARE_SHARED;
		call.request.protocols = rows[i].operation == RM_TRANSMIT ? 0 : SCARD_PROTOCOL_Tx;
		call.request.disposition = rows[i].disposition;
		call.request.code = rows[i].operation == RM_CONTROL
		    ? SCARD_CTL_CODE(TESTDRIVER_ECHO)
		    : SCARD_ATTR_VENDOR_IFD_VERSION;
		call.request.out = out;
		call.request.out_length = sizeof out;
		(void)ITestDriverControl_CountExchanges(control, &before);
		(void)ITestDriverControl_Block(control, reader, rows[i].call);
		elsewhere_start(&inside, &client, &call);
		fixture_wait_blocked(reader);
		if (other != 0) {
			call_begin(&begin, other);
			CU_ASSERT_FALSE(call_start(&next, &begin));
			call_transmit(&waiting, card);
			CU_ASSERT_FALSE(call_start(&client, &waiting));
		}
		rm_session_free(client.session);
		if (other != 0) {
			SUITE_EQUAL_INT(waiting.done, 1);
			CODE(waiting.result, SCARD_E_CANCELLED);
		}
		(void)ITestDriverControl_Unblock(control, reader);
		elsewhere_join(&inside);
		fixture_settle();
		SUITE_EQUAL_INT(call.done, 1);
		if (!CODE(call.result, rows[i].result))
			printf("# row %zu\n", i);
		/* One reset is enough. */
		if (rows[i].operation == RM_DISCONNECT) {
			(void)ITestDriverControl_CountExchanges(control, &exchanges);
			SUITE_EQUAL_INT(exchanges, before + 1);
		}
		if (other != 0) {
			SUITE_EQUAL_INT(begin.done, 1);
			CODE(begin.result, SCARD_W_RESET_CARD);
			CODE(do_reconnect(
				 &next, other, SCARD_SHARE_EXCLUSIVE, ANY, SCARD_LEAVE_CARD, NULL),
			    SCARD_S_SUCCESS);
		} else
			CODE(do_connect(&next, A, SCARD_SHARE_EXCLUSIVE, ANY, &other, NULL),
			    SCARD_S_SUCCESS);
		CODE(do_transmit(&next, other), SCARD_S_SUCCESS);
		client_free(&next);
		fixture_end();
	}
}

/* The holder of a transaction, from two threads: its second request passes those who wait. */
static void
holder_passes_those_who_wait(void)
{
	struct elsewhere inside;
	struct client holder, other;
	struct call call, second, begin;
	SCARDHANDLE card, waiting;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(A);
	holder = client_new(RM_DIALECT_PCSCLITE);
	other = client_new(RM_DIALECT_PCSCLITE);
	card = do_connect_shared(&holder, A);
	waiting = do_connect_shared(&other, A);
	CODE(do_begin(&holder, card), SCARD_S_SUCCESS);
	(void)ITestDriverControl_Block(control, reader, TESTDRIVER_TRANSMIT);
	call_transmit(&call, card);
	elsewhere_start(&inside, &holder, &call);
	fixture_wait_blocked(reader);
	call_begin(&begin, waiting);
	CU_ASSERT_FALSE(call_start(&other, &begin));
	call_transmit(&second, card);
	CU_ASSERT_FALSE(call_start(&holder, &second));
	(void)ITestDriverControl_Unblock(control, reader);
	elsewhere_join(&inside);
	fixture_settle();
	SUITE_EQUAL_INT(second.done, 1);
	CODE(second.result, SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(begin.done, 0);
	CODE(do_end(&holder, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(begin.done, 1);
	client_free(&holder);
	client_free(&other);
	fixture_end();
}

/* Whoever comes while a dead client's reset is still to be done waits for it, and gets the card. */
static void
connecting_after_the_dead(void)
{
	struct elsewhere inside;
	struct client dying, next;
	struct call call, connecting;
	SCARDHANDLE card = 0;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(A);
	dying = client_new(RM_DIALECT_WINDOWS);
	next = client_new(RM_DIALECT_WINDOWS);
	CODE(do_connect(&dying, A, SCARD_SHARE_EXCLUSIVE, ANY, &card, NULL), SCARD_S_SUCCESS);
	(void)ITestDriverControl_Block(control, reader, TESTDRIVER_TRANSMIT);
	call_transmit(&call, card);
	elsewhere_start(&inside, &dying, &call);
	fixture_wait_blocked(reader);
	rm_session_free(dying.session);
	call_connect(&connecting, &next, A, SCARD_SHARE_EXCLUSIVE);
	CU_ASSERT_FALSE(call_start(&next, &connecting));
	(void)ITestDriverControl_Unblock(control, reader);
	elsewhere_join(&inside);
	fixture_settle();
	SUITE_EQUAL_INT(connecting.done, 1);
	CODE(connecting.result, SCARD_S_SUCCESS);
	CODE(do_transmit(&next, connecting.request.card), SCARD_S_SUCCESS);
	client_free(&next);
	fixture_end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "first in, first out", first_in_first_out },
		{ "a client dies inside the driver", death_inside_the_driver },
		{ "a holder's own requests pass those who wait", holder_passes_those_who_wait },
		{ "connecting after the dead", connecting_after_the_dead },
	};

	return fixture_main("engine_threads", tests, sizeof tests / sizeof tests[0]);
}
