/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing a layer: the writer of manifests does it, file by file. */
#include <string.h>

#include <winerror.h>

#include "rm/database/entry.h"
#include "rm/database/inside.h"
#include "runtime/layer_writer.h"

/* Beside the folder, whose own times then tell of entries only. */
#define LOCK_FILE "../database.lock"
#define STEM_MAX 120u /* bytes of a file's name before its ending; longer ones become a digest */
#define STEMS_MAX 100u

struct database_edit {
	struct database_picture *picture;
	enum database_layer layer;
	enum database_kind kind;
	struct layer_writer writer;
	const struct database *database;
};

static enum database_result
result_of(HRESULT hr)
{
	if (hr == S_FALSE)
		return DATABASE_ABSENT;
	if (SUCCEEDED(hr))
		return DATABASE_OK;
	return hr == E_ACCESSDENIED ? DATABASE_DENIED : DATABASE_FAILED;
}

static const char *
folder_path(const struct database *database, enum database_layer layer, enum database_kind kind)
{
	for (guint i = 0; i < database->folders->len; i++) {
		const struct database_folder *folder = g_ptr_array_index(database->folders, i);

		if (folder->layer == layer)
			return kind == DATABASE_CARDS ? folder->cards : folder->readers;
	}
	return NULL;
}

enum database_result
database_begin(struct database *database, enum database_layer layer, enum database_kind kind,
    struct database_edit **ret_edit, char **ret_cause)
{
	const char *path = folder_path(database, layer, kind);
	struct database_edit *edit;
	HRESULT hr;

	*ret_edit = NULL;
	if (path == NULL) {
		*ret_cause = g_strdup("this process has no folder for what a user changes: set "
				      "HOME, or XDG_DATA_HOME");
		return DATABASE_DENIED;
	}
	edit = g_new0(struct database_edit, 1);
	hr = layer_writer_open_folder(path, LOCK_FILE, &edit->writer, ret_cause);
	if (FAILED(hr)) {
		g_free(edit);
		return result_of(hr);
	}
	edit->database = database;
	edit->layer = layer;
	edit->kind = kind;
	edit->picture = database_look_thoroughly(database, true);
	*ret_edit = edit;
	return DATABASE_OK;
}

struct database_picture *
database_edit_picture(struct database_edit *edit)
{
	return edit->picture;
}

void
database_end(struct database_edit *edit)
{
	layer_writer_close(&edit->writer);
	database_picture_unref(edit->picture);
	g_free(edit);
}

/* What the file in this layer calls its entry; NULL: broken or disabled. */
static const char *
entry_name(const struct folder_item *item)
{
	if (item->card != NULL)
		return item->card->name;
	return item->reader != NULL ? item->reader->name : NULL;
}

static bool
is_same_entry(const struct database_edit *edit, const char *a, const char *b)
{
	g_autofree char *left = NULL, *right = NULL;

	if (edit->kind == DATABASE_READERS)
		return strcmp(a, b) == 0;
	left = database_fold(a);
	right = database_fold(b);
	return strcmp(left, right) == 0;
}

/* The file of the entry in the folder that is written to; NULL: none. */
static const char *
find_file(const struct database_edit *edit, const char *name)
{
	for (guint i = 0; i < edit->database->states->len; i++) {
		const struct folder_state *state = g_ptr_array_index(edit->database->states, i);

		if (state->kind != edit->kind || strcmp(state->path, edit->writer.path) != 0)
			continue;
		for (guint j = 0; j < state->items->len; j++) {
			const struct folder_item *item = g_ptr_array_index(state->items, j);
			const char *entry = entry_name(item);

			if (entry != NULL && is_same_entry(edit, entry, name))
				return item->name;
		}
	}
	return NULL;
}

/* In any layer: a new file must not mask another's. */
static bool
is_file_name_used(const struct database_edit *edit, const char *file)
{
	for (guint i = 0; i < edit->database->states->len; i++) {
		const struct folder_state *state = g_ptr_array_index(edit->database->states, i);

		for (guint j = 0; state->kind == edit->kind && j < state->items->len; j++) {
			const struct folder_item *item = g_ptr_array_index(state->items, j);

			if (strcmp(item->name, file) == 0)
				return true;
		}
	}
	return false;
}

/* (transfer full): what the file may be called; the name itself where a file can have it. */
static char *
make_stem(const struct database_edit *edit, const char *name)
{
	g_autofree char *folded =
	    edit->kind == DATABASE_CARDS ? database_fold(name) : g_strdup(name);
	char *stem = g_uri_escape_string(folded, " ()+,[]", TRUE);

	if (strlen(stem) > STEM_MAX || stem[0] == '.') {
		g_free(stem);
		stem = g_compute_checksum_for_string(G_CHECKSUM_SHA256, folded, -1);
	}
	return stem;
}

/* (transfer full): NULL: there are far too many of that name. */
static char *
choose_file(const struct database_edit *edit, const char *name)
{
	const char *ending = edit->kind == DATABASE_CARDS ? "card" : "reader";
	const char *there = find_file(edit, name);
	g_autofree char *stem = NULL;

	if (there != NULL)
		return g_strdup(there);
	stem = make_stem(edit, name);
	for (unsigned i = 1; i <= STEMS_MAX; i++) {
		char *file = i == 1 ? g_strdup_printf("%s.%s", stem, ending)
				    : g_strdup_printf("%s-%u.%s", stem, i, ending);

		if (!is_file_name_used(edit, file))
			return file;
		g_free(file);
	}
	return NULL;
}

/* @text NULL: @problem says why not; both (transfer full). */
static enum database_result
put(struct database_edit *edit, const char *name, char *text, size_t size, char *problem,
    char **ret_cause)
{
	g_autofree char *contents = text;
	g_autofree char *file = NULL;

	if (contents == NULL) {
		*ret_cause = problem;
		return DATABASE_INVALID;
	}
	if ((file = choose_file(edit, name)) == NULL) {
		*ret_cause = g_strdup_printf("%s: no free name for a file", edit->writer.path);
		return DATABASE_FAILED;
	}
	return result_of(layer_writer_put(&edit->writer, file, contents, size, ret_cause));
}

enum database_result
database_put_card(struct database_edit *edit, const struct database_card *card, char **ret_cause)
{
	char *problem = NULL;
	size_t size = 0;
	char *text = database_card_format(card, &size, &problem);

	return put(edit, card->name, text, size, problem, ret_cause);
}

enum database_result
database_put_reader(
    struct database_edit *edit, const struct database_reader *reader, char **ret_cause)
{
	char *problem = NULL;
	size_t size = 0;
	char *text = database_reader_format(reader, &size, &problem);

	return put(edit, reader->name, text, size, problem, ret_cause);
}

static enum database_result
remove_entry(struct database_edit *edit, const char *name, char **ret_cause)
{
	const char *file = find_file(edit, name);

	if (file != NULL)
		return result_of(layer_writer_remove(&edit->writer, file, ret_cause));
	*ret_cause = g_strdup_printf("%s has no file for \"%s\"", edit->writer.path, name);
	return DATABASE_ABSENT;
}

enum database_result
database_remove_card(struct database_edit *edit, const char *name, char **ret_cause)
{
	return remove_entry(edit, name, ret_cause);
}

enum database_result
database_remove_reader(struct database_edit *edit, const char *name, char **ret_cause)
{
	return remove_entry(edit, name, ret_cause);
}
