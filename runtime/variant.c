/* SPDX-License-Identifier: BSD-2-Clause */
/* Life of a VARIANT: beginning, ending, copying. */
#include <string.h>

#include <oleauto.h>

#include "runtime/export.h"
#include "runtime/variant_type.h"

TESSERA_EXPORT void
VariantInit(VARIANTARG *pvarg)
{
	V_VT(pvarg) = VT_EMPTY;
}

/* The record is the variant's own: type information made it and takes it back. */
static HRESULT
clear_record(VARIANTARG *variant)
{
	IRecordInfo *info = V_RECORDINFO(variant);
	HRESULT hr = S_OK;

	if (info == NULL)
		return S_OK;
	if (V_RECORD(variant) != NULL)
		hr = info->lpVtbl->RecordDestroy(info, V_RECORD(variant));
	info->lpVtbl->Release(info);
	return hr;
}

static HRESULT
clear_value(VARIANTARG *variant)
{
	if (V_VT(variant) & VT_BYREF)
		return S_OK;
	if (V_VT(variant) & VT_ARRAY)
		return SafeArrayDestroy(V_ARRAY(variant));
	switch (V_VT(variant)) {
	case VT_BSTR:
		SysFreeString(V_BSTR(variant));
		return S_OK;
	case VT_UNKNOWN:
	case VT_DISPATCH:
		if (V_UNKNOWN(variant) != NULL)
			V_UNKNOWN(variant)->lpVtbl->Release(V_UNKNOWN(variant));
		return S_OK;
	case VT_RECORD:
		return clear_record(variant);
	default:
		return S_OK;
	}
}

TESSERA_EXPORT HRESULT
VariantClear(VARIANTARG *pvarg)
{
	HRESULT hr;

	if (pvarg == NULL)
		return E_INVALIDARG;
	if (!variant_type_is_valid(V_VT(pvarg)))
		return DISP_E_BADVARTYPE;
	hr = clear_value(pvarg);
	if (SUCCEEDED(hr))
		V_VT(pvarg) = VT_EMPTY;
	return hr;
}

static HRESULT
copy_record(VARIANT *to, const VARIANT *from)
{
	IRecordInfo *info = V_RECORDINFO(from);

	if (info == NULL || V_RECORD(from) == NULL)
		return E_INVALIDARG;
	V_RECORD(to) = NULL;
	return info->lpVtbl->RecordCreateCopy(info, V_RECORD(from), &V_RECORD(to));
}

/* Makes *to, which holds nothing, a value of its own equal to *from. */
static HRESULT
copy_value(VARIANT *to, const VARIANT *from)
{
	HRESULT hr = S_OK;

	*to = *from;
	if (V_VT(from) & VT_BYREF)
		return S_OK;
	if (V_VT(from) & VT_ARRAY)
		return SafeArrayCopy(V_ARRAY(from), &V_ARRAY(to));
	switch (V_VT(from)) {
	case VT_BSTR:
		if (V_BSTR(from) == NULL)
			return S_OK;
		V_BSTR(to) = SysAllocStringByteLen(
		    (LPCSTR)(const void *)V_BSTR(from), SysStringByteLen(V_BSTR(from)));
		return V_BSTR(to) != NULL ? S_OK : E_OUTOFMEMORY;
	case VT_UNKNOWN:
	case VT_DISPATCH:
		if (V_UNKNOWN(from) != NULL)
			V_UNKNOWN(from)->lpVtbl->AddRef(V_UNKNOWN(from));
		return S_OK;
	case VT_RECORD:
		hr = copy_record(to, from);
		if (SUCCEEDED(hr))
			V_RECORDINFO(to)->lpVtbl->AddRef(V_RECORDINFO(to));
		return hr;
	default:
		return S_OK;
	}
}

TESSERA_EXPORT HRESULT
VariantCopy(VARIANTARG *pvargDest, const VARIANTARG *pvargSrc)
{
	VARIANT copy;
	HRESULT hr;

	if (pvargDest == NULL || pvargSrc == NULL)
		return E_INVALIDARG;
	if (!variant_type_is_valid(V_VT(pvargSrc)))
		return DISP_E_BADVARTYPE;
	if (pvargDest == pvargSrc)
		return S_OK;
	/* First the copy: what is cleared may be all that keeps the source alive. */
	hr = copy_value(&copy, pvargSrc);
	if (FAILED(hr))
		return hr;
	hr = VariantClear(pvargDest);
	if (FAILED(hr)) {
		(void)clear_value(&copy);
		return hr;
	}
	*pvargDest = copy;
	return S_OK;
}

/* *ret: the value that a BYREF points to, as a VARIANT that does not own it. */
static HRESULT
look_through(const VARIANT *from, VARIANT *ret)
{
	VARTYPE base = V_VT(from) & (VARTYPE)~VT_BYREF;

	*ret = *from;
	if (V_BYREF(from) == NULL)
		return E_INVALIDARG;
	if (base == VT_VARIANT) {
		if (V_VT(V_VARIANTREF(from)) == (VT_VARIANT | VT_BYREF))
			return E_INVALIDARG;
		*ret = *V_VARIANTREF(from);
		return S_OK;
	}
	if (base == VT_DECIMAL) {
		V_DECIMAL(ret) = *V_DECIMALREF(from);
	} else if (base & VT_ARRAY) {
		V_ARRAY(ret) = *V_ARRAYREF(from);
	} else if (base != VT_RECORD) {
		V_UI8(ret) = 0;
		memcpy(&V_UI8(ret), V_BYREF(from), variant_type_size(base));
	}
	V_VT(ret) = base;
	return S_OK;
}

TESSERA_EXPORT HRESULT
VariantCopyInd(VARIANT *pvarDest, const VARIANTARG *pvargSrc)
{
	VARIANT seen, copy;
	HRESULT hr;

	if (pvarDest == NULL || pvargSrc == NULL)
		return E_INVALIDARG;
	if (!variant_type_is_valid(V_VT(pvargSrc)))
		return DISP_E_BADVARTYPE;
	if ((V_VT(pvargSrc) & VT_BYREF) == 0)
		return VariantCopy(pvarDest, pvargSrc);
	hr = look_through(pvargSrc, &seen);
	if (FAILED(hr))
		return hr;
	/* A VARIANT behind a VT_VARIANT|VT_BYREF may be a reference itself. */
	if (V_VT(&seen) & VT_BYREF)
		return VariantCopyInd(pvarDest, &seen);
	if (!variant_type_is_valid(V_VT(&seen)))
		return DISP_E_BADVARTYPE;
	hr = copy_value(&copy, &seen);
	if (FAILED(hr))
		return hr;
	hr = VariantClear(pvarDest);
	if (FAILED(hr)) {
		(void)clear_value(&copy);
		return hr;
	}
	*pvarDest = copy;
	return S_OK;
}
