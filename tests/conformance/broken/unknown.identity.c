/* SPDX-License-Identifier: BSD-2-Clause */
/* An interface gives itself out as the identity. */
#include "tests/conformance/broken/thing.h"

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	if (outer_of(This) != NULL || ppv == NULL || !IsEqualIID(riid, &IID_IUnknown))
		return face_query(This, riid, ppv);
	(void)face_add_ref(This);
	*ppv = This;
	return S_OK;
}

#define FACE_QUERY query
#include "tests/conformance/broken/thing_module.h"
