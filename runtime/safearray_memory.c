/* SPDX-License-Identifier: BSD-2-Clause */
/* Making, copying, resizing and ending arrays of one dimension. */
#include <stdlib.h>
#include <string.h>

#include "runtime/export.h"
#include "runtime/safearray.h"
#include "runtime/variant_type.h"

static USHORT
features_of(VARTYPE vt)
{
	switch (vt) {
	case VT_BSTR:
		return FADF_HAVEVARTYPE | FADF_BSTR;
	case VT_VARIANT:
		return FADF_HAVEVARTYPE | FADF_VARIANT;
	case VT_UNKNOWN:
		return FADF_HAVEIID | FADF_UNKNOWN;
	case VT_DISPATCH:
		return FADF_HAVEIID | FADF_DISPATCH;
	case VT_RECORD:
		return FADF_RECORD;
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
	return calloc(count != 0 ? count : 1, size != 0 ? size : 1);
}

static SAFEARRAY *
allocate_descriptor(void)
{
	struct safearray *array = calloc(1, sizeof *array);

	if (array == NULL)
		return NULL;
	array->public.cDims = 1;
	return &array->public;
}

/* What makes it an array of that type. VT_RECORD has neither size nor description yet. */
static void
set_type(SAFEARRAY *psa, VARTYPE vt)
{
	struct safearray *array = safearray_of(psa);

	psa->cbElements = variant_type_size(vt);
	psa->fFeatures = features_of(vt);
	if (vt == VT_UNKNOWN)
		array->hidden.iid = IID_IUnknown;
	else if (vt == VT_DISPATCH)
		array->hidden.iid = IID_IDispatch;
	else if (vt != VT_RECORD)
		array->hidden.words[3] = vt;
}

static HRESULT
set_extra(SAFEARRAY *psa, VARTYPE vt, void *extra)
{
	HRESULT hr;

	if (vt == VT_RECORD) {
		IRecordInfo *info = extra;

		if (info == NULL)
			return E_INVALIDARG;
		hr = SafeArraySetRecordInfo(psa, info);
		return SUCCEEDED(hr) ? info->lpVtbl->GetSize(info, &psa->cbElements) : hr;
	}
	if ((vt == VT_UNKNOWN || vt == VT_DISPATCH) && extra != NULL)
		safearray_of(psa)->hidden.iid = *(const IID *)extra;
	return S_OK;
}

static SAFEARRAY *
create(VARTYPE vt, const SAFEARRAYBOUND *bounds, USHORT more_features, void *extra)
{
	SAFEARRAY *psa;

	if (variant_type_size(vt) == 0 && vt != VT_RECORD)
		return NULL;
	psa = allocate_descriptor();
	if (psa == NULL)
		return NULL;
	set_type(psa, vt);
	psa->fFeatures |= more_features;
	psa->rgsabound[0] = *bounds;
	if (FAILED(set_extra(psa, vt, extra)) || FAILED(SafeArrayAllocData(psa))) {
		SafeArrayDestroyDescriptor(psa);
		return NULL; /* NOLINT(clang-analyzer-unix.Malloc): nobody has locked it */
	}
	return psa;
}

TESSERA_EXPORT SAFEARRAY *
SafeArrayCreateEx(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound, PVOID pvExtra)
{
	if (cDims != 1 || rgsabound == NULL)
		return NULL;
	return create(vt, rgsabound, 0, pvExtra);
}

TESSERA_EXPORT SAFEARRAY *
SafeArrayCreate(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound)
{
	return SafeArrayCreateEx(vt, cDims, rgsabound, NULL);
}

TESSERA_EXPORT SAFEARRAY *
SafeArrayCreateVectorEx(VARTYPE vt, LONG lLbound, ULONG cElements, PVOID pvExtra)
{
	SAFEARRAYBOUND bounds = { .cElements = cElements, .lLbound = lLbound };

	return create(vt, &bounds, FADF_CREATEVECTOR, pvExtra);
}

TESSERA_EXPORT SAFEARRAY *
SafeArrayCreateVector(VARTYPE vt, LONG lLbound, ULONG cElements)
{
	return SafeArrayCreateVectorEx(vt, lLbound, cElements, NULL);
}

TESSERA_EXPORT HRESULT
SafeArrayAllocDescriptor(UINT cDims, SAFEARRAY **ppsaOut)
{
	if (ppsaOut == NULL)
		return E_POINTER;
	*ppsaOut = NULL;
	if (cDims != 1)
		return E_INVALIDARG;
	*ppsaOut = allocate_descriptor();
	return *ppsaOut != NULL ? S_OK : E_OUTOFMEMORY;
}

TESSERA_EXPORT HRESULT
SafeArrayAllocDescriptorEx(VARTYPE vt, UINT cDims, SAFEARRAY **ppsaOut)
{
	HRESULT hr;

	if (ppsaOut == NULL)
		return E_POINTER;
	*ppsaOut = NULL;
	if (variant_type_size(vt) == 0 && vt != VT_RECORD)
		return E_INVALIDARG;
	hr = SafeArrayAllocDescriptor(cDims, ppsaOut);
	if (SUCCEEDED(hr))
		set_type(*ppsaOut, vt);
	return hr;
}

TESSERA_EXPORT HRESULT
SafeArrayAllocData(SAFEARRAY *psa)
{
	if (!safearray_is_usable(psa) || psa->pvData != NULL ||
	    !bounds_fit(psa->rgsabound, psa->cbElements))
		return E_INVALIDARG;
	psa->pvData = allocate_elements(psa->rgsabound[0].cElements, psa->cbElements);
	return psa->pvData != NULL ? S_OK : E_OUTOFMEMORY;
}

TESSERA_EXPORT HRESULT
SafeArrayDestroyData(SAFEARRAY *psa)
{
	if (!safearray_is_usable(psa))
		return E_INVALIDARG;
	if (psa->cLocks != 0)
		return DISP_E_ARRAYISLOCKED;
	if (psa->pvData == NULL)
		return S_OK;
	safearray_clear_elements(psa, 0, psa->rgsabound[0].cElements);
	if ((psa->fFeatures & (FADF_STATIC | FADF_EMBEDDED | FADF_AUTO)) != 0)
		return S_OK;
	free(psa->pvData);
	psa->pvData = NULL;
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayDestroyDescriptor(SAFEARRAY *psa)
{
	IRecordInfo *info;

	if (psa == NULL)
		return S_OK;
	if (!safearray_is_usable(psa))
		return E_INVALIDARG;
	if (psa->cLocks != 0)
		return DISP_E_ARRAYISLOCKED;
	info = safearray_record_info(psa);
	if (info != NULL)
		info->lpVtbl->Release(info);
	free(safearray_of(psa));
	return S_OK;
}

TESSERA_EXPORT HRESULT
SafeArrayDestroy(SAFEARRAY *psa)
{
	HRESULT hr;

	if (psa == NULL)
		return S_OK;
	hr = SafeArrayDestroyData(psa);
	return SUCCEEDED(hr) ? SafeArrayDestroyDescriptor(psa) : hr;
}

static HRESULT
copy_elements(SAFEARRAY *from, SAFEARRAY *to)
{
	for (ULONG i = 0; i < from->rgsabound[0].cElements; i++) {
		HRESULT hr = safearray_copy_element(
		    from, safearray_element(to, i), safearray_element(from, i));

		if (FAILED(hr))
			return hr;
	}
	return S_OK;
}

/* A new array of the same kind without elements' values. NULL: no memory. */
static SAFEARRAY *
create_like(SAFEARRAY *psa)
{
	/* Where the elements of the first one lie says nothing about the second. */
	const USHORT place = FADF_AUTO | FADF_STATIC | FADF_EMBEDDED | FADF_FIXEDSIZE;
	SAFEARRAY *like = allocate_descriptor();
	IRecordInfo *info;

	if (like == NULL)
		return NULL;
	like->fFeatures = psa->fFeatures & (USHORT)~place;
	like->cbElements = psa->cbElements;
	like->rgsabound[0] = psa->rgsabound[0];
	safearray_of(like)->hidden = safearray_of(psa)->hidden;
	info = safearray_record_info(like);
	if (info != NULL)
		info->lpVtbl->AddRef(info);
	if (SUCCEEDED(SafeArrayAllocData(like)))
		return like;
	SafeArrayDestroyDescriptor(like);
	return NULL; /* NOLINT(clang-analyzer-unix.Malloc): nobody has locked it */
}

TESSERA_EXPORT HRESULT
SafeArrayCopy(SAFEARRAY *psa, SAFEARRAY **ppsaOut)
{
	SAFEARRAY *copy;
	HRESULT hr;

	if (ppsaOut == NULL)
		return E_INVALIDARG;
	*ppsaOut = NULL;
	if (psa == NULL)
		return S_OK;
	if (!safearray_is_usable(psa) || psa->pvData == NULL)
		return E_INVALIDARG;
	copy = create_like(psa);
	if (copy == NULL)
		return E_OUTOFMEMORY;
	hr = copy_elements(psa, copy);
	if (FAILED(hr)) {
		SafeArrayDestroy(copy);
		return hr; /* NOLINT(clang-analyzer-unix.Malloc): nobody has locked the copy */
	}
	*ppsaOut = copy;
	return S_OK;
}

/* Whether an element of one can be copied into the other. */
static bool
is_same_kind(SAFEARRAY *a, SAFEARRAY *b)
{
	const USHORT kind = FADF_BSTR | FADF_VARIANT | FADF_UNKNOWN | FADF_DISPATCH | FADF_RECORD;

	return a->cbElements == b->cbElements &&
	    a->rgsabound[0].cElements == b->rgsabound[0].cElements &&
	    (a->fFeatures & kind) == (b->fFeatures & kind) &&
	    safearray_record_info(a) == safearray_record_info(b);
}

TESSERA_EXPORT HRESULT
SafeArrayCopyData(SAFEARRAY *psaSource, SAFEARRAY *psaTarget)
{
	SAFEARRAY *copy;
	void *old;
	HRESULT hr;

	if (!safearray_is_usable(psaSource) || !safearray_is_usable(psaTarget) ||
	    psaSource->pvData == NULL || psaTarget->pvData == NULL ||
	    !is_same_kind(psaSource, psaTarget))
		return E_INVALIDARG;
	if (psaSource == psaTarget)
		return S_OK;
	/* All or nothing; and what the target holds may be all that keeps the source's alive. */
	hr = SafeArrayCopy(psaSource, &copy);
	if (FAILED(hr))
		return hr;
	for (ULONG i = 0; i < copy->rgsabound[0].cElements; i++) {
		char *element = safearray_element(psaTarget, i);

		safearray_clear_element(psaTarget, element);
		memcpy(element, safearray_element(copy, i), copy->cbElements);
	}
	old = copy->pvData;
	copy->pvData = NULL;
	free(old);
	return SafeArrayDestroyDescriptor(copy); /* NOLINT(clang-analyzer-unix.Malloc): as above */
}

TESSERA_EXPORT HRESULT
SafeArrayRedim(SAFEARRAY *psa, SAFEARRAYBOUND *psaboundNew)
{
	const USHORT fixed = FADF_FIXEDSIZE | FADF_STATIC | FADF_EMBEDDED | FADF_AUTO;
	ULONG old, kept;
	void *data;

	if (!safearray_is_usable(psa) || psa->pvData == NULL || psaboundNew == NULL ||
	    !bounds_fit(psaboundNew, psa->cbElements))
		return E_INVALIDARG;
	if (psa->cLocks != 0 || (psa->fFeatures & fixed) != 0)
		return DISP_E_ARRAYISLOCKED;
	data = allocate_elements(psaboundNew->cElements, psa->cbElements);
	if (data == NULL)
		return E_OUTOFMEMORY;
	old = psa->rgsabound[0].cElements;
	kept = old < psaboundNew->cElements ? old : psaboundNew->cElements;
	safearray_clear_elements(psa, kept, old);
	memcpy(data, psa->pvData, (size_t)kept * psa->cbElements);
	free(psa->pvData);
	psa->pvData = data;
	psa->rgsabound[0] = *psaboundNew;
	return S_OK;
}
