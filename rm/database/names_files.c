/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of names in the layers. */
#include <winerror.h>

#include "rm/database/inside.h"
#include "rm/database/names.h"
#include "runtime/folder.h"
#include "runtime/layer_writer.h"

#define LOCK_FILE "../database.lock"
#define IMPORTED "imported.atrs"
#define LISTS_MAX 64u /* of one layer */

/* (transfer full) */
static char *
names_folder(const struct database_folder *folder)
{
	g_autofree char *base = g_path_get_dirname(folder->cards);

	return g_build_filename(base, "names.d", NULL);
}

/* (transfer full): NULL: the layer has none. */
static char *
layer_folder(const struct database *database, enum database_layer layer)
{
	for (guint i = 0; i < database->folders->len; i++) {
		const struct database_folder *folder = g_ptr_array_index(database->folders, i);

		if (folder->layer == layer)
			return names_folder(folder);
	}
	return NULL;
}

enum database_result
names_import(const struct database *database, enum database_layer layer, const char *data,
    size_t size, guint *ret_entries, guint *ret_skipped, char **ret_cause)
{
	g_autofree char *path = layer_folder(database, layer);
	struct names_list *list = names_parse(data, size, ret_cause);
	struct layer_writer writer;
	HRESULT hr;

	if (list == NULL)
		return DATABASE_INVALID;
	*ret_entries = list->entries->len;
	*ret_skipped = list->skipped;
	names_free(list);
	if (path == NULL) {
		*ret_cause = g_strdup("this process has no folder for what a user changes: set "
				      "HOME, or XDG_DATA_HOME");
		return DATABASE_DENIED;
	}
	hr = layer_writer_open_folder(path, LOCK_FILE, &writer, ret_cause);
	if (SUCCEEDED(hr)) {
		hr = layer_writer_put(&writer, IMPORTED, data, size, ret_cause);
		layer_writer_close(&writer);
	}
	if (SUCCEEDED(hr))
		return DATABASE_OK;
	return hr == E_ACCESSDENIED ? DATABASE_DENIED : DATABASE_FAILED;
}

/* (transfer full): what the list calls it. A list that cannot be read says nothing. */
static char *
look_into(const char *path, const uint8_t *atr, size_t length)
{
	g_autofree char *data = NULL, *problem = NULL;
	struct names_list *list;
	char *name = NULL;
	gsize size;

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
	    !g_file_get_contents(path, &data, &size, NULL) ||
	    (list = names_parse(data, size, &problem)) == NULL)
		return NULL;
	name = g_strdup(names_find(list, atr, length));
	names_free(list);
	return name;
}

char *
names_look(const struct database *database, const uint8_t *atr, size_t length)
{
	char *name = NULL;

	for (guint i = 0; name == NULL && i < database->folders->len; i++) {
		g_autofree char *path = names_folder(g_ptr_array_index(database->folders, i));
		struct folder_listing *listing = folder_list(path, ".atrs", LISTS_MAX);

		for (guint j = 0; name == NULL && j < listing->entries->len; j++) {
			const struct folder_entry *entry = g_ptr_array_index(listing->entries, j);
			g_autofree char *file = g_build_filename(path, entry->name, NULL);

			if (entry->status.st_size <= NAMES_SIZE_MAX)
				name = look_into(file, atr, length);
		}
		folder_listing_free(listing);
	}
	return name;
}
