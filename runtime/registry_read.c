/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading all manifests into a picture. Which of several manifests counts: the file name masks the
 * same name in lower layers, whatever the masking file contains; of the same class in several files
 * the one in the higher layer, then that with the higher Priority, then that whose name comes
 * first.
 */
#include "runtime/registry_picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "runtime/folder.h"

static void
file_free(void *data)
{
	struct registry_file *file = data;

	g_free(file->path);
	g_free(file->reason);
	manifest_free(file->manifest);
	g_free(file);
}

static guint
guid_hash(const void *guid)
{
	return ((const GUID *)guid)->Data1;
}

static gboolean
guid_equal(const void *a, const void *b)
{
	return IsEqualGUID((const GUID *)a, (const GUID *)b);
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

/* Up to MANIFEST_SIZE_MAX bytes; one more tells that there are more. -1: errno. */
static ssize_t
read_all(int fd, char *buffer, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t n = read(fd, buffer + used, size - used);

		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static void
parse_file(struct registry_file *file, const char *data, size_t size)
{
	g_autofree char *problem = NULL;

	if (size == 0) {
		set_state(file, REGISTRY_DISABLED, "the file is empty");
		return;
	}
	file->manifest = manifest_parse(data, size, &problem);
	if (file->manifest == NULL)
		set_state(file, REGISTRY_BROKEN, "%s", problem);
}

static void
read_file(struct registry_file *file)
{
	/* O_NONBLOCK: a FIFO must not stop us. */
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	g_autofree char *data = NULL;
	struct stat status;
	ssize_t size;

	if (fd < 0) {
		set_state(file, REGISTRY_BROKEN, "cannot be opened: %s", g_strerror(errno));
		return;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		set_state(file, REGISTRY_BROKEN, "is not a regular file");
	} else {
		data = g_malloc(MANIFEST_SIZE_MAX + 1);
		size = read_all(fd, data, MANIFEST_SIZE_MAX + 1);
		if (size < 0)
			set_state(file, REGISTRY_BROKEN, "cannot be read: %s", g_strerror(errno));
		else
			parse_file(file, data, (size_t)size);
	}
	close(fd);
}

static void
read_folder(struct registry *registry, GHashTable *names, const struct layer_folder *folder,
    const struct folder_listing *listing)
{
	if (listing->overfull)
		set_state(add_file(registry, folder, g_strdup(folder->path)), REGISTRY_BROKEN,
		    "the folder has more than %u manifests; all of it is ignored",
		    REGISTRY_FOLDER_FILES_MAX);
	else if (listing->error != 0 && listing->error != ENOENT)
		set_state(add_file(registry, folder, g_strdup(folder->path)), REGISTRY_BROKEN,
		    "the folder cannot be read: %s", g_strerror(listing->error));
	for (guint i = 0; i < listing->entries->len; i++) {
		const struct folder_entry *entry = g_ptr_array_index(listing->entries, i);
		struct registry_file *file =
		    add_file(registry, folder, g_build_filename(folder->path, entry->name, NULL));
		const struct registry_file *above = g_hash_table_lookup(names, entry->name);

		if (above != NULL) {
			set_state(file, REGISTRY_MASKED, "masked by %s", above->path);
			continue;
		}
		g_hash_table_insert(names, entry->name, file);
		read_file(file);
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
	/* A class in effect gives its ProgIDs, a hidden one does not. Exact names first. */
	for (guint i = 0; i < registry->classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(registry->classes, i);

		if (class->hidden_by == NULL && class->info->progid != NULL)
			index_progid(registry, class->info->progid, class);
	}
	for (guint i = 0; i < registry->classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(registry->classes, i);

		if (class->hidden_by == NULL && class->info->vi_progid != NULL)
			index_version_independent(registry, class);
	}
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
				g_hash_table_insert(
				    registry->by_iid, &interface->iid, interface->name);
		}
	}
}

struct registry *
registry_read(GPtrArray *folders, GPtrArray *listings)
{
	struct registry *registry = g_new0(struct registry, 1);
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	registry->references = 1;
	registry->folders = folders;
	registry->listings = listings;
	registry->files = g_ptr_array_new_with_free_func(file_free);
	registry->classes = g_ptr_array_new_with_free_func(g_free);
	registry->by_clsid = g_hash_table_new(guid_hash, guid_equal);
	registry->by_progid = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	registry->by_iid = g_hash_table_new(guid_hash, guid_equal);
	for (guint i = 0; i < folders->len; i++)
		read_folder(
		    registry, names, g_ptr_array_index(folders, i), g_ptr_array_index(listings, i));
	collect_classes(registry);
	index_classes(registry);
	index_interfaces(registry);
	return registry;
}
