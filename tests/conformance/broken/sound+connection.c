/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing. */
#include "tests/conformance/broken/thing_connection.h"
#include "tests/conformance/broken/thing_connection_module.h"
