/* SPDX-License-Identifier: BSD-2-Clause */
/* SCardAccessStartedEvent and what belongs to it: a descriptor, readable while there is a manager.
 */
#include <poll.h>
#include <stdint.h>

#include "tests/conformance/fixture.h"

#define LIMIT_MS 30000

/* What a wait for the event comes to. */
static int
readable(HANDLE event, int timeout_ms)
{
	struct pollfd polled = { .fd = (int)(intptr_t)event, .events = POLLIN };

	return poll(&polled, 1, timeout_ms) == 1 && polled.revents == POLLIN;
}

static void
there(void)
{
	HANDLE event = SCardAccessStartedEvent(), same;
	SCARDCONTEXT context;

	CU_ASSERT_PTR_NOT_NULL_FATAL(event);
	SUITE_EQUAL_STRING(tessera_scard_message(), "");
	CU_ASSERT_TRUE(readable(event, LIMIT_MS));
	/* It stays so, whoever looks. */
	CU_ASSERT_TRUE(readable(event, 0));
	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context));
	OK(SCardReleaseContext(context));
	same = SCardAccessStartedEvent();
	CU_ASSERT_PTR_EQUAL(same, event);
	SCardReleaseStartedEvent();
	CU_ASSERT_TRUE(readable(event, 0));
	SCardReleaseStartedEvent();
	CU_ASSERT_FALSE(readable(event, 0));
}

static void
all_at_once(void)
{
	HANDLE event = SCardAccessStartedEvent();

	CU_ASSERT_PTR_EQUAL(SCardAccessStartedEvent(), event);
	CU_ASSERT_TRUE(readable(event, LIMIT_MS));
	SCardReleaseAllEvents();
	CU_ASSERT_FALSE(readable(event, 0));
	/* One release more than accesses does nothing. */
	SCardReleaseStartedEvent();
	SCardReleaseAllEvents();
	event = SCardAccessStartedEvent();
	CU_ASSERT_TRUE(readable(event, LIMIT_MS));
	SCardReleaseStartedEvent();
}

static const struct suite_test tests[] = {
	{ "SCardAccessStartedEvent, SCardReleaseStartedEvent", there },
	{ "SCardReleaseAllEvents", all_at_once },
};

int
main(void)
{
	return fixture_run("winscard_started", tests, sizeof tests / sizeof tests[0]);
}
