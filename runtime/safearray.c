/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arrays of one dimension. Sixteen hidden bytes stand before the descriptor: the IID of the
 * elements' interface (FADF_HAVEIID), or in the last four the VARTYPE (FADF_HAVEVARTYPE).
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <oleauto.h>

#include "runtime/export.h"

#define SAFEARRAY_BYTES_MAX 0x7FFFFFFFu
#define SAFEARRAY_LOCKS_MAX 0xFFFFu

struct array {
	union {
		IID iid;
		uint32_t words[4];
	} hidden;
	SAFEARRAY public;
};

_Static_assert(offsetof(struct array, public) == 16, "the hidden part ends where it is looked for");

static struct array *
array_of(SAFEARRAY *psa)
{
	return (struct array *)(void *)((char *)psa - offsetof(struct array, public));
}

/* 0: not a type for elements. */
static ULONG
element_size(VARTYPE vt)
{
	switch (vt) {
	case VT_I1:
	case VT_UI1:
		return 1;
	case VT_I2:
	case VT_UI2:
	case VT_BOOL:
		return 2;
	case VT_I4:
	case VT_UI4:
	case VT_INT:
	case VT_UINT:
	case VT_R4:
	case VT_ERROR:
		return 4;
	case VT_I8:
	case VT_UI8:
	case VT_R8:
	case VT_CY:
	case VT_DATE:
	case VT_BSTR:
	case VT_UNKNOWN:
	case VT_DISPATCH:
		return 8;
	default:
		return 0;
	}
}

_Static_assert(sizeof(void *) == 8, "strings and interfaces are elements of 8 bytes");

static USHORT
features_of(VARTYPE vt)
{
	switch (vt) {
	case VT_BSTR:
		return FADF_HAVEVARTYPE | FADF_BSTR;
	case VT_UNKNOWN:
		return FADF_HAVEIID | FADF_UNKNOWN;
	case VT_DISPATCH:
		return FADF_HAVEIID | FADF_DISPATCH;
	default:
		return FADF_HAVEVARTYPE;
	}
}

static bool
bounds_fit(const SAFEARRAYBOUND *bounds, ULONG size)
{
	int64_t last = (int64_t)bounds->lLbound + bounds->cElements - 1;

	return (uint64_t)bounds->cElements * size <= SAFEARRAY_BYTES_MAX && last >= INT32_MIN &&
	    last <= INT32_MAX;
}

static void *
allocate_elements(ULONG count, ULONG size)
{
	return calloc(count != 0 ? count : 1, size);
}

static SAFEARRAY *
create(VARTYPE vt, const SAFEARRAYBOUND *bounds, USHORT more_features)
{
	ULONG size = element_size(vt);
	struct array *array;

	if (size == 0 || !bounds_fit(bounds, size))
		return NULL;
	array = calloc(1, sizeof *array);
	if (array == NULL)
		return NULL;
	array->public.cDims = 1;
	array->public.fFeatures = features_of(vt) | more_features;
	array->public.cbElements = size;
	array->public.rgsabound[0] = *bounds;
	if (vt == VT_UNKNOWN)
		array->hidden.iid = IID_IUnknown;
	else if (vt == VT_DISPATCH)
		array->hidden.iid = IID_IDispatch;
	else
		array->hidden.words[3] = vt;
	array->public.pvData = allocate_elements(bounds->cElements, size);
	if (array->public.pvData == NULL) {
		free(array);
		return NULL;
	}
	return &array->public;
}

static bool
is_usable(const SAFEARRAY *psa)
{
	return psa != NULL && psa->cDims == 1;
}

static char *
element_at(SAFEARRAY *psa, ULONG i)
{
	return (char *)psa->pvData + (size_t)i * psa->cbElements;
}

static bool
holds_interfaces(const SAFEARRAY *psa)
{
	return (psa->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH)) != 0;
}

/* Ends one element that the array owns; it becomes zero. */
static void
clear_element(SAFEARRAY *psa, char *element)
{
	if ((psa->fFeatures & FADF_BSTR) != 0) {
		SysFreeString(*(BSTR *)(void *)element);
	} else if (holds_interfaces(psa)) {
		IUnknown *unknown = *(IUnknown **)(void *)element;

		if (unknown != NULL)
			unknown->lpVtbl->Release(unknown);
	}
	memset(element, 0, psa->cbElements);
}

/* Makes *to a copy of the value *from; whatever was in *to is overwritten. */
static HRESULT
copy_element(SAFEARRAY *psa, void *to, const void *from)
{
	if ((psa->fFeatures & FADF_BSTR) != 0) {
		BSTR old = *(BSTR const *)from;
		BSTR copy = old != NULL
		    ? SysAllocStringByteLen((LPCSTR)(void *)old, SysStringByteLen(old))
		    : NULL;

		if (old != NULL && copy == NULL)
			return E_OUTOFMEMORY;
		*(BSTR *)to = copy;
		return S_OK;
	}
	if (holds_interfaces(psa)) {
		IUnknown *unknown = *(IUnknown *const *)from;

		if (unknown != NULL)
			unknown->lpVtbl->AddRef(unknown);
	}
	memcpy(to, from, psa->cbElements);
	return S_OK;
}

static void
clear_elements(SAFEARRAY *psa, ULONG from, ULONG to)
{
	for (ULONG i = from; i < to; i++)
		clear_element(psa, element_at(psa, i));
}

TESSERA_EXPORT SAFEARRAY *
SafeArrayCreate(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound)
{
	if (cDims != 1 || rgsabound == NULL)
		return NULL;
	return create(vt, rgsabound, 0);
}

TESSERA_EXPORT SAFEARRAY *
SafeArrayCreateVector(VARTYPE vt, LONG lLbound, ULONG cElements)
{
	SAFEARRAYBOUND bounds = { .cElements = cElements, .lLbound = lLbound };

	return create(vt, &bounds, FADF_CREATEVECTOR);
}

TESSERA_EXPORT HRESULT
SafeArrayDestroy(SAFEARRAY *psa)
{
	if (psa == NULL)
		return S_OK;
	if (!is_usable(psa))
		return E_INVALIDARG;
	if (psa->cLocks != 0)
		return DISP_E_ARRAYISLOCKED;
	clear_elements(psa, 0, psa->rgsabound[0].cElements);
	free(psa->pvData);
	free(array_of(psa));
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayCopy(SAFEARRAY *psa, SAFEARRAY **ppsaOut)
{
	SAFEARRAY *copy;
	VARTYPE vt;
	HRESULT hr;

	if (ppsaOut == NULL)
		return E_INVALIDARG;
	*ppsaOut = NULL;
	if (psa == NULL)
		return S_OK;
	hr = SafeArrayGetVartype(psa, &vt);
	if (FAILED(hr))
		return hr;
	copy = create(vt, psa->rgsabound, psa->fFeatures & FADF_CREATEVECTOR);
	if (copy == NULL)
		return E_OUTOFMEMORY;
	for (ULONG i = 0; i < psa->rgsabound[0].cElements && SUCCEEDED(hr); i++)
		hr = copy_element(psa, element_at(copy, i), element_at(psa, i));
	if (FAILED(hr)) {
		SafeArrayDestroy(copy);
		return hr; /* NOLINT(clang-analyzer-unix.Malloc): nobody has locked the copy */
	}
	*ppsaOut = copy;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayRedim(SAFEARRAY *psa, SAFEARRAYBOUND *psaboundNew)
{
	ULONG old, kept;
	void *data;

	if (!is_usable(psa) || psaboundNew == NULL || !bounds_fit(psaboundNew, psa->cbElements))
		return E_INVALIDARG;
	if (psa->cLocks != 0 || (psa->fFeatures & FADF_FIXEDSIZE) != 0)
		return DISP_E_ARRAYISLOCKED;
	data = allocate_elements(psaboundNew->cElements, psa->cbElements);
	if (data == NULL)
		return E_OUTOFMEMORY;
	old = psa->rgsabound[0].cElements;
	kept = old < psaboundNew->cElements ? old : psaboundNew->cElements;
	clear_elements(psa, kept, old);
	memcpy(data, psa->pvData, (size_t)kept * psa->cbElements);
	free(psa->pvData);
	psa->pvData = data;
	psa->rgsabound[0] = *psaboundNew;
	return S_OK;
}

TESSERA_EXPORT UINT
SafeArrayGetDim(SAFEARRAY *psa)
{
	return psa != NULL ? psa->cDims : 0;
}

TESSERA_EXPORT UINT
SafeArrayGetElemsize(SAFEARRAY *psa)
{
	return psa != NULL ? psa->cbElements : 0;
}

TESSERA_EXPORT HRESULT
SafeArrayGetLBound(SAFEARRAY *psa, UINT nDim, LONG *plLbound)
{
	if (!is_usable(psa) || plLbound == NULL)
		return E_INVALIDARG;
	if (nDim != 1)
		return DISP_E_BADINDEX;
	*plLbound = psa->rgsabound[0].lLbound;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayGetUBound(SAFEARRAY *psa, UINT nDim, LONG *plUbound)
{
	if (!is_usable(psa) || plUbound == NULL)
		return E_INVALIDARG;
	if (nDim != 1)
		return DISP_E_BADINDEX;
	*plUbound = (LONG)((int64_t)psa->rgsabound[0].lLbound + psa->rgsabound[0].cElements - 1);
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayGetVartype(SAFEARRAY *psa, VARTYPE *pvt)
{
	if (!is_usable(psa) || pvt == NULL)
		return E_INVALIDARG;
	if ((psa->fFeatures & FADF_HAVEVARTYPE) != 0)
		*pvt = (VARTYPE)array_of(psa)->hidden.words[3];
	else if ((psa->fFeatures & FADF_DISPATCH) != 0)
		*pvt = VT_DISPATCH;
	else if ((psa->fFeatures & FADF_UNKNOWN) != 0)
		*pvt = VT_UNKNOWN;
	else
		return E_INVALIDARG;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayLock(SAFEARRAY *psa)
{
	if (!is_usable(psa))
		return E_INVALIDARG;
	if (psa->cLocks >= SAFEARRAY_LOCKS_MAX)
		return E_UNEXPECTED;
	psa->cLocks++;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayUnlock(SAFEARRAY *psa)
{
	if (!is_usable(psa))
		return E_INVALIDARG;
	if (psa->cLocks == 0)
		return E_UNEXPECTED;
	psa->cLocks--;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayAccessData(SAFEARRAY *psa, void **ppvData)
{
	HRESULT hr;

	if (ppvData == NULL)
		return E_INVALIDARG;
	*ppvData = NULL;
	hr = SafeArrayLock(psa);
	if (SUCCEEDED(hr))
		*ppvData = psa->pvData;
	return hr;
}

TESSERA_EXPORT HRESULT
SafeArrayUnaccessData(SAFEARRAY *psa)
{
	return SafeArrayUnlock(psa);
}

TESSERA_EXPORT HRESULT
SafeArrayPtrOfIndex(SAFEARRAY *psa, LONG *rgIndices, void **ppvData)
{
	int64_t place;

	if (ppvData == NULL)
		return E_INVALIDARG;
	*ppvData = NULL;
	if (!is_usable(psa) || rgIndices == NULL)
		return E_INVALIDARG;
	place = (int64_t)rgIndices[0] - psa->rgsabound[0].lLbound;
	if (place < 0 || place >= psa->rgsabound[0].cElements)
		return DISP_E_BADINDEX;
	*ppvData = element_at(psa, (ULONG)place);
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayGetElement(SAFEARRAY *psa, LONG *rgIndices, void *pv)
{
	void *element;
	HRESULT hr;

	if (pv == NULL)
		return E_INVALIDARG;
	hr = SafeArrayPtrOfIndex(psa, rgIndices, &element);
	return FAILED(hr) ? hr : copy_element(psa, pv, element);
}

/* Strings and interfaces are passed as themselves, all else by address. */
TESSERA_EXPORT HRESULT
SafeArrayPutElement(SAFEARRAY *psa, LONG *rgIndices, void *pv)
{
	void *element;
	char copy[8];
	HRESULT hr = SafeArrayPtrOfIndex(psa, rgIndices, &element);

	if (FAILED(hr))
		return hr;
	if ((psa->fFeatures & FADF_BSTR) != 0 || holds_interfaces(psa))
		hr = copy_element(psa, copy, &pv);
	else if (pv != NULL)
		hr = copy_element(psa, copy, pv);
	else
		hr = E_INVALIDARG;
	if (FAILED(hr))
		return hr;
	/* After the copy, which may be of the very same value. */
	clear_element(psa, element);
	memcpy(element, copy, psa->cbElements);
	return S_OK;
}
