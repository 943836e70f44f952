/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing. */
#include "tests/conformance/broken/thing_register.h"
#include "tests/conformance/broken/thing_register_module.h"
