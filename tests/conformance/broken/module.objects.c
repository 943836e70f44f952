/* SPDX-License-Identifier: BSD-2-Clause */
/* Does not count its objects. */
#include "tests/conformance/broken/thing.h"

static HRESULT
unload(void)
{
	return atomic_load(&locks) == 0 ? S_OK : S_FALSE;
}

#define CAN_UNLOAD_NOW unload
#include "tests/conformance/broken/thing_module.h"
