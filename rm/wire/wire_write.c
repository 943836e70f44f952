/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages to bytes. An overflow stays: nothing is written after it, so that what was put before
 * is never mistaken for a message.
 */
#include "rm/wire/wire.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "rm/wire/text.h"

/* Where @length more bytes go; NULL: they do not fit. */
static uint8_t *
extend(struct wire_writer *writer, size_t length)
{
	uint8_t *at;

	if (writer->overflow || length > writer->size - writer->used) {
		writer->overflow = true;
		return NULL;
	}
	at = writer->data + writer->used;
	writer->used += length;
	return at;
}

static void
put_u16(struct wire_writer *writer, uint16_t value)
{
	uint8_t *at = extend(writer, sizeof value);

	value = htole16(value);
	if (at != NULL)
		memcpy(at, &value, sizeof value);
}

void
wire_put_u32(struct wire_writer *writer, uint32_t value)
{
	uint8_t *at = extend(writer, sizeof value);

	value = htole32(value);
	if (at != NULL)
		memcpy(at, &value, sizeof value);
}

void
wire_put_u64(struct wire_writer *writer, uint64_t value)
{
	uint8_t *at = extend(writer, sizeof value);

	value = htole64(value);
	if (at != NULL)
		memcpy(at, &value, sizeof value);
}

static void
begin(struct wire_writer *writer, uint8_t *data, size_t size, uint16_t number, uint32_t serial,
    uint16_t direction)
{
	writer->data = data;
	writer->size = size < WIRE_MESSAGE_MAX ? size : WIRE_MESSAGE_MAX;
	writer->used = 0;
	writer->reserved = 0;
	writer->overflow = false;
	writer->last = NULL;
	writer->last_length = 0;
	wire_put_u32(writer, 0); /* the length, known at the end */
	wire_put_u32(writer, serial);
	put_u16(writer, number);
	put_u16(writer, direction);
}

void
wire_begin_request(
    struct wire_writer *writer, uint8_t *data, size_t size, uint16_t number, uint32_t serial)
{
	begin(writer, data, size, number, serial, 0);
}

void
wire_begin_reply(struct wire_writer *writer, uint8_t *data, size_t size, uint16_t number,
    uint32_t serial, int32_t result, uint32_t needed)
{
	begin(writer, data, size, number, serial, 1);
	wire_put_u32(writer, (uint32_t)result);
	wire_put_u32(writer, needed);
}

void
wire_put_bytes(struct wire_writer *writer, const void *data, uint32_t length)
{
	uint8_t *at;

	wire_put_u32(writer, length);
	if (data == NULL && (length == WIRE_ABSENT || length == 0))
		return;
	if (data == NULL)
		writer->overflow = true; /* bytes that nobody has */
	at = extend(writer, length);
	if (at != NULL && length > 0)
		memcpy(at, data, length);
}

void
wire_put_last(struct wire_writer *writer, const void *data, uint32_t length)
{
	wire_put_u32(writer, length);
	if (writer->overflow || length > writer->size - writer->used ||
	    (data == NULL && length > 0)) {
		writer->overflow = true;
		return;
	}
	writer->last = data;
	writer->last_length = length;
}

void
wire_put_text(struct wire_writer *writer, const char *text)
{
	char made[WIRE_TEXT_MAX];
	size_t length;

	if (text == NULL)
		text = "";
	length = strlen(text);
	if (length < WIRE_TEXT_MAX && wire_is_text(text, length)) {
		wire_put_bytes(writer, text, (uint32_t)length);
		return;
	}
	length = wire_make_text(text, made, sizeof made - 1);
	wire_put_bytes(writer, made, (uint32_t)length);
}

uint8_t *
wire_reserve_bytes(struct wire_writer *writer, uint32_t most)
{
	wire_put_u32(writer, 0); /* the length, known at the commit */
	if (writer->overflow || most > writer->size - writer->used) {
		writer->overflow = true;
		return NULL;
	}
	writer->reserved = most;
	return writer->data + writer->used;
}

void
wire_commit_bytes(struct wire_writer *writer, uint32_t length)
{
	uint32_t value = htole32(length);

	if (writer->overflow || length > writer->reserved) {
		writer->overflow = true;
		return;
	}
	memcpy(writer->data + writer->used - sizeof value, &value, sizeof value);
	writer->used += length;
	writer->reserved = 0;
}

ssize_t
wire_finish(struct wire_writer *writer)
{
	size_t all = writer->used + writer->last_length;
	uint32_t length = htole32((uint32_t)all);

	if (writer->overflow)
		return -EMSGSIZE;
	memcpy(writer->data, &length, sizeof length);
	return (ssize_t)all;
}
