/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves the result as it was for an interface that it has not. */
#include "tests/conformance/broken/thing.h"

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	void *before = ppv != NULL ? *ppv : NULL;
	HRESULT hr = face_query(This, riid, ppv);

	if (hr == E_NOINTERFACE)
		*ppv = before;
	return hr;
}

#define FACE_QUERY query
#include "tests/conformance/broken/thing_module.h"
