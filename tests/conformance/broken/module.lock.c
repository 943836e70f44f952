/* SPDX-License-Identifier: BSD-2-Clause */
/* Does not count locks. */
#include "tests/conformance/broken/thing.h"

static HRESULT
lock_server(void *This, BOOL lock)
{
	(void)This;
	(void)lock;
	return S_OK;
}

#define FACTORY_LOCK lock_server
#include "tests/conformance/broken/thing_module.h"
