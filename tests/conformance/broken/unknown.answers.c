/* SPDX-License-Identifier: BSD-2-Clause */
/* Does not survive being asked for IMarshal, which it has never heard of. */
#include "tests/conformance/broken/thing.h"

static const IID IID_marshal = { 0x00000003, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

static HRESULT
query(void *This, REFIID riid, void **ppv)
{
	if (IsEqualIID(riid, &IID_marshal))
		abort();
	return inner_query(This, riid, ppv);
}

#define INNER_QUERY query
#include "tests/conformance/broken/thing_module.h"
