/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the result to where it was given no place. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	if (id == VALUE && IsEqualIID(riid, &IID_NULL) && flags == GET)
		memset(result, 0, sizeof *result);
	return dispatch_invoke(This, id, riid, lcid, flags, arguments, result, exception, wrong);
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
