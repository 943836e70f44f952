/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Card types in the database: SCardIntroduceCardType, SCardForgetCardType, SCardListCards,
 * SCardListInterfaces, SCardGetProviderId, SCardGetCardTypeProviderName and
 * SCardSetCardTypeProviderName, SCardLocateCards and SCardLocateCardsByATR, A and W.
 */
#include <string.h>

#include "tests/conformance/fixture.h"

#define LIST_SIZE 4096u

static const GUID provider = { 0x11111111, 0x2222, 0x3333, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const GUID interfaces[2] = { { 0xAAAA0001, 1, 1, { 1 } }, { 0xAAAA0002, 2, 2, { 2 } } };
static const BYTE atr_plain[] = { 0x3B, 0x02, 0x14, 0x50 };
static const BYTE atr_masked[] = { 0x3B, 0x02, 0x53, 0x00 };
static const BYTE mask[] = { 0xFF, 0xFF, 0xFF, 0x00 };

/* Two card types of the user's own, and another context's worth of nothing. */
static SCARDCONTEXT
begin(void)
{
	SCARDCONTEXT context = fixture_context();

	OK(SCardIntroduceCardTypeA(
	    context, "zz Plain", &provider, interfaces, 2, atr_plain, NULL, sizeof atr_plain));
	OK(SCardIntroduceCardTypeW(
	    context, u"zz Masked \u00e9", NULL, interfaces, 1, atr_masked, mask, 4));
	return context;
}

static void
end(SCARDCONTEXT context)
{
	OK(SCardForgetCardTypeA(context, "zz Plain"));
	OK(SCardForgetCardTypeW(context, u"zz Masked \u00e9"));
	OK(SCardReleaseContext(context));
}

static const char *
listed(SCARDCONTEXT context, const BYTE *atr, const GUID *iids, DWORD count)
{
	static char list[LIST_SIZE];
	DWORD length = sizeof list;

	memset(list, 0x55, sizeof list);
	OK(SCardListCardsA(context, atr, iids, count, list, &length));
	SUITE_EQUAL_INT(fixture_list_length(list, sizeof list), length);
	SUITE_EQUAL_BYTES(list + length, 2, "55 55");
	return list;
}

static void
list_all(void)
{
	SCARDCONTEXT context = begin();
	const char *list = listed(context, NULL, NULL, 0), *next;

	CU_ASSERT_TRUE(fixture_list_has(list, "zz Plain"));
	CU_ASSERT_TRUE(fixture_list_has(list, "zz Masked \xC3\xA9"));
	for (; *list != '\0' && *(next = list + strlen(list) + 1) != '\0'; list = next)
		CU_ASSERT(strcmp(list, next) < 0);
	CU_ASSERT_TRUE(fixture_list_has(listed(0, NULL, NULL, 0), "zz Plain"));
	end(context);
	CU_ASSERT_FALSE(fixture_list_has(listed(0, NULL, NULL, 0), "zz Plain"));
}

static void
list_by_atr(void)
{
	static const BYTE padded[36] = { 0x3B, 0x02, 0x14, 0x50 };
	static const BYTE through[] = { 0x3B, 0x02, 0x53, 0x77 };
	static const BYTE none[] = { 0x3B, 0x02, 0x15, 0x50 },
			  broken[] = { 0x00, 0x02, 0x15, 0x50 };
	SCARDCONTEXT context = begin();
	DWORD length = 0;

	SUITE_EQUAL_STRING(listed(context, atr_plain, NULL, 0), "zz Plain");
	SUITE_EQUAL_STRING(listed(context, padded, NULL, 0), "zz Plain");
	SUITE_EQUAL_STRING(listed(context, through, NULL, 0), "zz Masked \xC3\xA9");
	SUITE_EQUAL_STRING(listed(context, none, NULL, 0), "");
	OK(SCardListCardsA(context, none, NULL, 0, NULL, &length));
	SUITE_EQUAL_INT(length, 1);
	CODE(SCardListCardsA(context, broken, NULL, 0, NULL, &length), SCARD_E_INVALID_ATR);
	end(context);
}

/* What is shipped knows cards that exist, by the ATRs that they have. */
static void
list_shipped(void)
{
	static const struct {
		BYTE atr[33];
		const char *name;
	} cards[] = {
		{ { 0x3B, 0xFD, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x15, 0x80, 0x73, 0xC0, 0x21,
		      0xC0, 0x57, 0x59, 0x75, 0x62, 0x69, 0x4B, 0x65, 0x79, 0x40 },
		    "PIV (YubiKey 5)" },
		{ { 0x3B, 0xDB, 0x96, 0x00, 0x80, 0x1F, 0x03, 0x00, 0x31, 0xC0, 0x64, 0xB0, 0xF3,
		      0x10, 0x00, 0x0F, 0x90, 0x00, 0x88 },
		    "ID-One Cosmo (PIV, CAC)" },
		{ { 0x3B, 0xDB, 0x96, 0x00, 0x80, 0x1F, 0x03, 0x00, 0x31, 0xC0, 0x64, 0x77, 0xE3,
		      0x03, 0x00, 0x82, 0x90, 0x00, 0xC1 },
		    "ID-One Cosmo (PIV, CAC)" },
		{ { 0x3B, 0x7A, 0x18, 0x00, 0x00, 0x73, 0x66, 0x74, 0x65, 0x20, 0x63, 0x64, 0x31,
		      0x34, 0x34 },
		    "libcacard CAC" },
	};
	SCARDCONTEXT context = fixture_context();

	for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++)
		SUITE_EQUAL_STRING(listed(context, cards[i].atr, NULL, 0), cards[i].name);
	OK(SCardReleaseContext(context));
}

static void
list_by_interface(void)
{
	static const GUID other = { 0xBBBB0001, 1, 1, { 1 } };
	SCARDCONTEXT context = begin();

	SUITE_EQUAL_STRING(listed(context, NULL, interfaces, 2), "zz Plain");
	CU_ASSERT_TRUE(
	    fixture_list_has(listed(context, NULL, interfaces, 1), "zz Masked \xC3\xA9"));
	SUITE_EQUAL_STRING(listed(context, NULL, &other, 1), "");
	SUITE_EQUAL_STRING(listed(context, atr_plain, &other, 1), "");
	CU_ASSERT_TRUE(fixture_list_has(listed(context, NULL, NULL, 7), "zz Plain"));
	end(context);
}

static void
list_buffers(void)
{
	static const BYTE through[] = { 0x3B, 0x02, 0x53, 0x77 };
	SCARDCONTEXT context = begin();
	WCHAR wide[32], *block = NULL;
	char list[16] = "";
	DWORD length = 3;

	CODE(SCardListCardsA(context, NULL, NULL, 0, list, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardListCardsW(context, NULL, NULL, 0, wide, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardListCardsA(context, atr_plain, NULL, 0, list, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 10);
	SUITE_EQUAL_STRING(list, "");
	length = 32;
	OK(SCardListCardsW(context, through, NULL, 0, wide, &length));
	SUITE_EQUAL_INT(length, sizeof u"zz Masked \u00e9" / sizeof(WCHAR) + 1);
	CU_ASSERT_EQUAL(memcmp(wide, u"zz Masked \u00e9\0", length * sizeof(WCHAR)), 0);
	length = SCARD_AUTOALLOCATE;
	OK(SCardListCardsW(0, through, NULL, 0, (LPWSTR)&block, &length));
	CU_ASSERT_EQUAL(memcmp(block, wide, length * sizeof(WCHAR)), 0);
	OK(SCardFreeMemory(0, block));
	CODE(SCardListCardsA(context + 1, NULL, NULL, 0, NULL, &length), ERROR_INVALID_HANDLE);
	end(context);
}

static void
list_interfaces(void)
{
	SCARDCONTEXT context = begin();
	GUID found[2], *block = NULL;
	DWORD count = 0;

	OK(SCardListInterfacesA(context, "ZZ plain", NULL, &count));
	SUITE_EQUAL_INT(count, 2);
	OK(SCardListInterfacesA(context, "zz Plain", found, &count));
	CU_ASSERT_EQUAL(memcmp(found, interfaces, sizeof found), 0);
	count = 1;
	CODE(SCardListInterfacesA(context, "zz Plain", found, &count), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(count, 2);
	count = SCARD_AUTOALLOCATE;
	OK(SCardListInterfacesW(0, u"zz Masked \u00e9", (LPGUID)&block, &count));
	SUITE_EQUAL_INT(count, 1);
	CU_ASSERT_EQUAL(memcmp(block, interfaces, sizeof *block), 0);
	OK(SCardFreeMemory(0, block));
	CODE(SCardListInterfacesA(context, "zz none", NULL, &count), SCARD_E_UNKNOWN_CARD);
	CODE(SCardListInterfacesW(context, u"zz none", NULL, &count), SCARD_E_UNKNOWN_CARD);
	CODE(SCardListInterfacesA(context, NULL, NULL, &count), SCARD_E_INVALID_PARAMETER);
	CODE(SCardListInterfacesA(context, "zz Plain", found, NULL), SCARD_E_INVALID_PARAMETER);
	end(context);
}

static void
provider_id(void)
{
	SCARDCONTEXT context = begin();
	GUID found;

	OK(SCardGetProviderIdA(context, "zz Plain", &found));
	CU_ASSERT_EQUAL(memcmp(&found, &provider, sizeof found), 0);
	memset(&found, 0, sizeof found);
	OK(SCardGetProviderIdW(context, u"zz Plain", &found));
	CU_ASSERT_EQUAL(memcmp(&found, &provider, sizeof found), 0);
	CODE(SCardGetProviderIdA(context, "zz Masked \xC3\xA9", &found), SCARD_E_ICC_INSTALLATION);
	CODE(SCardGetProviderIdA(context, "zz none", &found), SCARD_E_UNKNOWN_CARD);
	CODE(SCardGetProviderIdW(context, u"zz none", &found), SCARD_E_UNKNOWN_CARD);
	CODE(SCardGetProviderIdA(context, "zz Plain", NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetProviderIdA(context, "", &found), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetProviderIdA(0, "zz Plain", &found), ERROR_INVALID_HANDLE);
	end(context);
}

static void
provider_names(void)
{
	static const struct {
		DWORD id;
		const char *name;
	} rows[] = {
		{ SCARD_PROVIDER_CSP, "a csp" },
		{ SCARD_PROVIDER_KSP, "a ksp" },
		{ SCARD_PROVIDER_CARD_MODULE, "module.dll" },
		{ 0x80000005, "another" },
		{ SCARD_PROVIDER_PRIMARY, "{99999999-2222-3333-0102-030405060708}" },
	};
	SCARDCONTEXT context = begin();
	char name[64];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		DWORD length = sizeof name;

		OK(SCardSetCardTypeProviderNameA(context, "zz Plain", rows[i].id, rows[i].name));
		OK(SCardGetCardTypeProviderNameA(context, "zz Plain", rows[i].id, name, &length));
		SUITE_EQUAL_STRING(name, rows[i].name);
		SUITE_EQUAL_INT(length, strlen(rows[i].name) + 1);
		OK(SCardGetCardTypeProviderNameA(0, "zz Plain", rows[i].id, NULL, &length));
	}
	OK(SCardSetCardTypeProviderNameW(context, u"zz Plain", SCARD_PROVIDER_CSP, u"b"));
	{
		WCHAR wide[4], *block = NULL;
		DWORD length = 4;

		OK(SCardGetCardTypeProviderNameW(
		    context, u"zz Plain", SCARD_PROVIDER_CSP, wide, &length));
		SUITE_EQUAL_INT(length, 2);
		CU_ASSERT_EQUAL(memcmp(wide, u"b", 4), 0);
		length = SCARD_AUTOALLOCATE;
		OK(SCardGetCardTypeProviderNameW(
		    context, u"zz Plain", SCARD_PROVIDER_KSP, (LPWSTR)&block, &length));
		SUITE_EQUAL_INT(length, 6);
		OK(SCardFreeMemory(context, block));
	}
	end(context);
}

static void
provider_name_errors(void)
{
	SCARDCONTEXT context = begin();
	char name[64] = "untouched";
	DWORD length = 3;

	OK(SCardSetCardTypeProviderNameA(context, "zz Plain", SCARD_PROVIDER_CSP, "a csp"));
	CODE(SCardGetCardTypeProviderNameA(context, "zz Plain", SCARD_PROVIDER_CSP, name, &length),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 3);
	SUITE_EQUAL_STRING(name, "untouched");
	length = sizeof name;
	CODE(SCardGetCardTypeProviderNameA(context, NULL, SCARD_PROVIDER_CSP, name, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetCardTypeProviderNameA(context, "zz Plain", SCARD_PROVIDER_CSP, name, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetCardTypeProviderNameA(context, "zz Plain", 0, name, &length),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetCardTypeProviderNameA(context, "zz Plain", SCARD_PROVIDER_KSP, name, &length),
	    ERROR_FILE_NOT_FOUND);
	CODE(SCardGetCardTypeProviderNameW(context, u"zz none", SCARD_PROVIDER_KSP, NULL, &length),
	    SCARD_E_UNKNOWN_CARD);
	CODE(SCardSetCardTypeProviderNameA(context, "zz none", SCARD_PROVIDER_CSP, "a"),
	    SCARD_E_UNKNOWN_CARD);
	CODE(SCardSetCardTypeProviderNameA(context, "zz Plain", SCARD_PROVIDER_CSP, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardSetCardTypeProviderNameA(context, "zz Plain", SCARD_PROVIDER_PRIMARY, "a"),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardSetCardTypeProviderNameW(context, u"zz Plain", 0, u"a"),
	    SCARD_E_INVALID_PARAMETER);
	end(context);
}

static void
introduce_errors(void)
{
	SCARDCONTEXT context = fixture_context();
	BYTE atr[40] = { 0x3B };
	char name[300];

	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	CODE(SCardIntroduceCardTypeA(context, "zz a", NULL, NULL, 0, NULL, NULL, 0),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceCardTypeA(context, "zz a", NULL, NULL, 0, atr, NULL, 34),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceCardTypeA(context, "zz a", NULL, NULL, 0, atr, NULL, 1),
	    SCARD_E_INVALID_ATR);
	CODE(SCardIntroduceCardTypeA(context, "zz a", NULL, NULL, 0, atr + 1, NULL, 0),
	    SCARD_E_INVALID_ATR);
	CODE(SCardIntroduceCardTypeA(context, NULL, NULL, NULL, 0, atr_plain, NULL, 4),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceCardTypeA(context, name, NULL, NULL, 0, atr_plain, NULL, 4),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardIntroduceCardTypeW(context, u"a\nb", NULL, NULL, 0, atr_plain, NULL, 4),
	    SCARD_E_INVALID_PARAMETER);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "control character"));
	CODE(SCardIntroduceCardTypeA(0, "zz a", NULL, NULL, 0, atr_plain, NULL, 4),
	    ERROR_INVALID_HANDLE);
	CODE(SCardForgetCardTypeA(context, "zz a"), SCARD_E_UNKNOWN_CARD);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "has no file for \"zz a\""));
	CODE(SCardForgetCardTypeW(context, u"zz a"), SCARD_E_UNKNOWN_CARD);
	CODE(SCardForgetCardTypeA(context, NULL), SCARD_E_INVALID_PARAMETER);
	CODE(SCardForgetCardTypeA(0, "zz a"), ERROR_INVALID_HANDLE);
	/* The length from the ATR itself; the second replaces the first. */
	OK(SCardIntroduceCardTypeA(context, "zz a", NULL, NULL, 0, atr_plain, NULL, 0));
	SUITE_EQUAL_STRING(listed(context, atr_plain, NULL, 0), "zz a");
	OK(SCardIntroduceCardTypeA(context, "zz A", NULL, NULL, 0, atr_masked, NULL, 4));
	SUITE_EQUAL_STRING(listed(context, atr_plain, NULL, 0), "");
	OK(SCardForgetCardTypeA(context, "zz a"));
	OK(SCardReleaseContext(context));
}

/* The type of the card that the fixture's reader has, and one that it is not. */
static SCARDCONTEXT
begin_locating(SCARD_READERSTATEA *state)
{
	SCARDCONTEXT context = fixture_context();

	memset(state, 0, sizeof *state);
	state->szReader = fixture_reader();
	OK(SCardGetStatusChangeA(context, 0, state, 1));
	OK(SCardIntroduceCardTypeA(
	    context, "zz This", NULL, NULL, 0, state->rgbAtr, NULL, state->cbAtr));
	OK(SCardIntroduceCardTypeA(context, "zz Other", NULL, NULL, 0, atr_plain, NULL, 4));
	state->dwCurrentState = SCARD_STATE_UNAWARE;
	return context;
}

static void
locate(void)
{
	SCARD_READERSTATEA states[3];
	SCARD_READERSTATEW wide = { .szReader = fixture_reader_wide() };
	SCARDCONTEXT context = begin_locating(&states[0]);

	states[1] = states[0];
	states[1].dwCurrentState = SCARD_STATE_IGNORE;
	states[2] = (SCARD_READERSTATEA){ .szReader = "no such reader" };
	OK(SCardLocateCardsA(context, "zz Other\0zz This\0", states, 3));
	SUITE_EQUAL_HEX(states[0].dwEventState & 0x62,
	    SCARD_STATE_ATRMATCH | SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	CU_ASSERT(states[0].cbAtr > 0);
	SUITE_EQUAL_HEX(states[1].dwEventState & SCARD_STATE_ATRMATCH, 0);
	CU_ASSERT(states[2].dwEventState & SCARD_STATE_UNKNOWN);
	OK(SCardLocateCardsA(context, "zz Other\0", states, 1));
	SUITE_EQUAL_HEX(states[0].dwEventState & 0x60, SCARD_STATE_PRESENT);
	OK(SCardLocateCardsW(context, u"zz This\0", &wide, 1));
	SUITE_EQUAL_HEX(wide.dwEventState & 0x60, SCARD_STATE_ATRMATCH | SCARD_STATE_PRESENT);
	/* Nothing differs: still a success. */
	states[0].dwCurrentState = states[0].dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	OK(SCardLocateCardsA(context, "zz This\0", states, 1));
	CU_ASSERT(states[0].dwEventState & SCARD_STATE_ATRMATCH);
	CODE(SCardLocateCardsA(context, "zz This\0zz none\0", states, 1), SCARD_E_UNKNOWN_CARD);
	CODE(SCardLocateCardsW(context, u"zz none\0", &wide, 1), SCARD_E_UNKNOWN_CARD);
	CODE(SCardLocateCardsA(context, NULL, states, 1), SCARD_E_INVALID_PARAMETER);
	CODE(SCardLocateCardsA(context, "zz This\0", NULL, 1), SCARD_E_INVALID_PARAMETER);
	CODE(SCardLocateCardsA(0, "zz This\0", states, 1), ERROR_INVALID_HANDLE);
	OK(SCardForgetCardTypeA(context, "zz This"));
	OK(SCardForgetCardTypeA(context, "zz Other"));
	OK(SCardReleaseContext(context));
}

static void
locate_by_atr(void)
{
	SCARD_READERSTATEA state;
	SCARD_READERSTATEW wide = { .szReader = fixture_reader_wide() };
	SCARD_ATRMASK masks[2] = { { .cbAtr = 4, .rgbAtr = { 0x3B } } };
	SCARDCONTEXT context = begin_locating(&state);

	masks[1].cbAtr = state.cbAtr;
	memset(masks[1].rgbMask, 0xFF, state.cbAtr - 1);
	memcpy(masks[1].rgbAtr, state.rgbAtr, state.cbAtr - 1);
	OK(SCardLocateCardsByATRA(context, masks, 2, &state, 1));
	SUITE_EQUAL_HEX(state.dwEventState & 0x60, SCARD_STATE_ATRMATCH | SCARD_STATE_PRESENT);
	OK(SCardLocateCardsByATRW(context, masks, 2, &wide, 1));
	SUITE_EQUAL_HEX(wide.dwEventState & 0x60, SCARD_STATE_ATRMATCH | SCARD_STATE_PRESENT);
	OK(SCardLocateCardsByATRA(context, masks, 1, &state, 1));
	SUITE_EQUAL_HEX(state.dwEventState & 0x60, SCARD_STATE_PRESENT);
	/* A bit outside the mask: never. */
	masks[1].rgbAtr[masks[1].cbAtr - 1] = 0x01;
	OK(SCardLocateCardsByATRA(context, masks, 2, &state, 1));
	SUITE_EQUAL_HEX(state.dwEventState & 0x60, SCARD_STATE_PRESENT);
	OK(SCardLocateCardsByATRA(context, NULL, 0, &state, 1));
	CODE(SCardLocateCardsByATRA(context, NULL, 1, &state, 1), SCARD_E_INVALID_PARAMETER);
	CODE(SCardLocateCardsByATRW(context, NULL, 1, &wide, 1), SCARD_E_INVALID_PARAMETER);
	masks[0].cbAtr = 37;
	CODE(SCardLocateCardsByATRA(context, masks, 1, &state, 1), SCARD_E_INVALID_PARAMETER);
	CODE(SCardLocateCardsByATRA(0, masks, 0, &state, 1), ERROR_INVALID_HANDLE);
	OK(SCardForgetCardTypeA(context, "zz This"));
	OK(SCardForgetCardTypeA(context, "zz Other"));
	OK(SCardReleaseContext(context));
}

/* What one scope has, the other's context does not forget. */
static void
scopes(void)
{
	SCARDCONTEXT user = fixture_context(), whole;
	DWORD length = 0;

	OK(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &whole));
	OK(SCardIntroduceCardTypeA(user, "zz User", NULL, NULL, 0, atr_plain, NULL, 4));
	SUITE_EQUAL_STRING(listed(user, atr_plain, NULL, 0), "zz User");
	SUITE_EQUAL_STRING(listed(whole, atr_plain, NULL, 0), "");
	CODE(SCardForgetCardTypeA(whole, "zz User"), SCARD_E_UNKNOWN_CARD);
	CODE(SCardListInterfacesA(whole, "zz User", NULL, &length), SCARD_E_UNKNOWN_CARD);
	OK(SCardForgetCardTypeA(user, "zz User"));
	OK(SCardReleaseContext(whole));
	OK(SCardReleaseContext(user));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "9.15 SCardListCards: all, by name", list_all },
		{ "9.15 SCardListCards: by ATR, padded and through the mask", list_by_atr },
		{ "SCardListCards: card types that are shipped", list_shipped },
		{ "SCardListCards: by interfaces", list_by_interface },
		{ "9.15 SCardListCards: buffers and handles", list_buffers },
		{ "SCardListInterfaces", list_interfaces },
		{ "SCardGetProviderId", provider_id },
		{ "9.16 SCardSetCardTypeProviderName, SCardGetCardTypeProviderName",
		    provider_names },
		{ "9.16 provider names: errors", provider_name_errors },
		{ "SCardIntroduceCardType, SCardForgetCardType: errors, replacing",
		    introduce_errors },
		{ "SCardLocateCards", locate },
		{ "SCardLocateCardsByATR", locate_by_atr },
		{ "the user's scope and the system's", scopes },
	};

	return fixture_run("winscard_cards", tests, sizeof tests / sizeof tests[0]);
}
