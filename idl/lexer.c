/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/lexer.h"

#include <string.h>

#include "idl/lexer_token.h"
#include "idl/limits.h"

static int
peek(const struct idl_lexer *lexer, guint ahead)
{
	gsize at = (gsize)lexer->offset + ahead;

	return at < lexer->length ? (unsigned char)lexer->text[at] : -1;
}

/* Where lines were joined, a line of the source begins in the middle of ours. */
static void
cross_joins(struct idl_lexer *lexer)
{
	while (lexer->joins_left > 0 && lexer->joins[0] == lexer->offset) {
		lexer->left_out += lexer->joins[1];
		lexer->joins += 2;
		lexer->joins_left--;
		lexer->line++;
		lexer->column = 1;
	}
}

static void
advance(struct idl_lexer *lexer, guint count)
{
	while (count-- > 0 && lexer->offset < lexer->length) {
		unsigned char c = (unsigned char)lexer->text[lexer->offset++];

		if (c == '\n') {
			lexer->line++;
			lexer->column = 1;
		} else if ((c & 0xc0) != 0x80) {
			lexer->column++;
		}
		cross_joins(lexer);
	}
}

static struct idl_place
here(const struct idl_lexer *lexer)
{
	return (struct idl_place){
		.source = lexer->source,
		.offset = lexer->offset + lexer->left_out,
		.line = lexer->line,
		.column = lexer->column,
	};
}

static void
fail(struct idl_lexer *lexer, const struct idl_place *place, const char *text)
{
	idl_error(lexer->diagnostics, place, "%s", text);
	lexer->failed = true;
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
comment_text(const char *source, guint start, guint end)
{
	guint indent_start = start;
	g_auto(GStrv) lines = NULL;
	g_autofree char *indent = NULL;
	g_autofree char *raw = g_strndup(source + start, end - start);
	GString *out = g_string_new(NULL);
	gsize indent_length;

	while (indent_start > 0 &&
	    (source[indent_start - 1] == ' ' || source[indent_start - 1] == '\t'))
		indent_start--;
	if (indent_start > 0 && source[indent_start - 1] != '\n')
		indent_start = start;
	indent = g_strndup(source + indent_start, start - indent_start);
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
skip_block_comment(struct idl_lexer *lexer)
{
	struct idl_place start = here(lexer);
	guint first = lexer->offset;
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
	if (lexer->offset - first > IDL_COMMENT_MAX) {
		fail(lexer, &start,
		    "documentation comment is too long, expected at most 65536 bytes");
		return;
	}
	comment.text = comment_text(lexer->text, first, lexer->offset);
	comment.trailing = comment.text[3] == '<';
	g_array_append_val(lexer->comments, comment);
}

static void
skip_line(struct idl_lexer *lexer)
{
	while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n')
		advance(lexer, 1);
}

static void
skip_blank(struct idl_lexer *lexer)
{
	while (!lexer->failed) {
		if (is_space(peek(lexer, 0))) {
			lexer->opens_line |= peek(lexer, 0) == '\n';
			advance(lexer, 1);
		} else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '/') {
			skip_line(lexer);
		} else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
			skip_block_comment(lexer);
		} else {
			return;
		}
	}
}

static void
take(struct idl_lexer *lexer, struct idl_token *token, guint length)
{
	token->text = lexer->text + lexer->offset;
	token->length = length;
	advance(lexer, length);
}

/* The whole file must be UTF-8 without NUL; point at the first byte that is not. */
static bool
check_encoding(struct idl_lexer *lexer)
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

/* The text without the line ends that a backslash hides; and where they were. */
static void
join_lines(struct idl_lexer *lexer, struct idl_arena *arena)
{
	const struct idl_source *source = lexer->source;
	const char *text = source->text;
	guint joins = 0, from, to = 0;
	guint *places;
	char *joined;

	for (guint i = 0; i + 1 < source->length; i++)
		joins += text[i] == '\\' && (text[i + 1] == '\n' || text[i + 1] == '\r');
	if (joins == 0)
		return;
	joined = idl_arena_alloc(arena, source->length);
	places = idl_arena_alloc(arena, (gsize)joins * 2 * sizeof(guint));
	lexer->joins = places;
	for (from = 0; from < source->length; from++) {
		guint end = from + 1;

		if (text[from] == '\\' && end < source->length && text[end] == '\r')
			end++;
		if (text[from] == '\\' && end < source->length && text[end] == '\n') {
			places[2 * lexer->joins_left] = to;
			places[2 * lexer->joins_left++ + 1] = end + 1 - from;
			from = end;
		} else {
			joined[to++] = text[from];
		}
	}
	lexer->text = joined;
	lexer->length = to;
}

void
idl_lexer_init(struct idl_lexer *lexer, struct idl_arena *arena, const struct idl_source *source,
    GArray *comments, struct idl_diagnostics *diagnostics)
{
	*lexer = (struct idl_lexer){
		.source = source,
		.diagnostics = diagnostics,
		.comments = comments,
		.text = source->text,
		.length = (guint)source->length,
		.line = 1,
		.column = 1,
		.doc_first = comments->len,
		.opens_line = true,
	};
	if (!check_encoding(lexer))
		return;
	join_lines(lexer, arena);
	if (peek(lexer, 0) == 0xef && peek(lexer, 1) == 0xbb && peek(lexer, 2) == 0xbf)
		lexer->offset = 3;
	cross_joins(lexer);
}

void
idl_lexer_next(struct idl_lexer *lexer, struct idl_token *token)
{
	guint before = lexer->offset, length = 0;

	*token = (struct idl_token){ .kind = IDL_TOKEN_END };
	skip_blank(lexer);
	token->place = here(lexer);
	token->spaced = lexer->offset != before;
	token->opens_line = lexer->opens_line;
	token->doc_first = lexer->doc_first;
	token->doc_end = lexer->doc_first = lexer->comments->len;
	if (!lexer->failed && peek(lexer, 0) >= 0)
		length = idl_token_measure(lexer->text + lexer->offset,
		    lexer->length - lexer->offset, &token->kind, &token->code);
	take(lexer, token, length);
	lexer->opens_line = false;
}

bool
idl_lexer_bracketed(struct idl_lexer *lexer, struct idl_token *token)
{
	guint length = 0;

	while (peek(lexer, 0) == ' ' || peek(lexer, 0) == '\t')
		advance(lexer, 1);
	if (lexer->failed || peek(lexer, 0) != '<')
		return false;
	while (peek(lexer, length) != '>') {
		if (peek(lexer, length) < 0 || peek(lexer, length) == '\n')
			return false;
		length++;
	}
	*token = (struct idl_token){ .kind = IDL_TOKEN_STRING, .place = here(lexer) };
	token->doc_first = token->doc_end = lexer->doc_first;
	advance(lexer, 1);
	take(lexer, token, length - 1);
	advance(lexer, 1);
	return true;
}

void
idl_tokens_init(struct idl_tokens *tokens)
{
	tokens->tokens = g_array_new(FALSE, FALSE, sizeof(struct idl_token));
	tokens->comments = g_array_new(FALSE, FALSE, sizeof(struct idl_comment));
}

void
idl_tokens_done(struct idl_tokens *tokens)
{
	for (guint i = 0; i < tokens->comments->len; i++)
		g_free(g_array_index(tokens->comments, struct idl_comment, i).text);
	g_array_unref(tokens->comments);
	g_array_unref(tokens->tokens);
}
