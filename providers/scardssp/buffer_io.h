/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Byte buffers as parameters: taking all the bytes of one, whoever implements it, and making one
 * from bytes.
 */
#ifndef PROVIDERS_SCARDSSP_BUFFER_IO_H
#define PROVIDERS_SCARDSSP_BUFFER_IO_H

#include <stddef.h>
#include <stdint.h>

#include <scardssp.h>

#include "providers/scardssp/secret_bytes.h"

#define BUFFER_SIZE_MAX 0x7FFFFFFFu /* bytes; a LONG */

/* Who speaks in an error object. */
struct error_origin {
	const IID *iid;
	const char *progid;
};

/*
 * buffer_read_all: the bytes of a buffer from the first to the last; its seek pointer stays.
 * @max: more bytes than that are E_INVALIDARG
 * @what: the parameter's role, for the text of an error: "the data field"
 * @ret: filled on success, empty on failure; the caller clears it
 *
 * Returns S_OK; E_INVALIDARG; E_OUTOFMEMORY; STG_E_READFAULT: fewer bytes came than the buffer said
 * it has; or what the buffer's methods returned. A failure has left its text.
 */
HRESULT buffer_read_all(IByteBuffer *buffer, size_t max, const char *what,
    const struct error_origin *origin, struct secret_bytes *ret);

/*
 * buffer_create: a new CByteBuffer with a copy of `size` bytes (zeros when bytes is NULL) and seek
 * pointer 0. E_OUTOFMEMORY and the like, with *ret NULL; the failure has left its text.
 * @size: at most BUFFER_SIZE_MAX
 */
HRESULT buffer_create(const uint8_t *bytes, size_t size, IByteBuffer **ret);

#endif
