/* SPDX-License-Identifier: BSD-2-Clause */
/* Types: what C calls declaration specifiers. */
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
		"double", "char", "small", "short", "int", "long", "hyper", "int64", "__int8",
		"__int16", "__int32", "__int64", "__int3264", "signed", "unsigned", "struct",
		"enum", "union", "const", "SAFEARRAY", "interface" };
	const struct idl_token *token = idl_token_at(parser, ahead);

	for (guint i = 0; token->kind == IDL_TOKEN_WORD && i < G_N_ELEMENTS(words); i++) {
		if (token->length == strlen(words[i]) &&
		    memcmp(token->text, words[i], token->length) == 0)
			return true;
	}
	return false;
}

static struct idl_type *
parse_tagged(struct idl_parser *parser, enum idl_type_kind kind, const char *word)
{
	struct idl_type *type = new_type(parser, kind);
	g_autofree char *expected = g_strdup_printf("a tag or '{' after %s", word);
	bool is_switch = false;

	type->is_union = idl_at_word(parser, "union");
	idl_next(parser);
	is_switch = type->is_union && idl_at_word(parser, "switch");
	if (!idl_at(parser, '{') && !is_switch) {
		type->name = idl_expect_name(parser, expected);
		if (type->name == NULL)
			return NULL;
		is_switch = type->is_union && idl_at_word(parser, "switch");
	}
	if (!idl_at(parser, '{') && !is_switch)
		return type;
	if (!idl_enter(parser))
		return NULL;
	if (is_switch) {
		/* What is meant is a struct of the selector and the union. */
		type->is_union = false;
		type->record = idl_parse_switch_body(parser);
	} else if (kind == IDL_TYPE_RECORD) {
		type->record = idl_parse_record_body(parser, type->is_union);
	} else {
		type->enumeration = idl_parse_enum_body(parser);
	}
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
		type = parse_tagged(parser, IDL_TYPE_RECORD, "struct");
	} else if (idl_at_word(parser, "union")) {
		type = parse_tagged(parser, IDL_TYPE_RECORD, "union");
	} else if (idl_at_word(parser, "enum")) {
		type = parse_tagged(parser, IDL_TYPE_ENUM, "enum");
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
