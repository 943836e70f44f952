/* SPDX-License-Identifier: BSD-2-Clause */
/* The inner IUnknown counts on the outer object as well. */
#include "tests/conformance/broken/thing.h"

static ULONG
add_ref(void *This)
{
	if (outer_of(This) != NULL)
		(void)outer_of(This)->lpVtbl->AddRef(outer_of(This));
	return inner_add_ref(This);
}

static ULONG
release(void *This)
{
	if (outer_of(This) != NULL)
		(void)outer_of(This)->lpVtbl->Release(outer_of(This));
	return inner_release(This);
}

#define INNER_ADD_REF add_ref
#define INNER_RELEASE release
#include "tests/conformance/broken/thing_module.h"
