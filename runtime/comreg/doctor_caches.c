/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg doctor: caches that are of no use. None of them can be wrong, the readers see to that. */
#include <string.h>
#include <sys/stat.h>

#include "runtime/cache.h"
#include "runtime/comreg/doctor.h"

static bool
all_files_current(const char *folder, struct cache *cache, bool *ret_damaged)
{
	bool current = true;

	*ret_damaged = false;
	for (unsigned i = 0; current && i < cache_files(cache); i++) {
		g_autofree char *path = NULL;
		struct cache_file_record record;
		struct stat status;

		if (!cache_file(cache, i, &record)) {
			*ret_damaged = true;
			return false;
		}
		path = g_build_filename(folder, record.name, NULL);
		current =
		    stat(path, &status) == 0 && cache_file_is_current(cache, &record, &status);
		cache_file_record_clear(&record);
	}
	return current;
}

/* Whether all that the folder has now can be found in it. */
static bool
finds_classes(const struct doctor *doctor, const struct layer_folder *folder, struct cache *cache)
{
	const GPtrArray *classes = registry_classes(doctor->registry);

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		GPtrArray *entries = NULL;
		bool sound;

		if (class->file->folder != folder)
			continue;
		sound = cache_find(cache, &class->info->clsid, &entries);
		g_clear_pointer(&entries, g_ptr_array_unref);
		if (!sound)
			return false;
	}
	return true;
}

static void
examine_cache(struct doctor *doctor, const struct layer_folder *folder, const char *path)
{
	g_autofree char *next =
	    g_strdup_printf("comreg cache --layer %s", layers_kind_name(folder->kind));
	struct cache *cache = cache_open(folder->path);
	struct stat status;
	bool damaged, current = false;

	damaged = cache == NULL;
	if (!damaged)
		current = stat(folder->path, &status) == 0 &&
		    cache_folder_is_current(cache, &status) &&
		    all_files_current(folder->path, cache, &damaged);
	if (!damaged && current)
		damaged = !finds_classes(doctor, folder, cache);
	if (damaged)
		doctor_note(doctor, DOCTOR_WARNING, "cache", path, next,
		    "it is ignored: it is damaged, of another version or machine, or belongs to "
		    "somebody else");
	else if (!current)
		doctor_note(doctor, DOCTOR_WARNING, "cache", path, next,
		    "it is older than the manifests in %s, which are read instead", folder->path);
	cache_close(cache);
}

void
doctor_examine_caches(struct doctor *doctor)
{
	const GPtrArray *folders = registry_folders(doctor->registry);

	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);
		g_autofree char *path = cache_path(folder->path);
		struct stat status;

		if (folder->kind != LAYER_ENVIRONMENT && lstat(path, &status) == 0)
			examine_cache(doctor, folder, path);
	}
}
