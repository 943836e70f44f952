/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages for logs. A log is read by more people than a PIN is meant for, and written by more than
 * it trusts: bytes are lengths unless their row says otherwise, and no text ends its quotes or the
 * line.
 */
#include "rm/wire/fields.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rm/wire/text.h"

/* Of a packet that is no message: behind them the fields begin, which may be secret. */
#define BEGINNING_SIZE WIRE_REQUEST_HEADER

static const char cut_mark[] = "...";

struct line {
	char *text; /* terminated */
	size_t size, used;
	bool is_cut;
	const char *separator;       /* before the next field */
	const char *entry_separator; /* before the next entry of the list */
};

/* A piece that does not fit is left out, with all that follows. */
static void
add_bytes(struct line *line, const char *bytes, size_t length)
{
	if (line->is_cut || length >= line->size - line->used) {
		line->is_cut = true;
		return;
	}
	memcpy(line->text + line->used, bytes, length);
	line->used += length;
	line->text[line->used] = '\0';
}

static void
add(struct line *line, const char *text)
{
	add_bytes(line, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static void
add_format(struct line *line, const char *format, ...)
{
	char text[64];
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (n > 0)
		add_bytes(line, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

static bool
is_inside_character(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Says where the line was cut that it was. */
static void
finish(struct line *line)
{
	size_t room = line->size - 1;

	if (!line->is_cut || room < sizeof cut_mark - 1)
		return;
	if (line->used > room - (sizeof cut_mark - 1)) {
		line->used = room - (sizeof cut_mark - 1);
		while (line->used > 0 && is_inside_character(line->text[line->used]))
			line->used--;
	}
	memcpy(line->text + line->used, cut_mark, sizeof cut_mark);
}

/* Quoted; @text is text as wire_is_text says. */
static void
add_text(struct line *line, const char *text, size_t length)
{
	add(line, "'");
	for (size_t i = 0; i < length && !line->is_cut; i++) {
		if (text[i] == '\'' || text[i] == '\\')
			add(line, "\\");
		add_bytes(line, text + i, 1);
	}
	add(line, "'");
}

static void
add_hex(struct line *line, const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length && !line->is_cut; i++)
		add_format(line, "%02X", (unsigned)data[i]);
}

static void
add_size(struct line *line, size_t length)
{
	add_format(line, "<%zu bytes>", length);
}

/* NAME\0NAME\0\0, or the size of what is none. */
static void
add_multi_string(struct line *line, const char *data, size_t length)
{
	const char *names = data, *end = data + length;

	for (const char *p = data; p < end; p += strnlen(p, (size_t)(end - p)) + 1)
		if (!wire_is_text(p, strnlen(p, (size_t)(end - p)))) {
			add_size(line, length);
			return;
		}
	add(line, "[");
	while (names < end && *names != '\0' && !line->is_cut) {
		size_t n = strnlen(names, (size_t)(end - names));

		if (names > data)
			add(line, ", ");
		add_text(line, names, n);
		names += n + 1;
	}
	add(line, "]");
}

static void
add_value(struct line *line, const struct wire_field *field)
{
	if (field->type == 'u' || field->type == 'q')
		add_format(line, field->mark == '#' ? "0x%" PRIX64 : "%" PRIu64, field->number);
	else if (field->data == NULL)
		add(line, "-");
	else if (field->type == 's')
		add_text(line, (const char *)field->data, field->length);
	else if (field->mark == '#')
		add_hex(line, field->data, field->length);
	else if (field->mark == '@')
		add_multi_string(line, (const char *)field->data, field->length);
	else
		add_size(line, field->length);
}

static void
add_field(void *data, const struct wire_field *field)
{
	struct line *line = data;

	switch (field->type) {
	case '(':
		add(line, " [");
		line->entry_separator = "";
		return;
	case ',':
		add(line, line->entry_separator);
		line->entry_separator = ", ";
		line->separator = "";
		return;
	case ')':
		add(line, "]");
		line->separator = " ";
		return;
	default:
		add(line, line->separator);
		add_bytes(line, field->name, field->name_length);
		add(line, "=");
		add_value(line, field);
		line->separator = " ";
	}
}

static void
add_message(struct line *line, struct wire_reader *reader, const struct wire_header *header)
{
	add(line, wire_info(header->number)->name);
	add_format(line, " #%" PRIu32, header->serial);
	if (header->is_reply)
		add_format(line, " result=0x%08" PRIX32, (uint32_t)header->result);
	if (header->needed != 0)
		add_format(line, " needed=%" PRIu32, header->needed);
	if (wire_walk(reader, header, add_field, line) < 0)
		add(line, " (malformed)");
	else if (reader->at < reader->size)
		add_format(line, " +%zu bytes", reader->size - reader->at);
}

void
wire_describe(const uint8_t *data, size_t size, char *text, size_t text_size)
{
	struct line line = { .text = text, .size = text_size, .separator = " " };
	struct wire_reader reader;
	struct wire_header header;

	if (text_size == 0)
		return;
	text[0] = '\0';
	if (wire_open(&reader, data, size, &header) == 0) {
		add_message(&line, &reader, &header);
	} else {
		add_format(&line, "no message, %zu bytes: ", size);
		add_hex(&line, data, size < BEGINNING_SIZE ? size : BEGINNING_SIZE);
	}
	finish(&line);
}
