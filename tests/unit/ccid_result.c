/* SPDX-License-Identifier: BSD-2-Clause */
/* Each result has a word of its own. */
#include <string.h>

#include "ccid/result.h"
#include "tests/suite.h"

static void
words(void)
{
	SUITE_EQUAL_STRING(ccid_result_name(CCID_OK), "ok");
	SUITE_EQUAL_STRING(ccid_result_name(CCID_GONE), "gone");
	SUITE_EQUAL_STRING(ccid_result_name(CCID_NO_PPS), "no-pps");
	SUITE_EQUAL_STRING(ccid_result_name(CCID_NO_MEMORY), "no-memory");
	SUITE_EQUAL_STRING(ccid_result_name((enum ccid_result)(CCID_NO_MEMORY + 1)), "unknown");
	SUITE_EQUAL_STRING(ccid_result_name((enum ccid_result) - 1), "unknown");
}

static void
distinct(void)
{
	for (int i = CCID_OK; i <= CCID_NO_MEMORY; i++) {
		const char *name = ccid_result_name((enum ccid_result)i);

		CU_ASSERT_PTR_NOT_NULL_FATAL(name);
		CU_ASSERT(strcmp(name, "unknown") != 0);
		for (int j = i + 1; j <= CCID_NO_MEMORY; j++)
			CU_ASSERT(strcmp(name, ccid_result_name((enum ccid_result)j)) != 0);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "words", words },
		{ "each has its own", distinct },
	};

	return suite_run("result", tests, sizeof tests / sizeof tests[0]);
}
