/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine inside the calling process: what the parts of its host share.
 *
 * Exchanges run on the caller's own thread. Threads of the host's own exist only for work that no
 * caller waits for (a card came, a client's reset) and while a clock is needed.
 */
#ifndef RM_API_EMBEDDED_H
#define RM_API_EMBEDDED_H

#include <pthread.h>

#include "rm/api/calls.h"
#include "rm/engine/engine.h"

#define EMBEDDED_DRIVERS_MAX 16u
#define EMBEDDED_SETTINGS_MAX 1023u /* bytes for one driver */

struct embedded_driver {
	char *name;
	char *settings; /* NULL: none */
};
struct embedded_drivers {
	struct embedded_driver drivers[EMBEDDED_DRIVERS_MAX];
	size_t count;
};

/*
 * Reads `DRIVER[=SETTINGS][,DRIVER...]`; "" is the default driver. A failure leaves a text in
 * @message and nothing to free.
 */
LONG
embedded_settings_parse(const char *settings, struct embedded_drivers *ret_drivers, char *message);
void embedded_settings_clear(struct embedded_drivers *drivers);

/* Threads that run what the engine asks for. */
struct embedded_pool {
	pthread_mutex_t lock;
	pthread_cond_t work;  /* a request, or the end */
	pthread_cond_t clock; /* another alarm, or the end */
	pthread_cond_t quiet; /* nothing is queued or running, or no thread is left */
	struct rm_engine *engine;
	GQueue requests; /* by own.link */
	unsigned threads, idle;
	bool closing;
	bool ended_all; /* closed for good: what is still asked for is not done */
	bool clock_runs;
	uint64_t alarm; /* 0: none */
	bool ended_any;
	pthread_t ended; /* the thread that ended last, to be joined by the next that ends */
};

void embedded_pool_init(struct embedded_pool *pool, struct rm_engine *engine);
void embedded_pool_run(struct embedded_pool *pool, struct rm_request *request);
void embedded_pool_alarm(struct embedded_pool *pool, uint64_t deadline);
/* Waits until all that was asked for is done. False: not before the deadline. */
bool embedded_pool_settle(struct embedded_pool *pool, uint64_t deadline);
/* Has all that was asked for done, then ends and joins the threads. False: not before the deadline.
 */
bool embedded_pool_close(struct embedded_pool *pool, uint64_t deadline);
/* Frees what a closed pool has. Nobody uses it any more. */
void embedded_pool_done(struct embedded_pool *pool);

/* Starts a thread with all signals blocked. */
bool embedded_thread_start(pthread_t *ret_thread, void *(*run)(void *), void *data);
/* A condition whose deadlines are CLOCK_MONOTONIC. */
void embedded_condition_init(pthread_cond_t *condition);
/* Waits until signalled or a deadline in nanoseconds; false: the deadline has passed. */
bool embedded_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline);

/* Gives a request that has its turn to whoever is to run it: its caller, or the pool. */
void embedded_hand_over(void *data, struct rm_request *request);

/* The process's one engine. */
struct embedded {
	struct rm_engine *engine;
	struct rm_session *session;
	struct embedded_pool pool;
	struct embedded *abandoned; /* an earlier one whose threads did not come back */
};

/* Why calls are refused; OPEN: they are not. */
enum embedded_state {
	EMBEDDED_OPEN,
	EMBEDDED_CLOSED, /* the process is ending */
	EMBEDDED_FORKED
};
extern uint32_t embedded_state; /* atomically */
extern struct embedded *embedded;

/* Starts the engine; NULL with the code and a text. */
struct embedded *embedded_start(const char *settings, LONG *ret_code, char *message);
/* Stops it as far as its drivers let it. */
void embedded_stop(struct embedded *host);

/* Why nothing can be done any more, with a text; success: it can. */
LONG embedded_refused(char *message);

/* A caller that waits. */
struct embedded_waiter {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool running; /* its own thread runs the request: nobody else will touch this */
	bool turn;
	bool done;
	int event; /* readable when it is done; -1: nobody polls */
	LONG result;
};
struct embedded_call {
	struct rm_request request;
	struct embedded_waiter waiter;
};

/* Has a request done, and waits for it. */
LONG embedded_perform(struct embedded_call *call, char *message);
/* SCardGetStatusChange. @timeout_ms: 0xFFFFFFFF: none; @wake: as in the table */
LONG embedded_watch(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_reader_state *states,
    size_t count, int wake, char *message);

/* embedded_records.c: slots of the table. */
LONG embedded_cache_read(SCARDCONTEXT context, const struct rm_calls_cache_key *key, uint8_t *data,
    size_t *length, char *message);
LONG embedded_cache_write(SCARDCONTEXT context, const struct rm_calls_cache_key *key,
    const uint8_t *data, size_t length, char *message);
LONG embedded_audit(SCARDCONTEXT context, uint32_t event, char *message);
LONG embedded_device(
    SCARDCONTEXT context, const char *reader, struct rm_calls_device *ret_device, char *message);
LONG embedded_list_device(
    SCARDCONTEXT context, const char *device, char **ret_list, size_t *ret_length, char *message);

extern const struct rm_calls embedded_calls;

const struct rm_calls *tessera_rm_embedded(const char *settings, LONG *ret_code, char *message);

#endif
