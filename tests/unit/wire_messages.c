/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every message of the table: there and back, and cut off at every byte.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/wire_sample.h"

#define MESSAGES_EXPECTED 27u

static const char *
types_of(const struct wire_info *info, bool is_reply)
{
	return is_reply ? info->reply : info->request;
}

/* The numbers are the protocol's for ever: as PROTOCOL gave them, not as the table has them. */
static void
table(void)
{
	static const char *const names[MESSAGES_EXPECTED] = { "HELLO", "LANE", "ESTABLISH",
		"RELEASE", "IS_VALID", "CANCEL", "LIST_READERS", "LIST_GROUPS", "STATUS_CHANGE",
		"CONNECT", "RECONNECT", "DISCONNECT", "BEGIN", "END", "STATUS", "TRANSMIT",
		"CONTROL", "GET_ATTRIBUTE", "SET_ATTRIBUTE", "HOLDERS", "READ_CACHE", "WRITE_CACHE",
		"AUDIT", "DEVICE", "LIST_DEVICE", "TRACE", "TRACED" };

	for (unsigned i = 0; i < MESSAGES_EXPECTED; i++) {
		const struct wire_info *info = wire_info((uint16_t)(i + 1));

		CU_ASSERT_PTR_NOT_NULL_FATAL(info);
		SUITE_EQUAL_INT(info->number, i + 1);
		SUITE_EQUAL_STRING(info->name, names[i]);
	}
	CU_ASSERT_PTR_NULL(wire_info(0));
	CU_ASSERT_PTR_NULL(wire_info(MESSAGES_EXPECTED + 1));
	CU_ASSERT_PTR_NULL(wire_info(UINT16_MAX));
}

static unsigned
count_words(const char *text)
{
	unsigned words = 0;

	for (const char *p = text; *p != '\0'; p++)
		words += *p != ' ' && (p == text || p[-1] == ' ');
	return words;
}

static void
names_match(void)
{
	for (const struct wire_info *info = sample_next(0); info != NULL;
	     info = sample_next(info->number)) {
		unsigned letters[2] = { 0, 0 };

		for (const char *t = info->request; *t != '\0'; t++)
			letters[0] += strchr("uqbs", *t) != NULL;
		for (const char *t = info->reply; *t != '\0'; t++)
			letters[1] += strchr("uqbs", *t) != NULL;
		SUITE_EQUAL_INT(count_words(info->request_names), letters[0]);
		SUITE_EQUAL_INT(count_words(info->reply_names), letters[1]);
	}
}

static void
there_and_back_once(const struct wire_info *info, bool is_reply)
{
	uint8_t data[SAMPLE_SIZE];
	size_t size = sample_message(data, info, is_reply);
	struct wire_reader reader;
	struct wire_header header;

	SUITE_EQUAL_INT(wire_open(&reader, data, size, &header), 0);
	SUITE_EQUAL_INT(header.length, size);
	SUITE_EQUAL_HEX(header.serial, SAMPLE_SERIAL);
	SUITE_EQUAL_INT(header.number, info->number);
	SUITE_EQUAL_INT(header.is_reply, is_reply);
	SUITE_EQUAL_INT(header.result, 0);
	SUITE_EQUAL_INT(header.needed, 0);
	CU_ASSERT(sample_get(&reader, types_of(info, is_reply), false));
	SUITE_EQUAL_INT(reader.at, size);
	SUITE_EQUAL_INT(wire_check(data, size), 0);
}

static void
there_and_back(void)
{
	for (const struct wire_info *info = sample_next(0); info != NULL;
	     info = sample_next(info->number)) {
		there_and_back_once(info, false);
		there_and_back_once(info, true);
	}
}

/* A copy of exactly @size bytes, so that a sanitizer sees a byte read behind them. */
static void
cut_off_once(const struct wire_info *info, bool is_reply, const uint8_t *whole, size_t size)
{
	uint8_t *data = malloc(size > 0 ? size : 1);
	struct wire_reader reader;
	struct wire_header header;

	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	memcpy(data, whole, size);
	SUITE_EQUAL_INT(wire_check(data, size), -EBADMSG);
	if (size >= 4)
		sample_set_length(data, (uint32_t)size);
	SUITE_EQUAL_INT(wire_check(data, size), -EBADMSG);
	if (wire_open(&reader, data, size, &header) == 0) {
		CU_ASSERT(!sample_get(&reader, types_of(info, is_reply), false));
		SUITE_EQUAL_INT(wire_done(&reader), -EBADMSG);
	}
	free(data);
}

static void
cut_off(void)
{
	for (const struct wire_info *info = sample_next(0); info != NULL;
	     info = sample_next(info->number))
		for (int is_reply = 0; is_reply < 2; is_reply++) {
			uint8_t data[SAMPLE_SIZE];
			size_t size = sample_message(data, info, is_reply != 0);

			for (size_t n = 0; n < size; n++)
				cut_off_once(info, is_reply != 0, data, n);
		}
}

/* Fields that a later version may add. */
static void
bytes_behind(void)
{
	for (const struct wire_info *info = sample_next(0); info != NULL;
	     info = sample_next(info->number))
		for (int is_reply = 0; is_reply < 2; is_reply++) {
			uint8_t data[SAMPLE_SIZE];
			size_t size = sample_message(data, info, is_reply != 0);
			struct wire_reader reader;
			struct wire_header header;

			memset(data + size, 0xFF, 5);
			SUITE_EQUAL_INT(wire_check(data, size + 5), -EBADMSG);
			sample_set_length(data, (uint32_t)size + 5);
			SUITE_EQUAL_INT(wire_check(data, size + 5), 0);
			SUITE_EQUAL_INT(wire_open(&reader, data, size + 5, &header), 0);
			CU_ASSERT(sample_get(&reader, types_of(info, is_reply != 0), false));
			SUITE_EQUAL_INT(reader.at, size);
		}
}

/* A writer that has too little room, for every such room. */
static void
no_room_once(const struct wire_info *info, bool is_reply)
{
	uint8_t data[SAMPLE_SIZE + 1];
	size_t size = sample_message(data, info, is_reply);

	for (size_t room = 0; room < size; room++) {
		struct wire_writer writer;

		memset(data, 0xA5, sizeof data);
		if (is_reply)
			wire_begin_reply(&writer, data, room, info->number, 1, 0, 0);
		else
			wire_begin_request(&writer, data, room, info->number, 1);
		sample_put(&writer, types_of(info, is_reply), false);
		SUITE_EQUAL_INT(wire_finish(&writer), -EMSGSIZE);
		SUITE_EQUAL_HEX(data[room], 0xA5);
	}
}

static void
no_room(void)
{
	for (const struct wire_info *info = sample_next(0); info != NULL;
	     info = sample_next(info->number)) {
		no_room_once(info, false);
		no_room_once(info, true);
	}
}

/* A failure carries one text in the place of the fields, whatever the message. */
static void
failures(void)
{
	for (const struct wire_info *info = sample_next(0); info != NULL;
	     info = sample_next(info->number)) {
		uint8_t data[SAMPLE_SIZE];
		char text[WIRE_TEXT_MAX];
		struct wire_writer writer;
		struct wire_reader reader;
		struct wire_header header;
		ssize_t size;

		wire_begin_reply(
		    &writer, data, sizeof data, info->number, 9, (int32_t)0x80100008, 77);
		wire_put_text(&writer, "what failed");
		size = wire_finish(&writer);
		SUITE_EQUAL_INT(size, WIRE_REPLY_HEADER + 4 + 11);
		SUITE_EQUAL_INT(wire_check(data, (size_t)size), 0);
		SUITE_EQUAL_INT(wire_open(&reader, data, (size_t)size, &header), 0);
		SUITE_EQUAL_HEX((uint32_t)header.result, 0x80100008);
		SUITE_EQUAL_INT(header.needed, 77);
		wire_get_text(&reader, text, sizeof text);
		SUITE_EQUAL_STRING(text, "what failed");
		SUITE_EQUAL_INT(wire_done(&reader), 0);

		sample_set_length(data, (uint32_t)size - 1);
		SUITE_EQUAL_INT(wire_check(data, (size_t)size - 1), -EBADMSG);
	}
}

static const struct suite_test tests[] = {
	{ "the numbers and names are those of version 1", table },
	{ "every field has a name", names_match },
	{ "every message there and back", there_and_back },
	{ "every message cut off at every byte", cut_off },
	{ "bytes behind the last field are ignored", bytes_behind },
	{ "too little room for every message, at every byte", no_room },
	{ "a failure has its text instead of the fields", failures },
};

int
main(void)
{
	return suite_run("wire_messages", tests, sizeof tests / sizeof tests[0]);
}
