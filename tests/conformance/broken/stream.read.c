/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading at the end is an error. */
#include "tests/conformance/broken/thing_stream.h"

static HRESULT
read_bytes(void *This, void *data, ULONG count, ULONG *ret_read)
{
	return self_of(This)->place >= length ? STG_E_READFAULT
					      : stream_read(This, data, count, ret_read);
}

#define STREAM_READ read_bytes
#include "tests/conformance/broken/thing_stream_module.h"
