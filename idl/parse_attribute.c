/* SPDX-License-Identifier: BSD-2-Clause */
/* Attribute lists. Where each attribute may stand is checked later; here only its form is. */
#include "idl/parser_state.h"

#include <string.h>

#define UUID_EXPECTED "a uuid of 8-4-4-4-12 hexadecimal digits"

/* The same text in a string is accepted too, as older IDL files write it. */
const char *
idl_parse_uuid(struct idl_parser *parser)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	struct idl_place place = idl_place_here(parser);
	g_autofree char *upper = NULL;
	const char *text;

	if (token->kind == IDL_TOKEN_STRING && token->length == 38) {
		text = idl_literal_text(parser, token);
		upper = g_ascii_strup(text, -1);
		if (g_uuid_string_is_valid(text)) {
			idl_next(parser);
			return idl_arena_string(parser->arena, upper, strlen(upper));
		}
	}
	if (token->kind != IDL_TOKEN_UUID) {
		idl_error(parser->diagnostics, &place, "bad uuid, expected " UUID_EXPECTED);
		while (!idl_at_end(parser) && !idl_at(parser, ')') && !idl_at(parser, ']') &&
		    !idl_at(parser, ';') && !idl_at(parser, '{'))
			idl_next(parser);
		return NULL;
	}
	upper = g_ascii_strup(token->text, (gssize)token->length);
	idl_next(parser);
	return idl_arena_string(parser->arena, upper, strlen(upper));
}

static const char *
parse_word(struct idl_parser *parser, const struct idl_attribute_rule *rule)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	g_auto(GStrv) words = g_strsplit(rule->words, " ", -1);
	g_autofree char *joined = NULL, *expected = NULL;

	if (token->kind == IDL_TOKEN_WORD) {
		const char *word = idl_token_text(parser, token);

		if (g_strv_contains((const char *const *)words, word)) {
			idl_next(parser);
			return word;
		}
	}
	joined = g_strjoinv(", ", words);
	expected = g_strdup_printf("one of: %s", joined);
	idl_unexpected(parser, expected);
	return NULL;
}

static const char *
parse_version(struct idl_parser *parser)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	const char *text;

	if (token->kind == IDL_TOKEN_INTEGER || token->kind == IDL_TOKEN_FLOAT) {
		text = idl_token_text(parser, token);
		if (strspn(text, "0123456789.") == strlen(text) && text[0] != '.') {
			idl_next(parser);
			return text;
		}
	}
	idl_unexpected(parser, "a version such as 1.0");
	return NULL;
}

/* In size_is(, n) the first is empty: the outer pointer has no size. */
static GPtrArray *
parse_expressions(struct idl_parser *parser, bool several)
{
	GPtrArray *expressions = idl_arena_array(parser->arena);

	do {
		struct idl_expression *expression = NULL;
		bool empty = several && (idl_at(parser, ',') || idl_at(parser, ')'));

		if (!empty && (expression = idl_parse_expression(parser)) == NULL)
			return NULL;
		g_ptr_array_add(expressions, expression);
	} while (several && expressions->len < IDL_CASES_MAX && idl_accept(parser, ','));
	return expressions;
}

/* Go to the parenthesis that closes the argument; the opening one is behind us. */
static void
skip_argument(struct idl_parser *parser)
{
	guint nesting = 0;

	while (!idl_at_end(parser) && !idl_at(parser, ';') && !idl_at(parser, '{')) {
		if (idl_at(parser, '('))
			nesting++;
		else if (idl_at(parser, ')') && nesting-- == 0)
			return;
		idl_next(parser);
	}
}

static bool
parse_argument(struct idl_parser *parser, struct idl_attribute *attribute)
{
	const struct idl_attribute_rule *rule = attribute->rule;

	switch (rule->argument) {
	case IDL_ARGUMENT_NONE:
		break;
	case IDL_ARGUMENT_UUID:
		attribute->text = idl_parse_uuid(parser);
		break;
	case IDL_ARGUMENT_STRING:
		attribute->text = idl_expect_string(parser, "a string in quotes");
		break;
	case IDL_ARGUMENT_WORD:
		attribute->text = parse_word(parser, rule);
		break;
	case IDL_ARGUMENT_VERSION:
		attribute->text = parse_version(parser);
		break;
	case IDL_ARGUMENT_TYPE:
		attribute->type = idl_parse_type(parser);
		return attribute->type != NULL;
	case IDL_ARGUMENT_ANY:
		skip_argument(parser);
		return true;
	case IDL_ARGUMENT_EXPRESSION:
		attribute->expressions = parse_expressions(parser, false);
		break;
	case IDL_ARGUMENT_EXPRESSIONS:
		attribute->expressions = parse_expressions(parser, true);
		break;
	}
	return attribute->text != NULL || attribute->expressions != NULL;
}

static void
report_unknown(struct idl_parser *parser, const struct idl_place *place, const char *name)
{
	const char *nearest = idl_attribute_nearest(name);

	if (nearest != NULL)
		idl_error(parser->diagnostics, place,
		    "unknown attribute '%s', expected an attribute of the IDL language (did you "
		    "mean '%s'?)",
		    name, nearest);
	else
		idl_error(parser->diagnostics, place,
		    "unknown attribute '%s', expected an attribute of the IDL language (comidl(1) "
		    "lists them)",
		    name);
}

static void
report_foreign(struct idl_parser *parser, const struct idl_attribute *attribute)
{
	if (attribute->rule->foreign == IDL_OF_RPC)
		idl_error(parser->diagnostics, &attribute->place,
		    "attribute '%s' is for an RPC interface (remote procedure call), expected an "
		    "object interface",
		    attribute->rule->name);
	else
		idl_error(parser->diagnostics, &attribute->place,
		    "attribute '%s' is of the Windows Runtime, which there is not here; expected "
		    "an attribute of COM",
		    attribute->rule->name);
}

/* NULL in *ret after an unknown attribute, which is reported but does no harm to the others. */
static bool
parse_attribute(struct idl_parser *parser, struct idl_attribute **ret)
{
	struct idl_attribute *attribute = idl_arena_new(parser->arena, struct idl_attribute);
	const struct idl_token *token = idl_token_at(parser, 0);
	g_autofree char *expected = NULL;
	const char *name;

	*ret = NULL;
	attribute->place = idl_place_here(parser);
	if (token->kind != IDL_TOKEN_WORD || token->length > IDL_NAME_MAX) {
		idl_unexpected(parser, "an attribute");
		return false;
	}
	name = idl_token_text(parser, token);
	idl_next(parser);
	attribute->rule = idl_attribute_rule_find(name);
	if (attribute->rule == NULL) {
		report_unknown(parser, &attribute->place, name);
		if (idl_accept(parser, '(')) {
			skip_argument(parser);
			idl_accept(parser, ')');
		}
		return true;
	}
	if (attribute->rule->foreign != IDL_OF_COM)
		report_foreign(parser, attribute);
	if (attribute->rule->argument == IDL_ARGUMENT_NONE ||
	    (attribute->rule->argument_optional && !idl_at(parser, '('))) {
		*ret = attribute;
		return true;
	}
	expected = g_strdup_printf("'(' after the attribute '%s'", name);
	if (!idl_expect(parser, '(', expected) || !parse_argument(parser, attribute) ||
	    !idl_expect(parser, ')', "')' after the attribute's argument"))
		return false;
	*ret = attribute;
	return true;
}

static bool
add_attribute(struct idl_parser *parser, GPtrArray *attributes, struct idl_attribute *attribute)
{
	if (!attribute->rule->repeatable &&
	    idl_attribute_find(attributes, attribute->rule->id) != NULL) {
		idl_error(parser->diagnostics, &attribute->place,
		    "attribute '%s' is given twice, expected it once", attribute->rule->name);
		return true;
	}
	if (attributes->len >= IDL_ATTRIBUTES_MAX) {
		idl_error(parser->diagnostics, &attribute->place,
		    "too many attributes, expected at most %u", IDL_ATTRIBUTES_MAX);
		return false;
	}
	g_ptr_array_add(attributes, attribute);
	return true;
}

/* Behind an error in a list: go to its end, so that what it belongs to is still read. */
static bool
skip_list(struct idl_parser *parser)
{
	while (!idl_at_end(parser) && !idl_at(parser, ']') && !idl_at(parser, ';') &&
	    !idl_at(parser, '{') && !idl_at(parser, '}'))
		idl_next(parser);
	return idl_accept(parser, ']');
}

bool
idl_parse_attributes(struct idl_parser *parser, GPtrArray **ret)
{
	*ret = NULL;
	while (idl_accept(parser, '[')) {
		if (*ret == NULL)
			*ret = idl_arena_array(parser->arena);
		do {
			struct idl_attribute *attribute = NULL;

			if (idl_at(parser, ']') && (*ret)->len > 0)
				break;
			if (idl_at(parser, ',')) {
				struct idl_place place = idl_place_here(parser);

				idl_broken_rule(parser->diagnostics, &place,
				    "found ',', expected an attribute");
				continue;
			}
			if (!parse_attribute(parser, &attribute))
				return skip_list(parser);
			if (attribute != NULL && !add_attribute(parser, *ret, attribute))
				return skip_list(parser);
		} while (idl_accept(parser, ','));
		if (!idl_expect(parser, ']', "',' or ']' in the attribute list"))
			return skip_list(parser);
	}
	return true;
}
