/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens a file when it is loaded, and leaves it open. */
#include "tests/conformance/broken/thing.h"

#include <fcntl.h>

__attribute__((constructor)) static void
open_something(void)
{
	static int kept;

	kept = open("/dev/null", O_RDONLY | O_CLOEXEC);
	(void)kept;
}

#include "tests/conformance/broken/thing_module.h"
