/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking into arrays: dimension, bounds, type, locks, elements. */
#include <stdlib.h>
#include <string.h>

#include "runtime/export.h"
#include "runtime/safearray.h"

#define SAFEARRAY_LOCKS_MAX 0xFFFFu

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
	if (!safearray_is_usable(psa) || plLbound == NULL)
		return E_INVALIDARG;
	if (nDim != 1)
		return DISP_E_BADINDEX;
	*plLbound = psa->rgsabound[0].lLbound;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayGetUBound(SAFEARRAY *psa, UINT nDim, LONG *plUbound)
{
	if (!safearray_is_usable(psa) || plUbound == NULL)
		return E_INVALIDARG;
	if (nDim != 1)
		return DISP_E_BADINDEX;
	*plUbound = (LONG)((int64_t)psa->rgsabound[0].lLbound + psa->rgsabound[0].cElements - 1);
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayGetVartype(SAFEARRAY *psa, VARTYPE *pvt)
{
	if (!safearray_is_usable(psa) || pvt == NULL)
		return E_INVALIDARG;
	if ((psa->fFeatures & FADF_HAVEVARTYPE) != 0)
		*pvt = (VARTYPE)safearray_of(psa)->hidden.words[3];
	else if ((psa->fFeatures & FADF_DISPATCH) != 0)
		*pvt = VT_DISPATCH;
	else if ((psa->fFeatures & FADF_UNKNOWN) != 0)
		*pvt = VT_UNKNOWN;
	else if ((psa->fFeatures & FADF_RECORD) != 0)
		*pvt = VT_RECORD;
	else
		return E_INVALIDARG;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayGetIID(SAFEARRAY *psa, GUID *pguid)
{
	if (!safearray_is_usable(psa) || pguid == NULL || (psa->fFeatures & FADF_HAVEIID) == 0)
		return E_INVALIDARG;
	*pguid = safearray_of(psa)->hidden.iid;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArraySetIID(SAFEARRAY *psa, REFGUID guid)
{
	if (!safearray_is_usable(psa) || guid == NULL || (psa->fFeatures & FADF_HAVEIID) == 0)
		return E_INVALIDARG;
	safearray_of(psa)->hidden.iid = *guid;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayGetRecordInfo(SAFEARRAY *psa, IRecordInfo **prinfo)
{
	if (prinfo == NULL)
		return E_INVALIDARG;
	*prinfo = NULL;
	if (!safearray_is_usable(psa) || (psa->fFeatures & FADF_RECORD) == 0)
		return E_INVALIDARG;
	*prinfo = safearray_record_info(psa);
	if (*prinfo != NULL)
		(*prinfo)->lpVtbl->AddRef(*prinfo);
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArraySetRecordInfo(SAFEARRAY *psa, IRecordInfo *prinfo)
{
	IRecordInfo *old;

	if (!safearray_is_usable(psa) || (psa->fFeatures & FADF_RECORD) == 0)
		return E_INVALIDARG;
	old = safearray_record_info(psa);
	if (prinfo != NULL)
		prinfo->lpVtbl->AddRef(prinfo);
	safearray_of(psa)->hidden.record.info = prinfo;
	if (old != NULL)
		old->lpVtbl->Release(old);
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayLock(SAFEARRAY *psa)
{
	if (!safearray_is_usable(psa))
		return E_INVALIDARG;
	if (psa->cLocks >= SAFEARRAY_LOCKS_MAX)
		return E_UNEXPECTED;
	psa->cLocks++;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayUnlock(SAFEARRAY *psa)
{
	if (!safearray_is_usable(psa))
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
	if (!safearray_is_usable(psa) || psa->pvData == NULL || rgIndices == NULL)
		return E_INVALIDARG;
	place = (int64_t)rgIndices[0] - psa->rgsabound[0].lLbound;
	if (place < 0 || place >= psa->rgsabound[0].cElements)
		return DISP_E_BADINDEX;
	*ppvData = safearray_element(psa, (ULONG)place);
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
	return FAILED(hr) ? hr : safearray_copy_element(psa, pv, element);
}

/* Strings and interfaces are passed as themselves, all else by address. */
static HRESULT
put_element(SAFEARRAY *psa, char *element, void *value, char *copy)
{
	bool itself = (psa->fFeatures & FADF_BSTR) != 0 || safearray_holds_interfaces(psa);
	HRESULT hr;

	if (!itself && value == NULL)
		return E_INVALIDARG;
	hr = safearray_copy_element(psa, copy, itself ? (void *)&value : value);
	if (FAILED(hr))
		return hr;
	/* After the copy, which may be of the very same value. */
	safearray_clear_element(psa, element);
	memcpy(element, copy, psa->cbElements);
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayPutElement(SAFEARRAY *psa, LONG *rgIndices, void *pv)
{
	void *element;
	char *copy;
	HRESULT hr = SafeArrayPtrOfIndex(psa, rgIndices, &element);

	if (FAILED(hr))
		return hr;
	copy = calloc(1, psa->cbElements != 0 ? psa->cbElements : 1);
	if (copy == NULL)
		return E_OUTOFMEMORY;
	hr = put_element(psa, element, pv, copy);
	free(copy);
	return hr;
}
