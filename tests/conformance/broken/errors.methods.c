/* SPDX-License-Identifier: BSD-2-Clause */
/* IPersist::GetClassID succeeds, and leaves an error object. */
#include "tests/conformance/broken/thing.h"

#include <tessera_class.h>

static const IID IID_persist = { 0x0000010C, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

static HRESULT
get_class_id(void *This, CLSID *clsid)
{
	(void)This;
	if (clsid == NULL)
		return E_POINTER;
	*clsid = CLSID_Thing;
	(void)tessera_error(E_FAIL, NULL, NULL, "stale");
	return S_OK;
}

static const slot persist_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)get_class_id };

#define EXTRA_IID &IID_persist
#define EXTRA_TABLE persist_table
#include "tests/conformance/broken/thing_module.h"
