/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A caller's session with the resource manager. Whether a context is valid is a question to this
 * process's own table, as pcsc-lite has it; a block outlives its context.
 */
#include <stdint.h>
#include <stdlib.h>

#include "rm/api/backend.h"
#include "rm/api/memory.h"
#include "rm/api/message.h"
#include "rm/pcsclite/lp64.h"

lp64_long pcsclite_establish(lp64_dword scope, const void *reserved1, const void *reserved2,
    lp64_handle *ret_context) LP64_EXPORT("SCardEstablishContext");
lp64_long pcsclite_release(lp64_handle context) LP64_EXPORT("SCardReleaseContext");
lp64_long pcsclite_is_valid(lp64_handle context) LP64_EXPORT("SCardIsValidContext");
lp64_long pcsclite_cancel(lp64_handle context) LP64_EXPORT("SCardCancel");
lp64_long pcsclite_free(lp64_handle context, const void *block) LP64_EXPORT("SCardFreeMemory");

/* A variable of pcsc-lite's: whatever its value, calls do not wait for another's transaction. */
static uint32_t
dialect(void)
{
	return secure_getenv("PCSCLITE_NO_BLOCKING") != NULL ? RM_CALLS_PCSCLITE_IMPATIENT
							     : RM_CALLS_PCSCLITE;
}

lp64_long
pcsclite_establish(
    lp64_dword scope, const void *reserved1, const void *reserved2, lp64_handle *ret_context)
{
	const struct rm_calls *calls;
	SCARDCONTEXT context = 0;
	LONG code = SCARD_E_NO_SERVICE;

	(void)reserved1;
	(void)reserved2;
	if (ret_context == NULL)
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	*ret_context = 0;
	if (scope > UINT32_MAX)
		return lp64_result(SCARD_E_INVALID_VALUE);
	if ((calls = api_backend_open(&code)) == NULL)
		return lp64_result(code);
	code = calls->establish(dialect(), (uint32_t)scope, &context, api_message_clear());
	if (code == SCARD_S_SUCCESS) {
		api_context_add(context, (DWORD)scope);
		*ret_context = (lp64_handle)context;
	}
	return lp64_result(code);
}

lp64_long
pcsclite_release(lp64_handle context)
{
	const struct rm_calls *calls = lp64_context_calls(context);
	LONG code;

	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	api_context_remove((SCARDCONTEXT)context);
	code = calls->release((SCARDCONTEXT)context, api_message_clear());
	return lp64_result(code);
}

lp64_long
pcsclite_is_valid(lp64_handle context)
{
	return lp64_result(
	    lp64_context_calls(context) != NULL ? SCARD_S_SUCCESS : SCARD_E_INVALID_HANDLE);
}

lp64_long
pcsclite_cancel(lp64_handle context)
{
	const struct rm_calls *calls = lp64_context_calls(context);

	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	return lp64_result(calls->cancel((SCARDCONTEXT)context, api_message_clear()));
}

lp64_long
pcsclite_free(lp64_handle context, const void *block)
{
	if (lp64_context_calls(context) == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	free((void *)(uintptr_t)block);
	return lp64_result(SCARD_S_SUCCESS);
}
