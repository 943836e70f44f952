/* SPDX-License-Identifier: BSD-2-Clause */
/* Transactions: who waits, who goes next, how they nest, and all the ways in which they end. */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "rm/engine/private.h"

#define NAME "ACME 1"
#define ANY SCARD_PROTOCOL_Tx
#define CLIENTS 5u

struct stage {
	struct client client[CLIENTS];
	SCARDHANDLE card[CLIENTS];
	ULONG reader;
};

static struct stage
stage_begin(enum rm_dialect dialect)
{
	struct stage stage;

	fixture_begin();
	stage.reader = fixture_reader_with_card(NAME);
	for (unsigned i = 0; i < CLIENTS; i++) {
		stage.client[i] = client_new(dialect);
		stage.card[i] = do_connect_shared(&stage.client[i], NAME);
	}
	return stage;
}

static void
stage_end(struct stage *stage)
{
	for (unsigned i = 0; i < CLIENTS; i++)
		client_free(&stage->client[i]);
	fixture_end();
}

static LONG
begin(struct stage *stage, unsigned i)
{
	return do_begin(&stage->client[i], stage->card[i]);
}

static LONG
end(struct stage *stage, unsigned i, uint32_t disposition)
{
	return do_end(&stage->client[i], stage->card[i], disposition);
}

static LONG
transmit(struct stage *stage, unsigned i)
{
	return do_transmit(&stage->client[i], stage->card[i]);
}

/* The first waits for nobody, the others get in one after another, in the order they came. */
static void
first_come_first_served(void)
{
	struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
	struct call calls[CLIENTS];

	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	for (unsigned i = 1; i < CLIENTS; i++) {
		call_begin(&calls[i], stage.card[i]);
		CU_ASSERT_FALSE(call_start(&stage.client[i], &calls[i]));
	}
	for (unsigned i = 1; i < CLIENTS; i++) {
		CODE(transmit(&stage, i - 1), SCARD_S_SUCCESS);
		for (unsigned k = i; k < CLIENTS; k++)
			SUITE_EQUAL_INT(calls[k].done, 0);
		CODE(end(&stage, i - 1, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(calls[i].done, 1);
		CODE(calls[i].result, SCARD_S_SUCCESS);
	}
	CODE(end(&stage, CLIENTS - 1, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	stage_end(&stage);
}

/* Everything that uses the card waits; list and look do not. */
static void
others_wait(void)
{
	struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
	struct call calls[6];
	struct client more = client_new(RM_DIALECT_WINDOWS);
	struct client *const owner[] = { &stage.client[1], &more, &stage.client[1],
		&stage.client[2], &stage.client[3], &stage.client[4] };
	struct rm_reader_state state;
	char message[RM_MESSAGE_SIZE], *list;
	size_t length;

	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	call_transmit(&calls[0], stage.card[1]);
	call_connect(&calls[1], &more, NAME, SCARD_SHARE_SHARED);
	calls[2] = (struct call){ .request = { .operation = RM_STATUS, .card = stage.card[1] } };
	calls[3] = (struct call){ .request = { .operation = RM_RECONNECT,
				      .card = stage.card[2],
				      .share_mode = SCARD_SHARE_SHARED,
				      .protocols = ANY } };
	calls[4] = (struct call){ .request = { .operation = RM_DISCONNECT,
				      .card = stage.card[3],
				      .disposition = SCARD_RESET_CARD } };
	calls[5] = (struct call){ .request = { .operation = RM_GET_ATTRIBUTE,
				      .card = stage.card[4],
				      .code = SCARD_ATTR_ATR_STRING } };
	for (unsigned i = 0; i < 6; i++)
		CU_ASSERT_FALSE(call_start(owner[i], &calls[i]));
	CODE(look(&more, NAME, SCARD_STATE_UNAWARE, &state), SCARD_S_SUCCESS);
	CODE(rm_list_readers(more.session, more.context, NULL, &list, &length, message),
	    SCARD_S_SUCCESS);
	free(list);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	for (unsigned i = 0; i < 6; i++)
		SUITE_EQUAL_INT(calls[i].done, 1);
	CODE(calls[0].result, SCARD_S_SUCCESS);
	CODE(calls[1].result, SCARD_S_SUCCESS);
	CODE(calls[4].result, SCARD_S_SUCCESS);
	/* It came after the reset. */
	CODE(calls[5].result, SCARD_W_RESET_CARD);
	client_free(&more);
	stage_end(&stage);
}

/* Those that do not wait for a transaction are told so; a free reader is theirs. */
static void
impatient(void)
{
	struct stage stage = stage_begin(RM_DIALECT_PCSCLITE);
	struct call calls[4];

	for (unsigned round = 0; round < 2; round++) {
		call_transmit(&calls[0], stage.card[1]);
		call_connect(&calls[1], &stage.client[1], NAME, SCARD_SHARE_SHARED);
		calls[2] =
		    (struct call){ .request = { .operation = RM_STATUS, .card = stage.card[1] } };
		call_begin(&calls[3], stage.card[1]);
		for (unsigned i = 0; i < 4; i++) {
			calls[i].request.impatient = true;
			CODE(call_run(&stage.client[1], &calls[i]),
			    round == 0 ? SCARD_S_SUCCESS : SCARD_E_SHARING_VIOLATION);
		}
		if (round == 0) {
			CODE(end(&stage, 1, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
			CODE(begin(&stage, 0), SCARD_S_SUCCESS);
		}
	}
	SAYS(calls[3].request.message, NAME, "in a transaction", NULL);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	stage_end(&stage);
}

/* The reader is busy; then somebody begins. Whether the request says so itself or its dialect does.
 */
static void
told_in_line(enum rm_dialect dialect, bool impatient_itself)
{
	struct stage stage = stage_begin(dialect);
	struct call busy, later, told;
	struct rm_request *turn;

	call_transmit(&busy, stage.card[0]);
	turn = call_submit(&stage.client[0], &busy);
	CU_ASSERT_PTR_EQUAL_FATAL(turn, &busy.request);
	call_begin(&later, stage.card[2]);
	CU_ASSERT_FALSE(call_start(&stage.client[2], &later));
	told = (struct call){ .request = { .operation = RM_STATUS,
				  .card = stage.card[1],
				  .impatient = impatient_itself } };
	CU_ASSERT_FALSE(call_start(&stage.client[1], &told));
	while (turn != NULL)
		turn = rm_request_run(turn);
	CODE(busy.result, SCARD_S_SUCCESS);
	CODE(later.result, SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(told.done, 1);
	CODE(told.result, SCARD_E_SHARING_VIOLATION);
	CODE(end(&stage, 2, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	stage_end(&stage);
}

static void
impatient_in_line(void)
{
	told_in_line(RM_DIALECT_PCSCLITE, true);
	told_in_line(RM_DIALECT_PCSCLITE_IMPATIENT, false);
}

static void
nesting(enum rm_dialect dialect)
{
	struct stage stage = stage_begin(dialect);
	struct call other;

	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	call_begin(&other, stage.card[1]);
	CU_ASSERT_FALSE(call_start(&stage.client[1], &other));
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(other.done, 0);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(other.done, 1);
	CODE(other.result, SCARD_S_SUCCESS);
	CODE(end(&stage, 1, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	stage_end(&stage);
}

static void
nested(void)
{
	nesting(RM_DIALECT_WINDOWS);
	nesting(RM_DIALECT_PCSCLITE);
}

static void
end_without_begin(void)
{
	struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
	struct call call = { .request = { .operation = RM_END, .card = stage.card[0] } };

	CODE(call_run(&stage.client[0], &call), SCARD_E_NOT_TRANSACTED);
	SAYS(call.request.message, NAME, "SCardBeginTransaction");
	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	CODE(end(&stage, 0, 4), SCARD_E_INVALID_VALUE);
	CODE(end(&stage, 1, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	stage_end(&stage);
}

/* Whoever waits while the holder resets the card is told, and holds nothing. */
static void
reset_at_the_end(void)
{
	struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
	struct call other;

	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	call_begin(&other, stage.card[1]);
	CU_ASSERT_FALSE(call_start(&stage.client[1], &other));
	CODE(end(&stage, 0, SCARD_RESET_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(other.done, 1);
	CODE(other.result, SCARD_W_RESET_CARD);
	SAYS(other.request.message, NAME, "SCardReconnect");
	CODE(transmit(&stage, 0), SCARD_S_SUCCESS);
	CODE(do_reconnect(
		 &stage.client[1], stage.card[1], SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS);
	CODE(begin(&stage, 1), SCARD_S_SUCCESS);
	CODE(end(&stage, 1, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	stage_end(&stage);
}

/* Each way in which a holder can go lets the next one in. */
enum ending {
	DISCONNECTED,
	RECONNECTED,
	RELEASED,
	DIED,
	CARD_REMOVED,
	READER_REMOVED,
	READER_BROKEN,
	ENDINGS
};

static void
end_by(struct stage *stage, enum ending ending)
{
	switch (ending) {
	case DISCONNECTED:
		CODE(do_disconnect(&stage->client[0], stage->card[0], SCARD_LEAVE_CARD),
		    SCARD_S_SUCCESS);
		break;
	case RECONNECTED:
		CODE(do_reconnect(&stage->client[0], stage->card[0], SCARD_SHARE_SHARED, ANY,
			 SCARD_LEAVE_CARD, NULL),
		    SCARD_S_SUCCESS);
		break;
	case RELEASED:
		CODE(rm_context_release(stage->client[0].session, stage->client[0].context),
		    SCARD_S_SUCCESS);
		break;
	case DIED:
		client_free(&stage->client[0]);
		stage->client[0] = client_new(RM_DIALECT_WINDOWS);
		break;
	case CARD_REMOVED:
		fixture_remove(stage->reader);
		break;
	case READER_REMOVED:
		SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, stage->reader), S_OK);
		break;
	default:
		(void)ITestDriverControl_BreakReader(control, stage->reader);
		CODE(transmit(stage, 0), SCARD_E_READER_UNAVAILABLE);
		break;
	}
	fixture_settle();
}

static void
every_ending(void)
{
	static const LONG expected[ENDINGS] = {
		[DISCONNECTED] = SCARD_S_SUCCESS,
		[RECONNECTED] = SCARD_S_SUCCESS,
		[RELEASED] = SCARD_W_RESET_CARD,
		[DIED] = SCARD_W_RESET_CARD,
		[CARD_REMOVED] = SCARD_W_REMOVED_CARD,
		[READER_REMOVED] = SCARD_E_READER_UNAVAILABLE,
		[READER_BROKEN] = SCARD_E_READER_UNAVAILABLE,
	};

	for (unsigned i = 0; i < ENDINGS; i++) {
		struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
		struct call other;

		CODE(begin(&stage, 0), SCARD_S_SUCCESS);
		call_begin(&other, stage.card[1]);
		CU_ASSERT_FALSE(call_start(&stage.client[1], &other));
		end_by(&stage, (enum ending)i);
		SUITE_EQUAL_INT(other.done, 1);
		if (!CODE(other.result, expected[i]))
			printf("# ending %u\n", i);
		stage_end(&stage);
	}
}

static void
waiting_requests_of_the_dead(void)
{
	struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
	struct client dying = client_new(RM_DIALECT_WINDOWS);
	struct call calls[2];

	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	call_connect(&calls[0], &dying, NAME, SCARD_SHARE_SHARED);
	CU_ASSERT_FALSE(call_start(&dying, &calls[0]));
	call_begin(&calls[1], stage.card[1]);
	CU_ASSERT_FALSE(call_start(&stage.client[1], &calls[1]));
	client_free(&dying);
	SUITE_EQUAL_INT(calls[0].done, 1);
	CODE(calls[0].result, SCARD_E_CANCELLED);
	/* A host may take a request out of line, once. */
	CU_ASSERT_TRUE(rm_request_cancel(&calls[1].request, SCARD_E_TIMEOUT));
	SUITE_EQUAL_INT(calls[1].done, 1);
	CODE(calls[1].result, SCARD_E_TIMEOUT);
	CU_ASSERT_FALSE(rm_request_cancel(&calls[1].request, SCARD_E_TIMEOUT));
	SUITE_EQUAL_INT(calls[1].done, 1);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(begin(&stage, 2), SCARD_S_SUCCESS);
	CODE(end(&stage, 2, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	stage_end(&stage);
}

/* A limit of no time at all: whoever looks finds that it has passed. */
static void
idle_transaction(void)
{
	struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
	struct call other;

	rm_engine_set_times(engine, 0, RM_POLL_INTERVAL_MS);
	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	CU_ASSERT_NOT_EQUAL(fixture_alarm(), 0);
	call_begin(&other, stage.card[1]);
	CU_ASSERT_FALSE(call_start(&stage.client[1], &other));
	fixture_ring();
	SUITE_EQUAL_INT(other.done, 1);
	CODE(other.result, SCARD_W_RESET_CARD);
	CODE(transmit(&stage, 0), SCARD_W_RESET_CARD);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_W_RESET_CARD);
	CODE(do_reconnect(
		 &stage.client[0], stage.card[0], SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	stage_end(&stage);
}

/* Activity keeps it alive: the alarm finds time left and is set again for the rest. */
static void
active_transaction(void)
{
	struct stage stage = stage_begin(RM_DIALECT_WINDOWS);
	uint64_t first, second;

	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	first = fixture_alarm();
	CU_ASSERT_TRUE(first > rm_deadline(RM_IDLE_TRANSACTION_MS - 2000));
	CU_ASSERT_TRUE(first <= rm_deadline(RM_IDLE_TRANSACTION_MS));
	CODE(transmit(&stage, 0), SCARD_S_SUCCESS);
	fixture_ring();
	second = fixture_alarm();
	CU_ASSERT_TRUE(second > first);
	CODE(transmit(&stage, 0), SCARD_S_SUCCESS);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	/* Nothing to watch any more: it rings once and is not set again. */
	fixture_ring();
	SUITE_EQUAL_INT(fixture_alarm(), 0);
	stage_end(&stage);
}

static void
no_limit_in_pcsclite(void)
{
	struct stage stage = stage_begin(RM_DIALECT_PCSCLITE);

	rm_engine_set_times(engine, 0, RM_POLL_INTERVAL_MS);
	CODE(begin(&stage, 0), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(fixture_alarm(), 0);
	fixture_ring();
	CODE(transmit(&stage, 0), SCARD_S_SUCCESS);
	CODE(end(&stage, 0, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	stage_end(&stage);
}

static bool
is_powered(struct client *client)
{
	struct rm_reader_state state;

	CODE(look(client, "unused", SCARD_STATE_UNAWARE, &state), SCARD_S_SUCCESS);
	return (state.event & SCARD_STATE_UNPOWERED) == 0;
}

/* Whose dialect is that of the last who leaves decides, and only when nobody comes meanwhile. */
static void
unused_card(void)
{
	struct client windows, pcsclite;
	SCARDHANDLE first, last;

	fixture_begin();
	(void)fixture_reader_with_card("unused");
	windows = client_new(RM_DIALECT_WINDOWS);
	pcsclite = client_new(RM_DIALECT_PCSCLITE);
	rm_engine_set_times(engine, 0, RM_POLL_INTERVAL_MS);
	first = do_connect_shared(&pcsclite, "unused");
	last = do_connect_shared(&windows, "unused");
	CODE(do_disconnect(&pcsclite, first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_disconnect(&windows, last, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(fixture_alarm(), 0);
	fixture_ring();
	CU_ASSERT_TRUE(is_powered(&windows));
	/* Left by pcsc-lite, and connected to before the time is over. */
	first = do_connect_shared(&pcsclite, "unused");
	CODE(do_disconnect(&pcsclite, first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CU_ASSERT_NOT_EQUAL(fixture_alarm(), 0);
	last = do_connect_shared(&windows, "unused");
	fixture_ring();
	CU_ASSERT_TRUE(is_powered(&windows));
	CODE(do_transmit(&windows, last), SCARD_S_SUCCESS);
	CODE(do_disconnect(&windows, last, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	fixture_ring();
	CU_ASSERT_TRUE(is_powered(&windows));
	/* And not connected to. */
	first = do_connect_shared(&pcsclite, "unused");
	CODE(do_disconnect(&pcsclite, first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CU_ASSERT_NOT_EQUAL(fixture_alarm(), 0);
	fixture_ring();
	CU_ASSERT_FALSE(is_powered(&windows));
	SUITE_EQUAL_INT(fixture_alarm(), 0);
	last = do_connect_shared(&windows, "unused");
	CU_ASSERT_TRUE(is_powered(&windows));
	CODE(do_transmit(&windows, last), SCARD_S_SUCCESS);
	/* A context that is released leaves as well. */
	CODE(do_disconnect(&windows, last, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	(void)do_connect_shared(&pcsclite, "unused");
	client_free(&pcsclite);
	fixture_ring();
	CU_ASSERT_FALSE(is_powered(&windows));
	client_free(&windows);
	fixture_end();
}

/* Two readers that share one line: a transaction on one does not keep others from the other. */
static void
serial_group(void)
{
	struct client one, two;
	SCARDHANDLE first, second;
	ULONG readers[2];
	struct call other;

	fixture_begin();
	for (unsigned i = 0; i < 2; i++) {
		SUITE_EQUAL_HEX(ITestDriverControl_AddReader(
				    control, i == 0 ? "slot 0" : "slot 1", 7, 0, &readers[i]),
		    S_OK);
		fixture_settle();
		fixture_insert(readers[i]);
	}
	one = client_new(RM_DIALECT_WINDOWS);
	two = client_new(RM_DIALECT_WINDOWS);
	first = do_connect_shared(&one, "slot 0");
	second = do_connect_shared(&two, "slot 1");
	CODE(do_begin(&one, first), SCARD_S_SUCCESS);
	call_connect(&other, &two, "slot 0", SCARD_SHARE_SHARED);
	CU_ASSERT_FALSE(call_start(&two, &other));
	CODE(do_transmit(&two, second), SCARD_S_SUCCESS);
	CODE(do_begin(&two, second), SCARD_S_SUCCESS);
	CODE(do_transmit(&one, first), SCARD_S_SUCCESS);
	CODE(do_end(&one, first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(other.done, 1);
	CODE(do_end(&two, second, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	client_free(&one);
	client_free(&two);
	fixture_end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "first come, first served", first_come_first_served },
		{ "others wait, lists and looks do not", others_wait },
		{ "the impatient are told", impatient },
		{ "also of a transaction that begins while they are in line", impatient_in_line },
		{ "transactions nest, in both dialects", nested },
		{ "an end without a beginning", end_without_begin },
		{ "a reset at the end is told to those who wait", reset_at_the_end },
		{ "every ending lets the next one in", every_ending },
		{ "waiting requests end with their client, or are taken out",
		    waiting_requests_of_the_dead },
		{ "an idle transaction ends by a reset", idle_transaction },
		{ "a card that nobody uses loses its power", unused_card },
		{ "activity keeps a transaction alive", active_transaction },
		{ "the pcsc-lite dialect has no limit", no_limit_in_pcsclite },
		{ "readers of a serial group", serial_group },
	};

	return fixture_main("engine_transaction", tests, sizeof tests / sizeof tests[0]);
}
