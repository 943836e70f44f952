/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots and signatures of the interfaces of the runtime's own objects, and of those that component
 * authors implement with its help, from the published tables.
 */
#include <comcat.h>
#include <objbase.h>
#include <ocidl.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

#define ENUM_SLOTS(iface, item)                                                 \
	ABI_UNKNOWN_SLOTS(iface),                                               \
	    ABI_SLOT(iface, 3, Next, HRESULT, (iface *, ULONG, item, ULONG *)), \
	    ABI_SLOT(iface, 4, Skip, HRESULT, (iface *, ULONG)),                \
	    ABI_SLOT(iface, 5, Reset, HRESULT, (iface *)),                      \
	    ABI_SLOT(iface, 6, Clone, HRESULT, (iface *, iface **))

static void
enumerators(void)
{
	static const struct abi_slot unknown[] = { ENUM_SLOTS(IEnumUnknown, IUnknown **) };
	static const struct abi_slot string[] = { ENUM_SLOTS(IEnumString, LPOLESTR *) };
	static const struct abi_slot guid[] = { ENUM_SLOTS(IEnumGUID, GUID *) };
	static const struct abi_slot categoryinfo[] = { ENUM_SLOTS(
	    IEnumCATEGORYINFO, CATEGORYINFO *) };
	static const struct abi_slot connectionpoints[] = { ENUM_SLOTS(
	    IEnumConnectionPoints, IConnectionPoint **) };
	static const struct abi_slot connections[] = { ENUM_SLOTS(
	    IEnumConnections, CONNECTDATA *) };
	static const struct abi_slot variant[] = { ENUM_SLOTS(IEnumVARIANT, VARIANT *) };

	ABI_CHECK_SLOTS(IEnumUnknown, unknown);
	ABI_CHECK_SLOTS(IEnumString, string);
	ABI_CHECK_SLOTS(IEnumGUID, guid);
	ABI_CHECK_SLOTS(IEnumCATEGORYINFO, categoryinfo);
	ABI_CHECK_SLOTS(IEnumConnectionPoints, connectionpoints);
	ABI_CHECK_SLOTS(IEnumConnections, connections);
	ABI_CHECK_SLOTS(IEnumVARIANT, variant);
}

static void
malloc_spy(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IMallocSpy),
		ABI_SLOT(IMallocSpy, 3, PreAlloc, SIZE_T, (IMallocSpy *, SIZE_T)),
		ABI_SLOT(IMallocSpy, 4, PostAlloc, void *, (IMallocSpy *, void *)),
		ABI_SLOT(IMallocSpy, 5, PreFree, void *, (IMallocSpy *, void *, BOOL)),
		ABI_SLOT(IMallocSpy, 6, PostFree, void, (IMallocSpy *, BOOL)),
		ABI_SLOT(IMallocSpy, 7, PreRealloc, SIZE_T,
		    (IMallocSpy *, void *, SIZE_T, void **, BOOL)),
		ABI_SLOT(IMallocSpy, 8, PostRealloc, void *, (IMallocSpy *, void *, BOOL)),
		ABI_SLOT(IMallocSpy, 9, PreGetSize, void *, (IMallocSpy *, void *, BOOL)),
		ABI_SLOT(IMallocSpy, 10, PostGetSize, SIZE_T, (IMallocSpy *, SIZE_T, BOOL)),
		ABI_SLOT(IMallocSpy, 11, PreDidAlloc, void *, (IMallocSpy *, void *, BOOL)),
		ABI_SLOT(IMallocSpy, 12, PostDidAlloc, int, (IMallocSpy *, void *, BOOL, int)),
		ABI_SLOT(IMallocSpy, 13, PreHeapMinimize, void, (IMallocSpy *)),
		ABI_SLOT(IMallocSpy, 14, PostHeapMinimize, void, (IMallocSpy *)),
	};

	ABI_CHECK_SLOTS(IMallocSpy, slots);
}

static void
marshal(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IMarshal),
		ABI_SLOT(IMarshal, 3, GetUnmarshalClass, HRESULT,
		    (IMarshal *, const GUID *, void *, DWORD, void *, DWORD, CLSID *)),
		ABI_SLOT(IMarshal, 4, GetMarshalSizeMax, HRESULT,
		    (IMarshal *, const GUID *, void *, DWORD, void *, DWORD, DWORD *)),
		ABI_SLOT(IMarshal, 5, MarshalInterface, HRESULT,
		    (IMarshal *, IStream *, const GUID *, void *, DWORD, void *, DWORD)),
		ABI_SLOT(IMarshal, 6, UnmarshalInterface, HRESULT,
		    (IMarshal *, IStream *, const GUID *, void **)),
		ABI_SLOT(IMarshal, 7, ReleaseMarshalData, HRESULT, (IMarshal *, IStream *)),
		ABI_SLOT(IMarshal, 8, DisconnectObject, HRESULT, (IMarshal *, DWORD)),
	};

	ABI_CHECK_SLOTS(IMarshal, slots);
}

static void
agile_object(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IAgileObject),
	};

	ABI_CHECK_SLOTS(IAgileObject, slots);
}

static void
agile_reference(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IAgileReference),
		ABI_SLOT(IAgileReference, 3, Resolve, HRESULT,
		    (IAgileReference *, const GUID *, void **)),
	};

	ABI_CHECK_SLOTS(IAgileReference, slots);
}

static void
global_interface_table(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IGlobalInterfaceTable),
		ABI_SLOT(IGlobalInterfaceTable, 3, RegisterInterfaceInGlobal, HRESULT,
		    (IGlobalInterfaceTable *, IUnknown *, const GUID *, DWORD *)),
		ABI_SLOT(IGlobalInterfaceTable, 4, RevokeInterfaceFromGlobal, HRESULT,
		    (IGlobalInterfaceTable *, DWORD)),
		ABI_SLOT(IGlobalInterfaceTable, 5, GetInterfaceFromGlobal, HRESULT,
		    (IGlobalInterfaceTable *, DWORD, const GUID *, void **)),
	};

	ABI_CHECK_SLOTS(IGlobalInterfaceTable, slots);
}

static void
connection_point(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IConnectionPoint),
		ABI_SLOT(IConnectionPoint, 3, GetConnectionInterface, HRESULT,
		    (IConnectionPoint *, IID *)),
		ABI_SLOT(IConnectionPoint, 4, GetConnectionPointContainer, HRESULT,
		    (IConnectionPoint *, IConnectionPointContainer **)),
		ABI_SLOT(IConnectionPoint, 5, Advise, HRESULT,
		    (IConnectionPoint *, IUnknown *, DWORD *)),
		ABI_SLOT(IConnectionPoint, 6, Unadvise, HRESULT, (IConnectionPoint *, DWORD)),
		ABI_SLOT(IConnectionPoint, 7, EnumConnections, HRESULT,
		    (IConnectionPoint *, IEnumConnections **)),
	};

	ABI_CHECK_SLOTS(IConnectionPoint, slots);
}

static void
connection_point_container(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IConnectionPointContainer),
		ABI_SLOT(IConnectionPointContainer, 3, EnumConnectionPoints, HRESULT,
		    (IConnectionPointContainer *, IEnumConnectionPoints **)),
		ABI_SLOT(IConnectionPointContainer, 4, FindConnectionPoint, HRESULT,
		    (IConnectionPointContainer *, const GUID *, IConnectionPoint **)),
	};

	ABI_CHECK_SLOTS(IConnectionPointContainer, slots);
}

static void
provide_class_info(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(IProvideClassInfo),
		ABI_SLOT(IProvideClassInfo, 3, GetClassInfo, HRESULT,
		    (IProvideClassInfo *, ITypeInfo **)),
	};

	ABI_CHECK_SLOTS(IProvideClassInfo, slots);
}

static void
cat_register(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(ICatRegister),
		ABI_SLOT(ICatRegister, 3, RegisterCategories, HRESULT,
		    (ICatRegister *, ULONG, CATEGORYINFO *)),
		ABI_SLOT(ICatRegister, 4, UnRegisterCategories, HRESULT,
		    (ICatRegister *, ULONG, CATID *)),
		ABI_SLOT(ICatRegister, 5, RegisterClassImplCategories, HRESULT,
		    (ICatRegister *, const GUID *, ULONG, CATID *)),
		ABI_SLOT(ICatRegister, 6, UnRegisterClassImplCategories, HRESULT,
		    (ICatRegister *, const GUID *, ULONG, CATID *)),
		ABI_SLOT(ICatRegister, 7, RegisterClassReqCategories, HRESULT,
		    (ICatRegister *, const GUID *, ULONG, CATID *)),
		ABI_SLOT(ICatRegister, 8, UnRegisterClassReqCategories, HRESULT,
		    (ICatRegister *, const GUID *, ULONG, CATID *)),
	};

	ABI_CHECK_SLOTS(ICatRegister, slots);
}

static void
cat_information(void)
{
	static const struct abi_slot slots[] = {
		ABI_UNKNOWN_SLOTS(ICatInformation),
		ABI_SLOT(ICatInformation, 3, EnumCategories, HRESULT,
		    (ICatInformation *, LCID, IEnumCATEGORYINFO **)),
		ABI_SLOT(ICatInformation, 4, GetCategoryDesc, HRESULT,
		    (ICatInformation *, const GUID *, LCID, LPWSTR *)),
		ABI_SLOT(ICatInformation, 5, EnumClassesOfCategories, HRESULT,
		    (ICatInformation *, ULONG, const CATID *, ULONG, const CATID *, IEnumGUID **)),
		ABI_SLOT(ICatInformation, 6, IsClassOfCategories, HRESULT,
		    (ICatInformation *, const GUID *, ULONG, const CATID *, ULONG, const CATID *)),
		ABI_SLOT(ICatInformation, 7, EnumImplCategoriesOfClass, HRESULT,
		    (ICatInformation *, const GUID *, IEnumGUID **)),
		ABI_SLOT(ICatInformation, 8, EnumReqCategoriesOfClass, HRESULT,
		    (ICatInformation *, const GUID *, IEnumGUID **)),
	};

	ABI_CHECK_SLOTS(ICatInformation, slots);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "enumerators", enumerators },
		{ "IMallocSpy", malloc_spy },
		{ "IMarshal", marshal },
		{ "IAgileObject", agile_object },
		{ "IAgileReference", agile_reference },
		{ "IGlobalInterfaceTable", global_interface_table },
		{ "IConnectionPoint", connection_point },
		{ "IConnectionPointContainer", connection_point_container },
		{ "IProvideClassInfo", provide_class_info },
		{ "ICatRegister", cat_register },
		{ "ICatInformation", cat_information },
	};

	return suite_run("slots of the runtime's objects", tests, ABI_COUNT(tests));
}
