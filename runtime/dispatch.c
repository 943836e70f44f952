/* SPDX-License-Identifier: BSD-2-Clause */
/* IDispatch of objects that have no type information. */
#include <tessera_class.h>

#include "runtime/export.h"

/* An object of the class helper may claim error objects for all its interfaces. */
static HRESULT
not_by_name(void)
{
	return tessera_error(E_NOTIMPL, &IID_IDispatch, NULL,
	    "the object has no type information and cannot be called by name; use its other "
	    "interfaces");
}

TESSERA_EXPORT HRESULT
tessera_dispatch_get_type_info_count(void *This, UINT *pctinfo)
{
	(void)This;
	if (pctinfo == NULL)
		return E_POINTER;
	*pctinfo = 0;
	return S_OK;
}

TESSERA_EXPORT HRESULT
tessera_dispatch_get_type_info(void *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo)
{
	(void)This;
	(void)iTInfo;
	(void)lcid;
	if (ppTInfo == NULL)
		return E_POINTER;
	*ppTInfo = NULL;
	return not_by_name();
}

TESSERA_EXPORT HRESULT
tessera_dispatch_get_ids_of_names(
    void *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames, LCID lcid, DISPID *rgDispId)
{
	(void)This;
	(void)riid;
	(void)rgszNames;
	(void)cNames;
	(void)lcid;
	(void)rgDispId;
	return not_by_name();
}

TESSERA_EXPORT HRESULT
tessera_dispatch_invoke(void *This, DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
    DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr)
{
	(void)This;
	(void)dispIdMember;
	(void)riid;
	(void)lcid;
	(void)wFlags;
	(void)pDispParams;
	(void)puArgErr;
	if (pVarResult != NULL)
		*pVarResult = (VARIANT){ 0 };
	if (pExcepInfo != NULL)
		*pExcepInfo = (EXCEPINFO){ 0 };
	return not_by_name();
}
