/* SPDX-License-Identifier: BSD-2-Clause */
/* The inner object keeps the outer one alive. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	HRESULT hr = factory_create(This, outer, riid, ppv);

	if (SUCCEEDED(hr) && outer != NULL)
		(void)outer->lpVtbl->AddRef(outer);
	return hr;
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
