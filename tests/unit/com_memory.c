/* SPDX-License-Identifier: BSD-2-Clause */
/* The task allocator and global memory. */
#include <objbase.h>
#include <stdint.h>
#include <string.h>

#include "tests/suite.h"

/* AddressSanitizer, too, is to answer NULL where there is no memory. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
task_memory(void)
{
	unsigned char *a = CoTaskMemAlloc(0), *b = CoTaskMemAlloc(0), *c;

	CU_ASSERT(a != NULL && b != NULL && a != b);
	CoTaskMemFree(b);
	a = CoTaskMemRealloc(a, 10);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	CU_ASSERT_EQUAL((uintptr_t)a % 16, 0);
	memset(a, 0x5A, 10);
	c = CoTaskMemRealloc(a, 100000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	SUITE_EQUAL_BYTES(c, 10, "5A5A5A5A5A5A5A5A5A5A");
	CU_ASSERT_PTR_NULL(CoTaskMemRealloc(c, 0)); /* freed; LeakSanitizer would tell */
	c = CoTaskMemRealloc(NULL, 16);
	CU_ASSERT_PTR_NOT_NULL(c);
	CoTaskMemFree(c);
	c = CoTaskMemRealloc(NULL, 0);
	CU_ASSERT_PTR_NOT_NULL(c);
	CoTaskMemFree(c);
	CoTaskMemFree(NULL);
}

static void
task_memory_failure(void)
{
	volatile SIZE_T huge = SIZE_MAX / 2 + 1;
	unsigned char *a = CoTaskMemAlloc(4);

	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	memcpy(a, "abcd", 4);
	CU_ASSERT_PTR_NULL(CoTaskMemAlloc(huge));
	CU_ASSERT_PTR_NULL(CoTaskMemRealloc(a, huge));
	SUITE_EQUAL_BYTES(a, 4, "61626364");
	CoTaskMemFree(a);
}

static void
global_blocks(void)
{
	HGLOBAL h = GlobalAlloc(GHND, 5), same;
	unsigned char *p;

	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	CU_ASSERT_EQUAL(GlobalSize(h), 5);
	p = GlobalLock(h);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	SUITE_EQUAL_BYTES(p, 5, "0000000000");
	memcpy(p, "\1\2\3\4\5", 5);
	CU_ASSERT_PTR_EQUAL(GlobalLock(h), p);
	CU_ASSERT_PTR_NULL(GlobalReAlloc(h, 50, GMEM_MOVEABLE));
	CU_ASSERT_EQUAL(GlobalUnlock(h), TRUE);
	CU_ASSERT_PTR_NULL(GlobalReAlloc(h, 50, GMEM_MOVEABLE));
	CU_ASSERT_EQUAL(GlobalUnlock(h), FALSE);
	CU_ASSERT_EQUAL(GlobalUnlock(h), FALSE);
	same = GlobalReAlloc(h, 8, GMEM_MOVEABLE | GMEM_ZEROINIT);
	CU_ASSERT_PTR_EQUAL(same, h);
	CU_ASSERT_EQUAL(GlobalSize(h), 8);
	SUITE_EQUAL_BYTES(GlobalLock(h), 8, "0102030405000000");
	GlobalUnlock(h);
	CU_ASSERT_PTR_EQUAL(GlobalReAlloc(h, 2, 0), h);
	CU_ASSERT_EQUAL(GlobalSize(h), 2);
	/* What was cut off does not come back. */
	CU_ASSERT_PTR_EQUAL(GlobalReAlloc(h, 5, GMEM_ZEROINIT), h);
	SUITE_EQUAL_BYTES(GlobalLock(h), 5, "0102000000");
	GlobalUnlock(h);
	CU_ASSERT_PTR_NULL(GlobalFree(h));
}

static void
global_empty_block(void)
{
	HGLOBAL h = GlobalAlloc(GMEM_MOVEABLE, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	CU_ASSERT_EQUAL(GlobalSize(h), 0);
	CU_ASSERT_PTR_NOT_NULL(GlobalLock(h));
	GlobalUnlock(h);
	CU_ASSERT_PTR_EQUAL(GlobalReAlloc(h, 3, GMEM_ZEROINIT), h);
	SUITE_EQUAL_BYTES(GlobalLock(h), 3, "000000");
	GlobalUnlock(h);
	CU_ASSERT_PTR_NULL(GlobalFree(h));
}

static void
global_bad_handles(void)
{
	HGLOBAL h = GlobalAlloc(GMEM_MOVEABLE, 4);
	int local = 0;

	CU_ASSERT_PTR_NULL(GlobalFree(h));
	/* Freed once; the stale handle is recognised, not followed. */
	CU_ASSERT_PTR_EQUAL(GlobalFree(h), h);
	CU_ASSERT_PTR_NULL(GlobalLock(h));
	CU_ASSERT_EQUAL(GlobalSize(h), 0);
	CU_ASSERT_EQUAL(GlobalUnlock(h), FALSE);
	CU_ASSERT_PTR_NULL(GlobalReAlloc(h, 8, 0));
	CU_ASSERT_PTR_NULL(GlobalLock(&local));
	CU_ASSERT_PTR_EQUAL(GlobalFree(&local), &local);
	CU_ASSERT_PTR_NULL(GlobalLock(NULL));
	CU_ASSERT_PTR_NULL(GlobalFree(NULL));
	CU_ASSERT_PTR_NULL(GlobalAlloc(GMEM_FIXED, 4));
	CU_ASSERT_PTR_NULL(GlobalAlloc(GMEM_MOVEABLE | 0x8000u, 4));
	CU_ASSERT_PTR_NULL(GlobalAlloc(GMEM_MOVEABLE, SIZE_MAX));
	CU_ASSERT_PTR_NULL(GlobalAlloc(GMEM_MOVEABLE, SIZE_MAX / 2 - 100));
}

static const struct suite_test tests[] = {
	{ "CoTaskMem*", task_memory },
	{ "CoTaskMem* without memory", task_memory_failure },
	{ "global blocks: size, locks, growing, shrinking", global_blocks },
	{ "an empty global block", global_empty_block },
	{ "bad handles, flags and sizes", global_bad_handles },
};

int
main(void)
{
	return suite_run("memory", tests, sizeof tests / sizeof tests[0]);
}
