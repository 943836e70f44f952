/* SPDX-License-Identifier: BSD-2-Clause */
/* What a forked child finds: every lock of the runtime free, and what it guards whole. */
#ifndef TESSERA_RUNTIME_FORK_H
#define TESSERA_RUNTIME_FORK_H

#include <pthread.h>

#define FORK_LOCKS_MAX 16u

enum fork_order {
	FORK_OUTER, /* may be held while a leaf is taken, never while another of these is */
	FORK_LEAF,
};

/*
 * fork_guard: takes `lock` around every fork, so that no other thread is in the middle of what it
 * guards. To be called from a constructor, for a lock that is held for short and never around
 * foreign code.
 * @in_child: called in the child while the locks are held; NULL: nothing to do
 */
void fork_guard(pthread_mutex_t *lock, enum fork_order order, void (*in_child)(void));

#endif
