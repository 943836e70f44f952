/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside of the registry: shared by its reading, its keeping current and its looking up. */
#ifndef TESSERA_RUNTIME_REGISTRY_PICTURE_H
#define TESSERA_RUNTIME_REGISTRY_PICTURE_H

#include "runtime/registry.h"

struct registry {
	unsigned references; /* changed atomically */
	GPtrArray *folders;  /* of struct layer_folder */
	GPtrArray *listings; /* of struct folder_listing, one a folder */
	GPtrArray *files;    /* of struct registry_file */
	GPtrArray *classes;  /* of struct registry_class */
	GHashTable *by_clsid;
	GHashTable *by_progid; /* keys in lower case, owned */
	GHashTable *by_iid;    /* to names */
};

/* (transfer full): read from disk, one reference. Takes over both arguments. */
struct registry *registry_read(GPtrArray *folders, GPtrArray *listings);

#endif
