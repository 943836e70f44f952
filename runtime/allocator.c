/* SPDX-License-Identifier: BSD-2-Clause */
/* The task allocator as an object. There is one, and it lasts as long as the process. */
#include <objbase.h>

#include "runtime/export.h"
#include "runtime/memory_spy.h"

static ULONG
allocator_AddRef(IMalloc *iface)
{
	(void)iface;
	return 2;
}

static ULONG
allocator_Release(IMalloc *iface)
{
	(void)iface;
	return 1;
}

static HRESULT
allocator_QueryInterface(IMalloc *iface, REFIID riid, void **ppvObject)
{
	if (ppvObject == NULL)
		return E_POINTER;
	*ppvObject = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IMalloc))
		return E_NOINTERFACE;
	*ppvObject = iface;
	return S_OK;
}

static void *
allocator_Alloc(IMalloc *iface, SIZE_T cb)
{
	(void)iface;
	return CoTaskMemAlloc(cb);
}

static void *
allocator_Realloc(IMalloc *iface, void *pv, SIZE_T cb)
{
	(void)iface;
	return CoTaskMemRealloc(pv, cb);
}

static void
allocator_Free(IMalloc *iface, void *pv)
{
	(void)iface;
	CoTaskMemFree(pv);
}

static SIZE_T
allocator_GetSize(IMalloc *iface, void *pv)
{
	(void)iface;
	return memory_is_spied() ? memory_spy_get_size(pv) : memory_size(pv);
}

static int
allocator_DidAlloc(IMalloc *iface, void *pv)
{
	(void)iface;
	return memory_is_spied() ? memory_spy_did_alloc(pv) : -1;
}

static void
allocator_HeapMinimize(IMalloc *iface)
{
	(void)iface;
	if (memory_is_spied())
		memory_spy_heap_minimize();
	else
		memory_minimize();
}

static const IMallocVtbl allocator_vtbl = {
	.QueryInterface = allocator_QueryInterface,
	.AddRef = allocator_AddRef,
	.Release = allocator_Release,
	.Alloc = allocator_Alloc,
	.Realloc = allocator_Realloc,
	.Free = allocator_Free,
	.GetSize = allocator_GetSize,
	.DidAlloc = allocator_DidAlloc,
	.HeapMinimize = allocator_HeapMinimize,
};

TESSERA_EXPORT HRESULT
CoGetMalloc(DWORD dwMemContext, IMalloc **ppMalloc)
{
	static IMalloc allocator = { &allocator_vtbl };

	if (ppMalloc == NULL)
		return E_POINTER;
	*ppMalloc = NULL;
	if (dwMemContext != MEMCTX_TASK)
		return E_INVALIDARG;
	*ppMalloc = &allocator;
	return S_OK;
}
