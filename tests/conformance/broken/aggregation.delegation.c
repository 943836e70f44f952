/* SPDX-License-Identifier: BSD-2-Clause */
/* AddRef of an inner interface counts on the inner object. */
#include "tests/conformance/broken/thing.h"

static ULONG
add_ref(void *This)
{
	return inner_add_ref(This);
}

#define FACE_ADD_REF add_ref
#include "tests/conformance/broken/thing_module.h"
