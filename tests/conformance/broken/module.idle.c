/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts itself as used until it is asked for a class. */
#include "tests/conformance/broken/thing.h"

static bool was_asked;

static HRESULT
get(REFCLSID rclsid, REFIID riid, void **ppv)
{
	was_asked = true;
	return get_class_object(rclsid, riid, ppv);
}

static HRESULT
unload(void)
{
	return was_asked ? can_unload_now() : S_FALSE;
}

#define GET_CLASS_OBJECT get
#define CAN_UNLOAD_NOW unload
#include "tests/conformance/broken/thing_module.h"
