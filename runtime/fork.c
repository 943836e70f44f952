/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child has one thread: a lock that another thread held while it was forked would stay locked for
 * ever.
 */
#include "runtime/fork.h"

#include <stdlib.h>

static struct guarded {
	pthread_mutex_t *lock;
	enum fork_order order;
	void (*in_child)(void);
} guarded[FORK_LOCKS_MAX];
static unsigned count;

static void
take(enum fork_order order)
{
	for (unsigned i = 0; i < count; i++)
		if (guarded[i].order == order)
			pthread_mutex_lock(guarded[i].lock);
}

static void
take_all(void)
{
	take(FORK_OUTER);
	take(FORK_LEAF);
}

static void
give_all(void)
{
	for (unsigned i = count; i-- > 0;)
		pthread_mutex_unlock(guarded[i].lock);
}

static void
give_all_in_child(void)
{
	for (unsigned i = 0; i < count; i++)
		if (guarded[i].in_child != NULL)
			guarded[i].in_child();
	give_all();
}

void
fork_guard(pthread_mutex_t *lock, enum fork_order order, void (*in_child)(void))
{
	if (count == FORK_LOCKS_MAX)
		abort();
	if (count == 0)
		pthread_atfork(take_all, give_all, give_all_in_child);
	guarded[count++] = (struct guarded){ lock, order, in_child };
}
