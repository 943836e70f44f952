/* SPDX-License-Identifier: BSD-2-Clause */
#include <oleauto.h>
#include <stdint.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/com_record.h"
#include "tests/unit/com_scratch.h"

/* An interface whose count can be looked at. */
static ULONG references;

static HRESULT
query(IUnknown *This, REFIID riid, void **ppv)
{
	(void)This;
	(void)riid;
	*ppv = NULL;
	return E_NOINTERFACE;
}

static ULONG
add_ref(IUnknown *This)
{
	(void)This;
	return ++references;
}

static ULONG
release(IUnknown *This)
{
	(void)This;
	return --references;
}

static const IUnknownVtbl vtbl = { query, add_ref, release };
static IUnknown counted = { &vtbl };

static void
element_types(void)
{
	static const struct {
		VARTYPE vt;
		ULONG size;
		USHORT features;
	} rows[] = {
		{ VT_I1, 1, FADF_HAVEVARTYPE },
		{ VT_UI1, 1, FADF_HAVEVARTYPE },
		{ VT_I2, 2, FADF_HAVEVARTYPE },
		{ VT_UI2, 2, FADF_HAVEVARTYPE },
		{ VT_BOOL, 2, FADF_HAVEVARTYPE },
		{ VT_I4, 4, FADF_HAVEVARTYPE },
		{ VT_UI4, 4, FADF_HAVEVARTYPE },
		{ VT_INT, 4, FADF_HAVEVARTYPE },
		{ VT_UINT, 4, FADF_HAVEVARTYPE },
		{ VT_R4, 4, FADF_HAVEVARTYPE },
		{ VT_ERROR, 4, FADF_HAVEVARTYPE },
		{ VT_I8, 8, FADF_HAVEVARTYPE },
		{ VT_UI8, 8, FADF_HAVEVARTYPE },
		{ VT_R8, 8, FADF_HAVEVARTYPE },
		{ VT_CY, 8, FADF_HAVEVARTYPE },
		{ VT_DATE, 8, FADF_HAVEVARTYPE },
		{ VT_DECIMAL, 16, FADF_HAVEVARTYPE },
		{ VT_BSTR, 8, FADF_HAVEVARTYPE | FADF_BSTR },
		{ VT_VARIANT, 24, FADF_HAVEVARTYPE | FADF_VARIANT },
		{ VT_UNKNOWN, 8, FADF_HAVEIID | FADF_UNKNOWN },
		{ VT_DISPATCH, 8, FADF_HAVEIID | FADF_DISPATCH },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SAFEARRAYBOUND bounds = { 3, -1 };
		SAFEARRAY *a = SafeArrayCreate(rows[i].vt, 1, &bounds);
		VARTYPE vt = 0;

		CU_ASSERT_PTR_NOT_NULL_FATAL(a);
		SUITE_EQUAL_INT(a->cDims, 1);
		SUITE_EQUAL_INT(SafeArrayGetElemsize(a), rows[i].size);
		SUITE_EQUAL_HEX(a->fFeatures, rows[i].features);
		EXPECT_HRESULT(SafeArrayGetVartype(a, &vt), S_OK);
		SUITE_EQUAL_INT(vt, rows[i].vt);
		EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
		a = SafeArrayCreateVector(rows[i].vt, 0, 3);
		CU_ASSERT_PTR_NOT_NULL_FATAL(a);
		SUITE_EQUAL_HEX(a->fFeatures, rows[i].features | FADF_CREATEVECTOR);
		EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
	}
}

/* What stands before the descriptor is ABI. */
static void
hidden_part(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_UI1, 0, 1);
	SAFEARRAY *u = SafeArrayCreateVector(VT_UNKNOWN, 0, 1);

	SUITE_EQUAL_BYTES((char *)a - 4, 4, "11000000");
	CU_ASSERT_EQUAL(memcmp((char *)u - 16, &IID_IUnknown, 16), 0);
	SafeArrayDestroy(a);
	SafeArrayDestroy(u);
}

static void
refused(void)
{
	SAFEARRAYBOUND one = { 1, 0 }, huge = { 0x80000000u, 0 }, over = { 2, INT32_MAX },
		       below = { 0, INT32_MIN };

	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_RECORD, 1, &one));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_EMPTY, 1, &one));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_UI1 | VT_BYREF, 1, &one));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_UI1, 0, &one));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_UI1, 2, &one));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_UI1, 1, NULL));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_UI1, 1, &huge));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_UI1, 1, &over));
	CU_ASSERT_PTR_NULL(SafeArrayCreate(VT_UI1, 1, &below));
	CU_ASSERT_PTR_NULL(SafeArrayCreateVector(VT_I8, 0, 0x20000000u));
}

static void
bounds(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_I4, 10, 5), *empty;
	LONG bound = 0;

	SUITE_EQUAL_INT(SafeArrayGetDim(a), 1);
	SUITE_EQUAL_INT(SafeArrayGetDim(NULL), 0);
	SUITE_EQUAL_INT(SafeArrayGetElemsize(NULL), 0);
	EXPECT_HRESULT(SafeArrayGetLBound(a, 1, &bound), S_OK);
	SUITE_EQUAL_INT(bound, 10);
	EXPECT_HRESULT(SafeArrayGetUBound(a, 1, &bound), S_OK);
	SUITE_EQUAL_INT(bound, 14);
	EXPECT_HRESULT(SafeArrayGetLBound(a, 0, &bound), DISP_E_BADINDEX);
	EXPECT_HRESULT(SafeArrayGetUBound(a, 2, &bound), DISP_E_BADINDEX);
	EXPECT_HRESULT(SafeArrayGetLBound(a, 1, NULL), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayGetLBound(NULL, 1, &bound), E_INVALIDARG);
	empty = SafeArrayCreateVector(VT_I4, 0, 0);
	EXPECT_HRESULT(SafeArrayGetUBound(empty, 1, &bound), S_OK);
	SUITE_EQUAL_INT(bound, -1);
	SafeArrayDestroy(empty);
	SafeArrayDestroy(a);
}

static void
elements(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_I4, 10, 3);
	LONG index = 12, value = 77;
	void *place;

	EXPECT_HRESULT(SafeArrayPutElement(a, &index, &value), S_OK);
	value = 0;
	EXPECT_HRESULT(SafeArrayGetElement(a, &index, &value), S_OK);
	SUITE_EQUAL_INT(value, 77);
	EXPECT_HRESULT(SafeArrayPtrOfIndex(a, &index, &place), S_OK);
	CU_ASSERT_PTR_EQUAL(place, (char *)a->pvData + 8);
	index = 13;
	EXPECT_HRESULT(SafeArrayGetElement(a, &index, &value), DISP_E_BADINDEX);
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, &value), DISP_E_BADINDEX);
	EXPECT_HRESULT(SafeArrayPtrOfIndex(a, &index, &place), DISP_E_BADINDEX);
	CU_ASSERT_PTR_NULL(place);
	index = 9;
	EXPECT_HRESULT(SafeArrayGetElement(a, &index, &value), DISP_E_BADINDEX);
	index = INT32_MIN;
	EXPECT_HRESULT(SafeArrayGetElement(a, &index, &value), DISP_E_BADINDEX);
	EXPECT_HRESULT(SafeArrayGetElement(a, &index, NULL), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayGetElement(a, NULL, &value), E_INVALIDARG);
	index = 10;
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, NULL), E_INVALIDARG);
	SafeArrayDestroy(a);
}

static void
strings(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_BSTR, 0, 2), *copy = NULL;
	BSTR mine = SysAllocStringByteLen("odd", 3), got = NULL, stored;
	LONG index = 0;

	EXPECT_HRESULT(SafeArrayPutElement(a, &index, mine), S_OK);
	EXPECT_HRESULT(SafeArrayGetElement(a, &index, &got), S_OK);
	CU_ASSERT(got != NULL && got != mine);
	SUITE_EQUAL_INT(SysStringByteLen(got), 3);
	SysFreeString(got);
	/* Put again what is in there: the copy must come before the release. */
	stored = ((BSTR *)a->pvData)[0];
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, stored), S_OK);
	EXPECT_HRESULT(SafeArrayCopy(a, &copy), S_OK);
	CU_ASSERT(((BSTR *)copy->pvData)[0] != ((BSTR *)a->pvData)[0]);
	SUITE_EQUAL_INT(SysStringByteLen(((BSTR *)copy->pvData)[0]), 3);
	CU_ASSERT_PTR_NULL(((BSTR *)copy->pvData)[1]);
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, NULL), S_OK);
	CU_ASSERT_PTR_NULL(((BSTR *)a->pvData)[0]);
	SysFreeString(mine);
	SafeArrayDestroy(a);
	SafeArrayDestroy(copy);
}

static void
interfaces(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_UNKNOWN, 0, 2), *copy = NULL;
	IUnknown *got = NULL;
	LONG index = 1;
	SAFEARRAYBOUND shorter = { 1, 0 };

	references = 1;
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, &counted), S_OK);
	SUITE_EQUAL_INT(references, 2);
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, &counted), S_OK);
	SUITE_EQUAL_INT(references, 2);
	EXPECT_HRESULT(SafeArrayGetElement(a, &index, &got), S_OK);
	CU_ASSERT_PTR_EQUAL(got, &counted);
	SUITE_EQUAL_INT(references, 3);
	got->lpVtbl->Release(got);
	EXPECT_HRESULT(SafeArrayCopy(a, &copy), S_OK);
	SUITE_EQUAL_INT(references, 3);
	EXPECT_HRESULT(SafeArrayRedim(copy, &shorter), S_OK);
	SUITE_EQUAL_INT(references, 2);
	SafeArrayDestroy(copy);
	SafeArrayDestroy(a);
	SUITE_EQUAL_INT(references, 1);
}

static void
locks(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_UI1, 0, 2);
	SAFEARRAYBOUND longer = { 3, 0 };
	void *data = NULL;

	EXPECT_HRESULT(SafeArrayUnlock(a), E_UNEXPECTED);
	EXPECT_HRESULT(SafeArrayLock(a), S_OK);
	EXPECT_HRESULT(SafeArrayAccessData(a, &data), S_OK);
	CU_ASSERT_PTR_EQUAL(data, a->pvData);
	SUITE_EQUAL_INT(a->cLocks, 2);
	EXPECT_HRESULT(SafeArrayDestroy(a), DISP_E_ARRAYISLOCKED);
	EXPECT_HRESULT(SafeArrayRedim(a, &longer), DISP_E_ARRAYISLOCKED);
	EXPECT_HRESULT(SafeArrayUnaccessData(a), S_OK);
	EXPECT_HRESULT(SafeArrayUnlock(a), S_OK);
	EXPECT_HRESULT(SafeArrayUnlock(a), E_UNEXPECTED);
	a->cLocks = 0xFFFF;
	EXPECT_HRESULT(SafeArrayLock(a), E_UNEXPECTED);
	a->cLocks = 0;
	EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(NULL), S_OK);
	EXPECT_HRESULT(SafeArrayLock(NULL), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayAccessData(NULL, &data), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(data);
}

static void
resizing(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_UI1, 0, 2);
	SAFEARRAYBOUND longer = { 4, 7 }, shorter = { 1, 7 }, absurd = { 0xFFFFFFFFu, 0 };
	LONG bound = 0;

	memcpy(a->pvData, "\1\2", 2);
	EXPECT_HRESULT(SafeArrayRedim(a, &longer), S_OK);
	SUITE_EQUAL_BYTES(a->pvData, 4, "01020000");
	EXPECT_HRESULT(SafeArrayGetUBound(a, 1, &bound), S_OK);
	SUITE_EQUAL_INT(bound, 10);
	EXPECT_HRESULT(SafeArrayRedim(a, &absurd), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayRedim(a, &shorter), S_OK);
	SUITE_EQUAL_BYTES(a->pvData, 1, "01");
	EXPECT_HRESULT(SafeArrayRedim(a, NULL), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayRedim(NULL, &longer), E_INVALIDARG);
	SafeArrayDestroy(a);
}

static void
variants(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_VARIANT, 5, 2), *copy = NULL;
	VARIANT v;
	LONG index = 6;

	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	VariantInit(&v);
	V_VT(&v) = VT_BSTR;
	V_BSTR(&v) = SysAllocString(OLESTR("text"));
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, &v), S_OK);
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, &v), S_OK);
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, NULL), E_INVALIDARG);
	EXPECT_HRESULT(VariantClear(&v), S_OK);
	EXPECT_HRESULT(SafeArrayCopy(a, &copy), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
	EXPECT_HRESULT(SafeArrayGetElement(copy, &index, &v), S_OK);
	SUITE_EQUAL_INT(V_VT(&v), VT_BSTR);
	SUITE_EQUAL_INT(SysStringLen(V_BSTR(&v)), 4);
	index = 5;
	EXPECT_HRESULT(SafeArrayGetElement(copy, &index, &v), S_OK);
	SUITE_EQUAL_INT(V_VT(&v), VT_EMPTY);
	EXPECT_HRESULT(SafeArrayDestroy(copy), S_OK);
}

static void
records(void)
{
	struct record_info *info = record_info_new();
	IRecordInfo *iface = &info->IRecordInfo_iface, *seen = NULL;
	SAFEARRAYBOUND bounds = { 2, 0 };
	SAFEARRAY *a = SafeArrayCreateEx(VT_RECORD, 1, &bounds, iface), *copy = NULL;
	void *record = iface->lpVtbl->RecordCreate(iface), *element;
	VARTYPE vt = 0;
	LONG index = 1;

	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	SUITE_EQUAL_HEX(a->fFeatures, FADF_RECORD);
	SUITE_EQUAL_INT(a->cbElements, sizeof(char *));
	EXPECT_HRESULT(SafeArrayGetVartype(a, &vt), S_OK);
	SUITE_EQUAL_INT(vt, VT_RECORD);
	EXPECT_HRESULT(SafeArrayGetRecordInfo(a, &seen), S_OK);
	CU_ASSERT_PTR_EQUAL(seen, iface);
	SUITE_EQUAL_INT(seen->lpVtbl->Release(seen), 2);
	record_set(record, "one");
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, record), S_OK);
	record_set(record, "two");
	EXPECT_HRESULT(SafeArrayCopy(a, &copy), S_OK);
	EXPECT_HRESULT(SafeArrayPtrOfIndex(copy, &index, &element), S_OK);
	SUITE_EQUAL_STRING(record_get(element), "one");
	EXPECT_HRESULT(SafeArrayPutElement(copy, &index, record), S_OK);
	EXPECT_HRESULT(SafeArrayCopyData(copy, a), S_OK);
	EXPECT_HRESULT(SafeArrayPtrOfIndex(a, &index, &element), S_OK);
	SUITE_EQUAL_STRING(record_get(element), "two");
	info->fail = E_OUTOFMEMORY;
	EXPECT_HRESULT(SafeArrayCopyData(copy, a), E_OUTOFMEMORY);
	SUITE_EQUAL_STRING(record_get(element), "two");
	EXPECT_HRESULT(SafeArrayPutElement(a, &index, record), E_OUTOFMEMORY);
	SUITE_EQUAL_STRING(record_get(element), "two");
	EXPECT_HRESULT(SafeArrayDestroy(copy), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
	CU_ASSERT_PTR_NULL(SafeArrayCreateEx(VT_RECORD, 1, &bounds, NULL));
	iface->lpVtbl->RecordDestroy(iface, record);
	SUITE_EQUAL_INT(info->references, 1);
	record_info_free(info);
}

static void
interfaces_of_ones_own(void)
{
	static const IID own = { 0x12345678, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
	SAFEARRAY *a = SafeArrayCreateVectorEx(VT_UNKNOWN, 0, 1, (PVOID)(uintptr_t)&own);
	SAFEARRAY *plain = SafeArrayCreateVector(VT_I4, 0, 1);
	IID seen;

	EXPECT_HRESULT(SafeArrayGetIID(a, &seen), S_OK);
	CU_ASSERT(IsEqualIID(&seen, &own));
	EXPECT_HRESULT(SafeArraySetIID(a, &IID_IDispatch), S_OK);
	EXPECT_HRESULT(SafeArrayGetIID(a, &seen), S_OK);
	CU_ASSERT(IsEqualIID(&seen, &IID_IDispatch));
	EXPECT_HRESULT(SafeArrayGetIID(plain, &seen), E_INVALIDARG);
	EXPECT_HRESULT(SafeArraySetIID(plain, &own), E_INVALIDARG);
	EXPECT_HRESULT(SafeArraySetRecordInfo(plain, NULL), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(plain), S_OK);
}

static void
in_steps(void)
{
	SAFEARRAY *a = NULL;
	LONG values[] = { 7, 8, 9 };
	VARTYPE vt;

	EXPECT_HRESULT(SafeArrayAllocDescriptor(2, &a), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayAllocDescriptor(1, NULL), E_POINTER);
	EXPECT_HRESULT(SafeArrayAllocDescriptorEx(VT_VOID, 1, &a), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(a);
	EXPECT_HRESULT(SafeArrayAllocDescriptorEx(VT_I4, 1, &a), S_OK);
	CU_ASSERT_PTR_NULL(a->pvData);
	a->rgsabound[0] = (SAFEARRAYBOUND){ 3, -1 };
	EXPECT_HRESULT(SafeArrayAllocData(a), S_OK);
	EXPECT_HRESULT(SafeArrayAllocData(a), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayDestroyData(a), S_OK);
	CU_ASSERT_PTR_NULL(a->pvData);
	/* Elements that are somebody else's. */
	a->fFeatures |= FADF_STATIC;
	a->pvData = values;
	EXPECT_HRESULT(SafeArrayRedim(a, a->rgsabound), DISP_E_ARRAYISLOCKED);
	EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
	SUITE_EQUAL_INT(values[2], 0);
	EXPECT_HRESULT(SafeArrayAllocDescriptor(1, &a), S_OK);
	EXPECT_HRESULT(SafeArrayGetVartype(a, &vt), E_INVALIDARG);
	a->cbElements = 3;
	a->rgsabound[0].cElements = 0x7FFFFFFF;
	EXPECT_HRESULT(SafeArrayAllocData(a), E_INVALIDARG);
	a->rgsabound[0].cElements = 5;
	EXPECT_HRESULT(SafeArrayAllocData(a), S_OK);
	EXPECT_HRESULT(SafeArrayLock(a), S_OK);
	EXPECT_HRESULT(SafeArrayDestroyData(a), DISP_E_ARRAYISLOCKED);
	EXPECT_HRESULT(SafeArrayDestroyDescriptor(a), DISP_E_ARRAYISLOCKED);
	EXPECT_HRESULT(SafeArrayUnlock(a), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
}

static void
copying_data(void)
{
	SAFEARRAY *a = SafeArrayCreateVector(VT_BSTR, 0, 1);
	SAFEARRAY *b = SafeArrayCreateVector(VT_BSTR, 9, 1);
	SAFEARRAY *longer = SafeArrayCreateVector(VT_BSTR, 0, 2);
	SAFEARRAY *other = SafeArrayCreateVector(VT_I8, 0, 1);
	BSTR text = SysAllocString(OLESTR("x")), seen = NULL;
	LONG first = 0, ninth = 9;

	EXPECT_HRESULT(SafeArrayPutElement(a, &first, text), S_OK);
	EXPECT_HRESULT(SafeArrayPutElement(b, &ninth, text), S_OK);
	EXPECT_HRESULT(SafeArrayCopyData(a, b), S_OK);
	EXPECT_HRESULT(SafeArrayCopyData(a, a), S_OK);
	EXPECT_HRESULT(SafeArrayCopyData(a, longer), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayCopyData(a, other), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayCopyData(a, NULL), E_INVALIDARG);
	EXPECT_HRESULT(SafeArrayDestroy(a), S_OK);
	EXPECT_HRESULT(SafeArrayGetElement(b, &ninth, &seen), S_OK);
	SUITE_EQUAL_INT(SysStringLen(seen), 1);
	SysFreeString(seen);
	SysFreeString(text);
	EXPECT_HRESULT(SafeArrayDestroy(b), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(longer), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(other), S_OK);
}

static void
copying_nothing(void)
{
	SAFEARRAY *copy = (SAFEARRAY *)0x1;

	EXPECT_HRESULT(SafeArrayCopy(NULL, &copy), S_OK);
	CU_ASSERT_PTR_NULL(copy);
	EXPECT_HRESULT(SafeArrayCopy(NULL, NULL), E_INVALIDARG);
}

static const struct suite_test tests[] = {
	{ "element types", element_types },
	{ "what stands before the descriptor", hidden_part },
	{ "types and bounds that are refused", refused },
	{ "bounds", bounds },
	{ "elements", elements },
	{ "strings are copied", strings },
	{ "interfaces are counted", interfaces },
	{ "locks", locks },
	{ "resizing", resizing },
	{ "copying nothing", copying_nothing },
	{ "variants as elements", variants },
	{ "records as elements", records },
	{ "the elements' interface", interfaces_of_ones_own },
	{ "made and ended in steps", in_steps },
	{ "copying into an array", copying_data },
};

int
main(void)
{
	return suite_run("SAFEARRAY", tests, sizeof tests / sizeof tests[0]);
}
