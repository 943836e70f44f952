/* SPDX-License-Identifier: BSD-2-Clause */
/* The task allocator. malloc's alignment is 16 on every platform that we support. */
#include <stdlib.h>

#include <objbase.h>

#include "runtime/export.h"
#include "runtime/memory_spy.h"

_Static_assert(_Alignof(max_align_t) >= 16, "CoTaskMemAlloc promises 16");

TESSERA_EXPORT LPVOID
CoTaskMemAlloc(SIZE_T cb)
{
	if (memory_is_spied())
		return memory_spy_alloc(cb);
	return malloc(cb != 0 ? cb : 1);
}

TESSERA_EXPORT LPVOID
CoTaskMemRealloc(LPVOID pv, SIZE_T cb)
{
	if (memory_is_spied())
		return memory_spy_realloc(pv, cb);
	if (cb == 0 && pv != NULL) {
		free(pv);
		return NULL;
	}
	return realloc(pv, cb != 0 ? cb : 1);
}

TESSERA_EXPORT void
CoTaskMemFree(LPVOID pv)
{
	if (memory_is_spied())
		memory_spy_free(pv);
	else
		free(pv);
}
