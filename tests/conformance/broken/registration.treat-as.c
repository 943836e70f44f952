/* SPDX-License-Identifier: BSD-2-Clause */
/* Its manifest names another class to serve, which nobody has. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
