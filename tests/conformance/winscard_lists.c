/* SPDX-License-Identifier: BSD-2-Clause */
/* SCardListReaders and SCardListReaderGroups, with the buffer protocol on real lists. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/fixture.h"

static void
readers(void)
{
	SCARDCONTEXT context = fixture_context();
	DWORD length = 0, needed;
	char *list, *block = NULL;

	OK(SCardListReadersA(context, NULL, NULL, &length));
	CU_ASSERT(length > 2);
	needed = length;
	list = calloc(1, needed + 4);
	CODE(SCardListReadersA(context, NULL, list, NULL), SCARD_E_INVALID_PARAMETER);
	length = needed - 1;
	CODE(SCardListReadersA(context, NULL, list, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, needed);
	SUITE_EQUAL_STRING(list, "");
	memset(list, 0x55, needed + 4);
	length = needed;
	OK(SCardListReadersA(context, NULL, list, &length));
	SUITE_EQUAL_INT(length, needed);
	SUITE_EQUAL_INT(fixture_list_length(list, needed), needed);
	SUITE_EQUAL_BYTES(list + needed, 4, "55 55 55 55");
	CU_ASSERT_TRUE(fixture_list_has(list, fixture_reader()));
	length = SCARD_AUTOALLOCATE;
	OK(SCardListReadersA(context, NULL, (LPSTR)&block, &length));
	SUITE_EQUAL_INT(length, needed);
	CU_ASSERT_EQUAL(memcmp(block, list, needed), 0);
	OK(SCardFreeMemory(context, block));
	/* The incoming length means nothing without a buffer. */
	length = 1;
	OK(SCardListReadersA(context, NULL, NULL, &length));
	SUITE_EQUAL_INT(length, needed);
	length = SCARD_AUTOALLOCATE;
	CODE(SCardListReadersA(context, NULL, NULL, &length), SCARD_E_INVALID_PARAMETER);
	free(list);
	OK(SCardReleaseContext(context));
}

static void
groups(void)
{
	SCARDCONTEXT context = fixture_context();
	DWORD length = 0, needed;
	char *list;

	OK(SCardListReaderGroupsA(context, NULL, &length));
	CU_ASSERT_NOT_EQUAL(length, 0);
	needed = length;
	list = calloc(1, needed);
	OK(SCardListReaderGroupsA(context, list, &length));
	SUITE_EQUAL_INT(fixture_list_length(list, needed), needed);
	CU_ASSERT_TRUE(fixture_list_has(list, "SCard$DefaultReaders"));
	CU_ASSERT_FALSE(fixture_list_has(list, "SCard$AllReaders"));
	length = needed - 1;
	CODE(SCardListReaderGroupsA(context, list, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, needed);
	CODE(SCardListReaderGroupsA(context, list, NULL), SCARD_E_INVALID_PARAMETER);
	free(list);
	OK(SCardReleaseContext(context));
}

/* Readers of one choice of groups, "" for none; expects the code. */
static const char *
listed(SCARDCONTEXT context, const char *wanted, LONG code)
{
	static char list[4096];
	DWORD length = sizeof list;

	memset(list, 0, sizeof list);
	CODE(SCardListReadersA(context, wanted, list, &length), code);
	return list;
}

static void
by_group(void)
{
	SCARDCONTEXT context = fixture_context();
	char all[4096];
	const char *list;

	list = listed(context, NULL, 0);
	memcpy(all, list, sizeof all);
	list = listed(context, SCARD_ALL_READERS, 0);
	CU_ASSERT_EQUAL(memcmp(list, all, sizeof all), 0);
	list = listed(context, SCARD_DEFAULT_READERS, 0);
	CU_ASSERT_TRUE(fixture_list_has(list, fixture_reader()));
	/* Unknown names are skipped, doubles appear once. */
	list = listed(context,
	    "no such group\0SCard$AllReaders\0SCard$DefaultReaders\0SCard$AllReaders\0", 0);
	SUITE_EQUAL_INT(
	    fixture_list_length(list, sizeof all), fixture_list_length(all, sizeof all));
	(void)listed(context, "no such group\0", SCARD_E_NO_READERS_AVAILABLE);
	CU_ASSERT_NOT_EQUAL(tessera_scard_message()[0], '\0');
	OK(SCardReleaseContext(context));
}

static void
endless_groups(void)
{
	SCARDCONTEXT context = fixture_context();
	char *endless = malloc(70000);
	DWORD length = 0;

	memset(endless, 'g', 70000);
	CODE(SCardListReadersA(context, endless, NULL, &length), SCARD_E_INVALID_PARAMETER);
	free(endless);
	OK(SCardReleaseContext(context));
}

static void
without_context(void)
{
	SCARDCONTEXT context = fixture_context();
	DWORD length = 0, same = 0;

	OK(SCardListReadersA(0, NULL, NULL, &length));
	OK(SCardListReadersA(context, NULL, NULL, &same));
	SUITE_EQUAL_INT(length, same);
	OK(SCardListReaderGroupsA(0, NULL, &length));
	OK(SCardListReaderGroupsA(context, NULL, &same));
	SUITE_EQUAL_INT(length, same);
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ "9.3 SCardListReaders", readers },
	{ "9.4 SCardListReaderGroups", groups },
	{ "readers by group", by_group },
	{ "a list of groups without an end", endless_groups },
	{ "context 0 lists the same", without_context },
};

int
main(void)
{
	return fixture_run("winscard_lists", tests, sizeof tests / sizeof tests[0]);
}
