/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for a change. A watch is compared once when it begins; after that it costs nothing until
 * one of its own readers changes, or the set of readers if it waits for that: each entry hangs in
 * the list of the reader it names, or in the list of those for whom no reader is there yet.
 *
 * Everything here is under the registry's lock, so no change can fall between look and wait.
 */
#include <string.h>

#include <winerror.h>

#include "rm/engine/private.h"

/* Fills an entry as things are; whether the caller is to be told. */
static bool
fill_state(const struct rm_watch *watch, struct rm_reader_state *state)
{
	const struct rm_engine *engine = watch->own.engine;
	const struct rm_set set = { engine->reader_count, engine->reader_events };
	const struct rm_reader *reader = state->own.reader;
	bool there = reader != NULL && !reader->left;
	struct rm_sight sight = rm_look(watch->own.rules, state->name, state->current,
	    there ? &reader->view : NULL, &set, watch->own.reader_events);

	state->event = sight.event;
	state->atr_length = sight.atr_length;
	if (sight.atr_length > 0)
		memcpy(state->atr, sight.atr, sight.atr_length);
	return sight.changed;
}

static bool
fill_watch(struct rm_watch *watch)
{
	bool changed = false;

	for (size_t i = 0; i < watch->count; i++)
		changed |= fill_state(watch, &watch->states[i]);
	return changed;
}

static GQueue *
list_of(const struct rm_watch *watch, const struct rm_reader_state *state)
{
	return state->own.reader != NULL ? &state->own.reader->interests
					 : &watch->own.engine->unresolved;
}

/* Takes a watch out of its session; its entries still hang where they did. */
static void
stop_waiting(struct rm_watch *watch, LONG result, GQueue *stopped)
{
	watch->own.pending = false;
	watch->own.result = result;
	g_queue_unlink(&watch->own.session->watches, &watch->own.link);
	g_queue_push_tail_link(stopped, &watch->own.link);
}

/* Fills the entries of watches that have stopped waiting and takes them off all lists. */
static void
conclude(GQueue *stopped, struct rm_effects *effects)
{
	GList *link;

	while ((link = g_queue_pop_head_link(stopped)) != NULL) {
		struct rm_watch *watch = link->data;

		(void)fill_watch(watch);
		for (size_t i = 0; i < watch->count; i++) {
			struct rm_reader_state *state = &watch->states[i];

			if (!rm_look_is_ignored(state->current))
				g_queue_unlink(list_of(watch, state), &state->own.link);
		}
		if (watch->own.result == SCARD_E_CANCELLED)
			(void)rm_message_code(watch->message, NULL, SCARD_E_CANCELLED);
		g_queue_push_tail_link(&effects->watches, link);
	}
}

/* Looks at one entry after a change. */
static void
look(struct rm_reader_state *state, GQueue *stopped)
{
	struct rm_watch *watch = state->own.watch;

	if (watch->own.pending && fill_state(watch, state))
		stop_waiting(watch, SCARD_S_SUCCESS, stopped);
}

void
rm_watch_reader_changed(struct rm_reader *reader, struct rm_effects *effects)
{
	GQueue stopped = G_QUEUE_INIT;

	for (GList *link = reader->interests.head; link != NULL; link = link->next)
		look(link->data, &stopped);
	conclude(&stopped, effects);
}

void
rm_watch_reader_left(struct rm_reader *reader, struct rm_effects *effects)
{
	GQueue stopped = G_QUEUE_INIT;
	GList *link;

	while ((link = g_queue_pop_head_link(&reader->interests)) != NULL) {
		struct rm_reader_state *state = link->data;

		state->own.reader = NULL;
		g_queue_push_tail_link(&reader->engine->unresolved, link);
		look(state, &stopped);
	}
	conclude(&stopped, effects);
}

void
rm_watch_readers_changed(struct rm_engine *engine, struct rm_effects *effects)
{
	GQueue stopped = G_QUEUE_INIT;
	GList *next;

	for (GList *link = engine->unresolved.head; link != NULL; link = next) {
		struct rm_reader_state *state = link->data;
		struct rm_reader *reader = NULL;

		next = link->next;
		if (!rm_look_is_pnp(state->name))
			reader = rm_reader_lookup(engine, state->own.watch->own.rules, state->name);
		if (reader != NULL) {
			g_queue_unlink(&engine->unresolved, link);
			state->own.reader = reader;
			g_queue_push_tail_link(&reader->interests, link);
		}
		look(state, &stopped);
	}
	conclude(&stopped, effects);
}

void
rm_watch_cancel(
    struct rm_session *session, SCARDCONTEXT context, LONG result, struct rm_effects *effects)
{
	GQueue stopped = G_QUEUE_INIT;
	GList *next;

	for (GList *link = session->watches.head; link != NULL; link = next) {
		struct rm_watch *watch = link->data;

		next = link->next;
		if (context == 0 || watch->context == context)
			stop_waiting(watch, result, &stopped);
	}
	conclude(&stopped, effects);
}

void
rm_watch_tell(GQueue *watches)
{
	GList *link;

	while ((link = g_queue_pop_head_link(watches)) != NULL) {
		struct rm_watch *watch = link->data;

		watch->done(watch, watch->own.result);
	}
}

bool
rm_watch_end(struct rm_watch *watch, LONG result)
{
	struct rm_engine *engine = watch->own.engine;
	struct rm_effects effects = RM_EFFECTS_NONE;
	GQueue stopped = G_QUEUE_INIT;
	bool pending;

	(void)pthread_mutex_lock(&engine->lock);
	pending = watch->own.pending;
	if (pending) {
		stop_waiting(watch, result, &stopped);
		conclude(&stopped, &effects);
	}
	(void)pthread_mutex_unlock(&engine->lock);
	rm_watch_tell(&effects.watches);
	return pending;
}

/* Finds the readers that are named; the number of entries that count, or a failure. */
static LONG
resolve(struct rm_watch *watch, size_t *ret_counting)
{
	struct rm_engine *engine = watch->own.engine;

	*ret_counting = 0;
	for (size_t i = 0; i < watch->count; i++) {
		struct rm_reader_state *state = &watch->states[i];

		state->own.watch = watch;
		state->own.reader = NULL;
		state->own.link = (GList){ .data = state };
		if (rm_look_is_ignored(state->current))
			continue;
		++*ret_counting;
		if (rm_look_is_pnp(state->name))
			continue;
		state->own.reader = rm_reader_lookup(engine, watch->own.rules, state->name);
		if (state->own.reader == NULL && watch->own.rules->unknown_reader_fails)
			return rm_message_code(watch->message, state->name, SCARD_E_UNKNOWN_READER);
	}
	return SCARD_S_SUCCESS;
}

/* Hangs the entries where changes will be looked for. Collects the readers that have to be asked.
 */
static void
start_waiting(struct rm_watch *watch, GPtrArray **ret_polled)
{
	for (size_t i = 0; i < watch->count; i++) {
		struct rm_reader_state *state = &watch->states[i];
		struct rm_reader *reader = state->own.reader;

		if (rm_look_is_ignored(state->current))
			continue;
		g_queue_push_tail_link(list_of(watch, state), &state->own.link);
		if (reader == NULL || !(reader->info.Flags & SCARDREADER_FLAG_POLLED))
			continue;
		if (*ret_polled == NULL)
			*ret_polled = g_ptr_array_new();
		g_ptr_array_add(*ret_polled, rm_reader_ref(reader));
	}
	watch->own.link = (GList){ .data = watch };
	g_queue_push_tail_link(&watch->own.session->watches, &watch->own.link);
	watch->own.pending = true;
}

/* No lock is held; the watch may have ended. */
static void
ask_polled(GPtrArray *polled)
{
	if (polled == NULL)
		return;
	for (guint i = 0; i < polled->len; i++) {
		struct rm_reader *reader = g_ptr_array_index(polled, i);

		rm_alarm_want(reader, rm_now());
		rm_reader_unref(reader);
	}
	g_ptr_array_free(polled, TRUE);
}

/* The registry's lock is held. */
static LONG
begin(struct rm_watch *watch, bool wait, GPtrArray **ret_polled)
{
	size_t counting;
	LONG result;

	watch->own.reader_events = watch->own.engine->reader_events;
	watch->own.pending = false;
	if ((result = resolve(watch, &counting)) != SCARD_S_SUCCESS)
		return result;
	if (fill_watch(watch) || counting == 0)
		return SCARD_S_SUCCESS;
	if (!wait)
		return SCARD_E_TIMEOUT;
	start_waiting(watch, ret_polled);
	return RM_WATCH_PENDING;
}

static LONG
check_watch(const struct rm_watch *watch)
{
	if (watch->count > RM_STATES_MAX || (watch->count != 0 && watch->states == NULL))
		return SCARD_E_INVALID_PARAMETER;
	for (size_t i = 0; i < watch->count; i++)
		if (watch->states[i].name == NULL)
			return SCARD_E_INVALID_VALUE;
	return SCARD_S_SUCCESS;
}

LONG
rm_watch_begin(struct rm_session *session, struct rm_watch *watch, bool wait)
{
	const struct rm_context *context;
	GPtrArray *polled = NULL;
	LONG result = check_watch(watch);

	watch->message[0] = '\0';
	if (result != SCARD_S_SUCCESS)
		return rm_message_code(watch->message, NULL, result);
	watch->own.engine = session->engine;
	watch->own.session = session;
	(void)pthread_mutex_lock(&session->lock);
	context = rm_table_get(&session->contexts, watch->context);
	if (context == NULL)
		result = rm_message_code(watch->message, NULL, ERROR_INVALID_HANDLE);
	else {
		watch->own.rules = context->rules;
		(void)pthread_mutex_lock(&session->engine->lock);
		result = begin(watch, wait, &polled);
		(void)pthread_mutex_unlock(&session->engine->lock);
	}
	(void)pthread_mutex_unlock(&session->lock);
	ask_polled(polled);
	return result;
}
