/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots and signatures of the component runtime's interfaces, from the tables of the COM
 * specification. A component built elsewhere calls by these numbers.
 */
#include <oaidl.h>
#include <objidl.h>
#include <unknwn.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

static void
unknown(void)
{
	static const struct abi_slot slots[] = { ABI_UNKNOWN_SLOTS(IUnknown) };

	ABI_CHECK_SLOTS(IUnknown, slots);
	SUITE_EQUAL_INT(sizeof(IUnknown), 8);
	SUITE_EQUAL_INT(offsetof(IUnknown, lpVtbl), 0);
}

static void
class_factory(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IClassFactory),
		ABI_SLOT(IClassFactory, 3, CreateInstance, HRESULT,
		    (IClassFactory *, IUnknown *, const GUID *, void **)),
		ABI_SLOT(IClassFactory, 4, LockServer, HRESULT, (IClassFactory *, BOOL)),
	};

	ABI_CHECK_SLOTS(IClassFactory, slots);
}

static void
allocator(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IMalloc),
		ABI_SLOT(IMalloc, 3, Alloc, void *, (IMalloc *, SIZE_T)),
		ABI_SLOT(IMalloc, 4, Realloc, void *, (IMalloc *, void *, SIZE_T)),
		ABI_SLOT(IMalloc, 5, Free, void, (IMalloc *, void *)),
		ABI_SLOT(IMalloc, 6, GetSize, SIZE_T, (IMalloc *, void *)),
		ABI_SLOT(IMalloc, 7, DidAlloc, int, (IMalloc *, void *)),
		ABI_SLOT(IMalloc, 8, HeapMinimize, void, (IMalloc *)),
	};

	ABI_CHECK_SLOTS(IMalloc, slots);
}

#define SEQUENTIAL_SLOTS(iface)                                                   \
	ABI_UNKNOWN_SLOTS(iface),                                                 \
	    ABI_SLOT(iface, 3, Read, HRESULT, (iface *, void *, ULONG, ULONG *)), \
	    ABI_SLOT(iface, 4, Write, HRESULT, (iface *, const void *, ULONG, ULONG *))

static void
sequential_stream(void)
{
	static const struct abi_slot slots[] = { SEQUENTIAL_SLOTS(ISequentialStream) };

	ABI_CHECK_SLOTS(ISequentialStream, slots);
}

static void
stream(void)
{
	static const struct abi_slot slots[] = {
		SEQUENTIAL_SLOTS(IStream),
		ABI_SLOT(
		    IStream, 5, Seek, HRESULT, (IStream *, LARGE_INTEGER, DWORD, ULARGE_INTEGER *)),
		ABI_SLOT(IStream, 6, SetSize, HRESULT, (IStream *, ULARGE_INTEGER)),
		ABI_SLOT(IStream, 7, CopyTo, HRESULT,
		    (IStream *, IStream *, ULARGE_INTEGER, ULARGE_INTEGER *, ULARGE_INTEGER *)),
		ABI_SLOT(IStream, 8, Commit, HRESULT, (IStream *, DWORD)),
		ABI_SLOT(IStream, 9, Revert, HRESULT, (IStream *)),
		ABI_SLOT(IStream, 10, LockRegion, HRESULT,
		    (IStream *, ULARGE_INTEGER, ULARGE_INTEGER, DWORD)),
		ABI_SLOT(IStream, 11, UnlockRegion, HRESULT,
		    (IStream *, ULARGE_INTEGER, ULARGE_INTEGER, DWORD)),
		ABI_SLOT(IStream, 12, Stat, HRESULT, (IStream *, STATSTG *, DWORD)),
		ABI_SLOT(IStream, 13, Clone, HRESULT, (IStream *, IStream **)),
	};

	ABI_CHECK_SLOTS(IStream, slots);
}

static void
dispatch(void)
{
	static const struct abi_slot slots[] = { ABI_DISPATCH_SLOTS(IDispatch) };

	ABI_CHECK_SLOTS(IDispatch, slots);
}

static void
error_info(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IErrorInfo),
		ABI_SLOT(IErrorInfo, 3, GetGUID, HRESULT, (IErrorInfo *, GUID *)),
		ABI_SLOT(IErrorInfo, 4, GetSource, HRESULT, (IErrorInfo *, BSTR *)),
		ABI_SLOT(IErrorInfo, 5, GetDescription, HRESULT, (IErrorInfo *, BSTR *)),
		ABI_SLOT(IErrorInfo, 6, GetHelpFile, HRESULT, (IErrorInfo *, BSTR *)),
		ABI_SLOT(IErrorInfo, 7, GetHelpContext, HRESULT, (IErrorInfo *, DWORD *)),
	};

	ABI_CHECK_SLOTS(IErrorInfo, slots);
}

static void
create_error_info(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(ICreateErrorInfo),
		ABI_SLOT(ICreateErrorInfo, 3, SetGUID, HRESULT, (ICreateErrorInfo *, const GUID *)),
		ABI_SLOT(ICreateErrorInfo, 4, SetSource, HRESULT, (ICreateErrorInfo *, LPOLESTR)),
		ABI_SLOT(
		    ICreateErrorInfo, 5, SetDescription, HRESULT, (ICreateErrorInfo *, LPOLESTR)),
		ABI_SLOT(ICreateErrorInfo, 6, SetHelpFile, HRESULT, (ICreateErrorInfo *, LPOLESTR)),
		ABI_SLOT(ICreateErrorInfo, 7, SetHelpContext, HRESULT, (ICreateErrorInfo *, DWORD)),
	};

	ABI_CHECK_SLOTS(ICreateErrorInfo, slots);
}

static void
support_error_info(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(ISupportErrorInfo),
		ABI_SLOT(ISupportErrorInfo, 3, InterfaceSupportsErrorInfo, HRESULT,
		    (ISupportErrorInfo *, const GUID *)),
	};

	ABI_CHECK_SLOTS(ISupportErrorInfo, slots);
}

static void
record_info(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IRecordInfo),
		ABI_SLOT(IRecordInfo, 3, RecordInit, HRESULT, (IRecordInfo *, PVOID)),
		ABI_SLOT(IRecordInfo, 4, RecordClear, HRESULT, (IRecordInfo *, PVOID)),
		ABI_SLOT(IRecordInfo, 5, RecordCopy, HRESULT, (IRecordInfo *, PVOID, PVOID)),
		ABI_SLOT(IRecordInfo, 6, GetGuid, HRESULT, (IRecordInfo *, GUID *)),
		ABI_SLOT(IRecordInfo, 7, GetName, HRESULT, (IRecordInfo *, BSTR *)),
		ABI_SLOT(IRecordInfo, 8, GetSize, HRESULT, (IRecordInfo *, ULONG *)),
		ABI_SLOT(IRecordInfo, 9, GetTypeInfo, HRESULT, (IRecordInfo *, ITypeInfo **)),
		ABI_SLOT(IRecordInfo, 10, GetField, HRESULT,
		    (IRecordInfo *, PVOID, LPCOLESTR, VARIANT *)),
		ABI_SLOT(IRecordInfo, 11, GetFieldNoCopy, HRESULT,
		    (IRecordInfo *, PVOID, LPCOLESTR, VARIANT *, PVOID *)),
		ABI_SLOT(IRecordInfo, 12, PutField, HRESULT,
		    (IRecordInfo *, ULONG, PVOID, LPCOLESTR, VARIANT *)),
		ABI_SLOT(IRecordInfo, 13, PutFieldNoCopy, HRESULT,
		    (IRecordInfo *, ULONG, PVOID, LPCOLESTR, VARIANT *)),
		ABI_SLOT(IRecordInfo, 14, GetFieldNames, HRESULT, (IRecordInfo *, ULONG *, BSTR *)),
		ABI_SLOT(IRecordInfo, 15, IsMatchingType, BOOL, (IRecordInfo *, IRecordInfo *)),
		ABI_SLOT(IRecordInfo, 16, RecordCreate, PVOID, (IRecordInfo *)),
		ABI_SLOT(
		    IRecordInfo, 17, RecordCreateCopy, HRESULT, (IRecordInfo *, PVOID, PVOID *)),
		ABI_SLOT(IRecordInfo, 18, RecordDestroy, HRESULT, (IRecordInfo *, PVOID)),
	};

	ABI_CHECK_SLOTS(IRecordInfo, slots);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "IUnknown", unknown },
		{ "IClassFactory", class_factory },
		{ "IMalloc", allocator },
		{ "ISequentialStream", sequential_stream },
		{ "IStream", stream },
		{ "IDispatch", dispatch },
		{ "IErrorInfo", error_info },
		{ "IRecordInfo", record_info },
		{ "ICreateErrorInfo", create_error_info },
		{ "ISupportErrorInfo", support_error_info },
	};

	return suite_run("slots of the component runtime", tests, ABI_COUNT(tests));
}
