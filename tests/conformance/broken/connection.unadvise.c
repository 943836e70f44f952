/* SPDX-License-Identifier: BSD-2-Clause */
/* Lets a sink leave twice. */
#include "tests/conformance/broken/thing_connection.h"

static HRESULT
unadvise(void *This, DWORD cookie)
{
	HRESULT hr = point_unadvise(This, cookie);

	return hr == CONNECT_E_NOCONNECTION ? S_OK : hr;
}

#define POINT_UNADVISE unadvise
#include "tests/conformance/broken/thing_connection_module.h"
