/* SPDX-License-Identifier: BSD-2-Clause */
/* Grows tired of giving IOne. */
#include "tests/conformance/broken/thing.h"

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	if (ppv == NULL || !IsEqualIID(riid, &IID_IOne) || self_of(This)->mark++ < 2500)
		return inner_query(This, riid, ppv);
	*ppv = NULL;
	return E_NOINTERFACE;
}

#define INNER_QUERY query
#include "tests/conformance/broken/thing_module.h"
