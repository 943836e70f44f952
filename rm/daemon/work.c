/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the engine asks for: requests to be run soon, an alarm. Both wake a thread in epoll like a
 * client does.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

#define NANOSECONDS 1000000000u

void
work_run(struct rm_request *request)
{
	while (request != NULL) {
		loop_enter();
		request = rm_request_run(request);
		loop_leave();
	}
}

/* How much of the engine's work is being done: so the end can wait for it. */
static void
count_running(int change)
{
	(void)pthread_mutex_lock(&scardd.lock);
	scardd.running += (unsigned)change;
	if (change < 0)
		(void)pthread_cond_broadcast(&scardd.quiet);
	(void)pthread_mutex_unlock(&scardd.lock);
}

static void
run_soon(void *data, struct rm_request *request)
{
	const uint64_t one = 1;

	(void)data;
	(void)pthread_mutex_lock(&scardd.lock);
	request->own.link = (GList){ .data = request };
	g_queue_push_tail_link(&scardd.requests, &request->own.link);
	(void)pthread_mutex_unlock(&scardd.lock);
	if (write(scardd.soon.fd, &one, sizeof one) < 0)
		log_line(LOG_LEVEL_ERROR, "eventfd: %s", strerror(errno));
}

/* One request for one event: the descriptor counts them, so others are taken by other threads. */
static void
soon_ready(struct source *source, uint32_t events)
{
	struct rm_request *request = NULL;
	uint64_t one;
	GList *link;

	(void)events;
	if (read(source->fd, &one, sizeof one) < 0) {
		loop_arm(source);
		return;
	}
	(void)pthread_mutex_lock(&scardd.lock);
	if ((link = g_queue_pop_head_link(&scardd.requests)) != NULL) {
		request = link->data;
		scardd.running++;
	}
	(void)pthread_mutex_unlock(&scardd.lock);
	loop_arm(source);
	if (request == NULL)
		return;
	work_run(request);
	count_running(-1);
}

static void
set_alarm(void *data, uint64_t deadline)
{
	struct itimerspec when = { .it_value = { .tv_sec = (time_t)(deadline / NANOSECONDS),
				       .tv_nsec = (long)(deadline % NANOSECONDS) } };

	(void)data;
	(void)timerfd_settime(scardd.alarm.fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void
alarm_ready(struct source *source, uint32_t events)
{
	uint64_t times;
	ssize_t got = read(source->fd, &times, sizeof times);

	(void)events;
	if (got < 0) {
		loop_arm(source);
		return;
	}
	count_running(1);
	loop_arm(source);
	work_run(rm_engine_alarm(scardd.engine));
	count_running(-1);
}

bool
work_begin(void)
{
	const struct rm_host host = { .run_soon = run_soon,
		.set_alarm = set_alarm,
		.show_list = page_show_list,
		.show_reader = page_show_reader,
		.trace = trace_show };

	scardd.soon =
	    (struct source){ eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE), soon_ready };
	scardd.alarm = (struct source){ timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		alarm_ready };
	if (scardd.soon.fd < 0 || scardd.alarm.fd < 0) {
		log_line(LOG_LEVEL_ERROR, "no descriptor for the engine: %s", strerror(errno));
		return false;
	}
	if ((scardd.engine = rm_engine_new(&host)) == NULL) {
		log_line(LOG_LEVEL_ERROR, "no memory for the engine");
		return false;
	}
	return loop_add(&scardd.soon) && loop_add(&scardd.alarm);
}

void
work_end(void)
{
	rm_engine_free(scardd.engine);
	(void)close(scardd.soon.fd);
	(void)close(scardd.alarm.fd);
}

bool
work_settle(uint64_t deadline)
{
	const struct timespec end = { .tv_sec = (time_t)(deadline / NANOSECONDS),
		.tv_nsec = (long)(deadline % NANOSECONDS) };
	bool settled;
	int error = 0;

	(void)pthread_mutex_lock(&scardd.lock);
	while (!(settled = g_queue_is_empty(&scardd.requests) && scardd.running == 0 &&
		       g_queue_is_empty(&scardd.lanes) && scardd.session_count == 0) &&
	    error == 0)
		error = pthread_cond_timedwait(&scardd.quiet, &scardd.lock, &end);
	(void)pthread_mutex_unlock(&scardd.lock);
	return settled;
}
