/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives a name to who wants none. */
#include "tests/conformance/broken/thing_stream.h"

static HRESULT
stat_named(void *This, STATSTG *status, DWORD flags)
{
	HRESULT hr = stream_stat(This, status, flags);

	if (SUCCEEDED(hr))
		status->pwcsName = CoTaskMemAlloc(sizeof(OLECHAR));
	if (SUCCEEDED(hr) && status->pwcsName != NULL)
		status->pwcsName[0] = 0;
	return hr;
}

#define STREAM_STAT stat_named
#include "tests/conformance/broken/thing_stream_module.h"
