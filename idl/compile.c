/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/compile.h"

#include <string.h>

#include "idl/check.h"
#include "idl/parser.h"
#include "idl/preprocess.h"
#include "idl/scope.h"

/* A file being read is on the way; meeting it again then is a circle. */
struct import_state {
	bool reading;
	const char *importer; /* path of the file that asked for it first; NULL for the main one */
};

static bool read_file(struct idl_unit *unit, struct idl_source *source, const char *importer,
    guint depth, struct idl_file **ret);

void
idl_unit_init(struct idl_unit *unit, struct idl_diagnostics *diagnostics,
    idl_find_import *find_import, void *find_context)
{
	*unit = (struct idl_unit){ .diagnostics = diagnostics };
	idl_arena_init(&unit->arena);
	idl_scope_init(&unit->scope);
	unit->files = g_ptr_array_new();
	unit->by_path = g_hash_table_new(g_str_hash, g_str_equal);
	unit->paths = g_ptr_array_new();
	unit->late = g_ptr_array_new();
	unit->known = g_hash_table_new(g_str_hash, g_str_equal);
	unit->find_import = find_import;
	unit->find_context = find_context;
}

void
idl_unit_done(struct idl_unit *unit)
{
	g_hash_table_unref(unit->by_path);
	g_ptr_array_unref(unit->paths);
	g_ptr_array_unref(unit->late);
	g_hash_table_unref(unit->known);
	g_ptr_array_unref(unit->files);
	idl_scope_done(&unit->scope);
	idl_arena_done(&unit->arena);
}

/* "a.idl -> b.idl -> a.idl", from where the circle closes. */
static char *
describe_circle(const struct idl_unit *unit, const char *path, const char *importing)
{
	GString *out = g_string_new(path);

	for (const char *at = importing; at != NULL;) {
		const struct import_state *state = g_hash_table_lookup(unit->by_path, at);

		g_string_prepend(out, " -> ");
		g_string_prepend(out, at);
		if (state == NULL || strcmp(at, path) == 0)
			break;
		at = state->importer;
	}
	return g_string_free(out, FALSE);
}

/* The name goes into an #include line, so it must be one. */
static bool
is_import_name(const char *name)
{
	gsize length = strlen(name);

	return length > 2 && length <= IDL_NAME_MAX && name[0] != '/' &&
	    (g_str_has_suffix(name, ".idl") || g_str_has_suffix(name, ".h")) &&
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+./") ==
	    length;
}

static struct idl_source *
new_source(struct idl_unit *unit, const char *path, const char *text, gsize length)
{
	struct idl_source *source = idl_arena_new(&unit->arena, struct idl_source);
	const char *slash;

	source->path = idl_arena_string(&unit->arena, path, strlen(path));
	slash = strrchr(source->path, '/');
	source->name = slash != NULL ? slash + 1 : source->path;
	source->text = text;
	source->length = length;
	return source;
}

struct idl_source *
idl_unit_find(struct idl_unit *unit, const char *importing_path, const char *name,
    const struct idl_place *place, char **ret_reason)
{
	g_autofree char *path = NULL, *text = NULL;
	struct idl_source *source;
	gsize length = 0;

	*ret_reason = NULL;
	if (!unit->find_import(unit->find_context, importing_path, name, &path, &text, &length)) {
		*ret_reason = g_steal_pointer(&path);
		return NULL;
	}
	/* One byte more than allowed, for the lexer to see that there is more. */
	length = MIN(length, (gsize)IDL_SOURCE_MAX + 1);
	unit->spent.bytes += length;
	if (unit->spent.bytes > IDL_BYTES_MAX) {
		*ret_reason = g_strdup("makes too much text");
		return NULL;
	}
	source = new_source(unit, path, idl_arena_string(&unit->arena, text, length), length);
	source->included_at = place;
	return source;
}

void
idl_unit_add_path(struct idl_unit *unit, const char *path)
{
	if (g_hash_table_add(unit->known, (gpointer)path))
		g_ptr_array_add(unit->paths, (gpointer)path);
}

static bool
read_import(
    struct idl_unit *unit, const struct idl_declaration *import, const char *importing, guint depth)
{
	g_autofree char *reason = NULL, *circle = NULL;
	const struct import_state *state;
	struct idl_source *source;

	if (!is_import_name(import->text)) {
		idl_error(unit->diagnostics, &import->place,
		    "bad import name, expected a relative file name that ends in .idl or .h");
		return false;
	}
	source = idl_unit_find(unit, import->place.source->path, import->text, NULL, &reason);
	if (source == NULL) {
		idl_error(unit->diagnostics, &import->place,
		    "import '%s' %s, expected it beside the importing file or in a folder given "
		    "with -I",
		    import->text, reason != NULL ? reason : "not found");
		return false;
	}
	state = g_hash_table_lookup(unit->by_path, source->path);
	if (state != NULL && state->reading) {
		circle = describe_circle(unit, source->path, importing);
		idl_error(unit->diagnostics, &import->place,
		    "circular import (%s), expected imports without a circle", circle);
		return false;
	}
	if (state != NULL)
		return true;
	if (depth >= IDL_IMPORT_DEPTH_MAX || unit->files->len >= IDL_FILES_MAX) {
		idl_error(unit->diagnostics, &import->place,
		    "too many imports, expected at most %u levels and %u files",
		    IDL_IMPORT_DEPTH_MAX, IDL_FILES_MAX);
		return false;
	}
	return read_file(unit, source, importing, depth, NULL);
}

static struct idl_file *
parse_file(struct idl_unit *unit, const struct idl_source *source)
{
	struct idl_tokens tokens;
	struct idl_file *file = NULL;

	idl_tokens_init(&tokens);
	if (idl_preprocess(unit, source, &tokens))
		file = idl_parse(&unit->arena, unit->diagnostics, source, &tokens);
	idl_tokens_done(&tokens);
	return file;
}

static bool
read_file(struct idl_unit *unit, struct idl_source *source, const char *importer, guint depth,
    struct idl_file **ret)
{
	struct import_state *state = idl_arena_new(&unit->arena, struct import_state);
	struct idl_file *file;
	bool ok = true;

	state->reading = true;
	state->importer = importer;
	g_hash_table_insert(unit->by_path, (gpointer)source->path, state);

	file = parse_file(unit, source);
	for (guint i = 0; file != NULL && i < file->declarations->len; i++) {
		const struct idl_declaration *declaration =
		    g_ptr_array_index(file->declarations, i);

		if (declaration->kind == IDL_IMPORT)
			ok &= read_import(unit, declaration, source->path, depth + 1);
	}
	state->reading = false;
	idl_unit_add_path(unit, source->path);
	if (file == NULL)
		return false;
	g_ptr_array_add(unit->files, file);
	if (ret != NULL)
		*ret = file;
	return ok;
}

bool
idl_compile(struct idl_unit *unit, const char *path, const char *text, gsize length)
{
	read_file(unit, new_source(unit, path, text, length), NULL, 0, &unit->main);
	for (guint i = 0; i < unit->files->len && unit->diagnostics->errors == 0; i++)
		idl_check_file(unit, g_ptr_array_index(unit->files, i));
	return unit->diagnostics->errors == 0;
}
