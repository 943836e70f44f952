/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QueryInterface, AddRef and Release of every object made with the class helper, and the making of
 * such objects.
 *
 * An object has one count, that of its own IUnknown `inner`. The interfaces of its table delegate
 * to `controller`: `inner` itself, or the aggregator's IUnknown. An object that nobody aggregates
 * recognises itself by comparing the two and counts directly, without an indirect call.
 */
#include <stdlib.h>

#include <tessera_class.h>

#include "runtime/census.h"
#include "runtime/export.h"

/*
 * The count during destruction. A destructor that hands out its object and takes it back, as
 * releasing an inner object's interface does, must not get to zero a second time.
 */
#define REFERENCES_IN_DESTRUCTION 0x40000000u

static inline struct tessera_object *
object_from_inner(IUnknown *inner)
{
	return (struct tessera_object *)(void *)inner;
}

static inline struct tessera_object *
object_from_interface(void *This)
{
	return ((struct tessera_face *)This)->object;
}

static void
destroy(struct tessera_object *object)
{
	struct tessera_census *census = object->type->census;

	__atomic_store_n(&object->references, REFERENCES_IN_DESTRUCTION, __ATOMIC_RELAXED);
	if (object->type->destruct != NULL)
		object->type->destruct(object);
	free(object);
	/* Last, because a module whose objects are all counted away may be asked to leave. */
	census_ended(census);
}

static inline ULONG
add_reference(struct tessera_object *object)
{
	return __atomic_add_fetch(&object->references, 1, __ATOMIC_RELAXED);
}

static inline ULONG
drop_reference(struct tessera_object *object)
{
	ULONG left = __atomic_sub_fetch(&object->references, 1, __ATOMIC_RELEASE);

	if (left == 0) {
		/* Pairs with the release of every other thread's last use. A load and not a fence:
		 * ThreadSanitizer does not understand fences. */
		(void)__atomic_load_n(&object->references, __ATOMIC_ACQUIRE);
		destroy(object);
	}
	return left;
}

static ULONG
inner_add_ref(IUnknown *This)
{
	return add_reference(object_from_inner(This));
}

static ULONG
inner_release(IUnknown *This)
{
	return drop_reference(object_from_inner(This));
}

static HRESULT
inner_query_interface(IUnknown *This, REFIID riid, void **ppvObject)
{
	struct tessera_object *object = object_from_inner(This);

	if (ppvObject == NULL)
		return E_POINTER;
	*ppvObject = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	if (IsEqualIID(riid, &IID_IUnknown)) {
		add_reference(object);
		*ppvObject = &object->inner;
		return S_OK;
	}
	for (size_t i = 0; i < object->type->interface_count; i++) {
		const struct tessera_interface *row = &object->type->interfaces[i];

		if (IsEqualIID(riid, row->iid)) {
			void *face = (char *)object + row->offset;

			tessera_object_add_ref(face);
			*ppvObject = face;
			return S_OK;
		}
	}
	return E_NOINTERFACE;
}

static const IUnknownVtbl inner_vtbl = {
	.QueryInterface = inner_query_interface,
	.AddRef = inner_add_ref,
	.Release = inner_release,
};

TESSERA_EXPORT HRESULT
tessera_object_query_interface(void *This, REFIID riid, void **ppvObject)
{
	struct tessera_object *object = object_from_interface(This);

	if (object->controller == &object->inner)
		return inner_query_interface(&object->inner, riid, ppvObject);
	return object->controller->lpVtbl->QueryInterface(object->controller, riid, ppvObject);
}

TESSERA_EXPORT ULONG
tessera_object_add_ref(void *This)
{
	struct tessera_object *object = object_from_interface(This);

	if (object->controller == &object->inner)
		return add_reference(object);
	return object->controller->lpVtbl->AddRef(object->controller);
}

TESSERA_EXPORT ULONG
tessera_object_release(void *This)
{
	struct tessera_object *object = object_from_interface(This);

	if (object->controller == &object->inner)
		return drop_reference(object);
	return object->controller->lpVtbl->Release(object->controller);
}

static struct tessera_object *
allocate(const struct tessera_class *type, IUnknown *outer)
{
	struct tessera_object *object = calloc(1, type->size);

	if (object == NULL)
		return NULL;
	object->inner.lpVtbl = &inner_vtbl;
	object->controller = outer != NULL ? outer : &object->inner;
	object->type = type;
	object->references = 1;
	for (size_t i = 0; i < type->interface_count; i++) {
		struct tessera_face *face =
		    (struct tessera_face *)(void *)((char *)object + type->interfaces[i].offset);

		face->lpVtbl = type->interfaces[i].vtbl;
		face->object = object;
	}
	census_made(type->census);
	return object;
}

TESSERA_EXPORT HRESULT
tessera_object_create(const struct tessera_class *type, IUnknown *outer, REFIID riid, void **ppv)
{
	struct tessera_object *object;
	HRESULT hr;

	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	if (outer != NULL && (type->flags & TESSERA_CLASS_NOT_AGGREGATABLE) != 0)
		return CLASS_E_NOAGGREGATION;
	if (outer != NULL && !IsEqualIID(riid, &IID_IUnknown))
		return E_NOINTERFACE;
	object = allocate(type, outer);
	if (object == NULL)
		return E_OUTOFMEMORY;
	if (type->construct != NULL) {
		hr = type->construct(object);
		if (FAILED(hr)) {
			destroy(object);
			return hr;
		}
	}
	hr = inner_query_interface(&object->inner, riid, ppv);
	drop_reference(object);
	return hr;
}
