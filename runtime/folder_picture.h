/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder of manifests as it is now. The process keeps one picture a folder and takes over from it
 * whatever has not changed; a file is parsed when it is first asked for. Any thread.
 */
#ifndef TESSERA_RUNTIME_FOLDER_PICTURE_H
#define TESSERA_RUNTIME_FOLDER_PICTURE_H

#include "runtime/folder.h"
#include "runtime/manifest_file.h"

#define FOLDER_FILES_MAX 10000u
#define FOLDER_SUFFIX ".component"

struct folder_picture;

/* (transfer full): the same one as long as nothing changes. */
struct folder_picture *folder_picture_get(const char *path);
void folder_picture_unref(struct folder_picture *picture);

const struct folder_listing *folder_picture_listing(const struct folder_picture *picture);

/* Of the entry with that number in the listing; lives as long as the picture. */
const struct manifest_file *folder_picture_file(struct folder_picture *picture, guint index);

/* (transfer full): why nothing can be said about the folder; NULL: it was read, or is not there. */
char *folder_picture_problem(const struct folder_picture *picture);

/* Forgets the folders that are not among these NULL-terminated paths. */
void folder_pictures_keep(const char *const *paths);

#endif
