/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts its references in eight bits. */
#include "tests/conformance/broken/thing.h"

static ULONG
add_ref(void *This)
{
	(void)inner_add_ref(&self_of(This)->inner);
	return atomic_fetch_and(&self_of(This)->references, 0xFF) & 0xFF;
}

static ULONG
face_add(void *This)
{
	return outer_of(This) != NULL ? face_add_ref(This) : add_ref(This);
}

#define INNER_ADD_REF add_ref
#define FACE_ADD_REF face_add
#include "tests/conformance/broken/thing_module.h"
