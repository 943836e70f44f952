/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes a value to put whose argument is not named. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	DISPID put = PUT_NAME;
	DISPPARAMS named = *arguments;

	if ((flags & PUT) != 0 && named.cNamedArgs == 0) {
		named.rgdispidNamedArgs = &put;
		named.cNamedArgs = 1;
	}
	return dispatch_invoke(This, id, riid, lcid, flags, &named, result, exception, wrong);
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
