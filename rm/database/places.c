/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the layers lie. Those of administrators and packages are found from the place of a library
 * (the relations come from the build), so that a tree that was moved as a whole finds its own.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "rm/database/database.h"

#define ENVIRONMENT_MAX 64u /* folders of TESSERA_COMPONENT_PATH; the rest is ignored */

struct database_folder *
database_folder_new(
    enum database_layer layer, unsigned rank, const char *cards, const char *readers)
{
	struct database_folder *folder = g_new0(struct database_folder, 1);

	folder->layer = layer;
	folder->rank = rank;
	folder->cards = g_strdup(cards);
	folder->readers = g_strdup(readers);
	return folder;
}

void
database_folder_free(void *data)
{
	struct database_folder *folder = data;

	g_free(folder->cards);
	g_free(folder->readers);
	g_free(folder);
}

/* @base: what has cards.d and readers.d */
static void
add_base(GPtrArray *folders, enum database_layer layer, unsigned rank, const char *base)
{
	g_autofree char *cards = g_build_filename(base, "cards.d", NULL);
	g_autofree char *readers = g_build_filename(base, "readers.d", NULL);

	g_ptr_array_add(folders, database_folder_new(layer, rank, cards, readers));
}

/* Each folder of the list is a layer: files in it directly, or below it. */
static unsigned
add_environment(GPtrArray *folders)
{
	const char *list = secure_getenv("TESSERA_COMPONENT_PATH");
	g_auto(GStrv) parts = g_strsplit(list != NULL ? list : "", ":", ENVIRONMENT_MAX + 1);
	unsigned rank = 0;

	for (unsigned i = 0; i < ENVIRONMENT_MAX && parts[i] != NULL; i++) {
		g_autofree char *path = NULL;

		if (parts[i][0] == '\0')
			continue;
		path = g_canonicalize_filename(parts[i], NULL);
		g_ptr_array_add(
		    folders, database_folder_new(DATABASE_ENVIRONMENT, rank, path, path));
		add_base(folders, DATABASE_ENVIRONMENT, rank, path);
		rank++;
	}
	return rank;
}

/* XDG base directory specification: a relative XDG_DATA_HOME is to be ignored. */
static void
add_user(GPtrArray *folders, unsigned rank)
{
	const char *data = secure_getenv("XDG_DATA_HOME");
	const char *home = secure_getenv("HOME");
	g_autofree char *base = NULL;

	if (data != NULL && data[0] == '/')
		base = g_build_filename(data, "tessera", NULL);
	else if (home != NULL && home[0] == '/')
		base = g_build_filename(home, ".local/share/tessera", NULL);
	if (base != NULL)
		add_base(folders, DATABASE_USER, rank, base);
}

static void
add_relative(GPtrArray *folders, enum database_layer layer, unsigned rank, const char *library,
    const char *relation)
{
	g_autofree char *path = g_build_filename(library, relation, "tessera", NULL);
	g_autofree char *base = g_canonicalize_filename(path, "/");

	add_base(folders, layer, rank, base);
}

GPtrArray *
database_folders(const void *inside, bool system)
{
	GPtrArray *folders = g_ptr_array_new_with_free_func(database_folder_free);
	char path[PATH_MAX], *slash;
	unsigned rank = 0;
	Dl_info info;

	/* A program with more rights than its caller reads nothing that the caller chose. */
	if (!system && getauxval(AT_SECURE) == 0) {
		rank = add_environment(folders);
		add_user(folders, rank++);
	}
	if (dladdr(inside, &info) == 0 || info.dli_fname == NULL ||
	    realpath(info.dli_fname, path) == NULL || (slash = strrchr(path, '/')) == NULL)
		return folders;
	*slash = '\0';
	add_relative(folders, DATABASE_ADMINISTRATOR, rank, path, SYSCONF_FROM_LIB);
	add_relative(folders, DATABASE_VENDOR, rank + 1, path, DATA_FROM_LIB);
	return folders;
}
