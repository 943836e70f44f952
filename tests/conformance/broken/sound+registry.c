/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing: registers itself with the functions that the runtime has for it. */
#include <tessera_com.h>

#include "tests/conformance/broken/thing_register.h"

#define MANIFEST                                           \
	"[Component]\nModule=thing.so\n\n"                 \
	"[Class {7E57B0A0-0001-4B0F-9E0B-3A6D0E1F7A01}]\n" \
	"Name=Thing\nThreadingModel=Both\n"

static HRESULT
register_thing(void)
{
	return tessera_register_manifest("thing.component", MANIFEST);
}

static HRESULT
unregister_thing(void)
{
	return tessera_unregister_manifest("thing.component");
}

#define REGISTER register_thing
#define UNREGISTER unregister_thing
#include "tests/conformance/broken/thing_register_module.h"
