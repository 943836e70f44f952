/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a peer that lies may send: headers, lengths, counts, absent fields and texts. Every packet
 * is refused by the check and by whoever gets its fields.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/wire_sample.h"

/* Makes a packet of hex text, of exactly its size; free it. */
static uint8_t *
packet(const char *hex, size_t *ret_size)
{
	uint8_t *data = malloc(strlen(hex) / 2 + 1);
	size_t size = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	for (const char *p = hex; *p != '\0'; p++)
		if (*p != ' ') {
			char digits[3] = { p[0], p[1], '\0' };

			data[size++] = (uint8_t)strtoul(digits, NULL, 16);
			p++;
		}
	data = realloc(data, size > 0 ? size : 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	*ret_size = size;
	return data;
}

static int
check(const char *hex)
{
	size_t size;
	uint8_t *data = packet(hex, &size);
	int r = wire_check(data, size);

	free(data);
	return r;
}

static void
headers(void)
{
	static const struct {
		const char *hex;
		int r;
		const char *why;
	} rows[] = {
		{ "0C000000 01000000 1400 0000", 0, "HOLDERS, which has no fields" },
		{ "", -EBADMSG, "nothing" },
		{ "0C000000 01000000 1400 00", -EBADMSG, "short of a header" },
		{ "0B000000 01000000 1400 0000", -EBADMSG, "length too small" },
		{ "0D000000 01000000 1400 0000", -EBADMSG, "length too large" },
		{ "0C000080 01000000 1400 0000", -EBADMSG, "length far too large" },
		{ "00000000 01000000 1400 0000", -EBADMSG, "length 0" },
		{ "0C000000 01000000 0000 0000", -EBADMSG, "number 0" },
		{ "0C000000 01000000 1A00 0000", -EBADMSG, "number behind the last" },
		{ "0C000000 01000000 0014 0000", -EBADMSG, "number in the other byte order" },
		{ "0C000000 01000000 1400 0200", -EBADMSG, "direction 2" },
		{ "0C000000 01000000 1400 0001", -EBADMSG, "direction 256" },
		{ "0C000000 01000000 1400 0100", -EBADMSG, "reply with the request's header" },
		{ "14000000 01000000 0D00 0100 00000000 00000000", 0, "reply to BEGIN" },
		{ "13000000 01000000 0D00 0100 00000000 000000", -EBADMSG, "short reply header" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int r = check(rows[i].hex);

		if (r != rows[i].r)
			printf("# %s\n", rows[i].why);
		SUITE_EQUAL_INT(r, rows[i].r);
	}
}

static void
fields(void)
{
	static const struct {
		const char *hex;
		int r;
		const char *why;
	} rows[] = {
		{ "20000000 01000000 0200 0000 10000000 000102030405060708090A0B0C0D0E0F", 0,
		    "LANE with a token" },
		{ "10000000 01000000 0200 0000 00000000", 0, "empty" },
		{ "11000000 01000000 0200 0000 02000000 00", -EBADMSG, "one byte missing" },
		{ "11000000 01000000 0200 0000 FFFFFF7F 00", -EBADMSG, "2 GB" },
		{ "11000000 01000000 0200 0000 FEFFFFFF 00", -EBADMSG, "4 GB less 2" },
		{ "10000000 01000000 0200 0000 FFFFFFFF", -EBADMSG, "absent, which it may not be" },
		{ "18000000 01000000 0700 0000 0000000000000000 FFFFFFFF", 0,
		    "LIST_READERS, groups absent" },
		{ "18000000 01000000 0700 0000 0000000000000000 00000000", 0, "groups empty" },
		{ "18000000 01000000 0700 0000 0000000000000000 01000000", -EBADMSG,
		    "groups missing" },
		{ "18000000 01000000 0900 0100 00000000 00000000 00000000", 0,
		    "STATUS_CHANGE answers nothing" },
		{ "18000000 01000000 0900 0100 0A001080 00000000 00000000", 0,
		    "the same after a time-out" },
		{ "20000000 01000000 0900 0100 0A001080 00000000 01000000 22000100 00000000", 0,
		    "one entry after a time-out" },
		{ "18000000 01000000 0900 0100 02001080 00000000 00000000", 0,
		    "a text after another failure" },
		{ "19000000 01000000 0900 0100 02001080 00000000 01000000 07", -EBADMSG,
		    "which is text" },
		{ "18000000 01000000 0A00 0100 0A001080 00000000 00000000", 0,
		    "a text after a time-out of anything else" },
		{ "18000000 01000000 0900 0100 00000000 00000000 01000000", -EBADMSG,
		    "an entry missing" },
		{ "20000000 01000000 0900 0100 00000000 00000000 01000000 22000100 FFFFFFFF",
		    -EBADMSG, "an ATR absent, which it may not be" },
		{ "18000000 01000000 0900 0100 00000000 00000000 FFFFFFFF", -EBADMSG,
		    "4 G entries" },
		{ "20000000 01000000 1400 0100 00000000 00000000 02000000 00000000 00000000",
		    -EBADMSG, "fewer entries than bytes could be" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int r = check(rows[i].hex);

		if (r != rows[i].r)
			printf("# %s\n", rows[i].why);
		SUITE_EQUAL_INT(r, rows[i].r);
	}
}

/* A list of one entry more than is allowed, all of it there. */
static void
list_lengths(void)
{
	static uint8_t data[WIRE_MESSAGE_MAX];
	const struct wire_info *info = wire_info(WIRE_STATUS_CHANGE);

	for (uint32_t count = WIRE_LIST_MAX - 1; count <= WIRE_LIST_MAX + 1; count++) {
		struct wire_writer writer;
		struct wire_reader reader;
		struct wire_header header;
		ssize_t size;

		wire_begin_reply(&writer, data, sizeof data, info->number, 1, 0, 0);
		wire_put_u32(&writer, count);
		for (uint32_t i = 0; i < count; i++) {
			wire_put_u32(&writer, i);
			wire_put_bytes(&writer, "ATR", 3);
		}
		size = wire_finish(&writer);
		CU_ASSERT_FATAL(size > 0);
		SUITE_EQUAL_INT(
		    wire_check(data, (size_t)size), count <= WIRE_LIST_MAX ? 0 : -EBADMSG);
		SUITE_EQUAL_INT(wire_open(&reader, data, (size_t)size, &header), 0);
		SUITE_EQUAL_INT(wire_get_count(&reader), count <= WIRE_LIST_MAX ? count : 0);
		SUITE_EQUAL_INT(wire_done(&reader), count <= WIRE_LIST_MAX ? 0 : -EBADMSG);
	}
}

static void
packet_lengths(void)
{
	uint8_t *data = calloc(1, WIRE_MESSAGE_MAX + 1);
	struct wire_writer writer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	wire_begin_request(&writer, data, WIRE_REQUEST_HEADER, WIRE_HOLDERS, 1);
	SUITE_EQUAL_INT(wire_finish(&writer), WIRE_REQUEST_HEADER);
	sample_set_length(data, WIRE_MESSAGE_MAX);
	SUITE_EQUAL_INT(wire_check(data, WIRE_MESSAGE_MAX), 0);
	sample_set_length(data, WIRE_MESSAGE_MAX + 1);
	SUITE_EQUAL_INT(wire_check(data, WIRE_MESSAGE_MAX + 1), -EBADMSG);
	free(data);
}

static void
texts(void)
{
	static const struct {
		const char *text;
		uint32_t length;
		bool good;
	} rows[] = {
		{ "", 0, true },
		{ "ACME 1 [CCID]", 13, true },
		{ "ACME\xC2\xA0€ 𝄞", 14, true },
		{ "a\0b", 3, false },
		{ "a\n", 2, false },
		{ "\x1B[2J", 4, false },
		{ "\x7F", 1, false },
		{ "\xC2\x85", 2, false },         /* next line */
		{ "\xC0\xAF", 2, false },         /* too long a form */
		{ "\xE2\x82", 2, false },         /* cut off */
		{ "\xED\xA0\x80", 3, false },     /* half of a surrogate pair */
		{ "\xF4\x90\x80\x80", 4, false }, /* beyond the last character */
		{ "\xFF", 1, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t data[128];
		char text[32] = "before";
		struct wire_writer writer;
		struct wire_reader reader;
		struct wire_header header;
		ssize_t size;

		wire_begin_reply(&writer, data, sizeof data, WIRE_BEGIN, 1, -1, 0);
		wire_put_bytes(&writer, rows[i].text, rows[i].length);
		size = wire_finish(&writer);
		CU_ASSERT_FATAL(size > 0);
		if (wire_check(data, (size_t)size) != (rows[i].good ? 0 : -EBADMSG))
			printf("# row %zu\n", i);
		SUITE_EQUAL_INT(wire_check(data, (size_t)size), rows[i].good ? 0 : -EBADMSG);
		SUITE_EQUAL_INT(wire_open(&reader, data, (size_t)size, &header), 0);
		wire_get_text(&reader, text, sizeof text);
		SUITE_EQUAL_STRING(text, rows[i].good ? rows[i].text : "");
		SUITE_EQUAL_INT(wire_done(&reader), rows[i].good ? 0 : -EBADMSG);
	}
}

static void
text_lengths(void)
{
	char long_text[WIRE_TEXT_MAX + 1], text[WIRE_TEXT_MAX];

	memset(long_text, 'x', sizeof long_text);
	for (uint32_t length = WIRE_TEXT_MAX - 2; length <= WIRE_TEXT_MAX; length++) {
		static uint8_t data[2 * WIRE_TEXT_MAX];
		struct wire_writer writer;
		struct wire_reader reader;
		struct wire_header header;
		bool good = length < WIRE_TEXT_MAX;
		ssize_t size;

		wire_begin_reply(&writer, data, sizeof data, WIRE_BEGIN, 1, -1, 0);
		wire_put_bytes(&writer, long_text, length);
		size = wire_finish(&writer);
		CU_ASSERT_FATAL(size > 0);
		SUITE_EQUAL_INT(wire_check(data, (size_t)size), good ? 0 : -EBADMSG);
		SUITE_EQUAL_INT(wire_open(&reader, data, (size_t)size, &header), 0);
		wire_get_text(&reader, text, sizeof text);
		SUITE_EQUAL_INT(strlen(text), good ? length : 0);
		SUITE_EQUAL_INT(wire_done(&reader), good ? 0 : -EBADMSG);
	}
}

/* A text longer than the caller's array, and no array at all. */
static void
small_arrays(void)
{
	static const char hex[] = "18000000 01000000 0D00 0100 FFFFFFFF 00000000 04000000 41424344";
	char whole[sizeof hex];
	size_t size;
	uint8_t *data;

	memcpy(whole, hex, sizeof hex);
	memcpy(whole, "1C", 2);
	data = packet(whole, &size);
	for (size_t room = 0; room <= 5; room++) {
		struct wire_reader reader;
		struct wire_header header;
		char text[6] = "-----";

		SUITE_EQUAL_INT(wire_open(&reader, data, size, &header), 0);
		wire_get_text(&reader, text, room);
		SUITE_EQUAL_INT(wire_done(&reader), room == 5 ? 0 : -EBADMSG);
		SUITE_EQUAL_STRING(text, room == 5 ? "ABCD" : room == 0 ? "-----" : "");
		CU_ASSERT(room == 0 || room == 5 || text[1] == '-');
	}
	free(data);
}

/* After a failure nothing is given any more, though it is there. */
static void
failure_stays(void)
{
	size_t size;
	uint8_t *data = packet(
	    "24000000 01000000 0200 0000 FFFFFFFF 01000000 01000000 41000000 05000000 05000000",
	    &size);
	struct wire_reader reader;
	struct wire_header header;
	const uint8_t *bytes = data;
	uint32_t length = 7;
	char text[8] = "before";

	SUITE_EQUAL_INT(wire_open(&reader, data, size, &header), 0);
	wire_get_bytes(&reader, &bytes, &length);
	CU_ASSERT_PTR_NULL(bytes);
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_INT(wire_get_u32(&reader), 0);
	SUITE_EQUAL_HEX(wire_get_u64(&reader), 0);
	SUITE_EQUAL_INT(wire_get_count(&reader), 0);
	bytes = data;
	wire_get_optional_bytes(&reader, &bytes, &length);
	CU_ASSERT_PTR_NULL(bytes);
	SUITE_EQUAL_INT(length, 0);
	wire_get_text(&reader, text, sizeof text);
	SUITE_EQUAL_STRING(text, "");
	SUITE_EQUAL_INT(wire_done(&reader), -EBADMSG);
	free(data);
}

/* So many entries cannot be in so few bytes: nobody goes through them, or makes room for them. */
static void
count_beyond_packet(void)
{
	size_t size;
	uint8_t *data =
	    packet("1F000000 01000000 0900 0100 00000000 00000000 02000000 00000000000000", &size);
	struct wire_reader reader;
	struct wire_header header;

	SUITE_EQUAL_INT(wire_open(&reader, data, size, &header), 0);
	SUITE_EQUAL_INT(wire_get_count(&reader), 0);
	SUITE_EQUAL_INT(wire_done(&reader), -EBADMSG);
	free(data);
}

static void
empty_and_absent(void)
{
	static const char *const packets[] = {
		"18000000 01000000 0700 0000 0000000000000000 00000000",
		"18000000 01000000 0700 0000 0000000000000000 FFFFFFFF",
	};

	for (unsigned absent = 0; absent < 2; absent++) {
		size_t size;
		uint8_t *data = packet(packets[absent], &size);
		struct wire_reader reader;
		struct wire_header header;
		const uint8_t *bytes;
		uint32_t length;

		SUITE_EQUAL_INT(wire_open(&reader, data, size, &header), 0);
		SUITE_EQUAL_HEX(wire_get_u64(&reader), 0);
		wire_get_optional_bytes(&reader, &bytes, &length);
		SUITE_EQUAL_INT(bytes == NULL, absent);
		SUITE_EQUAL_HEX(length, absent ? WIRE_ABSENT : 0);
		SUITE_EQUAL_INT(wire_done(&reader), 0);
		free(data);
	}
}

static const struct suite_test tests[] = {
	{ "headers", headers },
	{ "fields, lists and what follows a failure", fields },
	{ "a list of 1,025 entries is refused", list_lengths },
	{ "more entries than the packet has room for", count_beyond_packet },
	{ "a packet of 131,073 bytes is refused", packet_lengths },
	{ "what is text and what is not", texts },
	{ "a text of 1,024 bytes is refused", text_lengths },
	{ "a text that the caller's array does not hold", small_arrays },
	{ "a failure stays", failure_stays },
	{ "empty is not absent", empty_and_absent },
};

int
main(void)
{
	return suite_run("wire_hostile", tests, sizeof tests / sizeof tests[0]);
}
