/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of ATRs with names, in the format of pcsc-tools. */
#include <string.h>

#include "rm/database/names.h"
#include "tests/suite.h"
#include "tests/unit/database_fixture.h"

static const char text[] = "# a list\n\n3B 02 14 50\n\tSchlumberger Multiflex\n\n"
			   "3B 02 14 ..\n\tsomething like it\n\thttp://example.org\r\n"
			   "3B .2 15 50\n3B 02 (14|15) 50\n\tan expression\n3B 02 16 50\n\tlast";
static const uint8_t exact[] = { 0x3B, 0x02, 0x14, 0x50 }, loose[] = { 0x3B, 0x02, 0x14, 0x51 },
		     last[] = { 0x3B, 0x02, 0x16, 0x50 }, none[] = { 0x3B, 0x02, 0x15, 0x50 };

static void
parsing(void)
{
	char *problem = NULL;
	struct names_list *list = names_parse(text, strlen(text), &problem);

	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	SUITE_EQUAL_INT(list->entries->len, 3);
	SUITE_EQUAL_INT(list->skipped, 2);
	SUITE_EQUAL_STRING(names_find(list, exact, 4), "Schlumberger Multiflex");
	SUITE_EQUAL_STRING(names_find(list, loose, 4), "something like it; http://example.org");
	SUITE_EQUAL_STRING(names_find(list, last, 4), "last");
	CU_ASSERT_PTR_NULL(names_find(list, none, 4));
	CU_ASSERT_PTR_NULL(names_find(list, exact, 3));
	names_free(list);
	CU_ASSERT_PTR_NULL(names_parse("no list\n", 8, &problem));
	SUITE_EQUAL_STRING(problem, "has no ATR with a name behind it");
	g_free(problem);
}

static void
importing(void)
{
	struct database *database = fixture_database();
	guint entries = 0, skipped = 0;
	char *cause = NULL, *name;

	CU_ASSERT_PTR_NULL(names_look(database, exact, 4));
	SUITE_EQUAL_INT(
	    names_import(database, DATABASE_USER, text, strlen(text), &entries, &skipped, &cause),
	    DATABASE_OK);
	SUITE_EQUAL_INT(entries, 3);
	SUITE_EQUAL_INT(skipped, 2);
	name = names_look(database, exact, 4);
	SUITE_EQUAL_STRING(name, "Schlumberger Multiflex");
	g_free(name);
	SUITE_EQUAL_INT(names_import(database, DATABASE_USER, "x", 1, &entries, &skipped, &cause),
	    DATABASE_INVALID);
	g_free(cause);
	name = names_look(database, exact, 4);
	SUITE_EQUAL_STRING(name, "Schlumberger Multiflex");
	g_free(name);
	database_free(database);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "ATRs, periods for any digit, names of several lines", parsing },
		{ "a list is imported and looked into", importing },
	};

	return suite_run("database_names", tests, sizeof tests / sizeof tests[0]);
}
