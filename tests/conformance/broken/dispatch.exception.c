/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives DISP_E_EXCEPTION for a value that it does not take, and does not say what happened. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	HRESULT hr =
	    dispatch_invoke(This, id, riid, lcid, flags, arguments, result, exception, wrong);

	return hr == DISP_E_TYPEMISMATCH ? DISP_E_EXCEPTION : hr;
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
