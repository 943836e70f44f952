/* SPDX-License-Identifier: BSD-2-Clause */
/* A clone begins at the start. */
#include "tests/conformance/broken/thing_enum.h"

static HRESULT
copy(void *This, void **ppenum)
{
	HRESULT hr = enum_clone(This, ppenum);

	if (SUCCEEDED(hr))
		self_of(*ppenum)->place = 0;
	return hr;
}

#define ENUM_CLONE copy
#include "tests/conformance/broken/thing_enum_module.h"
