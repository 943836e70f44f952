/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the new object to where it was given no place. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	*ppv = NULL;
	return factory_create(This, outer, riid, ppv);
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
