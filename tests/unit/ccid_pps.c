/* SPDX-License-Identifier: BSD-2-Clause */
/* Negotiation with the card: what is asked, and what an answer to it means. */
#include <stdlib.h>

#include "ccid/pps.h"
#include "tests/suite.h"
#include "tests/unit/ccid_hex.h"

static void
requests(void)
{
	static const struct {
		unsigned protocol;
		uint8_t pps1;
		const char *bytes;
	} rows[] = {
		{ 1, 0x95, "FF 11 95 7B" },
		{ 0, 0x11, "FF 00 FF" },
		{ 1, 0x11, "FF 01 FE" },
		{ 0, 0x96, "FF 10 96 79" },
		{ 14, 0x18, "FF 1E 18 F9" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t out[CCID_PPS_MAX];
		size_t length = ccid_pps_request(rows[i].protocol, rows[i].pps1, out);

		SUITE_EQUAL_BYTES(out, length, rows[i].bytes);
	}
}

struct verdict {
	const char *request, *answer;
	enum ccid_pps expected;
};

static void
check(const struct verdict *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t request_length, answer_length;
		uint8_t *request = ccid_hex(rows[i].request, &request_length);
		uint8_t *answer = ccid_hex(rows[i].answer, &answer_length);

		if (!SUITE_EQUAL_INT(ccid_pps_check(request, request_length, answer, answer_length),
			rows[i].expected))
			CU_FAIL(rows[i].answer);
		free(request);
		free(answer);
	}
}

static void
agreed(void)
{
	static const struct verdict rows[] = {
		{ "FF 11 95 7B", "FF 11 95 7B", CCID_PPS_AGREED },
		{ "FF 01 FE", "FF 01 FE", CCID_PPS_AGREED },
		{ "FF 11 95 7B", "FF 01 FE", CCID_PPS_DEFAULTS },
		{ "FF 10 96 79", "FF 00 FF", CCID_PPS_DEFAULTS },
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

static void
failed(void)
{
	static const struct verdict rows[] = {
		{ "FF 11 95 7B", "FF 11 94 7A", CCID_PPS_FAILED }, /* another PPS1 */
		{ "FF 11 95 7B", "FF 10 95 7A", CCID_PPS_FAILED }, /* another protocol */
		{ "FF 11 95 7B", "FF 00 FF", CCID_PPS_FAILED },    /* the same, without PPS1 */
		{ "FF 01 FE", "FF 11 95 7B", CCID_PPS_FAILED },    /* PPS1 that was not asked for */
		{ "FF 11 95 7B", "FF 21 00 DE", CCID_PPS_FAILED }, /* PPS2 instead */
		{ "FF 11 95 7B", "FF 31 95 00 5B", CCID_PPS_FAILED }, /* PPS2 as well */
		{ "FF 11 95 7B", "FE 11 95 7A", CCID_PPS_FAILED },    /* PPSS */
		{ "FF 11 95 7B", "FF 01 7B FE", CCID_PPS_FAILED },    /* a byte too many */
		{ "FF 11 95 7B", "FF 11 95", CCID_PPS_FAILED },       /* a byte too few */
		{ "FF 01 FE", "FF 81 7E", CCID_PPS_FAILED },          /* a reserved bit */
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

static void
hostile(void)
{
	static const struct verdict rows[] = {
		{ "FF 11 95 7B", "", CCID_PPS_FAILED },
		{ "FF 11 95 7B", "FF", CCID_PPS_FAILED },
		{ "FF 11 95 7B", "FF 01", CCID_PPS_FAILED },
		{ "FF 11 95 7B", "FF 11 95 7B 00 00 00", CCID_PPS_FAILED },
		{ "FF 11 95 7B", "FF*300", CCID_PPS_FAILED },
		{ "FF 11 95 7B", "FF 11 95 7A", CCID_PPS_FAILED },
		{ "FF 11 95 7B", "FF 01 FF", CCID_PPS_FAILED },
		{ "", "", CCID_PPS_FAILED },
		{ "FF", "FF", CCID_PPS_FAILED },
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "requests", requests },
		{ "agreed, with and without the rate", agreed },
		{ "failed", failed },
		{ "R67 answers of 2, 7, 300 bytes, wrong PCK", hostile },
	};

	return suite_run("PPS", tests, sizeof tests / sizeof tests[0]);
}
