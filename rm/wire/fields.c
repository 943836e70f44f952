/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/wire/fields.h"

#include <string.h>

#include <scarderr.h>

#include "rm/wire/text.h"

struct walk {
	struct wire_reader *reader;
	const char *types, *names; /* what comes next */
	wire_visit visit;
	void *data;
};

static void
visit_field(const struct walk *walk, const struct wire_field *field)
{
	if (walk->visit != NULL && !walk->reader->failed)
		walk->visit(walk->data, field);
}

static void
visit_bracket(const struct walk *walk, char type, uint32_t count)
{
	visit_field(walk, &(struct wire_field){ .type = type, .number = count });
}

static void
take_name(struct walk *walk, struct wire_field *field)
{
	if (*walk->names == '#' || *walk->names == '@')
		field->mark = *walk->names++;
	field->name = walk->names;
	field->name_length = strcspn(walk->names, " ");
	walk->names += field->name_length;
	if (*walk->names == ' ')
		walk->names++;
}

static void
get_value(struct wire_reader *reader, struct wire_field *field, bool optional)
{
	if (field->type == 'u') {
		field->number = wire_get_u32(reader);
		return;
	}
	if (field->type == 'q') {
		field->number = wire_get_u64(reader);
		return;
	}
	if (optional)
		wire_get_optional_bytes(reader, &field->data, &field->length);
	else
		wire_get_bytes(reader, &field->data, &field->length);
	if (field->type == 's' && field->data != NULL &&
	    (field->length >= WIRE_TEXT_MAX ||
		!wire_is_text((const char *)field->data, field->length)))
		reader->failed = true;
}

static void walk_list(struct walk *walk);

/* Up to the end of the row or of the list. Without @present only the row is gone through. */
static void
walk_fields(struct walk *walk, bool present)
{
	bool optional = false;

	for (; *walk->types != '\0' && *walk->types != ')'; walk->types++) {
		struct wire_field field = { .type = *walk->types };

		if (field.type == '?') {
			optional = true;
			continue;
		}
		if (field.type == '(') {
			walk->types++;
			walk_list(walk);
			continue;
		}
		take_name(walk, &field);
		if (present) {
			get_value(walk->reader, &field, optional);
			visit_field(walk, &field);
		}
		optional = false;
	}
}

/* From behind the opening bracket to the closing one. */
static void
walk_list(struct walk *walk)
{
	const char *types = walk->types, *names = walk->names;
	uint32_t count = wire_get_count(walk->reader), i = 0;

	visit_bracket(walk, '(', count);
	do {
		walk->types = types;
		walk->names = names;
		if (i < count)
			visit_bracket(walk, ',', 0);
		walk_fields(walk, i < count);
	} while (++i < count && !walk->reader->failed);
	visit_bracket(walk, ')', 0);
}

/* Whether the fields of the row follow a reply's header, or a text that says what failed. */
static bool
has_fields(const struct wire_header *header)
{
	return header->result == SCARD_S_SUCCESS ||
	    (header->number == WIRE_STATUS_CHANGE && header->result == SCARD_E_TIMEOUT);
}

int
wire_walk(
    struct wire_reader *reader, const struct wire_header *header, wire_visit visit, void *data)
{
	const struct wire_info *info = wire_info(header->number);
	struct walk walk = { .reader = reader, .visit = visit, .data = data };

	if (!header->is_reply) {
		walk.types = info->request;
		walk.names = info->request_names;
	} else if (has_fields(header)) {
		walk.types = info->reply;
		walk.names = info->reply_names;
	} else {
		walk.types = "s";
		walk.names = "text";
	}
	walk_fields(&walk, true);
	return wire_done(reader);
}
