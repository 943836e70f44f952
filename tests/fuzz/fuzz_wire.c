/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets come from whoever may connect, and to the client from whoever listens. Whatever the bytes
 * are: the check and the getters agree, a description is one line within its room, and a message
 * whose fields are written again is the same bytes.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "rm/wire/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_description(const uint8_t *data, size_t size, size_t room)
{
	char *text = malloc(room);

	assert(text != NULL);
	wire_describe(data, size, text, room);
	assert(strnlen(text, room) < room);
	assert(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p != '\0'; p++)
		assert((unsigned char)*p >= 0x20 && *p != 0x7F);
	free(text);
}

static void
put_again(void *data, const struct wire_field *field)
{
	struct wire_writer *writer = data;
	char text[WIRE_TEXT_MAX];

	switch (field->type) {
	case 'u':
	case '(':
		wire_put_u32(writer, (uint32_t)field->number);
		break;
	case 'q':
		wire_put_u64(writer, field->number);
		break;
	case 'b':
		wire_put_bytes(writer, field->data, field->length);
		break;
	case 's':
		assert(field->length < sizeof text);
		memcpy(text, field->data, field->length);
		text[field->length] = '\0';
		wire_put_text(writer, text);
		break;
	default:
		break;
	}
}

static void
check_written_again(const uint8_t *data, size_t size)
{
	uint8_t *again = malloc(size);
	struct wire_writer writer;
	struct wire_reader reader;
	struct wire_header header;
	ssize_t length;

	assert(again != NULL && wire_open(&reader, data, size, &header) == 0);
	if (header.is_reply)
		wire_begin_reply(&writer, again, size, header.number, header.serial, header.result,
		    header.needed);
	else
		wire_begin_request(&writer, again, size, header.number, header.serial);
	assert(wire_walk(&reader, &header, put_again, &writer) == 0);
	length = wire_finish(&writer);
	/* All but the length, which counts what is behind the last field. */
	assert(length == (ssize_t)reader.at && memcmp(again + 4, data + 4, reader.at - 4) == 0);
	free(again);
}

static void
run(const uint8_t *data, size_t size)
{
	int r = wire_check(data, size);

	assert(r == 0 || r == -EBADMSG);
	if (r == 0)
		check_written_again(data, size);
	check_description(data, size, 400);
	check_description(data, size, 1 + size % 40);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *fitting;

	run(data, size);
	if (size < 4)
		return 0;
	/* Past the one check that chance seldom passes. */
	fitting = malloc(size);
	assert(fitting != NULL);
	memcpy(fitting, data, size);
	for (unsigned i = 0; i < 4; i++)
		fitting[i] = (uint8_t)(size >> 8 * i);
	run(fitting, size);
	free(fitting);
	return 0;
}
