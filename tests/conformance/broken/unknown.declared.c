/* SPDX-License-Identifier: BSD-2-Clause */
/* Its manifest promises an interface that it has not. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
