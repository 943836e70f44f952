/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The class factory. It is counted, and its count is the module's as well, so that a module is not
 * unmapped while somebody holds one of its class objects.
 */
#include "runtime/factory.h"

#include <stdlib.h>

struct factory {
	IClassFactory IClassFactory_iface;
	const struct tessera_class *type;
	struct tessera_module *module;
	uint32_t references;
};

static inline struct factory *
factory_from_iface(IClassFactory *iface)
{
	return (struct factory *)(void *)iface;
}

static ULONG
factory_AddRef(IClassFactory *iface)
{
	struct factory *factory = factory_from_iface(iface);

	__atomic_fetch_add(&factory->module->factories, 1, __ATOMIC_RELAXED);
	return __atomic_add_fetch(&factory->references, 1, __ATOMIC_RELAXED);
}

static ULONG
factory_Release(IClassFactory *iface)
{
	struct factory *factory = factory_from_iface(iface);
	struct tessera_module *module = factory->module;
	ULONG left = __atomic_sub_fetch(&factory->references, 1, __ATOMIC_RELEASE);

	if (left == 0) {
		(void)__atomic_load_n(&factory->references, __ATOMIC_ACQUIRE);
		free(factory);
	}
	__atomic_fetch_sub(&module->factories, 1, __ATOMIC_RELEASE);
	return left;
}

static HRESULT
factory_QueryInterface(IClassFactory *iface, REFIID riid, void **ppvObject)
{
	if (ppvObject == NULL)
		return E_POINTER;
	*ppvObject = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
		return E_NOINTERFACE;
	factory_AddRef(iface);
	*ppvObject = iface;
	return S_OK;
}

static HRESULT
factory_CreateInstance(IClassFactory *iface, IUnknown *pUnkOuter, REFIID riid, void **ppvObject)
{
	return tessera_object_create(factory_from_iface(iface)->type, pUnkOuter, riid, ppvObject);
}

/* One TRUE too few is the caller's bug; it must not let a module go that others have locked. */
static void
unlock(int64_t *locks)
{
	int64_t held = __atomic_load_n(locks, __ATOMIC_RELAXED);

	while (held > 0 &&
	    !__atomic_compare_exchange_n(
		locks, &held, held - 1, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
}

static HRESULT
factory_LockServer(IClassFactory *iface, BOOL fLock)
{
	struct factory *factory = factory_from_iface(iface);

	if (fLock)
		__atomic_fetch_add(&factory->module->locks, 1, __ATOMIC_RELAXED);
	else
		unlock(&factory->module->locks);
	return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
	.QueryInterface = factory_QueryInterface,
	.AddRef = factory_AddRef,
	.Release = factory_Release,
	.CreateInstance = factory_CreateInstance,
	.LockServer = factory_LockServer,
};

HRESULT
factory_create(
    struct tessera_module *module, const struct tessera_class *type, REFIID riid, void **ppv)
{
	struct factory *factory = malloc(sizeof *factory);
	HRESULT hr;

	if (factory == NULL)
		return E_OUTOFMEMORY;
	*factory = (struct factory){
		.IClassFactory_iface.lpVtbl = &factory_vtbl,
		.type = type,
		.module = module,
		.references = 1,
	};
	__atomic_fetch_add(&module->factories, 1, __ATOMIC_RELAXED);
	hr = factory_QueryInterface(&factory->IClassFactory_iface, riid, ppv);
	factory_Release(&factory->IClassFactory_iface);
	return hr;
}
