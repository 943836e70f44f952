/* SPDX-License-Identifier: BSD-2-Clause */
/* What interface bytes of an answer to reset mean to a reader with wires. */
#include <errno.h>
#include <stdlib.h>

#include "rm/drivers/atr.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static int
parse(const char *text, struct atr *ret)
{
	size_t length;
	uint8_t *bytes = ccid_hex(text, &length);
	int r = atr_parse(bytes, length, ret);

	free(bytes);
	return r;
}

/* The answers that are worked through in the standard's terms. */
static void
worked(void)
{
	static const struct {
		const char *bytes;
		unsigned offered, first, historical_length, length;
		int specific;
		unsigned ta1, guard, wi, ifsc, bwi, cwi;
		bool tck_due, tck_right;
	} rows[] = {
		{ "3B 00", 1, 0, 0, 2, -1, 0x11, 0, 10, 32, 4, 13, false, true },
		{ "3B 02 14 50", 1, 0, 2, 4, -1, 0x11, 0, 10, 32, 4, 13, false, true },
		{ "3B 80 80 00 55 55", 1, 0, 0, 4, -1, 0x11, 0, 10, 32, 4, 13, false, true },
		/* TA2 and TB2 */
		{ "3B 81 31 01 00 55 E4", 2, 1, 1, 7, 1, 0x11, 0, 10, 32, 4, 13, true, true },
		{ "3B F2 18 00 02 C1 0A 31 FE 58 C8 08 74", 2, 1, 2, 13, -1, 0x18, 2, 10, 254, 5, 8,
		    true, true },
		{ "3B FA 13 00 FF 81 31 80 45 00 31 C1 73 C0 01 00 00 90 00 B1", 2, 1, 10, 20, -1,
		    0x13, 255, 10, 128, 4, 5, true, true },
		{ "3B D5 18 00 81 31 FE 7D 80 73 C8 21 10 F4", 2, 1, 5, 14, -1, 0x18, 0, 10, 254, 7,
		    13, true, true },
		{ "3B DF 96 FF 91 01 31 FE 46 80 31 90 52 41 02 64 05 02 00 AC 73 D6 22 C0 17", 2,
		    1, 15, 25, 1, 0x96, 255, 10, 254, 4, 6, true, true },
		/* T=0, then T=1: the first runs until it is negotiated. */
		{ "3B 80 80 01 01", 3, 0, 0, 5, -1, 0x11, 0, 10, 32, 4, 13, true, true },
		{ "3B 80 01 81", 2, 1, 0, 4, -1, 0x11, 0, 10, 32, 4, 13, true, true },
		/* T=15 alone is no protocol. */
		{ "3B 80 1F 00 9F", 1, 0, 0, 5, 0, 0x11, 0, 10, 32, 4, 13, true, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct atr atr;

		if (!SUITE_EQUAL_INT(parse(rows[i].bytes, &atr), 0)) {
			CU_FAIL(rows[i].bytes);
			continue;
		}
		SUITE_EQUAL_HEX(atr.offered, rows[i].offered);
		SUITE_EQUAL_INT(atr.first, rows[i].first);
		SUITE_EQUAL_INT(atr.historical_length, rows[i].historical_length);
		SUITE_EQUAL_INT(atr.length, rows[i].length);
		SUITE_EQUAL_INT(atr.specific, rows[i].specific);
		SUITE_EQUAL_HEX(atr.ta1, rows[i].ta1);
		SUITE_EQUAL_INT(atr.guard, rows[i].guard);
		SUITE_EQUAL_INT(atr.wi, rows[i].wi);
		SUITE_EQUAL_INT(atr.ifsc, rows[i].ifsc);
		SUITE_EQUAL_INT(atr.bwi, rows[i].bwi);
		SUITE_EQUAL_INT(atr.cwi, rows[i].cwi);
		SUITE_EQUAL_INT(atr.tck_due, rows[i].tck_due);
		SUITE_EQUAL_INT(atr.tck_right, rows[i].tck_right);
	}
}

static void
groups(void)
{
	struct atr atr;

	SUITE_EQUAL_INT(parse("3B F2 18 00 02 C1 0A 31 FE 58 C8 08 74", &atr), 0);
	SUITE_EQUAL_INT(atr.group_count, 3);
	SUITE_EQUAL_HEX(atr.groups[0].present, ATR_TA | ATR_TB | ATR_TC | ATR_TD);
	SUITE_EQUAL_HEX(atr.groups[0].ta, 0x18);
	SUITE_EQUAL_HEX(atr.groups[0].tb, 0x00);
	SUITE_EQUAL_HEX(atr.groups[0].tc, 0x02);
	SUITE_EQUAL_HEX(atr.groups[0].td, 0xC1);
	SUITE_EQUAL_HEX(atr.groups[1].present, ATR_TC | ATR_TD);
	SUITE_EQUAL_HEX(atr.groups[1].ta, 0);
	SUITE_EQUAL_HEX(atr.groups[1].tc, 0x0A);
	SUITE_EQUAL_HEX(atr.groups[1].td, 0x31);
	SUITE_EQUAL_HEX(atr.groups[2].present, ATR_TA | ATR_TB);
	SUITE_EQUAL_HEX(atr.groups[2].ta, 0xFE);
	SUITE_EQUAL_HEX(atr.groups[2].tb, 0x58);
	SUITE_EQUAL_INT(atr.order_count, 2);
	SUITE_EQUAL_INT(atr.order[0], 1);
	SUITE_EQUAL_INT(atr.order[1], 1);
	SUITE_EQUAL_INT(atr.historical, 10);

	SUITE_EQUAL_INT(parse("3B 00", &atr), 0);
	SUITE_EQUAL_INT(atr.group_count, 1);
	SUITE_EQUAL_HEX(atr.groups[0].present, 0);
	SUITE_EQUAL_INT(atr.order_count, 0);
}

/* Bytes of other protocols' groups are not T=1's, and only its first group counts. */
static void
scopes(void)
{
	static const struct {
		const char *bytes;
		unsigned ifsc, bwi, cwi, crc;
	} rows[] = {
		/* TA2 and TB2 follow T=1, and are not its own: i is 2 */
		{ "3B 80 31 91 99", 32, 4, 13, 0 },
		/* T=0's third group */
		{ "3B 80 80 70 FE 58 01", 32, 4, 13, 0 },
		/* first group of T=1: 20 45 00; second: FE 58 01 */
		{ "3B 80 81 F1 20 45 00 71 FE 58 01", 32, 4, 5, 0 },
		{ "3B 80 81 71 FE 58 01", 254, 5, 8, 1 },
		{ "3B 80 81 41 FF", 32, 4, 13, 1 },
		{ "3B 80 81 41 FE", 32, 4, 13, 0 },
		/* reserved values */
		{ "3B 80 81 31 00 AF", 32, 9, 15, 0 },
		{ "3B 80 81 31 FF F0", 32, 9, 0, 0 },
		{ "3B 80 81 11 01", 1, 4, 13, 0 },
		/* T=14 between */
		{ "3B 80 81 9E 77 31 10 20", 16, 2, 0, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct atr atr;

		if (!SUITE_EQUAL_INT(parse(rows[i].bytes, &atr), 0)) {
			CU_FAIL(rows[i].bytes);
			continue;
		}
		SUITE_EQUAL_INT(atr.ifsc, rows[i].ifsc);
		SUITE_EQUAL_INT(atr.bwi, rows[i].bwi);
		SUITE_EQUAL_INT(atr.cwi, rows[i].cwi);
		SUITE_EQUAL_INT(atr.crc, rows[i].crc);
	}
}

static void
modes(void)
{
	static const struct {
		const char *bytes;
		int specific;
		bool implicit, may_change;
	} rows[] = {
		{ "3B 00", -1, false, false },
		{ "3B 80 10 81", 1, false, false },
		{ "3B 80 10 01", 1, false, true },
		{ "3B 80 10 90", 0, true, false },
		{ "3B 80 10 11", 1, true, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct atr atr;

		SUITE_EQUAL_INT(parse(rows[i].bytes, &atr), 0);
		SUITE_EQUAL_INT(atr.specific, rows[i].specific);
		SUITE_EQUAL_INT(atr.implicit, rows[i].implicit);
		SUITE_EQUAL_INT(atr.may_change, rows[i].may_change);
	}
}

static void
electricity(void)
{
	static const struct {
		const char *bytes;
		unsigned clock_stop, classes;
		bool told;
	} rows[] = {
		{ "3B 00", 0, 1, false },
		{ "3B 80 80 1F 47", 1, 7, true },
		{ "3B 80 80 1F C3", 3, 3, true },
		{ "3B 80 80 1F 82", 2, 2, true },
		{ "3B 80 80 1F 80", 2, 1, false }, /* no class named */
		{ "3B 80 80 2F 47", 0, 1, false }, /* TB alone */
		{ "3B 80 1F 47", 0, 1, false },    /* TA2 is the mode */
		/* behind T=1's group */
		{ "3B 80 81 91 FE 1F 05", 0, 5, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct atr atr;

		if (!SUITE_EQUAL_INT(parse(rows[i].bytes, &atr), 0))
			CU_FAIL(rows[i].bytes);
		SUITE_EQUAL_INT(atr.clock_stop, rows[i].clock_stop);
		SUITE_EQUAL_HEX(atr.classes, rows[i].classes);
		SUITE_EQUAL_INT(atr.classes_told, rows[i].told);
	}
}

static void
waiting_integer(void)
{
	struct atr atr;

	SUITE_EQUAL_INT(parse("3B 80 40 FF", &atr), 0);
	SUITE_EQUAL_INT(atr.wi, 255);
	SUITE_EQUAL_INT(parse("3B 80 40 00", &atr), 0);
	SUITE_EQUAL_INT(atr.wi, 10);
}

static void
conventions(void)
{
	static const struct {
		const char *raw, *decoded;
	} rows[] = {
		/* 3F 65 25 08 93 04 6C 90 00 as bits of the other polarity and order */
		{ "03 59 5B EF 36 DF C9 F6 FF", "3F 65 25 08 93 04 6C 90 00" },
		{ "3F 65 25", "3F 65 25" },
		{ "3B 03", "3B 03" },
		{ "03", "3F" },
		{ "", "" },
	};
	struct atr atr;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		uint8_t *bytes = ccid_hex(rows[i].raw, &length);

		atr_decode(bytes, length);
		SUITE_EQUAL_BYTES(bytes, length, rows[i].decoded);
		free(bytes);
	}
	SUITE_EQUAL_INT(parse("3F 65 25 08 93 04 6C 90 00", &atr), 0);
	CU_ASSERT_TRUE(atr.inverse);
	SUITE_EQUAL_INT(parse("3B 00", &atr), 0);
	CU_ASSERT_FALSE(atr.inverse);
}

static void
refused(const char *const *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct atr atr = { .length = 99 };

		if (!SUITE_EQUAL_INT(parse(rows[i], &atr), -EBADMSG))
			CU_FAIL(rows[i]);
		SUITE_EQUAL_INT(atr.length, 99);
	}
}

static void
lengths(void)
{
	static const char *const bad[] = {
		"",
		"3B",
		"3B F0 11",
		"3B 0F 01*14",
		"00*34",
	};
	struct atr atr;

	refused(bad, sizeof bad / sizeof bad[0]);
	/* The first 33 bytes of a longer answer count. */
	SUITE_EQUAL_INT(parse("3B 0F 01*15 00*17", &atr), 0);
	SUITE_EQUAL_INT(atr.length, 17);
	SUITE_EQUAL_INT(parse("3B 0F 01*15 00*483", &atr), 0);
	SUITE_EQUAL_INT(atr.length, 17);
}

static void
hostile(void)
{
	static const char *const bad[] = {
		"3B 80 80*31",
		"3B 80 80*7 10 00", /* a ninth group */
		"3B F0*40",
		"3B 8F 01 00*13",
	};
	struct atr atr;

	refused(bad, sizeof bad / sizeof bad[0]);
	/* The eighth group is the last. */
	SUITE_EQUAL_INT(parse("3B 80 80*6 10 47", &atr), 0);
	SUITE_EQUAL_INT(atr.group_count, 8);
	SUITE_EQUAL_HEX(atr.groups[7].ta, 0x47);
	SUITE_EQUAL_INT(parse("3B 80 01 80", &atr), 0);
	CU_ASSERT_TRUE(atr.tck_present);
	CU_ASSERT_FALSE(atr.tck_right);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "worked answers", worked },
		{ "groups of interface bytes", groups },
		{ "whose bytes they are", scopes },
		{ "specific mode", modes },
		{ "clock stop and classes", electricity },
		{ "waiting integer", waiting_integer },
		{ "convention", conventions },
		{ "R31 answers of 0, 1, 34, 500 bytes", lengths },
		{ "R32 endless chain, too many historical bytes, wrong TCK", hostile },
	};

	return suite_run("answer to reset, interface bytes", tests, sizeof tests / sizeof tests[0]);
}
