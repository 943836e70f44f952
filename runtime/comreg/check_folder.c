/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_folder.h"

#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* (transfer container) */
static GPtrArray *
list(const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	if (dir != NULL)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare);
	return names;
}

static void
append(GString *text, const char *folder)
{
	g_autoptr(GPtrArray) names = list(folder);

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *data = NULL;
		gsize size = 0;

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			append(text, path);
		else if (g_file_get_contents(path, &data, &size, NULL) &&
		    (size > 0 || !g_str_has_suffix(name, ".lock")))
			g_string_append_printf(text, "%s: %s; ", name, data);
	}
}

char *
check_folder_read(const char *folder)
{
	GString *text = g_string_new(NULL);

	append(text, folder);
	return g_string_free(text, FALSE);
}

char *
check_folder_outside(const char *folder, const char *name)
{
	g_autoptr(GPtrArray) names = list(folder);

	for (guint i = 0; i < names->len; i++)
		if (strcmp(g_ptr_array_index(names, i), name) != 0)
			return g_strdup(g_ptr_array_index(names, i));
	return NULL;
}

void
check_folder_remove(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		if (g_file_test(inner, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
			check_folder_remove(inner);
		else
			(void)g_unlink(inner);
	}
	if (dir != NULL)
		g_dir_close(dir);
	(void)g_rmdir(path);
}
