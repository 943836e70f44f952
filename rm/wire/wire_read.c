/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes to messages. The bytes are the other side's: every length is compared with what is there
 * before anything of it is looked at.
 */
#include "rm/wire/wire.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "rm/wire/text.h"

#define ENTRY_SIZE_MIN 4u /* bytes of a list's entry: the shortest field */

/* The next @length bytes; NULL: there are fewer, or something failed before. */
static const uint8_t *
take(struct wire_reader *reader, size_t length)
{
	const uint8_t *at;

	if (reader->failed || length > reader->size - reader->at) {
		reader->failed = true;
		return NULL;
	}
	at = reader->data + reader->at;
	reader->at += length;
	return at;
}

static uint16_t
get_u16(struct wire_reader *reader)
{
	const uint8_t *at = take(reader, sizeof(uint16_t));
	uint16_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof value);
	return le16toh(value);
}

uint32_t
wire_get_u32(struct wire_reader *reader)
{
	const uint8_t *at = take(reader, sizeof(uint32_t));
	uint32_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof value);
	return le32toh(value);
}

uint64_t
wire_get_u64(struct wire_reader *reader)
{
	const uint8_t *at = take(reader, sizeof(uint64_t));
	uint64_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof value);
	return le64toh(value);
}

int
wire_open(
    struct wire_reader *reader, const uint8_t *data, size_t size, struct wire_header *ret_header)
{
	struct wire_header header = { 0 };
	uint16_t direction;

	*reader = (struct wire_reader){ .data = data, .size = size };
	reader->failed = size < WIRE_REQUEST_HEADER || size > WIRE_MESSAGE_MAX;
	header.length = wire_get_u32(reader);
	header.serial = wire_get_u32(reader);
	header.number = get_u16(reader);
	direction = get_u16(reader);
	header.is_reply = direction == 1;
	if (header.is_reply) {
		header.result = (int32_t)wire_get_u32(reader);
		header.needed = wire_get_u32(reader);
	}
	if (header.length != size || direction > 1 || wire_info(header.number) == NULL)
		reader->failed = true;
	if (reader->failed)
		return -EBADMSG;
	*ret_header = header;
	return 0;
}

void
wire_get_optional_bytes(struct wire_reader *reader, const uint8_t **ret_data, uint32_t *ret_length)
{
	uint32_t length = wire_get_u32(reader);

	*ret_data = NULL;
	*ret_length = 0;
	if (reader->failed)
		return;
	if (length == WIRE_ABSENT) {
		*ret_length = WIRE_ABSENT;
		return;
	}
	*ret_data = take(reader, length);
	if (*ret_data != NULL)
		*ret_length = length;
}

void
wire_get_bytes(struct wire_reader *reader, const uint8_t **ret_data, uint32_t *ret_length)
{
	wire_get_optional_bytes(reader, ret_data, ret_length);
	if (*ret_length == WIRE_ABSENT) {
		*ret_length = 0;
		reader->failed = true;
	}
}

void
wire_get_text(struct wire_reader *reader, char *text, size_t size)
{
	const uint8_t *data;
	uint32_t length;

	wire_get_bytes(reader, &data, &length);
	if (length >= size || (data != NULL && !wire_is_text((const char *)data, length)))
		reader->failed = true;
	if (size == 0)
		return;
	if (reader->failed)
		length = 0;
	if (length > 0)
		memcpy(text, data, length);
	text[length] = '\0';
}

uint32_t
wire_get_count(struct wire_reader *reader)
{
	uint32_t count = wire_get_u32(reader);

	if (count > WIRE_LIST_MAX || count > (reader->size - reader->at) / ENTRY_SIZE_MIN) {
		reader->failed = true;
		return 0;
	}
	return count;
}

int
wire_done(const struct wire_reader *reader)
{
	return reader->failed ? -EBADMSG : 0;
}
