/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes over a signal when it is loaded. */
#include "tests/conformance/broken/thing.h"

#include <signal.h>

__attribute__((constructor)) static void
take_signal(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
}

#include "tests/conformance/broken/thing_module.h"
