/* SPDX-License-Identifier: BSD-2-Clause */
/* What a module's DllRegisterServer and DllUnregisterServer call. */
#include <glib.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "runtime/export.h"
#include "runtime/registry_write.h"

static HRESULT
explained(HRESULT hr, char *cause)
{
	if (FAILED(hr))
		hr = tessera_error(hr, NULL, NULL, "%s", cause);
	g_free(cause);
	return hr;
}

TESSERA_EXPORT HRESULT
tessera_register_manifest(LPCSTR name, LPCSTR text)
{
	char *cause;
	HRESULT hr;

	if (name == NULL || text == NULL)
		return E_POINTER;
	hr = registry_write_manifest(registry_write_layer(), name, text, &cause);
	return explained(hr, cause);
}

TESSERA_EXPORT HRESULT
tessera_unregister_manifest(LPCSTR name)
{
	char *cause;
	HRESULT hr;

	if (name == NULL)
		return E_POINTER;
	hr = registry_remove_manifest(registry_write_layer(), name, &cause);
	return explained(hr, cause);
}
