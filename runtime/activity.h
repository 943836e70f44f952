/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is inside: the threads that look up a class, or run code of a module because the runtime
 * called it, and since when.
 *
 * A thread marks itself in a cache line of its own: one store when it enters, one when it leaves,
 * no lock and nothing that other threads write. Whoever takes something away makes it unreachable,
 * counts the generation up, and ends it when no thread is inside that entered before; he pays for
 * the ordering between the two with membarrier(2). Nobody ever waits for a thread to leave: what
 * cannot end yet is kept, and looked at again the next time.
 */
#ifndef TESSERA_RUNTIME_ACTIVITY_H
#define TESSERA_RUNTIME_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/thread_state.h"

struct activity_marker {
	_Alignas(64) uintptr_t since; /* generation at entry; 0: outside */
	unsigned depth;               /* an activation may need another; the owner's alone */
	bool owned;                   /* under the list's lock, as `next` */
	struct activity_marker *next;
};

/* Read by all and hardly ever written. */
struct activity_world {
	_Alignas(64) uintptr_t generation;
	bool by_membarrier; /* false: entering orders itself; decided once */
};
extern struct activity_world activity_world __attribute__((visibility("hidden")));

/* The calling thread's marker, made now; NULL: no memory. */
struct activity_marker *activity_join(void);

/* The marker is another thread's to take. */
void activity_part(struct activity_marker *marker);

/*
 * What is reached after this and before the matching activity_leave stays whole. False: no memory,
 * and nothing to leave.
 */
static inline bool
activity_enter(void)
{
	struct activity_marker *marker = thread_state.marker;
	uintptr_t now;

	if (marker == NULL && (marker = activity_join()) == NULL)
		return false;
	if (marker->depth++ != 0)
		return true;
	now = __atomic_load_n(&activity_world.generation, __ATOMIC_ACQUIRE);
	if (activity_world.by_membarrier) {
		__atomic_store_n(&marker->since, now, __ATOMIC_RELAXED);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
	} else {
		__atomic_store_n(&marker->since, now, __ATOMIC_SEQ_CST);
	}
	return true;
}

static inline void
activity_leave(void)
{
	struct activity_marker *marker = thread_state.marker;

	if (--marker->depth == 0)
		__atomic_store_n(&marker->since, 0, __ATOMIC_RELEASE);
}

/* A new generation: whoever enters from now on cannot reach what was unreachable before the call.
 */
uintptr_t activity_advance(void);

/* Is no thread inside that entered before this generation? The calling thread counts as well. */
bool activity_passed(uintptr_t generation);

/* First member of what is to end later. */
struct activity_retired {
	struct activity_retired *next;
	uintptr_t generation;
	void (*end)(struct activity_retired *item);
	bool foreign; /* `end` calls code of a component */
};

/* Takes *item, which nobody can reach any more, to call `end` on it once nobody uses it either. */
void activity_retire(
    struct activity_retired *item, bool foreign, void (*end)(struct activity_retired *item));

/* Ends what can end, on this thread; without `foreign` only plain memory. */
void activity_reap(bool foreign);

/* The same for plain memory, when there is so much that it is worth the kernel's barrier. */
void activity_reap_when_many(void);

#endif
