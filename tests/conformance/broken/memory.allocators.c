/* SPDX-License-Identifier: BSD-2-Clause */
/* Frees with free() what the task allocator gave. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	free(CoTaskMemAlloc(16));
	return factory_create(This, outer, riid, ppv);
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
