/* SPDX-License-Identifier: BSD-2-Clause */
/* Macros replaced by their text, as C has it. */
#include <string.h>

#include "idl/limits.h"
#include "idl/preprocess_state.h"

/* A text being read, innermost last. A macro does not nest inside itself, so levels have an end. */
struct level {
	struct idl_macro *macro; /* NULL: an argument */
	GArray *tokens;
	guint position;
	const struct idl_expansion *expansion;
};

/* What is behind all levels. */
enum behind {
	BEHIND_NOTHING,
	BEHIND_LINE,
	BEHIND_FILE,
};

struct reader {
	struct idl_preprocessor *preprocessor;
	GArray *levels; /* struct level */
	enum behind behind;
	guint nesting; /* of arguments */
};

static bool expand(
    struct reader *reader, const struct idl_token *first, idl_preprocess_sink *sink, void *context);

static void
push_level(struct reader *reader, struct idl_macro *macro, GArray *tokens,
    const struct idl_expansion *expansion)
{
	struct level level = { .macro = macro, .tokens = tokens, .expansion = expansion };

	if (macro != NULL)
		macro->active = true;
	g_array_append_val(reader->levels, level);
}

static void
pop_level(struct reader *reader)
{
	struct level *level = &g_array_index(reader->levels, struct level, reader->levels->len - 1);

	if (level->macro != NULL)
		level->macro->active = false;
	g_array_unref(level->tokens);
	g_array_set_size(reader->levels, reader->levels->len - 1);
}

static bool
next_of_levels(struct reader *reader, struct idl_token *token)
{
	while (reader->levels->len > 0) {
		struct level *level =
		    &g_array_index(reader->levels, struct level, reader->levels->len - 1);

		if (level->position < level->tokens->len) {
			*token = g_array_index(level->tokens, struct idl_token, level->position++);
			return true;
		}
		pop_level(reader);
	}
	return false;
}

static bool
next_token(struct reader *reader, struct idl_token *token)
{
	const struct idl_token *ahead;

	if (next_of_levels(reader, token))
		return true;
	if (reader->behind == BEHIND_NOTHING)
		return false;
	if (reader->behind == BEHIND_LINE)
		return idl_preprocess_in_line(reader->preprocessor, token);
	ahead = idl_preprocess_peek(reader->preprocessor);
	if (ahead->kind == IDL_TOKEN_END || (ahead->opens_line && idl_token_is_mark(ahead, '#')))
		return false;
	idl_preprocess_next(reader->preprocessor, token);
	return true;
}

static bool
before_parenthesis(const struct reader *reader)
{
	const struct idl_token *ahead;

	for (guint i = reader->levels->len; i > 0; i--) {
		const struct level *level = &g_array_index(reader->levels, struct level, i - 1);

		if (level->position < level->tokens->len)
			return idl_token_is_mark(
			    &g_array_index(level->tokens, struct idl_token, level->position), '(');
	}
	if (reader->behind == BEHIND_NOTHING)
		return false;
	ahead = idl_preprocess_peek(reader->preprocessor);
	return idl_token_is_mark(ahead, '(') &&
	    (reader->behind == BEHIND_FILE || !ahead->opens_line);
}

static bool fail_use(struct reader *reader, const struct idl_macro *macro,
    const struct idl_place *place, const char *format, ...) G_GNUC_PRINTF(4, 5);

static bool
fail_use(struct reader *reader, const struct idl_macro *macro, const struct idl_place *place,
    const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	idl_preprocess_error(reader->preprocessor, place, "%s", text);
	idl_note(reader->preprocessor->unit->diagnostics, &macro->place, "'%s' is defined here",
	    macro->name);
	return false;
}

static void
append_token(void *context, const struct idl_token *token)
{
	g_array_append_vals(context, token, 1);
}

/* From the opening parenthesis to the closing one. */
static bool
read_arguments(struct reader *reader, const struct idl_macro *macro, const struct idl_token *use,
    struct idl_argument *arguments)
{
	guint open = 0, count = 0, most = MAX(macro->parameters, 1);
	struct idl_token token;

	while (next_token(reader, &token)) {
		if (!idl_preprocess_step(reader->preprocessor, &use->place))
			return false;
		if (idl_token_is_mark(&token, ')') && --open == 0)
			break;
		if (idl_token_is_mark(&token, ',') && open == 1) {
			if (++count == most)
				break;
			continue;
		}
		if (!idl_token_is_mark(&token, '(') || open++ > 0)
			g_array_append_val(arguments[count].written, token);
	}
	if (open > 0 && count < most)
		return fail_use(reader, macro, &use->place,
		    "arguments of the macro '%s' do not end, expected ')'", macro->name);
	if (count + 1 == macro->parameters ||
	    (macro->parameters == 0 && count == 0 && arguments[0].written->len == 0))
		return true;
	return fail_use(reader, macro, &use->place,
	    "macro '%s' with another number of arguments, expected %u", macro->name,
	    macro->parameters);
}

static bool
replace_in_argument(struct reader *outer, struct idl_argument *argument)
{
	struct reader reader = {
		.preprocessor = outer->preprocessor,
		.levels = g_array_new(FALSE, FALSE, sizeof(struct level)),
		.behind = BEHIND_NOTHING,
		.nesting = outer->nesting + 1,
	};
	struct idl_token first;
	bool ok = true;

	push_level(&reader, NULL, g_array_ref(argument->written), NULL);
	while (ok && next_token(&reader, &first))
		ok = expand(&reader, &first, append_token, argument->replaced);
	while (reader.levels->len > 0)
		pop_level(&reader);
	g_array_unref(reader.levels);
	return ok;
}

/* What the macro becomes, as a new level. */
static bool
enter_macro(struct reader *reader, struct idl_macro *macro, const struct idl_token *use)
{
	guint count = MAX(macro->parameters, 1);
	struct idl_argument *arguments = g_new0(struct idl_argument, count);
	GArray *tokens = g_array_new(FALSE, FALSE, sizeof(struct idl_token));
	struct idl_expansion *expansion =
	    idl_arena_new(&reader->preprocessor->unit->arena, struct idl_expansion);
	bool ok = true;

	expansion->name = macro->name;
	expansion->definition = macro->place;
	expansion->outer = use->place.expansion;
	for (guint i = 0; i < count; i++) {
		arguments[i].written = g_array_new(FALSE, FALSE, sizeof(struct idl_token));
		arguments[i].replaced = g_array_new(FALSE, FALSE, sizeof(struct idl_token));
	}
	if (macro->has_arguments)
		ok = read_arguments(reader, macro, use, arguments);
	for (guint i = 0; ok && i < macro->parameters; i++)
		ok = replace_in_argument(reader, &arguments[i]);
	ok = ok &&
	    idl_preprocess_substitute(
		reader->preprocessor, macro, arguments, use, expansion, tokens);
	for (guint i = 0; i < count; i++) {
		g_array_unref(arguments[i].written);
		g_array_unref(arguments[i].replaced);
	}
	g_free(arguments);
	push_level(reader, macro, tokens, expansion);
	return ok;
}

/* Is it the name of a macro that is to be replaced here? */
static bool
is_use(struct reader *reader, struct idl_token *token, struct idl_macro **ret)
{
	struct idl_macro *macro = NULL;

	if (token->kind == IDL_TOKEN_WORD && !token->is_final)
		macro = idl_preprocess_macro(reader->preprocessor, token);
	if (macro != NULL && macro->active)
		token->is_final = true;
	*ret = macro;
	return macro != NULL && !macro->active &&
	    (!macro->has_arguments || before_parenthesis(reader));
}

static bool
expand(
    struct reader *reader, const struct idl_token *first, idl_preprocess_sink *sink, void *context)
{
	guint levels = reader->levels->len;
	struct idl_token token = *first;

	do {
		struct idl_macro *macro;

		if (!is_use(reader, &token, &macro)) {
			sink(context, &token);
			continue;
		}
		if (!idl_preprocess_step(reader->preprocessor, &first->place))
			return false;
		if (macro->any_arguments)
			return fail_use(reader, macro, &token.place,
			    "macro '%s' takes any number of arguments, expected one without '...' "
			    "(such function-like macros are not supported)",
			    macro->name);
		if (reader->nesting >= IDL_MACRO_NESTING_MAX) {
			idl_preprocess_stop(reader->preprocessor, &token.place,
			    "macros in arguments are nested too deeply, expected at most %u levels",
			    IDL_MACRO_NESTING_MAX);
			return false;
		}
		if (!enter_macro(reader, macro, &token))
			return false;
	} while (reader->levels->len > levels && next_of_levels(reader, &token));
	return true;
}

bool
idl_preprocess_expand(struct idl_preprocessor *preprocessor, const struct idl_token *token,
    bool in_directive, idl_preprocess_sink *sink, void *context)
{
	struct reader reader = {
		.preprocessor = preprocessor,
		.levels = g_array_new(FALSE, FALSE, sizeof(struct level)),
		.behind = in_directive ? BEHIND_LINE : BEHIND_FILE,
	};
	bool ok;

	preprocessor->steps = 0;
	ok = expand(&reader, token, sink, context);
	while (reader.levels->len > 0)
		pop_level(&reader);
	g_array_unref(reader.levels);
	return ok;
}
