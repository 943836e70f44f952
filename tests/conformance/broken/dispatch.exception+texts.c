/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives a text with a failure that is not DISP_E_EXCEPTION; nobody will free it. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	HRESULT hr =
	    dispatch_invoke(This, id, riid, lcid, flags, arguments, result, exception, wrong);

	if (hr == DISP_E_TYPEMISMATCH && exception != NULL)
		exception->bstrDescription = SysAllocString(u"not a number");
	return hr;
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
