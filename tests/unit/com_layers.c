/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/com_layers.h"

#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/cache_write.h"
#include "tests/unit/com_scratch.h"

#define KINDS (LAYER_VENDOR + 1)

static char *paths[KINDS];

void
test_layers_begin(void)
{
	const char *top = scratch_folder();

	for (int i = 0; i < KINDS; i++) {
		g_free(paths[i]);
		paths[i] = g_build_filename(
		    top, layers_kind_name((enum layer_kind)i), "components.d", NULL);
		if (g_mkdir_with_parents(paths[i], 0755) != 0)
			abort();
	}
}

const char *
test_layers_folder(enum layer_kind kind)
{
	return paths[kind];
}

void
test_layers_cache(void)
{
	for (int i = LAYER_USER; i < KINDS; i++) {
		struct cache_report report;

		if (FAILED(cache_write(paths[i], &report))) {
			fprintf(stderr, "%s\n", report.cause);
			abort();
		}
		cache_report_clear(&report);
	}
}

void
test_layers_remove_caches(void)
{
	for (int i = LAYER_USER; i < KINDS; i++) {
		g_autofree char *path = g_strdup_printf("%s/../components.cache", paths[i]);

		(void)unlink(path);
	}
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

	for (unsigned i = 0; i < KINDS; i++) {
		struct layer_folder *folder = g_new0(struct layer_folder, 1);

		folder->kind = (enum layer_kind)i;
		folder->rank = i;
		folder->path = g_strdup(paths[i]);
		g_ptr_array_add(folders, folder);
	}
	return folders;
}

char *
layers_module_path(const char *manifest_path, const char *module)
{
	g_autofree char *folder = g_path_get_dirname(manifest_path);

	return g_build_filename(folder, module, NULL);
}

const char *
layers_kind_name(enum layer_kind kind)
{
	static const char *const names[] = { "environment", "user", "administrator", "vendor" };

	return names[kind];
}
