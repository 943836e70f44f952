/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Automation types: counted strings, arrays of one dimension, error objects.
 * Everything here may be called from any thread; one string or array by one thread at a time.
 */
#ifndef OLEAUTO_H
#define OLEAUTO_H

#include <objbase.h>

#include <oaidl.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * BSTR: UTF-16 units, a 32-bit byte length before them, two zero bytes after. NULL equals empty.
 * Allocated and freed only by these functions. NULL result: no memory (or NULL given).
 */
BSTR SysAllocString(const OLECHAR *psz);
/* ui units, copied from strIn, uninitialised when it is NULL; terminated. */
BSTR SysAllocStringLen(const OLECHAR *strIn, UINT ui);
/* len bytes, copied from psz, uninitialised when it is NULL; terminated by two zero bytes. */
BSTR SysAllocStringByteLen(LPCSTR psz, UINT len);
/* Replaces *pbstr; FALSE: no memory, *pbstr as before. */
INT SysReAllocString(BSTR *pbstr, const OLECHAR *psz);
INT SysReAllocStringLen(BSTR *pbstr, const OLECHAR *psz, UINT len);
void SysFreeString(BSTR bstrString);
/* Length in units; 0 for NULL. */
UINT SysStringLen(BSTR bstr);
/* Length in bytes; 0 for NULL. */
UINT SysStringByteLen(BSTR bstr);

/*
 * SAFEARRAY, one dimension. Element types: VT_I1 to VT_UI8, VT_INT, VT_UINT, VT_R4, VT_R8, VT_BOOL,
 * VT_ERROR, VT_CY, VT_DATE, VT_BSTR, VT_UNKNOWN, VT_DISPATCH. Others, and more dimensions: NULL.
 */
SAFEARRAY *SafeArrayCreate(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound);
SAFEARRAY *SafeArrayCreateVector(VARTYPE vt, LONG lLbound, ULONG cElements);
/* Frees elements and array. NULL is fine. DISP_E_ARRAYISLOCKED. */
HRESULT SafeArrayDestroy(SAFEARRAY *psa);
/* A deep copy: strings copied, interfaces referenced. */
HRESULT SafeArrayCopy(SAFEARRAY *psa, SAFEARRAY **ppsaOut);
/* New bounds for the dimension; added elements are zero, dropped ones released. */
HRESULT SafeArrayRedim(SAFEARRAY *psa, SAFEARRAYBOUND *psaboundNew);
UINT SafeArrayGetDim(SAFEARRAY *psa);
UINT SafeArrayGetElemsize(SAFEARRAY *psa);
/* nDim counts from 1. DISP_E_BADINDEX. */
HRESULT SafeArrayGetLBound(SAFEARRAY *psa, UINT nDim, LONG *plLbound);
HRESULT SafeArrayGetUBound(SAFEARRAY *psa, UINT nDim, LONG *plUbound);
HRESULT SafeArrayGetVartype(SAFEARRAY *psa, VARTYPE *pvt);
/* Locks count. Unlocking below zero: E_UNEXPECTED. */
HRESULT SafeArrayLock(SAFEARRAY *psa);
HRESULT SafeArrayUnlock(SAFEARRAY *psa);
/* The elements' address, locked until SafeArrayUnaccessData. */
HRESULT SafeArrayAccessData(SAFEARRAY *psa, void **ppvData);
HRESULT SafeArrayUnaccessData(SAFEARRAY *psa);
/* Copies one element out (strings copied, interfaces referenced) or in. DISP_E_BADINDEX. */
HRESULT SafeArrayGetElement(SAFEARRAY *psa, LONG *rgIndices, void *pv);
HRESULT SafeArrayPutElement(SAFEARRAY *psa, LONG *rgIndices, void *pv);
HRESULT SafeArrayPtrOfIndex(SAFEARRAY *psa, LONG *rgIndices, void **ppvData);

/*
 * The thread's error object. SetErrorInfo keeps perrinfo (NULL clears); GetErrorInfo hands it over
 * and clears: S_OK, or S_FALSE and NULL. dwReserved is 0, else E_INVALIDARG. Released at the
 * thread's end.
 */
HRESULT SetErrorInfo(ULONG dwReserved, IErrorInfo *perrinfo);
HRESULT GetErrorInfo(ULONG dwReserved, IErrorInfo **pperrinfo);
/* An empty error object; it answers IErrorInfo too. */
HRESULT CreateErrorInfo(ICreateErrorInfo **pperrinfo);

#ifdef __cplusplus
}
#endif

#endif
