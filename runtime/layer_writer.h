/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing the manifests of a layer. A writer has the layer for itself, and a change is there
 * wholly or not at all: after a failure, or a crash at any moment, the folder offers what it did
 * before or what it should after.
 */
#ifndef TESSERA_RUNTIME_LAYER_WRITER_H
#define TESSERA_RUNTIME_LAYER_WRITER_H

#include <wtypes.h>

#include "runtime/layers.h"

#define LAYER_WRITER_WAIT_MS 5000 /* for another program that writes */
#define LAYER_WRITER_NAME_MAX 200u

struct layer_writer {
	char *path; /* the folder */
	int folder, lock;
};

/*
 * layer_writer_open: makes the folder if it is not there, and waits for others to finish, but not
 * longer than LAYER_WRITER_WAIT_MS.
 * @layer: LAYER_USER or LAYER_ADMINISTRATOR
 * @ret_cause: (transfer full): on failure, what failed on which file. As in all functions here
 *
 * E_ACCESSDENIED: the caller may not; REGDB_E_WRITEREGDB: anything else.
 */
HRESULT
layer_writer_open(enum layer_kind layer, struct layer_writer *ret_writer, char **ret_cause);

/* The same for any folder. @lock_file: as seen from the folder; better not in it. */
HRESULT layer_writer_open_folder(
    const char *path, const char *lock_file, struct layer_writer *ret_writer, char **ret_cause);

/* Creates or replaces a file. */
HRESULT
layer_writer_put(
    struct layer_writer *writer, const char *name, const char *text, size_t size, char **ret_cause);

/* S_FALSE: it is not there. */
HRESULT
layer_writer_remove(struct layer_writer *writer, const char *name, char **ret_cause);

void layer_writer_close(struct layer_writer *writer);

#endif
