/* SPDX-License-Identifier: BSD-2-Clause */
/* What a reader is: its kind, its device, its picture. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/database.h"
#include "rm/api/icon.h"
#include "rm/api/message.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

#define DEVICE_SIZE 128u /* longest instance id in bytes of UTF-8, with NUL */

/* Asks about a reader; @result: where the caller wants the answer, not NULL. */
static LONG
ask(const char *function, SCARDCONTEXT context, enum api_form form, const void *reader,
    const char *parameter, const void *result, struct rm_calls_device *ret_device)
{
	const struct rm_calls *calls;
	char name[API_NAME_SIZE];
	LONG code;

	(void)api_message_clear();
	if ((calls = api_backend_for_context(function, context)) == NULL)
		return ERROR_INVALID_HANDLE;
	if (reader == NULL || result == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER, "%s: %s is NULL: pass %s", function,
		    reader == NULL ? "szReaderName" : parameter,
		    reader == NULL ? "a name from SCardListReaders" : "the address of a DWORD");
	code = api_name_read(function, "szReaderName", form, reader, name);
	if (code != SCARD_S_SUCCESS)
		return code;
	code = calls->device(context, name, ret_device, api_message_clear());
	if (code == SCARD_E_UNKNOWN_READER && api_database_device(context, name, name))
		code = calls->device(context, name, ret_device, api_message_clear());
	return code;
}

static LONG
type_id(const char *function, SCARDCONTEXT context, enum api_form form, const void *reader,
    LPDWORD ret_type)
{
	struct rm_calls_device device;
	LONG code = ask(function, context, form, reader, "pdwDeviceTypeId", ret_type, &device);

	if (code == SCARD_S_SUCCESS)
		*ret_type = device.type;
	return api_result(function, code);
}

static LONG
icon(const char *function, SCARDCONTEXT context, enum api_form form, const void *reader,
    struct api_output output)
{
	struct rm_calls_device device;
	uint8_t *file = NULL;
	LONG code = ask(function, context, form, reader, "pcbIcon", output.length, &device);

	if (code == SCARD_S_SUCCESS && (file = malloc(ICON_FILE_SIZE)) == NULL)
		code = SCARD_E_NO_MEMORY;
	if (code == SCARD_S_SUCCESS) {
		icon_draw(file);
		output.data = file;
		output.count = ICON_FILE_SIZE;
		output.unit = sizeof(BYTE);
		code = api_outputs_store(function, context, &output, 1);
	}
	free(file);
	return api_result(function, code);
}

static LONG
instance_id(const char *function, SCARDCONTEXT context, enum api_form form, const void *reader,
    struct api_output output)
{
	struct rm_calls_device device;
	g_autofree void *held = NULL;
	LONG code =
	    ask(function, context, form, reader, "pcchDeviceInstanceId", output.length, &device);

	if (code == SCARD_S_SUCCESS)
		code = api_text_prepare(function, form, device.id, &output, &held);
	if (code == SCARD_S_SUCCESS)
		code = api_outputs_store(function, context, &output, 1);
	return api_result(function, code);
}

static LONG
readers_of(const char *function, SCARDCONTEXT context, enum api_form form, const void *id,
    struct api_output output)
{
	g_autofree void *held = NULL;
	const struct rm_calls *calls;
	char device[DEVICE_SIZE], *list = NULL;
	GString *names = NULL;
	size_t length = 0;
	LONG code;

	(void)api_message_clear();
	if ((calls = api_backend_for_context(function, context)) == NULL)
		return ERROR_INVALID_HANDLE;
	if (id == NULL || output.length == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER, "%s: %s is NULL: pass %s", function,
		    id == NULL ? "szDeviceInstanceId" : "pcchReaders",
		    id == NULL ? "an id from SCardGetReaderDeviceInstanceId"
			       : "the address of a DWORD");
	code = api_text_read(function, "szDeviceInstanceId", form, id, device, sizeof device);
	if (code != SCARD_S_SUCCESS)
		return code;
	code = calls->list_device(context, device, &list, &length, api_message_clear());
	if (code == SCARD_S_SUCCESS) {
		names = api_database_names(context, list);
		code = api_list_prepare(function, form, names->str, names->len + 1, &output, &held);
	}
	if (code == SCARD_S_SUCCESS)
		code = api_outputs_store(function, context, &output, 1);
	if (names != NULL)
		g_string_free(names, TRUE);
	free(list);
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardGetDeviceTypeIdA(SCARDCONTEXT hContext, LPCSTR szReaderName, LPDWORD pdwDeviceTypeId)
{
	return type_id(
	    "SCardGetDeviceTypeIdA", hContext, API_FORM_A, szReaderName, pdwDeviceTypeId);
}

API_EXPORT LONG WINAPI
SCardGetDeviceTypeIdW(SCARDCONTEXT hContext, LPCWSTR szReaderName, LPDWORD pdwDeviceTypeId)
{
	return type_id(
	    "SCardGetDeviceTypeIdW", hContext, API_FORM_W, szReaderName, pdwDeviceTypeId);
}

API_EXPORT LONG WINAPI
SCardGetReaderIconA(SCARDCONTEXT hContext, LPCSTR szReaderName, LPBYTE pbIcon, LPDWORD pcbIcon)
{
	return icon("SCardGetReaderIconA", hContext, API_FORM_A, szReaderName,
	    (struct api_output){ .parameter = "pbIcon", .buffer = pbIcon, .length = pcbIcon });
}

API_EXPORT LONG WINAPI
SCardGetReaderIconW(SCARDCONTEXT hContext, LPCWSTR szReaderName, LPBYTE pbIcon, LPDWORD pcbIcon)
{
	return icon("SCardGetReaderIconW", hContext, API_FORM_W, szReaderName,
	    (struct api_output){ .parameter = "pbIcon", .buffer = pbIcon, .length = pcbIcon });
}

API_EXPORT LONG WINAPI
SCardGetReaderDeviceInstanceIdA(SCARDCONTEXT hContext, LPCSTR szReaderName,
    LPSTR szDeviceInstanceId, LPDWORD pcchDeviceInstanceId)
{
	return instance_id("SCardGetReaderDeviceInstanceIdA", hContext, API_FORM_A, szReaderName,
	    (struct api_output){ .parameter = "szDeviceInstanceId",
		.buffer = szDeviceInstanceId,
		.length = pcchDeviceInstanceId });
}

API_EXPORT LONG WINAPI
SCardGetReaderDeviceInstanceIdW(SCARDCONTEXT hContext, LPCWSTR szReaderName,
    LPWSTR szDeviceInstanceId, LPDWORD pcchDeviceInstanceId)
{
	return instance_id("SCardGetReaderDeviceInstanceIdW", hContext, API_FORM_W, szReaderName,
	    (struct api_output){ .parameter = "szDeviceInstanceId",
		.buffer = szDeviceInstanceId,
		.length = pcchDeviceInstanceId });
}

API_EXPORT LONG WINAPI
SCardListReadersWithDeviceInstanceIdA(
    SCARDCONTEXT hContext, LPCSTR szDeviceInstanceId, LPSTR mszReaders, LPDWORD pcchReaders)
{
	return readers_of("SCardListReadersWithDeviceInstanceIdA", hContext, API_FORM_A,
	    szDeviceInstanceId,
	    (struct api_output){
		.parameter = "mszReaders", .buffer = mszReaders, .length = pcchReaders });
}

API_EXPORT LONG WINAPI
SCardListReadersWithDeviceInstanceIdW(
    SCARDCONTEXT hContext, LPCWSTR szDeviceInstanceId, LPWSTR mszReaders, LPDWORD pcchReaders)
{
	return readers_of("SCardListReadersWithDeviceInstanceIdW", hContext, API_FORM_W,
	    szDeviceInstanceId,
	    (struct api_output){
		.parameter = "mszReaders", .buffer = mszReaders, .length = pcchReaders });
}
