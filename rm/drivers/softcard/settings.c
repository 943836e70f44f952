/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/softcard/settings.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define BUILT_IN "default"

/* Places as seen from the folder of this module; the build says them. */
#ifndef SOFTCARD_SYSCONF_FROM_MODULE
#error "SOFTCARD_SYSCONF_FROM_MODULE and SOFTCARD_DATA_FROM_MODULE are not defined"
#endif

char **
softcard_settings_folders(void)
{
	const char *const relations[] = { SOFTCARD_SYSCONF_FROM_MODULE, SOFTCARD_DATA_FROM_MODULE };
	GPtrArray *folders = g_ptr_array_new();
	g_autofree char *module = NULL;
	char *path = NULL;
	Dl_info info;

	if (dladdr(softcard_default_profile, &info) != 0 && info.dli_fname != NULL)
		path = realpath(info.dli_fname, NULL);
	if (path != NULL)
		module = g_path_get_dirname(path);
	free(path);
	for (size_t i = 0; module != NULL && i < G_N_ELEMENTS(relations); i++) {
		g_autofree char *joined = g_build_filename(module, relations[i], "tessera", NULL);

		g_ptr_array_add(folders, g_canonicalize_filename(joined, "/"));
	}
	g_ptr_array_add(folders, NULL);
	return (char **)g_ptr_array_free(folders, FALSE);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
has_name(const GPtrArray *names, const char *name)
{
	for (guint i = 0; i < names->len; i++)
		if (strcmp(g_ptr_array_index(names, i), name) == 0)
			return true;
	return false;
}

/* (transfer full): "default, empty, pair": the built-in profile and those installed. */
static char *
list_names(const char *const *folders)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(names, g_strdup(BUILT_IN));
	for (size_t i = 0; folders[i] != NULL; i++) {
		g_autofree char *path = g_build_filename(folders[i], SOFTCARD_PROFILE_FOLDER, NULL);
		g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
		const char *file;

		while (folder != NULL && names->len < SOFTCARD_PROFILE_NAMES_MAX &&
		    (file = g_dir_read_name(folder)) != NULL) {
			g_autofree char *name = NULL;

			if (!g_str_has_suffix(file, SOFTCARD_PROFILE_SUFFIX))
				continue;
			name = g_strndup(file, strlen(file) - strlen(SOFTCARD_PROFILE_SUFFIX));
			if (name[0] != '\0' && !has_name(names, name))
				g_ptr_array_add(names, g_steal_pointer(&name));
		}
	}
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(", ", (char **)names->pdata);
}

static struct softcard_profile *
installed_profile(const char *name, const char *const *folders, char **ret_message)
{
	g_autofree char *file = g_strconcat(name, SOFTCARD_PROFILE_SUFFIX, NULL);
	g_autofree char *valid = NULL, *list = NULL;

	for (size_t i = 0; folders[i] != NULL && strlen(name) <= SOFTCARD_PROFILE_NAME_MAX; i++) {
		g_autofree char *path =
		    g_build_filename(folders[i], SOFTCARD_PROFILE_FOLDER, file, NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return softcard_profile_read(path, ret_message);
	}
	if (strcmp(name, BUILT_IN) == 0)
		return softcard_profile_parse((const char *)softcard_default_profile,
		    softcard_default_profile_size, BUILT_IN, ret_message);

	valid = g_utf8_make_valid(name, -1);
	list = list_names(folders);
	*ret_message = g_strdup_printf("soft card profile \"%.*s\" is not installed; accepted are "
				       "the name of an installed one "
				       "(%s), or a file's path, which has a slash in it",
	    (int)SOFTCARD_PROFILE_NAME_MAX, valid, list);
	return NULL;
}

struct softcard_profile *
softcard_settings_profile(const char *settings, const char *const *folders, char **ret_message)
{
	if (settings == NULL || settings[0] == '\0')
		return softcard_profile_parse((const char *)softcard_default_profile,
		    softcard_default_profile_size, "(built in)", ret_message);
	if (strchr(settings, '/') != NULL)
		return softcard_profile_read(settings, ret_message);
	return installed_profile(settings, folders, ret_message);
}
