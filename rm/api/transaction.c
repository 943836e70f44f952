/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeping a card to oneself for a while. */
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"

API_EXPORT LONG WINAPI
SCardBeginTransaction(SCARDHANDLE hCard)
{
	static const char function[] = "SCardBeginTransaction";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_card(function, hCard);

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	return api_result(function, calls->begin(hCard, message));
}

API_EXPORT LONG WINAPI
SCardEndTransaction(SCARDHANDLE hCard, DWORD dwDisposition)
{
	static const char function[] = "SCardEndTransaction";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_card(function, hCard);

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	return api_result(function, calls->end(hCard, dwDisposition, message));
}

API_EXPORT LONG WINAPI
SCardCancelTransaction(SCARDHANDLE hCard)
{
	static const char function[] = "SCardCancelTransaction";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_card(function, hCard);

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	return api_result(function, calls->end(hCard, SCARD_LEAVE_CARD, message));
}
