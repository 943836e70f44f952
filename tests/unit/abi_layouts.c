/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sizes, alignments and offsets of everything that crosses the binary interface, from the published
 * tables. They are Windows's 64-bit ones, on every platform.
 */
#include <comcat.h>
#include <ocidl.h>
#include <oleauto.h>
#include <scardprov.h>
#include <winscard.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

#define SIGNED(type) ABI_FACT(((type)-1) < 0, 1)
#define UNSIGNED(type) ABI_FACT(((type)-1) > 0, 1)

static void
scalars(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(sizeof(BYTE), 1),
		ABI_FACT(sizeof(CHAR), 1),
		ABI_FACT(sizeof(WORD), 2),
		ABI_FACT(sizeof(USHORT), 2),
		ABI_FACT(sizeof(VARTYPE), 2),
		ABI_FACT(sizeof(VARIANT_BOOL), 2),
		ABI_FACT(sizeof(SHORT), 2),
		ABI_FACT(sizeof(OLECHAR), 2),
		ABI_FACT(sizeof(WCHAR), 2),
		ABI_FACT(sizeof(LONG), 4),
		ABI_FACT(sizeof(ULONG), 4),
		ABI_FACT(sizeof(DWORD), 4),
		ABI_FACT(sizeof(INT), 4),
		ABI_FACT(sizeof(UINT), 4),
		ABI_FACT(sizeof(BOOL), 4),
		ABI_FACT(sizeof(HRESULT), 4),
		ABI_FACT(sizeof(SCODE), 4),
		ABI_FACT(sizeof(LCID), 4),
		ABI_FACT(sizeof(DISPID), 4),
		ABI_FACT(sizeof(MEMBERID), 4),
		ABI_FACT(sizeof(HREFTYPE), 4),
		ABI_FACT(sizeof(LONGLONG), 8),
		ABI_FACT(sizeof(ULONGLONG), 8),
		ABI_FACT(sizeof(LARGE_INTEGER), 8),
		ABI_FACT(sizeof(ULARGE_INTEGER), 8),
		ABI_FACT(sizeof(CY), 8),
		ABI_FACT(sizeof(DATE), 8),
		ABI_FACT(sizeof(void *), 8),
		ABI_FACT(sizeof(SIZE_T), 8),
		ABI_FACT(sizeof(ULONG_PTR), 8),
		ABI_FACT(sizeof(INT_PTR), 8),
		ABI_FACT(sizeof(LONG_PTR), 8),
		ABI_FACT(sizeof(HANDLE), 8),
		ABI_FACT(sizeof(HGLOBAL), 8),
		ABI_FACT(sizeof(HWND), 8),
		ABI_FACT(sizeof(BSTR), 8),
		ABI_SAME_TYPE(OLECHAR, char16_t),
		ABI_SAME_TYPE(WCHAR, char16_t),
		UNSIGNED(BYTE),
		UNSIGNED(WORD),
		UNSIGNED(DWORD),
		UNSIGNED(ULONG),
		UNSIGNED(UINT),
		UNSIGNED(LCID),
		SIGNED(SHORT),
		SIGNED(VARIANT_BOOL),
		SIGNED(LONG),
		SIGNED(INT),
		SIGNED(BOOL),
		SIGNED(HRESULT),
		SIGNED(SCODE),
		SIGNED(DISPID),
		UNSIGNED(SIZE_T),
		UNSIGNED(ULONG_PTR),
		SIGNED(LONG_PTR),
		ABI_FACT((uint16_t)VARIANT_TRUE, 0xFFFF),
		ABI_FACT(VARIANT_FALSE, 0),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
identifiers(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(sizeof(GUID), 16),
		ABI_FACT(_Alignof(GUID), 4),
		ABI_FACT(offsetof(GUID, Data1), 0),
		ABI_FACT(offsetof(GUID, Data2), 4),
		ABI_FACT(offsetof(GUID, Data3), 6),
		ABI_FACT(offsetof(GUID, Data4), 8),
		ABI_FACT(sizeof(((GUID *)NULL)->Data4), 8),
		ABI_SAME_TYPE(IID, GUID),
		ABI_SAME_TYPE(CLSID, GUID),
		ABI_SAME_TYPE(UUID, GUID),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
numbers(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(_Alignof(CY), 8),
		ABI_FACT(offsetof(CY, int64), 0),
		ABI_FACT(sizeof(DECIMAL), 16),
		ABI_FACT(_Alignof(DECIMAL), 8),
		ABI_FACT(offsetof(DECIMAL, wReserved), 0),
		ABI_FACT(offsetof(DECIMAL, scale), 2),
		ABI_FACT(offsetof(DECIMAL, sign), 3),
		ABI_FACT(offsetof(DECIMAL, Hi32), 4),
		ABI_FACT(offsetof(DECIMAL, Lo64), 8),
		ABI_FACT(sizeof(FILETIME), 8),
		ABI_FACT(_Alignof(FILETIME), 4),
		ABI_FACT(offsetof(FILETIME, dwLowDateTime), 0),
		ABI_FACT(offsetof(FILETIME, dwHighDateTime), 4),
		ABI_FACT(offsetof(LARGE_INTEGER, u.LowPart), 0),
		ABI_FACT(offsetof(LARGE_INTEGER, u.HighPart), 4),
		ABI_FACT(offsetof(LARGE_INTEGER, QuadPart), 0),
		ABI_FACT(offsetof(ULARGE_INTEGER, u.HighPart), 4),
		ABI_FACT(offsetof(ULARGE_INTEGER, QuadPart), 0),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
automation(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(sizeof(VARIANT), 24),
		ABI_FACT(_Alignof(VARIANT), 8),
		ABI_FACT(offsetof(VARIANT, vt), 0),
		ABI_FACT(offsetof(VARIANT, wReserved1), 2),
		ABI_FACT(offsetof(VARIANT, wReserved2), 4),
		ABI_FACT(offsetof(VARIANT, wReserved3), 6),
		ABI_FACT(offsetof(VARIANT, llVal), 8),
		ABI_FACT(offsetof(VARIANT, bstrVal), 8),
		ABI_FACT(offsetof(VARIANT, brecVal.pvRecord), 8),
		ABI_FACT(offsetof(VARIANT, brecVal.pRecInfo), 16),
		ABI_FACT(offsetof(VARIANT, decVal), 0),
		ABI_FACT(sizeof(SYSTEMTIME), 16),
		ABI_FACT(offsetof(SYSTEMTIME, wMilliseconds), 14),
		ABI_FACT(sizeof(SAFEARRAYBOUND), 8),
		ABI_FACT(_Alignof(SAFEARRAYBOUND), 4),
		ABI_FACT(offsetof(SAFEARRAYBOUND, cElements), 0),
		ABI_FACT(offsetof(SAFEARRAYBOUND, lLbound), 4),
		ABI_FACT(sizeof(SAFEARRAY), 32),
		ABI_FACT(_Alignof(SAFEARRAY), 8),
		ABI_FACT(offsetof(SAFEARRAY, cDims), 0),
		ABI_FACT(offsetof(SAFEARRAY, fFeatures), 2),
		ABI_FACT(offsetof(SAFEARRAY, cbElements), 4),
		ABI_FACT(offsetof(SAFEARRAY, cLocks), 8),
		ABI_FACT(offsetof(SAFEARRAY, pvData), 16),
		ABI_FACT(offsetof(SAFEARRAY, rgsabound), 24),
		ABI_FACT(sizeof(DISPPARAMS), 24),
		ABI_FACT(_Alignof(DISPPARAMS), 8),
		ABI_FACT(offsetof(DISPPARAMS, rgvarg), 0),
		ABI_FACT(offsetof(DISPPARAMS, rgdispidNamedArgs), 8),
		ABI_FACT(offsetof(DISPPARAMS, cArgs), 16),
		ABI_FACT(offsetof(DISPPARAMS, cNamedArgs), 20),
		ABI_FACT(sizeof(EXCEPINFO), 64),
		ABI_FACT(_Alignof(EXCEPINFO), 8),
		ABI_FACT(offsetof(EXCEPINFO, wCode), 0),
		ABI_FACT(offsetof(EXCEPINFO, wReserved), 2),
		ABI_FACT(offsetof(EXCEPINFO, bstrSource), 8),
		ABI_FACT(offsetof(EXCEPINFO, bstrDescription), 16),
		ABI_FACT(offsetof(EXCEPINFO, bstrHelpFile), 24),
		ABI_FACT(offsetof(EXCEPINFO, dwHelpContext), 32),
		ABI_FACT(offsetof(EXCEPINFO, pvReserved), 40),
		ABI_FACT(offsetof(EXCEPINFO, pfnDeferredFillIn), 48),
		ABI_FACT(offsetof(EXCEPINFO, scode), 56),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
runtime(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(sizeof(CATEGORYINFO), 276),
		ABI_FACT(_Alignof(CATEGORYINFO), 4),
		ABI_FACT(offsetof(CATEGORYINFO, catid), 0),
		ABI_FACT(offsetof(CATEGORYINFO, lcid), 16),
		ABI_FACT(offsetof(CATEGORYINFO, szDescription), 20),
		ABI_FACT(sizeof(((CATEGORYINFO *)NULL)->szDescription), 256),
		ABI_FACT(sizeof(CONNECTDATA), 16),
		ABI_FACT(_Alignof(CONNECTDATA), 8),
		ABI_FACT(offsetof(CONNECTDATA, pUnk), 0),
		ABI_FACT(offsetof(CONNECTDATA, dwCookie), 8),
		ABI_FACT(sizeof(STATSTG), 80),
		ABI_FACT(_Alignof(STATSTG), 8),
		ABI_FACT(offsetof(STATSTG, pwcsName), 0),
		ABI_FACT(offsetof(STATSTG, type), 8),
		ABI_FACT(offsetof(STATSTG, cbSize), 16),
		ABI_FACT(offsetof(STATSTG, mtime), 24),
		ABI_FACT(offsetof(STATSTG, ctime), 32),
		ABI_FACT(offsetof(STATSTG, atime), 40),
		ABI_FACT(offsetof(STATSTG, grfMode), 48),
		ABI_FACT(offsetof(STATSTG, grfLocksSupported), 52),
		ABI_FACT(offsetof(STATSTG, clsid), 56),
		ABI_FACT(offsetof(STATSTG, grfStateBits), 72),
		ABI_FACT(offsetof(STATSTG, reserved), 76),
		ABI_FACT(sizeof(COSERVERINFO), 32),
		ABI_FACT(_Alignof(COSERVERINFO), 8),
		ABI_FACT(offsetof(COSERVERINFO, dwReserved1), 0),
		ABI_FACT(offsetof(COSERVERINFO, pwszName), 8),
		ABI_FACT(offsetof(COSERVERINFO, pAuthInfo), 16),
		ABI_FACT(offsetof(COSERVERINFO, dwReserved2), 24),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
providers(void)
{
	static const struct abi_fact facts[] = {
		ABI_FACT(sizeof(BYTEARRAY), 24),
		ABI_FACT(offsetof(BYTEARRAY, hMem), 0),
		ABI_FACT(offsetof(BYTEARRAY, dwSize), 8),
		ABI_FACT(offsetof(BYTEARRAY, pbyData), 16),
		ABI_FACT(CB_BYTEARRAY, 24),
		ABI_FACT(sizeof(STATSTRUCT), 20),
		ABI_FACT(offsetof(STATSTRUCT, type), 0),
		ABI_FACT(offsetof(STATSTRUCT, cbSize), 4),
		ABI_FACT(offsetof(STATSTRUCT, grfMode), 8),
		ABI_FACT(offsetof(STATSTRUCT, grfLocksSupported), 12),
		ABI_FACT(offsetof(STATSTRUCT, grfStateBits), 16),
		ABI_FACT(CB_STATSTRUCT, 20),
		ABI_FACT(sizeof(SCARDINFO), 56),
		ABI_FACT(offsetof(SCARDINFO, hCard), 0),
		ABI_FACT(offsetof(SCARDINFO, hContext), 8),
		ABI_FACT(offsetof(SCARDINFO, ActiveProtocol), 16),
		ABI_FACT(offsetof(SCARDINFO, ShareMode), 20),
		ABI_FACT(offsetof(SCARDINFO, hwndOwner), 24),
		ABI_FACT(offsetof(SCARDINFO, lpfnConnectProc), 32),
		ABI_FACT(offsetof(SCARDINFO, lpfnCheckProc), 40),
		ABI_FACT(offsetof(SCARDINFO, lpfnDisconnectProc), 48),
		ABI_FACT(sizeof(TLV_TABLE), 16),
		ABI_FACT(offsetof(TLV_TABLE, cbSize), 0),
		ABI_FACT(offsetof(TLV_TABLE, byData), 8),
		ABI_FACT(sizeof(HSCARD), 8),
		ABI_FACT(sizeof(HSCARDCONTEXT), 8),
		ABI_FACT(sizeof(HSCARD_FILE), 8),
		ABI_FACT(sizeof(ISO_APDU_TYPE), 4),
		ABI_FACT(sizeof(SCARD_SHARE_MODES), 4),
		ABI_FACT(sizeof(SCARD_DISPOSITIONS), 4),
		ABI_FACT(sizeof(SCARD_STATES), 4),
		ABI_FACT(sizeof(SCARD_PROTOCOLS), 4),
		ABI_FACT(sizeof(REFTYPE), 4),
		ABI_FACT(sizeof(FILETYPE), 4),
		ABI_FACT(sizeof(SEEKTYPE), 4),
		ABI_FACT(sizeof(SCARD_FLAGS), 4),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

static void
provider_aliases(void)
{
	static const struct abi_fact facts[] = {
		ABI_SAME_TYPE(PBYTEARRAY, BYTEARRAY *),
		ABI_SAME_TYPE(LPBYTEARRAY, BYTEARRAY *),
		ABI_SAME_TYPE(PCBYTEARRAY, const BYTEARRAY *),
		ABI_SAME_TYPE(LPCBYTEARRAY, const BYTEARRAY *),
		ABI_SAME_TYPE(LPSTATSTRUCT, struct tagSTATSTRUCT *),
		ABI_SAME_TYPE(PSCARDINFO, SCARDINFO *),
		ABI_SAME_TYPE(LPSCARDINFO, struct tagSCARDINFO *),
		ABI_SAME_TYPE(LPTLV_TABLE, struct tagTLV_TABLE *),
		ABI_SAME_TYPE(LPBYTEBUFFER, IByteBuffer *),
		ABI_SAME_TYPE(LPCBYTEBUFFER, const IByteBuffer *),
		ABI_SAME_TYPE(LPSCARDTYPECONV, ISCardTypeConv *),
		ABI_SAME_TYPE(LPSCARDCMD, ISCardCmd *),
		ABI_SAME_TYPE(LPSCARDISO, ISCardISO7816 *),
		ABI_SAME_TYPE(LPSCARDISO7816, ISCardISO7816 *),
		ABI_SAME_TYPE(LPSCARD, ISCard *),
		ABI_SAME_TYPE(LPSMARTCARD, ISCard *),
		ABI_SAME_TYPE(LPSCARDDATABASE, ISCardDatabase *),
		ABI_SAME_TYPE(LPSCARDLOCATE, ISCardLocate *),
		ABI_SAME_TYPE(LPSCARDLOC, ISCardLocate *),
		ABI_SAME_TYPE(PHSCARD, HSCARD *),
		ABI_SAME_TYPE(LPHSCARD, HSCARD *),
		ABI_SAME_TYPE(PHSCARDCONTEXT, HSCARDCONTEXT *),
		ABI_SAME_TYPE(LPHSCARDCONTEXT, HSCARDCONTEXT *),
	};

	abi_check_facts(facts, ABI_COUNT(facts));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "scalars", scalars },
		{ "identifiers", identifiers },
		{ "wide numbers and times", numbers },
		{ "VARIANT, SAFEARRAY, arguments", automation },
		{ "STATSTG, COSERVERINFO, CATEGORYINFO, CONNECTDATA", runtime },
		{ "structures of the providers", providers },
		{ "other names of the providers' types", provider_aliases },
	};

	return suite_run("layouts", tests, ABI_COUNT(tests));
}
