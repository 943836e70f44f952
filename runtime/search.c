/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * If an entry exists but its code fails, that failure is the answer; nothing else is tried, because
 * a silent change of place hides broken installations. Every failure leaves a text on the thread.
 */
#include "runtime/search.h"

#include <stdarg.h>
#include <string.h>

#include <tessera_class.h>
#include <tessera_com.h>

#include "runtime/activity.h"
#include "runtime/apartment.h"
#include "runtime/class_object.h"
#include "runtime/explain.h"
#include "runtime/export.h"
#include "runtime/guid_text.h"
#include "runtime/loader.h"
#include "runtime/lookup.h"
#include "runtime/published.h"

struct search {
	CLSID asked;
	struct lookup_class class;
	const struct search_tracer *tracer;
};

static void tell(const struct search *search, const char *what, HRESULT hr, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void
tell(const struct search *search, const char *what, HRESULT hr, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	if (search->tracer == NULL)
		return;
	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	search->tracer->step(what, hr, text, search->tracer->data);
}

/* Takes the text. */
static HRESULT
fail(const struct search *search, const char *what, HRESULT hr, char *text)
{
	tell(search, what, hr, "%s", text);
	hr = tessera_error(hr, NULL, search->class.name, "%s", text);
	g_free(text);
	return hr;
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

static HRESULT
check_threading_model(const struct search *search)
{
	const struct lookup_class *class = &search->class;

	if (!is_free_threaded(class->threading_model))
		return fail(search, "threading model", CO_E_NOT_SUPPORTED,
		    explain_threading_model(&search->asked, class));
	tell(search, "threading model", S_OK, "%s", class->threading_model);
	return S_OK;
}

/* What the loader got past goes before what it failed at. */
static HRESULT
open_module(const struct search *search, struct module **ret_module)
{
	static const char *const words[] = {
		[LOADER_FILE] = "module file",
		[LOADER_MAP] = "loader",
		[LOADER_ENTRY] = "entry point",
	};
	const struct lookup_class *class = &search->class;
	const char *path = class->module_path;
	struct loader_failure failure;
	HRESULT hr = loader_open(path, class->resident, ret_module, &failure);

	if (SUCCEEDED(hr) || failure.step > LOADER_FILE)
		tell(search, words[LOADER_FILE], S_OK, "%s", path);
	if (SUCCEEDED(hr) || failure.step > LOADER_MAP)
		tell(search, words[LOADER_MAP], S_OK, "%s is mapped", path);
	if (SUCCEEDED(hr)) {
		tell(search, words[LOADER_ENTRY], S_OK, "DllGetClassObject of %s", path);
		return hr;
	}
	hr = fail(
	    search, words[failure.step], hr, explain_module(&search->asked, class, hr, &failure));
	g_free(failure.cause);
	return hr;
}

static void
tell_class_object(const struct search *search, const struct class_entry *entry)
{
	const char *of = entry->module_path != NULL ? entry->module_path : "this process";

	tell(search, "class object", S_OK, "given by %s", of);
	if (entry->factory != NULL)
		tell(search, "factory", S_OK, "the class object of %s answers IClassFactory", of);
	else
		tell(search, "factory", E_NOINTERFACE,
		    "the class object of %s does not answer IClassFactory; CoCreateInstance will "
		    "fail, CoGetClassObject works",
		    of);
}

static HRESULT
get_class_object(const struct search *search, struct class_entry *entry)
{
	HRESULT hr;
	char *said;

	SetErrorInfo(0, NULL);
	hr = class_object_get(entry);
	if (SUCCEEDED(hr)) {
		tell_class_object(search, entry);
		return hr;
	}
	said = tessera_error_text();
	hr = fail(
	    search, "class object", hr, explain_refusal(&search->asked, &search->class, hr, said));
	CoTaskMemFree(said);
	return hr;
}

static HRESULT
load(const struct search *search, struct class_entry *entry)
{
	const struct lookup_class *class = &search->class;
	HRESULT hr = check_threading_model(search);

	if (SUCCEEDED(hr))
		hr = open_module(search, &entry->module);
	if (FAILED(hr))
		return hr;
	entry->name = g_strdup(class->name);
	entry->module_path = g_strdup(class->module_path);
	entry->manifest_path = g_strdup(class->manifest_path);
	hr = get_class_object(search, entry);
	/* From here the class objects keep it. */
	loader_done(entry->module);
	return hr;
}

/* S_FALSE: nothing is published for it. */
static HRESULT
use_published(const struct search *search, struct class_entry *entry)
{
	entry->object = published_find(&entry->serves);
	if (entry->object == NULL) {
		tell(search, "published class object", S_FALSE,
		    "this process has published none that is in effect");
		return S_FALSE;
	}
	tell(search, "published class object", S_OK,
	    "this process has published one; no file is used");
	if (FAILED(entry->object->lpVtbl->QueryInterface(
		entry->object, &IID_IClassFactory, (void **)&entry->factory)))
		entry->factory = NULL;
	tell_class_object(search, entry);
	return S_OK;
}

static void
tell_lookup(const struct search *search)
{
	const struct lookup_class *class = &search->class;
	char asked[GUID_TEXT_LENGTH + 1], serves[GUID_TEXT_LENGTH + 1];
	g_autofree char *hidden = NULL;

	if (search->tracer == NULL)
		return;
	hidden = lookup_hidden(&class->clsid);
	tell(search, "lookup", S_OK, "class %s %s, manifest %s (%s)%s%s", class->name,
	    guid_to_text(&class->clsid, serves), class->manifest_path,
	    layers_kind_name(class->layer), hidden != NULL ? "; " : "",
	    hidden != NULL ? hidden : "");
	if (IsEqualCLSID(&search->asked, &class->clsid))
		tell(search, "treat-as", S_FALSE, "the class serves itself");
	else
		tell(search, "treat-as", S_OK, "%s is served by %s",
		    guid_to_text(&search->asked, asked), serves);
}

static HRESULT
find(struct search *search, struct class_entry *entry)
{
	g_autofree char *cause = NULL;
	g_autofree char *text = NULL;
	HRESULT found = lookup_class(&search->asked, &search->class, &cause), hr;

	if (SUCCEEDED(found)) {
		entry->serves = search->class.clsid;
		tell_lookup(search);
	} else {
		text = explain_not_registered(&search->asked, cause);
		tell(search, "lookup", found, "%s", text);
		/* A published class need not be registered, nor be what a TreatAs leads to. */
		if (published_any())
			lookup_treat_as_end(&search->asked, &entry->serves);
	}
	hr = use_published(search, entry);
	if (hr != S_FALSE)
		return hr;
	return SUCCEEDED(found) ? load(search, entry)
				: tessera_error(found, NULL, NULL, "%s", text);
}

HRESULT
search_class(const CLSID *clsid, const struct search_tracer *tracer, struct class_entry **ret_entry)
{
	struct search search = { .asked = *clsid, .tracer = tracer };
	struct class_entry *entry = g_new0(struct class_entry, 1);
	HRESULT hr;

	entry->asked = entry->serves = *clsid;
	hr = find(&search, entry);
	lookup_class_clear(&search.class);
	if (FAILED(hr)) {
		class_entry_free(entry);
		entry = NULL;
	}
	*ret_entry = entry;
	return hr;
}

TESSERA_EXPORT HRESULT
tessera_trace_activation(
    REFCLSID rclsid, void (*step)(LPCSTR what, HRESULT result, LPCSTR text, void *data), void *data)
{
	const struct search_tracer tracer = { step, data };
	struct class_entry *entry = NULL;
	HRESULT hr;

	if (rclsid == NULL || step == NULL)
		return E_INVALIDARG;
	if (!apartment_present())
		return explain_not_initialised();
	if (!activity_enter())
		return E_OUTOFMEMORY;
	hr = search_class(rclsid, &tracer, &entry);
	if (SUCCEEDED(hr) && entry->factory == NULL)
		hr = explain_call(
		    entry, "looking for IClassFactory", &IID_IClassFactory, E_NOINTERFACE);
	if (entry != NULL)
		class_entry_free(entry);
	activity_leave();
	return hr;
}
