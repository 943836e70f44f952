/* SPDX-License-Identifier: BSD-2-Clause */
/* CoGetTreatAsClass and CoTreatAsClass: TreatAs as the registry has it, one step of a chain. */
#include "runtime/treat_as.h"

#include <objbase.h>
#include <tessera_class.h>

#include "runtime/class_table.h"
#include "runtime/export.h"
#include "runtime/guid_text.h"
#include "runtime/registry.h"

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
