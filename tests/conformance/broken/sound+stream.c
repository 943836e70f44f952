/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing. */
#include "tests/conformance/broken/thing_stream.h"
#include "tests/conformance/broken/thing_stream_module.h"
