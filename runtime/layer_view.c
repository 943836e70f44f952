/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/layer_view.h"

#include <string.h>
#include <sys/stat.h>

#include "runtime/layer_view_inside.h"

void
view_file_clear(struct view_file *file)
{
	g_free(file->name);
	g_free(file->reason);
	g_free(file->module);
}

static void
file_free(void *file)
{
	view_file_clear(file);
	g_free(file);
}

void
layer_view_class_free(struct view_class *class)
{
	if (class == NULL)
		return;
	g_free(class->name);
	g_free(class->threading_model);
	g_free(class->progid);
	view_file_clear(&class->file);
	g_free(class);
}

void
view_file_copy(const struct view_file *from, struct view_file *to)
{
	*to = *from;
	to->name = g_strdup(from->name);
	to->reason = g_strdup(from->reason);
	to->module = g_strdup(from->module);
}

/* Takes over the record's texts. */
static void
file_from_record(struct cache_file_record *record, struct view_file *ret_file)
{
	*ret_file = (struct view_file){
		.name = g_steal_pointer(&record->name),
		.state = record->state,
		.reason = g_steal_pointer(&record->reason),
		.module = g_steal_pointer(&record->module),
		.resident = record->resident,
		.priority = record->priority,
	};
	cache_file_record_clear(record);
}

static void
forget_files(struct layer_view *view)
{
	g_clear_pointer(&view->files, g_ptr_array_unref);
	g_clear_pointer(&view->by_name, g_hash_table_unref);
	g_clear_pointer(&view->of_record, g_free);
	g_clear_pointer(&view->manifests, g_free);
}

void
view_go_live(struct layer_view *view)
{
	forget_files(view);
	g_clear_pointer(&view->cache, cache_close);
	if (view->picture == NULL)
		view->picture = folder_picture_get(view->folder->path);
}

static void
go_mixed(struct layer_view *view)
{
	forget_files(view);
	view->picture = folder_picture_get(view->folder->path);
}

struct layer_view *
layer_view_open(const struct layer_folder *folder)
{
	struct layer_view *view = g_new0(struct layer_view, 1);
	struct stat status;

	view->folder = folder;
	/* What the environment names is for trying things out. */
	if (folder->kind != LAYER_ENVIRONMENT)
		view->cache = cache_open(folder->path);
	if (view->cache == NULL || stat(folder->path, &status) != 0)
		view_go_live(view);
	else if (!cache_folder_is_current(view->cache, &status))
		go_mixed(view);
	return view;
}

void
layer_view_close(struct layer_view *view)
{
	forget_files(view);
	cache_close(view->cache);
	folder_picture_unref(view->picture);
	g_free(view);
}

const struct layer_folder *
layer_view_folder(const struct layer_view *view)
{
	return view->folder;
}

static bool
record_is_current(const struct layer_view *view, const struct cache_file_record *record)
{
	g_autofree char *path = g_build_filename(view->folder->path, record->name, NULL);
	struct stat status;

	if (stat(path, &status) != 0)
		memset(&status, 0, sizeof status);
	return cache_file_is_current(view->cache, record, &status);
}

/* A trusting view examines each recorded file; false: one has changed, or the cache is damaged. */
static bool
take_records(struct layer_view *view)
{
	unsigned count = cache_files(view->cache);

	view->of_record = g_new0(struct view_file *, count + 1);
	view->manifests = g_new0(const struct manifest *, count + 1);
	for (unsigned i = 0; i < count; i++) {
		struct cache_file_record record;
		struct view_file *file;

		if (!cache_file(view->cache, i, &record)) {
			view_go_live(view);
			return false;
		}
		if (!record_is_current(view, &record)) {
			cache_file_record_clear(&record);
			go_mixed(view);
			return false;
		}
		file = g_new0(struct view_file, 1);
		file_from_record(&record, file);
		g_ptr_array_add(view->files, file);
		view->of_record[i] = file;
	}
	return true;
}

static void
parse(struct layer_view *view, guint number, const char *name)
{
	const struct manifest_file *read = folder_picture_file(view->picture, number);
	struct view_file *file = g_new0(struct view_file, 1);

	file->name = g_strdup(name);
	file->state = read->state;
	file->reason = g_strdup(read->reason);
	if (read->manifest != NULL) {
		file->module = g_strdup(read->manifest->module);
		file->resident = read->manifest->resident;
		file->priority = read->manifest->priority;
	}
	view->manifests[number] = read->manifest;
	g_ptr_array_add(view->files, file);
}

/* Records and entries are both in order. False: the cache is damaged. */
static bool
skip_to(struct layer_view *view, unsigned *number, const char *name,
    struct cache_file_record *ret_record)
{
	memset(ret_record, 0, sizeof *ret_record);
	for (; view->cache != NULL && *number < cache_files(view->cache); (*number)++) {
		if (!cache_file(view->cache, *number, ret_record))
			return false;
		if (strcmp(ret_record->name, name) >= 0)
			break;
		cache_file_record_clear(ret_record);
	}
	return true;
}

/* A mixed view takes what is as recorded from the cache; a live one parses all. False: damaged. */
static bool
take_listed(struct layer_view *view)
{
	const GPtrArray *entries = folder_picture_listing(view->picture)->entries;
	unsigned number = 0;

	view->manifests = g_new0(const struct manifest *, entries->len + 1);
	if (view->cache != NULL)
		view->of_record = g_new0(struct view_file *, cache_files(view->cache) + 1);
	for (guint i = 0; i < entries->len; i++) {
		const struct folder_entry *entry = g_ptr_array_index(entries, i);
		struct cache_file_record record;
		struct view_file *file;

		if (!skip_to(view, &number, entry->name, &record)) {
			view_go_live(view);
			return false;
		}
		if (record.name == NULL || strcmp(record.name, entry->name) != 0 ||
		    !cache_file_is_current(view->cache, &record, &entry->status)) {
			cache_file_record_clear(&record);
			parse(view, i, entry->name);
			continue;
		}
		file = g_new0(struct view_file, 1);
		file_from_record(&record, file);
		g_ptr_array_add(view->files, file);
		view->of_record[number] = file;
	}
	return true;
}

void
view_examine(struct layer_view *view)
{
	bool done = view->files != NULL;

	/* From trusting over mixed to live: at most three rounds. */
	while (!done) {
		forget_files(view);
		view->files = g_ptr_array_new_with_free_func(file_free);
		done = view->picture == NULL ? take_records(view) : take_listed(view);
	}
	if (view->by_name != NULL)
		return;
	view->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < view->files->len; i++) {
		struct view_file *file = g_ptr_array_index(view->files, i);

		g_hash_table_insert(view->by_name, file->name, file);
	}
}

const GPtrArray *
layer_view_files(struct layer_view *view)
{
	view_examine(view);
	return view->files;
}

const struct view_file *
layer_view_file(struct layer_view *view, const char *name)
{
	view_examine(view);
	return g_hash_table_lookup(view->by_name, name);
}

char *
layer_view_problem(struct layer_view *view)
{
	return view->picture != NULL ? folder_picture_problem(view->picture) : NULL;
}

/* The file of an entry as it is now. False: not as recorded; the view knows more then. */
bool
view_file_of_entry(struct layer_view *view, unsigned number, struct view_file *ret_file)
{
	struct cache_file_record record;

	if (view->files != NULL) {
		if (view->of_record[number] != NULL)
			view_file_copy(view->of_record[number], ret_file);
		return view->of_record[number] != NULL;
	}
	if (!cache_file(view->cache, number, &record)) {
		view_go_live(view);
		return false;
	}
	if (!record_is_current(view, &record)) {
		cache_file_record_clear(&record);
		go_mixed(view);
		return false;
	}
	file_from_record(&record, ret_file);
	return true;
}
