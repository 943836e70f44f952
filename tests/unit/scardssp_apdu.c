/* SPDX-License-Identifier: BSD-2-Clause */
/* Command APDUs: encoding, decoding, classification, and the lengths at which the form changes. */
#include "providers/scardssp/apdu.h"

#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

static const uint8_t header[APDU_HEADER_SIZE] = { 0x0A, 0x0B, 0x0C, 0x0D };

/* Every row of the encoding table with one byte of data, and each Le that has a meaning of its own.
 */
static void
encode_small(void)
{
	static const uint8_t data[] = { 0xD1, 0xD2 };
	static const struct {
		size_t data_size;
		uint32_t expected;
		const char *bytes;
	} rows[] = {
		{ 0, 0, "0A0B0C0D" },
		{ 0, 1, "0A0B0C0D 01" },
		{ 0, 255, "0A0B0C0D FF" },
		{ 0, 256, "0A0B0C0D 00" },
		{ 0, 257, "0A0B0C0D 00 0101" },
		{ 0, 65535, "0A0B0C0D 00 FFFF" },
		{ 0, 65536, "0A0B0C0D 00 0000" },
		{ 2, 0, "0A0B0C0D 02 D1D2" },
		{ 2, 1, "0A0B0C0D 02 D1D2 01" },
		{ 2, 256, "0A0B0C0D 02 D1D2 00" },
		{ 2, 257, "0A0B0C0D 00 0002 D1D2 0101" },
		{ 2, 65536, "0A0B0C0D 00 0002 D1D2 0000" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t out[32];
		size_t size = apdu_encoded_size(rows[i].data_size, rows[i].expected);

		SUITE_EQUAL_INT(
		    apdu_encode(header, data, rows[i].data_size, rows[i].expected, out), size);
		SUITE_EQUAL_BYTES(out, size, rows[i].bytes);
	}
}

/* Bytes before, after and in the fields around each boundary; the data themselves come through. */
static void
encode_and_decode_boundaries(void)
{
	static const struct {
		size_t data_size;
		uint32_t expected;
		size_t size;
		enum apdu_case kind;
		int extended;
	} rows[] = {
		{ 1, 0, 6, APDU_CASE_3, 0 },
		{ 255, 0, 260, APDU_CASE_3, 0 },
		{ 256, 0, 263, APDU_CASE_3, 1 },
		{ 257, 0, 264, APDU_CASE_3, 1 },
		{ 65535, 0, 65542, APDU_CASE_3, 1 },
		{ 1, 1, 7, APDU_CASE_4, 0 },
		{ 255, 256, 261, APDU_CASE_4, 0 },
		{ 255, 257, 264, APDU_CASE_4, 1 },
		{ 256, 1, 265, APDU_CASE_4, 1 },
		{ 256, 256, 265, APDU_CASE_4, 1 },
		{ 65535, 65536, 65544, APDU_CASE_4, 1 },
	};
	uint8_t *data = malloc(APDU_DATA_MAX), *out = malloc(APDU_COMMAND_MAX);

	for (size_t i = 0; i < APDU_DATA_MAX; i++)
		data[i] = (uint8_t)(i * 7 + 1);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct apdu apdu;

		SUITE_EQUAL_INT(
		    apdu_encoded_size(rows[i].data_size, rows[i].expected), rows[i].size);
		SUITE_EQUAL_INT(apdu_encode(header, data, rows[i].data_size, rows[i].expected, out),
		    rows[i].size);
		CU_ASSERT_FATAL(apdu_decode(out, rows[i].size, &apdu));
		SUITE_EQUAL_INT(apdu.kind, rows[i].kind);
		SUITE_EQUAL_INT(apdu.extended, rows[i].extended);
		SUITE_EQUAL_INT(apdu.expected, rows[i].expected);
		SUITE_EQUAL_INT(apdu.data_size, rows[i].data_size);
		CU_ASSERT(memcmp(apdu.data, data, rows[i].data_size) == 0);
		CU_ASSERT(memcmp(apdu.header, header, sizeof header) == 0);
	}
	free(data);
	free(out);
}

static void
encode_refuses(void)
{
	SUITE_EQUAL_INT(apdu_encoded_size(65536, 0), 0);
	SUITE_EQUAL_INT(apdu_encoded_size(0, 65537), 0);
	SUITE_EQUAL_INT(apdu_encoded_size(SIZE_MAX, 0), 0);
	SUITE_EQUAL_INT(apdu_encoded_size(0, UINT32_MAX), 0);
	SUITE_EQUAL_INT(apdu_encoded_size(65536, 65537), 0);
}

/* "size" bytes: the given ones, then zeros. */
static void
decode_classifies(void)
{
	static const struct {
		const char *why;
		uint8_t bytes[12];
		size_t size;
		enum apdu_case kind;
		int extended;
		size_t data_offset;
		size_t data_size;
		uint32_t expected;
	} rows[] = {
		{ "1", { 0, 0xA4 }, 4, APDU_CASE_1, 0, 0, 0, 0 },
		{ "2S", { 0, 0xB0, 0, 0, 0x10 }, 5, APDU_CASE_2, 0, 0, 0, 16 },
		{ "2S, all", { 0, 0xB0, 0, 0, 0 }, 5, APDU_CASE_2, 0, 0, 0, 256 },
		{ "3S", { 0, 0xD6, 0, 0, 1, 0xAA }, 6, APDU_CASE_3, 0, 5, 1, 0 },
		{ "3S, two", { 0, 0xD6, 0, 0, 2, 0xAA, 0xBB }, 7, APDU_CASE_3, 0, 5, 2, 0 },
		{ "4S", { 0, 0x88, 0, 0, 1, 0xAA, 8 }, 7, APDU_CASE_4, 0, 5, 1, 8 },
		{ "4S, all", { 0, 0x88, 0, 0, 1, 0xAA, 0 }, 7, APDU_CASE_4, 0, 5, 1, 256 },
		{ "2E", { 0, 0xB0, 0, 0, 0, 1, 0 }, 7, APDU_CASE_2, 1, 0, 0, 256 },
		{ "2E, small", { 0, 0xB0, 0, 0, 0, 0, 5 }, 7, APDU_CASE_2, 1, 0, 0, 5 },
		{ "2E, all", { 0, 0xB0, 0, 0, 0, 0, 0 }, 7, APDU_CASE_2, 1, 0, 0, 65536 },
		{ "3E", { 0, 0xD6, 0, 0, 0, 0, 1, 0xAA }, 8, APDU_CASE_3, 1, 7, 1, 0 },
		{ "4E", { 0, 0x88, 0, 0, 0, 0, 1, 0xAA, 1, 2 }, 10, APDU_CASE_4, 1, 7, 1, 258 },
		{ "4E, all", { 0, 0x88, 0, 0, 0, 0, 1, 0xAA, 0, 0 }, 10, APDU_CASE_4, 1, 7, 1,
		    65536 },
		{ "Lc without data", { 0, 0xD6, 0, 0, 2, 0xAA }, 6, APDU_OPAQUE, 0, 5, 1, 0 },
		{ "bytes after Le", { 0, 0x88, 0, 0, 1, 0xAA, 8, 9 }, 8, APDU_OPAQUE, 0, 5, 3, 0 },
		{ "00 and one byte", { 0, 0xD6, 0, 0, 0, 7 }, 6, APDU_OPAQUE, 0, 5, 1, 0 },
		{ "extended, Lc 0", { 0, 0xD6, 0, 0, 0, 0, 0, 0 }, 8, APDU_OPAQUE, 0, 5, 3, 0 },
		{ "extended, Lc 0 and Le", { 0, 0xD6, 0, 0, 0, 0, 0, 1, 1 }, 9, APDU_OPAQUE, 0, 5,
		    4, 0 },
		{ "extended, half an Le", { 0, 0x88, 0, 0, 0, 0, 1, 0xAA, 1 }, 9, APDU_OPAQUE, 0, 5,
		    4, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct apdu apdu;

		CU_ASSERT_FATAL(apdu_decode(rows[i].bytes, rows[i].size, &apdu));
		SUITE_EQUAL_INT(apdu.kind, rows[i].kind);
		SUITE_EQUAL_INT(apdu.extended, rows[i].extended);
		SUITE_EQUAL_INT(apdu.data_size, rows[i].data_size);
		SUITE_EQUAL_INT(apdu.expected, rows[i].expected);
		if (rows[i].data_size != 0)
			SUITE_EQUAL_INT(apdu.data - rows[i].bytes, rows[i].data_offset);
		else
			CU_ASSERT(apdu.data == NULL);
	}
}

static void
decode_refuses_less_than_a_header(void)
{
	static const uint8_t bytes[3];
	struct apdu apdu = { .kind = APDU_CASE_4, .expected = 77 };

	for (size_t size = 0; size < APDU_HEADER_SIZE; size++)
		CU_ASSERT(!apdu_decode(bytes, size, &apdu));
	CU_ASSERT(!apdu_decode(NULL, 0, &apdu));
	SUITE_EQUAL_INT(apdu.kind, APDU_CASE_4);
	SUITE_EQUAL_INT(apdu.expected, 77);
}

/* Whatever the bytes: the data lie inside them, and nothing is read beyond (address sanitizer). */
static void
decode_stays_inside(void)
{
	uint32_t seed = 12345;

	for (size_t size = APDU_HEADER_SIZE; size < 600; size++)
		for (unsigned round = 0; round < 8; round++) {
			uint8_t *bytes = malloc(size);
			struct apdu apdu;

			for (size_t i = 0; i < size; i++) {
				seed = seed * 1103515245u + 12345u;
				bytes[i] = (uint8_t)(seed >> 16);
			}
			if (size > 6 && (round & 1) != 0) {
				bytes[4] = 0;
				bytes[5] = (uint8_t)((size - 7) >> 8);
				bytes[6] = (uint8_t)(size - 7);
			}
			CU_ASSERT_FATAL(apdu_decode(bytes, size, &apdu));
			if (apdu.data != NULL)
				CU_ASSERT(apdu.data > bytes &&
				    apdu.data + apdu.data_size <= bytes + size);
			free(bytes);
		}
}

static void
envelope_expects(void)
{
	static const struct {
		uint32_t inner_expected;
		size_t inner_size;
		uint32_t expected;
	} rows[] = {
		{ 0, 4, 256 },
		{ 0, 255, 256 },
		{ 0, 256, 65536 },
		{ 5, 5, 5 },
		{ 256, 5, 256 },
		{ 65536, 7, 65536 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct apdu apdu = { .expected = rows[i].inner_expected };

		SUITE_EQUAL_INT(
		    apdu_envelope_expected(&apdu, rows[i].inner_size), rows[i].expected);
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "encoding, each row of the table", encode_small },
		{ "encoding and decoding at the boundaries", encode_and_decode_boundaries },
		{ "encoding refuses too much", encode_refuses },
		{ "classification", decode_classifies },
		{ "less than a header is refused", decode_refuses_less_than_a_header },
		{ "any bytes can be decoded", decode_stays_inside },
		{ "Le of an ENVELOPE", envelope_expects },
	};

	return suite_run("scardssp apdu", tests, sizeof tests / sizeof tests[0]);
}
