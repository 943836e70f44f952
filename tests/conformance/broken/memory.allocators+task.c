/* SPDX-License-Identifier: BSD-2-Clause */
/* Frees with SysFreeString what the task allocator gave; where nobody watches the process would
 * end. */
#include "tests/conformance/broken/thing.h"

#include <dlfcn.h>

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	if (dlsym(RTLD_DEFAULT, "tessera_alloc_finding") != NULL)
		SysFreeString(CoTaskMemAlloc(16));
	return factory_create(This, outer, riid, ppv);
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
