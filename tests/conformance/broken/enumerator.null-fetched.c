/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives several items without telling how many. */
#include "tests/conformance/broken/thing_enum.h"

static HRESULT
next(void *This, ULONG count, GUID *items, ULONG *fetched)
{
	ULONG ignored;

	return enum_next(This, count, items, fetched != NULL ? fetched : &ignored);
}

#define ENUM_NEXT next
#include "tests/conformance/broken/thing_enum_module.h"
