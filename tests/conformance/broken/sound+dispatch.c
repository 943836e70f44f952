/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing. */
#include "tests/conformance/broken/thing_dispatch.h"
#include "tests/conformance/broken/thing_dispatch_module.h"
