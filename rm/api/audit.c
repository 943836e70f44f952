/* SPDX-License-Identifier: BSD-2-Clause */
/* The record of PINs. */
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"

API_EXPORT LONG WINAPI
SCardAudit(SCARDCONTEXT hContext, DWORD dwEvent)
{
	static const char function[] = "SCardAudit";
	char *message = api_message_clear();
	const struct rm_calls *calls = api_backend_for_context(function, hContext);

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	if (dwEvent > SCARD_AUDIT_CHV_SUCCESS)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: there is no event %u: pass SCARD_AUDIT_CHV_FAILURE or "
		    "SCARD_AUDIT_CHV_SUCCESS",
		    function, (unsigned)dwEvent);
	return api_result(function, calls->audit(hContext, dwEvent, message));
}
