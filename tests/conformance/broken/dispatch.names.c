/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes names only as they are written. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
get_ids(void *This, REFIID riid, LPOLESTR *names, UINT count, LCID lcid, DISPID *ids)
{
	HRESULT hr = dispatch_names(This, riid, names, count, lcid, ids);

	if (SUCCEEDED(hr) && names[0][1] == u'A') {
		ids[0] = -1;
		return DISP_E_UNKNOWNNAME;
	}
	return hr;
}

#define DISPATCH_NAMES get_ids
#include "tests/conformance/broken/thing_dispatch_module.h"
