/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts the wrong argument from 1. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	HRESULT hr =
	    dispatch_invoke(This, id, riid, lcid, flags, arguments, result, exception, wrong);

	if (hr == DISP_E_TYPEMISMATCH && wrong != NULL)
		*wrong = 1;
	return hr;
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
