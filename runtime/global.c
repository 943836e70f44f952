/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Movable blocks. A handle is the address of a small header, and valid only while the header is in
 * the set of live ones: a stale handle is recognised without looking at freed memory.
 *
 * Blocks hold what goes to and comes from cards, so their bytes are wiped before they are freed,
 * also when a block moves.
 */
#include "runtime/global.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "runtime/export.h"
#include "runtime/fork.h"

#define GLOBAL_KNOWN_FLAGS (GMEM_MOVEABLE | GMEM_ZEROINIT)

struct block {
	void *data;
	size_t size;
	size_t capacity; /* grows in steps, so that appending costs little */
	unsigned locks;
};

static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *blocks; /* set of struct block */

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&blocks_lock, FORK_LEAF, NULL);
}

/* With blocks_lock held. */
static struct block *
find(HGLOBAL handle)
{
	return blocks != NULL && handle != NULL && g_hash_table_contains(blocks, handle) ? handle
											 : NULL;
}

static void
wipe_and_free(void *data, size_t size)
{
	if (data != NULL)
		explicit_bzero(data, size);
	free(data);
}

/* With blocks_lock held. False: no memory; the block is as before. */
static bool
reserve(struct block *block, size_t size)
{
	size_t capacity = block->capacity;
	void *data;

	if (size <= capacity)
		return true;
	if (size > PTRDIFF_MAX)
		return false;
	capacity = capacity > 0 && capacity <= PTRDIFF_MAX / 2 ? 2 * capacity : size;
	if (capacity < size)
		capacity = size;
	data = malloc(capacity);
	if (data == NULL && capacity > size)
		data = malloc(capacity = size);
	if (data == NULL)
		return false;
	if (block->size > 0)
		memcpy(data, block->data, block->size);
	wipe_and_free(block->data, block->capacity);
	block->data = data;
	block->capacity = capacity;
	return true;
}

/* With blocks_lock held. */
static bool
resize(struct block *block, size_t size, bool zero)
{
	size_t old = block->size;

	if (block->locks != 0 || !reserve(block, size))
		return false;
	if (size < old)
		explicit_bzero((char *)block->data + size, old - size);
	else if (zero && size > old)
		memset((char *)block->data + old, 0, size - old);
	block->size = size;
	return true;
}

static struct block *
block_new(size_t size, bool zero)
{
	struct block *block;

	if (size > PTRDIFF_MAX)
		return NULL;
	block = calloc(1, sizeof *block);
	if (block == NULL)
		return NULL;
	block->capacity = size != 0 ? size : 1;
	block->size = size;
	block->data = zero ? calloc(1, block->capacity) : malloc(block->capacity);
	if (block->data == NULL) {
		free(block);
		return NULL;
	}
	return block;
}

TESSERA_EXPORT HGLOBAL
GlobalAlloc(UINT uFlags, SIZE_T dwBytes)
{
	struct block *block;

	/* A fixed block's handle is its address on Windows; here it would be another's. */
	if ((uFlags & GMEM_MOVEABLE) == 0 || (uFlags & ~GLOBAL_KNOWN_FLAGS) != 0)
		return NULL;
	block = block_new(dwBytes, (uFlags & GMEM_ZEROINIT) != 0);
	if (block == NULL)
		return NULL;
	pthread_mutex_lock(&blocks_lock);
	if (blocks == NULL)
		blocks = g_hash_table_new(NULL, NULL);
	g_hash_table_add(blocks, block);
	pthread_mutex_unlock(&blocks_lock);
	return block;
}

TESSERA_EXPORT HGLOBAL
GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags)
{
	struct block *block;
	bool done;

	if ((uFlags & ~GLOBAL_KNOWN_FLAGS) != 0)
		return NULL;
	pthread_mutex_lock(&blocks_lock);
	block = find(hMem);
	done = block != NULL && resize(block, dwBytes, (uFlags & GMEM_ZEROINIT) != 0);
	pthread_mutex_unlock(&blocks_lock);
	return done ? hMem : NULL;
}

TESSERA_EXPORT LPVOID
GlobalLock(HGLOBAL hMem)
{
	void *data;
	SIZE_T size;

	return global_lock_sized(hMem, &data, &size) ? data : NULL;
}

TESSERA_EXPORT BOOL
GlobalUnlock(HGLOBAL hMem)
{
	struct block *block;
	BOOL still_locked = FALSE;

	pthread_mutex_lock(&blocks_lock);
	block = find(hMem);
	if (block != NULL && block->locks != 0)
		still_locked = --block->locks != 0;
	pthread_mutex_unlock(&blocks_lock);
	return still_locked;
}

TESSERA_EXPORT SIZE_T
GlobalSize(HGLOBAL hMem)
{
	SIZE_T size;

	return global_size(hMem, &size) ? size : 0;
}

TESSERA_EXPORT HGLOBAL
GlobalFree(HGLOBAL hMem)
{
	struct block *block;

	pthread_mutex_lock(&blocks_lock);
	block = find(hMem);
	if (block != NULL)
		g_hash_table_remove(blocks, block);
	pthread_mutex_unlock(&blocks_lock);
	if (block == NULL)
		return hMem;
	wipe_and_free(block->data, block->capacity);
	free(block);
	return NULL;
}

bool
global_lock_sized(HGLOBAL handle, void **ret_data, SIZE_T *ret_size)
{
	struct block *block;

	pthread_mutex_lock(&blocks_lock);
	block = find(handle);
	if (block != NULL) {
		block->locks++;
		*ret_data = block->data;
		*ret_size = block->size;
	}
	pthread_mutex_unlock(&blocks_lock);
	return block != NULL;
}

bool
global_resize(HGLOBAL handle, SIZE_T size)
{
	return GlobalReAlloc(handle, size, GMEM_ZEROINIT) != NULL;
}

bool
global_size(HGLOBAL handle, SIZE_T *ret_size)
{
	const struct block *block;

	pthread_mutex_lock(&blocks_lock);
	block = find(handle);
	if (block != NULL)
		*ret_size = block->size;
	pthread_mutex_unlock(&blocks_lock);
	return block != NULL;
}
