/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes any number of arguments to read a value. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	DISPPARAMS none = { 0 };

	return dispatch_invoke(This, id, riid, lcid, flags, (flags & PUT) != 0 ? arguments : &none,
	    result, exception, wrong);
}

#define DISPATCH_INVOKE invoke
#include "tests/conformance/broken/thing_dispatch_module.h"
