/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg doctor: manifests that are not read, and what others could change. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/cache_format.h"
#include "runtime/comreg/doctor.h"

static const char *
name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool
is_users(enum layer_kind kind)
{
	return kind == LAYER_ENVIRONMENT || kind == LAYER_USER;
}

/* The file that masks this one: the same name, higher up. */
static const struct registry_file *
find_mask(const struct doctor *doctor, const struct registry_file *masked)
{
	const GPtrArray *files = registry_files(doctor->registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->state != REGISTRY_MASKED &&
		    strcmp(name_of(file->path), name_of(masked->path)) == 0)
			return file;
	}
	return NULL;
}

static void
examine_state(struct doctor *doctor, const struct registry_file *file)
{
	const struct registry_file *mask;

	if (file->state == REGISTRY_BROKEN)
		doctor_note(doctor, DOCTOR_ERROR, "manifest", file->path,
		    "correct it; comreg(1) has the keys; until then none of its classes exist",
		    "it is left out: %s", file->reason);
	mask = file->state == REGISTRY_MASKED ? find_mask(doctor, file) : NULL;
	/* An empty file is how a person disables a component: wanted. */
	if (mask != NULL && mask->state == REGISTRY_ACTIVE && is_users(mask->folder->kind) &&
	    !is_users(file->folder->kind)) {
		g_autofree char *next = g_strdup_printf(
		    "remove or rename %s if the system's component is wanted", file->path);

		doctor_note(doctor, DOCTOR_WARNING, "hides", mask->path, next,
		    "it masks %s of the %s layer, because it has the same name", file->path,
		    layers_kind_name(file->folder->kind));
	}
}

static bool
is_trusted_owner(uid_t owner)
{
	return owner == 0 || owner == geteuid();
}

/* One path, each once a run. @last: a file that counts, or the folder in which it lies. */
static void
examine_access(struct doctor *doctor, GHashTable *seen, const char *path, bool last)
{
	struct stat status;
	g_autofree char *next = NULL;

	if (stat(path, &status) != 0 || !g_hash_table_add(seen, g_strdup(path)))
		return;
	next = g_strdup_printf("chmod o-w '%s'", path);
	if ((status.st_mode & S_IWOTH) != 0 && !S_ISDIR(status.st_mode))
		doctor_note(doctor, DOCTOR_ERROR, "permissions", path, next,
		    "everyone may write this file, and so decide what programs load");
	else if ((status.st_mode & S_IWOTH) != 0 && (last || (status.st_mode & S_ISVTX) == 0))
		doctor_note(doctor, DOCTOR_ERROR, "permissions", path, next,
		    "everyone may write in this folder, and so decide what programs load");
	if (!is_trusted_owner(status.st_uid)) {
		g_free(next);
		next = g_strdup_printf("chown it to root or to the user of this layer, or remove "
				       "what does not belong there");
		doctor_note(doctor, last ? DOCTOR_ERROR : DOCTOR_WARNING, "permissions", path, next,
		    "it belongs to user %u, who is neither root nor you", (unsigned)status.st_uid);
	}
}

/* The file, its folder, and the folders above, by which either could be exchanged. */
static void
examine_way(struct doctor *doctor, GHashTable *seen, const char *file)
{
	g_autofree char *real = realpath(file, NULL);
	bool last = true;
	char *slash;

	if (real == NULL)
		return;
	examine_access(doctor, seen, real, true);
	while ((slash = strrchr(real, '/')) != NULL && slash != real) {
		*slash = '\0';
		examine_access(doctor, seen, real, last);
		last = false;
	}
	examine_access(doctor, seen, "/", false);
}

static void
examine_module_name(struct doctor *doctor, const struct registry_file *file)
{
	const char *module = file->manifest->module;

	if (module[0] != '/' && strstr(module, "../") != NULL)
		doctor_note(doctor, DOCTOR_WARNING, "path", file->path,
		    "write the absolute path, or the bare file name with the module beside the "
		    "manifest",
		    "Module=%s leads out of the manifest's folder, and elsewhere when the manifest "
		    "is moved",
		    module);
}

static void
examine_environment(struct doctor *doctor)
{
	const char *list = getenv("TESSERA_COMPONENT_PATH"), *data = getenv("XDG_DATA_HOME");
	g_auto(GStrv) parts = g_strsplit(list != NULL ? list : "", ":", -1);

	for (guint i = 0; parts[i] != NULL; i++) {
		if (parts[i][0] == '\0')
			continue;
		if (i >= LAYERS_PATH_MAX)
			doctor_note(doctor, DOCTOR_WARNING, "path", parts[i],
			    "shorten TESSERA_COMPONENT_PATH",
			    "it is not looked in: only the first %u folders of "
			    "TESSERA_COMPONENT_PATH are",
			    LAYERS_PATH_MAX);
		else if (parts[i][0] != '/')
			doctor_note(doctor, DOCTOR_WARNING, "path", parts[i],
			    "write the absolute path",
			    "TESSERA_COMPONENT_PATH has a relative folder: which it is depends on "
			    "where a program is started");
		else if (!g_file_test(parts[i], G_FILE_TEST_IS_DIR))
			doctor_note(doctor, DOCTOR_WARNING, "path", parts[i],
			    "create the folder, or take it out of TESSERA_COMPONENT_PATH",
			    "TESSERA_COMPONENT_PATH has it, and there is no such folder");
	}
	if (data != NULL && data[0] != '\0' && data[0] != '/')
		doctor_note(doctor, DOCTOR_WARNING, "path", data,
		    "make XDG_DATA_HOME an absolute path, or unset it",
		    "XDG_DATA_HOME is relative, and therefore ignored");
}

void
doctor_examine_files(struct doctor *doctor)
{
	const GPtrArray *files = registry_files(doctor->registry);
	const GPtrArray *folders = registry_folders(doctor->registry);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	examine_environment(doctor);
	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);

		g_autofree char *cache = cache_path(folder->path);

		examine_way(doctor, seen, folder->path);
		if (folder->kind != LAYER_ENVIRONMENT)
			examine_way(doctor, seen, cache);
	}
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);
		g_autofree char *module = NULL;

		examine_state(doctor, file);
		examine_way(doctor, seen, file->path);
		if (file->manifest == NULL || file->manifest->module == NULL)
			continue;
		module = registry_module_path(file);
		examine_way(doctor, seen, module);
		examine_module_name(doctor, file);
	}
}
