/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IConnectionPointContainer with one point for IOne, as the extra interface of a thing; right. The
 * point and its enumerator are static, and there is one of them for all objects.
 */
#include "tests/conformance/broken/thing.h"

#define CONTROL(n)                                                     \
	{                                                              \
		n, 0xBAB4, 0x101A,                                     \
		{                                                      \
			0xB6, 0x9C, 0x00, 0xAA, 0x00, 0x34, 0x1D, 0x07 \
		}                                                      \
	}
static const IID IID_container = CONTROL(0xB196B284);
static const IID IID_point = CONTROL(0xB196B286);

static IUnknown *advised;
static void *container;
static bool is_enumerated;
static struct face point, points;

static SPARE ULONG
static_count(void *This)
{
	(void)This;
	return 2;
}

static SPARE HRESULT
point_query(void *This, REFIID riid, void **ppv)
{
	if (ppv == NULL)
		return E_POINTER;
	*ppv = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_point) ? This : NULL;
	return *ppv != NULL ? S_OK : E_NOINTERFACE;
}

static SPARE HRESULT
point_interface(void *This, IID *iid)
{
	(void)This;
	*iid = IID_IOne;
	return S_OK;
}

static SPARE HRESULT
point_container(void *This, void **ppv)
{
	(void)This;
	((IUnknown *)container)->lpVtbl->AddRef(container);
	*ppv = container;
	return S_OK;
}

static SPARE HRESULT
point_advise(void *This, IUnknown *sink, DWORD *cookie)
{
	IUnknown *face = NULL;

	(void)This;
	*cookie = 0;
	if (FAILED(sink->lpVtbl->QueryInterface(sink, &IID_IOne, (void **)&face)))
		return CONNECT_E_CANNOTCONNECT;
	advised = face;
	*cookie = 7;
	return S_OK;
}

static SPARE HRESULT
point_unadvise(void *This, DWORD cookie)
{
	IUnknown *sink = advised;

	(void)This;
	if (cookie != 7 || sink == NULL)
		return CONNECT_E_NOCONNECTION;
	advised = NULL;
	sink->lpVtbl->Release(sink);
	return S_OK;
}

static SPARE HRESULT
points_next(void *This, ULONG count, void **items, ULONG *fetched)
{
	ULONG given = count > 0 && !is_enumerated;

	(void)This;
	if (given > 0)
		items[0] = &point;
	is_enumerated = true;
	if (fetched != NULL)
		*fetched = given;
	return given == count ? S_OK : S_FALSE;
}

static SPARE HRESULT
container_enum(void *This, void **ppenum)
{
	if (ppenum == NULL)
		return E_POINTER;
	container = This;
	is_enumerated = false;
	*ppenum = &points;
	return S_OK;
}

static SPARE HRESULT
container_find(void *This, REFIID riid, void **ppoint)
{
	if (ppoint == NULL)
		return E_POINTER;
	container = This;
	*ppoint = IsEqualIID(riid, &IID_IOne) ? &point : NULL;
	return *ppoint != NULL ? S_OK : CONNECT_E_NOCONNECTION;
}
