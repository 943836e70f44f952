/* SPDX-License-Identifier: BSD-2-Clause */
/* Transmission factors, the choice of a data rate, and waiting times. */
#include <stdio.h>
#include <stdlib.h>

#include "ccid/limits.h"
#include "ccid/timing.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static void
tables(void)
{
	static const unsigned fi[] = { 372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024,
		1536, 2048, 0, 0, 0 };
	static const unsigned di[] = { 0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0, 0 };

	for (unsigned i = 0; i < sizeof fi / sizeof fi[0]; i++) {
		SUITE_EQUAL_INT(ccid_fi(i), fi[i]);
		SUITE_EQUAL_INT(ccid_di(i), di[i]);
	}
}

static void
rates(void)
{
	static const struct {
		uint8_t ta1;
		unsigned at_3580, at_4000, at_4800;
	} rows[] = {
		{ 0x11, 9624, 10753, 12903 },
		{ 0x12, 19247, 21505, 25806 },
		{ 0x13, 38495, 43011, 51613 },
		{ 0x14, 76989, 86022, 103226 },
		{ 0x15, 153978, 172043, 206452 },
		{ 0x18, 115484, 129032, 154839 },
		{ 0x38, 57742, 64516, 77419 },
		{ 0x94, 55938, 62500, 75000 },
		{ 0x95, 111875, 125000, 150000 },
		{ 0x96, 223750, 250000, 300000 },
		{ 0x97, 447500, 500000, 600000 },
	};
	static const uint8_t reserved[] = { 0x71, 0x81, 0xE1, 0xF1, 0x10, 0x1A, 0x1F, 0xFF, 0x9A };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SUITE_EQUAL_INT(ccid_rate(3580, rows[i].ta1), rows[i].at_3580);
		SUITE_EQUAL_INT(ccid_rate(4000, rows[i].ta1), rows[i].at_4000);
		SUITE_EQUAL_INT(ccid_rate(4800, rows[i].ta1), rows[i].at_4800);
	}
	for (size_t i = 0; i < sizeof reserved; i++)
		SUITE_EQUAL_INT(ccid_rate(4000, reserved[i]), 10753);
	SUITE_EQUAL_INT(ccid_rate(0xFFFFFFFF, 0x97), 536870911875ull);
}

static void
choice(void)
{
	static const uint32_t gemcore[] = { 10753, 21505, 43011, 125000 };
	static const uint32_t near[] = { 10752, 249998, 125002 };
	static const struct {
		uint32_t clock, maximum;
		const uint32_t *table;
		size_t count;
		uint8_t ta1;
		unsigned downgrades;
		uint8_t expected;
	} rows[] = {
		{ 4000, 1000000, NULL, 0, 0x97, 0, 0x97 },
		{ 4000, 499999, NULL, 0, 0x97, 0, 0x97 }, /* within 2 bps */
		{ 4000, 499997, NULL, 0, 0x97, 0, 0x96 }, { 4000, 249990, NULL, 0, 0x97, 0, 0x95 },
		{ 4000, 100000, NULL, 0, 0x97, 0, 0x94 }, { 4000, 9600, NULL, 0, 0x97, 0, 0x11 },
		{ 4000, 1000000, NULL, 0, 0x97, 1, 0x96 },
		{ 4000, 1000000, NULL, 0, 0x97, 2, 0x95 },
		{ 4000, 1000000, NULL, 0, 0x97, 3, 0x94 },
		{ 4000, 1000000, NULL, 0, 0x94, 3, 0x11 }, /* 91 is slower than the default */
		{ 4000, 200000, NULL, 0, 0x97, 1, 0x94 },  /* counts usable ones alone */
		{ 4000, 1000000, NULL, 0, 0x18, 0, 0x18 },
		{ 4000, 100000, NULL, 0, 0x18, 0, 0x14 }, /* below 12 is 8 */
		{ 4000, 1000000, NULL, 0, 0x19, 0, 0x19 },
		{ 4000, 1000000, NULL, 0, 0x19, 1, 0x15 },
		{ 4000, 1000000, NULL, 0, 0x11, 0, 0x11 },
		{ 4000, 1000000, NULL, 0, 0x01, 0, 0x11 }, /* the same rate */
		{ 4000, 1000000, NULL, 0, 0x21, 0, 0x11 }, /* slower */
		{ 4000, 1000000, NULL, 0, 0x1A, 0, 0x11 }, /* reserved */
		{ 4000, 1000000, NULL, 0, 0x74, 0, 0x11 },
		{ 4000, 1000000, NULL, 0, 0x00, 0, 0x11 },
		{ 4000, 1000000, gemcore, 4, 0x97, 0, 0x95 },
		{ 4000, 1000000, gemcore, 4, 0x97, 1, 0x11 },
		{ 4000, 1000000, gemcore, 4, 0x15, 0, 0x13 },
		{ 4000, 1000000, gemcore, 4, 0x18, 0, 0x13 },
		{ 4000, 1000000, near, 3, 0x96, 0, 0x96 },
		{ 4000, 1000000, near, 3, 0x96, 1, 0x95 },
		{ 4000, 1000000, gemcore, 0, 0x97, 0, 0x97 }, /* an empty table is none */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct ccid_rates reader = { rows[i].clock, rows[i].maximum, rows[i].table,
			rows[i].count };

		if (!SUITE_EQUAL_HEX(ccid_rates_choose(&reader, rows[i].ta1, rows[i].downgrades),
			rows[i].expected))
			printf("# row %zu\n", i);
	}
}

static void
exactly(void)
{
	static const uint32_t table[] = { 10753, 125000 };
	const struct ccid_rates any = { 4000, 250000, NULL, 0 };
	const struct ccid_rates some = { 4000, 250000, table, 2 };
	const struct ccid_rates slow = { 4000, 9600, NULL, 0 };

	CU_ASSERT_TRUE(ccid_rates_usable(&any, 0x96));
	CU_ASSERT_FALSE(ccid_rates_usable(&any, 0x97));
	CU_ASSERT_FALSE(ccid_rates_usable(&any, 0x9A));
	CU_ASSERT_FALSE(ccid_rates_usable(&any, 0x71));
	CU_ASSERT_TRUE(ccid_rates_usable(&any, 0x21));
	CU_ASSERT_TRUE(ccid_rates_usable(&some, 0x95));
	CU_ASSERT_FALSE(ccid_rates_usable(&some, 0x96));
	CU_ASSERT_FALSE(ccid_rates_usable(&some, 0x94));
	/* The rate of every answer to reset, whatever is announced. */
	CU_ASSERT_TRUE(ccid_rates_usable(&slow, 0x11));
	CU_ASSERT_TRUE(ccid_rates_usable(&slow, 0x01));
	CU_ASSERT_FALSE(ccid_rates_usable(&slow, 0x12));
}

static void
waits_t0(void)
{
	static const struct {
		struct ccid_timing timing;
		uint64_t expected;
	} rows[] = {
		/* WT 892800 us, 12 etu 1116 us: 5 * 1116 + 260 * 892800, and a second */
		{ { 4000, 0x11, 0x11, 0, 10, 0, 0, 0 }, 233133580 },
		/* N 255 is 0 */
		{ { 4000, 0x11, 0x11, 255, 10, 0, 0, 0 }, 233133580 },
		/* 266 etu: 24738 us */
		{ { 4000, 0x11, 0x11, 254, 10, 0, 0, 0 }, 233251690 },
		/* WI 1: WT 89280 */
		{ { 4000, 0x11, 0x11, 0, 1, 0, 0, 0 }, 24218380 },
		/* WI 0 is 10 */
		{ { 4000, 0x11, 0x11, 0, 0, 0, 0, 0 }, 233133580 },
		/* The card's own Fi, whatever is in use: WT 122880 */
		{ { 4000, 0x11, 0x96, 0, 1, 0, 0, 0 }, 32954380 },
		/* A fast card: WT 17856 us at 20 MHz: 260 WT and 5 GT of 7 us */
		{ { 20000, 0x97, 0x11, 0, 1, 0, 0, 0 }, 5642585 },
		/* Never below 3 s, and one on top: WT 768 us at 465 MHz would be 0.2 s */
		{ { 465000, 0x11, 0x11, 0, 1, 0, 0, 0 }, 4000000 },
		/* Never above 300 s and one. */
		{ { 4000, 0x11, 0x11, 0, 255, 0, 0, 0 }, 301000000 },
		{ { 1, 0xD1, 0xD1, 254, 255, 0, 0, 0 }, 301000000 },
		/* A quirk's addition. */
		{ { 4000, 0x11, 0x11, 0, 1, 0, 0, 1000000 }, 25218380 },
		{ { 4000, 0x11, 0x11, 0, 1, 0, 0, 300000000 }, 301000000 },
		{ { 0, 0x11, 0x11, 0, 10, 0, 0, 0 }, 60000000 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!SUITE_EQUAL_INT(ccid_wait_t0(&rows[i].timing), rows[i].expected))
			printf("# row %zu\n", i);
}

static void
waits_t1(void)
{
	static const struct {
		struct ccid_timing timing;
		unsigned wtx;
		uint64_t expected;
	} rows[] = {
		/* 260 * 1116, BWT 1023 + 1428480, 260 CWT above 10 s, and a second */
		{ { 4000, 0x11, 0x11, 0, 0, 4, 13, 0 }, 1, 12719663 },
		{ { 4000, 0x11, 0x11, 0, 0, 4, 13, 0 }, 0, 12719663 },
		/* CWT 43 etu: 3999 us */
		{ { 4000, 0x11, 0x11, 0, 0, 4, 5, 0 }, 1, 3759403 },
		/* The multiplier is BWT's alone. */
		{ { 4000, 0x11, 0x11, 0, 0, 4, 5, 0 }, 5, 9477415 },
		{ { 4000, 0x11, 0x11, 0, 0, 4, 5, 0 }, 255, 300000000 },
		{ { 4000, 0x11, 0x11, 0, 0, 4, 5, 0 }, 100000, 300000000 },
		/* BWT is by 372 whatever is in use; 512/32: 12 etu 48 us, 11 etu 44, 43 etu 172 */
		{ { 4000, 0x96, 0x96, 0, 0, 4, 5, 0 }, 1, 3000000 },
		{ { 4000, 0x96, 0x96, 0, 0, 7, 5, 0 }, 1, 12485084 },
		/* N 255: 11 etu a character instead of 12 */
		{ { 4000, 0x11, 0x11, 255, 0, 4, 13, 0 }, 1, 12695483 },
		/* BWI above 9 is 9: 45.7 s */
		{ { 4000, 0x11, 0x11, 0, 0, 9, 5, 0 }, 1, 48042283 },
		{ { 4000, 0x11, 0x11, 0, 0, 15, 5, 0 }, 1, 48042283 },
		{ { 4000, 0x11, 0x11, 0, 0, 0, 0, 0 }, 1, 3000000 },
		{ { 1, 0xD1, 0xD1, 254, 0, 15, 255, 0 }, 255, 300000000 },
		{ { 4000, 0x11, 0x11, 0, 0, 4, 5, 1000000 }, 1, 4759403 },
		{ { 0, 0x11, 0x11, 0, 0, 4, 13, 0 }, 1, 60000000 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!SUITE_EQUAL_INT(ccid_wait_t1(&rows[i].timing, rows[i].wtx), rows[i].expected))
			printf("# row %zu\n", i);
}

static void
table_of_rates(void)
{
	static const struct {
		const char *bytes;
		size_t asked, count;
		uint32_t rates[3];
	} rows[] = {
		{ "01 2A 00 00 48 E8 01 00", 8, 2, { 10753, 125000 } },
		{ "01 2A 00 00", 8, 1, { 10753 } }, /* less than was asked for */
		{ "00 00 00 00 48 E8 01 00 00 00 00 00", 12, 1, { 125000 } },
		{ "00*12", 12, 0, { 0 } }, { "", 8, 0, { 0 } }, { "01 2A 00", 8, 0, { 0 } },
		{ "01 2A 00 00 48", 8, 0, { 0 } },
		{ "01 2A 00 00 48 E8 01 00 01 2A 00 00", 8, 0, { 0 } }, /* more */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		uint8_t *bytes = ccid_hex(rows[i].bytes, &length);
		uint32_t table[3] = { 0 };

		if (!SUITE_EQUAL_INT(
			ccid_rates_read(bytes, length, rows[i].asked, table), rows[i].count))
			CU_FAIL(rows[i].bytes);
		for (size_t j = 0; j < 3; j++)
			SUITE_EQUAL_INT(table[j], rows[i].rates[j]);
		free(bytes);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "Fi and Di", tables },
		{ "bits a second", rates },
		{ "choice of the factors", choice },
		{ "factors that are usable", exactly },
		{ "R14 GET_DATA_RATES of 0, 3, too many bytes, zeros", table_of_rates },
		{ "waits of T=0", waits_t0 },
		{ "waits of T=1", waits_t1 },
	};

	return suite_run("timing", tests, sizeof tests / sizeof tests[0]);
}
