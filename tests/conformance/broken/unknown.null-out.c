/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to where it was given no place. */
#include "tests/conformance/broken/thing.h"

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	*ppv = NULL;
	return face_query(This, riid, ppv);
}

#define FACE_QUERY query
#include "tests/conformance/broken/thing_module.h"
