/* SPDX-License-Identifier: BSD-2-Clause */
/* Its manifest requires a category that nobody describes. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
