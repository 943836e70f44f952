/* SPDX-License-Identifier: BSD-2-Clause */
/* The differences in SCardGetStatusChange and SCardCancel. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "tests/conformance/dialect.h"

#define SOON_NSEC 20000000

static SCARDCONTEXT context;

static void
arguments(void)
{
	SCARD_READERSTATE state = { .szReader = NULL };
	DWORD event;

	context = dialect_context();
	OK(SCardGetStatusChange(context, 1000, NULL, 0));
	GIVES(SCardGetStatusChange(0, 1000, NULL, 0), WIN32_INVALID_HANDLE,
	    OLDER(SCARD_S_SUCCESS, SCARD_E_INVALID_HANDLE));
	BOTH(SCardGetStatusChange(context, 0, NULL, 1), SCARD_E_INVALID_PARAMETER);
	BOTH(SCardGetStatusChange(context, 0, &state, 1), SCARD_E_INVALID_VALUE);
	GIVES(dialect_look(context, "nobody", SCARD_STATE_UNAWARE, &event), SCARD_S_SUCCESS,
	    SCARD_E_UNKNOWN_READER);
	SUITE_EQUAL_HEX(
	    event, EITHER(SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE | SCARD_STATE_CHANGED, 0));
	/* Nobody is asked for one that is ignored. */
	OK(dialect_look(context, "nobody", SCARD_STATE_IGNORE, &event));
	SUITE_EQUAL_HEX(event, OLDER(0, SCARD_STATE_IGNORE));
}

static void
counters(void)
{
	unsigned reader = steer_reader_with_card("Counter");
	DWORD event;

	OK(dialect_look(context, "Counter", SCARD_STATE_UNAWARE, &event));
	SUITE_EQUAL_HEX(event, 0x10000 | SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	/* Up to date. */
	BOTH(dialect_look(context, "Counter", SCARD_STATE_PRESENT, &event), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(event, 0x10000 | SCARD_STATE_PRESENT);
	BOTH(dialect_look(context, "Counter", 0x10000 | SCARD_STATE_PRESENT, &event),
	    SCARD_E_TIMEOUT);
	/* Whatever the caller says of a match, nobody looks for one. */
	GIVES(dialect_look(context, "Counter", SCARD_STATE_PRESENT | SCARD_STATE_ATRMATCH, &event),
	    SCARD_E_TIMEOUT, SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(event, 0x10000 | SCARD_STATE_PRESENT);
	/* Another counter. */
	OK(dialect_look(context, "Counter", 0x20000 | SCARD_STATE_PRESENT, &event));
	steer_remove(reader, "Counter");
	OK(dialect_look(context, "Counter", 0x10000 | SCARD_STATE_PRESENT, &event));
	SUITE_EQUAL_HEX(event, 0x20000 | SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
	steer_unplug(reader, "Counter");
}

static void
uses(void)
{
	unsigned reader = steer_reader_with_card("Used");
	SCARDHANDLE card = dialect_connect(context, "Used");
	DWORD event;

	/* From free to used. */
	GIVES(dialect_look(context, "Used", SCARD_STATE_PRESENT, &event), SCARD_S_SUCCESS,
	    SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(event & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_INUSE | EITHER(SCARD_STATE_CHANGED, 0));
	/* From exclusive to shared. */
	OK(dialect_look(context, "Used", SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE, &event));
	OK(SCardDisconnect(card, SCARD_UNPOWER_CARD));
	/* From used to free; the card has no power. */
	OK(dialect_look(context, "Used", SCARD_STATE_PRESENT | SCARD_STATE_INUSE, &event));
	SUITE_EQUAL_HEX(event & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_CHANGED | EITHER(SCARD_STATE_UNPOWERED, 0));
	steer_unplug(reader, "Used");
}

static void
pnp(void)
{
	unsigned reader = steer_reader("Plugged");
	DWORD event, before;

	/* At zero there is news when there is a reader; or only when one comes or goes. */
	GIVES(dialect_look(context, DIALECT_PNP, SCARD_STATE_UNAWARE, &event), SCARD_S_SUCCESS,
	    SCARD_E_TIMEOUT);
	if (EITHER(true, false))
		SUITE_EQUAL_HEX(event, 1 << 16 | SCARD_STATE_CHANGED);
	before = event & 0xFFFF0000;
	BOTH(dialect_look(context, DIALECT_PNP, before, &event), SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(event & 0xFFFF0000, before);
	steer_unplug(reader, "Plugged");
	/* Version 1.9 counts no comings and goings: they are seen by who waits. */
	if (dialect_is_older())
		return;
	OK(dialect_look(context, DIALECT_PNP, before, &event));
	SUITE_EQUAL_HEX(event, EITHER(0, before + 0x10000) | SCARD_STATE_CHANGED);
}

static void
without_limit(void)
{
	SCARD_READERSTATE state = { .szReader = "Limit" };
	unsigned reader = steer_reader("Limit");

	OK(SCardGetStatusChange(context, (DWORD)-1, &state, 1));
	SUITE_EQUAL_HEX(state.dwEventState, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
	steer_unplug(reader, "Limit");
}

struct waiting {
	SCARD_READERSTATE state;
	sem_t begins;
};

static void *
wait_for_ever(void *data)
{
	struct waiting *waiting = data;

	(void)sem_post(&waiting->begins);
	return (void *)(uintptr_t)(dialect_code)SCardGetStatusChange(
	    context, (DWORD)-1, &waiting->state, 1);
}

/* False: the thread came to its wait when the reader had gone, which is something else. */
static bool
vanishes(const char *name)
{
	struct waiting waiting = { .state = {
				       .szReader = name, .dwCurrentState = SCARD_STATE_EMPTY } };
	unsigned reader = steer_reader(name);
	pthread_t thread;
	DWORD length = 0;
	void *code = NULL;

	(void)sem_init(&waiting.begins, 0, 0);
	CU_ASSERT_EQUAL(pthread_create(&thread, NULL, wait_for_ever, &waiting), 0);
	(void)sem_wait(&waiting.begins);
	/* Most of the time they are back after the wait has begun. */
	OK(SCardReleaseContext(dialect_context()));
	/* Another call on the context does not wait for that one. In pcsc-lite's own library of
	 * version 1.9 it does, for as long as the wait lasts. */
	if (!dialect_is_older()) {
		OK(SCardListReaders(context, NULL, NULL, &length));
		OK(SCardIsValidContext(context));
	}
	steer_unplug(reader, name);
	CU_ASSERT_EQUAL(pthread_join(thread, &code), 0);
	(void)sem_destroy(&waiting.begins);
	if ((dialect_code)(uintptr_t)code == (dialect_code)SCARD_E_UNKNOWN_READER)
		return false;
	SUITE_EQUAL_HEX((dialect_code)(uintptr_t)code, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(waiting.state.dwEventState & 0xFFFF,
	    SCARD_STATE_UNKNOWN | SCARD_STATE_CHANGED |
		EITHER(SCARD_STATE_IGNORE, SCARD_STATE_UNAVAILABLE));
	return true;
}

static void
vanishing(void)
{
	static const char *const names[] = { "Vanish 1", "Vanish 2", "Vanish 3", "Vanish 4",
		"Vanish 5", "Vanish 6", "Vanish 7", "Vanish 8" };
	bool seen = false;

	for (size_t i = 0; i < sizeof names / sizeof names[0] && !seen; i++)
		seen = vanishes(names[i]);
	CU_ASSERT_TRUE(seen);
}

/* Whether the other thread waits already cannot be seen: a cancel that came too early is repeated.
 */
static void
cancelled(void)
{
	struct waiting waiting = { .state = { .szReader = "Cancel",
				       .dwCurrentState = SCARD_STATE_EMPTY } };
	unsigned reader = steer_reader("Cancel");
	struct timespec soon;
	pthread_t thread;
	void *code = NULL;

	(void)sem_init(&waiting.begins, 0, 0);
	OK(SCardCancel(context)); /* nobody waits: no effect */
	CU_ASSERT_EQUAL(pthread_create(&thread, NULL, wait_for_ever, &waiting), 0);
	do {
		OK(SCardCancel(context));
		(void)clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_nsec += SOON_NSEC;
		soon.tv_sec += soon.tv_nsec / 1000000000;
		soon.tv_nsec %= 1000000000;
	} while (pthread_timedjoin_np(thread, &code, &soon) == ETIMEDOUT);
	(void)sem_destroy(&waiting.begins);
	SUITE_EQUAL_HEX((dialect_code)(uintptr_t)code, (dialect_code)SCARD_E_CANCELLED);
	steer_unplug(reader, "Cancel");
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ DIALECT ": 7.2.39, 7.2.41 arguments, unknown and ignored readers", arguments },
	{ DIALECT ": 7.2.40, 7.2.43, 7.2.45 event counters, a look without a wait", counters },
	{ DIALECT ": 7.2.44, 7.2.48 cards in use and without power", uses },
	{ DIALECT ": 7.2.46, 7.2.47 readers that come and go", pnp },
	{ DIALECT ": 7.2.5, 7.2.42 a reader vanishes during a wait", vanishing },
	{ DIALECT ": 7.2.49 no time limit", without_limit },
	{ DIALECT ": 7.2.50 SCardCancel", cancelled },
};

int
main(void)
{
	return steer_run("dialect watch", tests, sizeof tests / sizeof tests[0]);
}
