/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes that the writer makes, its limits, and fields that somebody else fills.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/wire_sample.h"

static void
request_bytes(void)
{
	uint8_t data[64];
	struct wire_writer writer;

	wire_begin_request(&writer, data, sizeof data, WIRE_CONNECT, 0x01020304);
	wire_put_u64(&writer, 0x1122334455667788);
	wire_put_text(&writer, "R€");
	wire_put_u32(&writer, 2);
	wire_put_u32(&writer, 0x80000003);
	SUITE_EQUAL_INT(wire_finish(&writer), 36);
	SUITE_EQUAL_BYTES(data, 36,
	    "24000000 04030201 0A00 0000 8877665544332211 04000000 52E282AC 02000000 03000080");
}

static void
reply_bytes(void)
{
	uint8_t data[64];
	struct wire_writer writer;

	wire_begin_reply(&writer, data, sizeof data, WIRE_TRANSMIT, 5, (int32_t)0x80100008, 258);
	wire_put_text(&writer, NULL);
	SUITE_EQUAL_INT(wire_finish(&writer), 24);
	SUITE_EQUAL_BYTES(data, 24, "18000000 05000000 1000 0100 08001080 02010000 00000000");
}

static void
bytes_fields(void)
{
	uint8_t data[64];
	struct wire_writer writer;

	wire_begin_request(&writer, data, sizeof data, WIRE_LANE, 0);
	wire_put_bytes(&writer, "AB", 2);
	wire_put_bytes(&writer, "AB", 0);
	wire_put_bytes(&writer, NULL, 0);
	wire_put_bytes(&writer, NULL, WIRE_ABSENT);
	SUITE_EQUAL_INT(wire_finish(&writer), 12 + 6 + 4 + 4 + 4);
	SUITE_EQUAL_BYTES(data + 12, 18, "02000000 4142 00000000 00000000 FFFFFFFF");
}

/* The last field may stay where it is; the length counts it all the same. */
static void
last_apart(void)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x04, 0x00 };
	uint8_t data[20];
	struct wire_writer writer;

	wire_begin_request(&writer, data, sizeof data, WIRE_LANE, 0);
	wire_put_last(&writer, command, sizeof command);
	SUITE_EQUAL_INT(wire_finish(&writer), 12 + 4 + 4);
	SUITE_EQUAL_INT(writer.used, 12 + 4);
	CU_ASSERT_PTR_EQUAL(writer.last, command);
	SUITE_EQUAL_INT(writer.last_length, sizeof command);
	SUITE_EQUAL_BYTES(data, 4, "14000000");
	SUITE_EQUAL_BYTES(data + 12, 4, "04000000");
	wire_begin_request(&writer, data, sizeof data, WIRE_LANE, 0);
	wire_put_last(&writer, command, 5);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
	wire_begin_request(&writer, data, sizeof data, WIRE_LANE, 0);
	wire_put_last(&writer, NULL, 1);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
	wire_begin_request(&writer, data, sizeof data, WIRE_LANE, 0);
	wire_put_last(&writer, NULL, 0);
	SUITE_EQUAL_INT(wire_finish(&writer), 12 + 4);
}

static void
overflow_stays(void)
{
	uint8_t data[24];
	struct wire_writer writer;

	memset(data, 0xA5, sizeof data);
	wire_begin_request(&writer, data, 20, WIRE_LANE, 0);
	wire_put_bytes(&writer, "ABCDE", 5);
	wire_put_u32(&writer, 0);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
	SUITE_EQUAL_BYTES(data + 16, 8, "A5A5A5A5 A5A5A5A5");

	wire_begin_request(&writer, data, 20, WIRE_LANE, 0);
	wire_put_bytes(&writer, "ABCD", 4);
	SUITE_EQUAL_INT(wire_finish(&writer), 20);

	wire_begin_request(&writer, data, sizeof data, WIRE_LANE, 0);
	wire_put_bytes(&writer, "A", WIRE_ABSENT);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
	wire_begin_request(&writer, data, 0, WIRE_LANE, 0);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
	wire_begin_request(&writer, data, sizeof data, WIRE_LANE, 0);
	wire_put_bytes(&writer, NULL, 1);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
}

static void
largest_packet(void)
{
	uint8_t *data = malloc(WIRE_MESSAGE_MAX + 1), *field;
	const uint32_t most = WIRE_MESSAGE_MAX - WIRE_REQUEST_HEADER - 4;

	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	for (uint32_t excess = 0; excess < 2; excess++) {
		struct wire_writer writer;

		wire_begin_request(&writer, data, WIRE_MESSAGE_MAX + 1, WIRE_LANE, 0);
		field = wire_reserve_bytes(&writer, most + excess);
		SUITE_EQUAL_INT(field != NULL, excess == 0);
		if (field != NULL)
			memset(field, 1, most);
		wire_commit_bytes(&writer, most + excess);
		SUITE_EQUAL_INT(wire_finish(&writer), excess ? -EMSGSIZE : (int)WIRE_MESSAGE_MAX);
	}
	free(data);
}

static void
reserve_and_commit(void)
{
	uint8_t data[64];
	struct wire_writer writer;
	uint8_t *field;

	wire_begin_reply(&writer, data, sizeof data, WIRE_TRANSMIT, 1, 0, 0);
	wire_put_u32(&writer, 2);
	field = wire_reserve_bytes(&writer, 32);
	CU_ASSERT_PTR_NOT_NULL_FATAL(field);
	memset(field, 0xEE, 32);
	memcpy(field, "\x90\x00", 2);
	wire_commit_bytes(&writer, 2);
	SUITE_EQUAL_INT(wire_finish(&writer), 30);
	SUITE_EQUAL_BYTES(data + 20, 10, "02000000 02000000 9000");
	SUITE_EQUAL_INT(wire_check(data, 30), 0);

	/* Nothing came; something follows. */
	wire_begin_reply(&writer, data, sizeof data, WIRE_CONTROL, 1, 0, 0);
	CU_ASSERT_PTR_NOT_NULL(wire_reserve_bytes(&writer, 40));
	wire_commit_bytes(&writer, 0);
	wire_put_u32(&writer, 7);
	SUITE_EQUAL_INT(wire_finish(&writer), 28);
	SUITE_EQUAL_BYTES(data + 20, 8, "00000000 07000000");
}

static void
commit_too_much(void)
{
	uint8_t data[64];
	struct wire_writer writer;

	wire_begin_reply(&writer, data, sizeof data, WIRE_CONTROL, 1, 0, 0);
	CU_ASSERT_PTR_NULL(wire_reserve_bytes(&writer, 41));
	wire_commit_bytes(&writer, 0);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);

	wire_begin_reply(&writer, data, sizeof data, WIRE_CONTROL, 1, 0, 0);
	CU_ASSERT_PTR_NOT_NULL(wire_reserve_bytes(&writer, 8));
	wire_commit_bytes(&writer, 9);
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);

	wire_begin_reply(&writer, data, sizeof data, WIRE_CONTROL, 1, 0, 0);
	CU_ASSERT_PTR_NULL(wire_reserve_bytes(&writer, UINT32_MAX));
	SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
}

/* Whatever is put as text, the other side takes it. */
static void
any_text(void)
{
	static const struct {
		const char *put, *got;
	} rows[] = {
		{ "plain", "plain" },
		{ "Grüße €", "Grüße €" },
		{ "two\nlines", "two\uFFFDlines" },
		{ "\x1B[2J", "\uFFFD[2J" },
		{ "\xFF\xFE", "\uFFFD\uFFFD" },
		{ "cut \xE2\x82", "cut \uFFFD\uFFFD" },
		{ "\xC2\x9B", "\uFFFD" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t data[128];
		char text[WIRE_TEXT_MAX];
		struct wire_writer writer;
		struct wire_reader reader;
		struct wire_header header;
		ssize_t size;

		wire_begin_reply(&writer, data, sizeof data, WIRE_BEGIN, 1, -1, 0);
		wire_put_text(&writer, rows[i].put);
		size = wire_finish(&writer);
		CU_ASSERT_FATAL(size > 0);
		SUITE_EQUAL_INT(wire_open(&reader, data, (size_t)size, &header), 0);
		wire_get_text(&reader, text, sizeof text);
		SUITE_EQUAL_STRING(text, rows[i].got);
		SUITE_EQUAL_INT(wire_done(&reader), 0);
	}
}

/* Cut at 1,023 bytes, or before the character that does not fit. */
static void
long_text(void)
{
	for (size_t ahead = 0; ahead < 4; ahead++) {
		static uint8_t data[2 * WIRE_TEXT_MAX];
		char put[WIRE_TEXT_MAX + 64], text[WIRE_TEXT_MAX];
		size_t length = WIRE_TEXT_MAX - 1 - ahead;
		struct wire_writer writer;
		struct wire_reader reader;
		struct wire_header header;
		ssize_t size;

		memset(put, 'x', length);
		strcpy(put + length, "€€");
		wire_begin_reply(&writer, data, sizeof data, WIRE_BEGIN, 1, -1, 0);
		wire_put_text(&writer, put);
		size = wire_finish(&writer);
		CU_ASSERT_FATAL(size > 0);
		SUITE_EQUAL_INT(wire_open(&reader, data, (size_t)size, &header), 0);
		wire_get_text(&reader, text, sizeof text);
		SUITE_EQUAL_INT(wire_done(&reader), 0);
		SUITE_EQUAL_INT(strlen(text), ahead == 3 ? WIRE_TEXT_MAX - 1 : length);
		CU_ASSERT(memcmp(put, text, strlen(text)) == 0);
	}
}

static const struct suite_test tests[] = {
	{ "the bytes of a request", request_bytes },
	{ "the bytes of a reply", reply_bytes },
	{ "bytes that are there, empty and absent", bytes_fields },
	{ "a last field that is not copied", last_apart },
	{ "an overflow stays", overflow_stays },
	{ "the largest packet", largest_packet },
	{ "reserve and commit", reserve_and_commit },
	{ "more committed or reserved than there is", commit_too_much },
	{ "any text becomes one that is taken", any_text },
	{ "a long text is cut between two characters", long_text },
};

int
main(void)
{
	return suite_run("wire_write", tests, sizeof tests / sizeof tests[0]);
}
