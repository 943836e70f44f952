/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/api/database_wait.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "rm/api/database.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GQueue waits = G_QUEUE_INIT; /* of struct api_database_wait, on their callers' stacks */

static void
forking(void)
{
	(void)pthread_mutex_lock(&lock);
}

static void
forked(void)
{
	(void)pthread_mutex_unlock(&lock);
}

/* The threads whose waits these are stay with the parent. */
static void
forked_child(void)
{
	g_queue_init(&waits);
	(void)pthread_mutex_unlock(&lock);
}

static __attribute__((constructor)) void
watch_fork(void)
{
	(void)pthread_atfork(forking, forked, forked_child);
}

static bool
is_readable(int descriptor)
{
	struct pollfd polled = { .fd = descriptor, .events = POLLIN };

	return descriptor >= 0 && poll(&polled, 1, 0) == 1;
}

static void
close_descriptor(int *descriptor)
{
	if (*descriptor >= 0)
		(void)close(*descriptor);
	*descriptor = -1;
}

static bool
add(const struct api_database_wait *wait, int descriptor)
{
	struct epoll_event event = { .events = EPOLLIN };

	return descriptor >= 0 && epoll_ctl(wait->ends, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

bool
api_database_wait_begin(struct api_database_wait *wait, SCARDCONTEXT context)
{
	*wait = (struct api_database_wait){ .context = context,
		.ends = epoll_create1(EPOLL_CLOEXEC),
		.changes = -1,
		.cancelled = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.link = { .data = wait } };
	(void)pthread_mutex_lock(&lock);
	g_queue_push_tail_link(&waits, &wait->link);
	(void)pthread_mutex_unlock(&lock);
	if (wait->ends >= 0 && add(wait, wait->cancelled))
		return true;
	close_descriptor(&wait->ends);
	return false;
}

void
api_database_wait_end(struct api_database_wait *wait)
{
	(void)pthread_mutex_lock(&lock);
	g_queue_unlink(&waits, &wait->link);
	(void)pthread_mutex_unlock(&lock);
	close_descriptor(&wait->changes);
	close_descriptor(&wait->cancelled);
	close_descriptor(&wait->ends);
}

void
api_database_wait_renew(struct api_database_wait *wait)
{
	close_descriptor(&wait->changes);
	wait->changes = api_database_watch(wait->context);
	(void)add(wait, wait->changes);
}

bool
api_database_wait_changed(const struct api_database_wait *wait)
{
	return is_readable(wait->changes);
}

bool
api_database_wait_cancelled(const struct api_database_wait *wait)
{
	return is_readable(wait->cancelled);
}

void
api_database_wait_cancel(SCARDCONTEXT context)
{
	(void)pthread_mutex_lock(&lock);
	for (const GList *link = waits.head; link != NULL; link = link->next) {
		const struct api_database_wait *wait = link->data;

		if (wait->context == context && wait->cancelled >= 0)
			(void)eventfd_write(wait->cancelled, 1);
	}
	(void)pthread_mutex_unlock(&lock);
}
