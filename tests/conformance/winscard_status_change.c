/* SPDX-License-Identifier: BSD-2-Clause */
/* SCardGetStatusChange and SCardCancel on a reader whose card stays where it is. */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "tests/conformance/fixture.h"

#define PNP "\\\\?PnP?\\Notification"

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

/* The reader's state as it is. */
static SCARD_READERSTATEA
now(void)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader() };

	OK(SCardGetStatusChangeA(context, 0, &state, 1));
	return state;
}

static void
no_entries(void)
{
	begin();
	OK(SCardGetStatusChangeW(context, 1000, NULL, 0));
	OK(SCardGetStatusChangeA(context, INFINITE, NULL, 0));
	CODE(SCardGetStatusChangeA(context, 0, NULL, 1), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetStatusChangeW(context, 0, NULL, 1), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetStatusChangeA(0, 0, NULL, 0), ERROR_INVALID_HANDLE);
	end();
}

static void
first_look(void)
{
	int mine = 0;
	SCARD_READERSTATEA states[2] = { { .szReader = PNP }, { .szReader = fixture_reader() } };

	begin();
	states[1].cbAtr = 37;
	states[1].pvUserData = &mine;
	memset(states[1].rgbAtr, 0x55, sizeof states[1].rgbAtr);
	OK(SCardGetStatusChangeA(context, INFINITE, states, 2));
	CU_ASSERT(states[1].cbAtr >= 2 && states[1].cbAtr <= 36);
	CU_ASSERT(states[1].rgbAtr[0] == 0x3B || states[1].rgbAtr[0] == 0x3F);
	SUITE_EQUAL_HEX(states[1].dwEventState & 0xFFFF, SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	SUITE_EQUAL_HEX(states[1].dwCurrentState, 0);
	CU_ASSERT_PTR_EQUAL(states[1].pvUserData, &mine);
	/* The pseudo-reader: changed, since there is a reader; no card. */
	SUITE_EQUAL_HEX(states[0].dwEventState & 0xFFFF, SCARD_STATE_CHANGED);
	CU_ASSERT(states[0].dwEventState >> 16 >= 1);
	SUITE_EQUAL_INT(states[0].cbAtr, 0);
	end();
}

static void
pnp_stays(void)
{
	SCARD_READERSTATEA states[2] = { { .szReader = PNP }, { .szReader = fixture_reader() } };

	begin();
	OK(SCardGetStatusChangeA(context, 0, states, 2));
	states[1].dwCurrentState = states[1].dwEventState & ~SCARD_STATE_CHANGED;
	OK(SCardGetStatusChangeA(context, INFINITE, states, 2));
	CU_ASSERT_TRUE(states[0].dwEventState & SCARD_STATE_CHANGED);
	CU_ASSERT_FALSE(states[1].dwEventState & SCARD_STATE_CHANGED);
	/* With the high word given back there is nothing new. */
	states[0].dwCurrentState = states[0].dwEventState & ~SCARD_STATE_CHANGED;
	CODE(SCardGetStatusChangeA(context, 0, states, 2), SCARD_E_TIMEOUT);
	CODE(SCardGetStatusChangeA(context, 0, states, 1), SCARD_E_TIMEOUT);
	end();
}

static void
up_to_date(void)
{
	SCARD_READERSTATEA state;
	DWORD before;

	begin();
	state = now();
	before = state.dwEventState;
	CU_ASSERT_TRUE(before & SCARD_STATE_CHANGED);
	state.dwCurrentState = before & ~SCARD_STATE_CHANGED;
	state.dwEventState = 0x12345678;
	state.cbAtr = 0;
	CODE(SCardGetStatusChangeA(context, 0, &state, 1), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(state.dwEventState, before & ~SCARD_STATE_CHANGED);
	CU_ASSERT(state.cbAtr >= 2);
	/* Whether CHANGED is copied makes no difference. */
	state.dwCurrentState = before;
	CODE(SCardGetStatusChangeA(context, 0, &state, 1), SCARD_E_TIMEOUT);
	end();
}

static void
beliefs(void)
{
	static const struct {
		DWORD current;
		LONG code;
	} cases[] = {
		{ SCARD_STATE_PRESENT, SCARD_E_TIMEOUT },
		{ SCARD_STATE_PRESENT | SCARD_STATE_CHANGED, SCARD_E_TIMEOUT },
		{ SCARD_STATE_PRESENT | SCARD_STATE_ATRMATCH, SCARD_E_TIMEOUT },
		{ SCARD_STATE_ATRMATCH, SCARD_E_TIMEOUT }, /* means PRESENT */
		{ SCARD_STATE_EMPTY, SCARD_S_SUCCESS },
		{ SCARD_STATE_EMPTY | SCARD_STATE_PRESENT, SCARD_S_SUCCESS },
		{ SCARD_STATE_UNAVAILABLE, SCARD_S_SUCCESS },
		{ SCARD_STATE_UNKNOWN, SCARD_S_SUCCESS },
		{ SCARD_STATE_PRESENT | SCARD_STATE_MUTE, SCARD_S_SUCCESS },
		{ SCARD_STATE_PRESENT | SCARD_STATE_INUSE, SCARD_S_SUCCESS },
		{ SCARD_STATE_EXCLUSIVE, SCARD_S_SUCCESS },
		{ SCARD_STATE_PRESENT | 0xFFF00000, SCARD_S_SUCCESS }, /* another counter */
		{ SCARD_STATE_CHANGED, SCARD_S_SUCCESS },
	};

	begin();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		SCARD_READERSTATEA state = { .szReader = fixture_reader(),
			.dwCurrentState = cases[i].current };

		if (!CODE(SCardGetStatusChangeA(context, 0, &state, 1), cases[i].code))
			SUITE_EQUAL_HEX(cases[i].current, 0);
		CU_ASSERT_EQUAL((state.dwEventState & SCARD_STATE_CHANGED) != 0,
		    cases[i].code == SCARD_S_SUCCESS);
		SUITE_EQUAL_HEX(state.dwCurrentState, cases[i].current);
	}
	end();
}

static void
names(void)
{
	SCARD_READERSTATEA states[2] = { { .szReader = "No Such Reader" }, { .szReader = NULL } };
	char longer[300];

	begin();
	OK(SCardGetStatusChangeA(context, INFINITE, states, 1));
	SUITE_EQUAL_HEX(states[0].dwEventState & 0xFFFF,
	    SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE | SCARD_STATE_CHANGED);
	SUITE_EQUAL_INT(states[0].cbAtr, 0);
	/* Changed the first time only. */
	states[0].dwCurrentState = SCARD_STATE_UNKNOWN;
	CODE(SCardGetStatusChangeA(context, 0, states, 1), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(states[0].dwEventState & SCARD_STATE_CHANGED, 0);
	CODE(SCardGetStatusChangeA(context, 0, states, 2), SCARD_E_INVALID_VALUE);
	memset(longer, 'x', sizeof longer);
	longer[sizeof longer - 1] = '\0';
	states[1].szReader = longer;
	CODE(SCardGetStatusChangeA(context, 0, states, 2), SCARD_E_UNKNOWN_READER);
	end();
}

static void
ignored(void)
{
	SCARD_READERSTATEA states[2] = { { .szReader = fixture_reader(),
					     .dwCurrentState = SCARD_STATE_IGNORE },
		{ .szReader = fixture_reader(), .dwCurrentState = SCARD_STATE_PRESENT } };

	begin();
	/* All ignored: nothing to wait for. */
	OK(SCardGetStatusChangeA(context, INFINITE, states, 1));
	SUITE_EQUAL_HEX(states[0].dwEventState, SCARD_STATE_IGNORE);
	/* One ignored: it never contributes a change. */
	CODE(SCardGetStatusChangeA(context, 0, states, 2), SCARD_E_TIMEOUT);
	states[1].dwCurrentState = SCARD_STATE_UNAWARE;
	OK(SCardGetStatusChangeA(context, 0, states, 2));
	SUITE_EQUAL_HEX(states[0].dwEventState, SCARD_STATE_IGNORE);
	CU_ASSERT_TRUE(states[1].dwEventState & SCARD_STATE_CHANGED);
	end();
}

static void
use_bits(void)
{
	SCARDHANDLE card, two;

	begin();
	card = fixture_connect(context);
	two = fixture_connect(context);
	SUITE_EQUAL_HEX(now().dwEventState & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_INUSE | SCARD_STATE_CHANGED);
	OK(SCardDisconnect(two, SCARD_LEAVE_CARD));
	SUITE_EQUAL_HEX(now().dwEventState & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_INUSE | SCARD_STATE_CHANGED);
	OK(SCardReconnect(card, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, SCARD_LEAVE_CARD, NULL));
	SUITE_EQUAL_HEX(now().dwEventState & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE | SCARD_STATE_CHANGED);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	SUITE_EQUAL_HEX(now().dwEventState & 0xFFFF, SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	end();
}

static void
timeout(void)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader(),
		.dwCurrentState = SCARD_STATE_PRESENT };
	struct timespec before, after;
	long long passed;

	begin();
	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	CODE(SCardGetStatusChangeA(context, 200, &state, 1), SCARD_E_TIMEOUT);
	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	passed =
	    (after.tv_sec - before.tv_sec) * 1000LL + (after.tv_nsec - before.tv_nsec) / 1000000LL;
	CU_ASSERT(passed >= 199 && passed < 5000);
	end();
}

struct waiting {
	SCARDCONTEXT context;
	SCARD_READERSTATEA state;
	LONG code;
};

static void *
wait_thread(void *data)
{
	struct waiting *waiting = data;

	waiting->code = SCardGetStatusChangeA(waiting->context, INFINITE, &waiting->state, 1);
	return NULL;
}

static pthread_t
wait_elsewhere(struct waiting *waiting, SCARDCONTEXT owner)
{
	pthread_t thread;

	*waiting = (struct waiting){ .context = owner,
		.state = { .szReader = fixture_reader(), .dwCurrentState = SCARD_STATE_PRESENT },
		.code = -1 };
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, wait_thread, waiting), 0);
	return thread;
}

/*
 * Ends the wait of a thread. Whether it waits already cannot be seen from outside, and a cancel
 * that comes too early does nothing: so it is repeated until the thread has come back.
 */
static void
cancel_until_back(SCARDCONTEXT owner, pthread_t thread)
{
	struct timespec soon;

	do {
		OK(SCardCancel(owner));
		(void)clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_nsec += 20000000;
		if (soon.tv_nsec >= 1000000000) {
			soon.tv_nsec -= 1000000000;
			soon.tv_sec++;
		}
	} while (pthread_timedjoin_np(thread, NULL, &soon) != 0);
}

static void
cancelled(void)
{
	SCARDCONTEXT other = fixture_context();
	struct waiting one, two;
	pthread_t first, second;

	begin();
	first = wait_elsewhere(&one, context);
	second = wait_elsewhere(&two, other);
	cancel_until_back(context, first);
	CODE(one.code, SCARD_E_CANCELLED);
	/* The other context's wait goes on. */
	CU_ASSERT_NOT_EQUAL(pthread_tryjoin_np(second, NULL), 0);
	cancel_until_back(other, second);
	CODE(two.code, SCARD_E_CANCELLED);
	OK(SCardReleaseContext(other));
	end();
}

static void
cancelled_early(void)
{
	SCARD_READERSTATEA state = { .szReader = fixture_reader(),
		.dwCurrentState = SCARD_STATE_PRESENT };

	begin();
	OK(SCardCancel(context));
	CODE(SCardGetStatusChangeA(context, 50, &state, 1), SCARD_E_TIMEOUT);
	end();
}

static void
released(void)
{
	struct waiting one;
	pthread_t thread;

	begin();
	thread = wait_elsewhere(&one, context);
	OK(SCardReleaseContext(context));
	(void)pthread_join(thread, NULL);
	/* Released before the wait had begun: the context was no longer there. */
	CU_ASSERT(one.code == SCARD_E_CANCELLED || one.code == ERROR_INVALID_HANDLE);
}

static void
woken_by_use(void)
{
	struct waiting one;
	pthread_t thread;
	SCARDHANDLE card;

	begin();
	thread = wait_elsewhere(&one, context);
	card = fixture_connect(context);
	(void)pthread_join(thread, NULL);
	CODE(one.code, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(one.state.dwEventState & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_INUSE | SCARD_STATE_CHANGED);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	end();
}

static const struct suite_test tests[] = {
	{ "9.5 no entries", no_entries },
	{ "9.6 the first look, with a stray cbAtr", first_look },
	{ "9.7 the PnP entry at zero returns at once", pnp_stays },
	{ "9.24 up to date: SCARD_E_TIMEOUT and the states filled", up_to_date },
	{ "what a caller believes, and what differs", beliefs },
	{ "unknown, missing and endless names", names },
	{ "ignored entries", ignored },
	{ "INUSE and EXCLUSIVE", use_bits },
	{ "the time limit", timeout },
	{ "9.23 SCardCancel ends the waits of its context, no others", cancelled },
	{ "SCardCancel without a wait has no effect later", cancelled_early },
	{ "the release of a context ends its waits", released },
	{ "a wait sees that a card comes into use", woken_by_use },
};

int
main(void)
{
	return fixture_run("winscard_status_change", tests, sizeof tests / sizeof tests[0]);
}
