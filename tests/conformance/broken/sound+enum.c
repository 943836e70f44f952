/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing. */
#include "tests/conformance/broken/thing_enum.h"
#include "tests/conformance/broken/thing_enum_module.h"
