/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of SCARD_AUTOALLOCATE: who may free them, and that they die with their context. */
#include <string.h>

#include "tests/conformance/fixture.h"

static char *
reader_list(SCARDCONTEXT context)
{
	char *block = NULL;
	DWORD length = SCARD_AUTOALLOCATE;

	OK(SCardListReadersA(context, NULL, (LPSTR)&block, &length));
	SUITE_EQUAL_INT(fixture_list_length(block, length), length);
	return block;
}

static void
without_context(void)
{
	char *block = reader_list(0);

	OK(SCardFreeMemory(0, block));
	CODE(SCardFreeMemory(0, block), SCARD_E_INVALID_PARAMETER);
	OK(SCardFreeMemory(0, NULL));
}

static void
owner(void)
{
	SCARDCONTEXT one = fixture_context(), two = fixture_context();
	char *block = reader_list(one);

	CODE(SCardFreeMemory(two, block), SCARD_E_INVALID_PARAMETER);
	CODE(SCardFreeMemory(0, block), SCARD_E_INVALID_PARAMETER);
	CODE(SCardFreeMemory(one, block + 1), SCARD_E_INVALID_PARAMETER);
	CU_ASSERT_NOT_EQUAL(tessera_scard_message()[0], '\0');
	/* It is still there. */
	CU_ASSERT_TRUE(fixture_list_has(block, fixture_reader()));
	OK(SCardFreeMemory(one, block));
	OK(SCardReleaseContext(one));
	OK(SCardReleaseContext(two));
}

/* A leak checker sees whether they are freed. */
static void
released(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARDHANDLE card = fixture_connect(context);
	char *last = NULL;
	BYTE *atr = NULL;
	DWORD length = SCARD_AUTOALLOCATE;

	for (size_t i = 0; i < 50; i++)
		last = reader_list(context);
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, (LPBYTE)&atr, &length));
	OK(SCardReleaseContext(context));
	CODE(SCardFreeMemory(context, last), ERROR_INVALID_HANDLE);
}

static void
of_handles(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARDHANDLE card = fixture_connect(context);
	char *names = NULL;
	WCHAR *wide = NULL, *groups = NULL;
	BYTE *atr = NULL, *attribute = NULL, expected[36];
	DWORD names_length = SCARD_AUTOALLOCATE, atr_length = SCARD_AUTOALLOCATE,
	      expected_length = sizeof expected, length;

	OK(SCardStatusA(card, (LPSTR)&names, &names_length, NULL, NULL, (LPBYTE)&atr, &atr_length));
	SUITE_EQUAL_STRING(names, fixture_reader());
	SUITE_EQUAL_INT(fixture_list_length(names, names_length), names_length);
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, expected, &expected_length));
	SUITE_EQUAL_INT(atr_length, expected_length);
	CU_ASSERT_EQUAL(memcmp(atr, expected, atr_length), 0);
	length = SCARD_AUTOALLOCATE;
	OK(SCardStatusW(card, (LPWSTR)&wide, &length, NULL, NULL, NULL, NULL));
	CU_ASSERT_EQUAL(memcmp(wide, fixture_reader_wide(), (length - 1) * sizeof(WCHAR)), 0);
	length = SCARD_AUTOALLOCATE;
	OK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, (LPBYTE)&attribute, &length));
	SUITE_EQUAL_INT(length, expected_length);
	CU_ASSERT_EQUAL(memcmp(attribute, expected, length), 0);
	length = SCARD_AUTOALLOCATE;
	OK(SCardListReaderGroupsW(context, (LPWSTR)&groups, &length));
	/* Blocks of a handle belong to its context, and outlive the handle. */
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	CODE(SCardFreeMemory(0, names), SCARD_E_INVALID_PARAMETER);
	OK(SCardFreeMemory(context, names));
	OK(SCardFreeMemory(context, wide));
	OK(SCardFreeMemory(context, atr));
	OK(SCardFreeMemory(context, attribute));
	OK(SCardFreeMemory(context, groups));
	OK(SCardReleaseContext(context));
}

static const struct suite_test tests[] = {
	{ "9.17 a block of context 0", without_context },
	{ "a block is freed once, by its own context", owner },
	{ "blocks die with their context", released },
	{ "blocks from calls on card handles", of_handles },
};

int
main(void)
{
	return fixture_run("winscard_memory", tests, sizeof tests / sizeof tests[0]);
}
