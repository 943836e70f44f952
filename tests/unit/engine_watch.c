/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for changes: what counts as one, who is woken, what is reported. */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>
#include <string.h>

#include "rm/engine/private.h"

#define NAME "ACME 1"
#define PNP "\\\\?PnP?\\Notification"
#define ANY SCARD_PROTOCOL_Tx
#define EMPTY SCARD_STATE_EMPTY
#define PRESENT SCARD_STATE_PRESENT
#define CHANGED SCARD_STATE_CHANGED
#define INUSE SCARD_STATE_INUSE
#define EXCLUSIVE SCARD_STATE_EXCLUSIVE
#define MUTE SCARD_STATE_MUTE
#define UNKNOWN SCARD_STATE_UNKNOWN
#define UNAVAILABLE SCARD_STATE_UNAVAILABLE
#define IGNORE SCARD_STATE_IGNORE
#define UNPOWERED SCARD_STATE_UNPOWERED
#define ATRMATCH SCARD_STATE_ATRMATCH
#define WIN RM_DIALECT_WINDOWS
#define PCSC RM_DIALECT_PCSCLITE

/* A watch of up to three entries that may be pending. */
struct watching {
	struct rm_watch watch;
	struct rm_reader_state states[3];
	unsigned done;
	LONG result;
};

static void
watch_done(struct rm_watch *watch, LONG result)
{
	struct watching *w = watch->owner;

	w->result = result;
	w->done++;
}

static LONG
watch_start(struct watching *w, struct client *client, size_t count, bool wait)
{
	memset(&w->watch, 0xA5, sizeof w->watch);
	for (size_t i = 0; i < count; i++)
		memset(&w->states[i].own, 0xA5, sizeof w->states[i].own);
	w->watch.context = client->context;
	w->watch.states = w->states;
	w->watch.count = count;
	w->watch.done = watch_done;
	w->watch.owner = w;
	w->done = 0;
	return rm_watch_begin(client->session, &w->watch, wait);
}

/* Waits for one reader. */
static LONG
watch_one(struct watching *w, struct client *client, const char *name, uint32_t current)
{
	w->states[0] = (struct rm_reader_state){ .name = name, .current = current };
	return watch_start(w, client, 1, true);
}

/* Belief against reality, without waiting. `event` is without the counter. */
static void
beliefs(void)
{
	static const struct {
		enum rm_dialect dialect;
		const char *reader;
		uint32_t current;
		LONG result;
		uint32_t event;
	} rows[] = {
		{ WIN, "empty", 0, SCARD_S_SUCCESS, EMPTY | CHANGED },
		{ WIN, "empty", EMPTY, SCARD_E_TIMEOUT, EMPTY },
		{ WIN, "empty", EMPTY | CHANGED, SCARD_E_TIMEOUT, EMPTY },
		{ WIN, "empty", EMPTY | PRESENT | INUSE, SCARD_E_TIMEOUT, EMPTY },
		{ WIN, "empty", PRESENT, SCARD_S_SUCCESS, EMPTY | CHANGED },
		{ WIN, "empty", UNAVAILABLE, SCARD_S_SUCCESS, EMPTY | CHANGED },
		{ WIN, "empty", CHANGED, SCARD_S_SUCCESS, EMPTY | CHANGED },
		{ WIN, "empty", IGNORE, SCARD_S_SUCCESS, IGNORE },
		{ WIN, "card", 0, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ WIN, "card", PRESENT, SCARD_E_TIMEOUT, PRESENT },
		{ WIN, "card", ATRMATCH, SCARD_E_TIMEOUT, PRESENT },
		{ WIN, "card", EMPTY, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ WIN, "card", INUSE, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ WIN, "card", PRESENT | MUTE, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ WIN, "card", PRESENT | UNPOWERED, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ WIN, "CARD", PRESENT, SCARD_E_TIMEOUT, PRESENT },
		{ WIN, "mute", PRESENT, SCARD_S_SUCCESS, PRESENT | MUTE | CHANGED },
		{ WIN, "mute", MUTE, SCARD_E_TIMEOUT, PRESENT | MUTE },
		{ WIN, "used", PRESENT, SCARD_S_SUCCESS, PRESENT | INUSE | CHANGED },
		{ WIN, "used", INUSE, SCARD_E_TIMEOUT, PRESENT | INUSE },
		{ WIN, "held", PRESENT | INUSE, SCARD_S_SUCCESS, PRESENT | EXCLUSIVE | CHANGED },
		{ WIN, "held", EXCLUSIVE, SCARD_E_TIMEOUT, PRESENT | EXCLUSIVE },
		{ WIN, "none", 0, SCARD_S_SUCCESS, UNKNOWN | IGNORE | CHANGED },
		{ WIN, "none", PRESENT, SCARD_S_SUCCESS, UNKNOWN | IGNORE | CHANGED },
		{ WIN, "none", UNKNOWN, SCARD_E_TIMEOUT, UNKNOWN | IGNORE },
		{ WIN, "none", UNKNOWN | IGNORE, SCARD_S_SUCCESS, IGNORE },
		{ WIN, "off", PRESENT, SCARD_S_SUCCESS, PRESENT | UNPOWERED | INUSE | CHANGED },
		{ WIN, "broken", PRESENT, SCARD_S_SUCCESS, UNAVAILABLE | CHANGED },
		{ WIN, "broken", UNAVAILABLE | PRESENT, SCARD_E_TIMEOUT, UNAVAILABLE },
		{ PCSC, "empty", 0, SCARD_S_SUCCESS, EMPTY | CHANGED },
		{ PCSC, "empty", EMPTY, SCARD_E_TIMEOUT, EMPTY },
		{ PCSC, "empty", PRESENT, SCARD_S_SUCCESS, EMPTY | CHANGED },
		{ PCSC, "card", EMPTY, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ PCSC, "card", PRESENT, SCARD_E_TIMEOUT, PRESENT },
		{ PCSC, "card", PRESENT | INUSE, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ PCSC, "card", PRESENT | EXCLUSIVE, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ PCSC, "card", PRESENT | MUTE, SCARD_S_SUCCESS, PRESENT | CHANGED },
		{ PCSC, "mute", PRESENT, SCARD_S_SUCCESS, PRESENT | MUTE | CHANGED },
		{ PCSC, "used", PRESENT, SCARD_E_TIMEOUT, PRESENT | INUSE },
		{ PCSC, "used", PRESENT | EXCLUSIVE, SCARD_S_SUCCESS, PRESENT | INUSE | CHANGED },
		{ PCSC, "held", PRESENT, SCARD_E_TIMEOUT, PRESENT | EXCLUSIVE },
		{ PCSC, "held", PRESENT | INUSE, SCARD_S_SUCCESS, PRESENT | EXCLUSIVE | CHANGED },
		{ PCSC, "off", PRESENT | INUSE, SCARD_E_TIMEOUT, PRESENT | INUSE },
		{ PCSC, "broken", PRESENT, SCARD_S_SUCCESS, UNAVAILABLE | CHANGED },
		{ PCSC, "broken", UNAVAILABLE, SCARD_E_TIMEOUT, UNAVAILABLE },
	};
	struct client clients[2], user;
	SCARDHANDLE card = 0;
	ULONG broken;

	fixture_begin();
	(void)fixture_reader_empty("empty");
	(void)fixture_reader_with_card("card");
	(void)fixture_reader_with_mute_card("mute");
	(void)fixture_reader_with_card("used");
	(void)fixture_reader_with_card("held");
	(void)fixture_reader_with_card("off");
	broken = fixture_reader_with_card("broken");
	user = client_new(WIN);
	clients[WIN] = client_new(WIN);
	clients[PCSC] = client_new(PCSC);
	(void)do_connect_shared(&user, "used");
	CODE(do_connect(&user, "held", SCARD_SHARE_EXCLUSIVE, ANY, &card, NULL), SCARD_S_SUCCESS);
	(void)do_connect_shared(&user, "off");
	CODE(do_disconnect(&user, do_connect_shared(&user, "off"), SCARD_UNPOWER_CARD),
	    SCARD_S_SUCCESS);
	card = do_connect_shared(&user, "broken");
	(void)ITestDriverControl_BreakReader(control, broken);
	CODE(do_transmit(&user, card), SCARD_E_READER_UNAVAILABLE);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rm_reader_state state;

		if (!CODE(look(&clients[rows[i].dialect], rows[i].reader, rows[i].current, &state),
			rows[i].result) ||
		    !SUITE_EQUAL_HEX(state.event & 0xFFFF, rows[i].event))
			printf("# row %zu: %s, belief 0x%X\n", i, rows[i].reader,
			    (unsigned)rows[i].current);
	}
	client_free(&user);
	client_free(&clients[WIN]);
	client_free(&clients[PCSC]);
	fixture_end();
}

/* The counter: one for each movement, compared only when the caller gives one. */
static void
counter(void)
{
	struct rm_reader_state state;
	struct client client;
	uint32_t before;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_empty(NAME);
	client = client_new(WIN);
	CODE(look(&client, NAME, 0, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, EMPTY | CHANGED);
	fixture_insert(reader);
	CODE(look(&client, NAME, EMPTY, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, PRESENT | CHANGED | 1 << 16);
	SUITE_EQUAL_BYTES(state.atr, state.atr_length, FIXTURE_ATR_TEXT);
	before = state.event;
	CODE(look(&client, NAME, before, &state), SCARD_E_TIMEOUT);
	fixture_remove(reader);
	fixture_insert(reader);
	CODE(look(&client, NAME, before, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, PRESENT | CHANGED | 3 << 16);
	CODE(look(&client, NAME, PRESENT, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.event, PRESENT | 3 << 16);
	client_free(&client);
	fixture_end();
}

/* The counter goes round at 65536 without a wrong event. */
static void
counter_wraps(void)
{
	struct rm_reader_state state;
	struct client client;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_empty(NAME);
	client = client_new(WIN);
	for (unsigned i = 0; i < 65536 / 2; i++) {
		fixture_insert(reader);
		fixture_remove(reader);
	}
	CODE(look(&client, NAME, EMPTY, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.event, EMPTY);
	fixture_insert(reader);
	CODE(look(&client, NAME, EMPTY | 0xFFFFu << 16, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, PRESENT | CHANGED | 1 << 16);
	client_free(&client);
	fixture_end();
}

/* A watch ends by what it waits for, and by nothing else. */
static void
woken_only_by_its_own(void)
{
	struct watching a, b, set;
	struct client client;
	ULONG readers[2];

	fixture_begin();
	readers[0] = fixture_reader_empty("A");
	readers[1] = fixture_reader_empty("B");
	client = client_new(WIN);
	SUITE_EQUAL_INT(watch_one(&a, &client, "A", EMPTY), RM_WATCH_PENDING);
	SUITE_EQUAL_INT(watch_one(&b, &client, "B", EMPTY), RM_WATCH_PENDING);
	SUITE_EQUAL_INT(watch_one(&set, &client, PNP, 2 << 16), RM_WATCH_PENDING);
	fixture_insert(readers[1]);
	SUITE_EQUAL_INT(a.done, 0);
	SUITE_EQUAL_INT(set.done, 0);
	SUITE_EQUAL_INT(b.done, 1);
	CODE(b.result, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(b.states[0].event, PRESENT | CHANGED | 1 << 16);
	SUITE_EQUAL_BYTES(b.states[0].atr, b.states[0].atr_length, FIXTURE_ATR_TEXT);
	(void)fixture_reader_empty("C");
	SUITE_EQUAL_INT(a.done, 0);
	SUITE_EQUAL_INT(set.done, 1);
	SUITE_EQUAL_HEX(set.states[0].event, CHANGED | 3 << 16);
	CU_ASSERT_TRUE(rm_watch_end(&a.watch, SCARD_E_TIMEOUT));
	SUITE_EQUAL_INT(a.done, 1);
	CODE(a.result, SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(a.states[0].event, EMPTY);
	CU_ASSERT_FALSE(rm_watch_end(&a.watch, SCARD_E_TIMEOUT));
	SUITE_EQUAL_INT(a.done, 1);
	client_free(&client);
	fixture_end();
}

/* All entries are filled when one has changed. */
static void
several_entries(void)
{
	struct watching w;
	struct client client;
	ULONG reader;

	fixture_begin();
	reader = fixture_reader_empty("A");
	(void)fixture_reader_with_card("B");
	client = client_new(WIN);
	w.states[0] = (struct rm_reader_state){ .name = "A", .current = EMPTY };
	w.states[1] = (struct rm_reader_state){ .name = "B", .current = PRESENT };
	w.states[2] = (struct rm_reader_state){ .name = "A", .current = IGNORE };
	SUITE_EQUAL_INT(watch_start(&w, &client, 3, true), RM_WATCH_PENDING);
	fixture_insert(reader);
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_HEX(w.states[0].event, PRESENT | CHANGED | 1 << 16);
	SUITE_EQUAL_HEX(w.states[1].event, PRESENT | 1 << 16);
	SUITE_EQUAL_BYTES(w.states[1].atr, w.states[1].atr_length, FIXTURE_ATR_TEXT);
	SUITE_EQUAL_HEX(w.states[2].event, IGNORE);
	client_free(&client);
	fixture_end();
}

static void
arguments(void)
{
	struct watching w;
	struct client client, pcsclite;

	fixture_begin();
	client = client_new(WIN);
	pcsclite = client_new(PCSC);
	CODE(watch_start(&w, &client, 0, true), SCARD_S_SUCCESS);
	w.states[0] = (struct rm_reader_state){ .name = NULL };
	CODE(watch_start(&w, &client, 1, true), SCARD_E_INVALID_VALUE);
	w.watch.states = NULL;
	w.watch.count = 1;
	CODE(rm_watch_begin(client.session, &w.watch, true), SCARD_E_INVALID_PARAMETER);
	w.watch.states = w.states;
	w.watch.count = RM_STATES_MAX + 1;
	CODE(rm_watch_begin(client.session, &w.watch, true), SCARD_E_INVALID_PARAMETER);
	w.states[0].name = NAME;
	w.watch.count = 1;
	w.watch.context = 0;
	CODE(rm_watch_begin(client.session, &w.watch, true), ERROR_INVALID_HANDLE);
	CODE(watch_one(&w, &pcsclite, "none", EMPTY), SCARD_E_UNKNOWN_READER);
	SAYS(w.watch.message, "none");
	/* Waiting for a reader that does not exist yet is possible on Windows alone. */
	SUITE_EQUAL_INT(watch_one(&w, &client, "later", UNKNOWN), RM_WATCH_PENDING);
	(void)fixture_reader_empty("later");
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_HEX(w.states[0].event, EMPTY | CHANGED);
	client_free(&client);
	client_free(&pcsclite);
	fixture_end();
}

static void
reader_vanishes(void)
{
	static const uint32_t expected[] = {
		[WIN] = UNKNOWN | IGNORE | CHANGED, [PCSC] = UNKNOWN | UNAVAILABLE | CHANGED
	};

	for (unsigned dialect = 0; dialect < 2; dialect++) {
		struct watching one, set;
		struct client client;
		ULONG reader;

		fixture_begin();
		reader = fixture_reader_empty(NAME);
		client = client_new((enum rm_dialect)dialect);
		SUITE_EQUAL_INT(watch_one(&one, &client, NAME, EMPTY), RM_WATCH_PENDING);
		set.states[0] = (struct rm_reader_state){ .name = PNP,
			.current = dialect == WIN ? 1 << 16 : 0 };
		SUITE_EQUAL_INT(watch_start(&set, &client, 1, true), RM_WATCH_PENDING);
		SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, reader), S_OK);
		fixture_settle();
		SUITE_EQUAL_INT(one.done, 1);
		CODE(one.result, SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(one.states[0].event, expected[dialect]);
		SUITE_EQUAL_INT(set.done, 1);
		SUITE_EQUAL_HEX(set.states[0].event & 0xFFFF, CHANGED);
		client_free(&client);
		fixture_end();
	}
}

/* The entry for the set of readers, in its two manners. */
static void
pnp(void)
{
	struct client windows, pcsclite;
	struct rm_reader_state state;
	uint32_t events;
	ULONG reader;

	fixture_begin();
	windows = client_new(WIN);
	pcsclite = client_new(PCSC);
	CODE(look(&windows, PNP, 0, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.event, 0);
	reader = fixture_reader_with_card(NAME);
	CODE(look(&windows, "\\\\?pnp?\\NOTIFICATION", 0, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, CHANGED | 1 << 16);
	SUITE_EQUAL_INT(state.atr_length, 0);
	CODE(look(&windows, PNP, state.event, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.event, 1 << 16);

	CODE(look(&pcsclite, PNP, 0, &state), SCARD_E_TIMEOUT);
	events = state.event >> 16;
	SUITE_EQUAL_INT(events, 2);
	CODE(look(&pcsclite, PNP, events << 16, &state), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveReader(control, reader), S_OK);
	fixture_settle();
	CODE(look(&pcsclite, PNP, events << 16, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, CHANGED | (events + 1) << 16);
	CODE(look(&windows, PNP, 1 << 16, &state), SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(state.event, CHANGED);
	client_free(&windows);
	client_free(&pcsclite);
	fixture_end();
}

/* Use by others wakes a Windows watch and leaves a pcsc-lite one alone; the end of use wakes both.
 */
static void
use_wakes_by_dialect(void)
{
	struct client windows, pcsclite, user;
	struct watching w, p;
	SCARDHANDLE card;

	fixture_begin();
	(void)fixture_reader_with_card(NAME);
	windows = client_new(WIN);
	pcsclite = client_new(PCSC);
	user = client_new(WIN);
	SUITE_EQUAL_INT(watch_one(&w, &windows, NAME, PRESENT), RM_WATCH_PENDING);
	SUITE_EQUAL_INT(watch_one(&p, &pcsclite, NAME, PRESENT), RM_WATCH_PENDING);
	card = do_connect_shared(&user, NAME);
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_HEX(w.states[0].event, PRESENT | INUSE | CHANGED | 1 << 16);
	SUITE_EQUAL_INT(p.done, 0);
	CU_ASSERT_TRUE(rm_watch_end(&p.watch, SCARD_E_TIMEOUT));
	SUITE_EQUAL_INT(watch_one(&w, &windows, NAME, w.states[0].event), RM_WATCH_PENDING);
	SUITE_EQUAL_INT(watch_one(&p, &pcsclite, NAME, p.states[0].event), RM_WATCH_PENDING);
	CODE(do_disconnect(&user, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_INT(p.done, 1);
	SUITE_EQUAL_HEX(p.states[0].event, PRESENT | CHANGED | 1 << 16);
	client_free(&windows);
	client_free(&pcsclite);
	client_free(&user);
	fixture_end();
}

/* Cancelling ends the watches of one context; nobody else's, and none that comes later. */
static void
cancel(void)
{
	struct client client, other;
	struct watching one, two, foreign;
	SCARDCONTEXT second;

	fixture_begin();
	(void)fixture_reader_empty(NAME);
	client = client_new(WIN);
	other = client_new(WIN);
	CODE(rm_context_new(client.session, WIN, SCARD_SCOPE_SYSTEM, &second), SCARD_S_SUCCESS);
	CODE(rm_context_cancel(client.session, client.context), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(watch_one(&one, &client, NAME, EMPTY), RM_WATCH_PENDING);
	SUITE_EQUAL_INT(watch_one(&foreign, &other, NAME, EMPTY), RM_WATCH_PENDING);
	two.states[0] = (struct rm_reader_state){ .name = NAME, .current = EMPTY };
	SUITE_EQUAL_INT(watch_start(&two, &(struct client){ client.session, second, WIN }, 1, true),
	    RM_WATCH_PENDING);
	CODE(rm_context_cancel(client.session, client.context), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(one.done, 1);
	CODE(one.result, SCARD_E_CANCELLED);
	CU_ASSERT_NOT_EQUAL(one.watch.message[0], '\0');
	SUITE_EQUAL_INT(two.done, 0);
	SUITE_EQUAL_INT(foreign.done, 0);
	CODE(rm_context_release(client.session, second), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(two.done, 1);
	CODE(two.result, SCARD_E_CANCELLED);
	client_free(&other);
	SUITE_EQUAL_INT(foreign.done, 1);
	CODE(foreign.result, SCARD_E_CANCELLED);
	client_free(&client);
	fixture_end();
}

/* A reader that cannot tell is asked, but only while somebody wants to know. */
static void
polled_reader(void)
{
	struct watching w;
	struct client client;
	ULONG reader;

	fixture_begin();
	rm_engine_set_times(engine, RM_IDLE_TRANSACTION_MS, 0);
	SUITE_EQUAL_HEX(
	    ITestDriverControl_AddReader(control, NAME, 0, SCARDREADER_FLAG_POLLED, &reader), S_OK);
	fixture_settle();
	SUITE_EQUAL_INT(fixture_alarm(), 0);
	client = client_new(WIN);
	SUITE_EQUAL_INT(watch_one(&w, &client, NAME, EMPTY), RM_WATCH_PENDING);
	CU_ASSERT_NOT_EQUAL(fixture_alarm(), 0);
	fixture_insert(reader);
	SUITE_EQUAL_INT(w.done, 0);
	fixture_ring();
	SUITE_EQUAL_INT(w.done, 1);
	SUITE_EQUAL_HEX(w.states[0].event, PRESENT | CHANGED | 1 << 16);
	fixture_ring();
	(void)fixture_alarm();
	fixture_ring();
	SUITE_EQUAL_INT(fixture_alarm(), 0);
	/* Whoever connects relies on an answer of that moment. */
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveCard(control, reader), S_OK);
	CODE(do_connect(&client, NAME, SCARD_SHARE_SHARED, ANY, &(SCARDHANDLE){ 0 }, NULL),
	    SCARD_E_NO_SMARTCARD);
	client_free(&client);
	fixture_end();
}

/* All readers at once, with what each dialect makes of them. */
static void
looks_around(void)
{
	struct client client;
	struct rm_seen seen[3];
	struct rm_set set;
	ULONG reader;
	SCARDHANDLE card;

	fixture_begin();
	SUITE_EQUAL_INT(rm_look_around(engine, PCSC, seen, 3, &set), 0);
	SUITE_EQUAL_INT(set.reader_count, 0);
	reader = fixture_reader_with_card(NAME);
	(void)fixture_reader_with_mute_card("ACME 2");
	SUITE_EQUAL_INT(rm_look_around(engine, PCSC, seen, 3, &set), 2);
	SUITE_EQUAL_INT(set.reader_count, 2);
	SUITE_EQUAL_INT(set.reader_events, 3);
	SUITE_EQUAL_STRING(seen[0].name, NAME);
	SUITE_EQUAL_STRING(seen[1].name, "ACME 2");
	SUITE_EQUAL_HEX(seen[0].status, 0x10034);
	SUITE_EQUAL_HEX(seen[1].status, 0x1000C);
	SUITE_EQUAL_HEX(seen[0].event, 0x10000 | PRESENT);
	SUITE_EQUAL_HEX(seen[1].event, 0x10000 | PRESENT | MUTE);
	SUITE_EQUAL_INT(seen[0].view.protocol, 0);
	/* The protocol that the card speaks now, and what is left when it is reset. */
	client = client_new(PCSC);
	CODE(do_connect(&client, NAME, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, &card, NULL),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(rm_look_around(engine, PCSC, seen, 1, &set), 1);
	SUITE_EQUAL_INT(set.reader_count, 2);
	SUITE_EQUAL_INT(seen[0].view.protocol, SCARD_PROTOCOL_T1);
	CU_ASSERT_TRUE(seen[0].view.exclusive);
	CODE(do_disconnect(&client, card, SCARD_RESET_CARD), SCARD_S_SUCCESS);
	(void)rm_look_around(engine, WIN, seen, 1, &set);
	SUITE_EQUAL_INT(seen[0].view.protocol, 0);
	SUITE_EQUAL_INT(seen[0].status, SCARD_NEGOTIABLE);
	fixture_remove(reader);
	(void)rm_look_around(engine, PCSC, seen, 1, &set);
	SUITE_EQUAL_HEX(seen[0].status, 0x20002);
	SUITE_EQUAL_HEX(seen[0].event, 0x20000 | EMPTY);
	client_free(&client);
	fixture_end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "belief against reality", beliefs },
		{ "the counter of movements", counter },
		{ "the counter goes round", counter_wraps },
		{ "a watch is woken by its own readers only", woken_only_by_its_own },
		{ "several entries", several_entries },
		{ "arguments", arguments },
		{ "a reader vanishes while it is watched", reader_vanishes },
		{ "the entry for the set of readers", pnp },
		{ "use by others wakes as the dialect has it", use_wakes_by_dialect },
		{ "cancelling ends the watches of one context", cancel },
		{ "a reader that must be asked", polled_reader },
		{ "a look around", looks_around },
	};

	return fixture_main("engine_watch", tests, sizeof tests / sizeof tests[0]);
}
