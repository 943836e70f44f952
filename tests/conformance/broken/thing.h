/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small class as a component from elsewhere would be written, without the class helper, and right
 * in all that comreg check looks at. A broken module includes this, writes one function anew, names
 * it in a macro, and includes thing_module.h, which puts the tables together:
 *
 *	#include "tests/conformance/broken/thing.h"
 *
 *	static HRESULT
 *	query(void *This, REFIID riid, void **ppv)
 *	{ ... wrong in one way, else as face_query ... }
 *	#define FACE_QUERY query
 *	#include "tests/conformance/broken/thing_module.h"
 *
 * An object has two interfaces of its own, IOne and ITwo, and may have two more (EXTRA_TABLE and
 * EXTRA_IID, MORE_TABLE and MORE_IID). It can be aggregated.
 */
#ifndef TESTS_BROKEN_THING_H
#define TESTS_BROKEN_THING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <oleauto.h>

/* Parts that a broken module leaves out are no mistake. */
#define SPARE __attribute__((unused))

static SPARE const CLSID CLSID_Thing = { 0x7E57B0A0, 0x0001, 0x4B0F,
	{ 0x9E, 0x0B, 0x3A, 0x6D, 0x0E, 0x1F, 0x7A, 0x01 } };
static SPARE const IID IID_IOne = { 0x7E57B0A0, 0x0011, 0x4B0F,
	{ 0x9E, 0x0B, 0x3A, 0x6D, 0x0E, 0x1F, 0x7A, 0x01 } };
static SPARE const IID IID_ITwo = { 0x7E57B0A0, 0x0012, 0x4B0F,
	{ 0x9E, 0x0B, 0x3A, 0x6D, 0x0E, 0x1F, 0x7A, 0x01 } };

typedef void (*slot)(void);

struct thing;

/* What an interface pointer points to. */
struct face {
	IUnknown unknown;
	struct thing *self;
};

/* A table of slots as the table that an interface begins with. */
#define TABLE(slots)                  \
	{                             \
		(const void *)(slots) \
	}

struct thing {
	struct face inner, one, two, extra, more;
	IUnknown *outer; /* NULL: not aggregated */
	atomic_uint references;
	unsigned mark; /* for whatever the broken module wants to remember */
	int place;     /* of enumerators */
};

#ifndef LIVE_STORAGE
#define LIVE_STORAGE
#endif
static LIVE_STORAGE SPARE atomic_int live;
static SPARE atomic_int locks;

static SPARE struct thing *
self_of(void *This)
{
	return ((struct face *)This)->self;
}

static SPARE IUnknown *
outer_of(void *This)
{
	return self_of(This)->outer;
}

/* The object's interface, not counted; NULL: it has none. */
static struct face *find_face(struct thing *self, REFIID riid);
static void destroy(struct thing *self);

static SPARE ULONG
inner_add_ref(void *This)
{
	return atomic_fetch_add(&self_of(This)->references, 1) + 1;
}

static SPARE ULONG
inner_release(void *This)
{
	ULONG left = atomic_fetch_sub(&self_of(This)->references, 1) - 1;

	if (left == 0)
		destroy(self_of(This));
	return left;
}

static SPARE HRESULT
inner_query(void *This, REFIID riid, void **ppv)
{
	struct face *face;

	if (ppv == NULL)
		return E_POINTER;
	face = find_face(self_of(This), riid);
	*ppv = face;
	if (face == NULL)
		return E_NOINTERFACE;
	face->unknown.lpVtbl->AddRef(&face->unknown);
	return S_OK;
}

/* Those of IOne, ITwo and the extra interface hand over to an outer object. */
static SPARE ULONG
face_add_ref(void *This)
{
	return outer_of(This) != NULL ? outer_of(This)->lpVtbl->AddRef(outer_of(This))
				      : inner_add_ref(This);
}

static SPARE ULONG
face_release(void *This)
{
	return outer_of(This) != NULL ? outer_of(This)->lpVtbl->Release(outer_of(This))
				      : inner_release(This);
}

static SPARE HRESULT
face_query(void *This, REFIID riid, void **ppv)
{
	return outer_of(This) != NULL
	    ? outer_of(This)->lpVtbl->QueryInterface(outer_of(This), riid, ppv)
	    : inner_query(&self_of(This)->inner, riid, ppv);
}

static SPARE HRESULT
one_answer(void *This, LONG *ret_answer)
{
	(void)This;
	if (ret_answer == NULL)
		return E_POINTER;
	*ret_answer = 42;
	return S_OK;
}

/* For methods that are never called. */
static SPARE HRESULT
not_implemented(void *This)
{
	(void)This;
	return E_NOTIMPL;
}

static SPARE void
thing_free(struct thing *self)
{
	free(self);
	atomic_fetch_sub(&live, 1);
}

/* NULL: no memory. One reference. */
static struct thing *make_thing(IUnknown *outer);

static SPARE HRESULT
factory_create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	struct thing *self;
	HRESULT hr;

	(void)This;
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (outer != NULL && !IsEqualIID(riid, &IID_IUnknown))
		return E_NOINTERFACE;
	self = make_thing(outer);
	if (self == NULL)
		return E_OUTOFMEMORY;
	hr = self->inner.unknown.lpVtbl->QueryInterface(&self->inner.unknown, riid, ppv);
	self->inner.unknown.lpVtbl->Release(&self->inner.unknown);
	return hr;
}

static SPARE HRESULT
factory_lock(void *This, BOOL lock)
{
	(void)This;
	atomic_fetch_add(&locks, lock ? 1 : -1);
	return S_OK;
}

static SPARE HRESULT
factory_query(void *This, REFIID riid, void **ppv)
{
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
		return E_NOINTERFACE;
	*ppv = This;
	return S_OK;
}

/* The class object is static. */
static SPARE ULONG
factory_count(void *This)
{
	(void)This;
	return 2;
}

static HRESULT query_factory(REFIID riid, void **ppv);

static SPARE HRESULT
get_class_object(REFCLSID rclsid, REFIID riid, void **ppv)
{
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	return IsEqualCLSID(rclsid, &CLSID_Thing) ? query_factory(riid, ppv)
						  : CLASS_E_CLASSNOTAVAILABLE;
}

static SPARE HRESULT
can_unload_now(void)
{
	return atomic_load(&live) == 0 && atomic_load(&locks) == 0 ? S_OK : S_FALSE;
}

#endif
