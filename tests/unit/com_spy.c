/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/com_spy.h"

#define HEADER 32u /* what this spy puts in front of each block that it sees being made */

static struct spy *
spy_from(IMallocSpy *iface)
{
	return (struct spy *)(void *)iface;
}

static void
begin(struct spy *spy)
{
	if (spy->inside++ != 0)
		spy->overlaps++;
	if (spy->allocates)
		CoTaskMemFree(CoTaskMemRealloc(CoTaskMemAlloc(3), 5));
}

static void
end(struct spy *spy)
{
	spy->inside--;
}

static ULONG
spy_AddRef(IMallocSpy *iface)
{
	return ++spy_from(iface)->references;
}

static ULONG
spy_Release(IMallocSpy *iface)
{
	return --spy_from(iface)->references;
}

static HRESULT
spy_QueryInterface(IMallocSpy *iface, REFIID riid, void **ppv)
{
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IMallocSpy))
		return E_NOINTERFACE;
	spy_AddRef(iface);
	*ppv = iface;
	return S_OK;
}

static HRESULT
refuse_QueryInterface(IMallocSpy *iface, REFIID riid, void **ppv)
{
	(void)iface;
	(void)riid;
	*ppv = NULL;
	return E_NOINTERFACE;
}

static SIZE_T
spy_PreAlloc(IMallocSpy *iface, SIZE_T cbRequest)
{
	struct spy *spy = spy_from(iface);

	if (spy->refuse)
		return 0;
	begin(spy);
	spy->last_request = cbRequest;
	return cbRequest + HEADER;
}

static void *
spy_PostAlloc(IMallocSpy *iface, void *pActual)
{
	struct spy *spy = spy_from(iface);

	spy->allocs++;
	end(spy);
	return pActual != NULL ? (char *)pActual + HEADER : NULL;
}

static void *
without_header(void *block, BOOL spied)
{
	return spied ? (char *)block - HEADER : block;
}

static void *
spy_PreFree(IMallocSpy *iface, void *pRequest, BOOL fSpyed)
{
	begin(spy_from(iface));
	return without_header(pRequest, fSpyed);
}

static void
spy_PostFree(IMallocSpy *iface, BOOL fSpyed)
{
	if (fSpyed)
		spy_from(iface)->frees++;
	else
		spy_from(iface)->foreign_frees++;
	end(spy_from(iface));
}

static SIZE_T
spy_PreRealloc(
    IMallocSpy *iface, void *pRequest, SIZE_T cbRequest, void **ppNewRequest, BOOL fSpyed)
{
	if (spy_from(iface)->refuse)
		return 0;
	begin(spy_from(iface));
	*ppNewRequest = without_header(pRequest, fSpyed);
	return cbRequest + (fSpyed ? HEADER : 0);
}

static void *
spy_PostRealloc(IMallocSpy *iface, void *pActual, BOOL fSpyed)
{
	spy_from(iface)->reallocs++;
	end(spy_from(iface));
	return pActual != NULL && fSpyed ? (char *)pActual + HEADER : pActual;
}

static void *
spy_PreGetSize(IMallocSpy *iface, void *pRequest, BOOL fSpyed)
{
	begin(spy_from(iface));
	return without_header(pRequest, fSpyed);
}

static SIZE_T
spy_PostGetSize(IMallocSpy *iface, SIZE_T cbActual, BOOL fSpyed)
{
	spy_from(iface)->sizes++;
	end(spy_from(iface));
	return fSpyed ? cbActual - HEADER : cbActual;
}

static void *
spy_PreDidAlloc(IMallocSpy *iface, void *pRequest, BOOL fSpyed)
{
	begin(spy_from(iface));
	return without_header(pRequest, fSpyed);
}

static int
spy_PostDidAlloc(IMallocSpy *iface, void *pRequest, BOOL fSpyed, int fActual)
{
	(void)pRequest;
	(void)fSpyed;
	spy_from(iface)->asks++;
	end(spy_from(iface));
	return fActual;
}

static void
spy_PreHeapMinimize(IMallocSpy *iface)
{
	begin(spy_from(iface));
}

static void
spy_PostHeapMinimize(IMallocSpy *iface)
{
	spy_from(iface)->trims++;
	end(spy_from(iface));
}

#define SPY_TABLE(query)                                                                     \
	{                                                                                    \
		query, spy_AddRef, spy_Release, spy_PreAlloc, spy_PostAlloc, spy_PreFree,    \
		    spy_PostFree, spy_PreRealloc, spy_PostRealloc, spy_PreGetSize,           \
		    spy_PostGetSize, spy_PreDidAlloc, spy_PostDidAlloc, spy_PreHeapMinimize, \
		    spy_PostHeapMinimize                                                     \
	}
static const IMallocSpyVtbl spy_vtbl = SPY_TABLE(spy_QueryInterface);
static const IMallocSpyVtbl no_spy_vtbl = SPY_TABLE(refuse_QueryInterface);

struct spy
spy_new(void)
{
	return (struct spy){ .iface.lpVtbl = &spy_vtbl, .references = 1 };
}

struct spy
spy_impostor(void)
{
	return (struct spy){ .iface.lpVtbl = &no_spy_vtbl, .references = 1 };
}
