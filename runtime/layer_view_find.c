/* SPDX-License-Identifier: BSD-2-Clause */
/* What a folder has of a class, of a ProgID, and of an override: from its cache, and from what had
 * to be parsed. */
#include "runtime/layer_view_inside.h"

static void
class_free(void *class)
{
	layer_view_class_free(class);
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
		view_go_live(view);
		return false;
	}
	for (guint i = 0; i < entries->len; i++) {
		struct cache_entry_record *entry = g_ptr_array_index(entries, i);
		struct view_class *class;
		struct view_file file;

		if (!is_wanted(wanted, entry))
			continue;
		if (!view_file_of_entry(view, entry->file, &file)) {
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
	view_file_copy(g_ptr_array_index(view->files, number), &class->file);
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
			view_examine(view);
	} while (view->cache != NULL && !find_recorded(view, wanted, classes));
	if (view->picture != NULL) {
		view_examine(view);
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
	current = view_file_of_entry(view, cache_overlay(view->cache), &file);
	view_file_clear(&file);
	return current;
}

static bool
recorded_treat_as(struct layer_view *view, const CLSID *clsid, CLSID *ret_treat_as, bool *ret_found)
{
	g_autoptr(GPtrArray) entries = NULL;

	if (!overlay_is_current(view))
		return false;
	if (cache_overlay(view->cache) == cache_files(view->cache))
		return true;
	if (!cache_find(view->cache, clsid, &entries)) {
		view_go_live(view);
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
			view_examine(view);
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
