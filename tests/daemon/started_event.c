/* SPDX-License-Identifier: BSD-2-Clause */
/* The started event while scardd comes, goes and comes back; its folder comes last of all. */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tessera_scard.h>

#include "tests/daemon/scardd_process.h"
#include "tests/suite.h"

#define LIMIT_MS 30000

static struct scardd_process scardd;

static bool
wait_for(HANDLE event, short events, int timeout_ms)
{
	struct pollfd polled = { .fd = (int)(intptr_t)event, .events = events };

	return poll(&polled, 1, timeout_ms) == 1;
}

/* Whether it is not readable any more; whoever empties an eventfd makes its edge move. */
static bool
falls(HANDLE event)
{
	struct epoll_event wanted = { .events = EPOLLIN | EPOLLOUT | EPOLLET }, got;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	bool moved = true;

	CU_ASSERT_EQUAL(epoll_ctl(epoll, EPOLL_CTL_ADD, (int)(intptr_t)event, &wanted), 0);
	while (moved && wait_for(event, POLLIN, 0))
		moved = epoll_wait(epoll, &got, 1, LIMIT_MS) == 1;
	(void)close(epoll);
	return moved;
}

static void
comes_and_goes(void)
{
	const char *const drivers[] = { "softcard", NULL };
	char place[200], folder[200];
	SCARDCONTEXT context;
	HANDLE event;

	CU_ASSERT_TRUE_FATAL(scardd_start(&scardd, drivers));
	event = SCardAccessStartedEvent();
	CU_ASSERT_PTR_NOT_NULL_FATAL(event);
	CU_ASSERT_TRUE(wait_for(event, POLLIN, LIMIT_MS));
	CU_ASSERT_TRUE(scardd_stop(&scardd));
	CU_ASSERT_TRUE(falls(event));
	CU_ASSERT_TRUE_FATAL(scardd_start(&scardd, drivers));
	CU_ASSERT_TRUE(wait_for(event, POLLIN, LIMIT_MS));
	CU_ASSERT_EQUAL(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	CU_ASSERT_EQUAL(SCardReleaseContext(context), 0);
	SCardReleaseStartedEvent();

	/* Two folders are missing; then the socket comes by its name. */
	CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(folder, sizeof folder));
	(void)snprintf(place, sizeof place, "unix:%.150s/a/b/late.sock", folder);
	(void)setenv("TESSERA_RM", place, 1);
	event = SCardAccessStartedEvent();
	CU_ASSERT_PTR_NOT_NULL_FATAL(event);
	CU_ASSERT_FALSE(wait_for(event, POLLIN, 0));
	CU_ASSERT_EQUAL(mkdir("a", 0755), 0);
	CU_ASSERT_EQUAL(mkdir("a/b", 0755), 0);
	CU_ASSERT_EQUAL(link(scardd.socket, "a/b/late.sock"), 0);
	CU_ASSERT_TRUE(wait_for(event, POLLIN, LIMIT_MS));
	SCardReleaseStartedEvent();
	CU_ASSERT_TRUE(scardd_stop(&scardd));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "the started event follows scardd", comes_and_goes },
	};

	return suite_run("started_event", tests, sizeof tests / sizeof tests[0]);
}
