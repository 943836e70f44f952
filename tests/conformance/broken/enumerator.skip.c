/* SPDX-License-Identifier: BSD-2-Clause */
/* Says S_OK when it skips past the end. */
#include "tests/conformance/broken/thing_enum.h"

static HRESULT
skip(void *This, ULONG count)
{
	(void)enum_skip(This, count);
	return S_OK;
}

#define ENUM_SKIP skip
#include "tests/conformance/broken/thing_enum_module.h"
