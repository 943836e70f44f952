/* SPDX-License-Identifier: BSD-2-Clause */
/* A clone is the stream itself. */
#include "tests/conformance/broken/thing_stream.h"

static HRESULT
copy(void *This, void **ppstream)
{
	if (ppstream == NULL)
		return STG_E_INVALIDPOINTER;
	(void)face_add_ref(This);
	*ppstream = This;
	return S_OK;
}

#define STREAM_CLONE copy
#include "tests/conformance/broken/thing_stream_module.h"
