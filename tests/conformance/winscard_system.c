/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system's scope: what a context with SCARD_SCOPE_SYSTEM, or no context, writes is in the
 * administrator's layer, and everybody sees it. winscard_system.sh gives this program a layer of
 * its own.
 */
#include <string.h>

#include "tests/conformance/fixture.h"

static const BYTE atr[] = { 0x3B, 0x02, 0x14, 0x50 }, other_atr[] = { 0x3B, 0x02, 0x14, 0x51 };
static const GUID provider = { 0x11111111, 0x2222, 0x3333, { 1, 2, 3, 4, 5, 6, 7, 8 } };

static SCARDCONTEXT whole, user;

static void
begin(void)
{
	OK(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &whole));
	OK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &user));
}

/* The one type that an ATR belongs to; "" for none. */
static const char *
type_of(SCARDCONTEXT context, const BYTE *bytes)
{
	static char list[256];
	DWORD length = sizeof list;

	OK(SCardListCardsA(context, bytes, NULL, 0, list, &length));
	return list;
}

static void
card_types(void)
{
	GUID found;

	OK(SCardIntroduceCardTypeA(whole, "zz System", &provider, NULL, 0, atr, NULL, 4));
	SUITE_EQUAL_STRING(type_of(whole, atr), "zz System");
	SUITE_EQUAL_STRING(type_of(user, atr), "zz System");
	SUITE_EQUAL_STRING(type_of(0, atr), "zz System");
	OK(SCardGetProviderIdA(user, "zz System", &found));
	CU_ASSERT_EQUAL(memcmp(&found, &provider, sizeof found), 0);
	/* Each scope forgets its own alone. */
	CODE(SCardForgetCardTypeA(user, "zz System"), SCARD_E_UNKNOWN_CARD);
	/* The user's of that name hides the system's, from the user. */
	OK(SCardIntroduceCardTypeW(user, u"zz System", NULL, NULL, 0, other_atr, NULL, 4));
	SUITE_EQUAL_STRING(type_of(user, atr), "");
	SUITE_EQUAL_STRING(type_of(user, other_atr), "zz System");
	SUITE_EQUAL_STRING(type_of(whole, atr), "zz System");
	SUITE_EQUAL_STRING(type_of(whole, other_atr), "");
	OK(SCardForgetCardTypeA(user, "zz System"));
	SUITE_EQUAL_STRING(type_of(user, atr), "zz System");
}

static void
provider_names(void)
{
	char name[32];
	DWORD length = sizeof name;

	/* Without a context. */
	OK(SCardSetCardTypeProviderNameA(0, "zz System", SCARD_PROVIDER_CSP, "csp"));
	OK(SCardSetCardTypeProviderNameW(whole, u"zz System", SCARD_PROVIDER_KSP, u"ksp"));
	OK(SCardGetCardTypeProviderNameA(user, "zz System", SCARD_PROVIDER_CSP, name, &length));
	SUITE_EQUAL_STRING(name, "csp");
	length = sizeof name;
	OK(SCardGetCardTypeProviderNameA(0, "zz System", SCARD_PROVIDER_KSP, name, &length));
	SUITE_EQUAL_STRING(name, "ksp");
	OK(SCardForgetCardTypeW(whole, u"zz System"));
	SUITE_EQUAL_STRING(type_of(user, atr), "");
	CODE(SCardForgetCardTypeW(whole, u"zz System"), SCARD_E_UNKNOWN_CARD);
}

static bool
shown(SCARDCONTEXT context, const char *groups, const char *name)
{
	char list[1024];
	DWORD length = sizeof list;
	LONG code = SCardListReadersA(context, groups, list, &length);

	if (code == SCARD_E_NO_READERS_AVAILABLE)
		return false;
	OK(code);
	return fixture_list_has(list, name);
}

static void
readers(void)
{
	OK(SCardIntroduceReaderA(whole, "zz Counter", fixture_reader()));
	CU_ASSERT_TRUE(shown(whole, NULL, "zz Counter"));
	CU_ASSERT_TRUE(shown(user, NULL, "zz Counter"));
	CU_ASSERT_TRUE(shown(0, SCARD_DEFAULT_READERS, "zz Counter"));
	OK(SCardIntroduceReaderGroupA(0, "Hall"));
	OK(SCardAddReaderToGroupW(whole, u"zz Counter", u"Hall"));
	CU_ASSERT_TRUE(shown(user, "Hall\0", "zz Counter"));
	OK(SCardRemoveReaderFromGroupA(whole, "zz Counter", "Hall"));
	CU_ASSERT_FALSE(shown(user, "Hall\0", "zz Counter"));
	OK(SCardAddReaderToGroupA(whole, "zz Counter", "Hall"));
	OK(SCardForgetReaderGroupA(whole, "Hall"));
	CU_ASSERT_FALSE(shown(0, "Hall\0", "zz Counter"));
	/* The user has nothing of that name to forget. */
	CODE(SCardForgetReaderA(user, "zz Counter"), SCARD_E_UNKNOWN_READER);
	OK(SCardForgetReaderA(whole, "zz Counter"));
	CU_ASSERT_FALSE(shown(user, NULL, "zz Counter"));
}

/* For the script: these stay. */
static void
end(void)
{
	OK(SCardIntroduceCardTypeA(whole, "zz Left", NULL, NULL, 0, atr, NULL, 4));
	OK(SCardIntroduceReaderA(whole, "zz Left", fixture_reader()));
	OK(SCardReleaseContext(whole));
	OK(SCardReleaseContext(user));
}

static const struct suite_test tests[] = {
	{ "contexts of both scopes", begin },
	{ "card types of the system", card_types },
	{ "provider names of the system", provider_names },
	{ "readers and groups of the system", readers },
	{ "what stays", end },
};

int
main(void)
{
	return fixture_run("winscard_system", tests, sizeof tests / sizeof tests[0]);
}
