/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading all manifests into a picture. Which of several manifests counts: the file name masks the
 * same name in lower layers, whatever the masking file contains; of the same class in several files
 * the one in the higher layer, then that with the higher Priority, then that whose name comes
 * first.
 */
#include "runtime/registry_picture.h"

#include <string.h>

#include "runtime/folder_picture.h"
#include "runtime/guid_table.h"
#include "runtime/search_text.h"

static void
file_free(void *data)
{
	struct registry_file *file = data;

	g_free(file->path);
	g_free(file->reason);
	g_free(file);
}

static struct registry_file *
add_file(struct registry *registry, const struct layer_folder *folder, char *path)
{
	struct registry_file *file = g_new0(struct registry_file, 1);

	file->path = path;
	file->folder = folder;
	g_ptr_array_add(registry->files, file);
	return file;
}

static void set_state(struct registry_file *file, enum registry_state state, const char *format,
    ...) G_GNUC_PRINTF(3, 4);

static void
set_state(struct registry_file *file, enum registry_state state, const char *format, ...)
{
	va_list arguments;

	file->state = state;
	va_start(arguments, format);
	file->reason = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}

static void
add_folder_problem(struct registry *registry, const struct layer_folder *folder,
    const struct folder_picture *picture)
{
	g_autofree char *problem = folder_picture_problem(picture);

	if (problem != NULL)
		set_state(add_file(registry, folder, g_strdup(folder->path)), REGISTRY_BROKEN, "%s",
		    problem);
}

static void
set_masked(struct registry_file *file, const struct registry_file *above)
{
	file->state = REGISTRY_MASKED;
	file->reason = search_text_masked(above->path, above->state, above->folder);
}

static void
read_folder(struct registry *registry, GHashTable *names, const struct layer_folder *folder,
    struct folder_picture *picture)
{
	const GPtrArray *entries = folder_picture_listing(picture)->entries;

	add_folder_problem(registry, folder, picture);
	for (guint i = 0; i < entries->len; i++) {
		const struct folder_entry *entry = g_ptr_array_index(entries, i);
		struct registry_file *file =
		    add_file(registry, folder, g_build_filename(folder->path, entry->name, NULL));
		const struct registry_file *above = g_hash_table_lookup(names, entry->name);
		const struct manifest_file *read;

		if (above != NULL) {
			set_masked(file, above);
			continue;
		}
		if (strcmp(entry->name, MANIFEST_OVERLAY_NAME) != 0)
			g_hash_table_insert(names, entry->name, file);
		read = folder_picture_file(picture, i);
		file->state = read->state;
		file->reason = g_strdup(read->reason);
		file->manifest = read->manifest;
	}
}

/* Negative: a goes before b. */
static int
compare_files(const struct registry_file *a, const struct registry_file *b)
{
	if (a->folder->rank != b->folder->rank)
		return a->folder->rank < b->folder->rank ? -1 : 1;
	if (a->manifest->priority != b->manifest->priority)
		return a->manifest->priority > b->manifest->priority ? -1 : 1;
	return strcmp(strrchr(a->path, '/'), strrchr(b->path, '/'));
}

static int
compare_classes(const void *a, const void *b)
{
	const struct registry_class *const *left = a, *const *right = b;
	int order = compare_files((*left)->file, (*right)->file);

	return order != 0 ? order
			  : memcmp(&(*left)->info->clsid, &(*right)->info->clsid, sizeof(CLSID));
}

static void
collect_classes(struct registry *registry)
{
	for (guint i = 0; i < registry->files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(registry->files, i);

		if (file->manifest == NULL)
			continue;
		for (guint j = 0; j < file->manifest->classes->len; j++) {
			struct registry_class *class = g_new0(struct registry_class, 1);

			class->info = g_ptr_array_index(file->manifest->classes, j);
			class->file = file;
			g_ptr_array_add(registry->classes, class);
		}
	}
	g_ptr_array_sort(registry->classes, compare_classes);
}

static void
index_progid(struct registry *registry, const char *progid, const struct registry_class *class)
{
	g_autofree char *key = g_ascii_strdown(progid, -1);

	if (!g_hash_table_contains(registry->by_progid, key))
		g_hash_table_insert(registry->by_progid, g_steal_pointer(&key), (gpointer) class);
}

/* The number after the last period of a ProgID; 0 when there is none. */
static guint64
version_of(const struct registry_class *class)
{
	const char *dot = class->info->progid != NULL ? strrchr(class->info->progid, '.') : NULL;

	return dot != NULL ? g_ascii_strtoull(dot + 1, NULL, 10) : 0;
}

/* Of several classes with one version-independent ProgID in equal place, the newest is current. */
static void
index_version_independent(struct registry *registry, const struct registry_class *class)
{
	g_autofree char *key = g_ascii_strdown(class->info->vi_progid, -1);
	const struct registry_class *other = g_hash_table_lookup(registry->by_progid, key);
	bool newer;

	if (other == NULL) {
		g_hash_table_insert(registry->by_progid, g_steal_pointer(&key), (gpointer) class);
		return;
	}
	newer = other->info->vi_progid != NULL &&
	    g_ascii_strcasecmp(other->info->vi_progid, class->info->vi_progid) == 0 &&
	    other->file->folder->rank == class->file->folder->rank &&
	    other->file->manifest->priority == class->file->manifest->priority &&
	    version_of(class) > version_of(other);
	if (newer)
		g_hash_table_replace(registry->by_progid, g_steal_pointer(&key), (gpointer) class);
}

/* A class in effect gives its ProgIDs, a hidden one does not. In each layer exact names first. */
static void
index_progids(struct registry *registry)
{
	guint end;

	for (guint start = 0; start < registry->classes->len; start = end) {
		const struct registry_class *first = g_ptr_array_index(registry->classes, start);
		const struct registry_class *class;

		for (end = start; end < registry->classes->len; end++) {
			class = g_ptr_array_index(registry->classes, end);
			if (class->file->folder->rank != first->file->folder->rank)
				break;
			if (class->hidden_by == NULL && class->info->progid != NULL)
				index_progid(registry, class->info->progid, class);
		}
		for (guint i = start; i < end; i++) {
			class = g_ptr_array_index(registry->classes, i);
			if (class->hidden_by == NULL && class->info->vi_progid != NULL)
				index_version_independent(registry, class);
		}
	}
}

static void
index_classes(struct registry *registry)
{
	for (guint i = 0; i < registry->classes->len; i++) {
		struct registry_class *class = g_ptr_array_index(registry->classes, i);

		class->hidden_by = g_hash_table_lookup(registry->by_clsid, &class->info->clsid);
		if (class->hidden_by == NULL)
			g_hash_table_insert(
			    registry->by_clsid, (gpointer) & class->info->clsid, class);
	}
	index_progids(registry);
}

static void
index_interfaces(struct registry *registry)
{
	for (guint i = 0; i < registry->files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(registry->files, i);

		for (guint j = 0; file->manifest != NULL && j < file->manifest->interfaces->len;
		     j++) {
			struct manifest_interface *interface =
			    g_ptr_array_index(file->manifest->interfaces, j);

			if (!g_hash_table_contains(registry->by_iid, &interface->iid))
				g_hash_table_insert(registry->by_iid, &interface->iid, interface);
		}
	}
}

struct registry *
registry_read(GPtrArray *folders, GPtrArray *pictures)
{
	struct registry *registry = g_new0(struct registry, 1);
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	registry->references = 1;
	registry->folders = folders;
	registry->pictures = pictures;
	registry->files = g_ptr_array_new_with_free_func(file_free);
	registry->classes = g_ptr_array_new_with_free_func(g_free);
	registry->by_clsid = guid_table_new(NULL);
	registry->by_progid = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	registry->by_iid = guid_table_new(NULL);
	for (guint i = 0; i < folders->len; i++)
		read_folder(
		    registry, names, g_ptr_array_index(folders, i), g_ptr_array_index(pictures, i));
	collect_classes(registry);
	index_classes(registry);
	index_interfaces(registry);
	registry_index_overlays(registry);
	return registry;
}
