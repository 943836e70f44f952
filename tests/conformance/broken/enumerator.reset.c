/* SPDX-License-Identifier: BSD-2-Clause */
/* Goes back to the start and says that it failed. */
#include "tests/conformance/broken/thing_enum.h"

static HRESULT
reset(void *This)
{
	(void)enum_reset(This);
	return E_FAIL;
}

#define ENUM_RESET reset
#include "tests/conformance/broken/thing_enum_module.h"
