/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells the count of an object that it has just freed. */
#include "tests/conformance/broken/thing.h"

static ULONG
release(void *This)
{
	struct thing *volatile self = self_of(This);

	(void)inner_release(This);
	return atomic_load(&self->references);
}

#define INNER_RELEASE release
#include "tests/conformance/broken/thing_module.h"
