/* SPDX-License-Identifier: BSD-2-Clause */
/* Where manifests and modules are looked for. */
#ifndef TESSERA_RUNTIME_LAYERS_H
#define TESSERA_RUNTIME_LAYERS_H

#include <glib.h>

#define LAYERS_PATH_MAX 64u /* folders of TESSERA_COMPONENT_PATH; the rest is ignored */

/* Highest first. */
enum layer_kind {
	LAYER_ENVIRONMENT, /* TESSERA_COMPONENT_PATH */
	LAYER_USER,
	LAYER_ADMINISTRATOR,
	LAYER_VENDOR,
};

/* A folder to read. Two folders of one layer have the same rank. */
struct layer_folder {
	enum layer_kind kind;
	unsigned rank; /* 0: highest layer */
	char *path;
};

/* (transfer full): the folders in order, as the environment is now; of struct layer_folder. */
GPtrArray *layers_folders(void);

/* (transfer full): the components folder that belongs to the runtime in use. */
char *layers_components_folder(void);

/* (transfer full): the file that Module=, or another key like it, means: where it is, else where it
 * should be. */
char *layers_module_path(const char *manifest_path, const char *module);

/* (transfer full): the folder of Tessera's own data that belongs to the runtime in use. */
char *layers_data_folder(void);

/* "environment", "user", "administrator", "vendor". */
const char *layers_kind_name(enum layer_kind kind);

#endif
