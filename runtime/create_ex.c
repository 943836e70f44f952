/* SPDX-License-Identifier: BSD-2-Clause */
/* CoCreateInstanceEx: one object and several of its interfaces in one call. */
#include <objbase.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "runtime/export.h"
#include "runtime/guid_text.h"

static HRESULT
check_arguments(const COSERVERINFO *server, DWORD count, const MULTI_QI *results)
{
	if (server != NULL)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "pServerInfo names another machine, which is not supported; pass NULL");
	if (count == 0 || results == NULL)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "CoCreateInstanceEx is asked for no interface; give at least one MULTI_QI");
	for (DWORD i = 0; i < count; i++)
		if (results[i].pIID == NULL || results[i].pItf != NULL)
			return tessera_error(E_INVALIDARG, NULL, NULL,
			    "MULTI_QI number %u has %s; set pIID to the interface wanted and pItf "
			    "to NULL",
			    i, results[i].pIID == NULL ? "no pIID" : "a pItf already");
	return S_OK;
}

static void
fill(DWORD count, MULTI_QI *results, HRESULT hr)
{
	for (DWORD i = 0; results != NULL && i < count; i++)
		results[i].hr = hr;
}

/* How many interfaces the object has given. */
static DWORD
ask(IUnknown *object, DWORD count, MULTI_QI *results)
{
	DWORD given = 0;

	for (DWORD i = 0; i < count; i++) {
		MULTI_QI *result = &results[i];

		result->hr =
		    object->lpVtbl->QueryInterface(object, result->pIID, (void **)&result->pItf);
		if (FAILED(result->hr))
			result->pItf = NULL;
		else
			given++;
	}
	return given;
}

TESSERA_EXPORT HRESULT
CoCreateInstanceEx(REFCLSID Clsid, IUnknown *punkOuter, DWORD dwClsCtx, COSERVERINFO *pServerInfo,
    DWORD dwCount, MULTI_QI *pResults)
{
	char text[GUID_TEXT_LENGTH + 1];
	IUnknown *object = NULL;
	HRESULT hr = check_arguments(pServerInfo, dwCount, pResults);
	DWORD given;

	if (SUCCEEDED(hr))
		hr = CoCreateInstance(Clsid, punkOuter, dwClsCtx, &IID_IUnknown, (void **)&object);
	if (FAILED(hr)) {
		fill(dwCount, pResults, hr);
		return hr;
	}
	given = ask(object, dwCount, pResults);
	object->lpVtbl->Release(object);
	if (given == dwCount)
		return S_OK;
	if (given != 0)
		return CO_S_NOTALLINTERFACES;
	return tessera_error(E_NOINTERFACE, NULL, NULL,
	    "class %s: its object has none of the %u interfaces asked for; `comreg show` lists the "
	    "interfaces of a class",
	    guid_to_text(Clsid, text), dwCount);
}
