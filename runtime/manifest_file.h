/* SPDX-License-Identifier: BSD-2-Clause */
/* One manifest file: read from disk, and what became of it. */
#ifndef TESSERA_RUNTIME_MANIFEST_FILE_H
#define TESSERA_RUNTIME_MANIFEST_FILE_H

#include "runtime/manifest.h"

/* The overlay of a layer: neither masks nor is masked, and is the only place for [Override]. */
#define MANIFEST_OVERLAY_NAME "local.component"

enum registry_state {
	REGISTRY_ACTIVE,
	REGISTRY_MASKED,   /* a higher layer has a file of that name */
	REGISTRY_DISABLED, /* the file is empty, and so masks without offering anything */
	REGISTRY_BROKEN,
};

struct manifest_file {
	enum registry_state state; /* never MASKED, which depends on other files */
	char *reason;              /* why it is not active; NULL when it is */
	struct manifest *manifest; /* NULL unless active */
	char *digest;              /* of a file so young that its times may not tell a change */
};

/* (transfer full): never NULL. */
struct manifest_file *manifest_file_read(const char *path);
void manifest_file_free(struct manifest_file *file);

/* Whether it could be other than when it was read, though its times are the same. */
bool manifest_file_has_changed(const struct manifest_file *file, const char *path);

#endif
