/* SPDX-License-Identifier: BSD-2-Clause */
/* The task allocator while somebody watches it. Without a spy each call costs one predicted branch.
 */
#ifndef TESSERA_RUNTIME_MEMORY_SPY_H
#define TESSERA_RUNTIME_MEMORY_SPY_H

#include <stdbool.h>

#include <objbase.h>

extern bool memory_spied __attribute__((visibility("hidden"))); /* changed atomically */

static inline bool
memory_is_spied(void)
{
	return __builtin_expect(__atomic_load_n(&memory_spied, __ATOMIC_RELAXED), false);
}

/* As the methods of IMalloc; shown to the spy where there still is one. */
void *memory_spy_alloc(SIZE_T size);
void *memory_spy_realloc(void *block, SIZE_T size);
void memory_spy_free(void *block);
SIZE_T memory_spy_get_size(void *block);
int memory_spy_did_alloc(void *block);
void memory_spy_heap_minimize(void);

/* What is under all of it. */
SIZE_T memory_size(void *block);
void memory_minimize(void);

#endif
