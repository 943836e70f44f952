/* SPDX-License-Identifier: BSD-2-Clause */
/* Enumerators made by tessera_enum_create. */
#include <comcat.h>
#include <oleauto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_com.h>
#include <tessera_enum.h>

#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define THREADS 4
#define MANY 4000u

static const GUID guids[] = { { 1, 0, 0, { 0 } }, { 2, 0, 0, { 0 } }, { 3, 0, 0, { 0 } },
	{ 4, 0, 0, { 0 } }, { 5, 0, 0, { 0 } } };

static IEnumGUID *
five(void)
{
	IEnumGUID *five = NULL;

	EXPECT_HRESULT(
	    tessera_enum_create(&tessera_enum_guid, guids, 5, NULL, (void **)&five), S_OK);
	if (five == NULL)
		abort();
	return five;
}

/* Takes `wanted`; expects `expected`, beginning with number `first`, and what lies beyond left
 * alone. */
static void
expect_next(IEnumGUID *e, ULONG wanted, ULONG expected, uint32_t first)
{
	GUID items[8];
	ULONG fetched = 99;

	memset(items, 0xEE, sizeof items);
	EXPECT_HRESULT(
	    e->lpVtbl->Next(e, wanted, items, &fetched), wanted == expected ? S_OK : S_FALSE);
	SUITE_EQUAL_INT(fetched, expected);
	for (ULONG i = 0; i < 8; i++)
		SUITE_EQUAL_HEX(items[i].Data1, i < expected ? first + i : 0xEEEEEEEE);
}

static void
next(void)
{
	IEnumGUID *e = five();
	GUID item = IID_IUnknown;
	ULONG fetched = 99;

	expect_next(e, 0, 0, 0);
	expect_next(e, 1, 1, 1);
	expect_next(e, 3, 3, 2);
	expect_next(e, 3, 1, 5);
	expect_next(e, 1, 0, 0);
	expect_next(e, 0, 0, 0);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 1, &item, NULL), S_FALSE);
	CU_ASSERT(IsEqualGUID(&item, &IID_IUnknown));
	EXPECT_HRESULT(e->lpVtbl->Reset(e), S_OK);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 1, &item, NULL), S_OK);
	SUITE_EQUAL_INT(item.Data1, 1);
	/* NULL: only one item may be asked for without a place for the count. */
	EXPECT_HRESULT(e->lpVtbl->Next(e, 2, &item, NULL), E_POINTER);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 0, &item, NULL), E_POINTER);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 1, NULL, &fetched), E_POINTER);
	SUITE_EQUAL_INT(fetched, 0);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 0, NULL, &fetched), S_OK);
	expect_next(e, 4, 4, 2);
	SUITE_EQUAL_INT(e->lpVtbl->Release(e), 0);
}

static void
skip(void)
{
	IEnumGUID *e = five();

	EXPECT_HRESULT(e->lpVtbl->Skip(e, 0), S_OK);
	EXPECT_HRESULT(e->lpVtbl->Skip(e, 2), S_OK);
	expect_next(e, 1, 1, 3);
	EXPECT_HRESULT(e->lpVtbl->Skip(e, 3), S_FALSE);
	expect_next(e, 1, 0, 0);
	EXPECT_HRESULT(e->lpVtbl->Skip(e, 1), S_FALSE);
	EXPECT_HRESULT(e->lpVtbl->Skip(e, 0), S_OK);
	EXPECT_HRESULT(e->lpVtbl->Reset(e), S_OK);
	EXPECT_HRESULT(e->lpVtbl->Skip(e, UINT32_MAX), S_FALSE);
	EXPECT_HRESULT(e->lpVtbl->Reset(e), S_OK);
	EXPECT_HRESULT(e->lpVtbl->Skip(e, 5), S_OK);
	expect_next(e, 2, 0, 0);
	e->lpVtbl->Release(e);
}

static void
clones(void)
{
	IEnumGUID *e = five(), *copy = NULL, *third = NULL;

	expect_next(e, 2, 2, 1);
	EXPECT_HRESULT(e->lpVtbl->Clone(e, NULL), E_POINTER);
	EXPECT_HRESULT(e->lpVtbl->Clone(e, &copy), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	CU_ASSERT(copy != e);
	expect_next(e, 1, 1, 3);
	expect_next(copy, 1, 1, 3);
	EXPECT_HRESULT(e->lpVtbl->Reset(e), S_OK);
	expect_next(copy, 1, 1, 4);
	/* The copy lives on without the original. */
	SUITE_EQUAL_INT(e->lpVtbl->Release(e), 0);
	expect_next(copy, 2, 1, 5);
	EXPECT_HRESULT(copy->lpVtbl->Clone(copy, &third), S_OK);
	expect_next(third, 1, 0, 0);
	third->lpVtbl->Release(third);
	copy->lpVtbl->Release(copy);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
empty_and_wrong(void)
{
	IEnumGUID *e = NULL;
	void *other = &e;

	EXPECT_HRESULT(tessera_enum_create(&tessera_enum_guid, NULL, 0, NULL, (void **)&e), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	expect_next(e, 1, 0, 0);
	EXPECT_HRESULT(e->lpVtbl->Skip(e, 1), S_FALSE);
	EXPECT_HRESULT(e->lpVtbl->QueryInterface(e, &IID_IEnumString, &other), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(other);
	e->lpVtbl->Release(e);
	EXPECT_HRESULT(
	    tessera_enum_create(&tessera_enum_guid, NULL, 1, NULL, (void **)&e), E_POINTER);
	CU_ASSERT_PTR_NULL(e);
	EXPECT_HRESULT(tessera_enum_create(NULL, guids, 1, NULL, (void **)&e), E_POINTER);
	EXPECT_HRESULT(tessera_enum_create(&tessera_enum_guid, guids, 1, NULL, NULL), E_POINTER);
	EXPECT_HRESULT(tessera_enum_create(&tessera_enum_guid, guids, TESSERA_ENUM_ITEMS_MAX + 1u,
			   NULL, (void **)&e),
	    E_INVALIDARG);
}

static void
strings(void)
{
	OLECHAR one[] = u"one", empty[] = u"";
	LPOLESTR texts[] = { one, empty, NULL }, got[3];
	IEnumString *e = NULL;
	ULONG fetched;

	EXPECT_HRESULT(
	    tessera_enum_create(&tessera_enum_string, texts, 3, NULL, (void **)&e), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	one[0] = u'X'; /* it has copies */
	EXPECT_HRESULT(e->lpVtbl->Next(e, 3, got, &fetched), S_OK);
	e->lpVtbl->Release(e);
	SUITE_EQUAL_BYTES(got[0], 8, "6F006E0065000000");
	SUITE_EQUAL_BYTES(got[1], 2, "0000");
	CU_ASSERT_PTR_NULL(got[2]);
	CoTaskMemFree(got[0]);
	CoTaskMemFree(got[1]);
}

static void
values(void)
{
	VARIANT array[2], got[3];
	IEnumVARIANT *e = NULL;
	ULONG fetched;

	VariantInit(&array[0]);
	V_VT(&array[0]) = VT_BSTR;
	V_BSTR(&array[0]) = SysAllocString(u"text");
	VariantInit(&array[1]);
	V_VT(&array[1]) = VT_I4;
	V_I4(&array[1]) = 7;
	EXPECT_HRESULT(
	    tessera_enum_create(&tessera_enum_variant, array, 2, NULL, (void **)&e), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	memset(got, 0xEE, sizeof got); /* places for results are not initialised */
	EXPECT_HRESULT(e->lpVtbl->Next(e, 3, got, &fetched), S_FALSE);
	SUITE_EQUAL_INT(fetched, 2);
	SUITE_EQUAL_INT(V_VT(&got[0]), VT_BSTR);
	CU_ASSERT(V_BSTR(&got[0]) != V_BSTR(&array[0]));
	SUITE_EQUAL_BYTES(V_BSTR(&got[0]), 8, "7400650078007400");
	SUITE_EQUAL_INT(V_VT(&got[1]), VT_I4);
	SUITE_EQUAL_INT(V_I4(&got[1]), 7);
	SUITE_EQUAL_HEX(V_VT(&got[2]), 0xEEEE);
	VariantClear(&got[0]);
	VariantClear(&array[0]);
	e->lpVtbl->Release(e);
}

static void
interfaces(void)
{
	struct check_outer object, owner;
	IUnknown *array[3], *got[3] = { NULL };
	IEnumUnknown *e = NULL, *copy = NULL;
	ULONG fetched;

	check_outer_init(&object);
	check_outer_init(&owner);
	array[0] = array[2] = &object.unknown;
	array[1] = NULL;
	EXPECT_HRESULT(
	    tessera_enum_create(&tessera_enum_unknown, array, 3, &owner.unknown, (void **)&e),
	    S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	SUITE_EQUAL_INT(object.references, 3);
	SUITE_EQUAL_INT(owner.references, 2);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 3, got, &fetched), S_OK);
	SUITE_EQUAL_INT(object.references, 5);
	CU_ASSERT_PTR_EQUAL(got[0], &object.unknown);
	CU_ASSERT_PTR_NULL(got[1]);
	got[0]->lpVtbl->Release(got[0]);
	got[2]->lpVtbl->Release(got[2]);
	EXPECT_HRESULT(e->lpVtbl->Clone(e, &copy), S_OK);
	e->lpVtbl->Release(e);
	SUITE_EQUAL_INT(owner.references, 2);
	copy->lpVtbl->Release(copy);
	SUITE_EQUAL_INT(object.references, 1);
	SUITE_EQUAL_INT(owner.references, 1);
}

/* Items whose copying can be made to fail. */
static int copies_left, copies_alive;

static HRESULT
frail_copy(void *to, const void *from)
{
	if (copies_left == 0)
		return E_OUTOFMEMORY;
	copies_left--;
	copies_alive++;
	memcpy(to, from, sizeof(GUID));
	return S_OK;
}

static void
frail_clear(void *item)
{
	((GUID *)item)->Data1 = 0;
	copies_alive--;
}

static void
failing_copies(void)
{
	static const struct tessera_enum frail = { &IID_IEnumGUID, sizeof(GUID), frail_copy,
		frail_clear };
	IEnumGUID *e = NULL;
	GUID items[5];
	ULONG fetched = 99;

	copies_left = 3;
	copies_alive = 0;
	EXPECT_HRESULT(tessera_enum_create(&frail, guids, 5, NULL, (void **)&e), E_OUTOFMEMORY);
	CU_ASSERT_PTR_NULL(e);
	SUITE_EQUAL_INT(copies_alive, 0);
	copies_left = 5 + 1 + 2;
	EXPECT_HRESULT(tessera_enum_create(&frail, guids, 5, NULL, (void **)&e), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 1, items, &fetched), S_OK);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 4, items, &fetched), E_OUTOFMEMORY);
	SUITE_EQUAL_INT(fetched, 0);
	SUITE_EQUAL_INT(copies_alive, 6);
	/* It stayed where it was. */
	copies_left = 4;
	EXPECT_HRESULT(e->lpVtbl->Next(e, 4, items, &fetched), S_OK);
	SUITE_EQUAL_INT(items[0].Data1, 2);
	SUITE_EQUAL_INT(items[3].Data1, 5);
	e->lpVtbl->Release(e);
	SUITE_EQUAL_INT(copies_alive, 5);
}

struct share {
	IEnumGUID *e;
	uint64_t sum;
	uint32_t count;
};

static void *
take(void *data)
{
	struct share *share = data;
	GUID items[3];
	ULONG fetched;

	do {
		if (FAILED(share->e->lpVtbl->Next(share->e, 3, items, &fetched)))
			abort();
		for (ULONG i = 0; i < fetched; i++)
			share->sum += items[i].Data1;
		share->count += fetched;
	} while (fetched != 0);
	return NULL;
}

/* Each item goes to one thread. */
static void
many_threads(void)
{
	GUID *items = calloc(MANY, sizeof *items);
	struct share shares[THREADS] = { 0 };
	pthread_t threads[THREADS];
	IEnumGUID *e = NULL;
	uint64_t sum = 0, count = 0;

	for (uint32_t i = 0; items != NULL && i < MANY; i++)
		items[i].Data1 = i + 1;
	EXPECT_HRESULT(
	    tessera_enum_create(&tessera_enum_guid, items, MANY, NULL, (void **)&e), S_OK);
	for (unsigned i = 0; i < THREADS; i++) {
		shares[i].e = e;
		if (pthread_create(&threads[i], NULL, take, &shares[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum += shares[i].sum;
		count += shares[i].count;
	}
	SUITE_EQUAL_INT(count, MANY);
	SUITE_EQUAL_INT(sum, (uint64_t)MANY * (MANY + 1) / 2);
	e->lpVtbl->Release(e);
	free(items);
}

static const struct suite_test tests[] = {
	{ "Next", next },
	{ "Skip and Reset", skip },
	{ "clones have their own place", clones },
	{ "nothing in it, and wrong use", empty_and_wrong },
	{ "strings", strings },
	{ "values", values },
	{ "interfaces, and the owner", interfaces },
	{ "Next gives all or nothing when copying fails", failing_copies },
	{ "each item goes to one thread", many_threads },
};

int
main(void)
{
	return suite_run("enumerators", tests, sizeof tests / sizeof tests[0]);
}
