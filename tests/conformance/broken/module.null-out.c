/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to where it was given no place. */
#include "tests/conformance/broken/thing.h"

static HRESULT
get(REFCLSID rclsid, REFIID riid, void **ppv)
{
	*ppv = NULL;
	return get_class_object(rclsid, riid, ppv);
}

#define GET_CLASS_OBJECT get
#include "tests/conformance/broken/thing_module.h"
