/* SPDX-License-Identifier: BSD-2-Clause */
/* The class object has two addresses for IUnknown, each giving the other. */
#include "tests/conformance/broken/thing.h"

static struct face factory, twin;

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	HRESULT hr = factory_query(This, riid, ppv);

	if (SUCCEEDED(hr) && IsEqualIID(riid, &IID_IUnknown)) {
		twin.unknown = ((struct face *)This)->unknown;
		*ppv = This == (void *)&twin ? &factory : &twin;
	}
	return hr;
}

#define FACTORY_QUERY query
#include "tests/conformance/broken/thing_module.h"
