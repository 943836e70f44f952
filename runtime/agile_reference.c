/* SPDX-License-Identifier: BSD-2-Clause */
/* CoGetAgileReference: with one apartment, an object that keeps another and gives it to any thread.
 */
#include <tessera_class.h>

#include "runtime/export.h"

struct agile_reference {
	struct tessera_object object;
	TESSERA_INTERFACE(IAgileReference) reference;
	IUnknown *target;
};

static HRESULT
agile_reference_Resolve(IAgileReference *iface, REFIID riid, void **ppvObjectReference)
{
	IUnknown *target = TESSERA_SELF(struct agile_reference, iface)->target;

	if (ppvObjectReference == NULL)
		return E_POINTER;
	*ppvObjectReference = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	return target->lpVtbl->QueryInterface(target, riid, ppvObjectReference);
}

static void
agile_reference_destruct(struct tessera_object *object)
{
	IUnknown *target = ((struct agile_reference *)(void *)object)->target;

	if (target != NULL)
		target->lpVtbl->Release(target);
}

static const IAgileReferenceVtbl reference_vtbl = {
	TESSERA_UNKNOWN_SLOTS(IAgileReference),
	.Resolve = agile_reference_Resolve,
};
static const struct tessera_interface agile_reference_interfaces[] = {
	{ &IID_IAgileReference, offsetof(struct agile_reference, reference), &reference_vtbl },
};
static struct tessera_census agile_reference_census;
static const struct tessera_class agile_reference_class = {
	.name = "AgileReference",
	.size = sizeof(struct agile_reference),
	.interfaces = agile_reference_interfaces,
	.interface_count = 1,
	.destruct = agile_reference_destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &agile_reference_census,
};
TESSERA_CLASSES(&agile_reference_class);

TESSERA_EXPORT HRESULT
CoGetAgileReference(
    AgileReferenceOptions options, REFIID riid, IUnknown *pUnk, IAgileReference **ppAgileReference)
{
	IUnknown *target = NULL;
	HRESULT hr;

	if (ppAgileReference == NULL)
		return E_POINTER;
	*ppAgileReference = NULL;
	if (riid == NULL || pUnk == NULL || (unsigned)options > AGILEREFERENCE_DELAYEDMARSHAL)
		return E_INVALIDARG;
	hr = pUnk->lpVtbl->QueryInterface(pUnk, riid, (void **)&target);
	if (FAILED(hr))
		return hr;
	hr = tessera_object_create(
	    &agile_reference_class, NULL, &IID_IAgileReference, (void **)ppAgileReference);
	if (SUCCEEDED(hr))
		TESSERA_SELF(struct agile_reference, *ppAgileReference)->target = target;
	else
		target->lpVtbl->Release(target);
	return hr;
}
