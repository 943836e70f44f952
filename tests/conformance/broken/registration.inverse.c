/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes another component's manifest away when it unregisters. */
#include "tests/conformance/broken/thing_register.h"

static HRESULT
remove_all(void)
{
	remove_manifest("tessera/components.d/foreign.component");
	return unregister_server();
}

#define UNREGISTER remove_all
#include "tests/conformance/broken/thing_register_module.h"
