/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves the number of an unknown member as it was. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
get_ids(void *This, REFIID riid, LPOLESTR *names, UINT count, LCID lcid, DISPID *ids)
{
	DISPID before = ids[0];
	HRESULT hr = dispatch_names(This, riid, names, count, lcid, ids);

	if (hr == DISP_E_UNKNOWNNAME && count == 1)
		ids[0] = before;
	return hr;
}

#define DISPATCH_NAMES get_ids
#include "tests/conformance/broken/thing_dispatch_module.h"
