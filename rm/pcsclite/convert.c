/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the table of calls and pcsc-lite's callers: codes, protocols, handles, buffers. */
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/backend.h"
#include "rm/api/memory.h"
#include "rm/pcsclite/lp64.h"

#define LP64_UNSUPPORTED_FEATURE 0x8010001Fl

/* The Win32 codes that the table may give although its context speaks pcsc-lite's dialect. */
static LONG
without_win32(LONG code)
{
	switch (code) {
	case ERROR_INVALID_HANDLE:
		return SCARD_E_INVALID_HANDLE;
	case ERROR_INVALID_FUNCTION:
	case ERROR_NOT_SUPPORTED:
		return SCARD_E_UNSUPPORTED_FEATURE;
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_OUTOFMEMORY:
		return SCARD_E_NO_MEMORY;
	case ERROR_ACCESS_DENIED:
		return SCARD_W_SECURITY_VIOLATION;
	default:
		return code > 0 ? SCARD_F_UNKNOWN_ERROR : code;
	}
}

lp64_long
lp64_result(LONG code)
{
	code = without_win32(code);
	if (code == SCARD_E_UNSUPPORTED_FEATURE)
		return LP64_UNSUPPORTED_FEATURE;
	return (lp64_long)(uint32_t)code;
}

uint32_t
lp64_protocols_in(lp64_dword protocols)
{
	uint32_t result = (uint32_t)protocols & SCARD_PROTOCOL_Tx;

	if (protocols & LP64_PROTOCOL_RAW)
		result |= SCARD_PROTOCOL_RAW;
	if (protocols & LP64_PROTOCOL_ANY_OLD)
		result |= SCARD_PROTOCOL_Tx;
	return result;
}

lp64_dword
lp64_protocol_out(uint32_t protocol)
{
	return protocol == SCARD_PROTOCOL_RAW ? LP64_PROTOCOL_RAW : protocol;
}

const struct rm_calls *
lp64_context_calls(lp64_handle context)
{
	if (!api_context_known((SCARDCONTEXT)context))
		return NULL;
	return api_backend_for_context("pcsclite", (SCARDCONTEXT)context);
}

const struct rm_calls *
lp64_card_calls(lp64_handle card)
{
	return api_backend_for_card("pcsclite", (SCARDHANDLE)card);
}

LONG
lp64_give(void *buffer, lp64_dword *length, const void *data, size_t size, bool part)
{
	lp64_dword room = *length;
	void *block;

	if (room == LP64_AUTOALLOCATE) {
		if (buffer == NULL)
			return SCARD_E_INVALID_PARAMETER;
		if ((block = malloc(size > 0 ? size : 1)) == NULL)
			return SCARD_E_NO_MEMORY;
		memcpy(buffer, &block, sizeof block); /* the caller's pointer may lie anywhere */
		buffer = block;
		room = size;
	}
	*length = size;
	if (buffer == NULL || size == 0)
		return SCARD_S_SUCCESS;
	if (room >= size)
		memcpy(buffer, data, size);
	else if (part)
		memcpy(buffer, data, room);
	return room >= size ? SCARD_S_SUCCESS : SCARD_E_INSUFFICIENT_BUFFER;
}
