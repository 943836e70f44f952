/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * STATUS_CHANGE. One that waits keeps no message, only its own few bytes; a single timer has the
 * time limits of all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <winerror.h>

#include "rm/daemon/daemon.h"

#define NO_LIMIT 0xFFFFFFFFu
#define NANOSECONDS 1000000000u
#define ENTRY_SIZE (4u + 4u + RM_ATR_MAX) /* event, length and bytes of the ATR */
#define TEXT_SIZE (4u + WIRE_TEXT_MAX)

struct change {
	struct pending pending;
	struct rm_watch watch;
	uint64_t deadline;
	GSequenceIter *timed; /* the clock's: its place, which holds a reference; NULL: none */
	bool finished;        /* the clock's */
	uint8_t *reply;
	size_t reply_size;
	struct rm_reader_state states[];
	/* then the names, then the reply */
};

static pthread_mutex_t clock_lock = PTHREAD_MUTEX_INITIALIZER;
static GSequence *clock_limits; /* of struct change, the next first */

static int
compare_deadlines(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct change *one = a, *other = b;

	(void)unused;
	return one->deadline < other->deadline ? -1 : one->deadline > other->deadline;
}

/* With the lock: the timer is set for the first limit. */
static void
set_timer(void)
{
	GSequenceIter *first = g_sequence_get_begin_iter(clock_limits);
	struct itimerspec when = { 0 };

	if (!g_sequence_iter_is_end(first)) {
		const struct change *change = g_sequence_get(first);

		when.it_value.tv_sec = (time_t)(change->deadline / NANOSECONDS);
		when.it_value.tv_nsec = (long)(change->deadline % NANOSECONDS);
	}
	(void)timerfd_settime(scardd.clock.fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void
limit_begin(struct change *change, uint32_t limit_ms)
{
	change->deadline = rm_deadline(limit_ms);
	(void)pthread_mutex_lock(&clock_lock);
	if (!change->finished) {
		(void)pending_ref(&change->pending);
		change->timed =
		    g_sequence_insert_sorted(clock_limits, change, compare_deadlines, NULL);
		if (g_sequence_iter_is_begin(change->timed))
			set_timer();
	}
	(void)pthread_mutex_unlock(&clock_lock);
}

/* It is over. A timer that was set for it stays and finds nothing. */
static void
limit_end(struct change *change)
{
	bool timed;

	(void)pthread_mutex_lock(&clock_lock);
	change->finished = true;
	timed = change->timed != NULL;
	if (timed)
		g_sequence_remove(change->timed);
	change->timed = NULL;
	(void)pthread_mutex_unlock(&clock_lock);
	if (timed)
		pending_unref(&change->pending);
}

/* One whose time is over, with the clock's reference; NULL: no more, and the timer is set. */
static struct change *
pop_late(uint64_t now)
{
	struct change *change = NULL;
	GSequenceIter *first;

	(void)pthread_mutex_lock(&clock_lock);
	first = g_sequence_get_begin_iter(clock_limits);
	if (!g_sequence_iter_is_end(first))
		change = g_sequence_get(first);
	if (change != NULL && change->deadline <= now) {
		g_sequence_remove(first);
		change->timed = NULL;
	} else {
		change = NULL;
		set_timer();
	}
	(void)pthread_mutex_unlock(&clock_lock);
	return change;
}

static void
clock_ready(struct source *source, uint32_t events)
{
	uint64_t times;
	struct change *change;
	ssize_t got = read(source->fd, &times, sizeof times);

	(void)events;
	loop_arm(source);
	if (got < 0)
		return;
	while ((change = pop_late(rm_deadline(0))) != NULL) {
		(void)rm_watch_end(&change->watch, SCARD_E_TIMEOUT);
		pending_unref(&change->pending);
	}
}

bool
change_begin(void)
{
	clock_limits = g_sequence_new(NULL);
	scardd.clock = (struct source){ timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		clock_ready };
	if (scardd.clock.fd >= 0 && loop_add(&scardd.clock))
		return true;
	log_line(LOG_LEVEL_ERROR, "no clock: %s", strerror(errno));
	return false;
}

void
change_end(void)
{
	g_sequence_free(clock_limits);
	(void)close(scardd.clock.fd);
}

static void
change_free(struct pending *pending)
{
	free(pending);
}

static void
change_cancel(struct pending *pending)
{
	(void)rm_watch_end(&((struct change *)pending)->watch, SCARD_E_CANCELLED);
}

static void
change_done(struct rm_watch *watch, LONG result)
{
	struct change *change = watch->owner;
	struct wire_writer answer;

	limit_end(change);
	wire_begin_reply(&answer, change->reply, change->reply_size, WIRE_STATUS_CHANGE,
	    change->pending.serial, result, 0);
	if (result == SCARD_S_SUCCESS || result == SCARD_E_TIMEOUT) {
		wire_put_u32(&answer, (uint32_t)watch->count);
		for (size_t i = 0; i < watch->count; i++) {
			wire_put_u32(&answer, watch->states[i].event);
			wire_put_bytes(
			    &answer, watch->states[i].atr, (uint32_t)watch->states[i].atr_length);
		}
	} else
		wire_put_text(&answer, watch->message);
	lane_reply(change->pending.lane, change->reply, (size_t)wire_finish(&answer), -1, false);
	pending_unref(&change->pending);
}

/* NULL: no memory. @names: bytes for all names with their NULs */
static struct change *
change_new(struct lane *lane, uint32_t serial, uint32_t count, size_t names)
{
	size_t states = count * sizeof(struct rm_reader_state);
	size_t reply = WIRE_REPLY_HEADER + MAX(4 + count * ENTRY_SIZE, TEXT_SIZE);
	struct change *change = calloc(1, sizeof *change + states + names + reply);

	if (change == NULL)
		return NULL;
	change->pending = (struct pending){ .references = 1,
		.free = change_free,
		.cancel = change_cancel,
		.lane = lane_ref(lane),
		.serial = serial,
		.number = WIRE_STATUS_CHANGE };
	change->watch.states = change->states;
	change->watch.count = count;
	change->watch.done = change_done;
	change->watch.owner = change;
	change->reply = (uint8_t *)change->states + states + names;
	change->reply_size = reply;
	return change;
}

/* The names are no longer than what came. */
static void
get_states(struct change *change, struct wire_reader *reader, size_t names)
{
	char *name = (char *)&change->states[change->watch.count];

	for (size_t i = 0; i < change->watch.count; i++) {
		struct rm_reader_state *state = &change->states[i];
		size_t used;

		wire_get_text(reader, name, MIN(names, WIRE_TEXT_MAX));
		state->name = name;
		state->current = wire_get_u32(reader);
		if (reader->failed)
			return;
		used = strlen(name) + 1;
		name += used;
		names -= used;
	}
}

static void
begin(struct lane *lane, struct change *change, uint32_t limit_ms)
{
	unsigned turn = lane_pend(lane, &change->pending);
	LONG result;

	/* It may be over before this returns. */
	(void)pending_ref(&change->pending);
	result = rm_watch_begin(lane->session->rm, &change->watch, limit_ms != 0);
	if (result != RM_WATCH_PENDING)
		change_done(&change->watch, result);
	else {
		if (limit_ms != NO_LIMIT)
			limit_begin(change, limit_ms);
		lane_wait(lane, turn);
	}
	pending_unref(&change->pending);
}

bool
change_serve(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	SCARDCONTEXT context = wire_get_u64(reader);
	uint32_t limit_ms = wire_get_u32(reader), count = wire_get_count(reader);
	struct change *change;

	if (wire_done(reader) != 0)
		return false;
	change = change_new(lane, call->pending.serial, count, call->received);
	if (change == NULL) {
		serve_begin(call, SCARD_E_NO_MEMORY, 0, "scardd has no memory for this");
		serve_finish(call);
		return true;
	}
	change->watch.context = context;
	get_states(change, reader, call->received);
	if (wire_done(reader) != 0) {
		pending_unref(&change->pending);
		return false;
	}
	pending_unref(&call->pending);
	begin(lane, change, limit_ms);
	return true;
}
