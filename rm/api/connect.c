/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections to cards: made, changed, ended. */
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/database.h"
#include "rm/api/memory.h"
#include "rm/api/message.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

_Static_assert(API_NAME_SIZE == DATABASE_READER_NAME_MAX + 1, "a name fits into both");

/* Reads the name that must be there. */
static LONG
read_reader(
    const char *function, enum api_form form, const void *reader, char ret_name[API_NAME_SIZE])
{
	LONG code;

	if (reader == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the reader name is NULL: pass a name from SCardListReaders", function);
	code = api_name_read(function, "the reader name", form, reader, ret_name);
	if (code == SCARD_S_SUCCESS && ret_name[0] == '\0')
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the reader name is empty: pass a name from SCardListReaders", function);
	return code;
}

static LONG
connect_reader(const char *function, enum api_form form, SCARDCONTEXT context, const void *reader,
    DWORD share_mode, DWORD protocols, LPSCARDHANDLE ret_card, LPDWORD ret_active)
{
	char name[API_NAME_SIZE];
	const struct rm_calls *calls;
	SCARDHANDLE card = 0;
	uint32_t active = SCARD_PROTOCOL_UNDEFINED;
	LONG code;

	(void)api_message_clear();
	if (ret_card == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: phCard is NULL: pass the address of a SCARDHANDLE", function);
	if ((code = read_reader(function, form, reader, name)) != SCARD_S_SUCCESS)
		return code;
	if ((calls = api_backend_for_context(function, context)) == NULL)
		return ERROR_INVALID_HANDLE;
	code = calls->connect(
	    context, name, share_mode, protocols, &card, &active, api_message_clear());
	if (code == SCARD_E_UNKNOWN_READER && api_database_device(context, name, name))
		code = calls->connect(
		    context, name, share_mode, protocols, &card, &active, api_message_clear());
	if (code == SCARD_S_SUCCESS) {
		api_card_add(card, context);
		*ret_card = card;
		if (ret_active != NULL)
			*ret_active = active;
	}
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardConnectA(SCARDCONTEXT hContext, LPCSTR szReader, DWORD dwShareMode, DWORD dwPreferredProtocols,
    LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol)
{
	return connect_reader("SCardConnectA", API_FORM_A, hContext, szReader, dwShareMode,
	    dwPreferredProtocols, phCard, pdwActiveProtocol);
}

API_EXPORT LONG WINAPI
SCardConnectW(SCARDCONTEXT hContext, LPCWSTR szReader, DWORD dwShareMode,
    DWORD dwPreferredProtocols, LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol)
{
	return connect_reader("SCardConnectW", API_FORM_W, hContext, szReader, dwShareMode,
	    dwPreferredProtocols, phCard, pdwActiveProtocol);
}

API_EXPORT LONG WINAPI
SCardReconnect(SCARDHANDLE hCard, DWORD dwShareMode, DWORD dwPreferredProtocols,
    DWORD dwInitialization, LPDWORD pdwActiveProtocol)
{
	static const char function[] = "SCardReconnect";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_card(function, hCard);
	uint32_t active = SCARD_PROTOCOL_UNDEFINED;
	LONG code;

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	code = calls->reconnect(
	    hCard, dwShareMode, dwPreferredProtocols, dwInitialization, &active, message);
	if (code == SCARD_S_SUCCESS && pdwActiveProtocol != NULL)
		*pdwActiveProtocol = active;
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardDisconnect(SCARDHANDLE hCard, DWORD dwDisposition)
{
	static const char function[] = "SCardDisconnect";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_card(function, hCard);
	LONG code;

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	code = calls->disconnect(hCard, dwDisposition, message);
	if (code == SCARD_S_SUCCESS)
		api_card_remove(hCard);
	return api_result(function, code);
}
