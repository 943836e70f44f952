/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers to reset, as both drivers read them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rm/drivers/atr.h"
#include "tests/suite.h"

static size_t
from_hex(const char *text, uint8_t *out)
{
	size_t n = 0;
	char pair[3] = "";

	for (; *text != '\0'; text++)
		if (*text != ' ') {
			memcpy(pair, text++, 2);
			out[n++] = (uint8_t)strtoul(pair, NULL, 16);
		}
	return n;
}

static void
good(void)
{
	static const struct {
		const char *bytes;
		unsigned offered;
		int specific;
		size_t historical, length;
		int tck_due, tck_right;
		int best; /* of T=0 and T=1 */
	} rows[] = {
		{ "3B 00", 1, -1, 0, 2, 0, 1, 0 },
		{ "3F 02 14 50", 1, -1, 2, 4, 0, 1, 0 },
		{ "3B 02 14 50 FF FF", 1, -1, 2, 4, 0, 1, 0 }, /* more behind it */
		{ "3B 80 80 00", 1, -1, 0, 4, 0, 1, 0 },
		{ "3B 80 80 01 01", 3, -1, 0, 5, 1, 1, 1 }, /* T=0, then T=1 */
		{ "3B 80 80 01 02", 3, -1, 0, 5, 1, 0, 1 }, /* the check byte is wrong */
		{ "3B 80 80 01", 3, -1, 0, 4, 1, 0, 1 },    /* the check byte is missing */
		{ "3B 80 01 81", 2, -1, 0, 4, 1, 1, 1 },
		{ "3B 80 1F 00 9F", 1, 0, 0, 5, 1, 1, 0 }, /* only T=15 */
		{ "3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34", 1, -1, 10, 15, 0, 1, 0 },
		{ "3B F2 18 00 02 C1 0A 31 FE 58 C8 08 74", 2, -1, 2, 13, 1, 1, 1 },
		{ "3B FA 13 00 FF 81 31 80 45 00 31 C1 73 C0 01 00 00 90 00 B1", 2, -1, 10, 20, 1,
		    1, 1 },
		/* TA2 = 01: T=1 and nothing else */
		{ "3B DF 96 FF 91 01 31 FE 46 80 31 90 52 41 02 64 05 02 00 AC 73 D6 22 C0 17", 2,
		    1, 15, 25, 1, 1, 1 },
		/* TA2 = 00 although T=1 is offered as well */
		{ "3B 80 90 00 01 11", 3, 0, 0, 6, 1, 1, 0 },
		{ "3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1", 3, -1, 15, 20, 1,
		    1, 1 },
		{ "3B 80 0E 8E", 1u << 14, -1, 0, 4, 1, 1, -EPROTO },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t bytes[64];
		size_t length = from_hex(rows[i].bytes, bytes);
		struct atr atr;

		if (!SUITE_EQUAL_INT(atr_parse(bytes, length, &atr), 0))
			continue;
		SUITE_EQUAL_HEX(atr.offered, rows[i].offered);
		SUITE_EQUAL_INT(atr.specific, rows[i].specific);
		SUITE_EQUAL_INT(atr.historical_length, rows[i].historical);
		SUITE_EQUAL_INT(atr.length, rows[i].length);
		SUITE_EQUAL_INT(atr.tck_due, rows[i].tck_due);
		SUITE_EQUAL_INT(atr.tck_right, rows[i].tck_right);
		SUITE_EQUAL_INT(atr_choose_protocol(&atr, 3), rows[i].best);
	}
}

static void
bad(void)
{
	static const char *const rows[] = {
		"",
		"3B",
		"03 00",                /* not an initial character */
		"3B 10",                /* TA1 missing */
		"3B F0 11",             /* TB1, TC1, TD1 missing */
		"3B 80",                /* TD1 missing */
		"3B 80 80",             /* TD2 missing */
		"3B 80 71 00 00",       /* TC2 missing */
		"3B 0F 01 02 03 04 05", /* historical bytes missing */
		/* TD after TD to the end */
		"3B 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 "
		"80 80 "
		"80 80 80 80 80 80 80 80",
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t bytes[64], *exact;
		size_t length = from_hex(rows[i], bytes);
		struct atr atr = { .length = 99 };

		exact = malloc(length > 0 ? length : 1);
		memcpy(exact, bytes, length);
		if (!SUITE_EQUAL_INT(atr_parse(exact, length, &atr), -EBADMSG))
			CU_FAIL(rows[i]);
		SUITE_EQUAL_INT(atr.length, 99);
		free(exact);
	}
}

static void
choice(void)
{
	static const struct {
		unsigned offered;
		int specific;
		unsigned allowed;
		int expected;
	} rows[] = {
		{ 3, -1, 3, 1 },
		{ 3, -1, 1, 0 },
		{ 3, -1, 2, 1 },
		{ 3, -1, 0, -EPROTO },
		{ 1, -1, 3, 0 },
		{ 1, -1, 2, -EPROTO },
		{ 2, -1, 1, -EPROTO },
		{ 3, 0, 3, 0 },
		{ 3, 0, 2, -EPROTO },
		{ 3, 1, 1, -EPROTO },
		{ 3, 1, 3, 1 },
		{ 0x4000, -1, 3, -EPROTO },
		{ 0x4000, 14, 3, -EPROTO },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct atr atr = { .offered = (uint16_t)rows[i].offered,
			.specific = rows[i].specific };

		SUITE_EQUAL_INT(atr_choose_protocol(&atr, rows[i].allowed), rows[i].expected);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "well formed", good },
		{ "not well formed", bad },
		{ "choice of the protocol", choice },
	};

	return suite_run("answer to reset", tests, sizeof tests / sizeof tests[0]);
}
