/* SPDX-License-Identifier: BSD-2-Clause */
/* SCardUIDlgSelectCard, GetOpenCardName and SCardDlgExtendedError, without a window. */
#include <stddef.h>
#include <string.h>

#include "tests/conformance/fixture.h"

_Static_assert(sizeof(OPENCARD_SEARCH_CRITERIAA) == 96 && sizeof(OPENCARD_SEARCH_CRITERIAW) == 96 &&
	offsetof(OPENCARD_SEARCH_CRITERIAA, dwShareMode) == 88,
    "layout of the criteria");
_Static_assert(sizeof(OPENCARDNAME_EXA) == 128 && sizeof(OPENCARDNAME_EXW) == 128 &&
	offsetof(OPENCARDNAME_EXA, lpstrRdr) == 88 &&
	offsetof(OPENCARDNAME_EXA, dwActiveProtocol) == 116,
    "layout of the choice");
_Static_assert(sizeof(OPENCARDNAMEA) == 176 && sizeof(OPENCARDNAMEW) == 176 &&
	offsetof(OPENCARDNAMEA, dwFlags) == 112 && offsetof(OPENCARDNAMEA, lpfnConnect) == 144,
    "layout of version 1.0");

#define CATEGORY "CATID_SCardDialog"

static SCARDCONTEXT context;
static CHAR reader[256], type[256];
static WCHAR wide_reader[256], wide_type[256];

/* What the program's own functions were called with. */
static struct {
	unsigned connects, checks, disconnects;
	bool fails, rejects;
	SCARDHANDLE handle;
	PVOID data;
} seen;

/* What the database that is shipped calls the soft card. */
#define CARD_TYPE "Tessera soft card"
static const WCHAR wide_card_type[] = OLESTR("Tessera soft card");

static SCARDHANDLE WINAPI
connect_a(SCARDCONTEXT given, LPSTR name, LPSTR cards, PVOID data)
{
	seen.connects++;
	seen.data = data;
	SUITE_EQUAL_STRING(name, fixture_reader());
	SUITE_EQUAL_STRING(cards, CARD_TYPE);
	if (seen.fails)
		return 0;
	OK(SCardConnectA(given, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &seen.handle, NULL));
	return seen.handle;
}

static SCARDHANDLE WINAPI
connect_w(SCARDCONTEXT given, LPWSTR name, LPWSTR cards, PVOID data)
{
	seen.connects++;
	seen.data = data;
	CU_ASSERT_EQUAL(memcmp(cards, wide_card_type, sizeof wide_card_type), 0);
	OK(SCardConnectW(given, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &seen.handle, NULL));
	return seen.handle;
}

static BOOL WINAPI
check(SCARDCONTEXT given, SCARDHANDLE card, PVOID data)
{
	CU_ASSERT_EQUAL(given, context);
	CU_ASSERT_PTR_EQUAL(data, &seen);
	OK(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL));
	seen.checks++;
	return !seen.rejects;
}

static void WINAPI
disconnect(SCARDCONTEXT given, SCARDHANDLE card, PVOID data)
{
	CU_ASSERT_EQUAL(given, context);
	CU_ASSERT_PTR_EQUAL(data, &seen);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
	seen.disconnects++;
}

static OPENCARDNAME_EXA
choice_a(DWORD flags)
{
	memset(&seen, 0, sizeof seen);
	memset(reader, 0x55, sizeof reader);
	memset(type, 0x55, sizeof type);
	return (OPENCARDNAME_EXA){ .dwStructSize = sizeof(OPENCARDNAME_EXA),
		.hSCardContext = context,
		.dwFlags = flags,
		.lpstrRdr = reader,
		.nMaxRdr = sizeof reader,
		.lpstrCard = type,
		.nMaxCard = sizeof type,
		.dwActiveProtocol = 99,
		.hCardHandle = 99 };
}

static OPENCARDNAME_EXW
choice_w(DWORD flags)
{
	memset(&seen, 0, sizeof seen);
	return (OPENCARDNAME_EXW){ .dwStructSize = sizeof(OPENCARDNAME_EXW),
		.hSCardContext = context,
		.dwFlags = flags,
		.lpstrRdr = wide_reader,
		.nMaxRdr = 256,
		.lpstrCard = wide_type,
		.nMaxCard = 256 };
}

static OPENCARDNAMEA
old_choice(DWORD flags)
{
	memset(&seen, 0, sizeof seen);
	memset(reader, 0x55, sizeof reader);
	return (OPENCARDNAMEA){ .dwStructSize = sizeof(OPENCARDNAMEA),
		.hSCardContext = context,
		.dwFlags = flags,
		.lpstrRdr = reader,
		.nMaxRdr = sizeof reader,
		.lpstrCard = type,
		.nMaxCard = sizeof type };
}

/* Nothing of ours is connected any more. */
static void
alone(void)
{
	SCARDHANDLE card;

	OK(SCardConnectA(
	    context, fixture_reader(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, &card, NULL));
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
}

static void
no_connection(void)
{
	OPENCARDNAME_EXA choice;
	OPENCARDNAME_EXW wide;

	context = fixture_context();
	choice = choice_a(SC_DLG_NO_UI);
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_STRING(reader, fixture_reader());
	SUITE_EQUAL_STRING(type, CARD_TYPE);
	SUITE_EQUAL_INT(choice.hCardHandle, 0);
	SUITE_EQUAL_INT(choice.dwActiveProtocol, SCARD_PROTOCOL_UNDEFINED);
	SUITE_EQUAL_INT(SCardDlgExtendedError(), SCARD_S_SUCCESS);
	alone();
	/* One card is there: no window is needed. */
	choice = choice_a(0);
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_STRING(reader, fixture_reader());
	SUITE_EQUAL_INT(choice.dwFlags, SC_DLG_MINIMAL_UI);
	wide = choice_w(SC_DLG_MINIMAL_UI);
	OK(SCardUIDlgSelectCardW(&wide));
	CU_ASSERT_EQUAL(memcmp(wide_reader, fixture_reader_wide(), 8 * sizeof(WCHAR)), 0);
	CU_ASSERT_EQUAL(memcmp(wide_type, wide_card_type, sizeof wide_card_type), 0);
	OK(SCardReleaseContext(context));
}

static void
connections(void)
{
	OPENCARDNAME_EXA choice;
	OPENCARDNAME_EXW wide;

	context = fixture_context();
	choice = choice_a(SC_DLG_NO_UI);
	choice.dwShareMode = SCARD_SHARE_EXCLUSIVE;
	choice.dwPreferredProtocols = SCARD_PROTOCOL_Tx;
	OK(SCardUIDlgSelectCardA(&choice));
	CU_ASSERT_NOT_EQUAL(choice.dwActiveProtocol & SCARD_PROTOCOL_Tx, 0);
	OK(SCardStatusA(choice.hCardHandle, NULL, NULL, NULL, NULL, NULL, NULL));
	/* A code of the connection is the result. */
	choice.dwShareMode = SCARD_SHARE_SHARED;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_SHARING_VIOLATION);
	SUITE_EQUAL_HEX(SCardDlgExtendedError(), SCARD_E_SHARING_VIOLATION);
	OK(SCardDisconnect(choice.hCardHandle, SCARD_LEAVE_CARD));

	choice = choice_a(SC_DLG_NO_UI);
	choice.lpfnConnect = connect_a;
	choice.pvUserData = type;
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_INT(seen.connects, 1);
	CU_ASSERT_PTR_EQUAL(seen.data, type);
	CU_ASSERT_EQUAL(choice.hCardHandle, seen.handle);
	OK(SCardDisconnect(choice.hCardHandle, SCARD_LEAVE_CARD));
	seen.fails = true;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_F_UNKNOWN_ERROR);

	wide = choice_w(SC_DLG_NO_UI);
	wide.lpfnConnect = connect_w;
	OK(SCardUIDlgSelectCardW(&wide));
	CU_ASSERT_EQUAL(wide.hCardHandle, seen.handle);
	OK(SCardDisconnect(wide.hCardHandle, SCARD_LEAVE_CARD));
	alone();
	OK(SCardReleaseContext(context));
}

static void
checked(void)
{
	OPENCARD_SEARCH_CRITERIAA criteria = { .dwStructSize = sizeof criteria,
		.lpfnCheck = check,
		.lpfnConnect = connect_a,
		.lpfnDisconnect = disconnect,
		.pvUserData = &seen };
	OPENCARDNAME_EXA choice;

	context = fixture_context();
	choice = choice_a(SC_DLG_MINIMAL_UI);
	choice.pOpenCardSearchCriteria = &criteria;
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_INT(seen.connects, 1);
	SUITE_EQUAL_INT(seen.checks, 1);
	SUITE_EQUAL_INT(seen.disconnects, 1);
	SUITE_EQUAL_INT(choice.hCardHandle, 0);
	choice = choice_a(SC_DLG_NO_UI);
	choice.pOpenCardSearchCriteria = &criteria;
	seen.rejects = true;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_NO_SMARTCARD);
	SUITE_EQUAL_INT(seen.checks, 1);
	SUITE_EQUAL_INT(seen.disconnects, 1);
	CU_ASSERT_EQUAL(reader[0], 0x55);
	seen.rejects = false;
	seen.fails = true;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_F_UNKNOWN_ERROR);
	SUITE_EQUAL_INT(seen.disconnects, 1);
	/* By share mode; a callback for one half only is not enough. */
	criteria.lpfnConnect = NULL;
	criteria.lpfnDisconnect = NULL;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_INVALID_PARAMETER);
	criteria.dwShareMode = SCARD_SHARE_SHARED;
	criteria.dwPreferredProtocols = SCARD_PROTOCOL_Tx;
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_INT(seen.checks, 2);
	alone();
	OK(SCardReleaseContext(context));
}

static void
first_version(void)
{
	OPENCARDNAMEA choice;
	OPENCARDNAMEW wide = { .dwStructSize = sizeof wide,
		.dwFlags = SC_DLG_NO_UI,
		.lpstrRdr = wide_reader,
		.nMaxRdr = 256,
		.lpstrCard = wide_type,
		.nMaxCard = 256,
		.dwShareMode = SCARD_SHARE_SHARED,
		.dwPreferredProtocols = SCARD_PROTOCOL_Tx };

	context = fixture_context();
	choice = old_choice(SC_DLG_NO_UI);
	choice.pvUserData = &seen;
	choice.lpfnConnect = connect_a;
	choice.lpfnCheck = check;
	choice.lpfnDisconnect = disconnect;
	OK(GetOpenCardNameA(&choice));
	SUITE_EQUAL_STRING(reader, fixture_reader());
	/* The connection of the search is the one that stays. */
	SUITE_EQUAL_INT(seen.connects, 1);
	SUITE_EQUAL_INT(seen.disconnects, 0);
	CU_ASSERT_EQUAL(choice.hCardHandle, seen.handle);
	/* No room for the name: it does not stay. */
	choice.nMaxRdr = 2;
	CODE(GetOpenCardNameA(&choice), SCARD_E_NO_MEMORY);
	SUITE_EQUAL_INT(choice.nMaxRdr, strlen(fixture_reader()) + 1);
	SUITE_EQUAL_INT(choice.nMaxCard, sizeof CARD_TYPE);
	SUITE_EQUAL_INT(seen.disconnects, 1);
	OK(SCardDisconnect(choice.hCardHandle, SCARD_LEAVE_CARD));
	alone();
	wide.hSCardContext = context;
	OK(GetOpenCardNameW(&wide));
	CU_ASSERT_NOT_EQUAL(wide.dwActiveProtocol, 0);
	OK(SCardDisconnect(wide.hCardHandle, SCARD_LEAVE_CARD));
	alone();
	CODE(GetOpenCardNameA(NULL), SCARD_E_INVALID_PARAMETER);
	CODE(GetOpenCardNameW(NULL), SCARD_E_INVALID_PARAMETER);
	choice.dwStructSize--;
	CODE(GetOpenCardNameA(&choice), SCARD_E_INVALID_PARAMETER);
	wide.hSCardContext = 0;
	CODE(GetOpenCardNameW(&wide), ERROR_INVALID_HANDLE);
	OK(SCardReleaseContext(context));
}

static void
needs_window(void)
{
	OPENCARD_SEARCH_CRITERIAA criteria = { .dwStructSize = sizeof criteria,
		.lpstrGroupNames = (LPSTR) "no such group\0" };
	OPENCARDNAME_EXA choice;
	OPENCARDNAME_EXW wide;

	context = fixture_context();
	choice = choice_a(SC_DLG_FORCE_UI);
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_UNSUPPORTED_FEATURE);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), CATEGORY));
	wide = choice_w(SC_DLG_FORCE_UI);
	CODE(SCardUIDlgSelectCardW(&wide), SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(SCardDlgExtendedError(), SCARD_E_UNSUPPORTED_FEATURE);
	choice = choice_a(SC_DLG_MINIMAL_UI);
	choice.pOpenCardSearchCriteria = &criteria;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_UNSUPPORTED_FEATURE);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), CATEGORY));
	CU_ASSERT_EQUAL(reader[0], 0x55);
	choice.dwFlags = SC_DLG_NO_UI;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_NO_READERS_AVAILABLE);
	OK(SCardReleaseContext(context));
}

static void
arguments(void)
{
	OPENCARD_SEARCH_CRITERIAA criteria = { .dwStructSize = sizeof criteria };
	OPENCARDNAME_EXA choice;
	OPENCARDNAME_EXW wide;

	context = fixture_context();
	CODE(SCardUIDlgSelectCardA(NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardUIDlgSelectCardW(NULL), SCARD_E_INVALID_PARAMETER);
	choice = choice_a(SC_DLG_NO_UI);
	choice.dwStructSize = 0;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_INVALID_PARAMETER);
	choice = choice_a(8);
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_INVALID_VALUE);
	choice = choice_a(SC_DLG_NO_UI);
	choice.lpstrRdr = NULL;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_INVALID_PARAMETER);
	wide = choice_w(SC_DLG_NO_UI);
	wide.lpstrCard = NULL;
	CODE(SCardUIDlgSelectCardW(&wide), SCARD_E_INVALID_PARAMETER);
	choice = choice_a(SC_DLG_NO_UI);
	choice.hSCardContext = 0;
	CODE(SCardUIDlgSelectCardA(&choice), ERROR_INVALID_HANDLE);
	choice = choice_a(SC_DLG_NO_UI);
	choice.pOpenCardSearchCriteria = &criteria;
	choice.nMaxCard = 0;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_NO_MEMORY);
	SUITE_EQUAL_INT(choice.nMaxRdr, strlen(fixture_reader()) + 1);
	SUITE_EQUAL_INT(choice.nMaxCard, sizeof CARD_TYPE);
	criteria.cguidInterfaces = 1;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_INVALID_PARAMETER);
	criteria.cguidInterfaces = 0;
	criteria.lpstrCardNames = (LPSTR) "No Such Type\0";
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_UNKNOWN_CARD);
	/* The type of the card that is there, and one that is not. */
	choice = choice_a(SC_DLG_NO_UI);
	choice.pOpenCardSearchCriteria = &criteria;
	criteria.lpstrCardNames = (LPSTR)CARD_TYPE "\0";
	OK(SCardUIDlgSelectCardA(&choice));
	SUITE_EQUAL_STRING(type, CARD_TYPE);
	criteria.lpstrCardNames = (LPSTR) "PIV (YubiKey 5)\0";
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_NO_SMARTCARD);
	criteria.dwStructSize = 1;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_INVALID_PARAMETER);
	OK(SCardReleaseContext(context));
	choice.pOpenCardSearchCriteria = NULL;
	CODE(SCardUIDlgSelectCardA(&choice), ERROR_INVALID_HANDLE);
}

static const struct suite_test tests[] = {
	{ "SCardUIDlgSelectCard without a connection", no_connection },
	{ "SCardUIDlgSelectCard connects", connections },
	{ "the program checks the card", checked },
	{ "GetOpenCardName", first_version },
	{ "SCardDlgExtendedError; a window is needed", needs_window },
	{ "arguments of SCardUIDlgSelectCard", arguments },
};

int
main(void)
{
	return fixture_run("winscard_dialog", tests, sizeof tests / sizeof tests[0]);
}
