/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/preprocess.h"

#include <string.h>

#include "idl/limits.h"
#include "idl/preprocess_state.h"

static void G_GNUC_PRINTF(3, 0) fail(struct idl_preprocessor *preprocessor,
    const struct idl_place *place, const char *format, va_list arguments)
{
	g_autofree char *message = g_strdup_vprintf(format, arguments);

	idl_error(preprocessor->unit->diagnostics, place, "%s", message);
	preprocessor->failed = true;
}

void
idl_preprocess_error(
    struct idl_preprocessor *preprocessor, const struct idl_place *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fail(preprocessor, place, format, arguments);
	va_end(arguments);
}

void
idl_preprocess_stop(
    struct idl_preprocessor *preprocessor, const struct idl_place *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fail(preprocessor, place, format, arguments);
	va_end(arguments);
	preprocessor->stopped = true;
}

struct idl_inclusion *
idl_preprocess_inclusion(const struct idl_preprocessor *preprocessor)
{
	const GPtrArray *inclusions = preprocessor->inclusions;

	return g_ptr_array_index(inclusions, inclusions->len - 1);
}

const struct idl_token *
idl_preprocess_peek(struct idl_preprocessor *preprocessor)
{
	struct idl_inclusion *inclusion = idl_preprocess_inclusion(preprocessor);

	if (!inclusion->has_ahead) {
		idl_lexer_next(&inclusion->lexer, &inclusion->ahead);
		inclusion->has_ahead = true;
		if (inclusion->lexer.failed)
			preprocessor->failed = preprocessor->stopped = true;
	}
	return &inclusion->ahead;
}

void
idl_preprocess_next(struct idl_preprocessor *preprocessor, struct idl_token *token)
{
	*token = *idl_preprocess_peek(preprocessor);
	idl_preprocess_inclusion(preprocessor)->has_ahead = false;
}

bool
idl_preprocess_in_line(struct idl_preprocessor *preprocessor, struct idl_token *token)
{
	const struct idl_token *ahead = idl_preprocess_peek(preprocessor);

	if (ahead->kind == IDL_TOKEN_END || ahead->opens_line)
		return false;
	idl_preprocess_next(preprocessor, token);
	return true;
}

void
idl_preprocess_skip_line(struct idl_preprocessor *preprocessor)
{
	struct idl_token token;

	while (idl_preprocess_in_line(preprocessor, &token))
		continue;
}

bool
idl_preprocess_reads(const struct idl_preprocessor *preprocessor)
{
	const GArray *conditions = preprocessor->conditions;

	return conditions->len == 0 ||
	    g_array_index(conditions, struct idl_condition, conditions->len - 1).reads;
}

bool
idl_token_is(const struct idl_token *token, const char *word)
{
	return token->kind == IDL_TOKEN_WORD && token->length == strlen(word) &&
	    memcmp(token->text, word, token->length) == 0;
}

bool
idl_token_is_mark(const struct idl_token *token, int punctuation)
{
	return token->kind == IDL_TOKEN_PUNCTUATION && token->code == punctuation;
}

void
idl_preprocess_emit(struct idl_preprocessor *preprocessor, const struct idl_token *token)
{
	struct idl_token out = *token;

	if (preprocessor->out->tokens->len >= IDL_TOKENS_MAX) {
		idl_preprocess_stop(preprocessor, &token->place,
		    "too many words in one file, expected at most %u", IDL_TOKENS_MAX);
		return;
	}
	out.doc_first = MIN(preprocessor->doc_first, out.doc_end);
	preprocessor->doc_first = out.doc_end;
	g_array_append_val(preprocessor->out->tokens, out);
}

static void
emit_expanded(void *context, const struct idl_token *token)
{
	struct idl_preprocessor *preprocessor = context;

	if (!preprocessor->stopped)
		idl_preprocess_emit(preprocessor, token);
}

static void
read_token(struct idl_preprocessor *preprocessor, const struct idl_token *token)
{
	if (idl_preprocess_inclusion(preprocessor)->reopened)
		idl_preprocess_circle(preprocessor);
	else if (token->kind != IDL_TOKEN_WORD || idl_preprocess_macro(preprocessor, token) == NULL)
		idl_preprocess_emit(preprocessor, token);
	else
		idl_preprocess_expand(preprocessor, token, false, emit_expanded, preprocessor);
}

static void
end_file(struct idl_preprocessor *preprocessor)
{
	idl_preprocess_close_conditions(
	    preprocessor, idl_preprocess_inclusion(preprocessor)->conditions);
	g_ptr_array_set_size(preprocessor->inclusions, (gint)preprocessor->inclusions->len - 1);
}

/* Until the one file that is open ends; *last is its end. */
static void
read_all(struct idl_preprocessor *preprocessor, struct idl_token *last)
{
	while (preprocessor->inclusions->len > 0 && !preprocessor->stopped &&
	    !idl_diagnostics_full(preprocessor->unit->diagnostics)) {
		idl_preprocess_next(preprocessor, last);
		if (preprocessor->stopped)
			return;
		if (last->kind == IDL_TOKEN_END)
			end_file(preprocessor);
		else if (last->opens_line && idl_token_is_mark(last, '#'))
			idl_preprocess_directive(preprocessor);
		else if (idl_preprocess_reads(preprocessor))
			read_token(preprocessor, last);
		else
			preprocessor->doc_first = last->doc_end;
	}
}

/* Names that nobody wrote in a file come from one that nobody can open. */
static void
read_text(struct idl_preprocessor *preprocessor, const char *name, const char *text)
{
	struct idl_source *source = idl_arena_new(&preprocessor->unit->arena, struct idl_source);
	struct idl_token last;

	source->path = source->name = name;
	source->text = text;
	source->length = strlen(text);
	idl_preprocess_open(preprocessor, source);
	read_all(preprocessor, &last);
}

bool
idl_is_definition(const char *text)
{
	gsize name =
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	return name > 0 && name <= IDL_NAME_MAX && !g_ascii_isdigit(*text) &&
	    (text[name] == '\0' || text[name] == '=') && strpbrk(text, "\r\n") == NULL &&
	    g_utf8_validate(text, -1, NULL);
}

/* -D NAME=VALUE is "#define NAME VALUE"; without a value it is 1. */
static void
define_names(struct idl_preprocessor *preprocessor)
{
	struct idl_unit *unit = preprocessor->unit;
	g_autoptr(GString) text = g_string_new(NULL);

	read_text(preprocessor, "<built-in>", "#define __midl 801\n#define __comidl__ 1\n");
	for (guint i = 0; i < unit->definition_count; i++) {
		const char *equals = strchr(unit->definitions[i], '=');

		if (equals == NULL)
			g_string_append_printf(text, "#define %s 1\n", unit->definitions[i]);
		else
			g_string_append_printf(text, "#define %.*s %s\n",
			    (int)(equals - unit->definitions[i]), unit->definitions[i], equals + 1);
	}
	read_text(
	    preprocessor, "<command line>", idl_arena_string(&unit->arena, text->str, text->len));
}

bool
idl_preprocess(struct idl_unit *unit, const struct idl_source *source, struct idl_tokens *tokens)
{
	struct idl_preprocessor preprocessor = {
		.unit = unit,
		.out = tokens,
		.macros = g_hash_table_new(g_str_hash, g_str_equal),
		.once = g_hash_table_new(g_str_hash, g_str_equal),
		.inclusions = g_ptr_array_new_with_free_func(g_free),
		.conditions = g_array_new(FALSE, FALSE, sizeof(struct idl_condition)),
	};
	struct idl_token last = { .kind = IDL_TOKEN_END, .place = { .source = source } };

	define_names(&preprocessor);
	if (!preprocessor.stopped) {
		idl_preprocess_open(&preprocessor, source);
		read_all(&preprocessor, &last);
	}
	last.kind = IDL_TOKEN_END;
	last.length = 0;
	last.doc_first = MIN(preprocessor.doc_first, last.doc_end);
	g_array_append_val(tokens->tokens, last);
	g_hash_table_unref(preprocessor.macros);
	g_hash_table_unref(preprocessor.once);
	g_ptr_array_unref(preprocessor.inclusions);
	g_array_unref(preprocessor.conditions);
	return !preprocessor.failed;
}
