/* SPDX-License-Identifier: BSD-2-Clause */
/* A module that needs a function which no library has. */
#include <objbase.h>

HRESULT function_that_no_library_has(void);

__attribute__((visibility("default"))) HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	(void)rclsid;
	(void)riid;
	*ppv = NULL;
	return function_that_no_library_has();
}
