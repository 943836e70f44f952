/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves a file in the home folder while it is registered. */
#include "tests/conformance/broken/thing_register.h"

static HRESULT
write_more(void)
{
	(void)write_manifest("thing.log", "w");
	return register_server();
}

static HRESULT
remove_more(void)
{
	remove_manifest("thing.log");
	return unregister_server();
}

#define REGISTER write_more
#define UNREGISTER remove_more
#include "tests/conformance/broken/thing_register_module.h"
