/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves the result as it was for an interface that the class object has not. */
#include "tests/conformance/broken/thing.h"

static HRESULT
get(REFCLSID rclsid, REFIID riid, void **ppv)
{
	void *before = ppv != NULL ? *ppv : NULL;
	HRESULT hr = get_class_object(rclsid, riid, ppv);

	if (hr == E_NOINTERFACE)
		*ppv = before;
	return hr;
}

#define GET_CLASS_OBJECT get
#include "tests/conformance/broken/thing_module.h"
