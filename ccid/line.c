/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/line.h"

#include <pthread.h>

#include <glib.h>

#include "ccid/thread.h"

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

	line->references = 1;
	pthread_mutex_init(&line->lock, NULL);
	ccid_cond_init(&line->free);
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
	bool in_time = true;

	pthread_mutex_lock(&line->lock);
	while (line->busy && in_time)
		in_time = ccid_cond_wait(&line->free, &line->lock, deadline);
	if (in_time)
		line->busy = true;
	pthread_mutex_unlock(&line->lock);
	return in_time;
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
