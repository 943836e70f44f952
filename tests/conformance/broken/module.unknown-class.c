/* SPDX-License-Identifier: BSD-2-Clause */
/* Has the wrong code for a class that it does not serve. */
#include "tests/conformance/broken/thing.h"

static HRESULT
get(REFCLSID rclsid, REFIID riid, void **ppv)
{
	HRESULT hr = get_class_object(rclsid, riid, ppv);

	return hr == CLASS_E_CLASSNOTAVAILABLE ? E_FAIL : hr;
}

#define GET_CLASS_OBJECT get
#include "tests/conformance/broken/thing_module.h"
