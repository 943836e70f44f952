/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CoGetClassObject and CoCreateInstance.
 *
 * A class met before is served from the table of class objects: no lock, no shared write, no file.
 * The first time goes through search.c. While code of a component runs on behalf of these two the
 * thread is inside (activity.h), so that what it uses is not unmapped.
 */
#include <objbase.h>
#include <tessera_class.h>

#include "runtime/activity.h"
#include "runtime/apartment.h"
#include "runtime/class_table.h"
#include "runtime/explain.h"
#include "runtime/export.h"
#include "runtime/guid_text.h"
#include "runtime/search.h"
#include "runtime/thread_state.h"

static HRESULT
check_context(const CLSID *clsid, DWORD context)
{
	char text[GUID_TEXT_LENGTH + 1];

	if ((context & CLSCTX_NO_CODE_DOWNLOAD && context & CLSCTX_ENABLE_CODE_DOWNLOAD) ||
	    (context & CLSCTX_DISABLE_AAA && context & CLSCTX_ENABLE_AAA))
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "class %s: the context 0x%X has flags that exclude each other; leave out "
		    "either the NO/DISABLE or the ENABLE flag",
		    guid_to_text(clsid, text), context);
	if ((context & CLSCTX_INPROC_SERVER) == 0)
		return tessera_error(REGDB_E_CLASSNOTREG, NULL, NULL,
		    "class %s: the context 0x%X asks for no in-process server, and there is no "
		    "other kind; add CLSCTX_INPROC_SERVER",
		    guid_to_text(clsid, text), context);
	return S_OK;
}

/* Inside from S_OK on. */
static HRESULT
begin(const CLSID *clsid, DWORD context)
{
	HRESULT hr = check_context(clsid, context);

	if (FAILED(hr))
		return hr;
	if (!apartment_present())
		return explain_not_initialised();
	return activity_enter() ? S_OK : E_OUTOFMEMORY;
}

static const struct class_entry *
find_cold(const CLSID *clsid, HRESULT *ret_failure)
{
	const unsigned version = class_table_version();
	struct class_entry *entry;

	*ret_failure = search_class(clsid, NULL, &entry);
	return entry != NULL ? class_table_add(entry, version) : NULL;
}

/* NULL: *ret_failure says why. */
static inline const struct class_entry *
find(const CLSID *clsid, HRESULT *ret_failure)
{
	const struct class_entry *entry = class_table_find(clsid);

	return entry != NULL ? entry : find_cold(clsid, ret_failure);
}

static inline void
clear_error(void)
{
	if (thread_state.error != NULL)
		SetErrorInfo(0, NULL);
}

static HRESULT
get_class_object(REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	HRESULT hr;
	const struct class_entry *entry = find(rclsid, &hr);

	if (entry == NULL)
		return hr;
	clear_error();
	hr = entry->object->lpVtbl->QueryInterface(entry->object, riid, ppv);
	if (SUCCEEDED(hr))
		return hr;
	*ppv = NULL;
	return explain_call(entry, "the class object's QueryInterface", riid, hr);
}

TESSERA_EXPORT HRESULT
CoGetClassObject(
    REFCLSID rclsid, DWORD dwClsContext, COSERVERINFO *pServerInfo, REFIID riid, LPVOID *ppv)
{
	HRESULT hr;

	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (rclsid == NULL || riid == NULL)
		return E_INVALIDARG;
	if (pServerInfo != NULL)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "pServerInfo names another machine, which is not supported; pass NULL");
	hr = begin(rclsid, dwClsContext);
	if (FAILED(hr))
		return hr;
	hr = get_class_object(rclsid, riid, ppv);
	activity_leave();
	return hr;
}

static inline HRESULT
create(REFCLSID rclsid, IUnknown *outer, REFIID riid, LPVOID *ppv)
{
	HRESULT hr;
	const struct class_entry *entry = find(rclsid, &hr);

	if (entry == NULL)
		return hr;
	clear_error();
	if (entry->factory == NULL)
		return explain_call(
		    entry, "looking for IClassFactory", &IID_IClassFactory, E_NOINTERFACE);
	hr = entry->factory->lpVtbl->CreateInstance(entry->factory, outer, riid, ppv);
	if (FAILED(hr)) {
		*ppv = NULL;
		return explain_call(entry, "CreateInstance", riid, hr);
	}
	/* A constructor may have recovered from a failure that left its text. */
	clear_error();
	return hr;
}

TESSERA_EXPORT HRESULT
CoCreateInstance(REFCLSID rclsid, IUnknown *pUnkOuter, DWORD dwClsContext, REFIID riid, LPVOID *ppv)
{
	HRESULT hr;

	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (rclsid == NULL || riid == NULL)
		return E_INVALIDARG;
	hr = begin(rclsid, dwClsContext);
	if (FAILED(hr))
		return hr;
	hr = create(rclsid, pUnkOuter, riid, ppv);
	activity_leave();
	return hr;
}
