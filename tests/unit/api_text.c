/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and multi-strings across the border of A, W and UTF-8: limits, bad text, lengths. */
#include "rm/api/text.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include <tessera_scard.h>

#include "tests/suite.h"

static void
names_narrow(void)
{
	char name[API_NAME_SIZE];

	SUITE_EQUAL_HEX(api_name_read("F", "the name", API_FORM_A, "Reader 0", name), 0);
	SUITE_EQUAL_STRING(name, "Reader 0");
	SUITE_EQUAL_HEX(api_name_read("F", "the name", API_FORM_A, "", name), 0);
	SUITE_EQUAL_STRING(name, "");
}

static void
names_wide(void)
{
	char name[API_NAME_SIZE];

	SUITE_EQUAL_HEX(api_name_read("F", "the name", API_FORM_W, u"Reader 0", name), 0);
	SUITE_EQUAL_STRING(name, "Reader 0");
	/* Two bytes, three, and a pair of surrogates that makes four. */
	SUITE_EQUAL_HEX(
	    api_name_read("F", "the name", API_FORM_W, u"Lesegerät € \U0001F4B3", name), 0);
	SUITE_EQUAL_STRING(name, "Leseger\xC3\xA4t \xE2\x82\xAC \xF0\x9F\x92\xB3");
}

static void
names_limit(void)
{
	char longest[API_NAME_SIZE + 1], name[API_NAME_SIZE];
	WCHAR wide[API_NAME_SIZE + 1];

	memset(longest, 'x', sizeof longest);
	longest[127] = '\0';
	SUITE_EQUAL_HEX(api_name_read("F", "the name", API_FORM_A, longest, name), 0);
	SUITE_EQUAL_INT(strlen(name), 127);
	longest[127] = 'x'; /* no NUL within the limit: not read any further */
	SUITE_EQUAL_HEX(
	    (DWORD)api_name_read("F", "the name", API_FORM_A, longest, name), 0x80100009);
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "F: the name"));
	for (size_t i = 0; i < API_NAME_SIZE; i++)
		wide[i] = u'x';
	SUITE_EQUAL_HEX((DWORD)api_name_read("F", "the name", API_FORM_W, wide, name), 0x80100009);
	wide[127] = 0;
	SUITE_EQUAL_HEX(api_name_read("F", "the name", API_FORM_W, wide, name), 0);
	SUITE_EQUAL_INT(strlen(name), 127);
	/* 64 units, but 128 bytes. */
	for (size_t i = 0; i < 64; i++)
		wide[i] = u'ä';
	wide[64] = 0;
	SUITE_EQUAL_HEX((DWORD)api_name_read("F", "the name", API_FORM_W, wide, name), 0x80100009);
}

static void
names_bad(void)
{
	static const WCHAR alone[] = { 0xD800, 'x', 0 }, second[] = { 'x', 0xDC00, 0 },
			   at_end[] = { 'x', 0xD83D, 0 };
	const WCHAR *const bad[] = { alone, second, at_end };
	char name[API_NAME_SIZE] = "untouched";

	for (size_t i = 0; i < 3; i++) {
		SUITE_EQUAL_HEX(
		    (DWORD)api_name_read("F", "the name", API_FORM_W, bad[i], name), 0x80100004);
		SUITE_EQUAL_STRING(name, "untouched");
		CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "UTF-16"));
	}
}

static void
lists_read(void)
{
	char *list;

	SUITE_EQUAL_HEX(api_list_read("F", API_FORM_A, NULL, &list), 0);
	CU_ASSERT_PTR_NULL(list);
	SUITE_EQUAL_HEX(api_list_read("F", API_FORM_A, "one\0two\0", &list), 0);
	CU_ASSERT_EQUAL(memcmp(list, "one\0two\0", 9), 0);
	g_free(list);
	SUITE_EQUAL_HEX(api_list_read("F", API_FORM_A, "", &list), 0);
	SUITE_EQUAL_STRING(list, "");
	g_free(list);
	SUITE_EQUAL_HEX(api_list_read("F", API_FORM_W, u"eins\0zwei ä\0", &list), 0);
	CU_ASSERT_EQUAL(memcmp(list, "eins\0zwei \xC3\xA4\0", 14), 0);
	g_free(list);
	SUITE_EQUAL_HEX(api_list_read("F", API_FORM_W, u"", &list), 0);
	SUITE_EQUAL_STRING(list, "");
	g_free(list);
}

static void
lists_limit(void)
{
	char *endless = malloc(API_LIST_MAX), *list = endless;
	WCHAR *wide = malloc(API_LIST_MAX * sizeof(WCHAR));

	memset(endless, 'x', API_LIST_MAX);
	for (size_t i = 0; i < API_LIST_MAX; i++)
		wide[i] = u'x';
	SUITE_EQUAL_HEX((DWORD)api_list_read("F", API_FORM_A, endless, &list), 0x80100004);
	CU_ASSERT_PTR_NULL(list);
	SUITE_EQUAL_HEX((DWORD)api_list_read("F", API_FORM_W, wide, &list), 0x80100004);
	/* The first string ends at the limit, the list does not. */
	endless[API_LIST_MAX - 1] = '\0';
	SUITE_EQUAL_HEX((DWORD)api_list_read("F", API_FORM_A, endless, &list), 0x80100004);
	endless[API_LIST_MAX - 2] = '\0';
	SUITE_EQUAL_HEX(api_list_read("F", API_FORM_A, endless, &list), 0);
	SUITE_EQUAL_INT(strlen(list), API_LIST_MAX - 2);
	g_free(list);
	free(endless);
	free(wide);
}

static void
lists_bad(void)
{
	static const WCHAR bad[] = { 'a', 0, 0xDC00, 0, 0 };
	char *list;

	SUITE_EQUAL_HEX((DWORD)api_list_read("F", API_FORM_W, bad, &list), 0x80100004);
	CU_ASSERT_PTR_NULL(list);
}

static void
lists_written(void)
{
	struct api_output output = { 0 };
	void *held;

	SUITE_EQUAL_HEX(api_list_prepare("F", API_FORM_A, "a\0\xC3\xA4\0", 6, &output, &held), 0);
	CU_ASSERT_PTR_NULL(held);
	SUITE_EQUAL_INT(output.count, 6);
	SUITE_EQUAL_INT(output.unit, 1);
	SUITE_EQUAL_HEX(api_list_prepare("F", API_FORM_W, "a\0\xC3\xA4\0", 6, &output, &held), 0);
	SUITE_EQUAL_INT(output.count, 5);
	SUITE_EQUAL_INT(output.unit, 2);
	CU_ASSERT_EQUAL(memcmp(output.data, u"a\0ä\0", 10), 0);
	g_free(held);
	SUITE_EQUAL_HEX(api_list_prepare("F", API_FORM_W, "", 1, &output, &held), 0);
	SUITE_EQUAL_INT(output.count, 1);
	g_free(held);
	SUITE_EQUAL_HEX(
	    (DWORD)api_list_prepare("F", API_FORM_W, "\xFF\0", 3, &output, &held), 0x80100001);
	CU_ASSERT_PTR_NULL(held);
}

static void
text_widened(void)
{
	struct api_output output = { 0 };
	void *held;

	/* Whether the NUL is counted makes no difference. */
	for (size_t length = 3; length <= 4; length++) {
		SUITE_EQUAL_HEX(api_text_widen("F", "a\xC3\xA4", length, &output, &held), 0);
		SUITE_EQUAL_INT(output.count, 6);
		SUITE_EQUAL_INT(output.unit, 1);
		CU_ASSERT_EQUAL(memcmp(output.data, u"aä", 6), 0);
		g_free(held);
	}
}

static const struct suite_test tests[] = {
	{ "A names are taken as they are", names_narrow },
	{ "W names become UTF-8", names_wide },
	{ "names of 127 bytes fit, longer ones name no reader", names_limit },
	{ "half surrogate pairs are refused", names_bad },
	{ "multi-strings are read in both forms", lists_read },
	{ "multi-strings without an end are refused at the limit", lists_limit },
	{ "multi-strings that are not UTF-16 are refused", lists_bad },
	{ "multi-strings are counted in the caller's characters", lists_written },
	{ "single texts become UTF-16 with a NUL", text_widened },
};

int
main(void)
{
	return suite_run("api_text", tests, sizeof tests / sizeof tests[0]);
}
