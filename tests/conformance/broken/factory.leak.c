/* SPDX-License-Identifier: BSD-2-Clause */
/* Forgets the new object that has not the interface asked for. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	HRESULT hr = factory_create(This, outer, riid, ppv);

	if (hr == E_NOINTERFACE && outer == NULL)
		(void)make_thing(NULL);
	return hr;
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
