/* SPDX-License-Identifier: BSD-2-Clause */
/* Frees a text that it is put. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	HRESULT hr =
	    dispatch_invoke(This, id, riid, lcid, flags, arguments, result, exception, wrong);

	if (hr == DISP_E_TYPEMISMATCH && arguments->rgvarg[0].vt == VT_BSTR)
		SysFreeString(arguments->rgvarg[0].bstrVal);
	return hr;
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
