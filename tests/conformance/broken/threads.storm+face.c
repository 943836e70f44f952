/* SPDX-License-Identifier: BSD-2-Clause */
/* Its own interfaces, not IUnknown, count references only on the thread that made the object. */
#include "tests/conformance/broken/thing.h"

#include <pthread.h>

static pthread_t maker;

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	maker = pthread_self();
	return factory_create(This, outer, riid, ppv);
}

static ULONG
add_ref(void *This)
{
	return outer_of(This) != NULL || pthread_equal(maker, pthread_self())
	    ? face_add_ref(This)
	    : atomic_load(&self_of(This)->references);
}

#define FACTORY_CREATE create
#define FACE_ADD_REF add_ref
#include "tests/conformance/broken/thing_module.h"
