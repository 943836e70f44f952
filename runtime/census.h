/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting live objects without a cache line that all threads write. A thread always uses the same
 * shard; an object made on one thread and released on another leaves +1 in one shard and -1 in the
 * other, so a single shard means nothing and only the sum counts.
 */
#ifndef TESSERA_RUNTIME_CENSUS_H
#define TESSERA_RUNTIME_CENSUS_H

#include <stdint.h>

struct tessera_census;

/* NULL is fine: a class that nobody counts. */
void census_add(struct tessera_census *census, int64_t difference);

/* The number of live objects; exact while no thread makes or releases one. Never negative. */
uint32_t census_sum(const struct tessera_census *census);

#endif
