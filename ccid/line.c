/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/line.h"

#include <pthread.h>
#include <time.h>

#include <glib.h>

struct ccid_line {
	unsigned references; /* atomic */
	pthread_mutex_t lock;
	pthread_cond_t free;
	bool busy;
};

struct ccid_line *
ccid_line_new(void)
{
	struct ccid_line *line = g_new0(struct ccid_line, 1);
	pthread_condattr_t attributes;

	line->references = 1;
	pthread_mutex_init(&line->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&line->free, &attributes);
	pthread_condattr_destroy(&attributes);
	return line;
}

struct ccid_line *
ccid_line_ref(struct ccid_line *line)
{
	__atomic_add_fetch(&line->references, 1, __ATOMIC_RELAXED);
	return line;
}

void
ccid_line_unref(struct ccid_line *line)
{
	if (__atomic_sub_fetch(&line->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	pthread_cond_destroy(&line->free);
	pthread_mutex_destroy(&line->lock);
	g_free(line);
}

bool
ccid_line_enter(struct ccid_line *line, uint64_t deadline)
{
	const struct timespec end = { (time_t)(deadline / 1000000000u),
		(long)(deadline % 1000000000u) };
	int r = 0;

	pthread_mutex_lock(&line->lock);
	while (line->busy && r == 0)
		r = deadline == 0 ? pthread_cond_wait(&line->free, &line->lock)
				  : pthread_cond_timedwait(&line->free, &line->lock, &end);
	if (r == 0)
		line->busy = true;
	pthread_mutex_unlock(&line->lock);
	return r == 0;
}

bool
ccid_line_try(struct ccid_line *line)
{
	bool entered;

	pthread_mutex_lock(&line->lock);
	entered = !line->busy;
	line->busy = true;
	pthread_mutex_unlock(&line->lock);
	return entered;
}

void
ccid_line_leave(struct ccid_line *line)
{
	pthread_mutex_lock(&line->lock);
	line->busy = false;
	pthread_cond_signal(&line->free);
	pthread_mutex_unlock(&line->lock);
}
