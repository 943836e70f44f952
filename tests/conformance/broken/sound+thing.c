/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
