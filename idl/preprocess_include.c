/* SPDX-License-Identifier: BSD-2-Clause */
/* Files in files. */
#include <string.h>

#include "idl/limits.h"
#include "idl/preprocess_state.h"

/* "a.h -> b.h -> a.h", from where the file was open already. */
static char *
describe_chain(const struct idl_preprocessor *preprocessor, const char *path)
{
	GString *out = g_string_new(path);

	for (guint i = preprocessor->inclusions->len; i > 0; i--) {
		const struct idl_inclusion *inclusion =
		    g_ptr_array_index(preprocessor->inclusions, i - 1);

		g_string_prepend(out, " -> ");
		g_string_prepend(out, inclusion->source->path);
		if (strcmp(inclusion->source->path, path) == 0)
			break;
	}
	return g_string_free(out, FALSE);
}

void
idl_preprocess_circle(struct idl_preprocessor *preprocessor)
{
	const struct idl_source *source = idl_preprocess_inclusion(preprocessor)->source;
	g_autofree char *chain = NULL;

	g_ptr_array_set_size(preprocessor->inclusions, (gint)preprocessor->inclusions->len - 1);
	chain = describe_chain(preprocessor, source->path);
	idl_preprocess_stop(preprocessor, source->included_at,
	    "circular include (%s), expected a guard (#ifndef or #pragma once) in the file", chain);
}

static bool
is_open(const struct idl_preprocessor *preprocessor, const char *path)
{
	for (guint i = 0; i < preprocessor->inclusions->len; i++) {
		const struct idl_inclusion *inclusion =
		    g_ptr_array_index(preprocessor->inclusions, i);

		if (strcmp(inclusion->source->path, path) == 0)
			return true;
	}
	return false;
}

void
idl_preprocess_open(struct idl_preprocessor *preprocessor, const struct idl_source *source)
{
	struct idl_inclusion *inclusion = g_new0(struct idl_inclusion, 1);

	inclusion->source = source;
	inclusion->conditions = preprocessor->conditions->len;
	inclusion->reopened = is_open(preprocessor, source->path);
	idl_lexer_init(&inclusion->lexer, &preprocessor->unit->arena, source,
	    preprocessor->out->comments, preprocessor->unit->diagnostics);
	g_ptr_array_add(preprocessor->inclusions, inclusion);
	if (inclusion->lexer.failed)
		preprocessor->failed = preprocessor->stopped = true;
}

struct joined {
	struct idl_token token;
	guint count;
};

static void
keep_one(void *context, const struct idl_token *token)
{
	struct joined *joined = context;

	joined->token = *token;
	joined->count++;
}

/* "name", <name>, or a macro that becomes "name". */
static bool
read_name(struct idl_preprocessor *preprocessor, struct idl_token *name, bool *ret_bracketed)
{
	struct idl_inclusion *inclusion = idl_preprocess_inclusion(preprocessor);
	struct joined joined = { .count = 0 };

	*ret_bracketed = idl_lexer_bracketed(&inclusion->lexer, name);
	if (*ret_bracketed)
		return true;
	if (!idl_preprocess_in_line(preprocessor, name))
		return false;
	if (name->kind == IDL_TOKEN_WORD) {
		if (!idl_preprocess_expand(preprocessor, name, true, keep_one, &joined) ||
		    joined.count != 1)
			return false;
		*name = joined.token;
	}
	if (name->kind != IDL_TOKEN_STRING || name->text[0] != '"')
		return false;
	name->text++;
	name->length -= 2;
	return true;
}

static bool
check_limits(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	if (preprocessor->inclusions->len <= IDL_INCLUDE_DEPTH_MAX &&
	    ++preprocessor->unit->spent.includes <= IDL_INCLUDES_MAX)
		return true;
	idl_preprocess_stop(preprocessor, place,
	    "too many includes, expected at most %u levels, and %u in all", IDL_INCLUDE_DEPTH_MAX,
	    IDL_INCLUDES_MAX);
	return false;
}

void
idl_preprocess_include(struct idl_preprocessor *preprocessor, const struct idl_place *place)
{
	struct idl_unit *unit = preprocessor->unit;
	struct idl_place *from = idl_arena_new(&unit->arena, struct idl_place);
	const struct idl_source *source = NULL;
	struct idl_token name = { .place = *place };
	g_autofree char *text = NULL, *reason = NULL;
	bool bracketed;

	if (!read_name(preprocessor, &name, &bracketed) || name.length == 0 ||
	    name.length > IDL_NAME_MAX) {
		if (!preprocessor->stopped)
			idl_preprocess_error(preprocessor, &name.place,
			    "bad file name behind #include, expected \"name\" or <name> of at most "
			    "%u bytes",
			    IDL_NAME_MAX);
		return;
	}
	idl_preprocess_skip_line(preprocessor);
	if (!check_limits(preprocessor, &name.place))
		return;
	text = g_strndup(name.text, name.length);
	*from = name.place;
	source =
	    idl_unit_find(unit, bracketed ? NULL : name.place.source->path, text, from, &reason);
	if (source == NULL) {
		idl_preprocess_stop(preprocessor, from,
		    "include '%s' %s, expected it %sin a folder given with -I", text,
		    reason != NULL ? reason : "not found",
		    bracketed ? "" : "beside the including file or ");
		return;
	}
	idl_unit_add_path(unit, source->path);
	if (!g_hash_table_contains(preprocessor->once, source->path))
		idl_preprocess_open(preprocessor, source);
}
