/* SPDX-License-Identifier: BSD-2-Clause */
/* Adds to its manifest each time it registers. */
#include "tests/conformance/broken/thing_register.h"

static HRESULT
append(void)
{
	return write_manifest(OWN, "a");
}

#define REGISTER append
#include "tests/conformance/broken/thing_register_module.h"
