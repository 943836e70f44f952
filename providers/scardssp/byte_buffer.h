/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rest of the module knows of CByteBuffer beyond its interface. */
#ifndef PROVIDERS_SCARDSSP_BYTE_BUFFER_H
#define PROVIDERS_SCARDSSP_BYTE_BUFFER_H

#include <stddef.h>

#include <scardssp.h>

#include "providers/scardssp/secret_bytes.h"

/*
 * byte_buffer_read_own: all bytes of a CByteBuffer with a stream of its own, in one step: the seek
 * pointer does not move meanwhile, so that threads may use one buffer as input at the same time.
 * @ret: empty; filled on success
 *
 * Returns S_OK; S_FALSE, and nothing is done, for another implementation or a foreign stream;
 * E_INVALIDARG: more than `max` bytes; STG_E_LOCKVIOLATION; E_OUTOFMEMORY; what the stream
 * returned.
 */
HRESULT byte_buffer_read_own(IByteBuffer *buffer, size_t max, struct secret_bytes *ret);

#endif
