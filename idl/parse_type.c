/* SPDX-License-Identifier: BSD-2-Clause */
/* Types and declarators: what C calls declaration specifiers, and stars, names and brackets. */
#include "idl/parser_state.h"

#include <string.h>

static struct idl_type *
new_type(struct idl_parser *parser, enum idl_type_kind kind)
{
	struct idl_type *type = idl_arena_new(parser->arena, struct idl_type);

	type->kind = kind;
	type->place = idl_place_here(parser);
	return type;
}

bool
idl_at_type_keyword(const struct idl_parser *parser, guint ahead)
{
	static const char *const words[] = { "void", "boolean", "byte", "wchar_t", "float",
		"double", "char", "small", "short", "int", "long", "hyper", "int64", "__int64",
		"__int3264", "signed", "unsigned", "struct", "enum", "union", "const", "SAFEARRAY",
		"interface" };
	const struct idl_token *token = idl_token_at(parser, ahead);

	for (guint i = 0; token->kind == IDL_TOKEN_WORD && i < G_N_ELEMENTS(words); i++) {
		if (token->length == strlen(words[i]) &&
		    memcmp(token->text, words[i], token->length) == 0)
			return true;
	}
	return false;
}

static struct idl_field *
parse_field(struct idl_parser *parser)
{
	struct idl_field *field = idl_arena_new(parser->arena, struct idl_field);
	struct idl_declarator *declarator;

	field->doc.before = idl_doc_before(parser);
	field->declarators = idl_arena_array(parser->arena);
	if (!idl_parse_attributes(parser, &field->attributes))
		return NULL;
	field->type = idl_parse_type(parser);
	if (field->type == NULL)
		return NULL;
	do {
		declarator = idl_parse_declarator(parser, false, "the name of a struct member");
		if (declarator == NULL)
			return NULL;
		g_ptr_array_add(field->declarators, declarator);
	} while (idl_accept(parser, ','));
	if (!idl_expect(parser, ';', "',' or ';' after the struct member"))
		return NULL;
	field->doc.after = idl_doc_after(parser);
	return field;
}

static struct idl_record *
parse_record_body(struct idl_parser *parser)
{
	struct idl_record *record = idl_arena_new(parser->arena, struct idl_record);

	record->place = idl_place_here(parser);
	record->fields = idl_arena_array(parser->arena);
	idl_next(parser);
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		struct idl_field *field = parse_field(parser);

		if (field == NULL)
			idl_resynchronise(parser);
		else
			g_ptr_array_add(record->fields, field);
	}
	return idl_expect(parser, '}', "'}' at the end of the struct") ? record : NULL;
}

static struct idl_enum *
parse_enum_body(struct idl_parser *parser)
{
	struct idl_enum *enumeration = idl_arena_new(parser->arena, struct idl_enum);

	enumeration->place = idl_place_here(parser);
	enumeration->values = idl_arena_array(parser->arena);
	idl_next(parser);
	while (!idl_at(parser, '}') && !idl_at_end(parser)) {
		struct idl_enum_value *value = idl_arena_new(parser->arena, struct idl_enum_value);

		value->doc.before = idl_doc_before(parser);
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

static struct idl_type *
parse_tagged(struct idl_parser *parser, enum idl_type_kind kind)
{
	struct idl_type *type = new_type(parser, kind);
	bool is_record = kind == IDL_TYPE_RECORD;

	idl_next(parser);
	if (!idl_at(parser, '{')) {
		type->name = idl_expect_name(
		    parser, is_record ? "a tag or '{' after struct" : "a tag or '{' after enum");
		if (type->name == NULL)
			return NULL;
	}
	if (!idl_at(parser, '{'))
		return type;
	if (!idl_enter(parser))
		return NULL;
	if (is_record)
		type->record = parse_record_body(parser);
	else
		type->enumeration = parse_enum_body(parser);
	idl_leave(parser);
	return type->record != NULL || type->enumeration != NULL ? type : NULL;
}

static struct idl_type *
parse_safearray(struct idl_parser *parser)
{
	struct idl_type *type = new_type(parser, IDL_TYPE_SAFEARRAY);

	idl_next(parser);
	idl_next(parser);
	if (!idl_enter(parser))
		return NULL;
	type->element = idl_parse_type(parser);
	if (type->element != NULL)
		type->element_declarator = idl_parse_declarator(parser, true, "')'");
	idl_leave(parser);
	if (type->element_declarator == NULL ||
	    !idl_expect(parser, ')', "')' after the element type of SAFEARRAY"))
		return NULL;
	return type;
}

/* "unsigned", "long", "long long", "unsigned short int", ... */
static struct idl_type *
parse_arithmetic(struct idl_parser *parser)
{
	struct idl_type *type = new_type(parser, IDL_TYPE_KEYWORD);
	bool is_unsigned = false, is_signed = false;
	const char *name = "int";

	if (idl_accept_word(parser, "unsigned"))
		is_unsigned = true;
	else if (idl_accept_word(parser, "signed"))
		is_signed = true;
	if (idl_at_type_keyword(parser, 0) && !idl_at_word(parser, "const")) {
		struct idl_place place = idl_place_here(parser);

		name = idl_token_text(parser, idl_token_at(parser, 0));
		if (idl_builtin_keyword(name, is_unsigned, is_signed) == NULL) {
			idl_error(parser->diagnostics, &place,
			    "found '%s' after %s, expected char, small, short, int, long or hyper",
			    name, is_unsigned ? "unsigned" : "signed");
			return NULL;
		}
		idl_next(parser);
		if (strcmp(name, "long") == 0 && idl_accept_word(parser, "long"))
			name = "hyper";
		if (strcmp(name, "long") == 0 || strcmp(name, "short") == 0 ||
		    strcmp(name, "hyper") == 0)
			idl_accept_word(parser, "int");
	}
	type->builtin = idl_builtin_keyword(name, is_unsigned, is_signed);
	return type;
}

static struct idl_type *
parse_named(struct idl_parser *parser)
{
	struct idl_type *type = new_type(parser, IDL_TYPE_NAME);
	const struct idl_token *token = idl_token_at(parser, 0);

	if (token->kind == IDL_TOKEN_WORD && token->length <= IDL_NAME_MAX) {
		const char *name = idl_token_text(parser, token);

		if (!idl_is_reserved(name) || idl_builtin_type(name) != NULL) {
			type->name = name;
			idl_next(parser);
			return type;
		}
	}
	idl_unexpected(parser, "a type");
	return NULL;
}

struct idl_type *
idl_parse_type(struct idl_parser *parser)
{
	struct idl_type *type;
	bool is_const = false;

	while (idl_accept_word(parser, "const"))
		is_const = true;
	if (idl_at_word(parser, "struct")) {
		type = parse_tagged(parser, IDL_TYPE_RECORD);
	} else if (idl_at_word(parser, "enum")) {
		type = parse_tagged(parser, IDL_TYPE_ENUM);
	} else if (idl_at_word(parser, "union")) {
		idl_unexpected(parser, "another type (this version of comidl has no unions)");
		return NULL;
	} else if (idl_at_word(parser, "SAFEARRAY") &&
	    idl_token_at(parser, 1)->kind == IDL_TOKEN_PUNCTUATION &&
	    idl_token_at(parser, 1)->code == '(') {
		type = parse_safearray(parser);
	} else if (idl_accept_word(parser, "interface")) {
		type = parse_named(parser);
	} else if (idl_at_type_keyword(parser, 0) && !idl_at_word(parser, "SAFEARRAY")) {
		type = parse_arithmetic(parser);
	} else {
		type = parse_named(parser);
	}
	while (idl_accept_word(parser, "const"))
		is_const = true;
	if (type != NULL)
		type->is_const = is_const;
	return type;
}

static bool
parse_bound(struct idl_parser *parser, struct idl_declarator *declarator)
{
	struct idl_expression *bound = NULL;
	bool open;

	if (declarator->dimensions >= IDL_DIMENSIONS_MAX) {
		idl_unexpected(parser, "at most 8 dimensions");
		return false;
	}
	idl_next(parser);
	open = idl_at(parser, ']');
	if (idl_at(parser, '*') && idl_token_at(parser, 1)->kind == IDL_TOKEN_PUNCTUATION &&
	    idl_token_at(parser, 1)->code == ']') {
		idl_next(parser);
		open = true;
	}
	if (!open && (bound = idl_parse_expression(parser)) == NULL)
		return false;
	declarator->bounds[declarator->dimensions++] = bound;
	return idl_expect(parser, ']', "']' after the array bound");
}

struct idl_declarator *
idl_parse_declarator(struct idl_parser *parser, bool allow_abstract, const char *expected)
{
	struct idl_declarator *declarator = idl_arena_new(parser->arena, struct idl_declarator);

	while (idl_at(parser, '*')) {
		if (declarator->pointers >= IDL_POINTERS_MAX) {
			idl_unexpected(parser, "at most 8 stars");
			return NULL;
		}
		idl_next(parser);
		if (idl_accept_word(parser, "const"))
			declarator->pointer_const[declarator->pointers] = true;
		declarator->pointers++;
	}
	declarator->place = idl_place_here(parser);
	if (!allow_abstract || idl_token_at(parser, 0)->kind == IDL_TOKEN_WORD) {
		declarator->name = idl_expect_name(parser, expected);
		if (declarator->name == NULL)
			return NULL;
	}
	while (idl_at(parser, '[')) {
		if (!parse_bound(parser, declarator))
			return NULL;
	}
	return declarator;
}
