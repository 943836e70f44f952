/* SPDX-License-Identifier: BSD-2-Clause */
/* The task allocator as an object, and the spy that watches it. */
#include <oleauto.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/com_scratch.h"
#include "tests/unit/com_spy.h"

#define THREADS 4
#define ROUNDS 500

static IMalloc *
allocator(void)
{
	IMalloc *allocator = NULL;

	EXPECT_HRESULT(CoGetMalloc(1, &allocator), S_OK);
	if (allocator == NULL)
		abort();
	return allocator;
}

static void
singleton(void)
{
	IMalloc *a = allocator(), *b = (IMalloc *)&a;
	IUnknown *unknown = NULL;
	void *other = &a;

	EXPECT_HRESULT(CoGetMalloc(2, &b), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(b);
	EXPECT_HRESULT(CoGetMalloc(1, NULL), E_POINTER);
	CU_ASSERT_PTR_EQUAL(a, allocator());
	EXPECT_HRESULT(a->lpVtbl->QueryInterface(a, &IID_IUnknown, (void **)&unknown), S_OK);
	CU_ASSERT_PTR_EQUAL(unknown, a);
	EXPECT_HRESULT(a->lpVtbl->QueryInterface(a, &IID_IStream, &other), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(other);
	EXPECT_HRESULT(a->lpVtbl->QueryInterface(a, &IID_IMalloc, NULL), E_POINTER);
	CU_ASSERT(a->lpVtbl->AddRef(a) > 0);
	CU_ASSERT(a->lpVtbl->Release(a) > 0);
}

static void
methods(void)
{
	IMalloc *a = allocator();
	char *block = a->lpVtbl->Alloc(a, 10);

	CU_ASSERT_PTR_NOT_NULL_FATAL(block);
	SUITE_EQUAL_INT((uintptr_t)block % 16, 0);
	memset(block, 'x', 10);
	CU_ASSERT(a->lpVtbl->GetSize(a, block) >= 10);
	SUITE_EQUAL_INT(a->lpVtbl->DidAlloc(a, block), -1);
	block = a->lpVtbl->Realloc(a, block, 5000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(block);
	SUITE_EQUAL_INT(block[9], 'x');
	CU_ASSERT(a->lpVtbl->GetSize(a, block) >= 5000);
	CoTaskMemFree(block); /* one allocator */
	CU_ASSERT_PTR_NULL(a->lpVtbl->Realloc(a, CoTaskMemAlloc(4), 0));
	CU_ASSERT(a->lpVtbl->GetSize(a, NULL) == (SIZE_T)-1);
	SUITE_EQUAL_INT(a->lpVtbl->DidAlloc(a, NULL), -1);
	a->lpVtbl->Free(a, NULL);
	a->lpVtbl->HeapMinimize(a);
}

static void
registration(void)
{
	struct spy spy = spy_new(), second = spy_new();
	struct spy impostor = spy_impostor();

	EXPECT_HRESULT(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
	EXPECT_HRESULT(CoRegisterMallocSpy(NULL), E_INVALIDARG);
	EXPECT_HRESULT(CoRegisterMallocSpy(&impostor.iface), E_INVALIDARG);
	EXPECT_HRESULT(CoRegisterMallocSpy(&spy.iface), S_OK);
	SUITE_EQUAL_INT(spy.references, 2);
	EXPECT_HRESULT(CoRegisterMallocSpy(&second.iface), CO_E_OBJISREG);
	SUITE_EQUAL_INT(second.references, 1);
	EXPECT_HRESULT(CoRevokeMallocSpy(), S_OK);
	SUITE_EQUAL_INT(spy.references, 1);
	EXPECT_HRESULT(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
}

/* Every call is seen, with and without blocks that were there before. */
static void
sees_all(void)
{
	IMalloc *a = allocator();
	struct spy spy = spy_new();
	char *old = CoTaskMemAlloc(8), *older = CoTaskMemAlloc(8), *block, *other;

	memcpy(old, "abcdefgh", 8);
	EXPECT_HRESULT(CoRegisterMallocSpy(&spy.iface), S_OK);
	block = CoTaskMemAlloc(100);
	CU_ASSERT_PTR_NOT_NULL_FATAL(block);
	SUITE_EQUAL_INT(spy.last_request, 100);
	memset(block, 'y', 100);
	other = a->lpVtbl->Alloc(a, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(other);
	SUITE_EQUAL_INT(spy.allocs, 2);
	SUITE_EQUAL_INT(spy.last_request, 0);
	block = CoTaskMemRealloc(block, 100000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(block);
	SUITE_EQUAL_INT(block[99], 'y');
	old = CoTaskMemRealloc(old, 64); /* stays without a header */
	CU_ASSERT_PTR_NOT_NULL_FATAL(old);
	SUITE_EQUAL_BYTES(old, 8, "6162636465666768");
	SUITE_EQUAL_INT(spy.reallocs, 2);
	CU_ASSERT(a->lpVtbl->GetSize(a, block) >= 100000);
	SUITE_EQUAL_INT(spy.sizes, 1);
	SUITE_EQUAL_INT(a->lpVtbl->DidAlloc(a, block), 1);
	SUITE_EQUAL_INT(a->lpVtbl->DidAlloc(a, old), -1);
	SUITE_EQUAL_INT(spy.asks, 2);
	a->lpVtbl->HeapMinimize(a);
	SUITE_EQUAL_INT(spy.trims, 1);
	CoTaskMemFree(NULL);
	CoTaskMemFree(block);
	CU_ASSERT_PTR_NULL(CoTaskMemRealloc(other, 0));
	SUITE_EQUAL_INT(spy.frees, 2);
	CoTaskMemFree(old);
	CoTaskMemFree(older);
	SUITE_EQUAL_INT(spy.foreign_frees, 2);
	other = CoTaskMemRealloc(NULL, 6);
	SUITE_EQUAL_INT(spy.allocs, 3);
	CoTaskMemFree(other);
	EXPECT_HRESULT(CoRevokeMallocSpy(), S_OK);
	SUITE_EQUAL_INT(spy.references, 1);
	SUITE_EQUAL_INT(spy.overlaps, 0);
}

/* A spy that changed addresses stays for its own blocks, and for no others. */
static void
leaves_with_its_last_block(void)
{
	struct spy spy = spy_new(), next = spy_new();
	char *first, *second, *later;

	EXPECT_HRESULT(CoRegisterMallocSpy(&spy.iface), S_OK);
	first = CoTaskMemAlloc(1);
	second = CoTaskMemAlloc(2);
	EXPECT_HRESULT(CoRevokeMallocSpy(), E_ACCESSDENIED);
	SUITE_EQUAL_INT(spy.references, 2);
	EXPECT_HRESULT(CoRegisterMallocSpy(&next.iface), CO_E_OBJISREG);
	later = CoTaskMemAlloc(3);
	SUITE_EQUAL_INT(spy.allocs, 2);
	CoTaskMemFree(first);
	SUITE_EQUAL_INT(spy.references, 2);
	CoTaskMemFree(later);
	SUITE_EQUAL_INT(spy.foreign_frees, 0);
	second = CoTaskMemRealloc(second, 2000);
	SUITE_EQUAL_INT(spy.reallocs, 1);
	CoTaskMemFree(second);
	SUITE_EQUAL_INT(spy.frees, 2);
	SUITE_EQUAL_INT(spy.references, 1);
	EXPECT_HRESULT(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
	EXPECT_HRESULT(CoRegisterMallocSpy(&next.iface), S_OK);
	EXPECT_HRESULT(CoRevokeMallocSpy(), S_OK);
}

static void
injects_failure(void)
{
	struct spy spy = spy_new();
	char *block = CoTaskMemAlloc(4);
	OLECHAR *text = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(block);
	EXPECT_HRESULT(CoRegisterMallocSpy(&spy.iface), S_OK);
	spy.refuse = true;
	CU_ASSERT_PTR_NULL(CoTaskMemAlloc(16));
	CU_ASSERT_PTR_NULL(CoTaskMemRealloc(block, 16));
	EXPECT_HRESULT(StringFromCLSID(&IID_IUnknown, &text), E_OUTOFMEMORY);
	CU_ASSERT_PTR_NULL(text);
	SUITE_EQUAL_INT(spy.allocs + spy.reallocs, 0);
	spy.refuse = false;
	CoTaskMemFree(block);
	SUITE_EQUAL_INT(spy.foreign_frees, 1);
	EXPECT_HRESULT(CoRevokeMallocSpy(), S_OK);
}

static void
sees_strings(void)
{
	struct spy spy = spy_new();
	BSTR text;

	EXPECT_HRESULT(CoRegisterMallocSpy(&spy.iface), S_OK);
	text = SysAllocString(u"text");
	SUITE_EQUAL_INT(spy.allocs, 1);
	SUITE_EQUAL_INT(SysStringLen(text), 4);
	SUITE_EQUAL_INT((uintptr_t)text % 16, 8);
	EXPECT_HRESULT(CoRevokeMallocSpy(), E_ACCESSDENIED); /* a string that was forgotten */
	SysFreeString(text);
	SUITE_EQUAL_INT(spy.frees, 1);
	SUITE_EQUAL_INT(spy.references, 1);
}

static void
spy_that_allocates(void)
{
	struct spy spy = spy_new();

	spy.allocates = true;
	EXPECT_HRESULT(CoRegisterMallocSpy(&spy.iface), S_OK);
	CoTaskMemFree(CoTaskMemAlloc(1));
	SUITE_EQUAL_INT(spy.allocs, 1);
	SUITE_EQUAL_INT(spy.frees, 1);
	SUITE_EQUAL_INT(spy.foreign_frees, 0);
	EXPECT_HRESULT(CoRevokeMallocSpy(), S_OK);
}

static void *
allocate_much(void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < ROUNDS; i++)
		CoTaskMemFree(CoTaskMemRealloc(CoTaskMemAlloc(i), i + 1));
	return NULL;
}

/* Allocation goes on while spies come and go; what one sees, it sees in pairs. */
static void
many_threads(void)
{
	pthread_t threads[THREADS];

	for (unsigned round = 0; round < 10; round++) {
		struct spy spy = spy_new();

		for (unsigned i = 0; i < THREADS; i++)
			if (pthread_create(&threads[i], NULL, allocate_much, NULL) != 0)
				abort();
		EXPECT_HRESULT(CoRegisterMallocSpy(&spy.iface), S_OK);
		allocate_much(NULL);
		/* In every other round while blocks of the threads may be out. */
		if (round % 2 == 0)
			CoRevokeMallocSpy();
		for (unsigned i = 0; i < THREADS; i++)
			pthread_join(threads[i], NULL);
		if (round % 2 != 0)
			EXPECT_HRESULT(CoRevokeMallocSpy(), S_OK);
		SUITE_EQUAL_INT(spy.references, 1);
		SUITE_EQUAL_INT(spy.overlaps, 0);
		SUITE_EQUAL_INT(spy.allocs, spy.frees);
		CU_ASSERT(spy.allocs >= ROUNDS);
	}
	EXPECT_HRESULT(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
}

static const struct suite_test tests[] = {
	{ "CoGetMalloc gives one object", singleton },
	{ "its methods", methods },
	{ "registering and revoking a spy", registration },
	{ "a spy sees every call", sees_all },
	{ "a revoked spy leaves with its last block", leaves_with_its_last_block },
	{ "a spy makes allocation fail", injects_failure },
	{ "a spy sees counted strings", sees_strings },
	{ "a spy that allocates", spy_that_allocates },
	{ "spies come and go while threads allocate", many_threads },
};

int
main(void)
{
	return suite_run("allocator", tests, sizeof tests / sizeof tests[0]);
}
