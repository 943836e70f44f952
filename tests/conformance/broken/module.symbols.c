/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls a function that no library has, though never in a way that matters. */
#include "tests/conformance/broken/thing.h"

int thing_from_nowhere(void);

static HRESULT
unload(void)
{
	return atomic_load(&live) < 0 ? (HRESULT)thing_from_nowhere() : can_unload_now();
}

#define CAN_UNLOAD_NOW unload
#include "tests/conformance/broken/thing_module.h"
