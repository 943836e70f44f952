/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of a macro with its arguments in place of its parameters; '#' and '##'. */
#include <string.h>

#include "idl/lexer_token.h"
#include "idl/limits.h"
#include "idl/preprocess_state.h"

struct substitution {
	struct idl_preprocessor *preprocessor;
	const struct idl_macro *macro;
	const struct idl_argument *arguments;
	const struct idl_token *use;
	const struct idl_expansion *expansion;
	GArray *out;
};

bool
idl_preprocess_step(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	if (++preprocessor->steps <= IDL_EXPANSION_MAX &&
	    ++preprocessor->unit->spent.replaced <= IDL_EXPANSIONS_MAX)
		return true;
	idl_preprocess_stop(preprocessor, place,
	    "macros become too long, expected at most %u words of one, and %u of all",
	    IDL_EXPANSION_MAX, IDL_EXPANSIONS_MAX);
	return false;
}

static bool
append(struct substitution *substitution, const struct idl_token *token)
{
	if (!idl_preprocess_step(substitution->preprocessor, &substitution->use->place))
		return false;
	g_array_append_vals(substitution->out, token, 1);
	return true;
}

/* A word of the macro stands where the macro is used; one of an argument where it was written. */
static struct idl_token
at_use(const struct substitution *substitution, const struct idl_token *token)
{
	struct idl_token placed = *token;

	placed.place = substitution->use->place;
	placed.place.expansion = substitution->expansion;
	placed.doc_first = placed.doc_end = substitution->use->doc_end;
	placed.opens_line = false;
	return placed;
}

static bool
fail(struct substitution *substitution, const struct idl_token *token, const char *text)
{
	struct idl_token placed = at_use(substitution, token);

	idl_preprocess_error(substitution->preprocessor, &placed.place, "%s", text);
	return false;
}

/* #parameter: what was written for it, in quotes. */
static bool
append_quoted(struct substitution *substitution, const struct idl_macro_token *item)
{
	const GArray *written = substitution->arguments[item->parameter].written;
	struct idl_token token = at_use(substitution, &item->token);
	g_autoptr(GString) text = g_string_new("\"");

	for (guint i = 0; i < written->len; i++) {
		const struct idl_token *word = &g_array_index(written, struct idl_token, i);

		if (i > 0 && word->spaced)
			g_string_append_c(text, ' ');
		for (guint j = 0; j < word->length; j++) {
			if (strchr("\"'", word->text[0]) != NULL &&
			    strchr("\"\\", word->text[j]) != NULL)
				g_string_append_c(text, '\\');
			g_string_append_c(text, word->text[j]);
		}
		if (text->len > IDL_STRING_MAX)
			return fail(substitution, &item->token,
			    "string is too long, expected at most 4096 bytes");
	}
	g_string_append_c(text, '"');
	token.kind = IDL_TOKEN_STRING;
	token.length = (guint)text->len;
	token.text =
	    idl_arena_string(&substitution->preprocessor->unit->arena, text->str, text->len);
	return append(substitution, &token);
}

/* Put a word directly behind the last one of out, which must make one word of both. */
static bool
join(struct substitution *substitution, const struct idl_token *right)
{
	struct idl_token *left =
	    &g_array_index(substitution->out, struct idl_token, substitution->out->len - 1);
	g_autofree char *text = NULL;
	gsize length = (gsize)left->length + right->length;

	if (length > IDL_STRING_MAX)
		return fail(substitution, right,
		    "'##' makes a word that is too long, expected at most 4096 bytes");
	text = g_strdup_printf(
	    "%.*s%.*s", (int)left->length, left->text, (int)right->length, right->text);
	left->text = idl_arena_string(&substitution->preprocessor->unit->arena, text, length);
	left->length = (guint)length;
	left->is_final = false;
	if (idl_token_measure(left->text, left->length, &left->kind, &left->code) != length ||
	    left->kind == IDL_TOKEN_BAD)
		return fail(
		    substitution, right, "'##' makes no word, expected words that go together");
	return true;
}

/* One item of the text, as a list of tokens. */
static const struct idl_token *
item_tokens(const struct substitution *substitution, const struct idl_macro_token *item,
    bool as_written, struct idl_token *single, guint *ret_count)
{
	const GArray *tokens;

	if (item->parameter < 0) {
		*single = at_use(substitution, &item->token);
		*ret_count = 1;
		return single;
	}
	tokens = as_written ? substitution->arguments[item->parameter].written
			    : substitution->arguments[item->parameter].replaced;
	*ret_count = tokens->len;
	return (const struct idl_token *)(const void *)tokens->data;
}

bool
idl_preprocess_substitute(struct idl_preprocessor *preprocessor, const struct idl_macro *macro,
    const struct idl_argument *arguments, const struct idl_token *use,
    const struct idl_expansion *expansion, GArray *out)
{
	struct substitution substitution = { preprocessor, macro, arguments, use, expansion, out };
	guint before = 0; /* length of out in front of the item that '##' stands behind */
	bool joining = false;

	for (guint i = 0; i < macro->length; i++) {
		const struct idl_macro_token *item = &macro->body[i];
		bool joined = i + 1 < macro->length && macro->body[i + 1].joins;
		const struct idl_token *tokens;
		struct idl_token single;
		guint count;

		if (item->joins) {
			joining = out->len > before;
			continue;
		}
		before = joining ? before : out->len;
		if (macro->has_arguments && idl_token_is_mark(&item->token, '#') &&
		    i + 1 < macro->length && macro->body[i + 1].parameter >= 0) {
			if (!append_quoted(&substitution, &macro->body[++i]))
				return false;
			continue;
		}
		tokens = item_tokens(&substitution, item,
		    joined || (i > 0 && macro->body[i - 1].joins), &single, &count);
		for (guint j = 0; j < count; j++) {
			if (!(joining ? join(&substitution, &tokens[j])
				      : append(&substitution, &tokens[j])))
				return false;
			joining = false;
		}
		joining = false;
	}
	return true;
}
