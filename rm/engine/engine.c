/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine's life, its clock, and what it asks of its host. */

#include <stdlib.h>
#include <time.h>

#include "rm/engine/private.h"

#define NANOSECONDS UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)

uint64_t
rm_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

uint64_t
rm_deadline(uint32_t from_now_ms)
{
	return rm_now() + from_now_ms * MILLISECOND;
}

struct rm_engine *
rm_engine_new(const struct rm_host *host)
{
	struct rm_engine *engine = calloc(1, sizeof *engine);

	if (engine == NULL)
		return NULL;
	engine->host = *host;
	engine->idle_limit_ms = RM_IDLE_TRANSACTION_MS;
	engine->poll_interval_ms = RM_POLL_INTERVAL_MS;
	(void)pthread_mutex_init(&engine->lock, NULL);
	rm_cache_init(&engine->cache);
	g_queue_init(&engine->readers);
	g_queue_init(&engine->unresolved);
	g_queue_init(&engine->timed);
	engine->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	engine->by_object = g_hash_table_new(g_direct_hash, g_direct_equal);
	engine->drivers = g_ptr_array_new();
	engine->reader_events = 1;
	rm_show_list(engine);
	return engine;
}

void
rm_engine_set_times(struct rm_engine *engine, uint32_t idle_limit_ms, uint32_t poll_interval_ms)
{
	__atomic_store_n(&engine->idle_limit_ms, idle_limit_ms, __ATOMIC_RELAXED);
	__atomic_store_n(&engine->poll_interval_ms, poll_interval_ms, __ATOMIC_RELAXED);
}

uint64_t
rm_idle_limit(const struct rm_engine *engine)
{
	return __atomic_load_n(&engine->idle_limit_ms, __ATOMIC_RELAXED) * MILLISECOND;
}

uint64_t
rm_poll_interval(const struct rm_engine *engine)
{
	return __atomic_load_n(&engine->poll_interval_ms, __ATOMIC_RELAXED) * MILLISECOND;
}

/* The first reader that waits for the alarm, with the reference of the list; NULL. */
static struct rm_reader *
pop_timed(struct rm_engine *engine)
{
	struct rm_reader *reader = NULL;
	GList *link;

	(void)pthread_mutex_lock(&engine->lock);
	if ((link = g_queue_pop_head_link(&engine->timed)) != NULL) {
		reader = link->data;
		reader->timed = false;
	}
	(void)pthread_mutex_unlock(&engine->lock);
	return reader;
}

void
rm_engine_stop(struct rm_engine *engine)
{
	struct rm_reader *reader;

	rm_drivers_stop(engine);
	while ((reader = pop_timed(engine)) != NULL)
		rm_reader_unref(reader);
}

void
rm_engine_free(struct rm_engine *engine)
{
	if (engine == NULL)
		return;
	rm_engine_stop(engine);
	rm_drivers_free(engine);
	g_hash_table_destroy(engine->by_name);
	g_hash_table_destroy(engine->by_object);
	g_ptr_array_free(engine->drivers, TRUE);
	rm_cache_done(&engine->cache);
	(void)pthread_mutex_destroy(&engine->lock);
	free(engine);
}

void
rm_engine_run_soon(struct rm_engine *engine, struct rm_request *request)
{
	engine->host.run_soon(engine->host.data, request);
}

/*
 * Tells the host the alarm. Two threads may get here in either order, so each looks again after it
 * has spoken: the last to speak has told the truth.
 */
static void
tell_alarm(struct rm_engine *engine)
{
	uint64_t alarm = __atomic_load_n(&engine->alarm, __ATOMIC_SEQ_CST), told;

	do {
		told = alarm;
		if (told != 0)
			engine->host.set_alarm(engine->host.data, told);
		alarm = __atomic_load_n(&engine->alarm, __ATOMIC_SEQ_CST);
	} while (alarm != told);
}

void
rm_alarm_want(struct rm_reader *reader, uint64_t deadline)
{
	struct rm_engine *engine = reader->engine;
	bool earlier;

	(void)pthread_mutex_lock(&engine->lock);
	if (!reader->timed && !reader->left) {
		reader->timed = true;
		(void)rm_reader_ref(reader);
		g_queue_push_tail_link(&engine->timed, &reader->timed_link);
	}
	earlier = engine->alarm == 0 || deadline < engine->alarm;
	if (earlier)
		__atomic_store_n(&engine->alarm, deadline, __ATOMIC_SEQ_CST);
	(void)pthread_mutex_unlock(&engine->lock);
	if (earlier)
		tell_alarm(engine);
}

struct rm_request *
rm_engine_alarm(struct rm_engine *engine)
{
	struct rm_request *first = NULL, *turn;
	struct rm_reader *reader;
	uint64_t next;
	guint count;

	(void)pthread_mutex_lock(&engine->lock);
	__atomic_store_n(&engine->alarm, 0, __ATOMIC_SEQ_CST);
	count = engine->timed.length;
	(void)pthread_mutex_unlock(&engine->lock);
	for (; count > 0 && (reader = pop_timed(engine)) != NULL; count--) {
		turn = rm_own_alarm(reader, &next);
		if (next != 0)
			rm_alarm_want(reader, next);
		if (turn != NULL && first == NULL)
			first = turn;
		else if (turn != NULL)
			rm_engine_run_soon(engine, turn);
		rm_reader_unref(reader);
	}
	return first;
}
