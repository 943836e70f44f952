/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Readers: how they are listed and named, what is known of their cards, what watches see of that.
 *
 * What the driver announces holds at once, whatever the reader is doing; a call into the driver
 * that was overtaken by a movement notices it by the generation. One thing waits: that a card came
 * is shown to watches when it has been powered, so that they see its ATR with it.
 */
#include <stdlib.h>
#include <string.h>

#include "rm/engine/private.h"

struct rm_reader *
rm_reader_ref(struct rm_reader *reader)
{
	(void)__atomic_add_fetch(&reader->references, 1, __ATOMIC_RELAXED);
	return reader;
}

static void
leave_line(struct rm_reader *reader)
{
	struct rm_line *line = reader->line, *unused = NULL;

	if (line == NULL)
		return;
	(void)pthread_mutex_lock(&reader->engine->lock);
	if (--line->readers == 0) {
		if (line->group != 0)
			g_queue_unlink(&reader->driver->lines, &line->link);
		unused = line;
	}
	(void)pthread_mutex_unlock(&reader->engine->lock);
	rm_line_free(unused);
}

void
rm_reader_unref(struct rm_reader *reader)
{
	if (reader == NULL || __atomic_sub_fetch(&reader->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	(void)ISCardReader_Release(reader->object);
	leave_line(reader);
	g_free(reader->fold);
	free(reader);
}

/* As names are compared without case; NULL for what cannot be a name. Freed with g_free. */
static char *
fold_name(const char *name)
{
	if (strnlen(name, RM_NAME_SIZE) == RM_NAME_SIZE || !g_utf8_validate(name, -1, NULL))
		return NULL;
	return g_utf8_casefold(name, -1);
}

/* The slot's own identity is as good as its name, and stays when the reader is plugged in again. */
static struct rm_reader *
lookup_identity(struct rm_engine *engine, const char *identity)
{
	for (const GList *link = engine->readers.head; link != NULL; link = link->next) {
		struct rm_reader *reader = link->data;

		if (!reader->left && strcmp(reader->info.DeviceId, identity) == 0 &&
		    identity[0] != '\0')
			return reader;
	}
	return NULL;
}

struct rm_reader *
rm_reader_lookup(struct rm_engine *engine, const struct rm_rules *rules, const char *name)
{
	char *fold = fold_name(name);
	struct rm_reader *reader;

	if (fold == NULL)
		return NULL;
	reader = g_hash_table_lookup(engine->by_name, fold);
	g_free(fold);
	if (reader == NULL)
		return lookup_identity(engine, name);
	if (reader->left || (!rules->names_fold_case && strcmp(reader->name, name) != 0))
		return NULL;
	return reader;
}

struct rm_reader *
rm_reader_find(struct rm_engine *engine, const struct rm_rules *rules, const char *name)
{
	struct rm_reader *reader;

	(void)pthread_mutex_lock(&engine->lock);
	reader = rm_reader_lookup(engine, rules, name);
	if (reader != NULL)
		(void)rm_reader_ref(reader);
	(void)pthread_mutex_unlock(&engine->lock);
	return reader;
}

void
rm_reader_count(struct rm_reader *reader, bool counted, struct rm_effects *effects)
{
	struct rm_engine *engine = reader->engine;

	if (reader->counted == counted)
		return;
	reader->counted = counted;
	engine->reader_count += counted ? 1u : UINT32_MAX;
	engine->reader_events = engine->reader_events % RM_READER_EVENTS_MAX + 1;
	rm_show_list(engine);
	rm_watch_readers_changed(engine, effects);
}

static struct rm_view
current_view(const struct rm_reader *reader)
{
	struct rm_view view = {
		.lost = reader->lost,
		.present = reader->present,
		.mute = reader->mute,
		.powered = reader->powered,
		.exclusive = reader->exclusive != NULL,
		.in_use = !g_queue_is_empty((GQueue *)&reader->connections),
		.counter = reader->counter,
		.protocol = reader->protocol,
		.atr_length = reader->atr_length,
	};

	memcpy(view.atr, reader->atr, sizeof view.atr);
	return view;
}

void
rm_reader_publish(struct rm_reader *reader, struct rm_effects *effects)
{
	struct rm_view view = current_view(reader);

	(void)pthread_mutex_lock(&reader->engine->lock);
	if (reader->settling) {
		view.present = reader->view.present;
		view.mute = reader->view.mute;
		view.powered = reader->view.powered;
		view.counter = reader->view.counter;
		view.protocol = reader->view.protocol;
		view.atr_length = reader->view.atr_length;
		memcpy(view.atr, reader->view.atr, sizeof view.atr);
	}
	reader->view = view;
	rm_show_reader(reader);
	if (!reader->left)
		rm_watch_reader_changed(reader, effects);
	(void)pthread_mutex_unlock(&reader->engine->lock);
}

static void
forget_card(struct rm_reader *reader)
{
	reader->powered = false;
	reader->mute = false;
	reader->protocol = 0;
	reader->atr_length = 0;
}

void
rm_reader_insert(struct rm_reader *reader)
{
	if (reader->gone || reader->present)
		return;
	forget_card(reader);
	reader->present = true;
	reader->settling = true;
	reader->counter++;
	reader->generation++;
}

void
rm_reader_remove(struct rm_reader *reader, struct rm_effects *effects)
{
	if (reader->gone || !reader->present)
		return;
	forget_card(reader);
	reader->present = false;
	reader->settling = false;
	reader->counter++;
	reader->generation++;
	for (GList *link = reader->connections.head; link != NULL; link = link->next) {
		struct rm_card *card = link->data;

		card->mark = RM_MARK_REMOVED;
		/* What was held exclusively was the card; a direct connection holds the reader. */
		if (!card->direct)
			card->claim = RM_CLAIM_SHARED;
	}
	if (reader->exclusive != NULL && reader->exclusive->claim != RM_CLAIM_EXCLUSIVE)
		reader->exclusive = NULL;
	rm_transaction_release(reader);
	rm_cache_forget(reader);
	rm_reader_publish(reader, effects);
}

void
rm_reader_lost(struct rm_reader *reader, struct rm_effects *effects)
{
	if (reader->lost || reader->gone)
		return;
	reader->lost = true;
	(void)pthread_mutex_lock(&reader->engine->lock);
	rm_reader_count(reader, false, effects);
	(void)pthread_mutex_unlock(&reader->engine->lock);
	rm_transaction_release(reader);
	rm_reader_publish(reader, effects);
}

void
rm_reader_gone(struct rm_reader *reader, struct rm_effects *effects)
{
	if (reader->gone)
		return;
	reader->gone = true;
	reader->present = false;
	reader->settling = false;
	reader->generation++;
	reader->exclusive = NULL;
	forget_card(reader);
	rm_cache_forget(reader);
	rm_transaction_release(reader);
	(void)pthread_mutex_lock(&reader->engine->lock);
	reader->left = true;
	rm_show_list(reader->engine);
	rm_reader_count(reader, false, effects);
	rm_watch_reader_left(reader, effects);
	(void)pthread_mutex_unlock(&reader->engine->lock);
	rm_reader_leave(reader);
}

void
rm_reader_leave(struct rm_reader *reader)
{
	struct rm_engine *engine = reader->engine;

	if (!reader->gone || !reader->listed || !g_queue_is_empty(&reader->connections))
		return;
	(void)pthread_mutex_lock(&engine->lock);
	reader->listed = false;
	g_queue_unlink(&engine->readers, &reader->link);
	g_hash_table_remove(engine->by_name, reader->fold);
	g_hash_table_remove(engine->by_object, reader->object);
	(void)pthread_mutex_unlock(&engine->lock);
	/* The list's reference; whoever calls has another. */
	(void)__atomic_sub_fetch(&reader->references, 1, __ATOMIC_RELEASE);
}

struct rm_request *
rm_reader_work(struct rm_reader *reader, uint32_t work)
{
	reader->work |= work;
	if (reader->own_queued)
		return NULL;
	reader->own_queued = true;
	(void)rm_reader_ref(reader);
	return rm_line_take(reader->line, &reader->own) ? &reader->own : NULL;
}
