/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes a place before the start for the start. */
#include "tests/conformance/broken/thing_stream.h"

static HRESULT
seek(void *This, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *ret_position)
{
	LARGE_INTEGER start = { .QuadPart = 0 };
	HRESULT hr = stream_seek(This, move, origin, ret_position);

	return FAILED(hr) ? stream_seek(This, start, STREAM_SEEK_SET, ret_position) : hr;
}

#define STREAM_SEEK seek
#include "tests/conformance/broken/thing_stream_module.h"
