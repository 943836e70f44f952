/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module without the class helper that counts its class objects among its objects, as many
 * components from elsewhere do; any CLSID is its class.
 */
#include <stdlib.h>

#include <objbase.h>

struct outsider {
	IUnknown unknown;
	ULONG references;
};

static ULONG in_use; /* objects and references to the class object */

static HRESULT
outsider_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown))
		return E_NOINTERFACE;
	This->lpVtbl->AddRef(This);
	*ppv = This;
	return S_OK;
}

static ULONG
outsider_AddRef(IUnknown *This)
{
	return __atomic_add_fetch(
	    &((struct outsider *)(void *)This)->references, 1, __ATOMIC_RELAXED);
}

static ULONG
outsider_Release(IUnknown *This)
{
	struct outsider *self = (struct outsider *)(void *)This;
	ULONG left = __atomic_sub_fetch(&self->references, 1, __ATOMIC_ACQ_REL);

	if (left == 0) {
		free(self);
		__atomic_fetch_sub(&in_use, 1, __ATOMIC_RELEASE);
	}
	return left;
}

static const IUnknownVtbl outsider_vtbl = { outsider_QueryInterface, outsider_AddRef,
	outsider_Release };

static HRESULT
factory_QueryInterface(IClassFactory *This, REFIID riid, void **ppv)
{
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
		return E_NOINTERFACE;
	This->lpVtbl->AddRef(This);
	*ppv = This;
	return S_OK;
}

static ULONG
factory_AddRef(IClassFactory *This)
{
	(void)This;
	return __atomic_add_fetch(&in_use, 1, __ATOMIC_RELAXED);
}

static ULONG
factory_Release(IClassFactory *This)
{
	(void)This;
	return __atomic_sub_fetch(&in_use, 1, __ATOMIC_RELEASE);
}

static HRESULT
factory_CreateInstance(IClassFactory *This, IUnknown *outer, REFIID riid, void **ppv)
{
	struct outsider *self;

	(void)This;
	*ppv = NULL;
	if (outer != NULL)
		return CLASS_E_NOAGGREGATION;
	if (!IsEqualIID(riid, &IID_IUnknown))
		return E_NOINTERFACE;
	self = malloc(sizeof *self);
	if (self == NULL)
		return E_OUTOFMEMORY;
	*self = (struct outsider){ { &outsider_vtbl }, 1 };
	__atomic_fetch_add(&in_use, 1, __ATOMIC_RELAXED);
	*ppv = &self->unknown;
	return S_OK;
}

static HRESULT
factory_LockServer(IClassFactory *This, BOOL lock)
{
	(void)This;
	__atomic_fetch_add(&in_use, lock ? 1u : -1u, __ATOMIC_RELAXED);
	return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = { factory_QueryInterface, factory_AddRef,
	factory_Release, factory_CreateInstance, factory_LockServer };
static IClassFactory factory = { &factory_vtbl };

__attribute__((visibility("default"))) HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	(void)rclsid;
	return factory_QueryInterface(&factory, riid, ppv);
}

__attribute__((visibility("default"))) HRESULT
DllCanUnloadNow(void)
{
	return __atomic_load_n(&in_use, __ATOMIC_ACQUIRE) == 0 ? S_OK : S_FALSE;
}
