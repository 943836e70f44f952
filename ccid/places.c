/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/places.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#include <glib.h>

#define FILE_NAME "ccid.quirks"

char **
ccid_quirk_places(const char *libraries)
{
	const char *const relations[] = { CCID_DATA_FROM_LIBRARIES, CCID_SYSCONF_FROM_LIBRARIES };
	GPtrArray *files = g_ptr_array_new();
	g_autofree char *module = NULL;
	char *path = NULL;
	Dl_info info;

	if (dladdr((void *)(uintptr_t)ccid_quirk_places, &info) != 0 && info.dli_fname != NULL)
		path = realpath(info.dli_fname, NULL);
	if (path != NULL)
		module = g_path_get_dirname(path);
	free(path);
	for (size_t i = 0; module != NULL && i < G_N_ELEMENTS(relations); i++) {
		g_autofree char *joined =
		    g_build_filename(module, libraries, relations[i], "tessera", FILE_NAME, NULL);

		g_ptr_array_add(files, g_canonicalize_filename(joined, "/"));
	}
	g_ptr_array_add(files, NULL);
	return (char **)g_ptr_array_free(files, FALSE);
}
