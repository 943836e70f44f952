/* SPDX-License-Identifier: BSD-2-Clause */
/* A caller's session with the resource manager: begins, ends, is asked about, is interrupted. */
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/database_wait.h"
#include "rm/api/memory.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"

API_EXPORT LONG WINAPI
SCardEstablishContext(
    DWORD dwScope, LPCVOID pvReserved1, LPCVOID pvReserved2, LPSCARDCONTEXT phContext)
{
	static const char function[] = "SCardEstablishContext";
	const struct rm_calls *calls;
	SCARDCONTEXT context = 0;
	LONG code;

	(void)api_message_clear();
	if (phContext == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: phContext is NULL: pass the address of a SCARDCONTEXT", function);
	if (pvReserved1 != NULL || pvReserved2 != NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: a reserved pointer is not NULL: pass NULL for both", function);
	if ((calls = api_backend_open(&code)) == NULL)
		return api_result(function, code);
	code = calls->establish(RM_CALLS_WINDOWS, dwScope, &context, api_message_clear());
	if (code == SCARD_S_SUCCESS) {
		api_context_add(context, dwScope);
		*phContext = context;
	}
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardReleaseContext(SCARDCONTEXT hContext)
{
	static const char function[] = "SCardReleaseContext";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_context(function, hContext);
	LONG code;

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	code = calls->release(hContext, message);
	/* Whatever the answer: a context that the manager no longer knows has no use for its
	 * blocks. */
	api_context_remove(hContext);
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardIsValidContext(SCARDCONTEXT hContext)
{
	static const char function[] = "SCardIsValidContext";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_context(function, hContext);

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	return api_result(function, calls->is_valid(hContext, message));
}

API_EXPORT LONG WINAPI
SCardCancel(SCARDCONTEXT hContext)
{
	static const char function[] = "SCardCancel";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_context(function, hContext);

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	api_database_wait_cancel(hContext);
	return api_result(function, calls->cancel(hContext, message));
}

API_EXPORT LONG WINAPI
SCardFreeMemory(SCARDCONTEXT hContext, LPCVOID pvMem)
{
	static const char function[] = "SCardFreeMemory";

	(void)api_message_clear();
	if (hContext != 0 && !api_context_known(hContext))
		return api_fail(ERROR_INVALID_HANDLE,
		    "%s: context 0x%zX is not valid: its blocks were freed when it was released",
		    function, (size_t)hContext);
	if (pvMem != NULL && !api_block_free(hContext, pvMem))
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: no block of this context lies at %p: pass the context of the call that "
		    "allocated it, and free it once",
		    function, pvMem);
	return SCARD_S_SUCCESS;
}
