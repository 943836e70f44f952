/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting live objects without a cache line that all threads write. A thread always uses the same
 * shard; an object may be made on one thread and end on another, so a single shard means nothing
 * and only the sum counts.
 *
 * What was made and what has ended are counted apart. All ends are read before the first making,
 * so an object that comes and goes meanwhile can only make the sum too high: zero means that there
 * was a moment without any.
 */
#ifndef TESSERA_RUNTIME_CENSUS_H
#define TESSERA_RUNTIME_CENSUS_H

#include <stdint.h>

struct tessera_census;

/* NULL is fine: a class that nobody counts. */
void census_made(struct tessera_census *census);
/* The last that the object's thread does with the module. */
void census_ended(struct tessera_census *census);

/* The number of live objects; exact while no thread makes or releases one, never too low. */
uint32_t census_sum(const struct tessera_census *census);

#endif
