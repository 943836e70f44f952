/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The types of the binary interface, with Windows's names and Windows's sizes on every platform:
 * LONG, DWORD and HRESULT have 32 bits whatever `long` is, a WCHAR is one UTF-16 unit.
 *
 * Sizes and layouts are ABI, and asserted here.
 */
#ifndef WTYPES_H
#define WTYPES_H

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <uchar.h>
#endif

#include <guiddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Scalars */
typedef uint8_t BYTE;
typedef uint8_t UCHAR;
typedef uint8_t UINT8;
typedef int8_t INT8;
typedef char CHAR;
typedef int16_t SHORT;
typedef int16_t INT16;
typedef uint16_t WORD;
typedef uint16_t USHORT;
typedef uint16_t UINT16;
typedef int32_t LONG;
typedef int32_t INT;
typedef int32_t INT32;
typedef int32_t BOOL;
typedef int32_t HRESULT;
typedef int32_t SCODE;
typedef uint32_t DWORD;
typedef uint32_t ULONG;
typedef uint32_t UINT;
typedef uint32_t UINT32;
typedef int64_t LONGLONG;
typedef int64_t INT64;
typedef uint64_t ULONGLONG;
typedef uint64_t UINT64;
typedef uint64_t DWORDLONG;
typedef float FLOAT;
typedef double DOUBLE;
typedef size_t SIZE_T;
typedef intptr_t LONG_PTR;
typedef intptr_t INT_PTR;
typedef uintptr_t ULONG_PTR;
typedef uintptr_t UINT_PTR;
typedef uintptr_t DWORD_PTR;
typedef char16_t WCHAR;
typedef char16_t OLECHAR;
typedef DWORD LCID;
typedef LONG DISPID;
typedef LONG MEMBERID;
typedef DWORD HREFTYPE;
typedef USHORT VARTYPE;
typedef SHORT VARIANT_BOOL;
typedef double DATE;
typedef DWORD *PDWORD;
typedef DWORD *LPDWORD;
typedef BYTE *PBYTE;
typedef BYTE *LPBYTE;
typedef const BYTE *LPCBYTE;
typedef WORD *LPWORD;
typedef LONG *LPLONG;
typedef BOOL *LPBOOL;
typedef void *PVOID;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef void *HANDLE;
typedef HANDLE HGLOBAL; /* a movable memory block: GlobalAlloc in <objbase.h> */
typedef HANDLE HWND;
typedef HANDLE HICON;
typedef CHAR *LPSTR;
typedef const CHAR *LPCSTR;
typedef WCHAR *LPWSTR;
typedef const WCHAR *LPCWSTR;
typedef OLECHAR *LPOLESTR;
typedef const OLECHAR *LPCOLESTR;
typedef OLECHAR *BSTR; /* counted string; SysAllocString and SysFreeString in <oleauto.h> */

#ifndef VOID
#define VOID void
#endif
#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif
#define VARIANT_TRUE ((VARIANT_BOOL)-1)
#define VARIANT_FALSE ((VARIANT_BOOL)0)

#ifndef INFINITE
#define INFINITE 0xFFFFFFFFu
#endif

/* UTF-16 literals: OLESTR("text"). Windows source writes L"text"; a wchar_t has 32 bits here. */
#define OLESTR(text) u##text

/*
 * Calling convention: the platform's own. IN and OUT are comments. STDAPI names exported functions.
 */
#define STDMETHODCALLTYPE
#define STDAPICALLTYPE
#define WINAPI
#define APIENTRY
#define CALLBACK
#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE
#ifndef IN
#define IN
#define OUT
#endif

/* Pieces of the headers that comidl writes. */
#ifdef __cplusplus
#define MIDL_INTERFACE(uuid_text) struct
#else
#define MIDL_INTERFACE(uuid_text) struct
#endif
#define BEGIN_INTERFACE
#define END_INTERFACE
#define CONST_VTBL const

/*
 * Members of nameless unions are written directly (v.vt, v.lVal), as in Windows source; a program
 * that defines NONAMELESSUNION, as old C does, writes the names n1, n2, n3 instead.
 */
#ifdef NONAMELESSUNION
#define TESSERA_NAMELESS
#define TESSERA_MEMBER_NAME(name) name
#else
#define TESSERA_NAMELESS __extension__
#define TESSERA_MEMBER_NAME(name)
#endif
#define __VARIANT_NAME_1 TESSERA_MEMBER_NAME(n1)
#define __VARIANT_NAME_2 TESSERA_MEMBER_NAME(n2)
#define __VARIANT_NAME_3 TESSERA_MEMBER_NAME(n3)

/* Two words of a 64-bit number; QuadPart is the whole. */
typedef union _LARGE_INTEGER {
#ifndef NONAMELESSUNION
	__extension__ struct {
		DWORD LowPart;
		LONG HighPart;
	};
#endif
	struct {
		DWORD LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER;

typedef union _ULARGE_INTEGER {
#ifndef NONAMELESSUNION
	__extension__ struct {
		DWORD LowPart;
		DWORD HighPart;
	};
#endif
	struct {
		DWORD LowPart;
		DWORD HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER;

/* 100 ns steps since 1601-01-01 UTC. */
typedef struct _FILETIME {
	DWORD dwLowDateTime;
	DWORD dwHighDateTime;
} FILETIME;
TESSERA_LAYOUT(FILETIME, 8, 4);
TESSERA_MEMBER_AT(FILETIME, dwLowDateTime, 0);
TESSERA_MEMBER_AT(FILETIME, dwHighDateTime, 4);

/* A moment by the calendar; wDayOfWeek 0 is Sunday. */
typedef struct _SYSTEMTIME {
	WORD wYear;
	WORD wMonth;
	WORD wDayOfWeek;
	WORD wDay;
	WORD wHour;
	WORD wMinute;
	WORD wSecond;
	WORD wMilliseconds;
} SYSTEMTIME, *LPSYSTEMTIME;

/* Currency, scaled by 10,000. */
typedef union tagCY {
#ifndef NONAMELESSUNION
	__extension__ struct {
		ULONG Lo;
		LONG Hi;
	};
#endif
	struct {
		ULONG Lo;
		LONG Hi;
	} s;
	LONGLONG int64;
} CY, CURRENCY;
TESSERA_LAYOUT(CY, 8, 8);
TESSERA_MEMBER_AT(CY, int64, 0);

/* 96-bit integer with sign (0x80: negative) and decimal scale. */
typedef struct tagDEC {
	USHORT wReserved;
	BYTE scale; /* at most 28 */
	BYTE sign;
	ULONG Hi32;
	ULONGLONG Lo64;
} DECIMAL, *LPDECIMAL;
TESSERA_LAYOUT(DECIMAL, 16, 8);
TESSERA_MEMBER_AT(DECIMAL, wReserved, 0);
TESSERA_MEMBER_AT(DECIMAL, scale, 2);
TESSERA_MEMBER_AT(DECIMAL, sign, 3);
TESSERA_MEMBER_AT(DECIMAL, Hi32, 4);
TESSERA_MEMBER_AT(DECIMAL, Lo64, 8);

/* VARTYPE numbers. Those from VT_VOID on, except the modifiers, never appear in a VARIANT. */
enum VARENUM {
	VT_EMPTY = 0,
	VT_NULL = 1,
	VT_I2 = 2,
	VT_I4 = 3,
	VT_R4 = 4,
	VT_R8 = 5,
	VT_CY = 6,
	VT_DATE = 7,
	VT_BSTR = 8,
	VT_DISPATCH = 9,
	VT_ERROR = 10,
	VT_BOOL = 11,
	VT_VARIANT = 12,
	VT_UNKNOWN = 13,
	VT_DECIMAL = 14,
	VT_I1 = 16,
	VT_UI1 = 17,
	VT_UI2 = 18,
	VT_UI4 = 19,
	VT_I8 = 20,
	VT_UI8 = 21,
	VT_INT = 22,
	VT_UINT = 23,
	VT_VOID = 24,
	VT_HRESULT = 25,
	VT_PTR = 26,
	VT_SAFEARRAY = 27,
	VT_CARRAY = 28,
	VT_USERDEFINED = 29,
	VT_LPSTR = 30,
	VT_LPWSTR = 31,
	VT_RECORD = 36,
	VT_INT_PTR = 37,
	VT_UINT_PTR = 38,
	VT_FILETIME = 64,
	VT_BLOB = 65,
	VT_STREAM = 66,
	VT_STORAGE = 67,
	VT_CLSID = 72,
	VT_VECTOR = 0x1000,
	VT_ARRAY = 0x2000,
	VT_BYREF = 0x4000,
	VT_TYPEMASK = 0xFFF
};

/* SAFEARRAY: functions in <oleauto.h>. rgsabound[0] is the last dimension. */
typedef struct tagSAFEARRAYBOUND {
	ULONG cElements;
	LONG lLbound;
} SAFEARRAYBOUND, *LPSAFEARRAYBOUND;
TESSERA_LAYOUT(SAFEARRAYBOUND, 8, 4);
TESSERA_MEMBER_AT(SAFEARRAYBOUND, cElements, 0);
TESSERA_MEMBER_AT(SAFEARRAYBOUND, lLbound, 4);

typedef struct tagSAFEARRAY {
	USHORT cDims;
	USHORT fFeatures;
	ULONG cbElements;
	ULONG cLocks;
	PVOID pvData;
	SAFEARRAYBOUND rgsabound[1];
} SAFEARRAY, *LPSAFEARRAY;
TESSERA_LAYOUT(SAFEARRAY, 32, 8);
TESSERA_MEMBER_AT(SAFEARRAY, cDims, 0);
TESSERA_MEMBER_AT(SAFEARRAY, fFeatures, 2);
TESSERA_MEMBER_AT(SAFEARRAY, cbElements, 4);
TESSERA_MEMBER_AT(SAFEARRAY, cLocks, 8);
TESSERA_MEMBER_AT(SAFEARRAY, pvData, 16);
TESSERA_MEMBER_AT(SAFEARRAY, rgsabound, 24);

#define FADF_AUTO 0x0001
#define FADF_STATIC 0x0002
#define FADF_EMBEDDED 0x0004
#define FADF_FIXEDSIZE 0x0010
#define FADF_RECORD 0x0020
#define FADF_HAVEIID 0x0040
#define FADF_HAVEVARTYPE 0x0080
#define FADF_BSTR 0x0100
#define FADF_UNKNOWN 0x0200
#define FADF_DISPATCH 0x0400
#define FADF_VARIANT 0x0800
#define FADF_CREATEVECTOR 0x2000

/* Where an interface goes, and how often it is taken there (IMarshal in <objidl.h>). */
typedef enum tagMSHCTX {
	MSHCTX_LOCAL = 0,
	MSHCTX_NOSHAREDMEM = 1,
	MSHCTX_DIFFERENTMACHINE = 2,
	MSHCTX_INPROC = 3,
	MSHCTX_CROSSCTX = 4
} MSHCTX;

typedef enum tagMSHLFLAGS {
	MSHLFLAGS_NORMAL = 0,
	MSHLFLAGS_TABLESTRONG = 1,
	MSHLFLAGS_TABLEWEAK = 2,
	MSHLFLAGS_NOPING = 4
} MSHLFLAGS;

#ifdef __cplusplus
}
#endif

/* VARIANT refers to interfaces; they are defined in the headers that comidl writes. */
#ifdef __cplusplus
struct IUnknown;
struct IDispatch;
struct IRecordInfo;
#else
typedef struct IUnknown IUnknown;
typedef struct IDispatch IDispatch;
typedef struct IRecordInfo IRecordInfo;
#endif

/* An object of a structure that type information describes: VT_RECORD. */
struct __tagBRECORD {
	PVOID pvRecord;
	IRecordInfo *pRecInfo;
};

/*
 * A tagged value, 24 bytes. vt says which member counts, with VT_BYREF one of the pointers; a
 * DECIMAL overlays the whole. Access by V_VT, V_I4 and their kin (<oleauto.h>) works in every form.
 */
typedef struct tagVARIANT VARIANT, VARIANTARG, *LPVARIANT, *LPVARIANTARG;
struct tagVARIANT {
	TESSERA_NAMELESS union {
		TESSERA_NAMELESS struct {
			VARTYPE vt;
			WORD wReserved1;
			WORD wReserved2;
			WORD wReserved3;
			TESSERA_NAMELESS union {
				LONGLONG llVal;
				LONG lVal;
				BYTE bVal;
				SHORT iVal;
				FLOAT fltVal;
				DOUBLE dblVal;
				VARIANT_BOOL boolVal;
				SCODE scode;
				CY cyVal;
				DATE date;
				BSTR bstrVal;
				IUnknown *punkVal;
				IDispatch *pdispVal;
				SAFEARRAY *parray;
				BYTE *pbVal;
				SHORT *piVal;
				LONG *plVal;
				LONGLONG *pllVal;
				FLOAT *pfltVal;
				DOUBLE *pdblVal;
				VARIANT_BOOL *pboolVal;
				SCODE *pscode;
				CY *pcyVal;
				DATE *pdate;
				BSTR *pbstrVal;
				IUnknown **ppunkVal;
				IDispatch **ppdispVal;
				SAFEARRAY **pparray;
				VARIANT *pvarVal;
				PVOID byref;
				CHAR cVal;
				USHORT uiVal;
				ULONG ulVal;
				ULONGLONG ullVal;
				INT intVal;
				UINT uintVal;
				DECIMAL *pdecVal;
				CHAR *pcVal;
				USHORT *puiVal;
				ULONG *pulVal;
				ULONGLONG *pullVal;
				INT *pintVal;
				UINT *puintVal;
				struct __tagBRECORD brecVal;
			} __VARIANT_NAME_3;
		} __VARIANT_NAME_2;
		DECIMAL decVal;
	} __VARIANT_NAME_1;
};
#ifdef NONAMELESSUNION
#define TESSERA_VARIANT_AT(member, offset) TESSERA_MEMBER_AT(VARIANT, n1.member, offset)
#define TESSERA_VARIANT_TAG n2.vt
#define TESSERA_VARIANT_VALUE n2.n3
#else
#define TESSERA_VARIANT_AT(member, offset) TESSERA_MEMBER_AT(VARIANT, member, offset)
#define TESSERA_VARIANT_TAG vt
#define TESSERA_VARIANT_VALUE llVal
#endif
TESSERA_LAYOUT(VARIANT, 24, 8);
TESSERA_VARIANT_AT(TESSERA_VARIANT_TAG, 0);
TESSERA_VARIANT_AT(TESSERA_VARIANT_VALUE, 8);
TESSERA_VARIANT_AT(decVal, 0);
#undef TESSERA_VARIANT_AT
#undef TESSERA_VARIANT_TAG
#undef TESSERA_VARIANT_VALUE

#endif
