/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients that wait for a change. The library asks to be told, looks at the readers, and sleeps
 * until eight bytes come; then it asks again. What it waits for is a difference from what it was
 * shown last, so no change is lost between its look and its sleep, and none is told before it has
 * looked: until 4:5 the readers are the answer to WAIT, since then the library asks for them next.
 *
 * One message each time: that something has changed, that the wait was cancelled, or the answer to
 * STOP_WAITING. Who takes client->wait sends it.
 */
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/daemon/pcsclite/client.h"

#define COUNTER_SHIFT 16
#define PNP_NAME "\\\\?PnP?\\Notification"

struct lite_wait {
	unsigned references; /* changed atomically */
	struct lane *lane;   /* with a reference */
	bool begun;          /* the engine has it, or had it; the client's lock */
	struct rm_watch watch;
	struct rm_reader_state states[LITE_READERS_LATER + 1];
	char names[LITE_READERS_LATER][RM_NAME_SIZE];
};

static struct lite_wait *
wait_ref(struct lite_wait *wait)
{
	(void)__atomic_add_fetch(&wait->references, 1, __ATOMIC_RELAXED);
	return wait;
}

static void
wait_unref(struct lite_wait *wait)
{
	if (__atomic_sub_fetch(&wait->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	lane_unref(wait->lane);
	free(wait);
}

static void
tell(struct lane *lane, LONG result)
{
	const struct lite_change change = { 0, (uint32_t)lp64_result(result) };

	lane_tell(lane, (const uint8_t *)&change, sizeof change);
}

/* It is over: the client is told, unless somebody else ended it before. */
static void
finish(struct lite_wait *wait)
{
	struct lite_client *client = lite_of(wait->lane);
	bool ours;

	(void)pthread_mutex_lock(&client->lock);
	if ((ours = client->wait == wait)) {
		client->wait = NULL;
		tell(wait->lane, SCARD_S_SUCCESS);
	}
	(void)pthread_mutex_unlock(&client->lock);
	if (ours)
		wait_unref(wait);
}

static void
wait_done(struct rm_watch *watch, LONG result)
{
	struct lite_wait *wait = watch->owner;

	(void)result;
	finish(wait);
	wait_unref(wait);
}

/* NULL: no memory. */
static struct lite_wait *
wait_new(struct lane *lane, const struct rm_seen *seen, size_t count, const struct rm_set *set)
{
	struct lite_wait *wait = calloc(1, sizeof *wait);

	if (wait == NULL)
		return NULL;
	wait->references = 1;
	wait->lane = lane_ref(lane);
	for (size_t i = 0; i < count; i++) {
		memcpy(wait->names[i], seen[i].name, sizeof wait->names[i]);
		wait->states[i].name = wait->names[i];
		wait->states[i].current = seen[i].event;
	}
	wait->states[count].name = PNP_NAME;
	wait->states[count].current = set->reader_events << COUNTER_SHIFT;
	wait->watch = (struct rm_watch){ .context = lite_of(lane)->looker,
		.states = wait->states,
		.count = count + 1,
		.done = wait_done,
		.owner = wait };
	return wait;
}

/* The client has been shown what it waits for the end of. Takes over the reference. */
static void
begin(struct lane *lane, struct lite_wait *wait)
{
	struct lite_client *client = lite_of(lane);
	LONG result;
	bool stopped;

	(void)wait_ref(wait); /* the engine's */
	result = rm_watch_begin(lane->session->rm, &wait->watch, true);
	if (result != RM_WATCH_PENDING) {
		wait_done(&wait->watch, result);
		wait_unref(wait);
		return;
	}
	(void)pthread_mutex_lock(&client->lock);
	wait->begun = true;
	stopped = client->wait != wait;
	(void)pthread_mutex_unlock(&client->lock);
	if (stopped)
		(void)rm_watch_end(&wait->watch, SCARD_E_CANCELLED);
	wait_unref(wait);
}

/* Sends the array; with it the wait begins. False: no memory. */
static bool
show(struct lane *lane, struct call *call, size_t entries, bool waits)
{
	struct lite_client *client = lite_of(lane);
	struct rm_seen *seen = g_new(struct rm_seen, entries);
	struct lite_wait *wait = NULL;
	struct rm_set set;
	size_t count, size = lite_readers_write(call->reply, entries, seen, &count, &set);

	if (waits)
		wait = wait_new(lane, seen, count, &set);
	g_free(seen);
	if (waits && wait == NULL)
		return false;
	/* Whoever cancels it meanwhile is heard after the array. */
	(void)pthread_mutex_lock(&client->lock);
	client->expects_array = false;
	if (waits)
		client->wait = wait_ref(wait);
	lane_tell(lane, call->reply, size);
	(void)pthread_mutex_unlock(&client->lock);
	if (waits)
		begin(lane, wait);
	return true;
}

/* The context of its waits. */
static bool
prepare(struct lane *lane)
{
	struct lite_client *client = lite_of(lane);
	LONG result;

	if (!lite_open(lane, &result))
		return false;
	return client->looker != 0 ||
	    rm_context_new(lane->session->rm, RM_DIALECT_PCSCLITE, SCARD_SCOPE_SYSTEM,
		&client->looker) == SCARD_S_SUCCESS;
}

/* From now on, until it has been shown the array. */
static void
expect_array(struct lite_client *client)
{
	(void)pthread_mutex_lock(&client->lock);
	client->expects_array = true;
	(void)pthread_mutex_unlock(&client->lock);
}

static bool
expects_array(struct lite_client *client)
{
	bool expects;

	(void)pthread_mutex_lock(&client->lock);
	expects = client->expects_array;
	(void)pthread_mutex_unlock(&client->lock);
	return expects;
}

/* False: what it takes is not there. */
static bool
show_or_wait(struct lane *lane, struct call *call, uint32_t command)
{
	struct lite_client *client = lite_of(lane);

	if (command == LITE_READERS_STATE)
		return show(lane, call, LITE_READERS, false);
	if (command == LITE_ARRAY)
		return show(lane, call, LITE_READERS_LATER, expects_array(client));
	(void)lite_wait_stop(lane, SCARD_S_SUCCESS);
	if (!prepare(lane))
		return false;
	if (client->minor < LITE_MINOR_ARRAY)
		return show(lane, call, LITE_READERS, true);
	expect_array(client);
	return true;
}

void
lite_wait_serve(struct lane *lane, struct call *call, uint32_t command)
{
	bool served = show_or_wait(lane, call, command);

	loop_call_put(call);
	if (served) {
		lane_wait(lane, lane->turn);
		return;
	}
	log_line(LOG_LEVEL_ERROR, "no memory for a client that waits; it is dropped");
	lane_end(lane);
}

bool
lite_wait_stop(struct lane *lane, LONG result)
{
	struct lite_client *client = lite_of(lane);
	struct lite_wait *wait;
	bool waited, begun;

	(void)pthread_mutex_lock(&client->lock);
	wait = client->wait;
	begun = wait != NULL && wait->begun;
	waited = wait != NULL || client->expects_array;
	client->wait = NULL;
	client->expects_array = false;
	if (waited && result != SCARD_S_SUCCESS)
		tell(lane, result);
	(void)pthread_mutex_unlock(&client->lock);
	if (begun)
		(void)rm_watch_end(&wait->watch, SCARD_E_CANCELLED);
	if (wait != NULL)
		wait_unref(wait);
	return waited;
}
