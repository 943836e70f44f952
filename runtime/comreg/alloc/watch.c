/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * malloc and its kin, the task allocator and SysFreeString, in front of the real ones. Where a
 * block comes from is kept in a table of addresses, because a header in front of a block would be
 * lost on blocks that are made by other functions (posix_memalloc, strdup of the C library itself).
 *
 * Only what the module itself calls is judged: the runtime may well know that two of its own
 * allocators are one.
 */
#include "runtime/comreg/alloc/watch.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define VISIBLE __attribute__((visibility("default")))
#define EXEMPT_MAX 8u
#define STRING_AT 8 /* a string of SysAllocString stands so far behind the start of its block */
#define TABLE_SIZE 65536u /* a power of two; beyond that blocks are not judged */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

void tessera_alloc_exempt(uintptr_t from, uintptr_t to);
void tessera_alloc_watch(uintptr_t from, uintptr_t to);
unsigned tessera_alloc_fail(unsigned number);
const char *tessera_alloc_finding(void);
void *CoTaskMemAlloc(size_t size);
void *CoTaskMemRealloc(void *block, size_t size);
void CoTaskMemFree(void *block);
void SysFreeString(uint16_t *string);
enum alloc_origin tessera_alloc_origin(const void *block);

enum family {
	FREE_SLOT,
	GONE_SLOT,
	FROM_MALLOC, /* called by the module */
	FROM_TASK,
	FROM_ELSEWHERE,
};

struct slot {
	uintptr_t block;
	enum family family;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot table[TABLE_SIZE];
static unsigned used;
static uintptr_t judged_from, judged_to;
static struct {
	uintptr_t from, to;
} exempt[EXEMPT_MAX];
static const char *finding;
/* Not made on first use: that would allocate. */
static _Thread_local unsigned counted __attribute__((tls_model("initial-exec")));
static _Thread_local unsigned failing __attribute__((tls_model("initial-exec")));

static size_t
slot_of(uintptr_t block)
{
	return (size_t)((block >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 48) % TABLE_SIZE;
}

static void
note(void *block, enum family family)
{
	size_t at = slot_of((uintptr_t)block);

	if (block == NULL || judged_to == 0)
		return;
	(void)pthread_mutex_lock(&table_lock);
	for (size_t i = 0; i < TABLE_SIZE && used < TABLE_SIZE / 2; i++) {
		struct slot *slot = &table[(at + i) % TABLE_SIZE];

		if (slot->family != FREE_SLOT && slot->block != (uintptr_t)block)
			continue;
		used += slot->family == FREE_SLOT;
		*slot = (struct slot){ (uintptr_t)block, family };
		break;
	}
	(void)pthread_mutex_unlock(&table_lock);
}

/* FREE_SLOT: never seen. */
static enum family
forget(const void *block)
{
	size_t at = slot_of((uintptr_t)block);
	enum family family = FREE_SLOT;

	(void)pthread_mutex_lock(&table_lock);
	for (size_t i = 0; i < TABLE_SIZE; i++) {
		struct slot *slot = &table[(at + i) % TABLE_SIZE];

		if (slot->family == FREE_SLOT)
			break;
		if (slot->block == (uintptr_t)block) {
			family = slot->family;
			slot->family = GONE_SLOT;
			break;
		}
	}
	(void)pthread_mutex_unlock(&table_lock);
	return family;
}

static enum family
family_of(const void *block)
{
	size_t at = slot_of((uintptr_t)block);
	enum family family = FREE_SLOT;

	(void)pthread_mutex_lock(&table_lock);
	for (size_t i = 0; i < TABLE_SIZE; i++) {
		const struct slot *slot = &table[(at + i) % TABLE_SIZE];

		if (slot->family != FREE_SLOT && slot->block != (uintptr_t)block)
			continue;
		family = slot->family;
		break;
	}
	(void)pthread_mutex_unlock(&table_lock);
	return family;
}

static int
is_string(const void *block)
{
	return judged_to != 0 && (uintptr_t)block > STRING_AT &&
	    family_of((const char *)block - STRING_AT) == FROM_TASK;
}

static int
is_judged(const void *caller)
{
	return (uintptr_t)caller >= judged_from && (uintptr_t)caller < judged_to;
}

static enum family
family_for(const void *caller)
{
	return is_judged(caller) ? FROM_MALLOC : FROM_ELSEWHERE;
}

static void
find(const char *text)
{
	if (finding == NULL)
		finding = text;
}

static int
must_fail(const void *caller)
{
	for (size_t i = 0; i < EXEMPT_MAX; i++)
		if ((uintptr_t)caller >= exempt[i].from && (uintptr_t)caller < exempt[i].to)
			return 0;
	counted++;
	if (failing == 0 || counted != failing)
		return 0;
	errno = ENOMEM;
	return 1;
}

static void
release(void *block)
{
	if (block != NULL && judged_to != 0)
		memset(block, ALLOC_FILL, malloc_usable_size(block));
	__libc_free(block);
}

VISIBLE void *
malloc(size_t size)
{
	void *block = must_fail(__builtin_return_address(0)) ? NULL : __libc_malloc(size);

	note(block, family_for(__builtin_return_address(0)));
	return block;
}

VISIBLE void *
calloc(size_t count, size_t size)
{
	void *block = must_fail(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);

	note(block, family_for(__builtin_return_address(0)));
	return block;
}

static void *
resize(void *block, size_t size, enum family family, const void *caller)
{
	void *moved;

	if (must_fail(caller))
		return NULL;
	if (block != NULL)
		(void)forget(block);
	moved = __libc_realloc(block, size);
	note(moved, family);
	return moved;
}

VISIBLE void *
realloc(void *block, size_t size)
{
	const void *caller = __builtin_return_address(0);

	return resize(block, size, family_for(caller), caller);
}

static void *
align(size_t alignment, size_t size, const void *caller)
{
	void *block = must_fail(caller) ? NULL : __libc_memalign(alignment, size);

	note(block, family_for(caller));
	return block;
}

VISIBLE void *
memalign(size_t alignment, size_t size)
{
	return align(alignment, size, __builtin_return_address(0));
}

VISIBLE void *
aligned_alloc(size_t alignment, size_t size)
{
	return align(alignment, size, __builtin_return_address(0));
}

VISIBLE int
posix_memalign(void **ret_block, size_t alignment, size_t size)
{
	void *block = align(alignment, size, __builtin_return_address(0));

	if (block == NULL)
		return ENOMEM;
	*ret_block = block;
	return 0;
}

VISIBLE void
free(void *block)
{
	enum family family = block != NULL && judged_to != 0 ? forget(block) : FREE_SLOT;

	if (is_judged(__builtin_return_address(0))) {
		if (family == FROM_TASK)
			find("free() of what CoTaskMemAlloc gave");
		if (family == FREE_SLOT && is_string(block)) {
			find("free() of what SysAllocString gave");
			return;
		}
		if (family == GONE_SLOT) {
			find("free() of what was freed before");
			return;
		}
	}
	release(block);
}

VISIBLE void *
CoTaskMemAlloc(size_t size)
{
	void *block =
	    must_fail(__builtin_return_address(0)) ? NULL : __libc_malloc(size != 0 ? size : 1);

	note(block, FROM_TASK);
	return block;
}

VISIBLE void *
CoTaskMemRealloc(void *block, size_t size)
{
	if (block != NULL && size == 0) {
		CoTaskMemFree(block);
		return NULL;
	}
	return resize(block, size != 0 ? size : 1, FROM_TASK, __builtin_return_address(0));
}

VISIBLE void
CoTaskMemFree(void *block)
{
	enum family family = block != NULL && judged_to != 0 ? forget(block) : FREE_SLOT;

	if (is_judged(__builtin_return_address(0))) {
		if (family == FROM_MALLOC)
			find("CoTaskMemFree of what malloc gave");
		if (family == FREE_SLOT && is_string(block)) {
			find("CoTaskMemFree of what SysAllocString gave");
			return;
		}
		if (family == GONE_SLOT) {
			find("CoTaskMemFree of what was freed before");
			return;
		}
	}
	release(block);
}

VISIBLE void
SysFreeString(uint16_t *string)
{
	enum family family;
	char *block;

	if (string == NULL)
		return;
	block = (char *)string - STRING_AT;
	family = judged_to != 0 ? forget(block) : FREE_SLOT;
	if (is_judged(__builtin_return_address(0))) {
		if (family == GONE_SLOT)
			find("SysFreeString of what was freed before");
		else if (family_of(string) == FROM_TASK)
			find("SysFreeString of what CoTaskMemAlloc gave");
		else if (family_of(string) == FROM_MALLOC)
			find("SysFreeString of what malloc gave");
		if (finding != NULL)
			return;
	}
	release(block);
}

VISIBLE enum alloc_origin
tessera_alloc_origin(const void *block)
{
	switch (family_of(block)) {
	case FROM_MALLOC:
	case FROM_ELSEWHERE:
		return ALLOC_MALLOC;
	case FROM_TASK:
		return ALLOC_TASK;
	case GONE_SLOT:
		return ALLOC_GONE;
	case FREE_SLOT:
	default:
		break;
	}
	if (is_string(block))
		return ALLOC_STRING;
	return family_of((const char *)block - STRING_AT) == GONE_SLOT ? ALLOC_GONE : ALLOC_UNKNOWN;
}

VISIBLE void
tessera_alloc_watch(uintptr_t from, uintptr_t to)
{
	judged_from = from;
	judged_to = to;
}

VISIBLE void
tessera_alloc_exempt(uintptr_t from, uintptr_t to)
{
	for (size_t i = 0; i < EXEMPT_MAX; i++)
		if (exempt[i].to == 0) {
			exempt[i].from = from;
			exempt[i].to = to;
			return;
		}
}

VISIBLE unsigned
tessera_alloc_fail(unsigned number)
{
	unsigned before = counted;

	counted = 0;
	failing = number;
	return before;
}

VISIBLE const char *
tessera_alloc_finding(void)
{
	return finding;
}
