/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Macros without arguments. One with arguments is remembered, as headers define many that no IDL
 * file uses; its use is the error.
 */
#include <string.h>

#include "idl/limits.h"
#include "idl/preprocess_state.h"

struct idl_macro *
idl_preprocess_macro(const struct idl_preprocessor *preprocessor, const struct idl_token *word)
{
	char name[IDL_NAME_MAX + 1];

	if (word->length > IDL_NAME_MAX)
		return NULL;
	memcpy(name, word->text, word->length);
	name[word->length] = '\0';
	return g_hash_table_lookup(preprocessor->macros, name);
}

/* The name behind #define and #undef. */
static bool
read_name(struct idl_preprocessor *preprocessor, struct idl_token *name)
{
	struct idl_place place = idl_preprocess_peek(preprocessor)->place;

	if (!idl_preprocess_in_line(preprocessor, name)) {
		idl_preprocess_error(
		    preprocessor, &place, "found the end of the line, expected the name of a macro");
		return false;
	}
	if (name->kind != IDL_TOKEN_WORD || idl_token_is(name, "defined")) {
		idl_preprocess_error(preprocessor, &name->place,
		    "found '%.*s', expected the name of a macro", (int)MIN(name->length, 40u),
		    name->text);
		return false;
	}
	if (name->length > IDL_NAME_MAX) {
		idl_preprocess_error(preprocessor, &name->place,
		    "name of %u bytes, expected at most %u", name->length, IDL_NAME_MAX);
		return false;
	}
	return true;
}

/* The rest of the line. */
static bool
read_body(struct idl_preprocessor *preprocessor, struct idl_macro *macro)
{
	g_autoptr(GArray) body = g_array_new(FALSE, FALSE, sizeof(struct idl_token));
	struct idl_token token, *kept;

	while (idl_preprocess_in_line(preprocessor, &token)) {
		bool pastes = body->len > 0 && !token.spaced && idl_token_is_mark(&token, '#') &&
		    idl_token_is_mark(
			&g_array_index(body, struct idl_token, body->len - 1), '#');

		if (pastes && !macro->has_arguments) {
			idl_preprocess_error(preprocessor, &token.place,
			    "found '##', expected a macro that joins no words");
			return false;
		}
		if (body->len >= IDL_MACRO_MAX) {
			idl_preprocess_error(preprocessor, &token.place,
			    "macro '%s' is too long, expected at most %u words", macro->name,
			    IDL_MACRO_MAX);
			return false;
		}
		g_array_append_val(body, token);
	}
	if (macro->has_arguments || body->len == 0)
		return true;
	kept = idl_arena_alloc(
	    &preprocessor->unit->arena, (gsize)body->len * sizeof(struct idl_token));
	memcpy(kept, body->data, (gsize)body->len * sizeof(struct idl_token));
	macro->body = kept;
	macro->length = body->len;
	return true;
}

static bool
same_macro(const struct idl_macro *one, const struct idl_macro *other)
{
	if (one->length != other->length || one->has_arguments != other->has_arguments)
		return false;
	for (guint i = 0; i < one->length; i++) {
		if (one->body[i].length != other->body[i].length ||
		    memcmp(one->body[i].text, other->body[i].text, one->body[i].length) != 0)
			return false;
	}
	return true;
}

void
idl_preprocess_define(struct idl_preprocessor *preprocessor)
{
	struct idl_arena *arena = &preprocessor->unit->arena;
	struct idl_macro *macro, *old;
	struct idl_token name;
	const struct idl_token *next;

	if (!read_name(preprocessor, &name))
		return;
	macro = idl_arena_new(arena, struct idl_macro);
	macro->name = idl_arena_string(arena, name.text, name.length);
	macro->place = name.place;
	next = idl_preprocess_peek(preprocessor);
	macro->has_arguments =
	    !next->opens_line && !next->spaced && idl_token_is_mark(next, '(');
	if (!read_body(preprocessor, macro))
		return;
	old = g_hash_table_lookup(preprocessor->macros, macro->name);
	if (old != NULL && !same_macro(old, macro)) {
		idl_warning(preprocessor->unit->diagnostics, &name.place,
		    "macro '%s' gets another text, expected #undef before", macro->name);
		idl_note(preprocessor->unit->diagnostics, &old->place, "defined here before");
	}
	if (old == NULL && g_hash_table_size(preprocessor->macros) >= IDL_MACROS_MAX) {
		idl_preprocess_stop(preprocessor, &name.place,
		    "too many macros, expected at most %u", IDL_MACROS_MAX);
		return;
	}
	g_hash_table_replace(preprocessor->macros, (gpointer)macro->name, macro);
}

void
idl_preprocess_undef(struct idl_preprocessor *preprocessor)
{
	const struct idl_macro *macro;
	struct idl_token name;

	if (!read_name(preprocessor, &name))
		return;
	macro = idl_preprocess_macro(preprocessor, &name);
	if (macro != NULL)
		g_hash_table_remove(preprocessor->macros, macro->name);
}

/* One macro that is being replaced; they nest, and none inside itself, so depth has an end. */
struct level {
	struct idl_macro *macro;
	guint position;
	const struct idl_expansion *expansion;
};

static bool
enter_macro(struct idl_preprocessor *preprocessor, GArray *levels, struct idl_macro *macro)
{
	struct idl_expansion *expansion =
	    idl_arena_new(&preprocessor->unit->arena, struct idl_expansion);
	struct level level = { .macro = macro, .expansion = expansion };

	expansion->name = macro->name;
	expansion->definition = macro->place;
	if (levels->len > 0)
		expansion->outer = g_array_index(levels, struct level, levels->len - 1).expansion;
	macro->active = true;
	g_array_append_val(levels, level);
	return true;
}

/* Does a parenthesis follow what was just taken from the innermost level? */
static bool
before_parenthesis(const GArray *levels, bool behind_all)
{
	for (guint i = levels->len; i > 0; i--) {
		const struct level *level = &g_array_index(levels, struct level, i - 1);

		if (level->position < level->macro->length)
			return idl_token_is_mark(&level->macro->body[level->position], '(');
	}
	return behind_all;
}

static bool
use_arguments(struct idl_preprocessor *preprocessor, const struct idl_macro *macro,
    const struct idl_place *place)
{
	idl_preprocess_error(preprocessor, place,
	    "macro '%s' takes arguments, expected one without (function-like macros are not "
	    "supported)",
	    macro->name);
	idl_note(preprocessor->unit->diagnostics, &macro->place, "'%s' is defined here",
	    macro->name);
	return false;
}

/* Count a step; a text that doubles in each of thirty macros would never end. */
static bool
may_go_on(struct idl_preprocessor *preprocessor, guint steps, const struct idl_token *use)
{
	if (steps <= IDL_EXPANSION_MAX &&
	    ++preprocessor->unit->spent.replaced <= IDL_EXPANSIONS_MAX)
		return true;
	idl_preprocess_stop(preprocessor, &use->place,
	    "macro '%.*s' becomes too long, expected at most %u words, and %u of all macros",
	    (int)use->length, use->text, IDL_EXPANSION_MAX, IDL_EXPANSIONS_MAX);
	return false;
}

/* The next token of the innermost macro, at the place of use; leave macros that are through. */
static bool
next_of_body(GArray *levels, const struct idl_token *use, struct idl_token *token)
{
	while (levels->len > 0) {
		struct level *level = &g_array_index(levels, struct level, levels->len - 1);

		if (level->position < level->macro->length) {
			*token = level->macro->body[level->position++];
			token->place = use->place;
			token->place.expansion = level->expansion;
			token->doc_first = token->doc_end = use->doc_end;
			token->opens_line = false;
			return true;
		}
		level->macro->active = false;
		g_array_set_size(levels, levels->len - 1);
	}
	return false;
}

bool
idl_preprocess_expand(struct idl_preprocessor *preprocessor, const struct idl_token *use,
    bool parenthesis, idl_preprocess_sink *sink, void *context)
{
	g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	struct idl_token token = *use;
	bool ok = true;
	guint steps = 0;

	do {
		struct idl_macro *macro = token.kind == IDL_TOKEN_WORD
		    ? idl_preprocess_macro(preprocessor, &token)
		    : NULL;

		ok = may_go_on(preprocessor, ++steps, use);
		if (!ok)
			break;
		if (macro != NULL && macro->has_arguments && before_parenthesis(levels, parenthesis))
			ok = use_arguments(preprocessor, macro, &token.place);
		else if (macro != NULL && !macro->has_arguments && !macro->active)
			enter_macro(preprocessor, levels, macro);
		else
			sink(context, &token);
	} while (ok && next_of_body(levels, use, &token));
	for (guint i = 0; i < levels->len; i++)
		g_array_index(levels, struct level, i).macro->active = false;
	return ok;
}
