/* SPDX-License-Identifier: BSD-2-Clause */
/* The structures of SetParameters and of its answer. */
#include <stdlib.h>

#include "ccid/parameters.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static void
written(void)
{
	static const struct {
		struct ccid_parameters parameters;
		const char *bytes;
	} rows[] = {
		/* 512/16, LRC, BWI 4, CWI 5, IFSC 254 */
		{ { .protocol = 1, .factors = 0x95, .bwi = 4, .cwi = 5, .ifsc = 0xFE },
		    "95 10 00 45 00 FE 00" },
		{ { .protocol = 1,
		      .factors = 0x11,
		      .inverse = true,
		      .crc = true,
		      .guard = 0xFF,
		      .bwi = 9,
		      .cwi = 15,
		      .clock_stop = 3,
		      .ifsc = 32 },
		    "11 13 FF 9F 03 20 00" },
		{ { .protocol = 0, .factors = 0x11, .wi = 10 }, "11 00 00 0A 00" },
		{ { .protocol = 0,
		      .factors = 0x18,
		      .inverse = true,
		      .guard = 0xFF,
		      .wi = 255,
		      .clock_stop = 2 },
		    "18 02 FF FF 02" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t out[CCID_PARAMETERS_T1];
		size_t length = ccid_parameters_write(&rows[i].parameters, out);

		SUITE_EQUAL_BYTES(out, length, rows[i].bytes);
	}
}

static void
equal(const struct ccid_parameters *a, const struct ccid_parameters *b)
{
	SUITE_EQUAL_INT(a->protocol, b->protocol);
	SUITE_EQUAL_HEX(a->factors, b->factors);
	SUITE_EQUAL_INT(a->inverse, b->inverse);
	SUITE_EQUAL_INT(a->crc, b->crc);
	SUITE_EQUAL_INT(a->guard, b->guard);
	SUITE_EQUAL_INT(a->wi, b->wi);
	SUITE_EQUAL_INT(a->bwi, b->bwi);
	SUITE_EQUAL_INT(a->cwi, b->cwi);
	SUITE_EQUAL_INT(a->clock_stop, b->clock_stop);
	SUITE_EQUAL_INT(a->ifsc, b->ifsc);
}

static void
read_back(void)
{
	static const struct {
		unsigned number;
		const char *bytes;
		struct ccid_parameters parameters;
	} rows[] = {
		{ 1, "95 10 00 45 00 FE 00",
		    { .protocol = 1, .factors = 0x95, .bwi = 4, .cwi = 5, .ifsc = 0xFE } },
		{ 1, "96 13 05 4D 01 20 12",
		    { .protocol = 1,
			.factors = 0x96,
			.inverse = true,
			.crc = true,
			.guard = 5,
			.bwi = 4,
			.cwi = 13,
			.clock_stop = 1,
			.ifsc = 32 } },
		{ 0, "18 02 FF 0A FF",
		    { .protocol = 0,
			.factors = 0x18,
			.inverse = true,
			.guard = 255,
			.wi = 10,
			.clock_stop = 3 } },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		uint8_t *bytes = ccid_hex(rows[i].bytes, &length);
		struct ccid_parameters read = { 0 };

		CU_ASSERT_TRUE(ccid_parameters_read(&read, rows[i].number, bytes, length));
		equal(&read, &rows[i].parameters);
		free(bytes);
	}
}

static void
refused(void)
{
	static const struct {
		unsigned number;
		const char *bytes;
	} rows[] = {
		{ 0, "" },
		{ 1, "" },
		{ 1, "11 10 00" },
		{ 0, "11 00 00 0A" },
		{ 0, "11 00 00 0A 00 00 00" }, /* seven bytes are not T=0's */
		{ 1, "11 10 00 4D 00" },       /* five are not T=1's */
		{ 1, "11*200" },
		{ 2, "11 10 00 4D 00 20 00" },
		{ 0x80, "11 00 00 0A 00" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		uint8_t *bytes = ccid_hex(rows[i].bytes, &length);
		struct ccid_parameters read = { .factors = 0x77 };

		CU_ASSERT_FALSE(ccid_parameters_read(&read, rows[i].number, bytes, length));
		SUITE_EQUAL_HEX(read.factors, 0x77);
		free(bytes);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "written", written },
		{ "R36 replies of 5 and 7 bytes by their protocol", read_back },
		{ "R36 replies of 0, 3, 200 bytes, the other protocol's length", refused },
	};

	return suite_run("parameters", tests, sizeof tests / sizeof tests[0]);
}
