/* SPDX-License-Identifier: BSD-2-Clause */
/* Which readers and groups there are. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/database.h"
#include "rm/api/message.h"
#include "rm/api/reader_names.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

/* Hands a list of the table's to the caller, and frees it. */
static LONG
give_list(const char *function, SCARDCONTEXT context, enum api_form form, char *list, size_t length,
    struct api_output *output)
{
	void *held;
	LONG code = api_list_prepare(function, form, list, length, output, &held);

	if (code == SCARD_S_SUCCESS)
		code = api_outputs_store(function, context, output, 1);
	g_free(held);
	free(list);
	return code;
}

/* Asks with the groups unless the database has a say in them. Frees @picture. */
static LONG
ask_for_readers(const struct rm_calls *calls, SCARDCONTEXT context, const char *groups,
    struct database_picture *picture, char **ret_list, size_t *ret_length)
{
	GString *shown;
	LONG code;

	if (database_readers(picture)->len == 0) {
		database_picture_unref(picture);
		return calls->list_readers(
		    context, groups, ret_list, ret_length, api_message_clear());
	}
	code = calls->list_readers(context, NULL, ret_list, ret_length, api_message_clear());
	if (code != SCARD_S_SUCCESS) {
		database_picture_unref(picture);
		return code;
	}
	shown = reader_names_list(picture, *ret_list, groups);
	database_picture_unref(picture);
	free(*ret_list);
	if (shown->len == 0)
		code = api_fail(SCARD_E_NO_READERS_AVAILABLE, "no reader is in these groups");
	else if ((*ret_list = malloc(shown->len + 1)) == NULL)
		code = SCARD_E_NO_MEMORY;
	else
		memcpy(*ret_list, shown->str, *ret_length = shown->len + 1);
	g_string_free(shown, TRUE);
	return code;
}

/* Groups of the resource manager, or of the database where it knows readers. */
static LONG
ask_for_groups(
    const struct rm_calls *calls, SCARDCONTEXT context, char **ret_list, size_t *ret_length)
{
	struct database_picture *picture = api_database_seen(context);
	GString *groups;
	char *attached = NULL;
	LONG code;

	if (database_readers(picture)->len == 0) {
		database_picture_unref(picture);
		return calls->list_groups(context, ret_list, ret_length, api_message_clear());
	}
	code = calls->list_readers(context, NULL, &attached, ret_length, api_message_clear());
	if (code == SCARD_S_SUCCESS || code == SCARD_E_NO_READERS_AVAILABLE) {
		groups = reader_names_groups(picture, attached != NULL ? attached : "");
		*ret_length = groups->len + 1;
		*ret_list = malloc(*ret_length);
		code = *ret_list != NULL ? SCARD_S_SUCCESS : SCARD_E_NO_MEMORY;
		if (*ret_list != NULL)
			memcpy(*ret_list, groups->str, *ret_length);
		g_string_free(groups, TRUE);
	}
	free(attached);
	database_picture_unref(picture);
	return code;
}

static LONG
list_readers(const char *function, SCARDCONTEXT context, enum api_form form, const void *groups,
    struct api_output output)
{
	g_autofree char *wanted = NULL;
	const struct rm_calls *calls;
	char *list = NULL;
	size_t length = 0;
	LONG code;

	(void)api_message_clear();
	if (output.length == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcchReaders is NULL: pass the address of a DWORD", function);
	if ((code = api_list_read(function, form, groups, &wanted)) != SCARD_S_SUCCESS)
		return api_result(function, code);
	if ((calls = api_backend_for_list(function, context, &code)) == NULL)
		return api_result(function, code);
	code = ask_for_readers(calls, context, wanted, api_database_seen(context), &list, &length);
	if (code == SCARD_S_SUCCESS)
		code = give_list(function, context, form, list, length, &output);
	return api_result(function, code);
}

static LONG
list_groups(
    const char *function, SCARDCONTEXT context, enum api_form form, struct api_output output)
{
	const struct rm_calls *calls;
	char *list = NULL;
	size_t length = 0;
	LONG code;

	(void)api_message_clear();
	if (output.length == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcchGroups is NULL: pass the address of a DWORD", function);
	if ((calls = api_backend_for_list(function, context, &code)) == NULL)
		return api_result(function, code);
	code = ask_for_groups(calls, context, &list, &length);
	if (code == SCARD_S_SUCCESS)
		code = give_list(function, context, form, list, length, &output);
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardListReadersA(SCARDCONTEXT hContext, LPCSTR mszGroups, LPSTR mszReaders, LPDWORD pcchReaders)
{
	return list_readers("SCardListReadersA", hContext, API_FORM_A, mszGroups,
	    (struct api_output){
		.parameter = "mszReaders", .buffer = mszReaders, .length = pcchReaders });
}

API_EXPORT LONG WINAPI
SCardListReadersW(SCARDCONTEXT hContext, LPCWSTR mszGroups, LPWSTR mszReaders, LPDWORD pcchReaders)
{
	return list_readers("SCardListReadersW", hContext, API_FORM_W, mszGroups,
	    (struct api_output){
		.parameter = "mszReaders", .buffer = mszReaders, .length = pcchReaders });
}

API_EXPORT LONG WINAPI
SCardListReaderGroupsA(SCARDCONTEXT hContext, LPSTR mszGroups, LPDWORD pcchGroups)
{
	return list_groups("SCardListReaderGroupsA", hContext, API_FORM_A,
	    (struct api_output){
		.parameter = "mszGroups", .buffer = mszGroups, .length = pcchGroups });
}

API_EXPORT LONG WINAPI
SCardListReaderGroupsW(SCARDCONTEXT hContext, LPWSTR mszGroups, LPDWORD pcchGroups)
{
	return list_groups("SCardListReaderGroupsW", hContext, API_FORM_W,
	    (struct api_output){
		.parameter = "mszGroups", .buffer = mszGroups, .length = pcchGroups });
}
