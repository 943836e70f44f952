/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves rubbish between the end and a write beyond it. */
#include "tests/conformance/broken/thing_stream.h"

static HRESULT
write_bytes(void *This, const void *data, ULONG count, ULONG *ret_written)
{
	const int end = length, start = self_of(This)->place;
	HRESULT hr = stream_write(This, data, count, ret_written);

	for (int i = end; i < start && i < ROOM; i++)
		bytes[i] = 0xEE;
	return hr;
}

#define STREAM_WRITE write_bytes
#include "tests/conformance/broken/thing_stream_module.h"
