/* SPDX-License-Identifier: BSD-2-Clause */
/* What a W function says is what its A function says, in UTF-16, counted in its own characters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/fixture.h"

#define ROOM 4096u

/* A name with characters of two, three and four bytes, one of them two units. */
#define NAME_NARROW "Leseger\xC3\xA4t \xE2\x82\xAC \xF0\x9F\x92\xB3"
#define NAME_WIDE u"Leseger\u00E4t \u20AC \U0001F4B3"

static bool own_reader;

/* Code point and length of the UTF-8 character at `text`, which is valid. */
static unsigned
character(const unsigned char *text, size_t *ret_length)
{
	size_t length = text[0] < 0x80 ? 1 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;
	unsigned point = length == 1 ? text[0] : text[0] & (0x7Fu >> length);

	for (size_t i = 1; i < length; i++)
		point = point << 6 | (text[i] & 0x3Fu);
	*ret_length = length;
	return point;
}

/* Whether both hold the same characters, NULs included. */
static bool
same(const char *narrow, size_t narrow_length, const WCHAR *wide, size_t wide_length)
{
	size_t n = 0, w = 0, length;

	while (n < narrow_length && w < wide_length) {
		unsigned point = character((const unsigned char *)narrow + n, &length);

		n += length;
		if (point < 0x10000) {
			if (wide[w++] != point)
				return false;
			continue;
		}
		if (wide_length - w < 2 || wide[w] != 0xD800 + ((point - 0x10000) >> 10) ||
		    wide[w + 1] != 0xDC00 + ((point - 0x10000) & 0x3FF))
			return false;
		w += 2;
	}
	return n == narrow_length && w == wide_length;
}

static void
lists(void)
{
	static char narrow[ROOM];
	static WCHAR wide[ROOM];
	SCARDCONTEXT context = fixture_context();
	DWORD narrow_length = ROOM, wide_length = ROOM, needed = 0;
	WCHAR *block = NULL;

	OK(SCardListReadersA(context, NULL, narrow, &narrow_length));
	OK(SCardListReadersW(context, NULL, wide, &wide_length));
	CU_ASSERT_TRUE(same(narrow, narrow_length, wide, wide_length));
	OK(SCardListReadersW(context, NULL, NULL, &needed));
	SUITE_EQUAL_INT(needed, wide_length);
	needed--;
	CODE(SCardListReadersW(context, NULL, wide, &needed), SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(needed, wide_length);
	needed = SCARD_AUTOALLOCATE;
	OK(SCardListReadersW(context, u"SCard$AllReaders\0", (LPWSTR)&block, &needed));
	SUITE_EQUAL_INT(needed, wide_length);
	CU_ASSERT_EQUAL(memcmp(block, wide, wide_length * sizeof(WCHAR)), 0);
	OK(SCardFreeMemory(context, block));
	CODE(SCardListReadersW(context, u"no such group\0", NULL, &needed),
	    SCARD_E_NO_READERS_AVAILABLE);
	CODE(SCardListReadersW(context, NULL, wide, NULL), SCARD_E_INVALID_PARAMETER);
	narrow_length = wide_length = ROOM;
	OK(SCardListReaderGroupsA(context, narrow, &narrow_length));
	OK(SCardListReaderGroupsW(context, wide, &wide_length));
	CU_ASSERT_TRUE(same(narrow, narrow_length, wide, wide_length));
	OK(SCardReleaseContext(context));
}

static void
connection(void)
{
	static char narrow[ROOM];
	static WCHAR wide[ROOM];
	SCARDCONTEXT context = fixture_context();
	DWORD narrow_length = ROOM, wide_length = ROOM, states[2], protocols[2],
	      atr_lengths[2] = { 36, 36 }, active = 0;
	BYTE atrs[2][36];
	SCARDHANDLE card = 0;

	OK(SCardConnectW(
	    context, fixture_reader_wide(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, &active));
	OK(SCardStatusA(
	    card, narrow, &narrow_length, &states[0], &protocols[0], atrs[0], &atr_lengths[0]));
	OK(SCardStatusW(
	    card, wide, &wide_length, &states[1], &protocols[1], atrs[1], &atr_lengths[1]));
	CU_ASSERT_TRUE(same(narrow, narrow_length, wide, wide_length));
	CU_ASSERT_TRUE(same(narrow, narrow_length - 1, fixture_reader_wide(), wide_length - 1));
	if (own_reader) {
		SUITE_EQUAL_STRING(narrow, NAME_NARROW);
		CU_ASSERT_EQUAL(memcmp(wide, NAME_WIDE, sizeof NAME_WIDE), 0);
	}
	SUITE_EQUAL_INT(states[0], states[1]);
	SUITE_EQUAL_INT(protocols[0], protocols[1]);
	SUITE_EQUAL_INT(protocols[1], active);
	SUITE_EQUAL_INT(atr_lengths[0], atr_lengths[1]);
	CU_ASSERT_EQUAL(memcmp(atrs[0], atrs[1], atr_lengths[0]), 0);
	OK(SCardReleaseContext(context));
}

static void
status_change(void)
{
	SCARDCONTEXT context = fixture_context();
	SCARD_READERSTATEA narrow[3] = { { .szReader = fixture_reader() },
		{ .szReader = "No Such Reader" }, { .szReader = "\\\\?PnP?\\Notification" } };
	SCARD_READERSTATEW wide[3] = { { .szReader = fixture_reader_wide() },
		{ .szReader = u"No Such Reader" }, { .szReader = u"\\\\?PNP?\\NOTIFICATION" } };

	OK(SCardGetStatusChangeA(context, 0, narrow, 3));
	OK(SCardGetStatusChangeW(context, 0, wide, 3));
	for (size_t i = 0; i < 3; i++) {
		SUITE_EQUAL_HEX(wide[i].dwEventState, narrow[i].dwEventState);
		SUITE_EQUAL_INT(wide[i].cbAtr, narrow[i].cbAtr);
		CU_ASSERT_EQUAL(memcmp(wide[i].rgbAtr, narrow[i].rgbAtr, narrow[i].cbAtr), 0);
	}
	OK(SCardReleaseContext(context));
}

static void
bad_text(void)
{
	static const WCHAR lone[] = { 'R', 0xD800, 'x', 0, 0 };
	SCARDCONTEXT context = fixture_context();
	SCARD_READERSTATEW state = { .szReader = lone };
	SCARDHANDLE card = 9;
	DWORD length = 0;
	WCHAR *endless = malloc(70000 * sizeof(WCHAR));

	CODE(SCardConnectW(context, lone, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CODE(SCardListReadersW(context, lone, NULL, &length), SCARD_E_INVALID_PARAMETER);
	CODE(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_E_INVALID_PARAMETER);
	for (size_t i = 0; i < 70000; i++)
		endless[i] = u'x';
	CODE(SCardListReadersW(context, endless, NULL, &length), SCARD_E_INVALID_PARAMETER);
	CODE(SCardConnectW(context, endless, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_E_UNKNOWN_READER);
	CU_ASSERT_EQUAL(card, 9);
	free(endless);
	OK(SCardReleaseContext(context));
}

static void
lengths(void)
{
	DWORD narrow = 0, wide = 0;

	if (!own_reader) {
		suite_skip("the reader's name is not of this test's choice");
		return;
	}
	OK(SCardListReadersA(0, NULL, NULL, &narrow));
	OK(SCardListReadersW(0, NULL, NULL, &wide));
	SUITE_EQUAL_INT(narrow, sizeof NAME_NARROW + 1);
	SUITE_EQUAL_INT(wide, sizeof NAME_WIDE / sizeof(WCHAR) + 1);
}

/* A soft card whose reader has that name; where another is set, the names are what they are. */
static void
choose_reader(void)
{
	char setting[600];
	const char *source = getenv("TESSERA_SRC");

	if (source == NULL)
		return;
	(void)snprintf(
	    setting, sizeof setting, "embedded:softcard=%s/tests/data/wide.profile", source);
	(void)setenv("TESSERA_RM", setting, 0);
	own_reader = strcmp(fixture_reader(), NAME_NARROW) == 0;
}

static const struct suite_test tests[] = {
	{ "lists of readers and groups", lists },
	{ "SCardConnect and SCardStatus", connection },
	{ "SCardGetStatusChange", status_change },
	{ "lengths count the characters of the form", lengths },
	{ "text that is not UTF-16, and without an end", bad_text },
};

int
main(void)
{
	choose_reader();
	return fixture_run("winscard_wide", tests, sizeof tests / sizeof tests[0]);
}
