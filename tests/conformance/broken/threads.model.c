/* SPDX-License-Identifier: BSD-2-Clause */
/* Its manifest says that it may be used from one thread only. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
