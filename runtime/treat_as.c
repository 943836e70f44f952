/* SPDX-License-Identifier: BSD-2-Clause */
/* CoGetTreatAsClass and CoTreatAsClass: TreatAs as the registry has it, one step of a chain. */
#include <objbase.h>
#include <tessera_class.h>

#include "runtime/class_table.h"
#include "runtime/export.h"
#include "runtime/guid_text.h"
#include "runtime/lookup.h"
#include "runtime/registry_write.h"

TESSERA_EXPORT HRESULT
CoGetTreatAsClass(REFCLSID clsidOld, LPCLSID pClsidNew)
{
	struct lookup_treatment treatment;
	HRESULT hr = S_FALSE;

	if (clsidOld == NULL || pClsidNew == NULL)
		return E_INVALIDARG;
	*pClsidNew = *clsidOld;
	if (lookup_treatment(clsidOld, &treatment) &&
	    !IsEqualGUID(&treatment.treat_as, &GUID_NULL)) {
		*pClsidNew = treatment.treat_as;
		hr = S_OK;
	}
	lookup_treatment_clear(&treatment);
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
check_layer(const struct lookup_treatment *class)
{
	const enum layer_kind layer = registry_write_layer();

	if (class->layer >= layer)
		return S_OK;
	return tessera_error(E_ACCESSDENIED, NULL, class->name,
	    "class %s: what is written to the %s layer has no effect on it, because %s is in the "
	    "%s layer, which is above; change TreatAs= there",
	    class->name, layers_kind_name(layer), class->path, layers_kind_name(class->layer));
}

static HRESULT
check_old(const CLSID *clsid)
{
	struct lookup_treatment class;
	char text[GUID_TEXT_LENGTH + 1];
	HRESULT hr;

	if (lookup_treatment(clsid, &class))
		hr = check_layer(&class);
	else
		hr = tessera_error(REGDB_E_CLASSNOTREG, NULL, NULL,
		    "class %s is not registered, so nothing can be used instead of it; `comreg "
		    "list` shows the classes",
		    guid_to_text(clsid, text));
	lookup_treatment_clear(&class);
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
