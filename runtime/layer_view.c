/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/layer_view.h"

#include <string.h>
#include <sys/stat.h>

#include "runtime/cache.h"
#include "runtime/folder_picture.h"

struct layer_view {
	const struct layer_folder *folder;
	struct cache *cache;            /* NULL: live */
	struct folder_picture *picture; /* NULL: trusting */
	/* When all files have been examined: */
	GPtrArray *files; /* of struct view_file */
	GHashTable *by_name;
	struct view_file **of_record;      /* by number in the cache; NULL: it has changed */
	const struct manifest **manifests; /* by number in `files`; NULL: see the cache */
};

static void
file_clear(struct view_file *file)
{
	g_free(file->name);
	g_free(file->reason);
	g_free(file->module);
}

static void
file_free(void *file)
{
	file_clear(file);
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
	file_clear(&class->file);
	g_free(class);
}

static void
class_free(void *class)
{
	layer_view_class_free(class);
}

static void
file_copy(const struct view_file *from, struct view_file *to)
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

static void
go_live(struct layer_view *view)
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
		go_live(view);
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
			go_live(view);
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
			go_live(view);
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

static void
examine(struct layer_view *view)
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
	examine(view);
	return view->files;
}

const struct view_file *
layer_view_file(struct layer_view *view, const char *name)
{
	examine(view);
	return g_hash_table_lookup(view->by_name, name);
}

char *
layer_view_problem(struct layer_view *view)
{
	return view->picture != NULL ? folder_picture_problem(view->picture) : NULL;
}

/* The file of an entry as it is now. False: not as recorded; the view knows more then. */
static bool
file_of_entry(struct layer_view *view, unsigned number, struct view_file *ret_file)
{
	struct cache_file_record record;

	if (view->files != NULL) {
		if (view->of_record[number] != NULL)
			file_copy(view->of_record[number], ret_file);
		return view->of_record[number] != NULL;
	}
	if (!cache_file(view->cache, number, &record)) {
		go_live(view);
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

/* What is looked for: a class, or with a ProgID all that have it. */
struct wanted {
	GUID key;
	const char *progid; /* NULL: a class */
};

static bool
is_wanted(const struct wanted *wanted, const struct cache_entry_record *entry)
{
	if (wanted->progid == NULL)
		return entry->kind == CACHE_CLASS;
	return (entry->kind == CACHE_PROGID || entry->kind == CACHE_VERSION_INDEPENDENT) &&
	    entry->name != NULL && g_ascii_strcasecmp(entry->name, wanted->progid) == 0;
}

/* Takes over the entry's texts. */
static struct view_class *
class_from_entry(const struct wanted *wanted, struct cache_entry_record *entry)
{
	struct view_class *class = g_new0(struct view_class, 1);

	class->progid = g_steal_pointer(&entry->progid);
	class->exact = entry->kind == CACHE_PROGID;
	if (wanted->progid != NULL) {
		class->clsid = entry->target;
		return class;
	}
	class->clsid = wanted->key;
	class->name = g_steal_pointer(&entry->name);
	class->threading_model = g_steal_pointer(&entry->threading_model);
	class->treat_as = entry->target;
	return class;
}

/* False: the view has changed its way, ask again. */
static bool
find_recorded(struct layer_view *view, const struct wanted *wanted, GPtrArray *classes)
{
	g_autoptr(GPtrArray) entries = NULL;
	bool examined = view->files != NULL;

	if (!cache_find(view->cache, &wanted->key, &entries)) {
		go_live(view);
		return false;
	}
	for (guint i = 0; i < entries->len; i++) {
		struct cache_entry_record *entry = g_ptr_array_index(entries, i);
		struct view_class *class;
		struct view_file file;

		if (!is_wanted(wanted, entry))
			continue;
		if (!file_of_entry(view, entry->file, &file)) {
			if (!examined)
				return false;
			continue;
		}
		class = class_from_entry(wanted, entry);
		class->file = file;
		g_ptr_array_add(classes, class);
	}
	return true;
}

static bool
has_text(const char *text, const char *wanted)
{
	return text != NULL && g_ascii_strcasecmp(text, wanted) == 0;
}

static void
add_parsed(const struct layer_view *view, guint number, const struct wanted *wanted,
    const struct manifest_class *info, GPtrArray *classes)
{
	bool exact = wanted->progid != NULL && has_text(info->progid, wanted->progid);
	struct view_class *class;

	if (wanted->progid == NULL ? !IsEqualGUID(&info->clsid, &wanted->key)
				   : !exact && !has_text(info->vi_progid, wanted->progid))
		return;
	class = g_new0(struct view_class, 1);
	class->clsid = info->clsid;
	class->name = g_strdup(info->name);
	class->threading_model = g_strdup(info->threading_model);
	class->progid = g_strdup(info->progid);
	class->exact = exact;
	class->treat_as = info->treat_as;
	file_copy(g_ptr_array_index(view->files, number), &class->file);
	g_ptr_array_add(classes, class);
}

static void
find_parsed(const struct layer_view *view, const struct wanted *wanted, GPtrArray *classes)
{
	for (guint i = 0; i < view->files->len; i++) {
		const struct manifest *manifest = view->manifests[i];

		for (guint j = 0; manifest != NULL && j < manifest->classes->len; j++)
			add_parsed(
			    view, i, wanted, g_ptr_array_index(manifest->classes, j), classes);
	}
}

static GPtrArray *
find(struct layer_view *view, const struct wanted *wanted)
{
	GPtrArray *classes = g_ptr_array_new_with_free_func(class_free);

	do {
		g_ptr_array_set_size(classes, 0);
		if (view->picture != NULL)
			examine(view);
	} while (view->cache != NULL && !find_recorded(view, wanted, classes));
	if (view->picture != NULL) {
		examine(view);
		find_parsed(view, wanted, classes);
	}
	return classes;
}

GPtrArray *
layer_view_find(struct layer_view *view, const CLSID *clsid)
{
	struct wanted wanted = { .key = *clsid };

	return find(view, &wanted);
}

GPtrArray *
layer_view_find_progid(struct layer_view *view, const char *progid)
{
	struct wanted wanted = { .key = cache_progid_key(progid), .progid = progid };

	return find(view, &wanted);
}

/* A trusting view whose overlay is as recorded, or that has none, need not look further. */
static bool
overlay_is_current(struct layer_view *view)
{
	struct view_file file = { 0 };
	bool current;

	if (view->files != NULL || cache_overlay(view->cache) == cache_files(view->cache))
		return true;
	current = file_of_entry(view, cache_overlay(view->cache), &file);
	file_clear(&file);
	return current;
}

static bool
recorded_treat_as(struct layer_view *view, const CLSID *clsid, CLSID *ret_treat_as, bool *ret_found)
{
	g_autoptr(GPtrArray) entries = NULL;

	if (!overlay_is_current(view))
		return false;
	if (!cache_find(view->cache, clsid, &entries)) {
		go_live(view);
		return false;
	}
	for (guint i = 0; i < entries->len; i++) {
		const struct cache_entry_record *entry = g_ptr_array_index(entries, i);

		if (entry->kind != CACHE_TREAT_AS ||
		    (view->files != NULL && view->of_record[entry->file] == NULL))
			continue;
		*ret_treat_as = entry->target;
		*ret_found = true;
	}
	return true;
}

bool
layer_view_treat_as(struct layer_view *view, const CLSID *clsid, CLSID *ret_treat_as)
{
	bool found = false;

	do {
		if (view->picture != NULL)
			examine(view);
	} while (view->cache != NULL && !recorded_treat_as(view, clsid, ret_treat_as, &found));
	for (guint i = 0; view->picture != NULL && i < view->files->len; i++) {
		const struct manifest *manifest = view->manifests[i];

		for (guint j = 0; manifest != NULL && j < manifest->overrides->len; j++) {
			const struct manifest_override *override =
			    g_ptr_array_index(manifest->overrides, j);

			if (!IsEqualGUID(&override->clsid, clsid) || !override->has_treat_as)
				continue;
			*ret_treat_as = override->treat_as;
			found = true;
		}
	}
	return found;
}
