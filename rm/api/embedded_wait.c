/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How callers wait. A call is a request that its own thread runs when its turn has come; until then
 * the thread waits on a condition of its own.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "rm/api/embedded.h"

#define WAIT_FOREVER 0xFFFFFFFFu
#define NANOSECONDS 1000000000u
#define WAITER_INIT                                                                               \
	{                                                                                         \
		.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER, .event = -1, \
	}

static void
waiter_finish(struct embedded_waiter *waiter, LONG result)
{
	if (waiter->running) {
		waiter->result = result;
		waiter->done = true;
		return;
	}
	(void)pthread_mutex_lock(&waiter->lock);
	waiter->result = result;
	waiter->done = true;
	(void)pthread_cond_signal(&waiter->wake);
	if (waiter->event >= 0)
		(void)eventfd_write(waiter->event, 1);
	(void)pthread_mutex_unlock(&waiter->lock);
}

static void
waiter_destroy(struct embedded_waiter *waiter)
{
	(void)pthread_cond_destroy(&waiter->wake);
	(void)pthread_mutex_destroy(&waiter->lock);
	if (waiter->event >= 0)
		(void)close(waiter->event);
}

static void
request_done(struct rm_request *request, LONG result)
{
	waiter_finish(request->owner, result);
}

static void
watch_done(struct rm_watch *watch, LONG result)
{
	waiter_finish(watch->owner, result);
}

void
embedded_hand_over(void *data, struct rm_request *request)
{
	struct embedded_waiter *waiter = request->owner;

	if (request->operation == RM_OWN) {
		embedded_pool_run(data, request);
		return;
	}
	(void)pthread_mutex_lock(&waiter->lock);
	waiter->turn = true;
	(void)pthread_cond_signal(&waiter->wake);
	(void)pthread_mutex_unlock(&waiter->lock);
}

LONG
embedded_refused(char *message)
{
	static const char forked[] = "this process was forked; establish a new context after exec";
	static const char closed[] = "this process is ending and its readers are closed";
	uint32_t state = __atomic_load_n(&embedded_state, __ATOMIC_ACQUIRE);

	if (state == EMBEDDED_OPEN)
		return SCARD_S_SUCCESS;
	if (state == EMBEDDED_FORKED)
		memcpy(message, forked, sizeof forked);
	else
		memcpy(message, closed, sizeof closed);
	return SCARD_E_SERVICE_STOPPED;
}

/* True: it is our turn; false: it is all over. */
static bool
wait_for_turn(struct embedded_waiter *waiter)
{
	bool turn;

	(void)pthread_mutex_lock(&waiter->lock);
	while (!waiter->turn && !waiter->done)
		(void)pthread_cond_wait(&waiter->wake, &waiter->lock);
	turn = !waiter->done;
	(void)pthread_mutex_unlock(&waiter->lock);
	return turn;
}

LONG
embedded_perform(struct embedded_call *call, char *message)
{
	struct rm_request *request = &call->request, *next;
	LONG result = embedded_refused(message);

	if (result != SCARD_S_SUCCESS)
		return result;
	call->waiter = (struct embedded_waiter)WAITER_INIT;
	request->owner = &call->waiter;
	request->done = request_done;
	next = rm_submit(embedded->session, request);
	if (next != request) {
		if (next != NULL)
			embedded_hand_over(&embedded->pool, next);
		next = wait_for_turn(&call->waiter) ? request : NULL;
	}
	if (next != NULL) {
		call->waiter.running = true;
		if ((next = rm_request_run(request)) != NULL)
			embedded_hand_over(&embedded->pool, next);
	}
	waiter_destroy(&call->waiter);
	if (call->waiter.result != SCARD_S_SUCCESS)
		memcpy(message, request->message, sizeof request->message);
	return call->waiter.result;
}

/* Returns when it is done, its time is over, or the descriptor is readable. */
static void
poll_for_change(
    const struct embedded_waiter *waiter, uint32_t timeout_ms, uint64_t deadline, int wake)
{
	struct pollfd polled[] = { { .fd = waiter->event, .events = POLLIN },
		{ .fd = wake, .events = POLLIN } };
	int count;

	do {
		uint64_t now = rm_deadline(0), left = deadline > now ? deadline - now : 0;
		const struct timespec time = { .tv_sec = (time_t)(left / NANOSECONDS),
			.tv_nsec = (long)(left % NANOSECONDS) };

		count = ppoll(polled, 2, timeout_ms == WAIT_FOREVER ? NULL : &time, NULL);
	} while (count < 0 && errno == EINTR);
}

/* With the lock: until it is done or its time is over. */
static void
sleep_for_change(struct embedded_waiter *waiter, uint32_t timeout_ms, uint64_t deadline)
{
	bool in_time = true;

	while (!waiter->done && in_time) {
		if (timeout_ms == WAIT_FOREVER)
			(void)pthread_cond_wait(&waiter->wake, &waiter->lock);
		else
			in_time = embedded_condition_wait(&waiter->wake, &waiter->lock, deadline);
	}
}

/* Waits for a watch that has begun. */
static LONG
wait_for_change(
    struct rm_watch *watch, struct embedded_waiter *waiter, uint32_t timeout_ms, int wake)
{
	uint64_t deadline = rm_deadline(timeout_ms);

	if (waiter->event >= 0)
		poll_for_change(waiter, timeout_ms, deadline, wake);
	(void)pthread_mutex_lock(&waiter->lock);
	if (waiter->event < 0)
		sleep_for_change(waiter, timeout_ms, deadline);
	if (!waiter->done) {
		(void)pthread_mutex_unlock(&waiter->lock);
		/* Too late is no harm: then it has ended, and says so in a moment. */
		(void)rm_watch_end(watch, SCARD_E_TIMEOUT);
		(void)pthread_mutex_lock(&waiter->lock);
		while (!waiter->done)
			(void)pthread_cond_wait(&waiter->wake, &waiter->lock);
	}
	(void)pthread_mutex_unlock(&waiter->lock);
	return waiter->result;
}

LONG
embedded_watch(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_reader_state *states,
    size_t count, int wake, char *message)
{
	struct embedded_waiter waiter = WAITER_INIT;
	struct rm_watch watch;
	LONG result;

	embedded_condition_init(&waiter.wake);
	if (wake >= 0 && (waiter.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0) {
		waiter_destroy(&waiter);
		return SCARD_E_NO_MEMORY;
	}
	watch.context = context;
	watch.states = states;
	watch.count = count;
	watch.done = watch_done;
	watch.owner = &waiter;
	result = rm_watch_begin(embedded->session, &watch, timeout_ms != 0);
	if (result == RM_WATCH_PENDING)
		result = wait_for_change(&watch, &waiter, timeout_ms, wake);
	waiter_destroy(&waiter);
	if (result != SCARD_S_SUCCESS)
		memcpy(message, watch.message, sizeof watch.message);
	return result;
}
