/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/lexer.h"

#include <string.h>

#include "idl/limits.h"

#define UUID_LENGTH 36u /* 8-4-4-4-12 digits and the hyphens */

struct lexer {
	const struct idl_source *source;
	struct idl_diagnostics *diagnostics;
	struct idl_tokens *out;
	guint offset;
	guint line;
	guint column;
	guint doc_first;
	bool failed;
};

static int
peek(const struct lexer *lexer, guint ahead)
{
	gsize at = (gsize)lexer->offset + ahead;

	return at < lexer->source->length ? (unsigned char)lexer->source->text[at] : -1;
}

static void
advance(struct lexer *lexer, guint count)
{
	while (count-- > 0 && lexer->offset < lexer->source->length) {
		unsigned char c = (unsigned char)lexer->source->text[lexer->offset++];

		if (c == '\n') {
			lexer->line++;
			lexer->column = 1;
		} else if ((c & 0xc0) != 0x80) {
			lexer->column++;
		}
	}
}

static struct idl_place
here(const struct lexer *lexer)
{
	return (struct idl_place){ lexer->source, lexer->offset, lexer->line, lexer->column };
}

static void
fail(struct lexer *lexer, const struct idl_place *place, const char *text)
{
	idl_error(lexer->diagnostics, place, "%s", text);
	lexer->failed = true;
}

static bool
is_word_start(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(int c)
{
	return is_word_start(c) || is_digit(c);
}

static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/*
 * Take the indentation of the first line away from the others, so that an emitter can put its
 * own before each.
 */
static char *
comment_text(const struct idl_source *source, guint start, guint end)
{
	guint indent_start = start;
	g_auto(GStrv) lines = NULL;
	g_autofree char *indent = NULL;
	g_autofree char *raw = g_strndup(source->text + start, end - start);
	GString *out = g_string_new(NULL);
	gsize indent_length;

	while (indent_start > 0 &&
	    (source->text[indent_start - 1] == ' ' || source->text[indent_start - 1] == '\t'))
		indent_start--;
	if (indent_start > 0 && source->text[indent_start - 1] != '\n')
		indent_start = start;
	indent = g_strndup(source->text + indent_start, start - indent_start);
	indent_length = strlen(indent);

	lines = g_strsplit(raw, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		const char *line = lines[i];

		g_strchomp(lines[i]);
		if (i > 0) {
			const char *text = line + strspn(line, " \t");

			g_string_append_c(out, '\n');
			if (indent_length > 0 && strncmp(line, indent, indent_length) == 0)
				line += indent_length;
			else if (*text == '*')
				g_string_append_c(out, ' '), line = text;
		}
		g_string_append(out, line);
	}
	return g_string_free(out, FALSE);
}

static void
skip_block_comment(struct lexer *lexer)
{
	struct idl_place start = here(lexer);
	bool doc = peek(lexer, 2) == '*' && peek(lexer, 3) != '*' && peek(lexer, 3) != '/';
	struct idl_comment comment;

	advance(lexer, 2);
	while (peek(lexer, 0) >= 0 && !(peek(lexer, 0) == '*' && peek(lexer, 1) == '/'))
		advance(lexer, 1);
	if (peek(lexer, 0) < 0) {
		fail(lexer, &start,
		    "unterminated comment, expected '*/' before the end of the file");
		return;
	}
	advance(lexer, 2);
	if (!doc)
		return;
	if (lexer->offset - start.offset > IDL_COMMENT_MAX) {
		fail(lexer, &start,
		    "documentation comment is too long, expected at most 65536 bytes");
		return;
	}
	comment.text = comment_text(lexer->source, start.offset, lexer->offset);
	comment.trailing = comment.text[3] == '<';
	g_array_append_val(lexer->out->comments, comment);
}

static void
skip_line(struct lexer *lexer)
{
	while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n')
		advance(lexer, 1);
}

static void
skip_blank(struct lexer *lexer)
{
	while (!lexer->failed) {
		if (is_space(peek(lexer, 0)))
			advance(lexer, 1);
		else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '/')
			skip_line(lexer);
		else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*')
			skip_block_comment(lexer);
		else
			return;
	}
}

static bool
at_uuid(const struct lexer *lexer)
{
	for (guint i = 0; i < UUID_LENGTH; i++) {
		int c = peek(lexer, i);

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (c < 0 || !g_ascii_isxdigit((char)c)) {
			return false;
		}
	}
	return !is_word(peek(lexer, UUID_LENGTH)) && peek(lexer, UUID_LENGTH) != '-';
}

/* Digits, a point, an exponent, suffixes; whether they make sense is decided by the text. */
static guint
number_length(const struct lexer *lexer, enum idl_token_kind *ret_kind)
{
	bool hex = peek(lexer, 0) == '0' && (peek(lexer, 1) == 'x' || peek(lexer, 1) == 'X');
	guint length = hex ? 2 : 0, digits = 0;

	*ret_kind = IDL_TOKEN_INTEGER;
	for (;; length++) {
		int c = peek(lexer, length);

		if (hex ? (c >= 0 && g_ascii_isxdigit((char)c)) : is_digit(c)) {
			digits++;
			continue;
		}
		if (!hex && *ret_kind == IDL_TOKEN_INTEGER && c == '.') {
			*ret_kind = IDL_TOKEN_FLOAT;
			continue;
		}
		break;
	}
	if (!hex && (peek(lexer, length) == 'e' || peek(lexer, length) == 'E')) {
		*ret_kind = IDL_TOKEN_FLOAT;
		length++;
		if (peek(lexer, length) == '+' || peek(lexer, length) == '-')
			length++;
		if (!is_digit(peek(lexer, length)))
			digits = 0;
		while (is_digit(peek(lexer, length)))
			length++;
	}
	if (*ret_kind == IDL_TOKEN_INTEGER) {
		for (guint i = 0; i < 3; i++) {
			int c = peek(lexer, length);

			if (c == 'u' || c == 'U' || c == 'l' || c == 'L')
				length++;
		}
	}
	if (digits == 0 || is_word(peek(lexer, length))) {
		*ret_kind = IDL_TOKEN_BAD;
		while (is_word(peek(lexer, length)))
			length++;
	}
	return length;
}

/* A literal in quotes; bad when the line ends first. */
static guint
quoted_length(const struct lexer *lexer, guint prefix, enum idl_token_kind *kind)
{
	int quote = peek(lexer, prefix);
	guint length = prefix + 1;

	while (peek(lexer, length) != quote) {
		if (peek(lexer, length) < 0 || peek(lexer, length) == '\n') {
			*kind = IDL_TOKEN_BAD;
			return length;
		}
		length += peek(lexer, length) == '\\' && peek(lexer, length + 1) != '\n' &&
			peek(lexer, length + 1) >= 0
		    ? 2
		    : 1;
	}
	*kind = quote == '"' ? IDL_TOKEN_STRING : IDL_TOKEN_CHARACTER;
	return length + 1;
}

static guint
punctuation_length(const struct lexer *lexer, int *ret_code)
{
	static const struct {
		char text[3];
		int code;
	} pairs[] = {
		{ "<<", IDL_SHIFT_LEFT },
		{ ">>", IDL_SHIFT_RIGHT },
		{ "<=", IDL_LESS_EQUAL },
		{ ">=", IDL_GREATER_EQUAL },
		{ "==", IDL_EQUAL },
		{ "!=", IDL_NOT_EQUAL },
		{ "&&", IDL_AND },
		{ "||", IDL_OR },
	};

	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
		if (peek(lexer, 0) == pairs[i].text[0] && peek(lexer, 1) == pairs[i].text[1]) {
			*ret_code = pairs[i].code;
			return 2;
		}
	}
	*ret_code = peek(lexer, 0);
	return 1;
}

static void
add_token(struct lexer *lexer, enum idl_token_kind kind, int code, guint length)
{
	struct idl_token token = {
		.kind = kind,
		.code = code,
		.offset = lexer->offset,
		.length = length,
		.line = lexer->line,
		.column = lexer->column,
		.doc_first = lexer->doc_first,
		.doc_end = lexer->out->comments->len,
	};

	lexer->doc_first = token.doc_end;
	g_array_append_val(lexer->out->tokens, token);
	advance(lexer, length);
}

static void
next_token(struct lexer *lexer)
{
	int c = peek(lexer, 0), code = 0;
	enum idl_token_kind kind;
	guint length = 0;

	if (at_uuid(lexer)) {
		kind = IDL_TOKEN_UUID;
		length = UUID_LENGTH;
	} else if (c == '"' || c == '\'') {
		length = quoted_length(lexer, 0, &kind);
	} else if (c == 'L' && (peek(lexer, 1) == '"' || peek(lexer, 1) == '\'')) {
		length = quoted_length(lexer, 1, &kind);
	} else if (is_word_start(c)) {
		kind = IDL_TOKEN_WORD;
		while (is_word(peek(lexer, length)))
			length++;
	} else if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1)))) {
		length = number_length(lexer, &kind);
	} else if (strchr("{}[]();:,=*&|^~!<>+-/%?.#", c) != NULL) {
		kind = IDL_TOKEN_PUNCTUATION;
		length = punctuation_length(lexer, &code);
	} else {
		kind = IDL_TOKEN_BAD;
		length = 1;
		while ((peek(lexer, length) & 0xc0) == 0x80 && peek(lexer, length) >= 0)
			length++;
	}
	add_token(lexer, kind, code, length);
}

/* The whole file must be UTF-8 without NUL; point at the first byte that is not. */
static bool
check_encoding(struct lexer *lexer)
{
	const struct idl_source *source = lexer->source;
	const char *end = source->text;
	struct idl_place place;

	if (source->length > IDL_SOURCE_MAX) {
		place = here(lexer);
		fail(lexer, &place, "file is too large, expected at most 4 MiB");
		return false;
	}
	if (g_utf8_validate(source->text, (gssize)source->length, &end))
		return true;
	advance(lexer, (guint)(end - source->text));
	place = here(lexer);
	fail(lexer, &place, "byte that is not text, expected UTF-8 without NUL");
	return false;
}

void
idl_tokens_init(
    struct idl_tokens *tokens, const struct idl_source *source, struct idl_diagnostics *diagnostics)
{
	struct lexer lexer = {
		.source = source,
		.diagnostics = diagnostics,
		.out = tokens,
		.line = 1,
		.column = 1,
	};
	struct idl_place place;

	tokens->tokens = g_array_new(FALSE, FALSE, sizeof(struct idl_token));
	tokens->comments = g_array_new(FALSE, FALSE, sizeof(struct idl_comment));
	if (check_encoding(&lexer)) {
		if (peek(&lexer, 0) == 0xef && peek(&lexer, 1) == 0xbb && peek(&lexer, 2) == 0xbf)
			lexer.offset = 3;
		for (;;) {
			skip_blank(&lexer);
			if (lexer.failed || peek(&lexer, 0) < 0)
				break;
			if (tokens->tokens->len >= IDL_TOKENS_MAX) {
				place = here(&lexer);
				fail(&lexer, &place,
				    "too many words in one file, expected at most 1000000");
				break;
			}
			next_token(&lexer);
		}
	}
	add_token(&lexer, IDL_TOKEN_END, 0, 0);
}

void
idl_tokens_done(struct idl_tokens *tokens)
{
	for (guint i = 0; i < tokens->comments->len; i++)
		g_free(g_array_index(tokens->comments, struct idl_comment, i).text);
	g_array_unref(tokens->comments);
	g_array_unref(tokens->tokens);
}
