/* SPDX-License-Identifier: BSD-2-Clause */
/* From ITwo there is no way to IOne. */
#include "tests/conformance/broken/thing.h"

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	if (outer_of(This) != NULL || ppv == NULL || This != (void *)&self_of(This)->two ||
	    !IsEqualIID(riid, &IID_IOne))
		return face_query(This, riid, ppv);
	*ppv = NULL;
	return E_NOINTERFACE;
}

#define FACE_QUERY query
#include "tests/conformance/broken/thing_module.h"
