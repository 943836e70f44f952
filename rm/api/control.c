/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions of the reader itself. */
#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/input.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"

#define CONTROL_MAX 65548u /* bytes each way */

API_EXPORT LONG WINAPI
SCardControl(SCARDHANDLE hCard, DWORD dwControlCode, LPCVOID lpInBuffer, DWORD cbInBufferSize,
    LPVOID lpOutBuffer, DWORD cbOutBufferSize, LPDWORD lpBytesReturned)
{
	static const char function[] = "SCardControl";
	const struct rm_calls *calls;
	struct api_input in;
	size_t length = cbOutBufferSize < CONTROL_MAX ? cbOutBufferSize : CONTROL_MAX;
	LONG code;

	(void)api_message_clear();
	if ((calls = api_backend_for_card(function, hCard)) == NULL)
		return ERROR_INVALID_HANDLE;
	if (lpBytesReturned == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: lpBytesReturned is NULL: pass the address of a DWORD", function);
	if (lpInBuffer == NULL && cbInBufferSize != 0)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: lpInBuffer is NULL and its size %u: pass both or neither", function,
		    (unsigned)cbInBufferSize);
	if (lpOutBuffer == NULL && cbOutBufferSize != 0)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: lpOutBuffer is NULL and its size %u: pass both or neither", function,
		    (unsigned)cbOutBufferSize);
	if (cbInBufferSize > CONTROL_MAX)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: %u bytes of input, at most %u can be", function, (unsigned)cbInBufferSize,
		    CONTROL_MAX);
	code = api_input_begin(&in, lpInBuffer, cbInBufferSize, lpOutBuffer, length);
	if (code == SCARD_S_SUCCESS)
		code = calls->control(
		    hCard, dwControlCode, in.data, in.length, lpOutBuffer, &length, api_message());
	api_input_done(&in);
	if (code == SCARD_S_SUCCESS || code == SCARD_E_INSUFFICIENT_BUFFER)
		*lpBytesReturned = (DWORD)length;
	return api_result(function, code);
}
