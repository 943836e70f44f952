/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside of the registry: shared by its reading, its keeping current and its looking up. */
#ifndef TESSERA_RUNTIME_REGISTRY_PICTURE_H
#define TESSERA_RUNTIME_REGISTRY_PICTURE_H

#include "runtime/registry.h"

struct registry {
	unsigned references; /* changed atomically */
	GPtrArray *folders;  /* of struct layer_folder */
	GPtrArray *pictures; /* of struct folder_picture, one a folder */
	GPtrArray *files;    /* of struct registry_file */
	GPtrArray *classes;  /* of struct registry_class */
	GHashTable *by_clsid;
	GHashTable *by_progid;  /* keys in lower case, owned */
	GHashTable *by_iid;     /* to struct manifest_interface */
	GHashTable *overrides;  /* by class, to arrays of struct registry_override, highest first */
	GHashTable *categories; /* by identifier, to arrays of struct manifest_category */
};

struct registry_override {
	const struct manifest_override *info;
	const struct registry_file *file;
};

/* (transfer full): read from disk, one reference. Takes over both arguments. */
struct registry *registry_read(GPtrArray *folders, GPtrArray *pictures);

/* Gathers overrides and categories of all active files, and sets each class's treat_as. */
void registry_index_overlays(struct registry *registry);

#endif
