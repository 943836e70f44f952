/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeping the picture of the registry current, and looking things up in it. */
#include "runtime/registry.h"

#include <pthread.h>
#include <string.h>

#include <objbase.h>

#include "runtime/folder_picture.h"
#include "runtime/fork.h"
#include "runtime/guid_text.h"
#include "runtime/registry_picture.h"
#include "runtime/search_text.h"

static pthread_mutex_t current_lock = PTHREAD_MUTEX_INITIALIZER;
static struct registry *current;

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&current_lock, FORK_OUTER, NULL);
}

static void
unref_picture(void *picture)
{
	folder_picture_unref(picture);
}

static GPtrArray *
get_pictures(const GPtrArray *folders)
{
	GPtrArray *pictures = g_ptr_array_new_with_free_func(unref_picture);

	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);

		g_ptr_array_add(pictures, folder_picture_get(folder->path));
	}
	return pictures;
}

static bool
is_current(const struct registry *registry, const GPtrArray *folders, const GPtrArray *pictures)
{
	if (registry->folders->len != folders->len)
		return false;
	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *was = g_ptr_array_index(registry->folders, i);
		const struct layer_folder *is = g_ptr_array_index(folders, i);

		if (was->kind != is->kind || strcmp(was->path, is->path) != 0 ||
		    g_ptr_array_index(registry->pictures, i) != g_ptr_array_index(pictures, i))
			return false;
	}
	return true;
}

static struct registry *
registry_ref(struct registry *registry)
{
	__atomic_fetch_add(&registry->references, 1, __ATOMIC_RELAXED);
	return registry;
}

void
registry_unref(struct registry *registry)
{
	if (registry == NULL || __atomic_sub_fetch(&registry->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	g_hash_table_unref(registry->by_clsid);
	g_hash_table_unref(registry->by_progid);
	g_hash_table_unref(registry->by_iid);
	g_hash_table_unref(registry->overrides);
	g_hash_table_unref(registry->categories);
	g_ptr_array_unref(registry->classes);
	g_ptr_array_unref(registry->files);
	g_ptr_array_unref(registry->pictures);
	g_ptr_array_unref(registry->folders);
	g_free(registry);
}

static void
forget_others(const GPtrArray *folders)
{
	g_autofree const char **paths = g_new0(const char *, folders->len + 1);

	for (guint i = 0; i < folders->len; i++)
		paths[i] = ((const struct layer_folder *)g_ptr_array_index(folders, i))->path;
	folder_pictures_keep(paths);
}

struct registry *
registry_get(void)
{
	struct registry *registry, *old = NULL;
	GPtrArray *folders, *pictures;

	/* The lock is held while files are read, so that threads that start together read once. */
	pthread_mutex_lock(&current_lock);
	folders = layers_folders();
	forget_others(folders);
	pictures = get_pictures(folders);
	if (current != NULL && is_current(current, folders, pictures)) {
		g_ptr_array_unref(folders);
		g_ptr_array_unref(pictures);
	} else {
		old = current;
		current = registry_read(folders, pictures);
	}
	registry = registry_ref(current);
	pthread_mutex_unlock(&current_lock);
	registry_unref(old);
	return registry;
}

const struct registry_class *
registry_find_class(const struct registry *registry, const CLSID *clsid)
{
	return g_hash_table_lookup(registry->by_clsid, clsid);
}

const struct registry_class *
registry_find_progid(const struct registry *registry, const char *progid)
{
	g_autofree char *key = NULL;

	if (strlen(progid) > MANIFEST_PROGID_MAX)
		return NULL;
	key = g_ascii_strdown(progid, -1);
	return g_hash_table_lookup(registry->by_progid, key);
}

const struct manifest_interface *
registry_find_interface(const struct registry *registry, const IID *iid)
{
	return g_hash_table_lookup(registry->by_iid, iid);
}

const char *
registry_interface_name(const struct registry *registry, const IID *iid)
{
	const struct manifest_interface *interface = registry_find_interface(registry, iid);

	return interface != NULL ? interface->name : NULL;
}

const GPtrArray *
registry_classes(const struct registry *registry)
{
	return registry->classes;
}

const GPtrArray *
registry_files(const struct registry *registry)
{
	return registry->files;
}

const GPtrArray *
registry_folders(const struct registry *registry)
{
	return registry->folders;
}

char *
registry_describe_search(const struct registry *registry)
{
	struct search_text *text = search_text_new();

	for (guint i = 0; i < registry->folders->len; i++)
		search_text_folder(text, g_ptr_array_index(registry->folders, i));
	for (guint i = 0; i < registry->files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(registry->files, i);

		if (file->state != REGISTRY_ACTIVE)
			search_text_left_out(text, file->path, file->reason);
	}
	return search_text_finish(text);
}

const struct registry_class *
registry_resolve(const struct registry *registry, const CLSID *clsid, char **ret_cause)
{
	const struct registry_class *class = registry_find_class(registry, clsid);
	char from[GUID_TEXT_LENGTH + 1], to[GUID_TEXT_LENGTH + 1];
	unsigned steps = 0;

	*ret_cause = NULL;
	if (class == NULL) {
		g_autofree char *search = registry_describe_search(registry);

		*ret_cause = g_strdup_printf("no manifest has it; %s", search);
		return NULL;
	}
	while (!IsEqualGUID(&class->treat_as, &GUID_NULL)) {
		const struct registry_class *next = registry_find_class(registry, &class->treat_as);

		if (++steps > REGISTRY_TREAT_AS_MAX || next == class) {
			*ret_cause = g_strdup_printf("its chain of TreatAs has more than %u steps "
						     "or goes in a circle; it comes by %s in %s",
			    REGISTRY_TREAT_AS_MAX, guid_to_text(&class->info->clsid, from),
			    class->treat_as_file->path);
			return NULL;
		}
		if (next == NULL) {
			*ret_cause = g_strdup_printf(
			    "%s says TreatAs=%s for %s, and no manifest has that class",
			    class->treat_as_file->path, guid_to_text(&class->treat_as, to),
			    guid_to_text(&class->info->clsid, from));
			return NULL;
		}
		class = next;
	}
	return class;
}

char *
registry_module_path(const struct registry_file *file)
{
	return layers_module_path(file->path, file->manifest->module);
}
