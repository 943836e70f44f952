/* SPDX-License-Identifier: BSD-2-Clause */
/* Has the wrong code for a connection point that it has not. */
#include "tests/conformance/broken/thing_connection.h"

static HRESULT
find(void *This, REFIID riid, void **ppoint)
{
	HRESULT hr = container_find(This, riid, ppoint);

	return hr == CONNECT_E_NOCONNECTION ? E_NOINTERFACE : hr;
}

#define CONTAINER_FIND find
#include "tests/conformance/broken/thing_connection_module.h"
