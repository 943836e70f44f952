/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sinks of a connection point: a list that never changes once it is seen. Adding or removing
 * makes a new list, so that an event visits the one it began with, without a lock.
 */
#ifndef TESSERA_RUNTIME_SINKS_H
#define TESSERA_RUNTIME_SINKS_H

#include <stdbool.h>

#include <objbase.h>

struct sink {
	unsigned references; /* changed atomically */
	bool removed;        /* changed atomically */
	IUnknown *iface;
	DWORD cookie;
};

struct tessera_sinks {
	unsigned references; /* changed atomically */
	size_t count;
	struct sink *sinks[];
};

static inline bool
sink_is_removed(const struct sink *sink)
{
	return __atomic_load_n(&sink->removed, __ATOMIC_RELAXED);
}

/* NULL stands for the empty list everywhere. */
struct tessera_sinks *sinks_ref(struct tessera_sinks *sinks);
/* Releases sinks that nobody needs any more: not with a lock held. */
void sinks_unref(struct tessera_sinks *sinks);

/* Index of the sink with that number that is not removed; count when there is none. */
size_t sinks_find(const struct tessera_sinks *sinks, DWORD cookie);
static inline size_t
sinks_count(const struct tessera_sinks *sinks)
{
	return sinks != NULL ? sinks->count : 0;
}

/* (transfer full): with one more at the end, whose reference is taken over; NULL: no memory. */
struct tessera_sinks *sinks_with(const struct tessera_sinks *sinks, IUnknown *iface, DWORD cookie);
/*
 * (transfer full): without the one at that place, which is marked as removed. Never fails: without
 * memory it is the same list, with a removed sink that goes at the next change.
 */
struct tessera_sinks *sinks_without(struct tessera_sinks *sinks, size_t place);

#endif
