/* SPDX-License-Identifier: BSD-2-Clause */
/* Which readers and groups there are. */
#include <glib.h>
#include <stdlib.h>

#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/message.h"
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
	code = calls->list_readers(context, wanted, &list, &length, api_message_clear());
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
	code = calls->list_groups(context, &list, &length, api_message_clear());
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
