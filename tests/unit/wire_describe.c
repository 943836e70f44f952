/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages as lines of a log: no secret, no text that breaks out, no more than the room. What the
 * lines of ordinary messages look like, the recorded exchanges show.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/suite.h"
#include "tests/unit/wire_sample.h"

static void
secrets(void)
{
	static const char pin[] = "SECRET-PIN-1234";
	static const uint16_t numbers[] = { WIRE_LANE, WIRE_TRANSMIT, WIRE_CONTROL,
		WIRE_SET_ATTRIBUTE };

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		uint8_t data[128];
		char text[256];
		struct wire_writer writer;
		ssize_t size;

		wire_begin_request(&writer, data, sizeof data, numbers[i], 1);
		for (const char *t = wire_info(numbers[i])->request; *t != '\0'; t++)
			if (*t == 'q')
				wire_put_u64(&writer, 1);
			else if (*t == 'u')
				wire_put_u32(&writer, 2);
			else
				wire_put_bytes(&writer, pin, sizeof pin - 1);
		size = wire_finish(&writer);
		CU_ASSERT_FATAL(size > 0);
		for (size_t n = 0; n <= (size_t)size; n++)
			for (int fitting = 0; fitting < 2; fitting++) {
				sample_set_length(data, (uint32_t)(fitting ? n : (size_t)size));
				wire_describe(data, n, text, sizeof text);
				CU_ASSERT_PTR_NULL(strstr(text, "SECRET"));
				CU_ASSERT_PTR_NULL(strstr(text, "5345"));
			}
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "=<15 bytes>"));
	}
}

static void
malformed(void)
{
	static const uint8_t data[] = { 0x20, 0, 0, 0, 1, 0, 0, 0, 13, 0, 0, 0, 's', 'e', 'c', 'r',
		'e', 't' };
	uint8_t begin[] = { 0x10, 0, 0, 0, 1, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0 };
	uint8_t end[] = { 0x16, 0, 0, 0, 1, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 9 };
	uint8_t more[] = { 0x0E, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 9, 9 };
	char text[128];

	wire_describe(data, sizeof data, text, sizeof text);
	SUITE_EQUAL_STRING(text, "no message, 18 bytes: 20000000010000000D000000");
	wire_describe(data, 3, text, sizeof text);
	SUITE_EQUAL_STRING(text, "no message, 3 bytes: 200000");
	wire_describe(data, 0, text, sizeof text);
	SUITE_EQUAL_STRING(text, "no message, 0 bytes: ");
	wire_describe(begin, sizeof begin, text, sizeof text);
	SUITE_EQUAL_STRING(text, "END #1 (malformed)");
	wire_describe(end, sizeof end, text, sizeof text);
	SUITE_EQUAL_STRING(text, "END #1 card=0x1 (malformed)");
	wire_describe(more, sizeof more, text, sizeof text);
	SUITE_EQUAL_STRING(text, "HOLDERS #1 +2 bytes");
}

/* A name that looks like the rest of the line. */
static void
quotes(void)
{
	uint8_t data[128];
	char text[256];
	struct wire_writer writer;
	ssize_t size;

	wire_begin_request(&writer, data, sizeof data, WIRE_CONNECT, 1);
	wire_put_u64(&writer, 1);
	wire_put_text(&writer, "x' share=9 \\");
	wire_put_u32(&writer, 2);
	wire_put_u32(&writer, 3);
	size = wire_finish(&writer);
	CU_ASSERT_FATAL(size > 0);
	wire_describe(data, (size_t)size, text, sizeof text);
	SUITE_EQUAL_STRING(
	    text, "CONNECT #1 context=0x1 reader='x\\' share=9 \\\\' share=2 protocols=3");
}

static void
multi_strings(void)
{
	static const struct {
		const char *data;
		uint32_t length;
		const char *expected;
	} rows[] = {
		{ "A\0B C\0\0", 7, "readers=['A', 'B C']" },
		{ "A\0\0", 3, "readers=['A']" },
		{ "\0\0", 2, "readers=[]" },
		{ "\0", 1, "readers=[]" },
		{ "", 0, "readers=[]" },
		{ "A", 1, "readers=['A']" },
		{ "A\0B", 3, "readers=['A', 'B']" },
		{ "A\0\n\0\0", 5, "readers=<5 bytes>" },
		{ "\xFF\0\0", 3, "readers=<3 bytes>" },
		{ "A\0\0secret\x01", 10, "readers=<10 bytes>" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t data[128];
		char text[256];
		struct wire_writer writer;
		ssize_t size;

		wire_begin_reply(&writer, data, sizeof data, WIRE_LIST_READERS, 1, 0, 0);
		wire_put_bytes(&writer, rows[i].data, rows[i].length);
		size = wire_finish(&writer);
		CU_ASSERT_FATAL(size > 0);
		wire_describe(data, (size_t)size, text, sizeof text);
		CU_ASSERT(g_str_has_prefix(text, "LIST_READERS #1 result=0x00000000 "));
		SUITE_EQUAL_STRING(strstr(text, "readers"), rows[i].expected);
	}
}

/* Every room: the line, or as much as fits with the mark of the cut, and never half a character. */
static void
every_room(void)
{
	uint8_t data[SAMPLE_SIZE];
	size_t size = sample_message(data, wire_info(WIRE_STATUS_CHANGE), false);
	char whole[512];
	size_t length;

	wire_describe(data, size, whole, sizeof whole);
	length = strlen(whole);
	SUITE_EQUAL_STRING(whole,
	    "STATUS_CHANGE #287454020 context=0x8070605040302001 time_limit=2424336386 "
	    "[reader='Zweifürst €3' current=0x90807004, reader='Zweifürst €5' "
	    "current=0x90807006]");
	for (size_t room = 0; room <= length + 2; room++) {
		char *text = malloc(room + 1);

		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		text[room] = '\x5A';
		text[0] = '\x5A';
		wire_describe(data, size, text, room);
		SUITE_EQUAL_HEX(text[room], 0x5A);
		if (room > length) {
			SUITE_EQUAL_STRING(text, whole);
		} else if (room > 0) {
			CU_ASSERT_FATAL(strlen(text) < room);
			CU_ASSERT(g_utf8_validate(text, -1, NULL));
			CU_ASSERT(room < 4 || g_str_has_suffix(text, "..."));
			CU_ASSERT(room < 4 || memcmp(text, whole, strlen(text) - 3) == 0);
		}
		free(text);
	}
}

static const struct suite_test tests[] = {
	{ "no PIN and no token, also of a packet that is cut off", secrets },
	{ "what is no message, or one in part", malformed },
	{ "a text stays inside its quotes", quotes },
	{ "multi-strings", multi_strings },
	{ "a line in every room", every_room },
};

int
main(void)
{
	return suite_run("wire_describe", tests, sizeof tests / sizeof tests[0]);
}
