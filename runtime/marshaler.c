/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interfaces between threads: the free-threaded marshaler, and the two functions that carry one
 * interface in a stream. There is one apartment, so what arrives is the object's own pointer.
 */
#include <tessera_class.h>

#include "runtime/export.h"
#include "runtime/parcel.h"

struct marshaler {
	struct tessera_object object;
	TESSERA_INTERFACE(IMarshal) marshal;
	TESSERA_INTERFACE(IAgileObject) agile;
};

/* Beyond this process there is nobody who could read it. */
static HRESULT
check_context(DWORD context)
{
	switch (context) {
	case MSHCTX_INPROC:
	case MSHCTX_CROSSCTX:
		return S_OK;
	case MSHCTX_LOCAL:
	case MSHCTX_NOSHAREDMEM:
	case MSHCTX_DIFFERENTMACHINE:
		return CO_E_CANT_REMOTE;
	default:
		return E_INVALIDARG;
	}
}

static HRESULT
marshaler_GetUnmarshalClass(IMarshal *iface, REFIID riid, void *pv, DWORD dwDestContext,
    void *pvDestContext, DWORD mshlflags, CLSID *pCid)
{
	HRESULT hr;

	(void)iface;
	(void)riid;
	(void)pv;
	(void)pvDestContext;
	(void)mshlflags;
	if (pCid == NULL)
		return E_POINTER;
	*pCid = CLSID_NULL;
	hr = check_context(dwDestContext);
	if (SUCCEEDED(hr))
		*pCid = CLSID_InProcFreeMarshaler;
	return hr;
}

static HRESULT
marshaler_GetMarshalSizeMax(IMarshal *iface, REFIID riid, void *pv, DWORD dwDestContext,
    void *pvDestContext, DWORD mshlflags, DWORD *pSize)
{
	HRESULT hr;

	(void)iface;
	(void)riid;
	(void)pv;
	(void)pvDestContext;
	(void)mshlflags;
	if (pSize == NULL)
		return E_POINTER;
	*pSize = 0;
	hr = check_context(dwDestContext);
	if (SUCCEEDED(hr))
		*pSize = PARCEL_SIZE;
	return hr;
}

static HRESULT
marshaler_MarshalInterface(IMarshal *iface, IStream *pStm, REFIID riid, void *pv,
    DWORD dwDestContext, void *pvDestContext, DWORD mshlflags)
{
	/* Without pv it is the object that this marshaler is part of. */
	IUnknown *object = pv != NULL ? (IUnknown *)pv : (IUnknown *)(void *)iface;
	HRESULT hr = check_context(dwDestContext);

	(void)pvDestContext;
	if (pStm == NULL)
		return E_POINTER;
	if (riid == NULL)
		return E_INVALIDARG;
	return SUCCEEDED(hr) ? parcel_send(pStm, object, riid, mshlflags) : hr;
}

static HRESULT
marshaler_UnmarshalInterface(IMarshal *iface, IStream *pStm, REFIID riid, void **ppv)
{
	(void)iface;
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (pStm == NULL || riid == NULL)
		return E_INVALIDARG;
	return parcel_receive(pStm, riid, ppv);
}

static HRESULT
marshaler_ReleaseMarshalData(IMarshal *iface, IStream *pStm)
{
	(void)iface;
	return pStm != NULL ? parcel_end(pStm) : E_INVALIDARG;
}

static HRESULT
marshaler_DisconnectObject(IMarshal *iface, DWORD dwReserved)
{
	(void)iface;
	return dwReserved == 0 ? S_OK : E_INVALIDARG;
}

static const IMarshalVtbl marshal_vtbl = {
	TESSERA_UNKNOWN_SLOTS(IMarshal),
	.GetUnmarshalClass = marshaler_GetUnmarshalClass,
	.GetMarshalSizeMax = marshaler_GetMarshalSizeMax,
	.MarshalInterface = marshaler_MarshalInterface,
	.UnmarshalInterface = marshaler_UnmarshalInterface,
	.ReleaseMarshalData = marshaler_ReleaseMarshalData,
	.DisconnectObject = marshaler_DisconnectObject,
};

static const IAgileObjectVtbl agile_vtbl = { TESSERA_UNKNOWN_SLOTS(IAgileObject) };

static const struct tessera_interface marshaler_interfaces[] = {
	{ &IID_IMarshal, offsetof(struct marshaler, marshal), &marshal_vtbl },
	{ &IID_IAgileObject, offsetof(struct marshaler, agile), &agile_vtbl },
};
static struct tessera_census marshaler_census;
static const struct tessera_class marshaler_class = {
	.name = "FreeThreadedMarshaler",
	.size = sizeof(struct marshaler),
	.interfaces = marshaler_interfaces,
	.interface_count = sizeof marshaler_interfaces / sizeof marshaler_interfaces[0],
	.census = &marshaler_census,
};
TESSERA_CLASSES(&marshaler_class);

TESSERA_EXPORT HRESULT
CoCreateFreeThreadedMarshaler(IUnknown *punkOuter, IUnknown **ppunkMarshal)
{
	return tessera_object_create(
	    &marshaler_class, punkOuter, &IID_IUnknown, (void **)ppunkMarshal);
}

/* Back to the start, where the receiver begins to read. */
static HRESULT
rewind_stream(IStream *stream)
{
	return stream->lpVtbl->Seek(
	    stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
}

TESSERA_EXPORT HRESULT
CoMarshalInterThreadInterfaceInStream(REFIID riid, IUnknown *pUnk, IStream **ppStm)
{
	IStream *stream;
	HRESULT hr;

	if (ppStm == NULL)
		return E_POINTER;
	*ppStm = NULL;
	if (riid == NULL || pUnk == NULL)
		return E_INVALIDARG;
	hr = CreateStreamOnHGlobal(NULL, TRUE, &stream);
	if (FAILED(hr))
		return hr;
	hr = parcel_send(stream, pUnk, riid, MSHLFLAGS_NORMAL);
	if (SUCCEEDED(hr))
		hr = rewind_stream(stream);
	if (FAILED(hr))
		stream->lpVtbl->Release(stream);
	else
		*ppStm = stream;
	return hr;
}

TESSERA_EXPORT HRESULT
CoGetInterfaceAndReleaseStream(IStream *pStm, REFIID iid, LPVOID *ppv)
{
	HRESULT hr;

	if (ppv != NULL)
		*ppv = NULL;
	if (pStm == NULL)
		return E_INVALIDARG;
	if (ppv != NULL && iid != NULL) {
		hr = parcel_receive(pStm, iid, ppv);
	} else {
		parcel_end(pStm);
		hr = ppv == NULL ? E_POINTER : E_INVALIDARG;
	}
	pStm->lpVtbl->Release(pStm);
	return hr;
}
