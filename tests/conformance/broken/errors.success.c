/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves an error object on the thread though creation succeeds. */
#include "tests/conformance/broken/thing.h"

#include <tessera_class.h>

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	HRESULT hr = factory_create(This, outer, riid, ppv);

	if (SUCCEEDED(hr))
		(void)tessera_error(E_FAIL, NULL, NULL, "stale");
	return hr;
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
