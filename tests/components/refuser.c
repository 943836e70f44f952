/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module whose class objects misbehave; the first byte of the CLSID says how. Written without the
 * class helper, as a component from elsewhere would be.
 */
#include <objbase.h>

enum {
	REFUSE = 0x01,
	GIVE_NOTHING = 0x02,
	NO_FACTORY = 0x03,
	REFUSE_OBJECTS = 0x04,
	NESTED = 0x05, /* needs another component before it can say no */
};

static HRESULT loading_result = E_PENDING;

/* The class Counter of the other module. */
static HRESULT
use_counter(void)
{
	static const CLSID counter = { 0x5D1B6A52, 0x0C3E, 0x4B0F,
		{ 0x9E, 0x0B, 0x3A, 0x6D, 0x0E, 0x1F, 0x7A, 0x11 } };
	IUnknown *object = NULL;
	HRESULT hr =
	    CoCreateInstance(&counter, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object);

	if (SUCCEEDED(hr))
		object->lpVtbl->Release(object);
	return hr;
}

__attribute__((constructor)) static void
activate_while_loading(void)
{
	loading_result = use_counter();
}

static HRESULT
answer_unknown(void *This, REFIID riid, void **ppv)
{
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown))
		return E_NOINTERFACE;
	*ppv = This;
	return S_OK;
}

static HRESULT
unknown_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
	return answer_unknown(This, riid, ppv);
}

static ULONG
unknown_count(IUnknown *This)
{
	(void)This;
	return 2;
}

static HRESULT
factory_QueryInterface(IClassFactory *This, REFIID riid, void **ppv)
{
	if (!IsEqualIID(riid, &IID_IClassFactory))
		return answer_unknown(This, riid, ppv);
	*ppv = This;
	return S_OK;
}

static ULONG
factory_count(IClassFactory *This)
{
	(void)This;
	return 2;
}

static HRESULT
factory_CreateInstance(IClassFactory *This, IUnknown *outer, REFIID riid, void **ppv)
{
	(void)This;
	(void)outer;
	(void)riid;
	*ppv = This; /* a sloppy one leaves rubbish when it fails */
	return CLASS_E_NOTLICENSED;
}

static HRESULT
factory_LockServer(IClassFactory *This, BOOL lock)
{
	(void)This;
	(void)lock;
	return S_OK;
}

static const IUnknownVtbl unknown_vtbl = { unknown_QueryInterface, unknown_count, unknown_count };
static IUnknown no_factory = { &unknown_vtbl };
static const IClassFactoryVtbl factory_vtbl = { factory_QueryInterface, factory_count,
	factory_count, factory_CreateInstance, factory_LockServer };
static IClassFactory refusing_factory = { &factory_vtbl };

__attribute__((visibility("default"))) HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	*ppv = NULL;
	switch (rclsid->Data1) {
	case REFUSE:
		return CLASS_E_CLASSNOTAVAILABLE;
	case GIVE_NOTHING:
		return S_OK;
	case NO_FACTORY:
		return answer_unknown(&no_factory, riid, ppv);
	case REFUSE_OBJECTS:
		return factory_QueryInterface(&refusing_factory, riid, ppv);
	case NESTED:
		if (FAILED(loading_result) || FAILED(use_counter()))
			return E_FAIL;
		return factory_QueryInterface(&refusing_factory, riid, ppv);
	default:
		return E_UNEXPECTED;
	}
}
