/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The threads and what they wait for.
 *
 * The two that wait longest wait for ever, so an idle daemon never wakes up; more than those end
 * when they have had nothing to do for a while.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

/*
 * Whoever arms a source hands it, through the kernel, to whoever gets its next event.
 * ThreadSanitizer sees that order for EPOLL_CTL_ADD, not for EPOLL_CTL_MOD, so it is told: about
 * this source, and nothing else.
 */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#include <sys/syscall.h>

static int
epoll_modify(struct source *source, struct epoll_event *event)
{
	int fd = source->fd;

	__tsan_release(source);
	return (int)syscall(SYS_epoll_ctl, scardd.epoll, EPOLL_CTL_MOD, fd, event);
}

static void
event_taken(struct source *source)
{
	__tsan_acquire(source);
}
#else
static int
epoll_modify(struct source *source, struct epoll_event *event)
{
	return epoll_ctl(scardd.epoll, EPOLL_CTL_MOD, source->fd, event);
}

static void
event_taken(struct source *source)
{
	(void)source;
}
#endif

static _Thread_local bool is_ours, is_inside;
static _Thread_local struct call *kept;

/*
 * A request that waits takes its message from the thread that received it and gives it to the one
 * that finishes it. Those change hands here: to map and unmap memory for each cost a tenth of a
 * transaction when many wait for one reader.
 */
#define SPARE_CALLS 16u
#define SPARE_SIZE 4096u /* of message and answer; what was larger is given back to the system */

static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static struct call *spare[SPARE_CALLS];
static size_t spare_count;

/* NULL: there is none. */
static struct call *
spare_pop(void)
{
	struct call *call = NULL;

	(void)pthread_mutex_lock(&spare_lock);
	if (spare_count > 0)
		call = spare[--spare_count];
	(void)pthread_mutex_unlock(&spare_lock);
	return call;
}

static bool
spare_push(struct call *call)
{
	bool room;

	if (call->received > SPARE_SIZE || call->answer.used > SPARE_SIZE)
		return false;
	(void)pthread_mutex_lock(&spare_lock);
	if ((room = spare_count < SPARE_CALLS))
		spare[spare_count++] = call;
	(void)pthread_mutex_unlock(&spare_lock);
	return room;
}

struct call *
loop_call_get(void)
{
	struct call *call = kept;

	kept = NULL;
	if (call != NULL || (call = spare_pop()) != NULL)
		return call;
	/* Not cleared: most of it is never touched and takes no memory. */
	if ((call = malloc(sizeof *call)) != NULL)
		call->received = call->answer.used = 0;
	return call;
}

void
loop_call_put(struct call *call)
{
	if (is_ours && kept == NULL)
		kept = call;
	else if (!spare_push(call))
		free(call);
}

static struct epoll_event
event_of(struct source *source)
{
	return (struct epoll_event){ .events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT,
		.data.ptr = source };
}

bool
loop_add(struct source *source)
{
	struct epoll_event event = event_of(source);

	return epoll_ctl(scardd.epoll, EPOLL_CTL_ADD, source->fd, &event) == 0;
}

void
loop_arm(struct source *source)
{
	struct epoll_event event = event_of(source);

	if (epoll_modify(source, &event) != 0)
		log_line(LOG_LEVEL_ERROR, "epoll: %s; a client will not be heard any more",
		    strerror(errno));
}

/* Waits for one event. False: this thread is not needed any more. */
static bool
wait_for_event(struct epoll_event *ret_event)
{
	unsigned waiting = __atomic_add_fetch(&scardd.waiting, 1, __ATOMIC_SEQ_CST);
	int timeout = waiting > DAEMON_SPARE_THREADS ? DAEMON_THREAD_IDLE_MS : -1;
	int count;

	do
		count = epoll_wait(scardd.epoll, ret_event, 1, timeout);
	while (count < 0 && errno == EINTR);
	waiting = __atomic_fetch_sub(&scardd.waiting, 1, __ATOMIC_SEQ_CST);
	ret_event->data.ptr = count == 1 ? ret_event->data.ptr : NULL;
	return count == 1 || waiting <= DAEMON_SPARE_THREADS;
}

/*
 * Whether this thread may end, which then is counted. The others may all be about to go inside:
 * they count themselves before they look here, and this one the other way round.
 */
static bool
may_end(void)
{
	bool stays;

	(void)pthread_mutex_lock(&scardd.lock);
	stays = __atomic_sub_fetch(&scardd.threads, 1, __ATOMIC_SEQ_CST) <
		__atomic_load_n(&scardd.inside, __ATOMIC_SEQ_CST) + DAEMON_SPARE_THREADS &&
	    !__atomic_load_n(&scardd.stopping, __ATOMIC_ACQUIRE);
	if (stays)
		(void)__atomic_add_fetch(&scardd.threads, 1, __ATOMIC_SEQ_CST);
	else
		(void)pthread_cond_broadcast(&scardd.quiet);
	(void)pthread_mutex_unlock(&scardd.lock);
	return !stays;
}

static void *
work(void *data)
{
	struct epoll_event event;

	(void)data;
	is_ours = true;
	do {
		while (!__atomic_load_n(&scardd.stopping, __ATOMIC_ACQUIRE) &&
		    wait_for_event(&event)) {
			struct source *source = event.data.ptr;

			if (source != NULL) {
				event_taken(source);
				source->ready(source, event.events);
			}
		}
		free(kept);
		kept = NULL;
	} while (!may_end());
	return NULL;
}

/* All signals are blocked since the start, for this one as well. */
static bool
start_thread(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	(void)pthread_mutex_lock(&scardd.lock);
	(void)__atomic_add_fetch(&scardd.threads, 1, __ATOMIC_SEQ_CST);
	(void)pthread_mutex_unlock(&scardd.lock);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attributes, DAEMON_THREAD_STACK);
	error = pthread_create(&thread, &attributes, work, NULL);
	(void)pthread_attr_destroy(&attributes);
	if (error == 0)
		return true;
	(void)pthread_mutex_lock(&scardd.lock);
	(void)__atomic_sub_fetch(&scardd.threads, 1, __ATOMIC_SEQ_CST);
	(void)pthread_mutex_unlock(&scardd.lock);
	log_line(
	    LOG_LEVEL_ERROR, "no new thread: %s; clients may wait for each other", strerror(error));
	return false;
}

void
loop_enter(void)
{
	unsigned inside = __atomic_add_fetch(&scardd.inside, 1, __ATOMIC_SEQ_CST);

	is_inside = true;
	if (inside + DAEMON_SPARE_THREADS > __atomic_load_n(&scardd.threads, __ATOMIC_SEQ_CST))
		(void)start_thread();
}

void
loop_leave(void)
{
	if (!is_inside)
		return;
	is_inside = false;
	(void)__atomic_sub_fetch(&scardd.inside, 1, __ATOMIC_SEQ_CST);
}

/* Armed again and never read: it wakes all threads, one after the other. */
static void
stop_ready(struct source *source, uint32_t events)
{
	(void)events;
	loop_arm(source);
}

bool
loop_begin(void)
{
	scardd.epoll = epoll_create1(EPOLL_CLOEXEC);
	scardd.stop = (struct source){ eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), stop_ready };
	if (scardd.epoll < 0 || scardd.stop.fd < 0 || !loop_add(&scardd.stop)) {
		log_line(LOG_LEVEL_ERROR, "epoll: %s", strerror(errno));
		return false;
	}
	for (unsigned i = 0; i < DAEMON_SPARE_THREADS; i++)
		if (!start_thread())
			return false;
	return true;
}

void
loop_end(void)
{
	const uint64_t one = 1;

	__atomic_store_n(&scardd.stopping, true, __ATOMIC_RELEASE);
	if (write(scardd.stop.fd, &one, sizeof one) < 0)
		log_line(LOG_LEVEL_ERROR, "eventfd: %s", strerror(errno));
	(void)pthread_mutex_lock(&scardd.lock);
	while (scardd.threads != 0)
		(void)pthread_cond_wait(&scardd.quiet, &scardd.lock);
	(void)pthread_mutex_unlock(&scardd.lock);
	for (struct call *call; (call = spare_pop()) != NULL;)
		free(call);
	(void)close(scardd.stop.fd);
	(void)close(scardd.epoll);
}
