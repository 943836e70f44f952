/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves the result as it was when a new object has not the interface. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	void *before = ppv != NULL ? *ppv : NULL;
	HRESULT hr = factory_create(This, outer, riid, ppv);

	if (hr == E_NOINTERFACE && outer == NULL)
		*ppv = before;
	return hr;
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
