/* SPDX-License-Identifier: BSD-2-Clause */
#include <oleauto.h>
#include <stdint.h>
#include <string.h>

#include "tests/suite.h"

static uint32_t
length_in_memory(BSTR bstr)
{
	uint32_t length;

	memcpy(&length, (char *)bstr - 4, 4);
	return length;
}

static void
layout(void)
{
	BSTR b = SysAllocString(u"abc");

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL((uintptr_t)b % 8, 0);
	CU_ASSERT_EQUAL(length_in_memory(b), 6);
	SUITE_EQUAL_BYTES(b, 8, "6100 6200 6300 0000");
	CU_ASSERT_EQUAL(SysStringLen(b), 3);
	CU_ASSERT_EQUAL(SysStringByteLen(b), 6);
	SysFreeString(b);
}

static void
nothing(void)
{
	BSTR b = SysAllocString(u"");

	CU_ASSERT_PTR_NULL(SysAllocString(NULL));
	CU_ASSERT_EQUAL(SysStringLen(NULL), 0);
	CU_ASSERT_EQUAL(SysStringByteLen(NULL), 0);
	SysFreeString(NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL(SysStringLen(b), 0);
	CU_ASSERT_EQUAL(b[0], 0);
	SysFreeString(b);
}

static void
embedded_nul(void)
{
	BSTR b = SysAllocStringLen(u"a\0b", 3);

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL(SysStringLen(b), 3);
	SUITE_EQUAL_BYTES(b, 8, "6100 0000 6200 0000");
	SysFreeString(b);
}

static void
without_source(void)
{
	BSTR b = SysAllocStringLen(NULL, 4);

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL(SysStringLen(b), 4);
	CU_ASSERT_EQUAL(b[4], 0);
	SysFreeString(b);
}

static void
odd_bytes(void)
{
	BSTR b = SysAllocStringByteLen("\1\2\3", 3);

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL(SysStringByteLen(b), 3);
	CU_ASSERT_EQUAL(SysStringLen(b), 1);
	SUITE_EQUAL_BYTES(b, 6, "0102 0300 0000");
	SysFreeString(b);
	b = SysAllocStringByteLen(NULL, 2);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL(b[1], 0);
	SysFreeString(b);
}

static void
replacing(void)
{
	BSTR b = SysAllocString(u"first");

	SUITE_EQUAL_INT(SysReAllocString(&b, u"second one"), TRUE);
	CU_ASSERT_EQUAL(SysStringLen(b), 10);
	CU_ASSERT_EQUAL(memcmp(b, u"second one", 22), 0);
	/* The source may be part of what is replaced. */
	SUITE_EQUAL_INT(SysReAllocStringLen(&b, b + 7, 3), TRUE);
	CU_ASSERT_EQUAL(memcmp(b, u"one", 8), 0);
	/* Without a source the content stays. */
	SUITE_EQUAL_INT(SysReAllocStringLen(&b, NULL, 5), TRUE);
	CU_ASSERT_EQUAL(SysStringLen(b), 5);
	CU_ASSERT_EQUAL(memcmp(b, u"one", 6), 0);
	CU_ASSERT_EQUAL(b[5], 0);
	SUITE_EQUAL_INT(SysReAllocStringLen(&b, NULL, 2), TRUE);
	CU_ASSERT_EQUAL(memcmp(b, u"on", 6), 0);
	SUITE_EQUAL_INT(SysReAllocString(&b, NULL), TRUE);
	CU_ASSERT_PTR_NULL(b);
	SUITE_EQUAL_INT(SysReAllocString(&b, u"x"), TRUE);
	CU_ASSERT_EQUAL(SysStringLen(b), 1);
	SysFreeString(b);
	SUITE_EQUAL_INT(SysReAllocString(NULL, u"x"), FALSE);
}

static void
too_long(void)
{
	BSTR b = SysAllocString(u"kept");

	CU_ASSERT_PTR_NULL(SysAllocStringLen(NULL, 0x80000000u));
	CU_ASSERT_PTR_NULL(SysAllocStringLen(NULL, 0xFFFFFFFFu));
	CU_ASSERT_PTR_NULL(SysAllocStringByteLen(NULL, 0xFFFFFFFFu));
	SUITE_EQUAL_INT(SysReAllocStringLen(&b, NULL, 0x80000000u), FALSE);
	CU_ASSERT_EQUAL(memcmp(b, u"kept", 10), 0);
	SysFreeString(b);
}

static const struct suite_test tests[] = {
	{ "layout", layout },
	{ "NULL and empty", nothing },
	{ "NUL inside", embedded_nul },
	{ "no source", without_source },
	{ "odd number of bytes", odd_bytes },
	{ "SysReAllocString", replacing },
	{ "lengths that do not fit", too_long },
};

int
main(void)
{
	return suite_run("BSTR", tests, sizeof tests / sizeof tests[0]);
}
