/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/parser_state.h"

#include <string.h>

#define SHOWN_TOKEN_MAX 40u /* bytes of a token that a message repeats */

const struct idl_token *
idl_token_at(const struct idl_parser *parser, guint ahead)
{
	guint last = parser->tokens->tokens->len - 1;

	return &g_array_index(parser->tokens->tokens, struct idl_token,
	    ahead > last - parser->position ? last : parser->position + ahead);
}

struct idl_place
idl_place_here(const struct idl_parser *parser)
{
	return idl_token_at(parser, 0)->place;
}

void
idl_next(struct idl_parser *parser)
{
	if (parser->position + 1 < parser->tokens->tokens->len)
		parser->position++;
}

bool
idl_at_end(const struct idl_parser *parser)
{
	return idl_token_at(parser, 0)->kind == IDL_TOKEN_END ||
	    idl_diagnostics_full(parser->diagnostics);
}

bool
idl_at(const struct idl_parser *parser, int punctuation)
{
	const struct idl_token *token = idl_token_at(parser, 0);

	return token->kind == IDL_TOKEN_PUNCTUATION && token->code == punctuation;
}

bool
idl_at_word(const struct idl_parser *parser, const char *word)
{
	const struct idl_token *token = idl_token_at(parser, 0);

	return token->kind == IDL_TOKEN_WORD && token->length == strlen(word) &&
	    memcmp(token->text, word, token->length) == 0;
}

bool
idl_accept(struct idl_parser *parser, int punctuation)
{
	if (!idl_at(parser, punctuation))
		return false;
	idl_next(parser);
	return true;
}

bool
idl_accept_word(struct idl_parser *parser, const char *word)
{
	if (!idl_at_word(parser, word))
		return false;
	idl_next(parser);
	return true;
}

/* What is wrong with a token the lexer could not make sense of. */
static void
report_bad_token(struct idl_parser *parser, const struct idl_token *token)
{
	struct idl_place place = token->place;
	const char *text = token->text;
	int length = (int)MIN(token->length, SHOWN_TOKEN_MAX);

	if (text[0] == '"' || (text[0] == 'L' && token->length > 1 && text[1] == '"'))
		idl_error(parser->diagnostics, &place,
		    "unterminated string, expected '\"' before the end of the line");
	else if (text[0] == '\'' || text[0] == 'L')
		idl_error(parser->diagnostics, &place,
		    "unterminated character, expected \"'\" before the end of the line");
	else if (g_ascii_isdigit(text[0]) || text[0] == '.')
		idl_error(parser->diagnostics, &place,
		    "bad number '%.*s', expected digits, or 0x and hexadecimal digits", length,
		    text);
	else
		idl_error(parser->diagnostics, &place,
		    "stray '%.*s', expected a character of the IDL language", length, text);
}

void
idl_unexpected(struct idl_parser *parser, const char *expected)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	struct idl_place place = token->place;

	if (token->kind == IDL_TOKEN_BAD)
		report_bad_token(parser, token);
	else if (token->kind == IDL_TOKEN_END)
		idl_error(parser->diagnostics, &place, "found %s, expected %s",
		    parser->end != NULL ? parser->end : "the end of the file", expected);
	else
		idl_error(parser->diagnostics, &place, "found '%.*s'%s, expected %s",
		    (int)MIN(token->length, SHOWN_TOKEN_MAX), token->text,
		    token->length > SHOWN_TOKEN_MAX ? "..." : "", expected);
}

bool
idl_expect(struct idl_parser *parser, int punctuation, const char *expected)
{
	if (idl_accept(parser, punctuation))
		return true;
	idl_unexpected(parser, expected);
	return false;
}

const char *
idl_token_text(struct idl_parser *parser, const struct idl_token *token)
{
	return idl_arena_string(parser->arena, token->text, token->length);
}

const char *
idl_expect_name(struct idl_parser *parser, const char *expected)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	struct idl_place place = token->place;
	const char *name;

	if (token->kind != IDL_TOKEN_WORD) {
		idl_unexpected(parser, expected);
		return NULL;
	}
	if (token->length > IDL_NAME_MAX) {
		idl_error(parser->diagnostics, &place, "name of %u bytes, expected at most %u",
		    token->length, IDL_NAME_MAX);
		return NULL;
	}
	name = idl_token_text(parser, token);
	if (idl_is_reserved(name)) {
		idl_error(parser->diagnostics, &place, "found the keyword '%s', expected %s", name,
		    expected);
		return NULL;
	}
	idl_next(parser);
	return name;
}

const char *
idl_expect_member_name(struct idl_parser *parser, const char *expected)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	g_autofree char *name = NULL;
	struct idl_place place;

	if (token->kind != IDL_TOKEN_WORD || token->length >= IDL_NAME_MAX)
		return idl_expect_name(parser, expected);
	name = g_strconcat(idl_token_text(parser, token), "_", NULL);
	name[token->length] = '\0';
	if (!idl_is_cpp_word(name))
		return idl_expect_name(parser, expected);
	place = idl_place_here(parser);
	idl_warning(parser->diagnostics, &place,
	    "'%s' is a keyword of C++, and is called '%s_' in the header", name, name);
	name[token->length] = '_';
	idl_next(parser);
	return idl_arena_string(parser->arena, name, strlen(name));
}

static int
octal_value(const char *text, gsize length, gsize *at)
{
	int value = 0;

	for (guint digits = 0; digits < 3 && *at < length && text[*at] >= '0' && text[*at] <= '7';
	     digits++)
		value = value * 8 + (text[(*at)++] - '0');
	return value;
}

static int
hexadecimal_value(const char *text, gsize length, gsize *at)
{
	int value = 0;

	for (guint digits = 0; digits < 2 && *at < length && g_ascii_isxdigit(text[*at]); digits++)
		value = value * 16 + g_ascii_xdigit_value(text[(*at)++]);
	return value;
}

/* The escapes of C, but for \u; a value that would end or break the text becomes '?'. */
static void
append_unescaped(GString *out, const char *text, gsize length)
{
	static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";

	for (gsize i = 0; i < length;) {
		const char *letter;
		int value;

		if (text[i] != '\\' || i + 1 >= length) {
			g_string_append_c(out, text[i++]);
			continue;
		}
		i++;
		letter = strchr(letters, text[i]);
		if (text[i] >= '0' && text[i] <= '7') {
			value = octal_value(text, length, &i);
		} else if (text[i] == 'x') {
			i++;
			value = hexadecimal_value(text, length, &i);
		} else if (letter != NULL) {
			value = values[letter - letters];
			i++;
		} else {
			value = (unsigned char)text[i++];
			g_string_append_c(out, (char)value);
			continue;
		}
		g_string_append_c(out, value > 0 && value < 0x80 ? (char)value : '?');
	}
}

const char *
idl_literal_text(struct idl_parser *parser, const struct idl_token *token)
{
	const char *text = token->text;
	gsize prefix = text[0] == 'L' ? 2 : 1;
	g_autoptr(GString) out = g_string_new(NULL);

	append_unescaped(out, text + prefix, token->length - prefix - 1);
	return idl_arena_string(parser->arena, out->str, out->len);
}

const char *
idl_expect_string(struct idl_parser *parser, const char *expected)
{
	struct idl_place place = idl_place_here(parser);
	g_autoptr(GString) out = g_string_new(NULL);

	if (idl_token_at(parser, 0)->kind != IDL_TOKEN_STRING) {
		idl_unexpected(parser, expected);
		return NULL;
	}
	while (idl_token_at(parser, 0)->kind == IDL_TOKEN_STRING) {
		g_string_append(out, idl_literal_text(parser, idl_token_at(parser, 0)));
		if (out->len > IDL_STRING_MAX) {
			idl_error(parser->diagnostics, &place,
			    "string is too long, expected at most %u bytes", IDL_STRING_MAX);
			return NULL;
		}
		idl_next(parser);
	}
	return idl_arena_string(parser->arena, out->str, out->len);
}

const char *
idl_doc_before(struct idl_parser *parser)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	g_autoptr(GString) out = NULL;

	if (token->doc_first == token->doc_end)
		return NULL;
	out = g_string_new(NULL);
	for (guint i = token->doc_first; i < token->doc_end; i++) {
		const struct idl_comment *comment =
		    &g_array_index(parser->tokens->comments, struct idl_comment, i);

		if (comment->trailing)
			continue;
		if (out->len > 0)
			g_string_append_c(out, '\n');
		g_string_append(out, comment->text);
	}
	return out->len > 0 ? idl_arena_string(parser->arena, out->str, out->len) : NULL;
}

const char *
idl_doc_after(struct idl_parser *parser)
{
	const struct idl_token *token = idl_token_at(parser, 0);
	const struct idl_comment *comment;

	if (token->doc_first == token->doc_end)
		return NULL;
	comment = &g_array_index(parser->tokens->comments, struct idl_comment, token->doc_first);
	if (!comment->trailing)
		return NULL;
	return idl_arena_string(parser->arena, comment->text, strlen(comment->text));
}

void
idl_resynchronise(struct idl_parser *parser)
{
	guint nesting = 0;

	while (!idl_at_end(parser)) {
		if (idl_at(parser, '{')) {
			nesting++;
		} else if (idl_at(parser, '}')) {
			if (nesting == 0)
				return;
			if (--nesting == 0) {
				idl_next(parser);
				idl_accept(parser, ';');
				return;
			}
		} else if (idl_at(parser, ';') && nesting == 0) {
			idl_next(parser);
			return;
		}
		idl_next(parser);
	}
}

bool
idl_enter(struct idl_parser *parser)
{
	struct idl_place place = idl_place_here(parser);

	if (parser->depth >= IDL_NESTING_MAX) {
		idl_error(parser->diagnostics, &place,
		    "nested too deeply, expected at most %u levels", IDL_NESTING_MAX);
		return false;
	}
	parser->depth++;
	return true;
}

void
idl_leave(struct idl_parser *parser)
{
	parser->depth--;
}
