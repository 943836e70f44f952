/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps a reference to a sink that has left. */
#include "tests/conformance/broken/thing_connection.h"

static HRESULT
unadvise(void *This, DWORD cookie)
{
	(void)This;
	if (cookie != 7 || advised == NULL)
		return CONNECT_E_NOCONNECTION;
	advised = NULL;
	return S_OK;
}

#define POINT_UNADVISE unadvise
#include "tests/conformance/broken/thing_connection_module.h"
