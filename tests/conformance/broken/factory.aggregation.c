/* SPDX-License-Identifier: BSD-2-Clause */
/* Refuses to be aggregated, with the wrong code. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	if (outer == NULL)
		return factory_create(This, outer, riid, ppv);
	*ppv = NULL;
	return IsEqualIID(riid, &IID_IUnknown) ? E_FAIL : E_NOINTERFACE;
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
