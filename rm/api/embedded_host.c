/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of the embedded engine: started by the first call, stopped when the process ends.
 *
 * Other threads may be inside a call when the process ends, and may make more. So what they could
 * be using stays allocated; only drivers and threads are stopped. A driver that does not come back
 * is left alone after a while, because a process must be able to end.
 *
 * A child made by fork has no use for any of it: its parent's threads are not there, and reader
 * drivers cannot be divided. It is refused everything, until it runs a program of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <objbase.h>

#include "rm/api/embedded.h"

#define SETTLE_LIMIT_MS 1000u /* for the resets of cards at the end */
#define STOP_LIMIT_MS 4000u   /* for drivers */
#define CLOSE_LIMIT_MS 1000u  /* for threads that are not in a driver any more */

_Static_assert(RM_CALLS_MESSAGE_SIZE == RM_MESSAGE_SIZE, "messages are passed through");

uint32_t embedded_state;
struct embedded *embedded;

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
static bool hooked;                /* exit and fork are watched */
static struct embedded *abandoned; /* reachable, so that no leak is reported */

static void
set_alarm(void *data, uint64_t deadline)
{
	embedded_pool_alarm(&((struct embedded *)data)->pool, deadline);
}

static void
run_soon(void *data, struct rm_request *request)
{
	embedded_hand_over(&((struct embedded *)data)->pool, request);
}

/* Drivers by their names. Components need a thread that has said so; not for longer than this. */
static LONG
start_drivers(struct rm_engine *engine, const struct embedded_drivers *drivers, char *message)
{
	HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
	LONG result = SCARD_S_SUCCESS;

	for (size_t i = 0; i < drivers->count && result == SCARD_S_SUCCESS; i++)
		result = rm_engine_start_driver(
		    engine, drivers->drivers[i].name, drivers->drivers[i].settings, message);
	if (SUCCEEDED(hr))
		CoUninitialize();
	return result;
}

/* Takes everything down after a failed start. */
static void
discard(struct embedded *host)
{
	if (host->session != NULL)
		rm_session_end(host->session);
	rm_engine_stop(host->engine);
	if (!embedded_pool_close(&host->pool, rm_deadline(CLOSE_LIMIT_MS))) {
		host->abandoned = abandoned;
		abandoned = host;
		return;
	}
	embedded_pool_done(&host->pool);
	rm_session_free(host->session);
	rm_engine_free(host->engine);
	free(host);
}

static struct embedded *
no_memory(LONG *ret_code, char *message)
{
	(void)snprintf(message, RM_CALLS_MESSAGE_SIZE,
	    "TESSERA_RM=embedded: no memory for the engine; end other programs");
	*ret_code = SCARD_E_NO_MEMORY;
	return NULL;
}

static struct embedded *
host_new(void)
{
	struct embedded *host = calloc(1, sizeof *host);
	const struct rm_host hooks = { .run_soon = run_soon, .set_alarm = set_alarm, .data = host };

	if (host == NULL)
		return NULL;
	if ((host->engine = rm_engine_new(&hooks)) == NULL) {
		free(host);
		return NULL;
	}
	embedded_pool_init(&host->pool, host->engine);
	return host;
}

struct embedded *
embedded_start(const char *settings, LONG *ret_code, char *message)
{
	struct embedded_drivers drivers;
	struct embedded *host;

	*ret_code = embedded_settings_parse(settings, &drivers, message);
	if (*ret_code != SCARD_S_SUCCESS)
		return NULL;
	if ((host = host_new()) == NULL) {
		embedded_settings_clear(&drivers);
		return no_memory(ret_code, message);
	}
	*ret_code = start_drivers(host->engine, &drivers, message);
	embedded_settings_clear(&drivers);
	if (*ret_code != SCARD_S_SUCCESS) {
		discard(host);
		return NULL;
	}
	if ((host->session = rm_session_new(host->engine, getpid(), getuid())) == NULL) {
		discard(host);
		return no_memory(ret_code, message);
	}
	return host;
}

struct stopping {
	struct rm_engine *engine;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopped;
};

static void *
stop_drivers(void *data)
{
	struct stopping *stopping = data;

	rm_engine_stop(stopping->engine);
	(void)pthread_mutex_lock(&stopping->lock);
	stopping->stopped = true;
	(void)pthread_cond_signal(&stopping->wake);
	(void)pthread_mutex_unlock(&stopping->lock);
	return NULL;
}

/* Stop may never come back, so it is called on a thread that can be left behind. */
static void
stop_in_time(struct rm_engine *engine, uint64_t deadline)
{
	static struct stopping stopping = { .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t thread;
	bool in_time = true;

	stopping.engine = engine;
	embedded_condition_init(&stopping.wake);
	if (!embedded_thread_start(&thread, stop_drivers, &stopping))
		return;
	(void)pthread_mutex_lock(&stopping.lock);
	while (!stopping.stopped && in_time)
		in_time = embedded_condition_wait(&stopping.wake, &stopping.lock, deadline);
	in_time = stopping.stopped;
	(void)pthread_mutex_unlock(&stopping.lock);
	if (in_time)
		(void)pthread_join(thread, NULL);
}

void
embedded_stop(struct embedded *host)
{
	rm_session_end(host->session);
	(void)embedded_pool_settle(&host->pool, rm_deadline(SETTLE_LIMIT_MS));
	stop_in_time(host->engine, rm_deadline(STOP_LIMIT_MS));
	(void)embedded_pool_close(&host->pool, rm_deadline(CLOSE_LIMIT_MS));
}

static void
process_ends(void)
{
	if (__atomic_load_n(&embedded_state, __ATOMIC_ACQUIRE) != EMBEDDED_OPEN)
		return;
	/* Another thread is starting it: then there is nothing of ours that must be stopped. */
	if (pthread_mutex_trylock(&opening) != 0)
		return;
	__atomic_store_n(&embedded_state, EMBEDDED_CLOSED, __ATOMIC_RELEASE);
	if (embedded != NULL)
		embedded_stop(embedded);
	(void)pthread_mutex_unlock(&opening);
}

static void
child_forked(void)
{
	__atomic_store_n(&embedded_state, EMBEDDED_FORKED, __ATOMIC_RELEASE);
}

static const struct rm_calls *
refuse(enum embedded_state state, LONG *ret_code, char *message)
{
	*ret_code = SCARD_E_NO_SERVICE;
	(void)snprintf(message, RM_CALLS_MESSAGE_SIZE, "%s",
	    state == EMBEDDED_FORKED
		? "TESSERA_RM=embedded: this process was forked from one that used its readers; "
		  "establish a context before the fork's parent does, or after exec"
		: "TESSERA_RM=embedded: this process is ending");
	return NULL;
}

__attribute__((visibility("default"))) const struct rm_calls *
tessera_rm_embedded(const char *settings, LONG *ret_code, char *message)
{
	uint32_t state = __atomic_load_n(&embedded_state, __ATOMIC_ACQUIRE);
	const struct rm_calls *calls = NULL;

	if (state != EMBEDDED_OPEN)
		return refuse((enum embedded_state)state, ret_code, message);
	(void)pthread_mutex_lock(&opening);
	if (!hooked) {
		hooked = true;
		(void)pthread_atfork(NULL, NULL, child_forked);
		(void)atexit(process_ends);
	}
	if (embedded == NULL)
		embedded = embedded_start(settings, ret_code, message);
	if (embedded != NULL)
		calls = &embedded_calls;
	(void)pthread_mutex_unlock(&opening);
	return calls;
}
