/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two databases a process: what a user sees, and what the system has. Looking at one takes the lock
 * for as long as a few calls of stat; a change holds it until it is written.
 */
#include "rm/api/database.h"

#include <pthread.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/backend.h"
#include "rm/api/memory.h"
#include "rm/api/message.h"
#include "rm/api/reader_names.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct database *user, *whole_system;

/* A look costs a few calls of stat; who asks all the time for what seldom changes shares one. */
#define RECENT_USEC 100000

static struct {
	struct database_picture *picture; /* NULL: none */
	gint64 seen_at;
} recent[2]; /* of the user, of the system */

static void
forking(void)
{
	(void)pthread_mutex_lock(&lock);
}

static void
forked(void)
{
	(void)pthread_mutex_unlock(&lock);
}

static __attribute__((constructor)) void
watch_fork(void)
{
	(void)pthread_atfork(forking, forked, forked);
}

/* Under the lock. */
static void
forget_recent(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(recent); i++) {
		database_picture_unref(recent[i].picture);
		recent[i].picture = NULL;
	}
}

/* What this library still holds when the process ends is no leak. */
static __attribute__((destructor)) void
close_databases(void)
{
	forget_recent();
	database_free(user);
	database_free(whole_system);
	user = whole_system = NULL;
}

/* Under the lock. */
static struct database *
open_database(DWORD scope)
{
	struct database **database = scope == SCARD_SCOPE_SYSTEM ? &whole_system : &user;

	if (*database == NULL)
		*database = database_new(database_folders(&lock, scope == SCARD_SCOPE_SYSTEM));
	return *database;
}

struct database_picture *
api_database_seen(SCARDCONTEXT context)
{
	DWORD scope = context == 0 ? SCARD_SCOPE_USER : api_context_scope(context);
	struct database_picture *picture;

	(void)pthread_mutex_lock(&lock);
	picture = database_look(open_database(scope));
	(void)pthread_mutex_unlock(&lock);
	return picture;
}

/* As api_database_seen, as it was a tenth of a second ago at most; this process's changes are in
 * it. */
static struct database_picture *
seen_recently(SCARDCONTEXT context)
{
	DWORD scope = context == 0 ? SCARD_SCOPE_USER : api_context_scope(context);
	size_t which = scope == SCARD_SCOPE_SYSTEM ? 1 : 0;
	gint64 now = g_get_monotonic_time();
	struct database_picture *picture;

	(void)pthread_mutex_lock(&lock);
	if (recent[which].picture == NULL || now - recent[which].seen_at >= RECENT_USEC) {
		database_picture_unref(recent[which].picture);
		recent[which].picture = database_look(open_database(scope));
		recent[which].seen_at = now;
	}
	picture = database_picture_ref(recent[which].picture);
	(void)pthread_mutex_unlock(&lock);
	return picture;
}

bool
api_database_device(
    SCARDCONTEXT context, const char *name, char ret_device[DATABASE_READER_NAME_MAX + 1])
{
	struct database_picture *picture = api_database_seen(context);
	const struct database_reader *reader = database_find_reader(picture, name);
	bool other = reader != NULL && strcmp(reader->device, name) != 0;

	if (other)
		(void)g_strlcpy(ret_device, reader->device, DATABASE_READER_NAME_MAX + 1);
	database_picture_unref(picture);
	return other;
}

int
api_database_watch(SCARDCONTEXT context)
{
	DWORD scope = api_context_scope(context);
	int watch;

	(void)pthread_mutex_lock(&lock);
	watch = database_watch(open_database(scope));
	(void)pthread_mutex_unlock(&lock);
	return watch;
}

GString *
api_database_names(SCARDCONTEXT context, const char *attached)
{
	struct database_picture *picture = seen_recently(context);
	GString *names = reader_names_list(picture, attached, NULL);

	database_picture_unref(picture);
	return names;
}

static LONG
check_context(const char *function, SCARDCONTEXT context)
{
	const struct rm_calls *calls = api_backend_for_context(function, context);

	return calls == NULL ? ERROR_INVALID_HANDLE : calls->is_valid(context, api_message_clear());
}

LONG
api_database_look(const char *function, SCARDCONTEXT context, struct database_picture **ret_picture)
{
	LONG code = check_context(function, context);

	*ret_picture = code == SCARD_S_SUCCESS ? api_database_seen(context) : NULL;
	return code;
}

LONG
api_database_look_any(
    const char *function, SCARDCONTEXT context, struct database_picture **ret_picture)
{
	if (context != 0)
		return api_database_look(function, context, ret_picture);
	*ret_picture = api_database_seen(0);
	return SCARD_S_SUCCESS;
}

LONG
api_database_result(const char *function, enum database_result result, LONG absent, char **cause)
{
	LONG code = SCARD_F_INTERNAL_ERROR;

	if (result == DATABASE_OK) {
		g_clear_pointer(cause, g_free);
		return SCARD_S_SUCCESS;
	}
	if (result == DATABASE_ABSENT)
		code = absent;
	else if (result == DATABASE_INVALID)
		code = SCARD_E_INVALID_PARAMETER;
	else if (result == DATABASE_DENIED)
		code = ERROR_ACCESS_DENIED;
	api_explain("%s: %s%s", function, *cause,
	    result == DATABASE_DENIED
		? "; a context with SCARD_SCOPE_USER writes to the user's own database"
		: "");
	g_clear_pointer(cause, g_free);
	return code;
}

LONG
api_database_change(const char *function, SCARDCONTEXT context, enum database_kind kind,
    api_database_work work, void *data)
{
	DWORD scope = context == 0 ? SCARD_SCOPE_SYSTEM : api_context_scope(context);
	enum database_layer layer =
	    scope == SCARD_SCOPE_SYSTEM ? DATABASE_ADMINISTRATOR : DATABASE_USER;
	struct database_edit *edit;
	char *cause = NULL;
	LONG code = context == 0 ? SCARD_S_SUCCESS : check_context(function, context);

	if (code != SCARD_S_SUCCESS)
		return code;
	(void)pthread_mutex_lock(&lock);
	code = api_database_result(function,
	    database_begin(open_database(scope), layer, kind, &edit, &cause),
	    SCARD_F_INTERNAL_ERROR, &cause);
	if (code == SCARD_S_SUCCESS) {
		code = work(function, edit, data);
		database_end(edit);
		forget_recent();
	}
	(void)pthread_mutex_unlock(&lock);
	return code;
}

LONG
api_database_card(const char *function, const struct database_picture *picture, const char *name,
    const struct database_card **ret_card)
{
	*ret_card = database_find_card(picture, name);
	if (*ret_card != NULL)
		return SCARD_S_SUCCESS;
	return api_fail(SCARD_E_UNKNOWN_CARD,
	    "%s: the database has no card type \"%s\": SCardListCards lists those there are",
	    function, name);
}
