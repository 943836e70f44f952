/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the process does to its session: it begins, forks and ends. The child of a fork closes what
 * it has of its parent's session, and can only begin one of its own.
 */
#include "rm/api/remote_state.h"

/*
 * Also when this library is unloaded, or the process ends: then a thread may still be in a call,
 * and keeps its lane.
 */
__attribute__((destructor)) void
api_remote_close(void)
{
	(void)pthread_mutex_lock(&remote.lock);
	remote_lanes_close_idle();
	if (!remote.opening)
		remote_close_fd(&remote.control);
	remote.opened = false;
	remote_page_drop();
	remote_handles_clear(&remote.handles);
	(void)pthread_mutex_unlock(&remote.lock);
}

static void
forking(void)
{
	(void)pthread_mutex_lock(&remote.lock);
}

static void
forked_parent(void)
{
	(void)pthread_mutex_unlock(&remote.lock);
}

/* The parent's other threads are not here: what they had taken is free. */
static void
forked_child(void)
{
	remote_close_fd(&remote.control);
	remote_page_drop();
	for (size_t i = 0; i < REMOTE_LANES_MAX; i++) {
		remote_lane_close(&remote.lanes[i]);
		remote.lanes[i].taken = false;
	}
	remote.idle_count = 0;
	remote.waiting = 0;
	remote.waiters = 0;
	remote.opening = false;
	remote.opened = false;
	remote.foreign = remote.generation;
	(void)pthread_cond_init(&remote.changed, NULL);
	(void)pthread_mutex_unlock(&remote.lock);
}

static __attribute__((constructor)) void
prepare(void)
{
	for (size_t i = 0; i < REMOTE_LANES_MAX; i++)
		remote.lanes[i].fd = -1;
	(void)pthread_atfork(forking, forked_parent, forked_child);
}
