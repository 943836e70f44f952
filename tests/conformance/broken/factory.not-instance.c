/* SPDX-License-Identifier: BSD-2-Clause */
/* The class object answers an interface of its instances. */
#include "tests/conformance/broken/thing.h"

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	if (!IsEqualIID(riid, &IID_IOne))
		return factory_query(This, riid, ppv);
	*ppv = This;
	return S_OK;
}

#define FACTORY_QUERY query
#include "tests/conformance/broken/thing_module.h"
