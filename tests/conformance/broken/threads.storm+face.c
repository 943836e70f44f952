/* SPDX-License-Identifier: BSD-2-Clause */
/* Its own interfaces, not IUnknown, count up in two steps that another thread can come between. */
#include "tests/conformance/broken/thing.h"

#include <sched.h>

static ULONG
add_ref(void *This)
{
	struct thing *self = self_of(This);
	unsigned count = atomic_load(&self->references);

	if (self->outer != NULL)
		return self->outer->lpVtbl->AddRef(self->outer);
	if (++self->mark % 4 == 0)
		(void)sched_yield();
	atomic_store(&self->references, count + 1);
	return count + 1;
}

#define FACE_ADD_REF add_ref
#include "tests/conformance/broken/thing_module.h"
