/* SPDX-License-Identifier: BSD-2-Clause */
/* CoGetTreatAsClass and CoTreatAsClass: TreatAs as the registry has it, one step of a chain. */
#include "runtime/treat_as.h"

#include <objbase.h>
#include <tessera_class.h>

#include "runtime/class_table.h"
#include "runtime/export.h"
#include "runtime/guid_text.h"
#include "runtime/registry.h"
#include "runtime/registry_write.h"

/* S_FALSE: it stands for itself, or is not registered. */
static HRESULT
one_step(const struct registry *registry, const CLSID *clsid, CLSID *ret_next)
{
	const struct registry_class *class = registry_find_class(registry, clsid);

	*ret_next = *clsid;
	if (class == NULL || IsEqualGUID(&class->treat_as, &GUID_NULL))
		return S_FALSE;
	*ret_next = class->treat_as;
	return S_OK;
}

void
treat_as_end(const CLSID *clsid, CLSID *ret_end)
{
	struct registry *registry = registry_get();
	unsigned steps = 0;
	CLSID next;

	*ret_end = *clsid;
	while (one_step(registry, ret_end, &next) == S_OK && steps++ < REGISTRY_TREAT_AS_MAX)
		*ret_end = next;
	if (steps > REGISTRY_TREAT_AS_MAX)
		*ret_end = *clsid;
	registry_unref(registry);
}

TESSERA_EXPORT HRESULT
CoGetTreatAsClass(REFCLSID clsidOld, LPCLSID pClsidNew)
{
	struct registry *registry;
	HRESULT hr;

	if (clsidOld == NULL || pClsidNew == NULL)
		return E_INVALIDARG;
	registry = registry_get();
	hr = one_step(registry, clsidOld, pClsidNew);
	registry_unref(registry);
	return hr;
}

static HRESULT
write_override(const CLSID *clsid, const CLSID *to)
{
	char text[GUID_TEXT_LENGTH + 1];
	g_autofree char *cause = NULL;
	HRESULT hr = registry_write_treat_as(registry_write_layer(), clsid, to, &cause);

	if (FAILED(hr))
		return tessera_error(hr, NULL, NULL, "class %s: TreatAs cannot be written: %s",
		    guid_to_text(clsid, text), cause);
	return S_OK;
}

/* What is said of a class in a layer above the one that is written would win. */
static HRESULT
check_layer(const struct registry_class *class)
{
	const struct registry_file *said = class->treat_as_file;
	const struct registry_file *above =
	    said != NULL && said->folder->kind < class->file->folder->kind ? said : class->file;
	const enum layer_kind layer = registry_write_layer();

	if (above->folder->kind >= layer)
		return S_OK;
	return tessera_error(E_ACCESSDENIED, NULL, class->info->name,
	    "class %s: what is written to the %s layer has no effect on it, because %s is in the "
	    "%s layer, which is above; change TreatAs= there",
	    class->info->name, layers_kind_name(layer), above->path,
	    layers_kind_name(above->folder->kind));
}

static HRESULT
check_old(const CLSID *clsid)
{
	struct registry *registry = registry_get();
	const struct registry_class *class = registry_find_class(registry, clsid);
	char text[GUID_TEXT_LENGTH + 1];
	HRESULT hr;

	if (class != NULL)
		hr = check_layer(class);
	else
		hr = tessera_error(REGDB_E_CLASSNOTREG, NULL, NULL,
		    "class %s is not registered, so nothing can be used instead of it; `comreg "
		    "list` shows the classes",
		    guid_to_text(clsid, text));
	registry_unref(registry);
	return hr;
}

/* What the class's own manifest says comes to light when the override goes. */
static HRESULT
remove_wholly(const CLSID *clsid)
{
	HRESULT hr = write_override(clsid, NULL);
	CLSID still;

	if (SUCCEEDED(hr) && CoGetTreatAsClass(clsid, &still) == S_OK)
		hr = write_override(clsid, &GUID_NULL);
	return hr;
}

TESSERA_EXPORT HRESULT
CoTreatAsClass(REFCLSID clsidOld, REFCLSID clsidNew)
{
	HRESULT hr;

	if (clsidOld == NULL || clsidNew == NULL)
		return E_INVALIDARG;
	hr = check_old(clsidOld);
	if (FAILED(hr))
		return hr;
	if (IsEqualCLSID(clsidNew, &CLSID_NULL))
		hr = remove_wholly(clsidOld);
	else
		hr = write_override(clsidOld, IsEqualCLSID(clsidOld, clsidNew) ? NULL : clsidNew);
	if (SUCCEEDED(hr))
		class_table_forget(NULL);
	return hr;
}
