/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts its objects for each thread apart. */
#define LIVE_STORAGE _Thread_local
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
