/* SPDX-License-Identifier: BSD-2-Clause */
/* Streams on global memory: see memory_stream.h. */
#define COBJMACROS
#include "providers/scardssp/memory_stream.h"

HRESULT
memory_stream_seek(IStream *stream, int64_t move, DWORD origin, uint64_t *ret_position)
{
	LARGE_INTEGER distance = { .QuadPart = move };
	ULARGE_INTEGER position = { .QuadPart = 0 };
	HRESULT hr = IStream_Seek(stream, distance, origin, &position);

	if (SUCCEEDED(hr))
		*ret_position = position.QuadPart;
	return hr;
}

HRESULT
memory_stream_size(IStream *stream, uint64_t *ret_size)
{
	STATSTG stat = { 0 };
	HRESULT hr = IStream_Stat(stream, &stat, STATFLAG_NONAME);

	if (SUCCEEDED(hr))
		*ret_size = stat.cbSize.QuadPart;
	return hr;
}

HRESULT
memory_stream_new(uint32_t size, const BYTE *data, IStream **ret)
{
	ULARGE_INTEGER length = { .QuadPart = size };
	IStream *stream = NULL;
	uint64_t position;
	HRESULT hr;

	if (FAILED(hr = CreateStreamOnHGlobal(NULL, TRUE, &stream)))
		return hr;
	if (size != 0) {
		hr = IStream_SetSize(stream, length);
		if (SUCCEEDED(hr) && data != NULL)
			hr = IStream_Write(stream, data, size, NULL);
		if (SUCCEEDED(hr))
			hr = memory_stream_seek(stream, 0, STREAM_SEEK_SET, &position);
	}
	if (FAILED(hr)) {
		IStream_Release(stream);
		return hr;
	}
	*ret = stream;
	return S_OK;
}
