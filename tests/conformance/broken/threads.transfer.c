/* SPDX-License-Identifier: BSD-2-Clause */
/* Its interfaces work on threads that have asked the module for a class. */
#include "tests/conformance/broken/thing.h"

static _Thread_local bool is_home;

static HRESULT
get(REFCLSID rclsid, REFIID riid, void **ppv)
{
	is_home = true;
	return get_class_object(rclsid, riid, ppv);
}

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	if (is_home)
		return face_query(This, riid, ppv);
	*ppv = NULL;
	return RPC_E_WRONG_THREAD;
}

#define GET_CLASS_OBJECT get
#define FACE_QUERY query
#include "tests/conformance/broken/thing_module.h"
