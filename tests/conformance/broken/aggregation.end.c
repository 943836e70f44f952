/* SPDX-License-Identifier: BSD-2-Clause */
/* An inner object is never freed. */
#include "tests/conformance/broken/thing.h"

static void
keep(struct thing *self)
{
	if (self->outer == NULL)
		thing_free(self);
}

#define DESTROY keep
#include "tests/conformance/broken/thing_module.h"
