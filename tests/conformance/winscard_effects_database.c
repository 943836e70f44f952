/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the success of each function of the database and of the dialogs does, seen from outside.
 */
#include <string.h>

#include "tests/conformance/fixture.h"

#define TYPE "zz Effect"
#define TYPE_WIDE u"zz Effect"

static const GUID provider = { 0x11111111, 0x2222, 0x3333, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const GUID interfaces[1] = { { 0xAAAA0001, 1, 1, { 1 } } };
static const BYTE atr[] = { 0x3B, 0x02, 0x14, 0x50 };

static SCARDCONTEXT context;

/* Whether the ATR belongs to the type, and to none other. */
static bool
known(void)
{
	char list[64];
	DWORD length = sizeof list;

	return SCardListCardsA(context, atr, NULL, 0, list, &length) == SCARD_S_SUCCESS &&
	    strcmp(list, TYPE) == 0;
}

static void
introduce_a(void)
{
	OK(SCardIntroduceCardTypeA(context, TYPE, &provider, interfaces, 1, atr, NULL, 4));
}

static void
card_types(void)
{
	WCHAR wide[32];
	char list[64] = "";
	DWORD length = sizeof list;

	introduce_a();
	EFFECT(SCardIntroduceCardTypeA, known());
	OK(SCardListCardsA(context, atr, NULL, 0, list, &length));
	EFFECT(SCardListCardsA, length == sizeof TYPE + 1 && strcmp(list, TYPE) == 0);
	length = 32;
	OK(SCardListCardsW(context, atr, NULL, 0, wide, &length));
	EFFECT(SCardListCardsW, memcmp(wide, TYPE_WIDE u"\0", length * sizeof(WCHAR)) == 0);
	OK(SCardForgetCardTypeA(context, TYPE));
	EFFECT(SCardForgetCardTypeA, !known());
	OK(SCardIntroduceCardTypeW(context, TYPE_WIDE, NULL, NULL, 0, atr, NULL, 4));
	EFFECT(SCardIntroduceCardTypeW, known());
	OK(SCardForgetCardTypeW(context, TYPE_WIDE));
	EFFECT(SCardForgetCardTypeW, !known());
}

/* The names that PC/SC part 5 has. */
static void
older_names(void)
{
	DWORD length = 0;

	OK(PCSCardIntroduceCardType(context, TYPE, atr, NULL, 4, &provider, interfaces, 1));
	CU_ASSERT_TRUE(known());
	OK(SCardListCardTypes(context, atr, NULL, 0, NULL, &length));
	SUITE_EQUAL_INT(length, sizeof TYPE + 1);
	OK(SCardForgetCardTypeA(context, TYPE));
}

static void
interfaces_and_providers(void)
{
	GUID found = { 0 };
	char name[64] = "";
	WCHAR wide[64];
	DWORD count = 1, length = sizeof name;

	introduce_a();
	OK(SCardListInterfacesA(context, TYPE, &found, &count));
	EFFECT(SCardListInterfacesA, memcmp(&found, interfaces, sizeof found) == 0);
	memset(&found, 0, sizeof found);
	OK(SCardListInterfacesW(context, TYPE_WIDE, &found, &count));
	EFFECT(SCardListInterfacesW, memcmp(&found, interfaces, sizeof found) == 0);
	OK(SCardGetProviderIdA(context, TYPE, &found));
	EFFECT(SCardGetProviderIdA, memcmp(&found, &provider, sizeof found) == 0);
	memset(&found, 0, sizeof found);
	OK(SCardGetProviderIdW(context, TYPE_WIDE, &found));
	EFFECT(SCardGetProviderIdW, memcmp(&found, &provider, sizeof found) == 0);
	OK(SCardSetCardTypeProviderNameA(context, TYPE, SCARD_PROVIDER_CSP, "csp"));
	OK(SCardGetCardTypeProviderNameA(context, TYPE, SCARD_PROVIDER_CSP, name, &length));
	EFFECT(SCardSetCardTypeProviderNameA, strcmp(name, "csp") == 0);
	EFFECT(SCardGetCardTypeProviderNameA, length == 4);
	OK(SCardSetCardTypeProviderNameW(context, TYPE_WIDE, SCARD_PROVIDER_KSP, u"key"));
	length = 64;
	OK(SCardGetCardTypeProviderNameW(context, TYPE_WIDE, SCARD_PROVIDER_KSP, wide, &length));
	EFFECT(SCardSetCardTypeProviderNameW, memcmp(wide, u"key", 8) == 0);
	EFFECT(SCardGetCardTypeProviderNameW, length == 4);
	OK(SCardForgetCardTypeA(context, TYPE));
}

static bool
shown(const char *groups, const char *name)
{
	char list[1024];
	DWORD length = sizeof list;

	return SCardListReadersA(context, groups, list, &length) == SCARD_S_SUCCESS &&
	    fixture_list_has(list, name);
}

static bool
grouped(const char *group)
{
	char list[1024];
	DWORD length = sizeof list;

	return SCardListReaderGroupsA(context, list, &length) == SCARD_S_SUCCESS &&
	    fixture_list_has(list, group);
}

static void
groups(void)
{
	const WCHAR *wide = fixture_reader_wide();
	const char *reader = fixture_reader();

	/* Nothing is there before a reader is in it; that is the effect. */
	OK(SCardIntroduceReaderGroupA(context, "Lobby"));
	EFFECT(SCardIntroduceReaderGroupA, !grouped("Lobby"));
	OK(SCardIntroduceReaderGroupW(context, u"Lobby"));
	EFFECT(SCardIntroduceReaderGroupW, !grouped("Lobby"));
	OK(SCardAddReaderToGroupA(context, reader, "Lobby"));
	EFFECT(SCardAddReaderToGroupA, grouped("Lobby") && shown("Lobby\0", reader));
	OK(SCardRemoveReaderFromGroupA(context, reader, "Lobby"));
	EFFECT(SCardRemoveReaderFromGroupA, !grouped("Lobby") && shown(NULL, reader));
	OK(SCardAddReaderToGroupW(context, wide, u"Lobby"));
	EFFECT(SCardAddReaderToGroupW, shown("Lobby\0", reader));
	OK(SCardRemoveReaderFromGroupW(context, wide, u"Lobby"));
	EFFECT(SCardRemoveReaderFromGroupW, !shown("Lobby\0", reader));
	OK(SCardAddReaderToGroupA(context, reader, "Lobby"));
	OK(SCardForgetReaderGroupA(context, "Lobby"));
	EFFECT(SCardForgetReaderGroupA, !grouped("Lobby") && shown(NULL, reader));
	OK(SCardAddReaderToGroupA(context, reader, "Lobby"));
	OK(SCardForgetReaderGroupW(context, u"Lobby"));
	EFFECT(SCardForgetReaderGroupW, !grouped("Lobby"));
	OK(SCardForgetReaderA(context, reader));
}

static void
readers(void)
{
	OK(SCardIntroduceReaderA(context, "zz Desk", fixture_reader()));
	EFFECT(SCardIntroduceReaderA, shown(NULL, "zz Desk"));
	OK(SCardForgetReaderA(context, "zz Desk"));
	EFFECT(SCardForgetReaderA, !shown(NULL, "zz Desk"));
	OK(SCardIntroduceReaderW(context, u"zz Wide", fixture_reader_wide()));
	EFFECT(SCardIntroduceReaderW, shown(NULL, "zz Wide"));
	OK(SCardForgetReaderW(context, u"zz Wide"));
	EFFECT(SCardForgetReaderW, !shown(NULL, "zz Wide"));
}

static void
choices(void)
{
	char reader[256], type[256];
	WCHAR wide_reader[256], wide_type[256];
	OPENCARDNAME_EXA choice = { .dwStructSize = sizeof choice,
		.hSCardContext = context,
		.dwFlags = SC_DLG_NO_UI,
		.lpstrRdr = reader,
		.nMaxRdr = sizeof reader,
		.lpstrCard = type,
		.nMaxCard = sizeof type,
		.dwShareMode = SCARD_SHARE_SHARED,
		.dwPreferredProtocols = SCARD_PROTOCOL_Tx };
	OPENCARDNAME_EXW wide = { .dwStructSize = sizeof wide,
		.hSCardContext = context,
		.dwFlags = SC_DLG_NO_UI,
		.lpstrRdr = wide_reader,
		.nMaxRdr = 256,
		.lpstrCard = wide_type,
		.nMaxCard = 256 };

	OK(SCardUIDlgSelectCardA(&choice));
	EFFECT(SCardUIDlgSelectCardA,
	    strcmp(reader, fixture_reader()) == 0 &&
		SCardDisconnect(choice.hCardHandle, SCARD_LEAVE_CARD) == SCARD_S_SUCCESS);
	OK(SCardUIDlgSelectCardW(&wide));
	EFFECT(SCardUIDlgSelectCardW,
	    memcmp(wide_reader, fixture_reader_wide(),
		(strlen(fixture_reader()) + 1) * sizeof(WCHAR)) == 0);
	choice.dwFlags = 8;
	CODE(SCardUIDlgSelectCardA(&choice), SCARD_E_INVALID_VALUE);
	EFFECT(SCardDlgExtendedError, SCardDlgExtendedError() == SCARD_E_INVALID_VALUE);
}

static void
choices_of_version_1(void)
{
	char reader[256], type[256];
	WCHAR wide_reader[256], wide_type[256];
	OPENCARDNAMEA choice = { .dwStructSize = sizeof choice,
		.hSCardContext = context,
		.dwFlags = SC_DLG_NO_UI,
		.lpstrRdr = reader,
		.nMaxRdr = sizeof reader,
		.lpstrCard = type,
		.nMaxCard = sizeof type };
	OPENCARDNAMEW wide = { .dwStructSize = sizeof wide,
		.hSCardContext = context,
		.dwFlags = SC_DLG_NO_UI,
		.lpstrRdr = wide_reader,
		.nMaxRdr = 256,
		.lpstrCard = wide_type,
		.nMaxCard = 256 };

	OK(GetOpenCardNameA(&choice));
	EFFECT(GetOpenCardNameA, strcmp(reader, fixture_reader()) == 0);
	OK(GetOpenCardNameW(&wide));
	EFFECT(GetOpenCardNameW,
	    memcmp(wide_reader, fixture_reader_wide(),
		(strlen(fixture_reader()) + 1) * sizeof(WCHAR)) == 0);
}

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

static const struct suite_test tests[] = {
	{ "a context", begin },
	{ "SCardIntroduceCardType, SCardForgetCardType, SCardListCards", card_types },
	{ "PCSCardIntroduceCardType, SCardListCardTypes", older_names },
	{ "SCardListInterfaces, SCardGetProviderId, provider names", interfaces_and_providers },
	{ "groups of readers", groups },
	{ "SCardIntroduceReader, SCardForgetReader", readers },
	{ "SCardUIDlgSelectCard, SCardDlgExtendedError", choices },
	{ "GetOpenCardName", choices_of_version_1 },
	{ "the context's end", end },
};

int
main(void)
{
	return fixture_run("winscard_effects_database", tests, sizeof tests / sizeof tests[0]);
}
