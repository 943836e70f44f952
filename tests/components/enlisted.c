/* SPDX-License-Identifier: BSD-2-Clause */
/* A module without a manifest, which registers itself. Its class cannot be had. */
#include <dlfcn.h>
#include <stdio.h>

#include <tessera_com.h>

#define EXPORTED __attribute__((visibility("default")))
#define MANIFEST "enlisted.component"

HRESULT DllRegisterServer(void);
HRESULT DllUnregisterServer(void);

EXPORTED HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, void **ppv)
{
	(void)rclsid;
	(void)riid;
	*ppv = NULL;
	return CLASS_E_CLASSNOTAVAILABLE;
}

EXPORTED HRESULT
DllRegisterServer(void)
{
	static const char here;
	char text[1024];
	Dl_info info;

	if (dladdr(&here, &info) == 0)
		return E_UNEXPECTED;
	(void)snprintf(text, sizeof text,
	    "[Component]\nModule=%s\n\n"
	    "[Class {66666666-0000-4000-8000-000000000002}]\nName=Enlisted\nThreadingModel=Both\n",
	    info.dli_fname);
	return tessera_register_manifest(MANIFEST, text);
}

EXPORTED HRESULT
DllUnregisterServer(void)
{
	return tessera_unregister_manifest(MANIFEST);
}
