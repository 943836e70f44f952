/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection point does not know its container. */
#include "tests/conformance/broken/thing_connection.h"

static HRESULT
get_container(void *This, void **ppv)
{
	(void)This;
	*ppv = NULL;
	return E_FAIL;
}

#define POINT_CONTAINER get_container
#include "tests/conformance/broken/thing_connection_module.h"
