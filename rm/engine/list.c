/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which readers and groups there are, and who has them. Until there is a database every reader is
 * in the default group, and only there.
 */
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/engine/private.h"

#define GROUP_DEFAULT "SCard$DefaultReaders"
#define NANOSECONDS_PER_MS 1000000u

/* The rules of a context; 0 is "none" and has Windows's. NULL: no such context. */
static const struct rm_rules *
list_rules(struct rm_session *session, SCARDCONTEXT handle)
{
	const struct rm_context *context;
	const struct rm_rules *rules = NULL;

	if (handle == 0)
		return rm_rules(RM_DIALECT_WINDOWS);
	(void)pthread_mutex_lock(&session->lock);
	if ((context = rm_table_get(&session->contexts, handle)) != NULL)
		rules = context->rules;
	(void)pthread_mutex_unlock(&session->lock);
	return rules;
}

static const char *
device_id(const struct rm_reader *reader)
{
	return reader->info.DeviceId[0] != '\0' ? reader->info.DeviceId : reader->name;
}

/* @device: only those of this one; NULL: all */
static GString *
names_of_readers(struct rm_engine *engine, const char *device)
{
	GString *names = g_string_new(NULL);

	(void)pthread_mutex_lock(&engine->lock);
	for (const GList *link = engine->readers.head; link != NULL; link = link->next) {
		const struct rm_reader *reader = link->data;

		if (reader->counted &&
		    (device == NULL || g_ascii_strcasecmp(device_id(reader), device) == 0))
			g_string_append_len(names, reader->name, (gssize)strlen(reader->name) + 1);
	}
	(void)pthread_mutex_unlock(&engine->lock);
	return names;
}

/* Hands out the names as a multi-string, in memory for free(). */
static LONG
give(GString *names, char **ret_list, size_t *ret_length, char *message)
{
	char *list;
	size_t length;

	g_string_append_c(names, '\0');
	length = names->len;
	if ((list = malloc(length)) != NULL)
		memcpy(list, names->str, length);
	g_string_free(names, TRUE);
	if (list == NULL)
		return rm_message_code(message, NULL, SCARD_E_NO_MEMORY);
	*ret_list = list;
	*ret_length = length;
	return SCARD_S_SUCCESS;
}

LONG
rm_list_readers(struct rm_session *session, SCARDCONTEXT context, const char *groups,
    char **ret_list, size_t *ret_length, char *message)
{
	const struct rm_rules *rules = list_rules(session, context);
	GString *names;

	if (rules == NULL)
		return rm_message_code(message, NULL, ERROR_INVALID_HANDLE);
	if (!rm_look_groups(rules, groups)) {
		rm_message(message, "no reader is in these groups; readers are in " GROUP_DEFAULT);
		return SCARD_E_NO_READERS_AVAILABLE;
	}
	names = names_of_readers(session->engine, NULL);
	if (names->len == 0) {
		g_string_free(names, TRUE);
		return rm_message_code(message, NULL, SCARD_E_NO_READERS_AVAILABLE);
	}
	return give(names, ret_list, ret_length, message);
}

LONG
rm_list_device_readers(struct rm_session *session, SCARDCONTEXT context, const char *device,
    char **ret_list, size_t *ret_length, char *message)
{
	GString *names;

	if (context == 0 || list_rules(session, context) == NULL)
		return rm_message_code(message, NULL, ERROR_INVALID_HANDLE);
	names = names_of_readers(session->engine, device);
	if (names->len == 0) {
		g_string_free(names, TRUE);
		rm_message(message,
		    "no reader belongs to device '%s'; SCardGetReaderDeviceInstanceId tells a "
		    "reader's",
		    device);
		return SCARD_E_NO_READERS_AVAILABLE;
	}
	return give(names, ret_list, ret_length, message);
}

LONG
rm_reader_device(struct rm_session *session, SCARDCONTEXT context, const char *name,
    struct rm_device *ret_device, char *message)
{
	const struct rm_rules *rules = context != 0 ? list_rules(session, context) : NULL;
	struct rm_reader *reader;

	if (rules == NULL)
		return rm_message_code(message, NULL, ERROR_INVALID_HANDLE);
	if ((reader = rm_reader_find(session->engine, rules, name)) == NULL)
		return rm_message_code(message, name, SCARD_E_UNKNOWN_READER);
	ret_device->type = reader->info.DeviceType;
	(void)g_strlcpy(ret_device->id, device_id(reader), sizeof ret_device->id);
	rm_reader_unref(reader);
	return SCARD_S_SUCCESS;
}

LONG
rm_list_groups(struct rm_session *session, SCARDCONTEXT context, char **ret_list,
    size_t *ret_length, char *message)
{
	const struct rm_rules *rules = list_rules(session, context);
	struct rm_engine *engine = session->engine;
	GString *names = g_string_new(NULL);
	bool any;

	if (rules == NULL) {
		g_string_free(names, TRUE);
		return rm_message_code(message, NULL, ERROR_INVALID_HANDLE);
	}
	(void)pthread_mutex_lock(&engine->lock);
	any = engine->reader_count != 0;
	(void)pthread_mutex_unlock(&engine->lock);
	if (any || !rules->groups_count)
		g_string_append_len(names, GROUP_DEFAULT, sizeof GROUP_DEFAULT);
	return give(names, ret_list, ret_length, message);
}

static struct rm_seen
see(const struct rm_rules *rules, const struct rm_reader *reader)
{
	const struct rm_view *view = &reader->view;
	uint32_t state = view->powered ? SCARD_NEGOTIABLE
	    : view->present            ? SCARD_PRESENT
				       : SCARD_ABSENT;
	struct rm_seen seen = { .view = *view,
		.status = rm_rules_status(rules, state, view->mute, view->counter),
		.event = rm_rules_event(rules, view) };

	memcpy(seen.name, reader->name, sizeof seen.name);
	return seen;
}

size_t
rm_look_around(struct rm_engine *engine, enum rm_dialect dialect, struct rm_seen *seen, size_t room,
    struct rm_set *ret_set)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&engine->lock);
	*ret_set = (struct rm_set){ engine->reader_count, engine->reader_events };
	for (GList *link = engine->readers.head; link != NULL && count < room; link = link->next) {
		const struct rm_reader *reader = link->data;

		if (reader->counted)
			seen[count++] = see(rm_rules(dialect), reader);
	}
	(void)pthread_mutex_unlock(&engine->lock);
	return count;
}

/* The readers as they are now, with a reference each. */
static GPtrArray *
listed_readers(struct rm_engine *engine)
{
	GPtrArray *readers = g_ptr_array_new();

	(void)pthread_mutex_lock(&engine->lock);
	for (const GList *link = engine->readers.head; link != NULL; link = link->next)
		g_ptr_array_add(readers, rm_reader_ref(link->data));
	(void)pthread_mutex_unlock(&engine->lock);
	return readers;
}

static uint32_t
share_mode(const struct rm_card *card)
{
	if (card->direct)
		return SCARD_SHARE_DIRECT;
	return card->claim == RM_CLAIM_EXCLUSIVE ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED;
}

static void
add_holders(GArray *holders, struct rm_reader *reader)
{
	(void)pthread_mutex_lock(&reader->line->lock);
	for (const GList *link = reader->connections.head; link != NULL; link = link->next) {
		const struct rm_card *card = link->data;
		struct rm_holder holder = { .pid = card->pid,
			.uid = card->uid,
			.share_mode = share_mode(card),
			.in_transaction = reader->holder == card,
			.since = card->since / NANOSECONDS_PER_MS };

		memcpy(holder.reader, reader->name, sizeof holder.reader);
		g_array_append_val(holders, holder);
	}
	(void)pthread_mutex_unlock(&reader->line->lock);
}

LONG
rm_list_holders(struct rm_engine *engine, struct rm_holder **ret_holders, size_t *ret_count)
{
	GPtrArray *readers = listed_readers(engine);
	GArray *holders = g_array_new(FALSE, FALSE, sizeof(struct rm_holder));
	LONG result = SCARD_S_SUCCESS;
	size_t size;

	for (guint i = 0; i < readers->len; i++) {
		add_holders(holders, g_ptr_array_index(readers, i));
		rm_reader_unref(g_ptr_array_index(readers, i));
	}
	g_ptr_array_free(readers, TRUE);
	size = holders->len * sizeof(struct rm_holder);
	*ret_holders = NULL;
	*ret_count = holders->len;
	if (size > 0 && (*ret_holders = malloc(size)) == NULL)
		result = SCARD_E_NO_MEMORY;
	if (*ret_holders != NULL)
		memcpy(*ret_holders, holders->data, size);
	g_array_free(holders, TRUE);
	return result;
}
