/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CoRegisterMallocSpy, and the task allocator's functions as they are with a spy.
 *
 * The contract of IMallocSpy asks for one pair of Pre and Post at a time, so the lock here is held
 * while the spy runs: the one place where foreign code is called with a lock. It is a spy for
 * tests; what it allocates itself is served without looking at the lock.
 *
 * A block that the spy saw being made goes through it when it is freed, even after the spy was
 * revoked, because the spy may have given the caller another address than malloc's.
 */
#include "runtime/memory_spy.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include <glib.h>

#include "runtime/export.h"

bool memory_spied;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static IMallocSpy *spy;
static GHashTable *spied; /* the blocks that the spy saw being made, as their owners know them */
static bool leaving;      /* revoked while there are such blocks */

/* This thread runs the spy and holds the lock. */
static _Thread_local bool inside __attribute__((tls_model("initial-exec")));

/* False: the spy itself is calling, or it has gone meanwhile. */
static bool
enter(void)
{
	if (inside)
		return false;
	pthread_mutex_lock(&lock);
	if (spy == NULL) {
		pthread_mutex_unlock(&lock);
		return false;
	}
	inside = true;
	return true;
}

/* With the lock held: forgets the spy, whose reference goes to the caller. */
static IMallocSpy *
dismiss(void)
{
	IMallocSpy *gone = spy;

	spy = NULL;
	leaving = false;
	g_clear_pointer(&spied, g_hash_table_unref);
	__atomic_store_n(&memory_spied, false, __ATOMIC_RELAXED);
	return gone;
}

static void
leave(void)
{
	IMallocSpy *gone = NULL;

	if (leaving && g_hash_table_size(spied) == 0)
		gone = dismiss();
	inside = false;
	pthread_mutex_unlock(&lock);
	if (gone != NULL)
		gone->lpVtbl->Release(gone);
}

/* With the lock held. Once the spy is to leave, only the blocks that it knows concern it. */
static bool
shown(void *block, BOOL *ret_spied)
{
	*ret_spied = g_hash_table_contains(spied, block);
	return *ret_spied || !leaving;
}

static void *
plain_alloc(SIZE_T size)
{
	return malloc(size != 0 ? size : 1);
}

static void *
shown_alloc(SIZE_T size)
{
	SIZE_T wanted = spy->lpVtbl->PreAlloc(spy, size);
	void *block;

	if (wanted == 0 && size != 0)
		return NULL;
	block = spy->lpVtbl->PostAlloc(spy, plain_alloc(wanted));
	if (block != NULL)
		g_hash_table_add(spied, block);
	return block;
}

void *
memory_spy_alloc(SIZE_T size)
{
	void *block;

	if (!enter())
		return plain_alloc(size);
	block = leaving ? plain_alloc(size) : shown_alloc(size);
	leave();
	return block;
}

static void
shown_free(void *block, BOOL is_spied)
{
	void *actual = spy->lpVtbl->PreFree(spy, block, is_spied);

	g_hash_table_remove(spied, block);
	free(actual);
	spy->lpVtbl->PostFree(spy, is_spied);
}

void
memory_spy_free(void *block)
{
	BOOL is_spied;

	if (block == NULL)
		return;
	if (!enter()) {
		free(block);
		return;
	}
	if (shown(block, &is_spied))
		shown_free(block, is_spied);
	else
		free(block);
	leave();
}

/* The block stays as it was on failure; it stays spied, or not, in success too. */
static void *
shown_realloc(void *block, SIZE_T size, BOOL is_spied)
{
	void *actual = block, *moved;
	SIZE_T wanted = spy->lpVtbl->PreRealloc(spy, block, size, &actual, is_spied);

	if (wanted == 0)
		return NULL;
	actual = realloc(actual, wanted);
	moved = spy->lpVtbl->PostRealloc(spy, actual, is_spied);
	if (actual != NULL && is_spied) {
		g_hash_table_remove(spied, block);
		if (moved != NULL)
			g_hash_table_add(spied, moved);
	}
	return moved;
}

void *
memory_spy_realloc(void *block, SIZE_T size)
{
	BOOL is_spied;
	void *moved;

	if (block == NULL)
		return memory_spy_alloc(size);
	if (size == 0) {
		memory_spy_free(block);
		return NULL;
	}
	if (!enter())
		return realloc(block, size);
	moved =
	    shown(block, &is_spied) ? shown_realloc(block, size, is_spied) : realloc(block, size);
	leave();
	return moved;
}

SIZE_T
memory_spy_get_size(void *block)
{
	BOOL is_spied;
	SIZE_T size;

	if (!enter())
		return memory_size(block);
	if (shown(block, &is_spied)) {
		size = memory_size(spy->lpVtbl->PreGetSize(spy, block, is_spied));
		size = spy->lpVtbl->PostGetSize(spy, size, is_spied);
	} else {
		size = memory_size(block);
	}
	leave();
	return size;
}

int
memory_spy_did_alloc(void *block)
{
	BOOL is_spied;
	int answer = -1;

	if (!enter())
		return -1;
	if (shown(block, &is_spied)) {
		spy->lpVtbl->PreDidAlloc(spy, block, is_spied);
		answer = spy->lpVtbl->PostDidAlloc(spy, block, is_spied, is_spied ? 1 : -1);
	}
	leave();
	return answer;
}

void
memory_spy_heap_minimize(void)
{
	if (!enter()) {
		memory_minimize();
		return;
	}
	spy->lpVtbl->PreHeapMinimize(spy);
	memory_minimize();
	spy->lpVtbl->PostHeapMinimize(spy);
	leave();
}

SIZE_T
memory_size(void *block)
{
	return block != NULL ? malloc_usable_size(block) : (SIZE_T)-1;
}

void
memory_minimize(void)
{
	malloc_trim(0);
}

TESSERA_EXPORT HRESULT
CoRegisterMallocSpy(IMallocSpy *pMallocSpy)
{
	IMallocSpy *own = NULL;
	HRESULT hr = S_OK;

	if (pMallocSpy == NULL ||
	    FAILED(pMallocSpy->lpVtbl->QueryInterface(pMallocSpy, &IID_IMallocSpy, (void **)&own)))
		return E_INVALIDARG;
	pthread_mutex_lock(&lock);
	if (spy != NULL) {
		hr = CO_E_OBJISREG;
	} else {
		spy = own;
		own = NULL;
		spied = g_hash_table_new(NULL, NULL);
		__atomic_store_n(&memory_spied, true, __ATOMIC_RELAXED);
	}
	pthread_mutex_unlock(&lock);
	if (own != NULL)
		own->lpVtbl->Release(own);
	return hr;
}

TESSERA_EXPORT HRESULT
CoRevokeMallocSpy(void)
{
	IMallocSpy *gone = NULL;
	HRESULT hr = S_OK;

	pthread_mutex_lock(&lock);
	if (spy == NULL) {
		hr = CO_E_OBJNOTREG;
	} else if (g_hash_table_size(spied) != 0) {
		leaving = true;
		hr = E_ACCESSDENIED;
	} else {
		gone = dismiss();
	}
	pthread_mutex_unlock(&lock);
	if (gone != NULL)
		gone->lpVtbl->Release(gone);
	return hr;
}
