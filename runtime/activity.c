/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The markers of all threads, and what waits for them.
 *
 * Entering: store the marker, then load the table. Taking away: store the table, then load the
 * markers. One of the two must see the other's store, which needs a full barrier between store and
 * load on both sides. With membarrier the kernel runs both barriers for the one who takes away;
 * without it, and under ThreadSanitizer, which knows nothing of it, entering is a sequentially
 * consistent store.
 *
 * To register for membarrier takes milliseconds in a process with threads, so that is left to the
 * one who takes away as well; who enters need only know that the kernel has it.
 */
#include "runtime/activity.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/fork.h"

#if defined(__SANITIZE_THREAD__)
#define CAN_MEMBARRIER false
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CAN_MEMBARRIER false
#endif
#endif
#ifndef CAN_MEMBARRIER
#define CAN_MEMBARRIER true
#endif

/* What waits below this number costs less than asking whether it must. */
#define RETIRED_MANY 32u

struct activity_world activity_world = { .generation = 1 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct activity_marker *markers; /* under the lock, as all that follows */
static struct activity_retired *retired;
static unsigned retired_count;
static pthread_once_t decided = PTHREAD_ONCE_INIT;

static bool
membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0u, 0) == 0;
}

static void
decide(void)
{
	long known = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0u, 0);

	activity_world.by_membarrier =
	    CAN_MEMBARRIER && known > 0 && (known & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0;
}

/* The other side's barrier. False: it could not be had, and the markers mean nothing. */
static bool
order_all_threads(void)
{
	if (!activity_world.by_membarrier || membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
		return true;
	/* The first time, and in a child that has to register anew. */
	return errno == EPERM && membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) &&
	    membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

static struct activity_marker *
recycled_or_new(void)
{
	struct activity_marker *marker = markers;

	while (marker != NULL && marker->owned)
		marker = marker->next;
	if (marker != NULL)
		return marker;
	marker = aligned_alloc(_Alignof(struct activity_marker), sizeof *marker);
	if (marker == NULL)
		return NULL;
	*marker = (struct activity_marker){ .next = markers };
	markers = marker;
	return marker;
}

struct activity_marker *
activity_join(void)
{
	struct activity_marker *marker;

	pthread_once(&decided, decide);
	/* Without a destructor the marker would be lost with the thread, and block nothing. */
	(void)thread_state_keep();
	pthread_mutex_lock(&lock);
	marker = recycled_or_new();
	if (marker != NULL)
		marker->owned = true;
	pthread_mutex_unlock(&lock);
	thread_state.marker = marker;
	return marker;
}

void
activity_part(struct activity_marker *marker)
{
	pthread_mutex_lock(&lock);
	/* A thread that was cancelled in a constructor never left. */
	marker->depth = 0;
	__atomic_store_n(&marker->since, 0, __ATOMIC_RELEASE);
	marker->owned = false;
	pthread_mutex_unlock(&lock);
}

uintptr_t
activity_advance(void)
{
	return __atomic_add_fetch(&activity_world.generation, 1, __ATOMIC_SEQ_CST);
}

/* The earliest entry of those who are inside; 0: not known; under the lock. */
static uintptr_t
earliest(void)
{
	uintptr_t result = UINTPTR_MAX;

	if (!order_all_threads())
		return 0;
	for (const struct activity_marker *m = markers; m != NULL; m = m->next) {
		uintptr_t since = __atomic_load_n(&m->since, __ATOMIC_SEQ_CST);

		if (since != 0 && since < result)
			result = since;
	}
	return result;
}

bool
activity_passed(uintptr_t generation)
{
	bool passed;

	pthread_mutex_lock(&lock);
	passed = earliest() >= generation;
	pthread_mutex_unlock(&lock);
	return passed;
}

void
activity_retire(
    struct activity_retired *item, bool foreign, void (*end)(struct activity_retired *item))
{
	item->generation = activity_advance();
	item->end = end;
	item->foreign = foreign;
	pthread_mutex_lock(&lock);
	item->next = retired;
	retired = item;
	retired_count++;
	pthread_mutex_unlock(&lock);
}

static struct activity_retired *
take_ended(bool foreign)
{
	struct activity_retired *ended = NULL, **link = &retired;
	uintptr_t until;

	pthread_mutex_lock(&lock);
	until = retired != NULL ? earliest() : 0;
	while (*link != NULL) {
		struct activity_retired *item = *link;

		if (item->generation > until || (item->foreign && !foreign)) {
			link = &item->next;
			continue;
		}
		*link = item->next;
		retired_count--;
		item->next = ended;
		ended = item;
	}
	pthread_mutex_unlock(&lock);
	return ended;
}

void
activity_reap(bool foreign)
{
	struct activity_retired *item = take_ended(foreign);

	while (item != NULL) {
		struct activity_retired *next = item->next;

		item->end(item);
		item = next;
	}
}

void
activity_reap_when_many(void)
{
	bool many;

	pthread_mutex_lock(&lock);
	many = retired_count >= RETIRED_MANY;
	pthread_mutex_unlock(&lock);
	if (many)
		activity_reap(false);
}

/* The other threads are gone, inside or not. */
static void
forget_other_threads(void)
{
	for (struct activity_marker *m = markers; m != NULL; m = m->next)
		if (m != thread_state.marker) {
			m->depth = 0;
			m->since = 0;
			m->owned = false;
		}
}

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&lock, FORK_LEAF, forget_other_threads);
}
