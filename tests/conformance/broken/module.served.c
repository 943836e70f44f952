/* SPDX-License-Identifier: BSD-2-Clause */
/* Serves one class of the two in its manifest. */
#include "tests/conformance/broken/thing.h"
#include "tests/conformance/broken/thing_module.h"
