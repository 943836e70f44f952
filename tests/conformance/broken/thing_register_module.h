/* SPDX-License-Identifier: BSD-2-Clause */
/* The entry points of thing_register.h. */
#ifndef REGISTER
#define REGISTER register_server
#endif
#ifndef UNREGISTER
#define UNREGISTER unregister_server
#endif

HRESULT DllRegisterServer(void);
HRESULT DllUnregisterServer(void);

__attribute__((visibility("default"))) HRESULT
DllRegisterServer(void)
{
	return REGISTER();
}

__attribute__((visibility("default"))) HRESULT
DllUnregisterServer(void)
{
	return UNREGISTER();
}
#include "tests/conformance/broken/thing_module.h"
