/* SPDX-License-Identifier: BSD-2-Clause */
/* What the elements of an array own, and its copying and ending. */
#include <string.h>

#include "runtime/safearray.h"

void
safearray_clear_element(SAFEARRAY *psa, char *element)
{
	IRecordInfo *info = safearray_record_info(psa);

	if ((psa->fFeatures & FADF_BSTR) != 0) {
		SysFreeString(*(BSTR *)(void *)element);
	} else if ((psa->fFeatures & FADF_VARIANT) != 0) {
		(void)VariantClear((VARIANT *)(void *)element);
	} else if (info != NULL) {
		(void)info->lpVtbl->RecordClear(info, element);
	} else if (safearray_holds_interfaces(psa)) {
		IUnknown *unknown = *(IUnknown **)(void *)element;

		if (unknown != NULL)
			unknown->lpVtbl->Release(unknown);
	}
	memset(element, 0, psa->cbElements);
}

void
safearray_clear_elements(SAFEARRAY *psa, ULONG from, ULONG to)
{
	for (ULONG i = from; i < to; i++)
		safearray_clear_element(psa, safearray_element(psa, i));
}

static HRESULT
copy_string(BSTR *to, BSTR from)
{
	*to = NULL;
	if (from == NULL)
		return S_OK;
	*to = SysAllocStringByteLen((LPCSTR)(void *)from, SysStringByteLen(from));
	return *to != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT
copy_record(IRecordInfo *info, void *to, const void *from)
{
	HRESULT hr = info->lpVtbl->RecordInit(info, to);

	/* The interface's own type says that it may change the source; it does not. */
	return SUCCEEDED(hr) ? info->lpVtbl->RecordCopy(info, (PVOID)(uintptr_t)from, to) : hr;
}

HRESULT
safearray_copy_element(SAFEARRAY *psa, void *to, const void *from)
{
	IRecordInfo *info = safearray_record_info(psa);

	if ((psa->fFeatures & FADF_BSTR) != 0)
		return copy_string(to, *(BSTR const *)from);
	if ((psa->fFeatures & FADF_VARIANT) != 0)
		return VariantCopy(to, from);
	if (info != NULL)
		return copy_record(info, to, from);
	if (safearray_holds_interfaces(psa)) {
		IUnknown *unknown = *(IUnknown *const *)from;

		if (unknown != NULL)
			unknown->lpVtbl->AddRef(unknown);
	}
	memcpy(to, from, psa->cbElements);
	return S_OK;
}
