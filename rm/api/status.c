/* SPDX-License-Identifier: BSD-2-Clause */
/* What a connection is like: reader, state, protocol, ATR. */
#include <glib.h>
#include <string.h>

#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/database.h"
#include "rm/api/memory.h"
#include "rm/api/message.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

/* (transfer full) All names the reader has; a multi-string. */
static GString *
list_names(SCARDHANDLE card, const struct rm_calls_status *status)
{
	char own[sizeof status->name + 1] = { 0 }; /* a list of one: the closing NUL */
	SCARDCONTEXT context = 0;

	memcpy(own, status->name, strnlen(status->name, sizeof status->name - 1));
	(void)api_card_context(card, &context);
	return api_database_names(context, own);
}

/* Either output may be unwanted. */
static LONG
tell_status(const char *function, enum api_form form, SCARDHANDLE card, struct api_output names_out,
    struct api_output atr_out, LPDWORD ret_state, LPDWORD ret_protocol)
{
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_card(function, card);
	struct rm_calls_status status;
	g_autofree void *held = NULL;
	GString *names = NULL;
	struct api_output outputs[] = { names_out, atr_out };
	LONG code;

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	memset(&status, 0, sizeof status);
	if ((code = calls->status(card, &status, message)) != SCARD_S_SUCCESS)
		return api_result(function, code);
	/* Only who asks for names pays for a look into the database. */
	if (names_out.length != NULL) {
		names = list_names(card, &status);
		code = api_list_prepare(
		    function, form, names->str, names->len + 1, &outputs[0], &held);
	}
	outputs[1].data = status.atr;
	outputs[1].count = MIN(status.atr_length, sizeof status.atr);
	outputs[1].unit = sizeof(BYTE);
	if (code == SCARD_S_SUCCESS)
		code = api_outputs_store_for_card(function, card, outputs, 2);
	if (names != NULL)
		g_string_free(names, TRUE);
	if (code == SCARD_S_SUCCESS) {
		if (ret_state != NULL)
			*ret_state = status.state;
		if (ret_protocol != NULL)
			*ret_protocol = status.protocol;
	}
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardStatusA(SCARDHANDLE hCard, LPSTR mszReaderNames, LPDWORD pcchReaderLen, LPDWORD pdwState,
    LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen)
{
	const struct api_output names = {
		.parameter = "mszReaderNames", .buffer = mszReaderNames, .length = pcchReaderLen
	};
	const struct api_output atr = {
		.parameter = "pbAtr", .buffer = pbAtr, .length = pcbAtrLen
	};

	return tell_status("SCardStatusA", API_FORM_A, hCard, names, atr, pdwState, pdwProtocol);
}

API_EXPORT LONG WINAPI
SCardStatusW(SCARDHANDLE hCard, LPWSTR mszReaderNames, LPDWORD pcchReaderLen, LPDWORD pdwState,
    LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen)
{
	const struct api_output names = {
		.parameter = "mszReaderNames", .buffer = mszReaderNames, .length = pcchReaderLen
	};
	const struct api_output atr = {
		.parameter = "pbAtr", .buffer = pbAtr, .length = pcbAtrLen
	};

	return tell_status("SCardStatusW", API_FORM_W, hCard, names, atr, pdwState, pdwProtocol);
}

API_EXPORT LONG WINAPI
SCardState(
    SCARDHANDLE hCard, LPDWORD pdwState, LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen)
{
	const struct api_output names = { .length = NULL };
	const struct api_output atr = {
		.parameter = "pbAtr", .buffer = pbAtr, .length = pcbAtrLen
	};

	return tell_status("SCardState", API_FORM_A, hCard, names, atr, pdwState, pdwProtocol);
}
