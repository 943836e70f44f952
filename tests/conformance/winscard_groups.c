/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names and groups of readers in the database: SCardIntroduceReader, SCardForgetReader,
 * SCardIntroduceReaderGroup, SCardForgetReaderGroup, SCardAddReaderToGroup and
 * SCardRemoveReaderFromGroup, A and W, seen through the lists.
 */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "tests/conformance/fixture.h"

#define LIST_SIZE 4096u

/* Of these groups; "" when there is none. */
static bool
shown(SCARDCONTEXT context, const char *groups, const char *name)
{
	static char list[LIST_SIZE];
	DWORD length = sizeof list;
	LONG code = SCardListReadersA(context, groups, list, &length);

	if (code == SCARD_E_NO_READERS_AVAILABLE)
		return false;
	OK(code);
	return fixture_list_has(list, name);
}

static bool
grouped(SCARDCONTEXT context, const char *group)
{
	static char list[LIST_SIZE];
	DWORD length = sizeof list;

	OK(SCardListReaderGroupsA(context, list, &length));
	SUITE_EQUAL_INT(fixture_list_length(list, sizeof list), length);
	return fixture_list_has(list, group);
}

static void
membership(void)
{
	SCARDCONTEXT context = fixture_context();
	const char *reader = fixture_reader();

	OK(SCardIntroduceReaderGroupA(context, "Lobby"));
	OK(SCardIntroduceReaderGroupW(0, u"Lobby"));
	CU_ASSERT_FALSE(grouped(context, "Lobby"));
	CU_ASSERT_FALSE(shown(context, "Lobby\0", reader));
	OK(SCardAddReaderToGroupA(context, reader, "Lobby"));
	OK(SCardAddReaderToGroupW(context, fixture_reader_wide(), u"Lobby"));
	CU_ASSERT_TRUE(grouped(context, "Lobby"));
	CU_ASSERT_TRUE(grouped(0, "SCard$DefaultReaders"));
	CU_ASSERT_FALSE(grouped(0, "SCard$AllReaders"));
	CU_ASSERT_TRUE(shown(context, "lobby\0", reader));
	CU_ASSERT_TRUE(shown(0, "no such group\0Lobby\0", reader));
	CU_ASSERT_TRUE(shown(context, SCARD_DEFAULT_READERS, reader));
	OK(SCardRemoveReaderFromGroupA(context, reader, "SCard$DefaultReaders"));
	CU_ASSERT_FALSE(shown(context, SCARD_DEFAULT_READERS, reader));
	CU_ASSERT_TRUE(shown(context, SCARD_ALL_READERS, reader));
	CU_ASSERT_TRUE(shown(context, NULL, reader));
	OK(SCardRemoveReaderFromGroupW(context, fixture_reader_wide(), u"Lobby"));
	CU_ASSERT_FALSE(grouped(context, "Lobby"));
	OK(SCardRemoveReaderFromGroupA(context, reader, "Lobby"));
	OK(SCardAddReaderToGroupA(context, reader, "SCard$DefaultReaders"));
	CU_ASSERT_TRUE(shown(context, SCARD_DEFAULT_READERS, reader));
	/* Forgotten, it is as it was when it came. */
	OK(SCardForgetReaderA(context, reader));
	CU_ASSERT_TRUE(shown(context, SCARD_DEFAULT_READERS, reader));
	OK(SCardReleaseContext(context));
}

static void
forgetting_groups(void)
{
	SCARDCONTEXT context = fixture_context();
	const char *reader = fixture_reader();

	OK(SCardAddReaderToGroupA(context, reader, "One"));
	OK(SCardAddReaderToGroupA(context, reader, "Two"));
	OK(SCardForgetReaderGroupA(context, "ONE"));
	CU_ASSERT_FALSE(grouped(context, "One"));
	CU_ASSERT_TRUE(grouped(context, "Two"));
	OK(SCardForgetReaderGroupW(context, u"Two"));
	CU_ASSERT_FALSE(grouped(context, "Two"));
	CU_ASSERT_TRUE(shown(context, SCARD_DEFAULT_READERS, reader));
	OK(SCardForgetReaderGroupA(context, "no such group"));
	CODE(SCardForgetReaderGroupA(context, "SCard$DefaultReaders"), SCARD_E_INVALID_PARAMETER);
	CODE(SCardForgetReaderGroupW(context, u"scard$allreaders"), SCARD_E_INVALID_PARAMETER);
	CODE(SCardForgetReaderGroupA(context, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardForgetReaderGroupA(0, "One"), ERROR_INVALID_HANDLE);
	OK(SCardForgetReaderA(context, reader));
	OK(SCardReleaseContext(context));
}

static void
names(void)
{
	SCARDCONTEXT context = fixture_context();
	const char *reader = fixture_reader();

	OK(SCardIntroduceReaderA(context, "zz Desk", reader));
	OK(SCardIntroduceReaderW(context, u"zz Desk", fixture_reader_wide()));
	CU_ASSERT_TRUE(shown(context, NULL, "zz Desk"));
	CU_ASSERT_TRUE(shown(context, NULL, reader));
	CU_ASSERT_TRUE(shown(context, SCARD_DEFAULT_READERS, "zz Desk"));
	OK(SCardAddReaderToGroupA(context, "zz Desk", "Lobby"));
	CU_ASSERT_TRUE(shown(context, "Lobby\0", "zz Desk"));
	CU_ASSERT_FALSE(shown(context, "Lobby\0", reader));
	/* A rename is a new name, and the old one forgotten. */
	OK(SCardForgetReaderW(context, fixture_reader_wide()));
	CU_ASSERT_FALSE(shown(context, NULL, reader));
	CU_ASSERT_TRUE(shown(context, NULL, "zz Desk"));
	/* Without the new name the old one is back. */
	OK(SCardForgetReaderA(context, "zz Desk"));
	CU_ASSERT_TRUE(shown(context, NULL, reader));
	CU_ASSERT_FALSE(shown(context, NULL, "zz Desk"));
	CU_ASSERT_FALSE(grouped(context, "Lobby"));
	OK(SCardForgetReaderA(context, reader));
	OK(SCardReleaseContext(context));
}

/* The new name does what the old one does. */
static void
use_of_names(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARD_READERSTATEA state = { .szReader = "zz Desk" };
	SCARDHANDLE card;
	DWORD active;

	CODE(SCardConnectA(
		 context, "zz Desk", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active),
	    SCARD_E_UNKNOWN_READER);
	OK(SCardIntroduceReaderA(context, "zz Desk", fixture_reader()));
	OK(SCardConnectA(
	    context, "zz Desk", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	OK(SCardConnectW(
	    context, u"zz Desk", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	OK(SCardGetStatusChangeA(context, 0, &state, 1));
	CU_ASSERT(state.dwEventState & SCARD_STATE_PRESENT);
	CU_ASSERT(state.cbAtr > 0);
	SUITE_EQUAL_STRING(state.szReader, "zz Desk");
	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	CODE(SCardGetStatusChangeA(context, 10, &state, 1), SCARD_E_TIMEOUT);
	OK(SCardForgetReaderA(context, "zz Desk"));
	state.dwCurrentState = SCARD_STATE_UNAWARE;
	OK(SCardGetStatusChangeA(context, 0, &state, 1));
	CU_ASSERT(state.dwEventState & SCARD_STATE_UNKNOWN);
	OK(SCardReleaseContext(context));
}

/* A multi-string of two names, in this order. */
static bool
lists_both(const char *list, DWORD length, const char *first, const char *second)
{
	size_t size = strlen(first) + 1;

	return length == size + strlen(second) + 2 && strcmp(list, first) == 0 &&
	    strcmp(list + size, second) == 0 && list[length - 1] == '\0';
}

/* Whoever asks what a reader is called hears all of its names, by whichever it was found. */
static void
all_names(void)
{
	SCARDCONTEXT context = fixture_context();
	const char *reader = fixture_reader();
	char list[2 * FIXTURE_NAME_SIZE], id[FIXTURE_NAME_SIZE], same[FIXTURE_NAME_SIZE];
	WCHAR wide[2 * FIXTURE_NAME_SIZE];
	DWORD length = 0, needed, type = 0, same_type = 1;
	SCARDHANDLE card;

	OK(SCardIntroduceReaderA(context, "zz Desk", reader));
	OK(SCardConnectA(context, "zz Desk", SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL));
	OK(SCardStatusA(card, NULL, &length, NULL, NULL, NULL, NULL));
	needed = length;
	length = sizeof list;
	OK(SCardStatusA(card, list, &length, NULL, NULL, NULL, NULL));
	SUITE_EQUAL_INT(length, needed);
	CU_ASSERT_TRUE(lists_both(list, length, reader, "zz Desk"));
	length = 2 * FIXTURE_NAME_SIZE;
	OK(SCardStatusW(card, wide, &length, NULL, NULL, NULL, NULL));
	SUITE_EQUAL_INT(length, needed);
	length = needed - 1;
	CODE(
	    SCardStatusA(card, list, &length, NULL, NULL, NULL, NULL), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, needed);
	/* The device of the one name is that of the other. */
	OK(SCardGetDeviceTypeIdA(context, reader, &type));
	OK(SCardGetDeviceTypeIdW(context, u"zz Desk", &same_type));
	SUITE_EQUAL_INT(same_type, type);
	OK(SCardGetReaderIconA(context, "zz Desk", NULL, &length));
	length = sizeof id;
	OK(SCardGetReaderDeviceInstanceIdA(context, reader, id, &length));
	length = sizeof same;
	OK(SCardGetReaderDeviceInstanceIdA(context, "zz Desk", same, &length));
	SUITE_EQUAL_STRING(same, id);
	length = sizeof list;
	OK(SCardListReadersWithDeviceInstanceIdA(context, id, list, &length));
	CU_ASSERT_TRUE(lists_both(list, length, reader, "zz Desk"));
	/* Renamed. */
	OK(SCardForgetReaderA(context, reader));
	length = sizeof list;
	OK(SCardStatusA(card, list, &length, NULL, NULL, NULL, NULL));
	SUITE_EQUAL_INT(length, sizeof "zz Desk" + 1);
	SUITE_EQUAL_STRING(list, "zz Desk");
	OK(SCardForgetReaderA(context, "zz Desk"));
	OK(SCardForgetReaderA(context, reader));
	length = sizeof list;
	OK(SCardStatusA(card, list, &length, NULL, NULL, NULL, NULL));
	SUITE_EQUAL_STRING(list, reader);
	OK(SCardReleaseContext(context));
}

struct waiting {
	pthread_t thread;
	SCARDCONTEXT context;
	SCARD_READERSTATEA state;
	DWORD timeout;
	LONG code;
};

static void *
wait_thread(void *data)
{
	struct waiting *waiting = data;

	waiting->code =
	    SCardGetStatusChangeA(waiting->context, waiting->timeout, &waiting->state, 1);
	return NULL;
}

/* For a name that nobody has, which the caller knows. */
static void
wait_elsewhere(struct waiting *waiting, DWORD timeout)
{
	*waiting = (struct waiting){ .context = fixture_context(),
		.state = { .szReader = "zz Later", .dwCurrentState = SCARD_STATE_UNKNOWN },
		.timeout = timeout };
	CU_ASSERT_EQUAL_FATAL(pthread_create(&waiting->thread, NULL, wait_thread, waiting), 0);
}

static void
later_names(void)
{
	SCARDCONTEXT context = fixture_context();
	struct waiting waiting;
	struct timespec soon;

	wait_elsewhere(&waiting, INFINITE);
	/* Another change does not end the wait. */
	OK(SCardIntroduceReaderA(context, "zz Other", fixture_reader()));
	OK(SCardForgetReaderA(context, "zz Other"));
	CU_ASSERT_NOT_EQUAL(pthread_tryjoin_np(waiting.thread, NULL), 0);
	OK(SCardIntroduceReaderA(context, "zz Later", fixture_reader()));
	CU_ASSERT_EQUAL(pthread_join(waiting.thread, NULL), 0);
	CODE(waiting.code, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(waiting.state.dwEventState & 0xFFFF & ~(DWORD)SCARD_STATE_UNPOWERED,
	    SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	SUITE_EQUAL_STRING(waiting.state.szReader, "zz Later");
	OK(SCardReleaseContext(waiting.context));
	OK(SCardForgetReaderA(context, "zz Later"));
	/* Its own ends are as ever. */
	wait_elsewhere(&waiting, 30);
	CU_ASSERT_EQUAL(pthread_join(waiting.thread, NULL), 0);
	CODE(waiting.code, SCARD_E_TIMEOUT);
	SUITE_EQUAL_HEX(
	    waiting.state.dwEventState & 0xFFFF & ~(DWORD)SCARD_STATE_IGNORE, SCARD_STATE_UNKNOWN);
	OK(SCardReleaseContext(waiting.context));
	wait_elsewhere(&waiting, INFINITE);
	do {
		OK(SCardCancel(waiting.context));
		(void)clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_sec++;
	} while (pthread_timedjoin_np(waiting.thread, NULL, &soon) != 0);
	CODE(waiting.code, SCARD_E_CANCELLED);
	OK(SCardReleaseContext(waiting.context));
	OK(SCardReleaseContext(context));
}

static void
absent_readers(void)
{
	SCARDCONTEXT context = fixture_context();

	OK(SCardIntroduceReaderA(context, "zz Away", "zz No such device"));
	CU_ASSERT_FALSE(shown(context, NULL, "zz Away"));
	OK(SCardAddReaderToGroupA(context, "zz Away", "Lobby"));
	CU_ASSERT_TRUE(grouped(context, "Lobby"));
	CU_ASSERT_FALSE(shown(context, "Lobby\0", "zz Away"));
	CODE(SCardIntroduceReaderA(context, "zz Away", "zz Another"), SCARD_E_DUPLICATE_READER);
	CODE(SCardIntroduceReaderA(context, fixture_reader(), "zz Another"),
	    SCARD_E_DUPLICATE_READER);
	OK(SCardForgetReaderA(context, "zz Away"));
	CODE(SCardForgetReaderA(context, "zz Away"), SCARD_E_UNKNOWN_READER);
	OK(SCardReleaseContext(context));
}

static void
errors(void)
{
	SCARDCONTEXT context = fixture_context();
	const char *reader = fixture_reader();
	char name[200];

	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	CODE(SCardAddReaderToGroupA(context, "zz none", "Lobby"), SCARD_E_UNKNOWN_READER);
	CODE(SCardAddReaderToGroupW(context, u"zz none", u"Lobby"), SCARD_E_UNKNOWN_READER);
	CODE(SCardAddReaderToGroupA(context, reader, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardAddReaderToGroupA(context, NULL, "Lobby"), SCARD_E_INVALID_PARAMETER);
	CODE(SCardAddReaderToGroupA(context, reader, name), SCARD_E_INVALID_PARAMETER);
	CODE(SCardAddReaderToGroupA(context, reader, "SCard$LocalReaders"),
	    SCARD_E_INVALID_PARAMETER);
	OK(SCardAddReaderToGroupA(context, reader, "SCard$AllReaders"));
	CODE(SCardAddReaderToGroupA(0, reader, "Lobby"), ERROR_INVALID_HANDLE);
	CODE(SCardRemoveReaderFromGroupA(context, "zz none", "Lobby"), SCARD_E_UNKNOWN_READER);
	CODE(SCardRemoveReaderFromGroupW(context, u"zz none", u"Lobby"), SCARD_E_UNKNOWN_READER);
	CODE(SCardRemoveReaderFromGroupA(context, reader, "SCard$AllReaders"),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardRemoveReaderFromGroupA(context, reader, ""), SCARD_E_INVALID_PARAMETER);
	CODE(SCardRemoveReaderFromGroupA(0, reader, "Lobby"), ERROR_INVALID_HANDLE);
	CODE(SCardForgetReaderA(context, "zz none"), SCARD_E_UNKNOWN_READER);
	CODE(SCardForgetReaderW(context, u"zz none"), SCARD_E_UNKNOWN_READER);
	CODE(SCardForgetReaderA(context, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardForgetReaderA(0, "zz none"), ERROR_INVALID_HANDLE);
	CODE(SCardIntroduceReaderA(context, "zz a", NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceReaderW(context, NULL, u"zz a"), SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceReaderA(0, "zz a", "zz b"), ERROR_INVALID_HANDLE);
	CODE(SCardIntroduceReaderGroupA(context, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceReaderGroupA(context, ""), SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceReaderGroupA(context + 1, "Lobby"), ERROR_INVALID_HANDLE);
	OK(SCardReleaseContext(context));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "SCardAddReaderToGroup, SCardRemoveReaderFromGroup, SCardIntroduceReaderGroup",
		    membership },
		{ "SCardForgetReaderGroup", forgetting_groups },
		{ "SCardIntroduceReader, SCardForgetReader: a rename", names },
		{ "SCardConnect, SCardGetStatusChange by an introduced name", use_of_names },
		{ "SCardStatus, devices: all names of a reader", all_names },
		{ "SCardGetStatusChange: a name that is introduced later", later_names },
		{ "readers that are not attached", absent_readers },
		{ "errors", errors },
	};

	return fixture_run("winscard_groups", tests, sizeof tests / sizeof tests[0]);
}
