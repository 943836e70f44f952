/* SPDX-License-Identifier: BSD-2-Clause */
/* Byte buffers as parameters: see buffer_io.h. */
#define COBJMACROS
#include "providers/scardssp/buffer_io.h"

#include <tessera_com.h>

#include "providers/scardssp/byte_buffer.h"
#include "providers/scardssp/classes.h"

/* From the first byte on, through the methods every implementation has. */
static HRESULT
read_from_start(IByteBuffer *buffer, size_t size, struct secret_bytes *ret)
{
	HRESULT hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);

	while (SUCCEEDED(hr) && ret->size < size) {
		LONG wanted = (LONG)(size - ret->size), count = 0;

		hr = IByteBuffer_Read(buffer, ret->data + ret->size, wanted, &count);
		if (FAILED(hr))
			break;
		if (count <= 0 || count > wanted)
			return STG_E_READFAULT;
		ret->size += (size_t)count;
	}
	return hr;
}

static HRESULT
read_foreign(IByteBuffer *buffer, size_t max, struct secret_bytes *ret)
{
	STATSTRUCT stat = { 0 };
	LONG position = 0;
	HRESULT hr, restored;

	if (FAILED(hr = IByteBuffer_Stat(buffer, &stat, STATFLAG_NONAME)))
		return hr;
	if (stat.cbSize < 0 || (size_t)stat.cbSize > max)
		return E_INVALIDARG;
	if (!secret_bytes_reserve(ret, (size_t)stat.cbSize))
		return E_OUTOFMEMORY;
	if (FAILED(hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_CUR, &position)))
		return hr;
	hr = read_from_start(buffer, (size_t)stat.cbSize, ret);
	restored = IByteBuffer_Seek(buffer, position, STREAM_SEEK_SET, NULL);
	return FAILED(hr) ? hr : restored;
}

HRESULT
buffer_read_all(IByteBuffer *buffer, size_t max, const char *what,
    const struct error_origin *origin, struct secret_bytes *ret)
{
	struct secret_bytes bytes = { 0 };
	HRESULT hr = byte_buffer_read_own(buffer, max, &bytes);

	if (hr == S_FALSE)
		hr = read_foreign(buffer, max, &bytes);
	if (FAILED(hr)) {
		secret_bytes_clear(&bytes);
		if (hr == E_INVALIDARG)
			return tessera_error(hr, origin->iid, origin->progid,
			    "%s: the byte buffer holds more than %zu bytes; pass fewer", what, max);
		return tessera_error(hr, origin->iid, origin->progid,
		    "%s: its byte buffer cannot be read (%s); look at the buffer's locks and at "
		    "the "
		    "stream inside it",
		    what, tessera_hresult_name(hr));
	}
	secret_bytes_move(ret, &bytes);
	return S_OK;
}

HRESULT
buffer_create(const uint8_t *bytes, size_t size, IByteBuffer **ret)
{
	IByteBuffer *buffer = NULL;
	HRESULT hr =
	    tessera_object_create(&byte_buffer_class, NULL, &IID_IByteBuffer, (void **)&buffer);

	*ret = NULL;
	if (FAILED(hr))
		return hr;
	if (size != 0) {
		/* The method only reads its argument; the published signature lacks the const. */
		hr = IByteBuffer_Initialize(buffer, (LONG)size, (BYTE *)(uintptr_t)bytes);
		if (FAILED(hr)) {
			IByteBuffer_Release(buffer);
			return hr;
		}
	}
	*ret = buffer;
	return S_OK;
}
