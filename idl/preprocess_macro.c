/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The macros of a file. One that takes any number of arguments is remembered, as headers define
 * them and no IDL file uses them; its use is the error.
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
read_name(
    struct idl_preprocessor *preprocessor, const struct idl_place *place, struct idl_token *name)
{
	if (!idl_preprocess_in_line(preprocessor, name)) {
		idl_preprocess_error(
		    preprocessor, place, "found the end of the line, expected the name of a macro");
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

static gint
find_parameter(const struct idl_macro *macro, const struct idl_token *word)
{
	for (guint i = 0; word->kind == IDL_TOKEN_WORD && i < macro->parameters; i++) {
		if (idl_token_is(word, macro->parameter_names[i]))
			return (gint)i;
	}
	return -1;
}

/* "(a, b)" directly behind the name. */
static bool
read_parameters(struct idl_preprocessor *preprocessor, struct idl_macro *macro)
{
	struct idl_arena *arena = &preprocessor->unit->arena;
	struct idl_token token;
	struct idl_place place = macro->place;

	macro->parameter_names =
	    idl_arena_alloc(arena, IDL_MACRO_PARAMETERS_MAX * sizeof(*macro->parameter_names));
	while (idl_preprocess_in_line(preprocessor, &token)) {
		place = token.place;
		if (idl_token_is_mark(&token, ')'))
			return true;
		if (idl_token_is_mark(&token, '.')) {
			macro->any_arguments = true;
			continue;
		}
		if (idl_token_is_mark(&token, '(') || idl_token_is_mark(&token, ','))
			continue;
		if (token.kind != IDL_TOKEN_WORD || token.length > IDL_NAME_MAX ||
		    find_parameter(macro, &token) >= 0)
			break;
		if (macro->parameters == IDL_MACRO_PARAMETERS_MAX) {
			idl_preprocess_error(preprocessor, &token.place,
			    "macro '%s' has too many parameters, expected at most %u", macro->name,
			    IDL_MACRO_PARAMETERS_MAX);
			return false;
		}
		macro->parameter_names[macro->parameters++] =
		    idl_arena_string(arena, token.text, token.length);
	}
	idl_preprocess_error(preprocessor, &place,
	    "bad parameters of the macro '%s', expected names with commas between them, and ')'",
	    macro->name);
	return false;
}

/* The rest of the line. */
static bool
read_body(struct idl_preprocessor *preprocessor, struct idl_macro *macro)
{
	g_autoptr(GArray) body = g_array_new(FALSE, FALSE, sizeof(struct idl_macro_token));
	struct idl_macro_token item = { .parameter = -1 };
	struct idl_macro_token *kept;

	while (idl_preprocess_in_line(preprocessor, &item.token)) {
		struct idl_macro_token *last = body->len > 0
		    ? &g_array_index(body, struct idl_macro_token, body->len - 1)
		    : NULL;

		if (last != NULL && !item.token.spaced && idl_token_is_mark(&item.token, '#') &&
		    idl_token_is_mark(&last->token, '#') && !last->joins) {
			last->joins = true;
			continue;
		}
		if (body->len >= IDL_MACRO_MAX) {
			idl_preprocess_error(preprocessor, &item.token.place,
			    "macro '%s' is too long, expected at most %u words", macro->name,
			    IDL_MACRO_MAX);
			return false;
		}
		item.parameter = find_parameter(macro, &item.token);
		g_array_append_val(body, item);
	}
	if (body->len == 0)
		return true;
	if (g_array_index(body, struct idl_macro_token, 0).joins ||
	    g_array_index(body, struct idl_macro_token, body->len - 1).joins) {
		idl_preprocess_error(preprocessor, &macro->place,
		    "'##' at an end of the macro '%s', expected words on both sides", macro->name);
		return false;
	}
	kept = idl_arena_alloc(&preprocessor->unit->arena, (gsize)body->len * sizeof(item));
	memcpy(kept, body->data, (gsize)body->len * sizeof(item));
	macro->body = kept;
	macro->length = body->len;
	return true;
}

static bool
same_macro(const struct idl_macro *one, const struct idl_macro *other)
{
	if (one->length != other->length || one->parameters != other->parameters ||
	    one->has_arguments != other->has_arguments)
		return false;
	for (guint i = 0; i < one->length; i++) {
		if (one->body[i].token.length != other->body[i].token.length ||
		    memcmp(one->body[i].token.text, other->body[i].token.text,
			one->body[i].token.length) != 0)
			return false;
	}
	return true;
}

void
idl_preprocess_define(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	struct idl_arena *arena = &preprocessor->unit->arena;
	struct idl_macro *macro, *old;
	struct idl_token name;
	const struct idl_token *next;

	if (!read_name(preprocessor, place, &name))
		return;
	macro = idl_arena_new(arena, struct idl_macro);
	macro->name = idl_arena_string(arena, name.text, name.length);
	macro->place = name.place;
	next = idl_preprocess_peek(preprocessor);
	macro->has_arguments = !next->opens_line && !next->spaced && idl_token_is_mark(next, '(');
	if ((macro->has_arguments && !read_parameters(preprocessor, macro)) ||
	    !read_body(preprocessor, macro))
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
idl_preprocess_undef(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	const struct idl_macro *macro;
	struct idl_token name;

	if (!read_name(preprocessor, place, &name))
		return;
	macro = idl_preprocess_macro(preprocessor, &name);
	if (macro != NULL)
		g_hash_table_remove(preprocessor->macros, macro->name);
}
