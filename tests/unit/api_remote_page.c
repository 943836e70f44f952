/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client and the daemon's status page: what it answers without a message, and when it asks all
 * the same. The daemon that is asked gives other answers than the page, so that they can be told
 * apart.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tessera_scard.h>
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/remote.h"
#include "rm/wire/page.h"
#include "tests/suite.h"
#include "tests/unit/api_remote_daemon.h"

#define PNP "\\\\?PnP?\\Notification"
#define STOPPED SCARD_E_SERVICE_STOPPED
#define SEALS (F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

static struct daemon scardd;
static struct wire_page *page;
static SCARDCONTEXT context;

static const struct wire_page_reader readers[] = {
	{ "Page 1",
	    { WIRE_PAGE_COUNTED | WIRE_PAGE_PRESENT | WIRE_PAGE_POWERED | WIRE_PAGE_IN_USE, 3, 2,
		"\x3B" } },
	{ "Page 2", { WIRE_PAGE_COUNTED, 4, 0, "" } },
	{ "Page 3", { WIRE_PAGE_LOST, 5, 0, "" } },
};

static void
begin_with(unsigned seals)
{
	const struct wire_page_set set = { .readers = 3, .counted = 2, .events = 8 };

	memset(&scardd, 0, sizeof scardd);
	scardd.has_page = true;
	scardd.page = memfd_create("page", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	CU_ASSERT_EQUAL(ftruncate(scardd.page, sizeof *page), 0);
	page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, scardd.page, 0);
	CU_ASSERT_FATAL(page != MAP_FAILED);
	CU_ASSERT_EQUAL(fcntl(scardd.page, F_ADD_SEALS, seals), 0);
	wire_page_init(page);
	wire_page_put_list(page, &set, readers);
	daemon_start(&scardd);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
}

static void
begin(void)
{
	begin_with(SEALS);
}

static void
end(void)
{
	SUITE_EQUAL_HEX(SCardReleaseContext(context), 0);
	daemon_stop(&scardd);
	api_remote_close();
	api_backend_install(NULL);
	(void)munmap(page, sizeof *page);
	(void)close(scardd.page);
}

/* Lists and says whether a message was needed for it. */
static bool
list_asks(const char *groups, const char *expected, size_t length)
{
	unsigned before = daemon_messages(&scardd);
	DWORD size = 256;
	char list[256];

	SUITE_EQUAL_HEX(SCardListReadersA(context, groups, list, &size), 0);
	SUITE_EQUAL_INT(size, length);
	CU_ASSERT(size == length && memcmp(list, expected, length) == 0);
	return daemon_messages(&scardd) != before;
}
#define LIST_ASKS(groups, list) list_asks(groups, list, sizeof(list))
#define FROM_PAGE "Page 1\0Page 2\0"
#define ASKED "One\0Two\0"

static bool
change_asks(const char *name, DWORD current, DWORD timeout, LONG code, DWORD event)
{
	SCARD_READERSTATEA state = { .szReader = name, .dwCurrentState = current };
	unsigned before = daemon_messages(&scardd);

	SUITE_EQUAL_HEX((DWORD)SCardGetStatusChangeA(context, timeout, &state, 1), (DWORD)code);
	SUITE_EQUAL_HEX(state.dwEventState, event);
	if (event & SCARD_STATE_PRESENT && strcmp(name, "Page 1") == 0)
		SUITE_EQUAL_BYTES(state.rgbAtr, state.cbAtr, "3B 00");
	return daemon_messages(&scardd) != before;
}

static void
lists(void)
{
	begin();
	CU_ASSERT_FALSE(LIST_ASKS(NULL, FROM_PAGE));
	CU_ASSERT_FALSE(LIST_ASKS("SCard$DefaultReaders\0", FROM_PAGE));
	CU_ASSERT_TRUE(LIST_ASKS("Others\0", ASKED));
	end();
}

static void
changes(void)
{
	const DWORD used = SCARD_STATE_PRESENT | SCARD_STATE_INUSE | 3 << 16;

	begin();
	CU_ASSERT_FALSE(
	    change_asks("Page 1", SCARD_STATE_UNAWARE, 0, 0, used | SCARD_STATE_CHANGED));
	/* What differs is told at once, however long it might have waited. */
	CU_ASSERT_FALSE(
	    change_asks("Page 1", SCARD_STATE_EMPTY, INFINITE, 0, used | SCARD_STATE_CHANGED));
	CU_ASSERT_FALSE(change_asks("Page 1", used, 0, SCARD_E_TIMEOUT, used));
	CU_ASSERT_FALSE(change_asks(
	    "Page 2", SCARD_STATE_EMPTY, 0, SCARD_E_TIMEOUT, SCARD_STATE_EMPTY | 4 << 16));
	CU_ASSERT_FALSE(change_asks("Page 3", SCARD_STATE_UNAWARE, 0, 0,
	    SCARD_STATE_UNAVAILABLE | SCARD_STATE_CHANGED | 5 << 16));
	CU_ASSERT_FALSE(change_asks(PNP, 2 << 16, 0, SCARD_E_TIMEOUT, 2 << 16));
	CU_ASSERT_FALSE(change_asks(PNP, 0, 0, 0, 2 << 16 | SCARD_STATE_CHANGED));
	CU_ASSERT_FALSE(change_asks("Nobody", SCARD_STATE_IGNORE, 0, 0, SCARD_STATE_IGNORE));
	end();
}

static void
change_asked(void)
{
	begin();
	/* The daemon's answer is what was given, changed. */
	CU_ASSERT_TRUE(change_asks(
	    "Page 2", SCARD_STATE_EMPTY, 10, 0, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED));
	CU_ASSERT_TRUE(change_asks(
	    "page 1", SCARD_STATE_EMPTY, 0, 0, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED));
	CU_ASSERT_TRUE(change_asks("Nobody", 0, 0, 0, SCARD_STATE_CHANGED));
	end();
}

static void
dialects(void)
{
	const struct rm_calls *calls;
	char message[RM_CALLS_MESSAGE_SIZE];
	struct rm_calls_state state = { .name = "Page 1" };
	SCARDCONTEXT other;
	LONG code;

	begin();
	calls = api_remote_open(NULL, &code, message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(calls);
	SUITE_EQUAL_HEX(calls->establish(RM_CALLS_PCSCLITE, 0, &other, message), 0);
	state.name = PNP;
	SUITE_EQUAL_HEX(
	    (DWORD)calls->status_change(other, 0, &state, 1, -1, message), (DWORD)SCARD_E_TIMEOUT);
	/* The comings and goings, where Windows counts readers. */
	SUITE_EQUAL_HEX(state.event, 8 << 16);
	SUITE_EQUAL_HEX(calls->release(other, message), 0);
	end();
}

static void
bad_pages(void)
{
	begin();
	wire_page_close(page);
	CU_ASSERT_TRUE(LIST_ASKS(NULL, ASKED));
	end();
	begin();
	memset(page, 0xFF, sizeof *page);
	CU_ASSERT_TRUE(LIST_ASKS(NULL, ASKED));
	end();
	/* It could be taken away. */
	begin_with(F_SEAL_GROW);
	CU_ASSERT_TRUE(LIST_ASKS(NULL, ASKED));
	end();
}

static void
wrong_context(void)
{
	SCARD_READERSTATEA state = { .szReader = "Page 1" };
	SCARDCONTEXT released;
	DWORD size = SCARD_AUTOALLOCATE;
	char *list;

	begin();
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &released), 0);
	SUITE_EQUAL_HEX(SCardReleaseContext(released), 0);
	SUITE_EQUAL_HEX(SCardGetStatusChangeA(released, 0, &state, 1), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_HEX(
	    SCardListReadersA(released, NULL, (LPSTR)&list, &size), ERROR_INVALID_HANDLE);
	end();
}

/* A daemon that was killed closes nothing but its sockets. */
static void
killed(void)
{
	SCARD_READERSTATEA state = { .szReader = "Page 1" };
	DWORD size = 0;

	begin();
	daemon_stop(&scardd);
	SUITE_EQUAL_HEX((DWORD)SCardGetStatusChangeA(context, 0, &state, 1), (DWORD)STOPPED);
	SUITE_EQUAL_HEX((DWORD)SCardListReadersA(context, NULL, NULL, &size), (DWORD)STOPPED);
	(void)SCardReleaseContext(context);
	daemon_start(&scardd);
	SUITE_EQUAL_HEX(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), 0);
	CU_ASSERT_FALSE(LIST_ASKS(NULL, FROM_PAGE));
	end();
}

static void
forked(void)
{
	SCARD_READERSTATEA state = { .szReader = "Page 1" };
	int status = 0;
	pid_t child;

	begin();
	if ((child = fork()) == 0)
		_exit(SCardGetStatusChangeA(context, 0, &state, 1) == STOPPED ? 0 : 1);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	SUITE_EQUAL_INT(status, 0);
	CU_ASSERT_FALSE(LIST_ASKS(NULL, FROM_PAGE));
	end();
}

static const struct suite_test tests[] = {
	{ "readers are listed without a message", lists },
	{ "states are told without a message", changes },
	{ "what the page cannot tell is asked", change_asked },
	{ "each context has its dialect", dialects },
	{ "a page that is closed, garbage or not sealed is left", bad_pages },
	{ "contexts that have ended", wrong_context },
	{ "the daemon's death ends it", killed },
	{ "a child does not use its parent's", forked },
};

int
main(void)
{
	return suite_run("api_remote_page", tests, sizeof tests / sizeof tests[0]);
}
