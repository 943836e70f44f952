/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Automation types: counted strings, tagged values, arrays of one dimension, error objects.
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
 * VARIANT. V_VT is its type, V_I4 and so on its value; with VT_BYREF the value is a pointer to it.
 */
#ifdef NONAMELESSUNION
#define V_VT(X) ((X)->n1.n2.vt)
#define V_UNION(X, member) ((X)->n1.n2.n3.member)
#define V_DECIMAL(X) ((X)->n1.decVal)
#else
#define V_VT(X) ((X)->vt)
#define V_UNION(X, member) ((X)->member)
#define V_DECIMAL(X) ((X)->decVal)
#endif
#define V_ISBYREF(X) ((V_VT(X) & VT_BYREF) != 0)
#define V_ISARRAY(X) ((V_VT(X) & VT_ARRAY) != 0)
#define V_I1(X) V_UNION(X, cVal)
#define V_UI1(X) V_UNION(X, bVal)
#define V_I2(X) V_UNION(X, iVal)
#define V_UI2(X) V_UNION(X, uiVal)
#define V_I4(X) V_UNION(X, lVal)
#define V_UI4(X) V_UNION(X, ulVal)
#define V_I8(X) V_UNION(X, llVal)
#define V_UI8(X) V_UNION(X, ullVal)
#define V_INT(X) V_UNION(X, intVal)
#define V_UINT(X) V_UNION(X, uintVal)
#define V_R4(X) V_UNION(X, fltVal)
#define V_R8(X) V_UNION(X, dblVal)
#define V_BOOL(X) V_UNION(X, boolVal)
#define V_ERROR(X) V_UNION(X, scode)
#define V_CY(X) V_UNION(X, cyVal)
#define V_DATE(X) V_UNION(X, date)
#define V_BSTR(X) V_UNION(X, bstrVal)
#define V_UNKNOWN(X) V_UNION(X, punkVal)
#define V_DISPATCH(X) V_UNION(X, pdispVal)
#define V_ARRAY(X) V_UNION(X, parray)
#define V_BYREF(X) V_UNION(X, byref)
#define V_VARIANTREF(X) V_UNION(X, pvarVal)
#define V_I1REF(X) V_UNION(X, pcVal)
#define V_UI1REF(X) V_UNION(X, pbVal)
#define V_I2REF(X) V_UNION(X, piVal)
#define V_UI2REF(X) V_UNION(X, puiVal)
#define V_I4REF(X) V_UNION(X, plVal)
#define V_UI4REF(X) V_UNION(X, pulVal)
#define V_I8REF(X) V_UNION(X, pllVal)
#define V_UI8REF(X) V_UNION(X, pullVal)
#define V_INTREF(X) V_UNION(X, pintVal)
#define V_UINTREF(X) V_UNION(X, puintVal)
#define V_R4REF(X) V_UNION(X, pfltVal)
#define V_R8REF(X) V_UNION(X, pdblVal)
#define V_BOOLREF(X) V_UNION(X, pboolVal)
#define V_ERRORREF(X) V_UNION(X, pscode)
#define V_CYREF(X) V_UNION(X, pcyVal)
#define V_DATEREF(X) V_UNION(X, pdate)
#define V_BSTRREF(X) V_UNION(X, pbstrVal)
#define V_UNKNOWNREF(X) V_UNION(X, ppunkVal)
#define V_DISPATCHREF(X) V_UNION(X, ppdispVal)
#define V_ARRAYREF(X) V_UNION(X, pparray)
#define V_DECIMALREF(X) V_UNION(X, pdecVal)
#define V_RECORD(X) V_UNION(X, brecVal.pvRecord)
#define V_RECORDINFO(X) V_UNION(X, brecVal.pRecInfo)

/* Makes it VT_EMPTY, whatever it held. */
void VariantInit(VARIANTARG *pvarg);
/*
 * VariantClear: frees what it owns (string, interface, array, record; nothing behind a VT_BYREF)
 * and makes it VT_EMPTY. DISP_E_BADVARTYPE; DISP_E_ARRAYISLOCKED, then it stays as it was.
 */
HRESULT VariantClear(VARIANTARG *pvarg);
/*
 * VariantCopy: clears *pvargDest and makes it a copy: strings, arrays and records copied,
 * interfaces referenced; a VT_BYREF stays one, to the same place. On failure *pvargDest is as it
 * was. DISP_E_BADVARTYPE; DISP_E_ARRAYISLOCKED: what is in the destination; E_OUTOFMEMORY.
 */
HRESULT VariantCopy(VARIANTARG *pvargDest, const VARIANTARG *pvargSrc);
/* VariantCopyInd: the same, of the value that a VT_BYREF leads to. E_INVALIDARG: to nothing. */
HRESULT VariantCopyInd(VARIANT *pvarDest, const VARIANTARG *pvargSrc);

#define VARIANT_NOVALUEPROP 0x01 /* an object's default property is not asked for */
#define VARIANT_ALPHABOOL 0x02   /* VT_BOOL to text: "True" and "False", not "-1" and "0" */
#define VARIANT_NOUSEROVERRIDE 0x04
#define VARIANT_LOCALBOOL 0x10 /* as VARIANT_ALPHABOOL: there is one language */

#define LOCALE_NEUTRAL ((LCID)0x0000)
#define LOCALE_INVARIANT ((LCID)0x007F)
#define LOCALE_USER_DEFAULT ((LCID)0x0400)
#define LOCALE_SYSTEM_DEFAULT ((LCID)0x0800)
#define LOCALE_US_ENGLISH ((LCID)0x0409)

/*
 * VariantChangeType: *pvargDest becomes the value of *pvarSrc, which may be the same VARIANT, as a
 * vt.
 *
 * Between VT_I1 to VT_UI8, VT_INT, VT_UINT, VT_R4, VT_R8, VT_CY, VT_DECIMAL, VT_DATE, VT_BOOL and
 * VT_BSTR every way; from VT_EMPTY to any of them and to VT_ERROR (zero, false, ""); between
 * VT_UNKNOWN and VT_DISPATCH by QueryInterface; from VT_DISPATCH by its default property. A real
 * becomes an integer by rounding half to even. TRUE is -1, all ones where there is no sign. Text of
 * numbers: blanks around it, sign, digits, point, exponent (E or D); &H and &O for base 16 and 8.
 * Reals become text with 15 digits (VT_R4: 7). Dates: "2000-01-02 15:04:05", read also as "1/2/2000
 * 3:04:05 PM".
 *
 * @lcid: one of those above, and all of them mean the neutral locale
 *
 * Returns S_OK; DISP_E_TYPEMISMATCH: there is no such way, or the text says no such value;
 * DISP_E_OVERFLOW: the value has no place in vt; DISP_E_BADVARTYPE; DISP_E_UNKNOWNLCID;
 * DISP_E_ARRAYISLOCKED; E_OUTOFMEMORY. On failure *pvargDest is as it was.
 */
HRESULT
VariantChangeType(VARIANTARG *pvargDest, const VARIANTARG *pvarSrc, USHORT wFlags, VARTYPE vt);
HRESULT VariantChangeTypeEx(
    VARIANTARG *pvargDest, const VARIANTARG *pvarSrc, LCID lcid, USHORT wFlags, VARTYPE vt);

/* A DATE is local time, in whole seconds here. FALSE: no such day, or not of the years 100 to 9999.
 */
INT SystemTimeToVariantTime(SYSTEMTIME *lpSystemTime, DATE *pvtime);
INT VariantTimeToSystemTime(DOUBLE vtime, SYSTEMTIME *lpSystemTime);

/*
 * SAFEARRAY, one dimension. Elements: every type a VARIANT may hold except VT_EMPTY and VT_NULL,
 * and VT_VARIANT; VT_RECORD by the ...Ex functions with an IRecordInfo. Others, and more
 * dimensions: NULL.
 */
SAFEARRAY *SafeArrayCreate(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound);
SAFEARRAY *SafeArrayCreateVector(VARTYPE vt, LONG lLbound, ULONG cElements);
/*
 * pvExtra: for VT_RECORD the IRecordInfo (referenced), for VT_UNKNOWN and VT_DISPATCH the IID of
 * the elements (NULL: IID_IUnknown, IID_IDispatch), else ignored.
 */
SAFEARRAY *SafeArrayCreateEx(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound, PVOID pvExtra);
SAFEARRAY *SafeArrayCreateVectorEx(VARTYPE vt, LONG lLbound, ULONG cElements, PVOID pvExtra);
/*
 * In steps: a descriptor, its bounds written by the caller into rgsabound, then room for the
 * elements, all zero. SafeArrayAllocDescriptor makes one without a type, whose elements
 * (cbElements, written by the caller, bytes each) are plain bytes. E_INVALIDARG: more dimensions,
 * no such type.
 */
HRESULT SafeArrayAllocDescriptor(UINT cDims, SAFEARRAY **ppsaOut);
HRESULT SafeArrayAllocDescriptorEx(VARTYPE vt, UINT cDims, SAFEARRAY **ppsaOut);
HRESULT SafeArrayAllocData(SAFEARRAY *psa);
/* Frees elements and array. NULL is fine. DISP_E_ARRAYISLOCKED. */
HRESULT SafeArrayDestroy(SAFEARRAY *psa);
/*
 * Half of that: elements ended and their room freed, or, with FADF_STATIC or FADF_EMBEDDED, left as
 * zeros because it is not the array's; then the descriptor. DISP_E_ARRAYISLOCKED.
 */
HRESULT SafeArrayDestroyData(SAFEARRAY *psa);
HRESULT SafeArrayDestroyDescriptor(SAFEARRAY *psa);
/* A deep copy: strings, variants and records copied, interfaces referenced. */
HRESULT SafeArrayCopy(SAFEARRAY *psa, SAFEARRAY **ppsaOut);
/* The same into an array of the same type and number of elements. E_INVALIDARG. */
HRESULT SafeArrayCopyData(SAFEARRAY *psaSource, SAFEARRAY *psaTarget);
/* New bounds for the dimension; added elements are zero, dropped ones released. */
HRESULT SafeArrayRedim(SAFEARRAY *psa, SAFEARRAYBOUND *psaboundNew);
UINT SafeArrayGetDim(SAFEARRAY *psa);
UINT SafeArrayGetElemsize(SAFEARRAY *psa);
/* nDim counts from 1. DISP_E_BADINDEX. */
HRESULT SafeArrayGetLBound(SAFEARRAY *psa, UINT nDim, LONG *plLbound);
HRESULT SafeArrayGetUBound(SAFEARRAY *psa, UINT nDim, LONG *plUbound);
/* E_INVALIDARG: an array without a type. */
HRESULT SafeArrayGetVartype(SAFEARRAY *psa, VARTYPE *pvt);
/* The interface of the elements. E_INVALIDARG: it has none. */
HRESULT SafeArrayGetIID(SAFEARRAY *psa, GUID *pguid);
HRESULT SafeArraySetIID(SAFEARRAY *psa, REFGUID guid);
/* The record's description, one reference; E_INVALIDARG: not an array of records. */
HRESULT SafeArrayGetRecordInfo(SAFEARRAY *psa, IRecordInfo **prinfo);
HRESULT SafeArraySetRecordInfo(SAFEARRAY *psa, IRecordInfo *prinfo);
/* Locks count. Unlocking below zero: E_UNEXPECTED. */
HRESULT SafeArrayLock(SAFEARRAY *psa);
HRESULT SafeArrayUnlock(SAFEARRAY *psa);
/* The elements' address, locked until SafeArrayUnaccessData. */
HRESULT SafeArrayAccessData(SAFEARRAY *psa, void **ppvData);
HRESULT SafeArrayUnaccessData(SAFEARRAY *psa);
/*
 * Copies one element out (strings copied, interfaces referenced) or in. @pv: the element's address;
 * to put a string or an interface, the BSTR or pointer itself. DISP_E_BADINDEX.
 */
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
