/* SPDX-License-Identifier: BSD-2-Clause */
/* Its manifest has two ProgIDs that do not belong together. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
