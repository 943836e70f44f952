/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Streams on a global memory block, and IStream's 64-bit unions as plain numbers. The latter work
 * on any stream.
 */
#ifndef PROVIDERS_SCARDSSP_MEMORY_STREAM_H
#define PROVIDERS_SCARDSSP_MEMORY_STREAM_H

#include <stdint.h>

#include <objbase.h>

/*
 * A stream on a new block of `size` bytes, copied from `data`, zero when it is NULL; at its start.
 * The runtime wipes such a block before it frees or moves it, so that a PIN leaves no copy.
 */
HRESULT memory_stream_new(uint32_t size, const BYTE *data, IStream **ret);

/* IStream::Seek and the size that IStream::Stat gives; *ret is set on success. */
HRESULT memory_stream_seek(IStream *stream, int64_t move, DWORD origin, uint64_t *ret_position);
HRESULT memory_stream_size(IStream *stream, uint64_t *ret_size);

#endif
