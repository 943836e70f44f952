/* SPDX-License-Identifier: BSD-2-Clause */
/* Says that it has five type informations. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
get_count(void *This, UINT *count)
{
	HRESULT hr = dispatch_count(This, count);

	if (SUCCEEDED(hr))
		*count = 5;
	return hr;
}

#define DISPATCH_COUNT get_count
#include "tests/conformance/broken/thing_dispatch_module.h"
