/* SPDX-License-Identifier: BSD-2-Clause */
/* What drivers announce: readers and cards that come and go, in bursts and at the worst moment. */
#include "tests/unit/engine_fixture.h"

#include <stdlib.h>
#include <string.h>

#define NAME "ACME 1"
#define ANY SCARD_PROTOCOL_Tx
#define EMPTY SCARD_STATE_EMPTY
#define PRESENT SCARD_STATE_PRESENT
#define CHANGED SCARD_STATE_CHANGED

struct watching {
	struct rm_watch watch;
	struct rm_reader_state state;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	unsigned done;
	LONG result;
};

static void
watch_done(struct rm_watch *watch, LONG result)
{
	struct watching *w = watch->owner;

	(void)pthread_mutex_lock(&w->lock);
	w->result = result;
	w->done++;
	(void)pthread_cond_signal(&w->wake);
	(void)pthread_mutex_unlock(&w->lock);
}

static LONG
watch_start(struct watching *w, struct client *client, const char *name, uint32_t current)
{
	*w = (struct watching){ .watch = { .context = client->context,
				    .states = &w->state,
				    .count = 1,
				    .done = watch_done,
				    .owner = w },
		.state = { .name = name, .current = current },
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.wake = PTHREAD_COND_INITIALIZER };
	return rm_watch_begin(client->session, &w->watch, true);
}

/* Movements without anything done between them. */
static void
move(ULONG reader, const char *steps)
{
	for (; *steps != '\0'; steps++)
		SUITE_EQUAL_HEX(*steps == '+' ? ITestDriverControl_InsertCard(control, reader,
						    fixture_atr, sizeof fixture_atr, ANY)
					      : ITestDriverControl_RemoveCard(control, reader),
		    S_OK);
}

/* Whatever comes before the card is powered: the last state shows, and every movement counts. */
static void
bursts(void)
{
	static const struct {
		const char *steps;
		uint32_t event;
	} rows[] = {
		{ "+", PRESENT | 1 << 16 },
		{ "+-", EMPTY | 2 << 16 },
		{ "+-+", PRESENT | 3 << 16 },
		{ "+-+-+-+-", EMPTY | 8 << 16 },
		{ "+-+-+-+-+", PRESENT | 9 << 16 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rm_reader_state state;
		struct client client;
		ULONG reader;

		fixture_begin();
		reader = fixture_reader_empty(NAME);
		client = client_new(RM_DIALECT_WINDOWS);
		move(reader, rows[i].steps);
		fixture_settle();
		CODE(look(&client, NAME, 0, &state), SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(state.event, rows[i].event | CHANGED);
		client_free(&client);
		fixture_end();
	}
}

/* Movements while the card is being powered: its answer belongs to a card that has gone. */
static void
movements_during_power(void)
{
	struct elsewhere powering;
	struct rm_reader_state state;
	struct client client;
	SCARDHANDLE direct = 0;
	ULONG reader, count;

	fixture_begin();
	reader = fixture_reader_empty(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	CODE(do_connect(&client, NAME, SCARD_SHARE_DIRECT, 0, &direct, NULL), SCARD_S_SUCCESS);
	(void)ITestDriverControl_Reset(control);
	(void)ITestDriverControl_Block(control, reader, TESTDRIVER_POWER);
	move(reader, "+");
	elsewhere_start(&powering, NULL, NULL);
	fixture_wait_blocked(reader);
	/* Not shown before its ATR is known, whatever else changes. */
	CODE(do_disconnect(&client, direct, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(look(&client, NAME, EMPTY, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.event, EMPTY);
	move(reader, "-");
	CODE(look(&client, NAME, EMPTY, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.event, EMPTY | 2 << 16);
	move(reader, "+");
	(void)ITestDriverControl_Unblock(control, reader);
	elsewhere_join(&powering);
	fixture_settle();
	CODE(look(&client, NAME, EMPTY, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, PRESENT | CHANGED | 3 << 16);
	SUITE_EQUAL_BYTES(state.atr, state.atr_length, FIXTURE_ATR_TEXT);
	(void)ITestDriverControl_CountExchanges(control, &count);
	SUITE_EQUAL_INT(count, 2);
	client_free(&client);
	fixture_end();
}

/* The card goes while a command runs: watches know at once, the command when it returns. */
static void
removal_during_transmit(void)
{
	struct elsewhere blocked;
	struct watching w;
	struct client client, next;
	struct call call, begin;
	SCARDHANDLE card, other;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	next = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client, NAME);
	other = do_connect_shared(&next, NAME);
	CODE(do_begin(&client, card), SCARD_S_SUCCESS);
	call_begin(&begin, other);
	CU_ASSERT_FALSE(call_start(&next, &begin));
	(void)ITestDriverControl_Block(control, reader, TESTDRIVER_TRANSMIT);
	call_transmit(&call, card);
	elsewhere_start(&blocked, &client, &call);
	fixture_wait_blocked(reader);
	SUITE_EQUAL_INT(
	    watch_start(&w, &next, NAME, PRESENT | SCARD_STATE_INUSE | 1 << 16), RM_WATCH_PENDING);
	move(reader, "-");
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_HEX(w.state.event, EMPTY | CHANGED | 2 << 16);
	move(reader, "+");
	(void)ITestDriverControl_Unblock(control, reader);
	elsewhere_join(&blocked);
	fixture_settle();
	SUITE_EQUAL_INT(call.done, 1);
	CODE(call.result, SCARD_E_NO_SMARTCARD);
	SUITE_EQUAL_INT(begin.done, 1);
	CODE(begin.result, SCARD_W_REMOVED_CARD);
	CODE(do_transmit(&client, card), SCARD_W_REMOVED_CARD);
	CODE(do_end(&client, card, SCARD_LEAVE_CARD), SCARD_W_REMOVED_CARD);
	CODE(do_reconnect(&client, card, SCARD_SHARE_SHARED, ANY, SCARD_LEAVE_CARD, NULL),
	    SCARD_S_SUCCESS);
	CODE(do_transmit(&client, card), SCARD_S_SUCCESS);
	client_free(&client);
	client_free(&next);
	fixture_end();
}

/* The reader goes while a command runs and others wait. */
static void
unplugged_during_transmit(void)
{
	struct elsewhere blocked;
	struct watching w;
	struct client client, next;
	struct call call, wait, connecting;
	SCARDHANDLE card, other;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_PCSCLITE);
	next = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client, NAME);
	other = do_connect_shared(&next, NAME);
	(void)ITestDriverControl_Block(control, reader, TESTDRIVER_TRANSMIT);
	call_transmit(&call, card);
	elsewhere_start(&blocked, &client, &call);
	fixture_wait_blocked(reader);
	call_transmit(&wait, other);
	CU_ASSERT_FALSE(call_start(&next, &wait));
	call_connect(&connecting, &next, NAME, SCARD_SHARE_SHARED);
	CU_ASSERT_FALSE(call_start(&next, &connecting));
	SUITE_EQUAL_INT(
	    watch_start(&w, &next, NAME, PRESENT | SCARD_STATE_INUSE | 1 << 16), RM_WATCH_PENDING);
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, reader), S_OK);
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_HEX(
	    w.state.event, SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE | SCARD_STATE_CHANGED);
	elsewhere_join(&blocked);
	fixture_settle();
	CODE(call.result, SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_INT(wait.done, 1);
	CODE(wait.result, SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_INT(connecting.done, 1);
	CODE(connecting.result, SCARD_E_READER_UNAVAILABLE);
	CODE(do_disconnect(&client, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(do_disconnect(&next, other, SCARD_UNPOWER_CARD), SCARD_S_SUCCESS);
	client_free(&client);
	client_free(&next);
	fixture_end();
}

static char *
list_of_names(struct client *client)
{
	char message[RM_MESSAGE_SIZE], *list = NULL;
	size_t length = 0;
	LONG code =
	    rm_list_readers(client->session, client->context, NULL, &list, &length, message);

	if (code == SCARD_E_NO_READERS_AVAILABLE)
		return calloc(1, 1);
	CODE(code, SCARD_S_SUCCESS);
	for (size_t i = 0; i + 2 < length; i++)
		if (list[i] == '\0')
			list[i] = '|';
	return list;
}

static void
expect_names(struct client *client, const char *expected)
{
	char *names = list_of_names(client);

	SUITE_EQUAL_STRING(names, expected);
	free(names);
}

/* Movements and even the end of a reader before anyone has asked what it is. */
static void
burst_on_arrival(void)
{
	struct rm_reader_state state;
	struct client client;
	ULONG reader, gone;

	fixture_begin();
	client = client_new(RM_DIALECT_WINDOWS);
	SUITE_EQUAL_HEX(ITestDriverControl_AddReader(control, NAME, 0, 0, &reader), S_OK);
	move(reader, "+-+");
	SUITE_EQUAL_HEX(ITestDriverControl_AddReader(control, "fleeting", 0, 0, &gone), S_OK);
	move(gone, "+");
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, gone), S_OK);
	expect_names(&client, "");
	fixture_settle();
	expect_names(&client, NAME);
	CODE(do_connect(&client, "fleeting", SCARD_SHARE_DIRECT, 0, &(SCARDHANDLE){ 0 }, NULL),
	    SCARD_E_UNKNOWN_READER);
	CODE(look(&client, NAME, 0, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, PRESENT | CHANGED | 3 << 16);
	client_free(&client);
	fixture_end();
}

/* Readers that are there when the driver starts are listed, and their cards powered, at once. */
static void
there_at_the_start(void)
{
	struct rm_reader_state state;
	struct client client;
	ITestDriverControl *early = fixture_control();
	ULONG readers[2];

	SUITE_EQUAL_HEX(ITestDriverControl_AddReader(early, "A", 5, 0, &readers[0]), S_OK);
	SUITE_EQUAL_HEX(ITestDriverControl_AddReader(early, "B", 5, 0, &readers[1]), S_OK);
	SUITE_EQUAL_HEX(
	    ITestDriverControl_InsertCard(early, readers[1], fixture_atr, sizeof fixture_atr, ANY),
	    S_OK);
	(void)ITestDriverControl_Release(early);
	fixture_begin();
	client = client_new(RM_DIALECT_WINDOWS);
	expect_names(&client, "A|B");
	CODE(look(&client, "A", 0, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, EMPTY | CHANGED);
	CODE(look(&client, "B", 0, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, PRESENT | CHANGED | 1 << 16);
	SUITE_EQUAL_BYTES(state.atr, state.atr_length, FIXTURE_ATR_TEXT);
	client_free(&client);
	fixture_end();
}

/* Names are unique, without regard to case, and stay while anyone is connected. */
static void
names(void)
{
	char long_name[SCARDREADER_NAME_SIZE];
	struct client client;
	SCARDHANDLE card;
	struct call call;
	ULONG readers[3], other;

	fixture_begin();
	client = client_new(RM_DIALECT_WINDOWS);
	readers[0] = fixture_reader_with_card(NAME);
	readers[1] = fixture_reader_with_card("acme 1");
	readers[2] = fixture_reader_with_card(NAME);
	expect_names(&client, "ACME 1|acme 1 2|ACME 1 3");
	card = do_connect_shared(&client, NAME);
	CODE(do_status(&client, card, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_STRING(call.request.status.name, NAME);
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, readers[0]), S_OK);
	fixture_settle();
	expect_names(&client, "acme 1 2|ACME 1 3");
	(void)fixture_reader_with_card(NAME);
	expect_names(&client, "acme 1 2|ACME 1 3|ACME 1 4");
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, ANY, &(SCARDHANDLE){ 0 }, NULL),
	    SCARD_E_UNKNOWN_READER);
	CODE(do_disconnect(&client, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	other = fixture_reader_with_card(NAME);
	expect_names(&client, "acme 1 2|ACME 1 3|ACME 1 4|ACME 1");
	(void)other;
	client_free(&client);
	fixture_end();

	fixture_begin();
	client = client_new(RM_DIALECT_WINDOWS);
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	(void)fixture_reader_empty("");
	(void)fixture_reader_empty("bad \xff\tname");
	expect_names(&client, "Reader|bad ? name");
	(void)fixture_reader_empty(long_name);
	(void)fixture_reader_empty(long_name);
	(void)do_connect(&client, long_name, SCARD_SHARE_DIRECT, 0, &card, NULL);
	CODE(do_status(&client, card, &call), SCARD_S_SUCCESS);
	SUITE_EQUAL_STRING(call.request.status.name, long_name);
	client_free(&client);
	fixture_end();
}

/* A driver that says "gone" without announcing it: the reader is there, but of no use. */
static void
broken_reader(void)
{
	struct watching w;
	struct rm_reader_state state;
	struct client client;
	SCARDHANDLE card;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client, NAME);
	SUITE_EQUAL_INT(
	    watch_start(&w, &client, NAME, PRESENT | SCARD_STATE_INUSE), RM_WATCH_PENDING);
	(void)ITestDriverControl_BreakReader(control, reader);
	CODE(do_transmit(&client, card), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_HEX(w.state.event, SCARD_STATE_UNAVAILABLE | CHANGED | 1 << 16);
	expect_names(&client, "");
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, ANY, &(SCARDHANDLE){ 0 }, NULL),
	    SCARD_E_READER_UNAVAILABLE);
	CODE(look(&client, NAME, SCARD_STATE_UNAVAILABLE, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, reader), S_OK);
	CODE(look(&client, NAME, SCARD_STATE_UNAVAILABLE, &state), SCARD_S_SUCCESS);
	client_free(&client);
	fixture_end();
}

static void
driver_failures(void)
{
	static const struct {
		const char *name, *settings;
		LONG code;
		const char *says;
	} rows[] = {
		{ "nosuch", NULL, SCARD_E_READER_UNSUPPORTED, "SCardReaderDriver.nosuch" },
		{ "no.such", NULL, SCARD_E_READER_UNSUPPORTED, "comreg list" },
		{ "{00000000-0000-0000-0000-000000000001}", NULL, SCARD_E_READER_UNSUPPORTED,
		    "comreg list" },
		{ "{garbage", NULL, SCARD_E_READER_UNSUPPORTED, "{garbage" },
		{ "", NULL, SCARD_E_READER_UNSUPPORTED, "comreg list" },
		{ "\xff", NULL, SCARD_E_READER_UNSUPPORTED, "comreg list" },
		/* Another class, which is no driver. */
		{ "{DAAA58DF-8A1C-4D9C-A9D5-984F1E6D804B}", NULL, SCARD_E_READER_UNSUPPORTED,
		    "reader driver" },
		{ "test", "refuse", SCARD_E_INVALID_PARAMETER, "the word 'refuse'" },
		{ "test", "absent", SCARD_E_READER_UNAVAILABLE, "test" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char message[RM_MESSAGE_SIZE];
		struct client client;

		fixture_begin();
		(void)ITestDriverControl_Reset(control);
		CODE(rm_engine_start_driver(engine, rows[i].name, rows[i].settings, message),
		    rows[i].code);
		SAYS(message, rows[i].says);
		client = client_new(RM_DIALECT_WINDOWS);
		expect_names(&client, "");
		client_free(&client);
		fixture_end();
	}
}

/* All names by which a driver can be asked for. */
static void
driver_names(void)
{
	static const char *const by[] = { "test", "SCardReaderDriver.test",
		"SCardReaderDriver.test.1", "{EB9AB1E8-7D73-4A3B-875E-93AB8E7585F0}" };

	for (size_t i = 0; i < sizeof by / sizeof by[0]; i++) {
		const struct rm_host host = { 0 };
		struct rm_engine *other = rm_engine_new(&host);
		char message[RM_MESSAGE_SIZE];

		CODE(rm_engine_start_driver(other, by[i], NULL, message), SCARD_S_SUCCESS);
		rm_engine_free(other);
	}
}

/* The drivers stop under clients that are still there. */
static void
stop_under_clients(void)
{
	struct elsewhere blocked;
	struct client client;
	struct call call, wait;
	struct watching w;
	SCARDHANDLE card;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_with_card(NAME);
	client = client_new(RM_DIALECT_WINDOWS);
	card = do_connect_shared(&client, NAME);
	CODE(do_begin(&client, card), SCARD_S_SUCCESS);
	(void)ITestDriverControl_Block(control, reader, TESTDRIVER_TRANSMIT);
	call_transmit(&call, card);
	elsewhere_start(&blocked, &client, &call);
	fixture_wait_blocked(reader);
	call_transmit(&wait, card);
	CU_ASSERT_FALSE(call_start(&client, &wait));
	SUITE_EQUAL_INT(watch_start(&w, &client, NAME, PRESENT | SCARD_STATE_INUSE | 1 << 16),
	    RM_WATCH_PENDING);
	rm_engine_stop(engine);
	elsewhere_join(&blocked);
	fixture_settle();
	SUITE_EQUAL_INT(call.done, 1);
	CU_ASSERT_TRUE(
	    call.result == SCARD_E_CANCELLED || call.result == SCARD_E_READER_UNAVAILABLE);
	CODE(wait.result, SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_INT(w.done, 1);
	CODE(do_transmit(&client, card), SCARD_E_READER_UNAVAILABLE);
	expect_names(&client, "");
	client_free(&client);
	fixture_end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "bursts: the last state shows, every movement counts", bursts },
		{ "movements while the card is powered", movements_during_power },
		{ "the card goes during a command", removal_during_transmit },
		{ "the reader goes during a command", unplugged_during_transmit },
		{ "a burst on arrival", burst_on_arrival },
		{ "readers and cards that are there at the start", there_at_the_start },
		{ "names", names },
		{ "a reader that fails without a word", broken_reader },
		{ "drivers that do not start", driver_failures },
		{ "names of drivers", driver_names },
		{ "drivers stop under clients", stop_under_clients },
	};

	return fixture_main("engine_events", tests, sizeof tests / sizeof tests[0]);
}
