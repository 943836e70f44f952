/* SPDX-License-Identifier: BSD-2-Clause */
/* Which vendor commands reach a reader. */
#include <stdio.h>
#include <stdlib.h>

#include "ccid/escape.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static void
patterns(void)
{
	static const char *const good[] = { "02", "52 F8 04 01 00 ..", "52f8040100..", "FF *",
		" 01 ", ".. 01", "0102030405060708090A0B0C0D0E0F" };
	static const char *const bad[] = { "", " ", "*", "..", ".. *", ".. ..", "0", "02 0", "0G",
		"02 * 03", "02 **", ".", "02 .", "0 2", "02,03",
		"0102030405060708090A0B0C0D0E0F10" /* 32 characters */ };

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!SUITE_EQUAL_INT(ccid_escape_is_pattern(good[i]), true))
			CU_FAIL(good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (!SUITE_EQUAL_INT(ccid_escape_is_pattern(bad[i]), false))
			CU_FAIL(bad[i]);
}

static void
verdicts(void)
{
	static const struct {
		const char *first, *second, *bytes;
		bool allowed;
	} rows[] = {
		{ "", "", "02", false },
		{ "", "", "", false },
		{ "02", "", "02", true },
		{ "02", "", "02 00", false },
		{ "02", "", "03", false },
		{ "02", "", "", false },
		{ "02", "52 F8 ..", "52 F8 07", true },
		{ "02", "52 F8 ..", "52 F8", false },
		{ "02", "52 F8 ..", "52 F8 07 00", false },
		{ "02", "52 F8 ..", "52 F9 07", false },
		{ "FF 70 *", "", "FF 70", true },
		{ "FF 70 *", "", "FF 70 01*300", true },
		{ "FF 70 *", "", "FF", false },
		{ ".. 70 *", "", "AB 70 01", true },
		{ "", "03", "03", true },
		/* What is no pattern allows nothing. */
		{ "*", "..", "02", false },
		{ "02 0", "", "02", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ccid_quirks quirks = { 0 };
		size_t length;
		uint8_t *bytes = ccid_hex(rows[i].bytes, &length);

		snprintf(quirks.escapes[0], sizeof quirks.escapes[0], "%s", rows[i].first);
		snprintf(quirks.escapes[3], sizeof quirks.escapes[3], "%s", rows[i].second);
		if (!SUITE_EQUAL_INT(
			ccid_escape_allowed(&quirks, false, bytes, length), rows[i].allowed))
			CU_FAIL(rows[i].bytes);
		CU_ASSERT_TRUE(ccid_escape_allowed(&quirks, true, bytes, length));
		free(bytes);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "patterns", patterns },
		{ "verdicts", verdicts },
	};

	return suite_run("vendor commands", tests, sizeof tests / sizeof tests[0]);
}
