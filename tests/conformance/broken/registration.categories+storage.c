/* SPDX-License-Identifier: BSD-2-Clause */
/* Its manifest claims a category whose interface it lacks. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
