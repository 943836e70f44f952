/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses memory without looking whether it got any. */
#include "tests/conformance/broken/thing.h"

static HRESULT
create(void *This, IUnknown *outer, REFIID riid, void **ppv)
{
	volatile char *scratch = malloc(64);

	scratch[0] = 1;
	free((void *)(uintptr_t)scratch);
	return factory_create(This, outer, riid, ppv);
}

#define FACTORY_CREATE create
#include "tests/conformance/broken/thing_module.h"
