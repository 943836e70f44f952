/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and groups of readers are introduced and forgotten. */
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/backend.h"
#include "rm/api/database.h"
#include "rm/api/message.h"
#include "rm/api/reader_names.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

/* What is to be done to whom. */
struct change {
	SCARDCONTEXT context;
	char *reader, *device, *group; /* UTF-8; NULL: not part of it */
	char *attached;                /* names of the resource manager, a multi-string */
};

static const char *const fixed_groups[] = { "SCard$AllReaders", "SCard$DefaultReaders",
	"SCard$LocalReaders", "SCard$SystemReaders" };

/* Of those whose members nobody chooses. */
static bool
is_managed(const char *group)
{
	return g_ascii_strcasecmp(group, fixed_groups[0]) == 0 ||
	    g_ascii_strcasecmp(group, fixed_groups[2]) == 0 ||
	    g_ascii_strcasecmp(group, fixed_groups[3]) == 0;
}

static LONG
read_reader(
    const char *function, const char *what, enum api_form form, const void *text, char **ret_text)
{
	return api_string_read(function, what, form, text, DATABASE_READER_NAME_MAX,
	    SCARD_E_INVALID_PARAMETER, ret_text);
}

static LONG
read_group(const char *function, enum api_form form, const void *text, char **ret_text)
{
	return api_string_read(function, "the group's name", form, text, DATABASE_GROUP_NAME_MAX,
	    SCARD_E_INVALID_PARAMETER, ret_text);
}

static LONG
ask_for_attached(const char *function, struct change *change)
{
	const struct rm_calls *calls = api_backend_for_context(function, change->context);
	size_t length = 0;
	LONG code;

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	code = calls->list_readers(
	    change->context, NULL, &change->attached, &length, api_message_clear());
	if (code != SCARD_E_NO_READERS_AVAILABLE)
		return code;
	change->attached = calloc(2, 1);
	return change->attached != NULL ? SCARD_S_SUCCESS : SCARD_E_NO_MEMORY;
}

/* Names were read with @code: does the rest and frees them. */
static LONG
perform(const char *function, LONG code, api_database_work work, struct change *change)
{
	if (code == SCARD_S_SUCCESS)
		code = ask_for_attached(function, change);
	if (code == SCARD_S_SUCCESS)
		code =
		    api_database_change(function, change->context, DATABASE_READERS, work, change);
	g_free(change->reader);
	g_free(change->device);
	g_free(change->group);
	free(change->attached);
	return api_result(function, code);
}

static LONG
put(const char *function, struct database_edit *edit, const struct database_reader *reader)
{
	char *cause = NULL;

	return api_database_result(
	    function, database_put_reader(edit, reader, &cause), SCARD_F_INTERNAL_ERROR, &cause);
}

static LONG
introduce(const char *function, struct database_edit *edit, void *data)
{
	const struct change *change = data;
	const struct database_reader *old =
	    database_find_reader(database_edit_picture(edit), change->reader);
	struct database_reader *reader;
	LONG code;

	if ((old != NULL && strcmp(old->device, change->device) != 0) ||
	    (strcmp(change->reader, change->device) != 0 &&
		reader_names_has(change->attached, change->reader)))
		return api_fail(SCARD_E_DUPLICATE_READER,
		    "%s: \"%s\" is the name of another reader, %s: choose another name", function,
		    change->reader, old != NULL ? old->device : "which is attached");
	reader = old != NULL ? database_reader_copy(old)
			     : database_reader_new(change->reader, change->device);
	reader->hidden = false;
	code = put(function, edit, reader);
	database_reader_free(reader);
	return code;
}

static LONG
unknown(const char *function, const struct change *change)
{
	return api_fail(SCARD_E_UNKNOWN_READER,
	    "%s: no reader \"%s\" is attached or in the database: SCardListReaders lists those "
	    "that are attached",
	    function, change->reader);
}

static LONG
hide(const char *function, struct database_edit *edit, const struct change *change)
{
	struct database_reader *reader = database_reader_new(change->reader, change->reader);
	LONG code;

	reader->hidden = true;
	code = put(function, edit, reader);
	database_reader_free(reader);
	return code;
}

/*
 * A reader that is attached is introduced again at once, under the name it has at the resource
 * manager; unless it has another name, to which it was renamed.
 */
static LONG
forget(const char *function, struct database_edit *edit, void *data)
{
	const struct change *change = data;
	const struct database_picture *picture = database_edit_picture(edit);
	const struct database_reader *old = database_find_reader(picture, change->reader);
	bool attached = reader_names_has(change->attached, change->reader);
	enum database_result result;
	char *cause = NULL;

	if (old == NULL && !attached)
		return unknown(function, change);
	if (attached && reader_names_has_other(picture, change->reader, change->reader))
		return hide(function, edit, change);
	if (old == NULL)
		return SCARD_S_SUCCESS;
	result = database_remove_reader(edit, change->reader, &cause);
	if (result == DATABASE_ABSENT && attached)
		g_clear_pointer(&cause, g_free);
	return result == DATABASE_ABSENT && attached
	    ? SCARD_S_SUCCESS
	    : api_database_result(function, result, SCARD_E_UNKNOWN_READER, &cause);
}

/* (transfer full): what is known of the reader; NULL: it is not. */
static struct database_reader *
copy_known(struct database_edit *edit, const struct change *change)
{
	const struct database_reader *old =
	    database_find_reader(database_edit_picture(edit), change->reader);

	if (old != NULL)
		return database_reader_copy(old);
	return reader_names_has(change->attached, change->reader)
	    ? database_reader_new(change->reader, change->reader)
	    : NULL;
}

static LONG
join(const char *function, struct database_edit *edit, void *data)
{
	const struct change *change = data;
	struct database_reader *reader = copy_known(edit, change);
	LONG code = SCARD_S_SUCCESS;

	if (reader == NULL)
		return unknown(function, change);
	if (g_ascii_strcasecmp(change->group, fixed_groups[0]) == 0 ||
	    database_reader_in(reader, change->group)) {
		database_reader_free(reader);
		return SCARD_S_SUCCESS;
	}
	if (is_managed(change->group))
		code = api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the members of \"%s\" are not chosen", function, change->group);
	else if (!database_reader_join(reader, change->group))
		code = api_fail(SCARD_E_INVALID_PARAMETER, "%s: \"%s\" is in %u groups already",
		    function, change->reader, DATABASE_GROUPS_MAX);
	else
		code = put(function, edit, reader);
	database_reader_free(reader);
	return code;
}

static LONG
leave(const char *function, struct database_edit *edit, void *data)
{
	const struct change *change = data;
	struct database_reader *reader = copy_known(edit, change);
	LONG code = SCARD_S_SUCCESS;

	if (reader == NULL)
		return unknown(function, change);
	if (is_managed(change->group)) {
		code = api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the members of \"%s\" are not chosen", function, change->group);
	} else if (database_reader_in(reader, change->group)) {
		database_reader_leave(reader, change->group);
		code = put(function, edit, reader);
	}
	database_reader_free(reader);
	return code;
}

static LONG
forget_group(const char *function, struct database_edit *edit, void *data)
{
	const struct change *change = data;
	const GPtrArray *readers = database_readers(database_edit_picture(edit));
	LONG code = SCARD_S_SUCCESS;

	for (guint i = 0; i < readers->len && code == SCARD_S_SUCCESS; i++) {
		struct database_reader *reader;

		if (!database_reader_in(readers->pdata[i], change->group))
			continue;
		reader = database_reader_copy(readers->pdata[i]);
		database_reader_leave(reader, change->group);
		code = put(function, edit, reader);
		database_reader_free(reader);
	}
	return code;
}

static LONG
introduce_group(const char *function, enum api_form form, SCARDCONTEXT context, const void *group)
{
	g_autofree char *text = NULL;
	struct database_picture *picture;
	LONG code;

	(void)api_message_clear();
	if ((code = read_group(function, form, group, &text)) != SCARD_S_SUCCESS)
		return code;
	/* A group is there when a reader is in it: nothing is stored. */
	code = api_database_look_any(function, context, &picture);
	if (code == SCARD_S_SUCCESS)
		database_picture_unref(picture);
	return api_result(function, code);
}

static LONG
forget_reader_group(
    const char *function, enum api_form form, SCARDCONTEXT context, const void *group)
{
	struct change change = { .context = context };
	LONG code;

	(void)api_message_clear();
	code = read_group(function, form, group, &change.group);
	for (size_t i = 0; i < G_N_ELEMENTS(fixed_groups) && code == SCARD_S_SUCCESS; i++)
		if (g_ascii_strcasecmp(change.group, fixed_groups[i]) == 0)
			code = api_fail(SCARD_E_INVALID_PARAMETER,
			    "%s: \"%s\" is a group of the system and cannot be removed", function,
			    change.group);
	return perform(function, code, forget_group, &change);
}

static LONG
introduce_reader(const char *function, enum api_form form, SCARDCONTEXT context, const void *reader,
    const void *device)
{
	struct change change = { .context = context };
	LONG code;

	(void)api_message_clear();
	code = read_reader(function, "the reader's name", form, reader, &change.reader);
	if (code == SCARD_S_SUCCESS)
		code = read_reader(function, "the device's name", form, device, &change.device);
	return perform(function, code, introduce, &change);
}

static LONG
forget_reader(const char *function, enum api_form form, SCARDCONTEXT context, const void *reader)
{
	struct change change = { .context = context };

	(void)api_message_clear();
	return perform(function,
	    read_reader(function, "the reader's name", form, reader, &change.reader), forget,
	    &change);
}

static LONG
change_group(const char *function, enum api_form form, SCARDCONTEXT context, const void *reader,
    const void *group, api_database_work work)
{
	struct change change = { .context = context };
	LONG code;

	(void)api_message_clear();
	code = read_reader(function, "the reader's name", form, reader, &change.reader);
	if (code == SCARD_S_SUCCESS)
		code = read_group(function, form, group, &change.group);
	return perform(function, code, work, &change);
}

API_EXPORT LONG WINAPI
SCardIntroduceReaderGroupA(SCARDCONTEXT hContext, LPCSTR szGroupName)
{
	return introduce_group("SCardIntroduceReaderGroupA", API_FORM_A, hContext, szGroupName);
}

API_EXPORT LONG WINAPI
SCardIntroduceReaderGroupW(SCARDCONTEXT hContext, LPCWSTR szGroupName)
{
	return introduce_group("SCardIntroduceReaderGroupW", API_FORM_W, hContext, szGroupName);
}

API_EXPORT LONG WINAPI
SCardForgetReaderGroupA(SCARDCONTEXT hContext, LPCSTR szGroupName)
{
	return forget_reader_group("SCardForgetReaderGroupA", API_FORM_A, hContext, szGroupName);
}

API_EXPORT LONG WINAPI
SCardForgetReaderGroupW(SCARDCONTEXT hContext, LPCWSTR szGroupName)
{
	return forget_reader_group("SCardForgetReaderGroupW", API_FORM_W, hContext, szGroupName);
}

API_EXPORT LONG WINAPI
SCardIntroduceReaderA(SCARDCONTEXT hContext, LPCSTR szReaderName, LPCSTR szDeviceName)
{
	return introduce_reader(
	    "SCardIntroduceReaderA", API_FORM_A, hContext, szReaderName, szDeviceName);
}

API_EXPORT LONG WINAPI
SCardIntroduceReaderW(SCARDCONTEXT hContext, LPCWSTR szReaderName, LPCWSTR szDeviceName)
{
	return introduce_reader(
	    "SCardIntroduceReaderW", API_FORM_W, hContext, szReaderName, szDeviceName);
}

API_EXPORT LONG WINAPI
SCardForgetReaderA(SCARDCONTEXT hContext, LPCSTR szReaderName)
{
	return forget_reader("SCardForgetReaderA", API_FORM_A, hContext, szReaderName);
}

API_EXPORT LONG WINAPI
SCardForgetReaderW(SCARDCONTEXT hContext, LPCWSTR szReaderName)
{
	return forget_reader("SCardForgetReaderW", API_FORM_W, hContext, szReaderName);
}

API_EXPORT LONG WINAPI
SCardAddReaderToGroupA(SCARDCONTEXT hContext, LPCSTR szReaderName, LPCSTR szGroupName)
{
	return change_group(
	    "SCardAddReaderToGroupA", API_FORM_A, hContext, szReaderName, szGroupName, join);
}

API_EXPORT LONG WINAPI
SCardAddReaderToGroupW(SCARDCONTEXT hContext, LPCWSTR szReaderName, LPCWSTR szGroupName)
{
	return change_group(
	    "SCardAddReaderToGroupW", API_FORM_W, hContext, szReaderName, szGroupName, join);
}

API_EXPORT LONG WINAPI
SCardRemoveReaderFromGroupA(SCARDCONTEXT hContext, LPCSTR szReaderName, LPCSTR szGroupName)
{
	return change_group(
	    "SCardRemoveReaderFromGroupA", API_FORM_A, hContext, szReaderName, szGroupName, leave);
}

API_EXPORT LONG WINAPI
SCardRemoveReaderFromGroupW(SCARDCONTEXT hContext, LPCWSTR szReaderName, LPCWSTR szGroupName)
{
	return change_group(
	    "SCardRemoveReaderFromGroupW", API_FORM_W, hContext, szReaderName, szGroupName, leave);
}
