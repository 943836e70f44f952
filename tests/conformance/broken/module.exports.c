/* SPDX-License-Identifier: BSD-2-Clause */
/* Exports a function that is no entry point; see module.exports.map. */
#include "tests/conformance/broken/thing.h"

int thing_sum(int a, int b);

__attribute__((visibility("default"))) int
thing_sum(int a, int b)
{
	return a + b;
}

#include "tests/conformance/broken/thing_module.h"
