/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes a reference for an interface that it has not, once it was counted. */
#include "tests/conformance/broken/thing.h"

static ULONG
add_ref(void *This)
{
	self_of(This)->mark = 1;
	return inner_add_ref(This);
}

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	HRESULT hr = inner_query(This, riid, ppv);

	if (hr == E_NOINTERFACE && self_of(This)->mark != 0)
		(void)inner_add_ref(This);
	return hr;
}

#define INNER_ADD_REF add_ref
#define INNER_QUERY query
#include "tests/conformance/broken/thing_module.h"
