/* SPDX-License-Identifier: BSD-2-Clause */
/* The value that is read is a text of the task allocator, not of SysAllocString. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	HRESULT hr =
	    dispatch_invoke(This, id, riid, lcid, flags, arguments, result, exception, wrong);
	const OLECHAR text[] = u"text";

	if (hr == S_OK && result != NULL) {
		result->vt = VT_BSTR;
		result->bstrVal = CoTaskMemAlloc(sizeof text);
		if (result->bstrVal != NULL)
			memcpy(result->bstrVal, text, sizeof text);
	}
	return hr;
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
