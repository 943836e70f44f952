/* SPDX-License-Identifier: BSD-2-Clause */
/* Does not look at riid. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	(void)riid;
	return dispatch_invoke(
	    This, id, &IID_NULL, lcid, flags, arguments, result, exception, wrong);
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
