/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims error objects for whatever it is asked. */
#include "tests/conformance/broken/thing.h"

static HRESULT
supports(void *This, REFIID riid)
{
	(void)This;
	(void)riid;
	return S_OK;
}

static const slot errors_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)supports };

#define EXTRA_IID &IID_ISupportErrorInfo
#define EXTRA_TABLE errors_table
#include "tests/conformance/broken/thing_module.h"
