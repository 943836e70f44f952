/* SPDX-License-Identifier: BSD-2-Clause */
/* Hands on what the sink said instead of saying CONNECT_E_CANNOTCONNECT. */
#include "tests/conformance/broken/thing_connection.h"

static HRESULT
advise(void *This, IUnknown *sink, DWORD *cookie)
{
	HRESULT hr = point_advise(This, sink, cookie);

	return hr == CONNECT_E_CANNOTCONNECT ? E_NOINTERFACE : hr;
}

#define POINT_ADVISE advise
#include "tests/conformance/broken/thing_connection_module.h"
