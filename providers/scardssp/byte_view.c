/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of a byte buffer: see byte_view.h. */
#define COBJMACROS
#include "providers/scardssp/byte_view.h"

#include "providers/scardssp/memory_stream.h"

#define READ_STEP_MAX (64u * 1024) /* bytes of one read ahead */

static void
enter(struct byte_view *view)
{
	if (view->store != NULL)
		byte_store_enter(view->store);
}

static void
leave(struct byte_view *view)
{
	if (view->store != NULL)
		byte_store_leave(view->store);
}

void
byte_view_clear(struct byte_view *view)
{
	byte_store_unref(view->store, view);
	if (view->stream != NULL)
		IStream_Release(view->stream);
	*view = (struct byte_view){ 0 };
}

HRESULT
byte_view_new(struct byte_view *view, uint32_t size, const BYTE *data)
{
	struct byte_store *store;
	IStream *stream = NULL;
	HRESULT hr;

	if ((store = byte_store_new()) == NULL)
		return E_OUTOFMEMORY;
	if (FAILED(hr = memory_stream_new(size, data, &stream))) {
		byte_store_unref(store, view);
		return hr;
	}
	byte_view_clear(view);
	view->stream = stream;
	view->store = store;
	return S_OK;
}

void
byte_view_put(struct byte_view *view, IStream *stream)
{
	IStream_AddRef(stream);
	byte_view_clear(view);
	view->stream = stream;
}

HRESULT
byte_view_clone(struct byte_view *view, struct byte_view *clone)
{
	IStream *stream = NULL;
	HRESULT hr;

	enter(view);
	hr = IStream_Clone(view->stream, &stream);
	leave(view);
	if (FAILED(hr))
		return hr;
	byte_view_clear(clone);
	clone->stream = stream;
	clone->store = view->store != NULL ? byte_store_ref(view->store) : NULL;
	return S_OK;
}

IStream *
byte_view_lend(struct byte_view *view)
{
	IStream_AddRef(view->stream);
	return view->stream;
}

/* Entered. */
static HRESULT
read_here(struct byte_view *view, BYTE *bytes, ULONG wanted, ULONG *ret_count)
{
	ULONG count = 0;
	uint64_t position;
	HRESULT hr;

	if (view->store != NULL) {
		hr = memory_stream_seek(view->stream, 0, STREAM_SEEK_CUR, &position);
		if (FAILED(hr))
			return hr;
		if (!byte_store_may_read(view->store, view, position, wanted))
			return STG_E_LOCKVIOLATION;
	}
	hr = IStream_Read(view->stream, bytes, wanted, &count);
	if (FAILED(hr))
		return hr;
	if (count > wanted)
		return STG_E_READFAULT;
	*ret_count = count;
	return S_OK;
}

HRESULT
byte_view_read(struct byte_view *view, BYTE *bytes, ULONG wanted, ULONG *ret_count)
{
	HRESULT hr;

	enter(view);
	hr = read_here(view, bytes, wanted, ret_count);
	leave(view);
	return hr;
}

/* Entered. */
static HRESULT
write_here(struct byte_view *view, const BYTE *bytes, ULONG count, ULONG *ret_count)
{
	uint64_t position, size, start;
	HRESULT hr;

	if (view->store != NULL) {
		if (FAILED(hr = memory_stream_seek(view->stream, 0, STREAM_SEEK_CUR, &position)) ||
		    FAILED(hr = memory_stream_size(view->stream, &size)))
			return hr;
		if (position + count > BYTE_VIEW_SIZE_MAX)
			return STG_E_MEDIUMFULL;
		/* A gap before the bytes is filled, and so written too. */
		start = position < size ? position : size;
		if (!byte_store_may_write(view->store, view, start, position + count - start))
			return STG_E_LOCKVIOLATION;
	}
	return IStream_Write(view->stream, bytes, count, ret_count);
}

HRESULT
byte_view_write(struct byte_view *view, const BYTE *bytes, ULONG count, ULONG *ret_count)
{
	HRESULT hr;

	enter(view);
	hr = write_here(view, bytes, count, ret_count);
	leave(view);
	return FAILED(hr) ? hr : S_OK;
}

/* Entered. */
static HRESULT
seek_here(struct byte_view *view, int64_t move, DWORD origin, uint64_t *ret_position)
{
	uint64_t before = 0, after = 0, ignored;
	HRESULT hr;

	if (FAILED(hr = memory_stream_seek(view->stream, 0, STREAM_SEEK_CUR, &before)) ||
	    FAILED(hr = memory_stream_seek(view->stream, move, origin, &after)))
		return hr;
	if (after > BYTE_VIEW_POSITION_MAX) {
		memory_stream_seek(view->stream, (int64_t)before, STREAM_SEEK_SET, &ignored);
		return STG_E_INVALIDFUNCTION;
	}
	*ret_position = after;
	return S_OK;
}

HRESULT
byte_view_seek(struct byte_view *view, int64_t move, DWORD origin, uint64_t *ret_position)
{
	HRESULT hr;

	enter(view);
	hr = seek_here(view, move, origin, ret_position);
	leave(view);
	return hr;
}

/* Entered. */
static HRESULT
resize_here(struct byte_view *view, uint64_t size)
{
	ULARGE_INTEGER length = { .QuadPart = size };
	uint64_t old = 0;
	HRESULT hr;

	if (view->store != NULL) {
		if (FAILED(hr = memory_stream_size(view->stream, &old)))
			return hr;
		if (!byte_store_may_write(view->store, view, size < old ? size : old,
			size < old ? old - size : size - old))
			return STG_E_LOCKVIOLATION;
	}
	return IStream_SetSize(view->stream, length);
}

HRESULT
byte_view_resize(struct byte_view *view, uint32_t size)
{
	HRESULT hr;

	enter(view);
	hr = resize_here(view, size);
	leave(view);
	return FAILED(hr) ? hr : S_OK;
}

HRESULT
byte_view_lock(struct byte_view *view, uint32_t offset, uint32_t count, DWORD type)
{
	ULARGE_INTEGER start = { .QuadPart = offset }, length = { .QuadPart = count };
	HRESULT hr;

	if (view->store == NULL)
		return IStream_LockRegion(view->stream, start, length, type);
	enter(view);
	hr = byte_store_lock(view->store, view, offset, count, type);
	leave(view);
	return hr;
}

HRESULT
byte_view_unlock(struct byte_view *view, uint32_t offset, uint32_t count, DWORD type)
{
	ULARGE_INTEGER start = { .QuadPart = offset }, length = { .QuadPart = count };
	HRESULT hr;

	if (view->store == NULL)
		return IStream_UnlockRegion(view->stream, start, length, type);
	enter(view);
	hr = byte_store_unlock(view->store, view, offset, count, type);
	leave(view);
	return hr;
}

HRESULT
byte_view_stat(struct byte_view *view, STATSTG *ret)
{
	HRESULT hr;

	enter(view);
	hr = IStream_Stat(view->stream, ret, STATFLAG_NONAME);
	leave(view);
	if (SUCCEEDED(hr) && view->store != NULL) {
		/* The locks are the store's, not the stream's. */
		ret->type = STGTY_STREAM;
		ret->grfMode = STGM_READWRITE;
		ret->grfLocksSupported = LOCK_WRITE | LOCK_EXCLUSIVE | LOCK_ONLYONCE;
		ret->grfStateBits = 0;
	}
	return hr;
}

HRESULT
byte_view_read_ahead(struct byte_view *view, size_t wanted, struct secret_bytes *ret)
{
	size_t end = ret->size + wanted;
	HRESULT hr = S_OK;

	enter(view);
	while (ret->size < end) {
		size_t left = end - ret->size;
		size_t step = left < READ_STEP_MAX ? left : (size_t)READ_STEP_MAX;
		ULONG count = 0;

		if (ret->capacity - ret->size < step &&
		    !secret_bytes_reserve(ret, ret->size + (ret->size > step ? ret->size : step))) {
			hr = E_OUTOFMEMORY;
			break;
		}
		hr = read_here(view, ret->data + ret->size, (ULONG)step, &count);
		if (FAILED(hr) || count == 0)
			break;
		ret->size += count;
	}
	leave(view);
	return hr;
}

/* Entered. */
static HRESULT
read_all_here(struct byte_view *view, size_t max, struct secret_bytes *ret)
{
	uint64_t position, size, ignored;
	ULONG count = 0;
	HRESULT hr;

	if (FAILED(hr = memory_stream_size(view->stream, &size)))
		return hr;
	if (size > max)
		return E_INVALIDARG;
	if (size == 0)
		return S_OK;
	if (!byte_store_may_read(view->store, view, 0, size))
		return STG_E_LOCKVIOLATION;
	if (!secret_bytes_reserve(ret, (size_t)size))
		return E_OUTOFMEMORY;
	if (FAILED(hr = memory_stream_seek(view->stream, 0, STREAM_SEEK_CUR, &position)) ||
	    FAILED(hr = memory_stream_seek(view->stream, 0, STREAM_SEEK_SET, &ignored)))
		return hr;
	hr = IStream_Read(view->stream, ret->data, (ULONG)size, &count);
	memory_stream_seek(view->stream, (int64_t)position, STREAM_SEEK_SET, &ignored);
	if (FAILED(hr))
		return hr;
	if (count != size)
		return STG_E_READFAULT;
	ret->size = (size_t)size;
	return S_OK;
}

HRESULT
byte_view_read_all(struct byte_view *view, size_t max, struct secret_bytes *ret)
{
	HRESULT hr;

	if (view->store == NULL)
		return S_FALSE;
	enter(view);
	hr = read_all_here(view, max, ret);
	leave(view);
	return hr;
}
