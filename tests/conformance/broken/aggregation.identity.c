/* SPDX-License-Identifier: BSD-2-Clause */
/* An inner interface gives the inner object as its identity. */
#include "tests/conformance/broken/thing.h"

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	return IsEqualIID(riid, &IID_IUnknown) ? inner_query(&self_of(This)->inner, riid, ppv)
					       : face_query(This, riid, ppv);
}

#define FACE_QUERY query
#include "tests/conformance/broken/thing_module.h"
