/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a reader comes. The driver announces it from wherever it is, perhaps with locks of its own,
 * so that only a note is made; asking the reader what it is follows on a thread of the host, or,
 * while the driver starts, on the thread that starts it. Movements that are announced before that
 * are part of the note.
 */
#define G_LOG_DOMAIN "tessera-rm"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/engine/private.h"

#define UNNAMED "Reader"
#define SUFFIX_SIZE sizeof " 4294967295"

HRESULT
rm_reader_announced(struct rm_driver *driver, ISCardReader *object)
{
	struct rm_engine *engine = driver->engine;
	struct rm_reader *reader = calloc(1, sizeof *reader);
	bool start;

	if (reader == NULL)
		return E_OUTOFMEMORY;
	reader->references = 1;
	reader->engine = engine;
	reader->driver = driver;
	reader->object = object;
	reader->arriving = true;
	reader->link.data = reader;
	reader->timed_link.data = reader;
	g_queue_init(&reader->interests);
	g_queue_init(&reader->connections);
	reader->own.operation = RM_OWN;
	reader->own.own.reader = reader;
	reader->own.own.stage = RM_STAGE_ARRIVE;
	reader->own.own.link.data = &reader->own;
	(void)ISCardReader_AddRef(object);

	(void)pthread_mutex_lock(&engine->lock);
	if (g_hash_table_contains(engine->by_object, object)) {
		(void)pthread_mutex_unlock(&engine->lock);
		rm_reader_unref(reader);
		return S_OK;
	}
	g_hash_table_insert(engine->by_object, object, reader);
	start = !driver->starting;
	if (!start)
		g_queue_push_tail_link(&driver->arriving, &reader->link);
	(void)pthread_mutex_unlock(&engine->lock);
	if (start)
		rm_engine_run_soon(engine, &reader->own);
	return S_OK;
}

/* Makes a driver's text one that may be shown. */
static void
clean_text(char *text)
{
	const char *end;

	text[SCARDREADER_TEXT_SIZE - 1] = '\0';
	while (!g_utf8_validate(text, -1, &end))
		text[end - text] = '?';
	for (char *p = text; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			*p = ' ';
}

static bool
ask_reader(struct rm_reader *reader)
{
	SCARDREADER_INFO *info = &reader->info;
	HRESULT hr;

	info->cbSize = sizeof *info;
	if ((hr = ISCardReader_GetInfo(reader->object, info)) < 0) {
		g_debug("driver '%s': a reader does not say what it is (0x%08X) and is left out",
		    reader->driver->name, (unsigned)hr);
		return false;
	}
	clean_text(info->Name);
	clean_text(info->Vendor);
	clean_text(info->Model);
	clean_text(info->Serial);
	clean_text(info->DeviceId);
	if (info->Name[0] == '\0')
		memcpy(info->Name, UNNAMED, sizeof UNNAMED);
	if (info->MaxCommand == 0 || info->MaxCommand > RM_TRANSMIT_MAX)
		info->MaxCommand = RM_TRANSMIT_MAX;
	return true;
}

/* The registry's lock is held. A second reader of a name is NAME 2, a third NAME 3. */
static void
choose_name(struct rm_reader *reader)
{
	GHashTable *names = reader->engine->by_name;
	char base[RM_NAME_SIZE];
	const char *end;

	memcpy(base, reader->info.Name, sizeof base);
	memcpy(reader->name, base, sizeof base);
	reader->fold = g_utf8_casefold(base, -1);
	base[RM_NAME_SIZE - SUFFIX_SIZE] = '\0';
	if (!g_utf8_validate(base, -1, &end))
		base[end - base] = '\0';
	for (unsigned number = 2; g_hash_table_contains(names, reader->fold); number++) {
		(void)snprintf(reader->name, sizeof reader->name, "%s %u", base, number);
		g_free(reader->fold);
		reader->fold = g_utf8_casefold(reader->name, -1);
	}
}

/* The registry's lock is held. The lowest number that no other reader of this maker has. */
static uint32_t
choose_unit(const struct rm_reader *reader)
{
	const GQueue *readers = &reader->engine->readers;
	bool *used = g_new0(bool, readers->length + 1);
	uint32_t unit = 0;

	for (const GList *link = readers->head; link != NULL; link = link->next) {
		const struct rm_reader *other = link->data;

		if (strcmp(other->info.Vendor, reader->info.Vendor) == 0 &&
		    other->unit < readers->length)
			used[other->unit] = true;
	}
	while (used[unit])
		unit++;
	g_free(used);
	return unit;
}

/* A line of its own, or the one that its group has already. NULL: no memory. */
static struct rm_line *
choose_line(struct rm_reader *reader)
{
	struct rm_line *line = rm_line_new(reader->info.SerialGroup);
	struct rm_line *shared = NULL;
	GQueue *lines = &reader->driver->lines;

	if (line == NULL)
		return NULL;
	(void)pthread_mutex_lock(&reader->engine->lock);
	if (line->group != 0) {
		for (GList *link = lines->head; link != NULL && shared == NULL; link = link->next) {
			struct rm_line *other = link->data;

			if (other->group == line->group)
				shared = other;
		}
		if (shared == NULL)
			g_queue_push_tail_link(lines, &line->link);
	}
	(shared != NULL ? shared : line)->readers++;
	(void)pthread_mutex_unlock(&reader->engine->lock);
	if (shared == NULL)
		return line;
	rm_line_free(line);
	return shared;
}

/* Both locks are held. From here on the reader can be found. */
static void
list_reader(struct rm_reader *reader, struct rm_effects *effects)
{
	struct rm_engine *engine = reader->engine;

	choose_name(reader);
	reader->unit = choose_unit(reader);
	reader->arriving = false;
	reader->listed = true;
	g_queue_push_tail_link(&engine->readers, &reader->link);
	g_hash_table_insert(engine->by_name, reader->fold, reader);
	reader->counter = reader->note.movements;
	reader->generation = reader->note.movements;
	reader->present = reader->note.present;
	reader->settling = reader->present;
	reader->view.counter = (uint16_t)(reader->counter - (reader->present ? 1 : 0));
	rm_reader_count(reader, true, effects);
}

void
rm_reader_forget(struct rm_reader *reader)
{
	(void)pthread_mutex_lock(&reader->engine->lock);
	g_hash_table_remove(reader->engine->by_object, reader->object);
	(void)pthread_mutex_unlock(&reader->engine->lock);
	rm_reader_unref(reader);
}

struct rm_request *
rm_reader_arrive(struct rm_reader *reader)
{
	struct rm_effects effects = RM_EFFECTS_NONE;
	struct rm_request *turn = NULL;
	uint32_t work = 0;
	bool gone;

	if (!ask_reader(reader) || (reader->line = choose_line(reader)) == NULL) {
		rm_reader_forget(reader);
		return NULL;
	}
	(void)pthread_mutex_lock(&reader->line->lock);
	(void)pthread_mutex_lock(&reader->engine->lock);
	gone = reader->note.gone || reader->driver->stopped;
	if (!gone)
		list_reader(reader, &effects);
	(void)pthread_mutex_unlock(&reader->engine->lock);
	if (!gone) {
		if (reader->present)
			work |= RM_WORK_POWER;
		if (reader->info.Flags & SCARDREADER_FLAG_POLLED)
			work |= RM_WORK_POLL;
		if (work != 0)
			turn = rm_reader_work(reader, work);
	}
	(void)pthread_mutex_unlock(&reader->line->lock);
	if (gone)
		rm_reader_forget(reader);
	rm_effects_run(&effects);
	return turn;
}
