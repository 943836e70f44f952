/* SPDX-License-Identifier: BSD-2-Clause */
/* Which folder a layer of manifests is. The writer itself knows folders only. */
#include <winerror.h>

#include "runtime/layer_writer.h"

/* Beside the folder, whose own times then tell of manifests only. */
#define LOCK_FILE "../components.lock"

static char *
folder_of(enum layer_kind layer)
{
	g_autoptr(GPtrArray) folders = layers_folders();

	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);

		if (folder->kind == layer)
			return g_strdup(folder->path);
	}
	return NULL;
}

HRESULT
layer_writer_open(enum layer_kind layer, struct layer_writer *ret_writer, char **ret_cause)
{
	g_autofree char *path = folder_of(layer);

	if (path != NULL)
		return layer_writer_open_folder(path, LOCK_FILE, ret_writer, ret_cause);
	*ret_cause =
	    g_strdup_printf("this process has no %s layer to write to", layers_kind_name(layer));
	return E_ACCESSDENIED;
}
