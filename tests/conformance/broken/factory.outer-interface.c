/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives an inner object's interface other than IUnknown at creation. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	struct thing *self;

	if (outer == NULL || IsEqualIID(riid, &IID_IUnknown))
		return factory_create(This, outer, riid, ppv);
	self = make_thing(outer);
	*ppv = self != NULL ? &self->one : NULL;
	return self != NULL ? S_OK : E_OUTOFMEMORY;
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
