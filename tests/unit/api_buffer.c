/* SPDX-License-Identifier: BSD-2-Clause */
/* The buffer protocol, one rule a test, and the blocks that SCARD_AUTOALLOCATE gives out. */
#include "rm/api/buffer.h"

#include <stdlib.h>
#include <string.h>

#include <tessera_scard.h>
#include <winerror.h>

#include "rm/api/memory.h"
#include "tests/suite.h"

#define CONTEXT ((SCARDCONTEXT)0x77)

static LONG
put(void *buffer, LPDWORD length, size_t unit)
{
	const struct api_output output = { "buffer", buffer, length, "abcdefgh", 8 / unit, unit };

	return api_outputs_store("F", CONTEXT, &output, 1);
}

static void
query(void)
{
	static const DWORD incoming[] = { 0, 3, 8, 100, 0xFFFFFFFE };

	for (size_t i = 0; i < 5; i++) {
		DWORD length = incoming[i];

		SUITE_EQUAL_HEX(put(NULL, &length, 1), 0);
		SUITE_EQUAL_INT(length, 8);
	}
}

static void
copy(void)
{
	char buffer[12] = "............";
	DWORD length = 8;

	SUITE_EQUAL_HEX(put(buffer, &length, 1), 0);
	SUITE_EQUAL_INT(length, 8);
	CU_ASSERT_EQUAL(memcmp(buffer, "abcdefgh....", 12), 0);
	memset(buffer, '.', sizeof buffer);
	length = 12;
	SUITE_EQUAL_HEX(put(buffer, &length, 1), 0);
	SUITE_EQUAL_INT(length, 8);
	CU_ASSERT_EQUAL(memcmp(buffer, "abcdefgh....", 12), 0);
}

static void
units(void)
{
	char buffer[10] = "..........";
	DWORD length = 4;

	SUITE_EQUAL_HEX(put(buffer, &length, 2), 0);
	SUITE_EQUAL_INT(length, 4);
	CU_ASSERT_EQUAL(memcmp(buffer, "abcdefgh..", 10), 0);
	length = 3;
	SUITE_EQUAL_HEX((DWORD)put(buffer, &length, 2), 0x80100008);
	SUITE_EQUAL_INT(length, 4);
}

static void
too_small(void)
{
	char buffer[8] = "........";

	for (DWORD room = 0; room < 8; room++) {
		DWORD length = room;

		SUITE_EQUAL_HEX((DWORD)put(buffer, &length, 1), 0x80100008);
		SUITE_EQUAL_INT(length, 8);
		CU_ASSERT_EQUAL(memcmp(buffer, "........", 8), 0);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(tessera_scard_message(), "room for 7, 8 are needed"));
}

static void
allocate(void)
{
	char *block = NULL;
	DWORD length = SCARD_AUTOALLOCATE;

	api_context_add(CONTEXT, SCARD_SCOPE_USER);
	SUITE_EQUAL_HEX(put(&block, &length, 1), 0);
	SUITE_EQUAL_INT(length, 8);
	CU_ASSERT_EQUAL(memcmp(block, "abcdefgh", 8), 0);
	CU_ASSERT_FALSE(api_block_free(0, block));
	CU_ASSERT_FALSE(api_block_free(CONTEXT + 1, block));
	CU_ASSERT_TRUE(api_block_free(CONTEXT, block));
	CU_ASSERT_FALSE(api_block_free(CONTEXT, block));
	api_context_remove(CONTEXT);
}

static void
allocate_unaligned(void)
{
	struct __attribute__((packed)) {
		char odd;
		char *block;
	} place = { 0, NULL };
	DWORD length = SCARD_AUTOALLOCATE;
	char *block;

	api_context_add(CONTEXT, SCARD_SCOPE_USER);
	SUITE_EQUAL_HEX(put((char *)&place + 1, &length, 1), 0);
	memcpy(&block, (char *)&place + 1, sizeof block);
	CU_ASSERT_EQUAL(memcmp(block, "abcdefgh", 8), 0);
	api_context_remove(CONTEXT); /* the block goes with it */
}

static void
allocate_bad(void)
{
	char *block = NULL;
	DWORD length = SCARD_AUTOALLOCATE;

	SUITE_EQUAL_HEX((DWORD)put(NULL, &length, 1), 0x80100004);
	SUITE_EQUAL_HEX(length, SCARD_AUTOALLOCATE);
	/* A context that ended between the work and the allocation. */
	SUITE_EQUAL_INT(put(&block, &length, 1), ERROR_INVALID_HANDLE);
	CU_ASSERT_PTR_NULL(block);
}

static void
pairs(void)
{
	char first[4] = "...", *second = NULL;
	DWORD first_length = 2, second_length = SCARD_AUTOALLOCATE;
	const struct api_output outputs[] = {
		{ "first", first, &first_length, "ab", 3, 1 },
		{ "second", &second, &second_length, "xyz", 3, 1 },
	};

	api_context_add(CONTEXT, SCARD_SCOPE_USER);
	SUITE_EQUAL_HEX((DWORD)api_outputs_store("F", CONTEXT, outputs, 2), 0x80100008);
	SUITE_EQUAL_INT(first_length, 3);
	SUITE_EQUAL_STRING(first, "...");
	SUITE_EQUAL_HEX(second_length, SCARD_AUTOALLOCATE);
	CU_ASSERT_PTR_NULL(second);
	SUITE_EQUAL_HEX(api_outputs_store("F", CONTEXT, outputs, 2), 0);
	SUITE_EQUAL_STRING(first, "ab");
	SUITE_EQUAL_INT(second_length, 3);
	CU_ASSERT_EQUAL(memcmp(second, "xyz", 3), 0);
	api_context_remove(CONTEXT);
}

static void
unwanted(void)
{
	char buffer[4] = "...";
	const struct api_output output = { "buffer", buffer, NULL, "ab", 3, 1 };

	SUITE_EQUAL_HEX(api_outputs_store("F", CONTEXT, &output, 1), 0);
	SUITE_EQUAL_STRING(buffer, "...");
}

static void
empty(void)
{
	const struct api_output output = { "buffer", NULL, NULL, NULL, 0, 1 };
	struct api_output wanted = output;
	void *block = NULL;
	DWORD length = SCARD_AUTOALLOCATE;

	wanted.buffer = &block;
	wanted.length = &length;
	SUITE_EQUAL_HEX(api_outputs_store("F", 0, &wanted, 1), 0);
	SUITE_EQUAL_INT(length, 0);
	CU_ASSERT_PTR_NOT_NULL(block);
	CU_ASSERT_TRUE(api_block_free(0, block));
}

static void
context_end(void)
{
	void *blocks[3], *other, *nobodys;
	SCARDCONTEXT owner = 0;

	api_context_add(CONTEXT, SCARD_SCOPE_USER);
	api_context_add(CONTEXT + 1, SCARD_SCOPE_USER);
	for (size_t i = 0; i < 3; i++)
		CU_ASSERT_TRUE(api_block_add(CONTEXT, blocks[i] = malloc(100)));
	CU_ASSERT_TRUE(api_block_add(CONTEXT + 1, other = malloc(100)));
	CU_ASSERT_TRUE(api_block_add(0, nobodys = malloc(100)));
	api_card_add(5, CONTEXT);
	api_card_add(6, CONTEXT + 1);
	CU_ASSERT_TRUE(api_card_context(5, &owner));
	SUITE_EQUAL_HEX(owner, CONTEXT);
	api_context_remove(CONTEXT);
	CU_ASSERT_FALSE(api_context_known(CONTEXT));
	CU_ASSERT_FALSE(api_block_add(CONTEXT, other));
	CU_ASSERT_TRUE(api_context_known(CONTEXT + 1));
	CU_ASSERT_FALSE(api_block_free(CONTEXT, blocks[0]));
	CU_ASSERT_TRUE(api_block_free(CONTEXT + 1, other));
	CU_ASSERT_TRUE(api_block_free(0, nobodys));
	CU_ASSERT_FALSE(api_card_context(5, &owner));
	CU_ASSERT_TRUE(api_card_context(6, &owner));
	SUITE_EQUAL_HEX(owner, CONTEXT + 1);
	api_card_add(7, CONTEXT); /* made while its context ended */
	CU_ASSERT_FALSE(api_card_context(7, &owner));
	api_card_remove(6);
	CU_ASSERT_FALSE(api_card_context(6, &owner));
	api_context_remove(CONTEXT + 1);
}

static const struct suite_test tests[] = {
	{ "a NULL buffer asks for the length, whatever comes in", query },
	{ "enough room: copied, length used, bytes beyond untouched", copy },
	{ "lengths count units", units },
	{ "too little room: the length needed, buffer untouched", too_small },
	{ "SCARD_AUTOALLOCATE gives a block of one context, freed once", allocate },
	{ "the caller's pointer may lie anywhere", allocate_unaligned },
	{ "SCARD_AUTOALLOCATE without a pointer, or for a context that ended", allocate_bad },
	{ "two pairs are stored together or not at all", pairs },
	{ "without a length pointer a pair is left out", unwanted },
	{ "an empty result is a block all the same", empty },
	{ "a context takes its blocks and connections along", context_end },
};

int
main(void)
{
	return suite_run("api_buffer", tests, sizeof tests / sizeof tests[0]);
}
