/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enumerators over an array. The items are copied once, when an enumerator is made; clones share
 * them. The cursor is moved by compare-and-swap after the items were copied for the caller, so that
 * no lock is held while an item is copied, and a failure leaves the cursor where it was.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <tessera_class.h>
#include <tessera_enum.h>

#include "runtime/census.h"
#include "runtime/export.h"

/* What an enumerator and its clones have in common. */
struct items {
	unsigned references; /* changed atomically */
	IID iid;
	struct tessera_enum kind;
	IUnknown *owner; /* or NULL */
	size_t count;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct enumerator {
	const struct enumerator_vtbl *lpVtbl;
	unsigned references; /* changed atomically */
	size_t next;         /* changed atomically */
	struct items *items;
};

/* The form that all IEnumXxx have. */
struct enumerator_vtbl {
	HRESULT (*QueryInterface)(struct enumerator *self, REFIID riid, void **ppvObject);
	ULONG (*AddRef)(struct enumerator *self);
	ULONG (*Release)(struct enumerator *self);
	HRESULT (*Next)(struct enumerator *self, ULONG celt, void *rgelt, ULONG *pceltFetched);
	HRESULT (*Skip)(struct enumerator *self, ULONG celt);
	HRESULT (*Reset)(struct enumerator *self);
	HRESULT (*Clone)(struct enumerator *self, void **ppenum);
};

/* The class exists for the count of live objects alone. */
static struct tessera_census enumerator_census;
static const struct tessera_class enumerator_class = {
	.name = "Enumerator",
	.size = sizeof(struct enumerator),
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &enumerator_census,
};
TESSERA_CLASSES(&enumerator_class);

static void
clear_items(const struct tessera_enum *kind, unsigned char *bytes, size_t count)
{
	for (size_t i = 0; kind->clear != NULL && i < count; i++)
		kind->clear(bytes + i * kind->item_size);
}

/* All of them or, with what had been copied freed again, none. */
static HRESULT
copy_items(
    const struct tessera_enum *kind, unsigned char *to, const unsigned char *from, size_t count)
{
	HRESULT hr = S_OK;

	if (kind->copy == NULL) {
		if (count != 0)
			memcpy(to, from, count * kind->item_size);
		return S_OK;
	}
	for (size_t i = 0; i < count; i++) {
		hr = kind->copy(to + i * kind->item_size, from + i * kind->item_size);
		if (FAILED(hr)) {
			clear_items(kind, to, i);
			memset(to, 0, i * kind->item_size);
			return hr;
		}
	}
	return S_OK;
}

static void
items_unref(struct items *items)
{
	if (__atomic_sub_fetch(&items->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	clear_items(&items->kind, items->bytes, items->count);
	/* Last: with it the code of `clear` may go. */
	if (items->owner != NULL)
		items->owner->lpVtbl->Release(items->owner);
	free(items);
}

static HRESULT
items_new(const struct tessera_enum *kind, const void *from, size_t count, IUnknown *owner,
    struct items **ret_items)
{
	struct items *items = malloc(sizeof *items + count * kind->item_size);
	HRESULT hr;

	if (items == NULL)
		return E_OUTOFMEMORY;
	*items = (struct items){
		.references = 1,
		.iid = *kind->iid,
		.kind = *kind,
		.owner = owner,
		.count = count,
	};
	hr = copy_items(kind, items->bytes, from, count);
	if (FAILED(hr)) {
		free(items);
		return hr;
	}
	if (owner != NULL)
		owner->lpVtbl->AddRef(owner);
	*ret_items = items;
	return S_OK;
}

static ULONG
enumerator_AddRef(struct enumerator *self)
{
	return __atomic_add_fetch(&self->references, 1, __ATOMIC_RELAXED);
}

static ULONG
enumerator_Release(struct enumerator *self)
{
	ULONG left = __atomic_sub_fetch(&self->references, 1, __ATOMIC_ACQ_REL);

	if (left == 0) {
		items_unref(self->items);
		free(self);
		census_ended(&enumerator_census);
	}
	return left;
}

static HRESULT
enumerator_QueryInterface(struct enumerator *self, REFIID riid, void **ppvObject)
{
	if (ppvObject == NULL)
		return E_POINTER;
	*ppvObject = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &self->items->iid))
		return E_NOINTERFACE;
	enumerator_AddRef(self);
	*ppvObject = self;
	return S_OK;
}

static size_t
at_most(size_t left, ULONG wanted)
{
	return left < wanted ? left : wanted;
}

/* Another thread that was faster took the same items: they are given back and the next ones taken.
 */
static HRESULT
take(struct enumerator *self, ULONG wanted, void *to, size_t *ret_count)
{
	const struct items *items = self->items;
	const size_t size = items->kind.item_size;
	size_t at = __atomic_load_n(&self->next, __ATOMIC_RELAXED);
	HRESULT hr;

	for (;;) {
		size_t count = at_most(items->count - at, wanted);

		hr = copy_items(&items->kind, to, items->bytes + at * size, count);
		if (FAILED(hr))
			return hr;
		if (__atomic_compare_exchange_n(
			&self->next, &at, at + count, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
			*ret_count = count;
			return S_OK;
		}
		clear_items(&items->kind, to, count);
	}
}

static HRESULT
enumerator_Next(struct enumerator *self, ULONG celt, void *rgelt, ULONG *pceltFetched)
{
	size_t count;
	HRESULT hr;

	if (pceltFetched != NULL)
		*pceltFetched = 0;
	else if (celt != 1)
		return E_POINTER;
	if (celt == 0)
		return S_OK;
	if (rgelt == NULL)
		return E_POINTER;
	hr = take(self, celt, rgelt, &count);
	if (FAILED(hr))
		return hr;
	if (pceltFetched != NULL)
		*pceltFetched = (ULONG)count;
	return count == celt ? S_OK : S_FALSE;
}

static HRESULT
enumerator_Skip(struct enumerator *self, ULONG celt)
{
	size_t at = __atomic_load_n(&self->next, __ATOMIC_RELAXED);
	size_t count;

	do
		count = at_most(self->items->count - at, celt);
	while (!__atomic_compare_exchange_n(
	    &self->next, &at, at + count, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return count == celt ? S_OK : S_FALSE;
}

static HRESULT
enumerator_Reset(struct enumerator *self)
{
	__atomic_store_n(&self->next, 0, __ATOMIC_RELAXED);
	return S_OK;
}

static HRESULT enumerator_Clone(struct enumerator *self, void **ppenum);

static const struct enumerator_vtbl vtbl = {
	.QueryInterface = enumerator_QueryInterface,
	.AddRef = enumerator_AddRef,
	.Release = enumerator_Release,
	.Next = enumerator_Next,
	.Skip = enumerator_Skip,
	.Reset = enumerator_Reset,
	.Clone = enumerator_Clone,
};

/* Takes over the reference to `items`, in failure too. */
static HRESULT
enumerator_new(struct items *items, size_t next, void **ret_enumerator)
{
	struct enumerator *self = malloc(sizeof *self);

	if (self == NULL) {
		items_unref(items);
		return E_OUTOFMEMORY;
	}
	*self = (struct enumerator){
		.lpVtbl = &vtbl,
		.references = 1,
		.next = next,
		.items = items,
	};
	census_made(&enumerator_census);
	*ret_enumerator = self;
	return S_OK;
}

static HRESULT
enumerator_Clone(struct enumerator *self, void **ppenum)
{
	if (ppenum == NULL)
		return E_POINTER;
	*ppenum = NULL;
	__atomic_fetch_add(&self->items->references, 1, __ATOMIC_RELAXED);
	return enumerator_new(self->items, __atomic_load_n(&self->next, __ATOMIC_RELAXED), ppenum);
}

TESSERA_EXPORT HRESULT
tessera_enum_create(
    const struct tessera_enum *kind, const void *items, size_t count, IUnknown *owner, void **ppv)
{
	struct items *own;
	HRESULT hr;

	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (kind == NULL || (items == NULL && count != 0))
		return E_POINTER;
	if (count > TESSERA_ENUM_ITEMS_MAX)
		return E_INVALIDARG;
	hr = items_new(kind, items, count, owner, &own);
	return SUCCEEDED(hr) ? enumerator_new(own, 0, ppv) : hr;
}
