/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in braces behind struct, union and enum. */
#include "idl/parser_state.h"

static bool
parse_bits(struct idl_parser *parser, struct idl_declarator *declarator)
{
	if (!idl_accept(parser, ':'))
		return true;
	declarator->bits = idl_parse_expression(parser);
	return declarator->bits != NULL;
}

/* A struct or union without a name: its members belong to the one around it. */
static bool
opens_members(const struct idl_parser *parser, const struct idl_field *field)
{
	return field->type->record != NULL && idl_at(parser, ';');
}

static struct idl_field *
parse_field(struct idl_parser *parser, GPtrArray *attributes, bool attributes_read)
{
	struct idl_field *field = idl_arena_new(parser->arena, struct idl_field);
	struct idl_declarator *declarator;

	field->doc.before = idl_doc_before(parser);
	field->declarators = idl_arena_array(parser->arena);
	field->attributes = attributes;
	if (!attributes_read && !idl_parse_attributes(parser, &field->attributes))
		return NULL;
	field->type = idl_parse_type(parser);
	if (field->type == NULL)
		return NULL;
	while (!opens_members(parser, field)) {
		declarator = idl_parse_declarator(
		    parser, idl_at(parser, ':'), "the name of a struct member");
		if (declarator == NULL || !parse_bits(parser, declarator))
			return NULL;
		g_ptr_array_add(field->declarators, declarator);
		if (!idl_accept(parser, ','))
			break;
	}
	if (!idl_expect(parser, ';', "',' or ';' after the struct member"))
		return NULL;
	field->doc.after = idl_doc_after(parser);
	return field;
}

/* "[case(1)] long a;" "[default];" An arm without a member is known to be there, and empty. */
static bool
parse_arm(struct idl_parser *parser, struct idl_record *record)
{
	GPtrArray *attributes = NULL;
	const char *doc = idl_doc_before(parser);
	struct idl_field *field;

	if (!idl_parse_attributes(parser, &attributes))
		return false;
	if (attributes != NULL && idl_accept(parser, ';'))
		return true;
	field = parse_field(parser, attributes, true);
	if (field == NULL)
		return false;
	field->doc.before = doc;
	g_ptr_array_add(record->fields, field);
	return true;
}

struct idl_record *
idl_parse_record_body(struct idl_parser *parser, bool is_union)
{
	struct idl_record *record = idl_arena_new(parser->arena, struct idl_record);

	record->place = idl_place_here(parser);
	record->fields = idl_arena_array(parser->arena);
	record->is_union = is_union;
	idl_next(parser);
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		struct idl_field *field;

		if (is_union) {
			if (!parse_arm(parser, record))
				idl_resynchronise(parser);
			continue;
		}
		field = parse_field(parser, NULL, false);
		if (field == NULL)
			idl_resynchronise(parser);
		else
			g_ptr_array_add(record->fields, field);
	}
	return idl_expect(parser, '}',
		   is_union ? "'}' at the end of the union" : "'}' at the end of the struct")
	    ? record
	    : NULL;
}

/* "case A: case B: long a;" "default: ;" */
static bool
parse_switch_arm(struct idl_parser *parser, struct idl_record *record)
{
	struct idl_attribute *labels = idl_arena_new(parser->arena, struct idl_attribute);
	struct idl_field *field;
	bool any = false;

	labels->rule = idl_attribute_rule_find("case");
	labels->place = idl_place_here(parser);
	labels->expressions = idl_arena_array(parser->arena);
	for (;; any = true) {
		if (idl_accept_word(parser, "default")) {
			if (!idl_expect(parser, ':', "':' after default"))
				return false;
		} else if (idl_accept_word(parser, "case")) {
			struct idl_expression *value = idl_parse_expression(parser);

			if (value == NULL ||
			    !idl_expect(parser, ':', "':' after the value of the case"))
				return false;
			g_ptr_array_add(labels->expressions, value);
		} else {
			break;
		}
	}
	if (!any) {
		idl_unexpected(parser, "case, default or '}'");
		return false;
	}
	if (idl_accept(parser, ';'))
		return true;
	field = parse_field(parser, NULL, false);
	if (field == NULL)
		return false;
	if (field->attributes == NULL)
		field->attributes = idl_arena_array(parser->arena);
	g_ptr_array_add(field->attributes, labels);
	g_ptr_array_add(record->fields, field);
	return true;
}

static struct idl_field *
new_field(struct idl_parser *parser, struct idl_type *type, const char *name)
{
	struct idl_field *field = idl_arena_new(parser->arena, struct idl_field);
	struct idl_declarator *declarator = idl_arena_new(parser->arena, struct idl_declarator);

	declarator->place = idl_place_here(parser);
	declarator->name = name;
	field->type = type;
	field->declarators = idl_arena_array(parser->arena);
	g_ptr_array_add(field->declarators, declarator);
	return field;
}

struct idl_record *
idl_parse_switch_body(struct idl_parser *parser)
{
	struct idl_record *record = idl_arena_new(parser->arena, struct idl_record);
	struct idl_type *inner = idl_arena_new(parser->arena, struct idl_type), *type;
	const char *tag, *name = "tagged_union";

	record->place = inner->place = idl_place_here(parser);
	record->fields = idl_arena_array(parser->arena);
	idl_next(parser);
	if (!idl_expect(parser, '(', "'(' after switch") ||
	    (type = idl_parse_type(parser)) == NULL ||
	    (tag = idl_expect_name(parser, "the name of the member that selects")) == NULL ||
	    !idl_expect(parser, ')', "')' after the member that selects"))
		return NULL;
	g_ptr_array_add(record->fields, new_field(parser, type, tag));
	if (idl_token_at(parser, 0)->kind == IDL_TOKEN_WORD &&
	    (name = idl_expect_name(parser, "the name of the union")) == NULL)
		return NULL;
	inner->kind = IDL_TYPE_RECORD;
	inner->is_union = true;
	inner->record = idl_arena_new(parser->arena, struct idl_record);
	inner->record->place = idl_place_here(parser);
	inner->record->is_union = true;
	inner->record->fields = idl_arena_array(parser->arena);
	if (!idl_expect(parser, '{', "'{' and the cases of the union"))
		return NULL;
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		if (!parse_switch_arm(parser, inner->record))
			idl_resynchronise(parser);
	}
	g_ptr_array_add(record->fields, new_field(parser, inner, name));
	return idl_expect(parser, '}', "'}' at the end of the union") ? record : NULL;
}

struct idl_enum *
idl_parse_enum_body(struct idl_parser *parser)
{
	struct idl_enum *enumeration = idl_arena_new(parser->arena, struct idl_enum);

	enumeration->place = idl_place_here(parser);
	enumeration->values = idl_arena_array(parser->arena);
	idl_next(parser);
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		struct idl_enum_value *value = idl_arena_new(parser->arena, struct idl_enum_value);
		GPtrArray *attributes;

		value->doc.before = idl_doc_before(parser);
		/* helpstring and its like, which only a type library would keep */
		if (!idl_parse_attributes(parser, &attributes))
			return NULL;
		value->place = idl_place_here(parser);
		value->name = idl_expect_name(parser, "the name of an enum value or '}'");
		if (value->name == NULL)
			return NULL;
		if (idl_accept(parser, '=') &&
		    (value->expression = idl_parse_expression(parser)) == NULL)
			return NULL;
		g_ptr_array_add(enumeration->values, value);
		value->doc.after = idl_doc_after(parser);
		if (!idl_accept(parser, ','))
			break;
		if (value->doc.after == NULL)
			value->doc.after = idl_doc_after(parser);
	}
	return idl_expect(parser, '}', "',' or '}' in the enum") ? enumeration : NULL;
}
