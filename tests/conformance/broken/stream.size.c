/* SPDX-License-Identifier: BSD-2-Clause */
/* Never becomes shorter. */
#include "tests/conformance/broken/thing_stream.h"

static HRESULT
set_size(void *This, ULARGE_INTEGER size)
{
	return (int)size.QuadPart < length ? S_OK : stream_size(This, size);
}

#define STREAM_SIZE set_size
#include "tests/conformance/broken/thing_stream_module.h"
