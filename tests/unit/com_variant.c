/* SPDX-License-Identifier: BSD-2-Clause */
/* A VARIANT's life: clearing, copying, looking through references; records and arrays in it. */
#include <oleauto.h>
#include <stdint.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/com_record.h"
#include "tests/unit/com_scratch.h"

static ULONG references;

static HRESULT
query(IUnknown *This, REFIID riid, void **ppv)
{
	(void)This, (void)riid;
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
clearing(void)
{
	static const VARTYPE bad[] = { VT_VARIANT, 15, VT_VOID, VT_HRESULT, VT_PTR, VT_SAFEARRAY,
		VT_LPWSTR, VT_INT_PTR, VT_CLSID, VT_VECTOR | VT_I4, VT_BYREF, VT_ARRAY, 0x8003 };
	VARIANT v;

	memset(&v, 0xAA, sizeof v);
	VariantInit(&v);
	SUITE_EQUAL_INT(V_VT(&v), VT_EMPTY);
	EXPECT_HRESULT(VariantClear(&v), S_OK);
	V_VT(&v) = VT_UNKNOWN;
	V_UNKNOWN(&v) = &counted;
	references = 2;
	EXPECT_HRESULT(VariantClear(&v), S_OK);
	SUITE_EQUAL_INT(references, 1);
	SUITE_EQUAL_INT(V_VT(&v), VT_EMPTY);
	V_VT(&v) = VT_BYREF | VT_UNKNOWN;
	V_BYREF(&v) = &counted;
	EXPECT_HRESULT(VariantClear(&v), S_OK);
	SUITE_EQUAL_INT(references, 1);
	V_VT(&v) = VT_UNKNOWN;
	V_UNKNOWN(&v) = NULL;
	EXPECT_HRESULT(VariantClear(&v), S_OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		V_VT(&v) = bad[i];
		EXPECT_HRESULT(VariantClear(&v), DISP_E_BADVARTYPE);
		SUITE_EQUAL_INT(V_VT(&v), bad[i]);
	}
	EXPECT_HRESULT(VariantClear(NULL), E_INVALIDARG);
}

static void
copying(void)
{
	VARIANT from = { 0 }, to;

	VariantInit(&to);
	V_VT(&from) = VT_BSTR;
	V_BSTR(&from) = SysAllocStringLen(OLESTR("a\0b"), 3);
	EXPECT_HRESULT(VariantCopy(&to, &from), S_OK);
	CU_ASSERT_PTR_NOT_EQUAL(V_BSTR(&to), V_BSTR(&from));
	SUITE_EQUAL_BYTES((BYTE *)V_BSTR(&to), SysStringByteLen(V_BSTR(&to)), "61 00 00 00 62 00");
	EXPECT_HRESULT(VariantCopy(&from, &from), S_OK);
	SUITE_EQUAL_INT(SysStringLen(V_BSTR(&from)), 3);
	/* The destination's string is freed, the source's not. */
	VariantClear(&from);
	V_VT(&from) = VT_UNKNOWN;
	V_UNKNOWN(&from) = &counted;
	references = 1;
	EXPECT_HRESULT(VariantCopy(&to, &from), S_OK);
	SUITE_EQUAL_INT(references, 2);
	V_VT(&from) = VT_BSTR;
	V_BSTR(&from) = NULL;
	EXPECT_HRESULT(VariantCopy(&to, &from), S_OK);
	SUITE_EQUAL_INT(references, 1);
	CU_ASSERT_PTR_NULL(V_BSTR(&to));
	V_VT(&from) = VT_VOID;
	EXPECT_HRESULT(VariantCopy(&to, &from), DISP_E_BADVARTYPE);
	SUITE_EQUAL_INT(V_VT(&to), VT_BSTR);
	EXPECT_HRESULT(VariantCopy(NULL, &to), E_INVALIDARG);
	EXPECT_HRESULT(VariantCopy(&to, NULL), E_INVALIDARG);
}

static void
looking_through(void)
{
	VARIANT from = { 0 }, middle = { 0 }, to;
	DECIMAL decimal = { .scale = 2, .Lo64 = 150 };
	SHORT small = -7;

	VariantInit(&to);
	V_VT(&from) = VT_BYREF | VT_I2;
	V_I2REF(&from) = &small;
	EXPECT_HRESULT(VariantCopy(&to, &from), S_OK);
	SUITE_EQUAL_HEX(V_VT(&to), VT_BYREF | VT_I2);
	EXPECT_HRESULT(VariantCopyInd(&to, &from), S_OK);
	SUITE_EQUAL_INT(V_VT(&to), VT_I2);
	SUITE_EQUAL_INT(V_I2(&to), -7);
	V_VT(&middle) = VT_BYREF | VT_VARIANT;
	V_VARIANTREF(&middle) = &from;
	EXPECT_HRESULT(VariantCopyInd(&to, &middle), S_OK);
	SUITE_EQUAL_INT(V_I2(&to), -7);
	V_VT(&from) = VT_BYREF | VT_VARIANT;
	V_VARIANTREF(&from) = &middle;
	EXPECT_HRESULT(VariantCopyInd(&to, &middle), E_INVALIDARG);
	V_VT(&from) = VT_BYREF | VT_DECIMAL;
	V_DECIMALREF(&from) = &decimal;
	EXPECT_HRESULT(VariantCopyInd(&to, &from), S_OK);
	SUITE_EQUAL_INT(V_VT(&to), VT_DECIMAL);
	SUITE_EQUAL_INT(V_DECIMAL(&to).Lo64, 150);
	V_BYREF(&from) = NULL;
	EXPECT_HRESULT(VariantCopyInd(&to, &from), E_INVALIDARG);
	V_VT(&from) = VT_I4;
	V_I4(&from) = 3;
	EXPECT_HRESULT(VariantCopyInd(&to, &from), S_OK);
	SUITE_EQUAL_INT(V_I4(&to), 3);
}

static void
arrays(void)
{
	VARIANT from = { 0 }, to;
	SAFEARRAY *array = SafeArrayCreateVector(VT_I4, 0, 2);
	SAFEARRAY *seen = array;

	VariantInit(&to);
	V_VT(&from) = VT_ARRAY | VT_I4;
	V_ARRAY(&from) = array;
	EXPECT_HRESULT(VariantCopy(&to, &from), S_OK);
	CU_ASSERT_PTR_NOT_EQUAL(V_ARRAY(&to), array);
	EXPECT_HRESULT(SafeArrayLock(V_ARRAY(&to)), S_OK);
	EXPECT_HRESULT(VariantClear(&to), DISP_E_ARRAYISLOCKED);
	EXPECT_HRESULT(VariantCopy(&to, &from), DISP_E_ARRAYISLOCKED);
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_ARRAY | VT_I4), DISP_E_ARRAYISLOCKED);
	SUITE_EQUAL_HEX(V_VT(&to), VT_ARRAY | VT_I4);
	EXPECT_HRESULT(SafeArrayUnlock(V_ARRAY(&to)), S_OK);
	EXPECT_HRESULT(VariantClear(&to), S_OK);
	V_VT(&from) = VT_BYREF | VT_ARRAY | VT_I4;
	V_ARRAYREF(&from) = &seen;
	EXPECT_HRESULT(VariantChangeType(&to, &from, 0, VT_ARRAY | VT_I4), S_OK);
	SUITE_EQUAL_INT(SafeArrayGetElemsize(V_ARRAY(&to)), 4);
	EXPECT_HRESULT(VariantClear(&to), S_OK);
	EXPECT_HRESULT(SafeArrayDestroy(array), S_OK);
}

static void
records(void)
{
	struct record_info *info = record_info_new();
	VARIANT from = { 0 }, to;

	VariantInit(&to);
	V_VT(&from) = VT_RECORD;
	V_RECORDINFO(&from) = &info->IRecordInfo_iface;
	V_RECORD(&from) = info->IRecordInfo_iface.lpVtbl->RecordCreate(&info->IRecordInfo_iface);
	record_set(V_RECORD(&from), "first");
	EXPECT_HRESULT(VariantCopy(&to, &from), S_OK);
	SUITE_EQUAL_STRING(record_get(V_RECORD(&to)), "first");
	SUITE_EQUAL_INT(info->references, 2);
	SUITE_EQUAL_INT(info->live, 2);
	EXPECT_HRESULT(VariantClear(&to), S_OK);
	SUITE_EQUAL_INT(info->live, 1);
	SUITE_EQUAL_INT(info->references, 1);
	info->fail = E_OUTOFMEMORY;
	EXPECT_HRESULT(VariantCopy(&to, &from), E_OUTOFMEMORY);
	SUITE_EQUAL_INT(V_VT(&to), VT_EMPTY);
	info->fail = S_OK;
	info->references++;
	EXPECT_HRESULT(VariantClear(&from), S_OK);
	SUITE_EQUAL_INT(info->live, 0);
	SUITE_EQUAL_INT(info->references, 1);
	record_info_free(info);
}

static const struct suite_test tests[] = {
	{ "clearing", clearing },
	{ "copying", copying },
	{ "looking through references", looking_through },
	{ "arrays", arrays },
	{ "records", records },
};

int
main(void)
{
	return suite_run("VARIANT", tests, sizeof tests / sizeof tests[0]);
}
