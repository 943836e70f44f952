/* SPDX-License-Identifier: BSD-2-Clause */
/* Says nothing of the names of arguments, known or not. */
#include "tests/conformance/broken/thing_dispatch.h"

static HRESULT
names(void *This, REFIID riid, LPOLESTR *texts, UINT count, LCID lcid, DISPID *ids)
{
	return dispatch_names(This, riid, texts, count > 1 ? 1 : count, lcid, ids);
}

#define DISPATCH_NAMES names
#include "tests/conformance/broken/thing_dispatch_module.h"
