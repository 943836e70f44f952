/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CoGetClassObject and CoCreateInstance.
 *
 * A class met before is served from the table of class objects: no lock, no shared write, no file.
 * The first time goes through registry, loader and DllGetClassObject. If an entry exists but its
 * code fails, that failure is the answer; nothing else is tried, because a silent change of place
 * hides broken installations. Every failure leaves a text on the thread.
 */
#include <string.h>

#include <glib.h>
#include <objbase.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "runtime/apartment.h"
#include "runtime/class_table.h"
#include "runtime/export.h"
#include "runtime/guid_text.h"
#include "runtime/loader.h"
#include "runtime/registry.h"
#include "runtime/thread_state.h"

/* A step of the way from an identifier to its class object, for the text when it fails. */
struct search {
	char asked[GUID_TEXT_LENGTH + 1];
	const struct registry_class *class; /* after TreatAs */
	char *module_path;
};

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

static bool
is_free_threaded(const char *model)
{
	static const char *const accepted[] = { "Both", "Free", "Neutral" };

	for (size_t i = 0; model != NULL && i < G_N_ELEMENTS(accepted); i++)
		if (g_ascii_strcasecmp(model, accepted[i]) == 0)
			return true;
	return false;
}

/* What every text about a registered class begins with. */
static char *
describe(const struct search *search)
{
	const struct registry_class *class = search->class;
	char text[GUID_TEXT_LENGTH + 1];
	g_autofree char *treated = NULL;

	guid_to_text(&class->info->clsid, text);
	if (strcmp(text, search->asked) != 0)
		treated = g_strdup_printf(" (TreatAs for %s)", search->asked);
	return g_strdup_printf("class %s %s%s, manifest %s, module %s", class->info->name, text,
	    treated != NULL ? treated : "", class->file->path, search->module_path);
}

static HRESULT
check_threading_model(const struct search *search)
{
	const char *model = search->class->info->threading_model;
	g_autofree char *class = NULL;

	if (is_free_threaded(model))
		return S_OK;
	class = describe(search);
	if (model == NULL)
		return tessera_error(CO_E_NOT_SUPPORTED, NULL, search->class->info->name,
		    "%s: the manifest gives no ThreadingModel, which means a single-threaded "
		    "class, and those are not supported; if the class may be used from any thread, "
		    "say ThreadingModel=Both",
		    class);
	return tessera_error(CO_E_NOT_SUPPORTED, NULL, search->class->info->name,
	    "%s: the threading model \"%s\" is not supported; a class must be usable from any "
	    "thread (ThreadingModel=Both, Free or Neutral)",
	    class, model);
}

static HRESULT
open_module(const struct search *search, loader_get_class_object *ret_entry)
{
	g_autofree char *cause = NULL;
	g_autofree char *class = NULL;
	HRESULT hr = loader_open(search->module_path, ret_entry, &cause);
	bool nor_beside;

	if (SUCCEEDED(hr))
		return hr;
	class = describe(search);
	nor_beside =
	    hr == CO_E_DLLNOTFOUND && strchr(search->class->file->manifest->module, '/') == NULL;
	return tessera_error(hr, NULL, search->class->info->name,
	    "%s: the module cannot be used: %s%s; install the component again, or correct Module= "
	    "in the manifest",
	    class, cause, nor_beside ? ", nor is it beside the manifest" : "");
}

static HRESULT
refused(const struct search *search, HRESULT hr)
{
	char *said = tessera_error_text();
	g_autofree char *class = describe(search);

	hr = tessera_error(hr, NULL, search->class->info->name,
	    "%s: DllGetClassObject refused with %s%s%s; the module and its manifest may be of "
	    "different versions",
	    class, tessera_hresult_name(hr), said != NULL ? ": " : "", said != NULL ? said : "");
	CoTaskMemFree(said);
	return hr;
}

/* IClassFactory is what nearly all have; a class object with an activation of its own may not. */
static HRESULT
get_class_object(
    const struct search *search, loader_get_class_object entry, struct class_entry *into)
{
	const CLSID *clsid = &search->class->info->clsid;
	void *found = NULL;
	HRESULT hr;

	SetErrorInfo(0, NULL);
	hr = entry(clsid, &IID_IClassFactory, &found);
	if (SUCCEEDED(hr) && found != NULL) {
		into->factory = found;
		hr = into->factory->lpVtbl->QueryInterface(
		    into->factory, &IID_IUnknown, (void **)&into->object);
		if (FAILED(hr))
			into->factory->lpVtbl->Release(into->factory);
	} else if (hr == E_NOINTERFACE) {
		hr = entry(clsid, &IID_IUnknown, (void **)&into->object);
	}
	if (SUCCEEDED(hr) && into->object == NULL)
		hr = E_UNEXPECTED;
	return FAILED(hr) ? refused(search, hr) : S_OK;
}

static HRESULT
load(const CLSID *clsid, const struct search *search, const struct class_entry **ret_entry)
{
	struct class_entry *entry;
	loader_get_class_object get = NULL;
	HRESULT hr;

	hr = check_threading_model(search);
	if (FAILED(hr))
		return hr;
	hr = open_module(search, &get);
	if (FAILED(hr))
		return hr;
	entry = g_new0(struct class_entry, 1);
	hr = get_class_object(search, get, entry);
	if (FAILED(hr)) {
		g_free(entry);
		return hr;
	}
	entry->clsid = *clsid;
	entry->name = g_strdup(search->class->info->name);
	entry->module_path = g_strdup(search->module_path);
	entry->manifest_path = g_strdup(search->class->file->path);
	*ret_entry = class_table_add(entry);
	return *ret_entry != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT
find_cold(const CLSID *clsid, const struct class_entry **ret_entry)
{
	struct registry *registry = registry_get();
	struct search search = { 0 };
	g_autofree char *cause = NULL;
	HRESULT hr;

	guid_to_text(clsid, search.asked);
	search.class = registry_resolve(registry, clsid, &cause);
	if (search.class != NULL) {
		search.module_path = registry_module_path(search.class->file);
		hr = load(clsid, &search, ret_entry);
		g_free(search.module_path);
	} else {
		hr = tessera_error(REGDB_E_CLASSNOTREG, NULL, NULL,
		    "class %s is not registered: %s; put the component's manifest into one of the "
		    "folders, or name its folder in TESSERA_COMPONENT_PATH (`comreg list` shows "
		    "what is there)",
		    search.asked, cause);
	}
	registry_unref(registry);
	return hr;
}

/* NULL: *ret_failure says why. */
static const struct class_entry *
find(const CLSID *clsid, DWORD context, HRESULT *ret_failure)
{
	const struct class_entry *entry = NULL;

	*ret_failure = check_context(clsid, context);
	if (FAILED(*ret_failure))
		return NULL;
	if (!apartment_present()) {
		*ret_failure = tessera_error(CO_E_NOTINITIALIZED, NULL, NULL,
		    "no thread of this process uses components; call CoInitializeEx first");
		return NULL;
	}
	entry = class_table_find(clsid);
	if (entry == NULL)
		*ret_failure = find_cold(clsid, &entry);
	return entry;
}

/* Text for a failure of the component itself, unless it left its own. */
static HRESULT
explain(const struct class_entry *entry, const char *call, const IID *iid, HRESULT hr)
{
	struct registry *registry;
	char class[GUID_TEXT_LENGTH + 1], interface[GUID_TEXT_LENGTH + 1];
	const char *name;

	if (thread_state.error != NULL)
		return hr;
	registry = registry_get();
	name = registry_interface_name(registry, iid);
	hr = tessera_error(hr, NULL, entry->name,
	    "class %s %s, manifest %s, module %s: %s for interface %s%s%s failed with %s%s",
	    entry->name, guid_to_text(&entry->clsid, class), entry->manifest_path,
	    entry->module_path, call, name != NULL ? name : "", name != NULL ? " " : "",
	    guid_to_text(iid, interface), tessera_hresult_name(hr),
	    hr == E_NOINTERFACE ? "; `comreg show` lists the interfaces of a class" : "");
	registry_unref(registry);
	return hr;
}

static inline void
clear_error(void)
{
	if (thread_state.error != NULL)
		SetErrorInfo(0, NULL);
}

TESSERA_EXPORT HRESULT
CoGetClassObject(
    REFCLSID rclsid, DWORD dwClsContext, COSERVERINFO *pServerInfo, REFIID riid, LPVOID *ppv)
{
	const struct class_entry *entry;
	HRESULT hr;

	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (rclsid == NULL || riid == NULL)
		return E_INVALIDARG;
	if (pServerInfo != NULL)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "pServerInfo names another machine, which is not supported; pass NULL");
	entry = find(rclsid, dwClsContext, &hr);
	if (entry == NULL)
		return hr;
	clear_error();
	hr = entry->object->lpVtbl->QueryInterface(entry->object, riid, ppv);
	return FAILED(hr) ? explain(entry, "the class object's QueryInterface", riid, hr) : hr;
}

TESSERA_EXPORT HRESULT
CoCreateInstance(REFCLSID rclsid, IUnknown *pUnkOuter, DWORD dwClsContext, REFIID riid, LPVOID *ppv)
{
	const struct class_entry *entry;
	HRESULT hr;

	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (rclsid == NULL || riid == NULL)
		return E_INVALIDARG;
	entry = find(rclsid, dwClsContext, &hr);
	if (entry == NULL)
		return hr;
	clear_error();
	if (entry->factory == NULL)
		return explain(
		    entry, "looking for IClassFactory", &IID_IClassFactory, E_NOINTERFACE);
	hr = entry->factory->lpVtbl->CreateInstance(entry->factory, pUnkOuter, riid, ppv);
	if (FAILED(hr)) {
		*ppv = NULL;
		return explain(entry, "CreateInstance", riid, hr);
	}
	/* A constructor may have recovered from a failure that left its text. */
	clear_error();
	return hr;
}
