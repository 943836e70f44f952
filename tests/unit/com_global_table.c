/* SPDX-License-Identifier: BSD-2-Clause */
/* The global interface table. */
#include <objbase.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <tessera_com.h>

#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define THREADS 4
#define ROUNDS 300
#define POISON ((void *)(uintptr_t)0xDEADBEEF)

static IGlobalInterfaceTable *
open_table(void)
{
	IGlobalInterfaceTable *table = NULL;

	EXPECT_HRESULT(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
			   &IID_IGlobalInterfaceTable, (void **)&table),
	    S_OK);
	if (table == NULL)
		abort();
	return table;
}

static HRESULT
put(IGlobalInterfaceTable *table, struct check_outer *object, DWORD *ret_cookie)
{
	return table->lpVtbl->RegisterInterfaceInGlobal(
	    table, &object->unknown, &IID_IUnknown, ret_cookie);
}

static HRESULT
get(IGlobalInterfaceTable *table, DWORD cookie, IUnknown **ret)
{
	return table->lpVtbl->GetInterfaceFromGlobal(table, cookie, &IID_IUnknown, (void **)ret);
}

static void
keeps(void)
{
	IGlobalInterfaceTable *table = open_table(), *other = open_table();
	struct check_outer object;
	IUnknown *got = POISON;
	DWORD cookie = 0;

	check_outer_init(&object);
	EXPECT_HRESULT(put(table, &object, &cookie), S_OK);
	CU_ASSERT(cookie != 0);
	SUITE_EQUAL_INT(object.references, 2);
	for (unsigned i = 0; i < 3; i++) {
		EXPECT_HRESULT(get(table, cookie, &got), S_OK);
		CU_ASSERT_PTR_EQUAL(got, &object.unknown);
		got->lpVtbl->Release(got);
	}
	/* It is one table, and it needs no object of the class to last. */
	table->lpVtbl->Release(table);
	EXPECT_HRESULT(get(other, cookie, &got), S_OK);
	got->lpVtbl->Release(got);
	other->lpVtbl->Release(other);
	table = open_table();
	EXPECT_HRESULT(
	    table->lpVtbl->GetInterfaceFromGlobal(table, cookie, &IID_IStream, (void **)&got),
	    E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(got);
	EXPECT_HRESULT(table->lpVtbl->RevokeInterfaceFromGlobal(table, cookie), S_OK);
	SUITE_EQUAL_INT(object.references, 1);
	EXPECT_HRESULT(table->lpVtbl->RevokeInterfaceFromGlobal(table, cookie), E_INVALIDARG);
	SCRATCH_TEXT_HAS("global interface table", "revoked");
	got = POISON;
	EXPECT_HRESULT(get(table, cookie, &got), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(got);
	table->lpVtbl->Release(table);
}

static void
numbers(void)
{
	IGlobalInterfaceTable *table = open_table();
	struct check_outer object;
	DWORD cookies[100], first;

	check_outer_init(&object);
	EXPECT_HRESULT(put(table, &object, &first), S_OK);
	EXPECT_HRESULT(table->lpVtbl->RevokeInterfaceFromGlobal(table, first), S_OK);
	/* One object many times; no number comes back. */
	for (unsigned i = 0; i < 100; i++) {
		EXPECT_HRESULT(put(table, &object, &cookies[i]), S_OK);
		CU_ASSERT(cookies[i] != 0 && cookies[i] != first);
		for (unsigned j = 0; j < i; j++)
			CU_ASSERT(cookies[i] != cookies[j]);
	}
	SUITE_EQUAL_INT(object.references, 101);
	for (unsigned i = 0; i < 100; i++)
		EXPECT_HRESULT(table->lpVtbl->RevokeInterfaceFromGlobal(table, cookies[i]), S_OK);
	SUITE_EQUAL_INT(object.references, 1);
	table->lpVtbl->Release(table);
}

static void
failures(void)
{
	IGlobalInterfaceTable *table = open_table();
	struct check_outer object, outer;
	DWORD cookie = 77;
	void *none = POISON;

	check_outer_init(&object);
	EXPECT_HRESULT(
	    table->lpVtbl->RegisterInterfaceInGlobal(table, &object.unknown, &IID_IStream, &cookie),
	    E_NOINTERFACE);
	SUITE_EQUAL_INT(cookie, 0);
	EXPECT_HRESULT(
	    table->lpVtbl->RegisterInterfaceInGlobal(table, NULL, &IID_IUnknown, &cookie),
	    E_INVALIDARG);
	EXPECT_HRESULT(
	    table->lpVtbl->RegisterInterfaceInGlobal(table, &object.unknown, NULL, &cookie),
	    E_INVALIDARG);
	EXPECT_HRESULT(put(table, &object, NULL), E_INVALIDARG);
	SUITE_EQUAL_INT(object.references, 1);
	EXPECT_HRESULT(table->lpVtbl->RevokeInterfaceFromGlobal(table, 0), E_INVALIDARG);
	EXPECT_HRESULT(get(table, 0, (IUnknown **)&none), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(none);
	EXPECT_HRESULT(get(table, 1, NULL), E_POINTER);
	table->lpVtbl->Release(table);
	check_outer_init(&outer);
	none = POISON;
	EXPECT_HRESULT(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, &outer.unknown,
			   CLSCTX_INPROC_SERVER, &IID_IUnknown, &none),
	    CLASS_E_NOAGGREGATION);
	CU_ASSERT_PTR_NULL(none);
	CoTaskMemFree(tessera_error_text());
}

struct shared {
	struct check_outer object;
	DWORD cookie;
};

static void *
use(void *data)
{
	struct shared *shared = data;
	IGlobalInterfaceTable *table = open_table();
	IUnknown *got;
	DWORD own;
	bool fine = true;

	for (unsigned i = 0; i < ROUNDS && fine; i++) {
		fine = put(table, &shared->object, &own) == S_OK &&
		    get(table, shared->cookie, &got) == S_OK;
		if (fine)
			got->lpVtbl->Release(got);
		fine = fine && get(table, own, &got) == S_OK;
		if (fine)
			got->lpVtbl->Release(got);
		fine = fine && table->lpVtbl->RevokeInterfaceFromGlobal(table, own) == S_OK &&
		    get(table, own, &got) == E_INVALIDARG;
		CoTaskMemFree(tessera_error_text());
	}
	table->lpVtbl->Release(table);
	return fine ? NULL : data;
}

static void
many_threads(void)
{
	IGlobalInterfaceTable *table = open_table();
	pthread_t threads[THREADS];
	struct shared shared;
	void *failed;

	check_outer_init(&shared.object);
	EXPECT_HRESULT(put(table, &shared.object, &shared.cookie), S_OK);
	for (unsigned i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, use, &shared) != 0)
			abort();
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &failed);
		CU_ASSERT_PTR_NULL(failed);
	}
	EXPECT_HRESULT(table->lpVtbl->RevokeInterfaceFromGlobal(table, shared.cookie), S_OK);
	SUITE_EQUAL_INT(shared.object.references, 1);
	table->lpVtbl->Release(table);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

/* An object that uses the table while the table lets go of it. */
static IGlobalInterfaceTable *table_of_last;
static DWORD cookie_of_last;
static HRESULT seen_by_last;

static ULONG
last_AddRef(IUnknown *This)
{
	(void)This;
	return 2;
}

static ULONG
last_Release(IUnknown *This)
{
	IUnknown *got;

	(void)This;
	seen_by_last = get(table_of_last, cookie_of_last, &got);
	return 1;
}

static HRESULT
last_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
	(void)riid;
	*ppv = This;
	return S_OK;
}

static void
no_lock_during_release(void)
{
	static const IUnknownVtbl vtbl = { last_QueryInterface, last_AddRef, last_Release };
	IUnknown last = { &vtbl };

	table_of_last = open_table();
	EXPECT_HRESULT(table_of_last->lpVtbl->RegisterInterfaceInGlobal(
			   table_of_last, &last, &IID_IUnknown, &cookie_of_last),
	    S_OK);
	EXPECT_HRESULT(
	    table_of_last->lpVtbl->RevokeInterfaceFromGlobal(table_of_last, cookie_of_last), S_OK);
	EXPECT_HRESULT(seen_by_last, E_INVALIDARG);
	table_of_last->lpVtbl->Release(table_of_last);
	CoTaskMemFree(tessera_error_text());
}

static const struct suite_test tests[] = {
	{ "keeps and gives interfaces, from any object of the class", keeps },
	{ "numbers do not come back", numbers },
	{ "failures", failures },
	{ "an object that asks while it is let go", no_lock_during_release },
	{ "many threads", many_threads },
};

int
main(void)
{
	int status;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	status = suite_run("global interface table", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return status;
}
