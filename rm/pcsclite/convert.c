/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the table of calls and pcsc-lite's callers: handles and buffers. */
#include <stdlib.h>
#include <string.h>

#include "rm/api/backend.h"
#include "rm/api/memory.h"
#include "rm/pcsclite/lp64.h"

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
