/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watching allocator, libtessera-alloc.so: loaded before all others into the process of some
 * checks of comreg check, it stands in for malloc and the task allocator. It makes allocation fail
 * on demand, fills what is freed, and sees who gives memory back to the wrong allocator.
 *
 * comreg finds these functions with dlsym; they exist only when the library is loaded.
 */
#ifndef TESSERA_RUNTIME_COMREG_ALLOC_WATCH_H
#define TESSERA_RUNTIME_COMREG_ALLOC_WATCH_H

#include <stddef.h>
#include <stdint.h>

#define ALLOC_FILL 0xDB

/* What is judged: calls from code in [from, to), the module's. Also turns filling on. */
typedef void (*alloc_watch)(uintptr_t from, uintptr_t to);
/* Allocations by that code never fail; at most 8 pieces. */
typedef void (*alloc_exempt)(uintptr_t from, uintptr_t to);
/* The number-th allocation of the calling thread fails, counted from now; 0: none does. Returns how
 * many there were since the last call. */
typedef unsigned (*alloc_fail)(unsigned number);
/* Where a block comes from that somebody was given. */
enum alloc_origin {
	ALLOC_UNKNOWN, /* it was there before watching began, or is no block */
	ALLOC_MALLOC,
	ALLOC_TASK,
	ALLOC_STRING, /* of SysAllocString, which takes it from the task allocator */
	ALLOC_GONE    /* freed */
};
typedef enum alloc_origin (*alloc_origin_of)(const void *block);
/* NULL, or the first thing that was done wrong, a constant text. */
typedef const char *(*alloc_finding)(void);

#endif
