/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl atr: what is said of each byte of an answer to reset, and where a bad one breaks. */
#include <string.h>

#include <glib.h>

#include "rm/scardctl/atr_explain.h"
#include "rm/scardctl/hex.h"
#include "tests/suite.h"

static struct atr_explanation *
explain(const char *text)
{
	uint8_t bytes[64];
	size_t length = 0;

	if (*text != '\0')
		CU_ASSERT_TRUE_FATAL(hex_parse(text, bytes, sizeof bytes, &length));
	return atr_explain(bytes, length);
}

/* "2 TA1 Fi 372, ..." for each line whose name is among @names. (transfer full) */
static char *
lines_of(const struct atr_explanation *explanation, const char *names)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < explanation->lines->len; i++) {
		const struct atr_line *line =
		    &g_array_index(explanation->lines, struct atr_line, i);

		if (line->name[0] != '\0' && strstr(names, line->name) != NULL)
			g_string_append_printf(
			    text, "%zu %s %s\n", line->at, line->name, line->meaning);
	}
	return g_string_free(text, FALSE);
}

static void
bytes_have_their_meaning(void)
{
	static const struct {
		const char *atr, *names, *lines;
	} rows[] = {
		{ "3B 00", "TS T0",
		    "0 TS direct convention\n"
		    "1 T0 no interface byte follows; 0 historical bytes\n" },
		{ "3F 00", "TS", "0 TS inverse convention\n" },
		{ "03 FF", "TS",
		    "0 TS inverse convention, which the reader has left undone: all bytes "
		    "inverted\n" },
		{ "3B F2 18 00 02 C1 0A 31 FE 58 C8 08 74", "TA1 TB1 TC1 TD1 TC2 TD2 TA3 TB3 TCK",
		    "2 TA1 Fi 372, Di 12: 129032 bit/s at 4 MHz; clock at most 5 MHz\n"
		    "3 TB1 programming voltage: VPP not connected; deprecated, not looked at\n"
		    "4 TC1 extra guard time N 2 etu\n"
		    "5 TD1 T=1, the card's first choice; TC2, TD2 follow\n"
		    "6 TC2 waiting time integer WI of T=0: 10\n"
		    "7 TD2 T=1; TA3, TB3 follow\n"
		    "8 TA3 T=1: the card takes blocks of 254 bytes (IFSC)\n"
		    "9 TB3 T=1: block and character waiting time, BWI 5, CWI 8\n"
		    "12 TCK check byte, right\n" },
		{ "3B FA 13 00 FF 81 31 80 45 00 31 C1 73 C0 01 00 00 90 00 B1", "TC1 TA3 TB3 TCK",
		    "4 TC1 extra guard time N 255: the least there is, 12 etu between characters "
		    "with "
		    "T=0, 11 with T=1\n"
		    "7 TA3 T=1: the card takes blocks of 128 bytes (IFSC)\n"
		    "8 TB3 T=1: block and character waiting time, BWI 4, CWI 5\n"
		    "19 TCK check byte, right\n" },
		{ "3B D5 18 00 81 31 FE 7D 80 73 C8 21 10 F4", "TC1 TA3 TB3 TCK",
		    "3 TC1 extra guard time N 0: none\n"
		    "6 TA3 T=1: the card takes blocks of 254 bytes (IFSC)\n"
		    "7 TB3 T=1: block and character waiting time, BWI 7, CWI 13\n"
		    "13 TCK check byte, right\n" },
		{ "3B DF 96 FF 91 01 31 FE 46 80 31 90 52 41 02 64 05 02 00 AC 73 D6 22 C0 17",
		    "TA1 TA2 TA3",
		    "2 TA1 Fi 512, Di 32: 250000 bit/s at 4 MHz; clock at most 5 MHz\n"
		    "5 TA2 specific mode: T=1, at the rate of TA1; the card can change to "
		    "negotiable "
		    "mode\n"
		    "7 TA3 T=1: the card takes blocks of 254 bytes (IFSC)\n" },
		/* Two groups of T=1, the second does not count; T=15 with clock stop and class. */
		{ "3B 80 81 91 20 91 40 1F C7 8D", "TA3 TA4 TA5",
		    "4 TA3 T=1: the card takes blocks of 32 bytes (IFSC)\n"
		    "6 TA4 a further one of T=1, not looked at: the first counts\n"
		    "8 TA5 for all protocols: clock may stop either way; class A (5 V) B (3 V) C "
		    "(1.8 "
		    "V)\n" },
		{ "3B 80 81 71 FF AF 01 63", "TA3 TB3 TC3",
		    "4 TA3 T=1: IFSC FF is reserved, 32 is taken\n"
		    "5 TB3 T=1: BWI 10 is reserved, 9 is taken; CWI 15\n"
		    "6 TC3 T=1: error detection code CRC\n" },
		{ "3B 10 70", "TA1", "2 TA1 Fi 7 is reserved: the card is run at Fi 372, Di 1\n" },
		{ "3B 10 10", "TA1", "2 TA1 Di 0 is reserved: the card is run at Fi 372, Di 1\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct atr_explanation *explanation = explain(rows[i].atr);
		g_autofree char *lines = lines_of(explanation, rows[i].names);

		SUITE_EQUAL_STRING(lines, rows[i].lines);
		atr_explanation_free(explanation);
	}
}

/* The table of rates at 4 MHz. */
static void
rates(void)
{
	static const struct {
		const char *atr, *rate;
	} rows[] = { { "3B1011", "10753" }, { "3B1012", "21505" }, { "3B1013", "43011" },
		{ "3B1014", "86022" }, { "3B1015", "172043" }, { "3B1018", "129032" },
		{ "3B1038", "64516" }, { "3B1094", "62500" }, { "3B1095", "125000" },
		{ "3B1096", "250000" }, { "3B1097", "500000" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct atr_explanation *explanation = explain(rows[i].atr);
		g_autofree char *lines = lines_of(explanation, "TA1");
		g_autofree char *wanted = g_strdup_printf(": %s bit/s at 4 MHz", rows[i].rate);

		CU_ASSERT_PTR_NOT_NULL(strstr(lines, wanted));
		atr_explanation_free(explanation);
	}
}

static void
protocols(void)
{
	static const struct {
		const char *atr;
		unsigned protocols;
	} rows[] = { { "3B00", 1 }, { "3B021450", 1 }, { "3B808000", 1 }, { "3B80 01 81", 2 },
		{ "3B8F80018031E873F421405754657373657261A1", 3 },
		/* T=15 alone is no protocol. */
		{ "3B801F0798", 1 }, { "3B800E8E", 1u << 14 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct atr_explanation *explanation = explain(rows[i].atr);

		SUITE_EQUAL_INT(explanation->protocols, rows[i].protocols);
		atr_explanation_free(explanation);
	}
}

static void
broken(void)
{
	static const struct {
		const char *atr, *problem;
		unsigned lines;
	} rows[] = {
		{ "", "it has no byte", 0 },
		{ "3B", "it ends before byte 2, T0, which every one has", 1 },
		{ "3C 00", "byte 1, TS, is 3C: an answer to reset begins with 3B or 3F", 1 },
		{ "3B F0 11", "it ends before byte 4, TB1, which T0 announces", 3 },
		{ "3B 81 31 FE", "it ends before byte 5, TB2, which TD1 announces", 4 },
		{ "3B 0F 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E",
		    "T0 announces 15 historical bytes, and it ends after 14 of them", 3 },
		{ "3B 80 01",
		    "it ends before byte 4, the check byte TCK, which is due when a protocol "
		    "other than T=0 is named; some old cards leave it out",
		    3 },
		{ "3B 80 01 82", "byte 4, the check byte TCK, is 82, and 81 would be right", 4 },
		{ "3B 80 80 80 80 80 80 80 80 80 80 80",
		    "byte 10, TD8, announces more groups than any card has", 10 },
		/* 33 bytes count, whatever comes behind. */
		{ "3B FF 11 11 11 F0 11 11 11 F0 11 11 11 F0 11 11 11 F0 11 11 11 F0 11 11 11 F0 "
		  "11 "
		  "11 11 F0 11 11 11 00 00 00",
		    "byte 34", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct atr_explanation *explanation = explain(rows[i].atr);

		CU_ASSERT_PTR_NOT_NULL_FATAL(explanation->problem);
		if (rows[i].lines != 0 || *rows[i].atr == '\0') {
			SUITE_EQUAL_STRING(explanation->problem, rows[i].problem);
			SUITE_EQUAL_INT(explanation->lines->len, rows[i].lines);
		} else
			CU_ASSERT_PTR_NOT_NULL(strstr(explanation->problem, rows[i].problem));
		atr_explanation_free(explanation);
	}
}

/* Every byte of a whole answer has exactly one line; whatever is given, nothing is read past it. */
static void
every_byte_once(void)
{
	uint32_t state = 1;

	for (unsigned round = 0; round < 20000; round++) {
		uint8_t *bytes, seen[ATR_MAX] = { 0 };
		struct atr_explanation *explanation;
		size_t length;

		state = state * 1664525u + 1013904223u;
		length = (state >> 16) % 40;
		bytes = g_malloc(length + 1);
		for (size_t i = 0; i < length; i++) {
			state = state * 1664525u + 1013904223u;
			bytes[i] = (uint8_t)(state >> 24);
		}
		if (length > 0)
			bytes[0] = 0x3B;
		explanation = atr_explain(bytes, length);
		for (guint i = 0; i < explanation->lines->len; i++) {
			const struct atr_line *line =
			    &g_array_index(explanation->lines, struct atr_line, i);

			for (size_t k = 0; k < line->length; k++)
				seen[line->at + k]++;
		}
		for (size_t i = 0; i < explanation->length; i++)
			if (seen[i] > 1 || (seen[i] == 0 && explanation->problem == NULL))
				CU_FAIL("a byte has no line, or two");
		atr_explanation_free(explanation);
		g_free(bytes);
	}
	CU_PASS("all");
}

static void
history(void)
{
	static const struct {
		const char *atr, *meaning;
	} rows[] = {
		{ "3B 06 00 31 C0 00 90 00", "  status: life cycle 00, 9000" },
		{ "3B 02 10 42", "historical bytes: DIR data reference 42" },
		{ "3B 02 85 42", "historical bytes, of a reserved form: \".B\"" },
		{ "3B 03 41 42 43", "historical bytes, of the maker's own form: \"ABC\"" },
		{ "3B 05 80 31 E8 82 90", "  object 8 says 2 bytes, and there are 1" },
		{ "3B 04 80 82 69 85", "  status: 6985" },
		{ "3B 04 80 52 41 42", "  card issuer's data: \"AB\"" },
		{ "3B 05 80 73 40 01 98",
		    "  card capabilities: by partial DF name, data units of 2 half bytes, command "
		    "chaining, "
		    "logical channels" },
		{ "3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A",
		    "historical bytes: made up by the reader for a storage card without contacts, "
		    "standard "
		    "03, card 0001: MIFARE Standard 1K" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct atr_explanation *explanation = explain(rows[i].atr);
		bool found = false;

		CU_ASSERT_PTR_NULL(explanation->problem);
		for (guint k = 0; k < explanation->lines->len; k++)
			found = found ||
			    strcmp(g_array_index(explanation->lines, struct atr_line, k).meaning,
				rows[i].meaning) == 0;
		CU_ASSERT_TRUE(found);
		if (!found)
			fprintf(stderr, "# %s\n", rows[i].meaning);
		atr_explanation_free(explanation);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "every byte has its meaning", bytes_have_their_meaning },
		{ "rates at 4 MHz", rates },
		{ "protocols that are offered", protocols },
		{ "where a bad answer breaks", broken },
		{ "historical bytes", history },
		{ "each byte of any answer is explained once", every_byte_once },
	};

	return suite_run("scardctl_atr", tests, G_N_ELEMENTS(tests));
}
