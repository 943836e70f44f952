/* SPDX-License-Identifier: BSD-2-Clause */
/* The contents of a cache, built in memory. */
#ifndef TESSERA_RUNTIME_CACHE_IMAGE_H
#define TESSERA_RUNTIME_CACHE_IMAGE_H

#include "runtime/cache_format.h"
#include "runtime/manifest_file.h"

struct cache_image;

struct cache_image *cache_image_new(void);
void cache_image_free(struct cache_image *image);

/* Files come in the order of their names. */
void cache_image_add(struct cache_image *image, const char *name, const struct stat *status,
    const struct manifest_file *file);

/* How many classes were added. */
unsigned cache_image_classes(const struct cache_image *image);

/* (transfer full): the whole file; NULL: larger than CACHE_SIZE_MAX. `folder` and `snapshot` as in
 * struct cache_header. */
GByteArray *cache_image_finish(
    struct cache_image *image, const struct stat *folder, const struct timespec *snapshot);

#endif
