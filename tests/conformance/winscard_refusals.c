/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is refused of the second form of each pair, and what no other program has: bad handles, bad
 * arguments, names that do not exist, buffers that are too small.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/fixture.h"

#define DEAD ((SCARDCONTEXT)0x7FFFFFF)
#define NONE u"zz none"

static const BYTE atr[] = { 0x3B, 0x02, 0x14, 0x50 }, no_atr[] = { 0x00, 0x02, 0x15, 0x50 };
static const GUID interfaces[2] = { { 0xAAAA0001, 1, 1, { 1 } }, { 0xAAAA0002, 2, 2, { 2 } } };

static SCARDCONTEXT context;

/* The functions that accept 0 refuse another context that is none. */
static void
contexts(void)
{
	SCARD_READERSTATEW state = { .szReader = fixture_reader_wide() };
	DWORD length = 0;
	GUID id;

	CODE(SCardListReaderGroupsW(DEAD, NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardListReadersW(DEAD, NULL, NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardListCardsW(DEAD, NULL, NULL, 0, NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardListInterfacesA(DEAD, "zz", NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardListInterfacesW(DEAD, u"zz", NULL, &length), ERROR_INVALID_HANDLE);
	CODE(SCardGetProviderIdW(0, u"zz", &id), ERROR_INVALID_HANDLE);
	CODE(SCardGetCardTypeProviderNameA(DEAD, "zz", SCARD_PROVIDER_CSP, NULL, &length),
	    ERROR_INVALID_HANDLE);
	CODE(SCardGetCardTypeProviderNameW(DEAD, u"zz", SCARD_PROVIDER_CSP, NULL, &length),
	    ERROR_INVALID_HANDLE);
	CODE(SCardSetCardTypeProviderNameA(DEAD, "zz", SCARD_PROVIDER_CSP, "a"),
	    ERROR_INVALID_HANDLE);
	CODE(SCardSetCardTypeProviderNameW(DEAD, u"zz", SCARD_PROVIDER_CSP, u"a"),
	    ERROR_INVALID_HANDLE);
	CODE(SCardIntroduceReaderGroupW(DEAD, u"Lobby"), ERROR_INVALID_HANDLE);
	CODE(SCardForgetReaderGroupW(0, u"Lobby"), ERROR_INVALID_HANDLE);
	CODE(SCardIntroduceReaderW(0, u"zz", u"zz"), ERROR_INVALID_HANDLE);
	CODE(SCardForgetReaderW(0, u"zz"), ERROR_INVALID_HANDLE);
	CODE(SCardAddReaderToGroupW(0, u"zz", u"Lobby"), ERROR_INVALID_HANDLE);
	CODE(SCardRemoveReaderFromGroupW(0, u"zz", u"Lobby"), ERROR_INVALID_HANDLE);
	CODE(SCardIntroduceCardTypeW(0, u"zz", NULL, NULL, 0, atr, NULL, 4), ERROR_INVALID_HANDLE);
	CODE(SCardForgetCardTypeW(0, u"zz"), ERROR_INVALID_HANDLE);
	CODE(SCardGetStatusChangeW(0, 0, &state, 1), ERROR_INVALID_HANDLE);
	CODE(SCardLocateCardsW(0, u"zz\0", &state, 1), ERROR_INVALID_HANDLE);
	CODE(SCardLocateCardsByATRW(0, NULL, 0, &state, 1), ERROR_INVALID_HANDLE);
}

static void
card_handles(void)
{
	SCARDHANDLE card = 0;
	DWORD length = 0;

	CODE(SCardConnectW(
		 0, fixture_reader_wide(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    ERROR_INVALID_HANDLE);
	CODE(SCardStatusW(DEAD, NULL, &length, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
}

static void
lists(void)
{
	WCHAR wide[256], id[256];
	BYTE icon[4];
	DWORD length = 1;

	CODE(SCardListReaderGroupsW(context, wide, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardListReaderGroupsW(context, wide, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 22);
	length = sizeof icon;
	CODE(SCardGetReaderIconW(context, fixture_reader_wide(), icon, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	CU_ASSERT(length > 22);
	length = 1;
	CODE(SCardGetReaderDeviceInstanceIdW(context, fixture_reader_wide(), wide, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	CU_ASSERT(length > 1);
	length = 256;
	OK(SCardGetReaderDeviceInstanceIdW(context, fixture_reader_wide(), id, &length));
	length = 1;
	CODE(SCardListReadersWithDeviceInstanceIdW(context, id, wide, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, strlen(fixture_reader()) + 2);
}

static void
card_types(void)
{
	WCHAR wide[16] = u"untouched";
	DWORD length = 3;
	GUID found[2];

	OK(SCardIntroduceCardTypeW(context, u"zz Plain", NULL, interfaces, 2, atr, NULL, 4));
	CODE(SCardIntroduceCardTypeW(context, u"zz", NULL, NULL, 0, no_atr, NULL, 0),
	    SCARD_E_INVALID_ATR);
	CODE(SCardListCardsW(context, atr, NULL, 0, wide, &length), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 10);
	CODE(SCardListCardsW(context, no_atr, NULL, 0, NULL, &length), SCARD_E_INVALID_ATR);
	length = 1;
	CODE(SCardListInterfacesW(context, u"zz Plain", found, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 2);
	CODE(SCardListInterfacesW(context, u"zz Plain", found, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetProviderIdW(context, u"zz Plain", found), SCARD_E_ICC_INSTALLATION);
	CODE(SCardGetProviderIdW(context, u"", found), SCARD_E_INVALID_PARAMETER);
	CODE(SCardForgetCardTypeW(context, NULL), SCARD_E_INVALID_PARAMETER);
	OK(SCardForgetCardTypeW(context, u"zz Plain"));
}

static void
provider_names(void)
{
	static const DWORD csp = SCARD_PROVIDER_CSP, ksp = SCARD_PROVIDER_KSP;
	WCHAR wide[16] = u"untouched";
	DWORD length = 3;

	OK(SCardIntroduceCardTypeW(context, u"zz Plain", NULL, NULL, 0, atr, NULL, 4));
	OK(SCardSetCardTypeProviderNameW(context, u"zz Plain", csp, u"a csp"));
	/* The one function that keeps the length as it was. */
	CODE(SCardGetCardTypeProviderNameW(context, u"zz Plain", csp, wide, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 3);
	CU_ASSERT_EQUAL(memcmp(wide, u"untouched", sizeof u"untouched"), 0);
	CODE(SCardGetCardTypeProviderNameW(context, NULL, csp, wide, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetCardTypeProviderNameW(context, u"zz Plain", csp, wide, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetCardTypeProviderNameW(context, u"zz Plain", ksp, wide, &length),
	    ERROR_FILE_NOT_FOUND);
	CODE(SCardGetCardTypeProviderNameA(context, "zz none", csp, NULL, &length),
	    SCARD_E_UNKNOWN_CARD);
	CODE(SCardSetCardTypeProviderNameW(context, NONE, csp, u"a"), SCARD_E_UNKNOWN_CARD);
	OK(SCardForgetCardTypeW(context, u"zz Plain"));
}

/* 9.16: AUTOALLOCATE, context 0, and the three kinds of provider of a type that was introduced. */
static void
provider_names_of_three_kinds(void)
{
	static const struct {
		DWORD id;
		const char *name;
		const WCHAR *wide;
	} kinds[] = {
		{ SCARD_PROVIDER_CSP, "csp", u"csp" },
		{ SCARD_PROVIDER_KSP, "storage", u"storage" },
		{ SCARD_PROVIDER_CARD_MODULE, "module.so", u"module.so" },
	};

	OK(SCardIntroduceCardTypeA(context, "zz Plain", NULL, NULL, 0, atr, NULL, 4));
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		SCARDCONTEXT whose = i == 0 ? 0 : context;
		DWORD length = SCARD_AUTOALLOCATE;
		char *text = NULL;
		WCHAR *wide = NULL;

		OK(SCardSetCardTypeProviderNameA(context, "zz Plain", kinds[i].id, kinds[i].name));
		OK(SCardGetCardTypeProviderNameA(
		    whose, "zz Plain", kinds[i].id, (LPSTR)&text, &length));
		SUITE_EQUAL_STRING(text, kinds[i].name);
		SUITE_EQUAL_INT(length, strlen(kinds[i].name) + 1);
		OK(SCardFreeMemory(whose, text));
		length = SCARD_AUTOALLOCATE;
		OK(SCardGetCardTypeProviderNameW(
		    whose, u"zz Plain", kinds[i].id, (LPWSTR)&wide, &length));
		SUITE_EQUAL_INT(length, strlen(kinds[i].name) + 1);
		CU_ASSERT_EQUAL(memcmp(wide, kinds[i].wide, length * sizeof(WCHAR)), 0);
		OK(SCardFreeMemory(whose, wide));
	}
	OK(SCardForgetCardTypeA(context, "zz Plain"));
}

static void
readers_and_groups(void)
{
	OK(SCardIntroduceReaderW(context, u"zz Away", u"zz No such device"));
	CODE(SCardIntroduceReaderW(context, u"zz Away", u"zz Another"), SCARD_E_DUPLICATE_READER);
	OK(SCardForgetReaderW(context, u"zz Away"));
	CODE(SCardForgetReaderW(context, u""), SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceReaderGroupW(context, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardAddReaderToGroupW(context, fixture_reader_wide(), NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardRemoveReaderFromGroupW(context, NULL, u"Lobby"), SCARD_E_INVALID_PARAMETER);
}

static void
watching(void)
{
	SCARD_READERSTATEA nameless = { .szReader = NULL };
	SCARD_READERSTATEW wide_nameless = { .szReader = NULL }, state = { .szReader = NONE };
	WCHAR endless[301];

	CODE(
	    SCardLocateCardsA(context, "Tessera soft card\0", &nameless, 1), SCARD_E_INVALID_VALUE);
	CODE(SCardLocateCardsW(context, u"Tessera soft card\0", &wide_nameless, 1),
	    SCARD_E_INVALID_VALUE);
	CODE(SCardLocateCardsW(context, NULL, &state, 1), SCARD_E_INVALID_PARAMETER);
	CODE(SCardLocateCardsByATRA(context, NULL, 0, &nameless, 1), SCARD_E_INVALID_VALUE);
	CODE(SCardLocateCardsByATRW(context, NULL, 0, &wide_nameless, 1), SCARD_E_INVALID_VALUE);
	CODE(SCardGetStatusChangeW(context, 0, &wide_nameless, 1), SCARD_E_INVALID_VALUE);
	state.dwCurrentState = SCARD_STATE_UNKNOWN;
	CODE(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_E_TIMEOUT);
	for (size_t i = 0; i < 300; i++)
		endless[i] = u'x';
	endless[300] = 0;
	state.szReader = endless;
	CODE(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_E_UNKNOWN_READER);
}

static void
connecting(void)
{
	const WCHAR *wide = fixture_reader_wide();
	SCARDHANDLE owner = 0, card = 6;
	WCHAR name[2];
	DWORD length = 2;

	CODE(SCardConnectA(context, fixture_reader(), 4, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_INVALID_VALUE);
	CODE(
	    SCardConnectW(context, wide, 0, SCARD_PROTOCOL_Tx, &card, NULL), SCARD_E_INVALID_VALUE);
	CODE(SCardConnectW(context, wide, SCARD_SHARE_SHARED, 0, &card, NULL),
	    SCARD_E_PROTO_MISMATCH);
	OK(SCardConnectW(context, wide, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_Tx, &owner, NULL));
	CODE(SCardConnectW(context, wide, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_SHARING_VIOLATION);
	CODE(SCardConnectA(
		 context, fixture_reader(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_SHARING_VIOLATION);
	SUITE_EQUAL_INT(card, 6);
	CODE(SCardStatusW(owner, name, &length, NULL, NULL, NULL, NULL),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, strlen(fixture_reader()) + 2);
	OK(SCardDisconnect(owner, SCARD_LEAVE_CARD));
}

static void
reader_access(void)
{
	SCARDHANDLE card = fixture_connect(context);
	DWORD id = SCARD_ATTR_ATR_STRING;
	BYTE out[2];
	DWORD length = 0;

	CODE(SCardControl(card, SCARD_CTL_CODE(3333), NULL, 0, out, sizeof out, &length),
	    ERROR_INVALID_FUNCTION);
	CODE(SCardControl(card, SCARD_CTL_CODE(2), &id, sizeof id, out, sizeof out, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	CU_ASSERT(length > 2);
	OK(SCardDisconnect(card, SCARD_LEAVE_CARD));
}

static void
cache(void)
{
	UUID identifier = { 0x4EF05A15, 1, 2, { 3 } };
	BYTE data[4];
	DWORD length = 1;

	OK(SCardWriteCacheW(context, &identifier, 5, (LPWSTR)u"item", (PBYTE) "abcd", 4));
	CODE(SCardReadCacheW(context, &identifier, 5, (LPWSTR)u"item", data, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 4);
	CODE(SCardReadCacheW(context, &identifier, 6, (LPWSTR)u"item", data, &length),
	    SCARD_W_CACHE_ITEM_STALE);
	CODE(SCardReadCacheW(context, &identifier, 5, (LPWSTR)u"item", data, &length),
	    SCARD_W_CACHE_ITEM_NOT_FOUND);
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
	{ "ERROR_INVALID_HANDLE of functions on contexts", contexts },
	{ "ERROR_INVALID_HANDLE of connections", card_handles },
	{ "lists and devices", lists },
	{ "card types", card_types },
	{ "9.16 provider names: what is refused", provider_names },
	{ "9.16 provider names: three kinds, context 0, SCARD_AUTOALLOCATE",
	    provider_names_of_three_kinds },
	{ "readers and groups", readers_and_groups },
	{ "SCardGetStatusChange, SCardLocateCards, SCardLocateCardsByATR", watching },
	{ "SCardConnect, SCardStatus", connecting },
	{ "SCardControl", reader_access },
	{ "SCardReadCache", cache },
	{ "the context's end", end },
};

int
main(void)
{
	return fixture_run("winscard_refusals", tests, sizeof tests / sizeof tests[0]);
}
