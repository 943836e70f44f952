/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The threads of the embedded engine. As many as there is work to do at once, so that a driver that
 * blocks delays nobody else; one without work for a while ends. A thread that ends joins the one
 * that ended before it, so that at most one is left to join.
 */
#include <signal.h>
#include <time.h>

#include "rm/api/embedded.h"

#define IDLE_LIMIT_MS 10000u
#define STACK_SIZE (256u * 1024)
#define NANOSECONDS UINT64_C(1000000000)

void
embedded_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(condition, &attributes);
	(void)pthread_condattr_destroy(&attributes);
}

bool
embedded_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline)
{
	const struct timespec until = { .tv_sec = (time_t)(deadline / NANOSECONDS),
		.tv_nsec = (long)(deadline % NANOSECONDS) };

	return pthread_cond_timedwait(condition, lock, &until) == 0;
}

bool
embedded_thread_start(pthread_t *ret_thread, void *(*run)(void *), void *data)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int error;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(ret_thread, &attributes, run, data);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attributes);
	return error == 0;
}

void
embedded_pool_init(struct embedded_pool *pool, struct rm_engine *engine)
{
	*pool = (struct embedded_pool){ .engine = engine };
	(void)pthread_mutex_init(&pool->lock, NULL);
	embedded_condition_init(&pool->work);
	embedded_condition_init(&pool->clock);
	embedded_condition_init(&pool->quiet);
	g_queue_init(&pool->requests);
}

/* The last thing a thread does. The lock is held, and given up. */
static void
end_thread(struct embedded_pool *pool)
{
	pthread_t before = pool->ended;
	bool any = pool->ended_any;

	pool->ended = pthread_self();
	pool->ended_any = true;
	pool->threads--;
	(void)pthread_cond_broadcast(&pool->quiet);
	(void)pthread_mutex_unlock(&pool->lock);
	if (any)
		(void)pthread_join(before, NULL);
}

static void
run_all(struct rm_request *request)
{
	/* The engine's own work may be followed by a caller's, which has a thread. */
	while (request != NULL && request->operation == RM_OWN)
		request = rm_request_run(request);
	if (request != NULL)
		embedded_hand_over(NULL, request);
}

/* The lock is held. False: there was nothing to do for a while. */
static bool
wait_for_work(struct embedded_pool *pool)
{
	uint64_t deadline = rm_deadline(IDLE_LIMIT_MS);
	bool in_time = true;

	pool->idle++;
	if (pool->idle == pool->threads - (pool->clock_runs ? 1 : 0) &&
	    g_queue_is_empty(&pool->requests))
		(void)pthread_cond_broadcast(&pool->quiet);
	while (g_queue_is_empty(&pool->requests) && !pool->closing && in_time)
		in_time = embedded_condition_wait(&pool->work, &pool->lock, deadline);
	pool->idle--;
	return !g_queue_is_empty(&pool->requests);
}

static void *
work(void *data)
{
	struct embedded_pool *pool = data;

	(void)pthread_mutex_lock(&pool->lock);
	while (wait_for_work(pool)) {
		struct rm_request *request = g_queue_pop_head_link(&pool->requests)->data;

		(void)pthread_mutex_unlock(&pool->lock);
		run_all(request);
		(void)pthread_mutex_lock(&pool->lock);
	}
	end_thread(pool);
	return NULL;
}

/* The lock is held. Without a new thread the work waits for one that is busy. */
static void
need_thread(struct embedded_pool *pool)
{
	pthread_t thread;

	if (pool->requests.length <= pool->idle)
		(void)pthread_cond_signal(&pool->work);
	else if (!pool->ended_all && embedded_thread_start(&thread, work, pool))
		pool->threads++;
}

void
embedded_pool_run(struct embedded_pool *pool, struct rm_request *request)
{
	(void)pthread_mutex_lock(&pool->lock);
	request->own.link = (GList){ .data = request };
	g_queue_push_tail_link(&pool->requests, &request->own.link);
	need_thread(pool);
	(void)pthread_mutex_unlock(&pool->lock);
}

static void *
keep_time(void *data)
{
	struct embedded_pool *pool = data;

	(void)pthread_mutex_lock(&pool->lock);
	while (pool->alarm != 0 && !pool->closing) {
		struct rm_request *request;

		if (rm_deadline(0) < pool->alarm) {
			(void)embedded_condition_wait(&pool->clock, &pool->lock, pool->alarm);
			continue;
		}
		pool->alarm = 0;
		(void)pthread_mutex_unlock(&pool->lock);
		if ((request = rm_engine_alarm(pool->engine)) != NULL)
			embedded_hand_over(pool, request);
		(void)pthread_mutex_lock(&pool->lock);
	}
	pool->clock_runs = false;
	end_thread(pool);
	return NULL;
}

void
embedded_pool_alarm(struct embedded_pool *pool, uint64_t deadline)
{
	pthread_t thread;

	(void)pthread_mutex_lock(&pool->lock);
	pool->alarm = deadline;
	if (pool->clock_runs)
		(void)pthread_cond_signal(&pool->clock);
	else if (!pool->closing && embedded_thread_start(&thread, keep_time, pool)) {
		pool->clock_runs = true;
		pool->threads++;
	}
	(void)pthread_mutex_unlock(&pool->lock);
}

bool
embedded_pool_settle(struct embedded_pool *pool, uint64_t deadline)
{
	bool in_time = true, settled;

	(void)pthread_mutex_lock(&pool->lock);
	for (;;) {
		unsigned workers = pool->threads - (pool->clock_runs ? 1 : 0);

		settled = g_queue_is_empty(&pool->requests) && pool->idle == workers;
		if (settled || !in_time)
			break;
		in_time = embedded_condition_wait(&pool->quiet, &pool->lock, deadline);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return settled;
}

bool
embedded_pool_close(struct embedded_pool *pool, uint64_t deadline)
{
	bool in_time = true, all, any;
	pthread_t last;

	(void)pthread_mutex_lock(&pool->lock);
	pool->closing = true;
	(void)pthread_cond_broadcast(&pool->work);
	(void)pthread_cond_broadcast(&pool->clock);
	while (pool->threads != 0 && in_time)
		in_time = embedded_condition_wait(&pool->quiet, &pool->lock, deadline);
	all = pool->threads == 0;
	pool->ended_all = all;
	any = pool->ended_any;
	last = pool->ended;
	pool->ended_any = false;
	(void)pthread_mutex_unlock(&pool->lock);
	if (any)
		(void)pthread_join(last, NULL);
	return all;
}

void
embedded_pool_done(struct embedded_pool *pool)
{
	(void)pthread_cond_destroy(&pool->quiet);
	(void)pthread_cond_destroy(&pool->clock);
	(void)pthread_cond_destroy(&pool->work);
	(void)pthread_mutex_destroy(&pool->lock);
}
