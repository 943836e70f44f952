/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The layers. Administrator and vendor folders are found from the place of libtessera-com itself
 * (the relations DATA_FROM_LIB and SYSCONF_FROM_LIB come from the build), so a tree that is moved
 * as a whole, or run from where it was built, still finds its own parts.
 *
 * The place is that of CoInitializeEx, also when comreg links this file statically.
 */
#include "runtime/layers.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include <objbase.h>

/* Places that are told from the library's own, found once; NULL when that cannot be told. */
static pthread_once_t places_once = PTHREAD_ONCE_INIT;
static char *components_place, *data_place, *vendor_place, *administrator_place;

static char *
place(const char *library_folder, const char *relation, const char *rest)
{
	g_autofree char *path = g_build_filename(library_folder, relation, rest, NULL);

	return g_canonicalize_filename(path, "/");
}

static void
find_places(void)
{
	void *address = NULL;
	HRESULT (*function)(LPVOID, DWORD) = CoInitializeEx;
	char path[PATH_MAX];
	Dl_info info;
	char *slash;

	memcpy(&address, &function, sizeof address);
	if (dladdr(address, &info) == 0 || info.dli_fname == NULL ||
	    realpath(info.dli_fname, path) == NULL || (slash = strrchr(path, '/')) == NULL)
		return;
	*slash = '\0';
	components_place = place(path, ".", "tessera/components");
	data_place = place(path, DATA_FROM_LIB, "tessera");
	vendor_place = place(path, DATA_FROM_LIB, "tessera/components.d");
	administrator_place = place(path, SYSCONF_FROM_LIB, "tessera/components.d");
}

/* (transfer full) */
static char *
copy_place(char *const *found)
{
	pthread_once(&places_once, find_places);
	return g_strdup(*found);
}

char *
layers_components_folder(void)
{
	return copy_place(&components_place);
}

char *
layers_data_folder(void)
{
	return copy_place(&data_place);
}

static void
add_folder(GPtrArray *folders, enum layer_kind kind, unsigned rank, char *path)
{
	struct layer_folder *folder;

	if (path == NULL)
		return;
	folder = g_new0(struct layer_folder, 1);
	folder->kind = kind;
	folder->rank = rank;
	folder->path = path;
	g_ptr_array_add(folders, folder);
}

/* Each folder of the list is a layer: files in it directly, or in components.d below it. */
static unsigned
add_environment(GPtrArray *folders, unsigned rank)
{
	const char *list = secure_getenv("TESSERA_COMPONENT_PATH");
	g_auto(GStrv) parts = g_strsplit(list != NULL ? list : "", ":", LAYERS_PATH_MAX + 1);

	for (unsigned i = 0; i < LAYERS_PATH_MAX && parts[i] != NULL; i++) {
		char *path;

		if (parts[i][0] == '\0')
			continue;
		path = g_canonicalize_filename(parts[i], NULL);
		add_folder(folders, LAYER_ENVIRONMENT, rank, path);
		add_folder(
		    folders, LAYER_ENVIRONMENT, rank, g_build_filename(path, "components.d", NULL));
		rank++;
	}
	return rank;
}

/* XDG base directory specification: a relative XDG_DATA_HOME is to be ignored. */
static unsigned
add_user(GPtrArray *folders, unsigned rank)
{
	const char *data = secure_getenv("XDG_DATA_HOME");
	const char *home = secure_getenv("HOME");

	if (data != NULL && data[0] == '/')
		add_folder(folders, LAYER_USER, rank,
		    g_build_filename(data, "tessera", "components.d", NULL));
	else if (home != NULL && home[0] == '/')
		add_folder(folders, LAYER_USER, rank,
		    g_build_filename(home, ".local/share/tessera/components.d", NULL));
	return rank + 1;
}

static void
folder_free(void *data)
{
	struct layer_folder *folder = data;

	g_free(folder->path);
	g_free(folder);
}

GPtrArray *
layers_folders(void)
{
	GPtrArray *folders = g_ptr_array_new_with_free_func(folder_free);
	unsigned rank = 0;

	/* A program with more rights than its caller loads nothing that the caller chose. */
	if (getauxval(AT_SECURE) == 0) {
		rank = add_environment(folders, rank);
		rank = add_user(folders, rank);
	}
	add_folder(folders, LAYER_ADMINISTRATOR, rank, copy_place(&administrator_place));
	add_folder(folders, LAYER_VENDOR, rank + 1, copy_place(&vendor_place));
	return folders;
}

char *
layers_module_path(const char *manifest_path, const char *module)
{
	g_autofree char *folder = g_path_get_dirname(manifest_path);
	g_autofree char *beside = NULL;
	g_autofree char *components = NULL;

	if (module[0] == '/')
		return g_strdup(module);
	beside = g_build_filename(folder, module, NULL);
	if (strchr(module, '/') != NULL)
		return g_canonicalize_filename(beside, "/");
	components = layers_components_folder();
	if (components == NULL || g_file_test(beside, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&beside);
	return g_build_filename(components, module, NULL);
}

const char *
layers_kind_name(enum layer_kind kind)
{
	static const char *const names[] = { "environment", "user", "administrator", "vendor" };

	return names[kind];
}
