/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/explain.h"

#include <string.h>

#include <tessera_class.h>
#include <tessera_com.h>

#include "runtime/guid_text.h"
#include "runtime/manifest_file.h"
#include "runtime/thread_state.h"

char *
explain_class(const CLSID *asked, const struct lookup_class *class)
{
	char serves[GUID_TEXT_LENGTH + 1], other[GUID_TEXT_LENGTH + 1];
	g_autofree char *treated = NULL;
	g_autofree char *hidden = lookup_hidden(&class->clsid);

	if (!IsEqualCLSID(asked, &class->clsid))
		treated = g_strdup_printf(" (TreatAs for %s)", guid_to_text(asked, other));
	return g_strdup_printf("class %s %s%s, manifest %s%s%s%s, module %s", class->name,
	    guid_to_text(&class->clsid, serves), treated != NULL ? treated : "",
	    class->manifest_path, hidden != NULL ? " (" : "", hidden != NULL ? hidden : "",
	    hidden != NULL ? ")" : "", class->module_path);
}

char *
explain_not_registered(const CLSID *asked, const char *cause)
{
	char text[GUID_TEXT_LENGTH + 1];

	return g_strdup_printf(
	    "class %s is not registered: %s; put the component's manifest into one of the "
	    "folders, or name its folder in TESSERA_COMPONENT_PATH (`comreg list` shows "
	    "what is there)",
	    guid_to_text(asked, text), cause);
}

char *
explain_threading_model(const CLSID *asked, const struct lookup_class *class)
{
	g_autofree char *which = explain_class(asked, class);

	if (class->threading_model == NULL)
		return g_strdup_printf(
		    "%s: the manifest gives no ThreadingModel, which means a single-threaded "
		    "class, and those are not supported; if the class may be used from any thread, "
		    "say ThreadingModel=Both",
		    which);
	return g_strdup_printf(
	    "%s: the threading model \"%s\" is not supported; a class must be usable from any "
	    "thread (ThreadingModel=Both, Free or Neutral)",
	    which, class->threading_model);
}

char *
explain_module(const CLSID *asked, const struct lookup_class *class, HRESULT hr,
    const struct loader_failure *failure)
{
	const bool nor_beside = hr == CO_E_DLLNOTFOUND && class->module_is_bare;
	g_autofree char *which = explain_class(asked, class);

	return g_strdup_printf(
	    "%s: the module cannot be used: %s%s; install the component again, or correct Module= "
	    "in the manifest",
	    which, failure->cause, nor_beside ? ", nor is it beside the manifest" : "");
}

char *
explain_refusal(const CLSID *asked, const struct lookup_class *class, HRESULT hr, const char *said)
{
	g_autofree char *which = explain_class(asked, class);

	return g_strdup_printf(
	    "%s: DllGetClassObject refused with %s%s%s; the module and its manifest may be of "
	    "different versions",
	    which, tessera_hresult_name(hr), said != NULL ? ": " : "", said != NULL ? said : "");
}

HRESULT
explain_not_initialised(void)
{
	return tessera_error(CO_E_NOTINITIALIZED, NULL, NULL,
	    "no thread of this process uses components; call CoInitializeEx first");
}

/* (transfer full): as the class's own manifest has it, which is no more than one file to read. */
static char *
interface_name(const struct class_entry *entry, const IID *iid)
{
	struct manifest_file *file =
	    entry->manifest_path != NULL ? manifest_file_read(entry->manifest_path) : NULL;
	char *name = NULL;

	for (guint i = 0;
	     file != NULL && file->manifest != NULL && i < file->manifest->interfaces->len; i++) {
		const struct manifest_interface *interface =
		    g_ptr_array_index(file->manifest->interfaces, i);

		if (name == NULL && IsEqualIID(&interface->iid, iid))
			name = g_strdup(interface->name);
	}
	if (file != NULL)
		manifest_file_free(file);
	return name;
}

HRESULT
explain_call(const struct class_entry *entry, const char *call, const IID *iid, HRESULT hr)
{
	char serves[GUID_TEXT_LENGTH + 1], interface[GUID_TEXT_LENGTH + 1];
	g_autofree char *which = NULL;
	g_autofree char *name = NULL;

	if (thread_state.error != NULL)
		return hr;
	guid_to_text(&entry->serves, serves);
	if (entry->module == NULL)
		which = g_strdup_printf("class %s, published by this process", serves);
	else
		which = g_strdup_printf("class %s %s, manifest %s, module %s", entry->name, serves,
		    entry->manifest_path, entry->module_path);
	name = interface_name(entry, iid);
	hr = tessera_error(hr, NULL, entry->name, "%s: %s for interface %s%s%s failed with %s%s",
	    which, call, name != NULL ? name : "", name != NULL ? " " : "",
	    guid_to_text(iid, interface), tessera_hresult_name(hr),
	    hr == E_NOINTERFACE ? "; `comreg show` lists the interfaces of a class" : "");
	return hr;
}
