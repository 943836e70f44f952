/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CByteBuffer: a stream with 32-bit counts, for callers without IStream. Arguments and texts; what
 * happens to the bytes is in byte_view.c.
 */
#define COBJMACROS
#include "providers/scardssp/byte_buffer.h"

#include "providers/scardssp/buffer_io.h"
#include "providers/scardssp/byte_view.h"
#include "providers/scardssp/classes.h"

#define FAIL(code, ...) \
	tessera_error((code), &IID_IByteBuffer, "SCardSSP.ByteBuffer.1", __VA_ARGS__)

struct byte_buffer {
	struct tessera_object object;
	TESSERA_INTERFACE(IByteBuffer) buffer;
	TESSERA_INTERFACE(ISupportErrorInfo) errors;
	struct byte_view view;
};

static const IByteBufferVtbl byte_buffer_vtbl;

static struct byte_view *
view_of(IByteBuffer *iface)
{
	return &TESSERA_SELF(struct byte_buffer, iface)->view;
}

static HRESULT
missing(const char *method, const char *parameter)
{
	return FAIL(E_POINTER, "IByteBuffer::%s: %s is NULL; pass its address", method, parameter);
}

static HRESULT
negative(const char *method, const char *parameter, LONG value)
{
	return FAIL(
	    E_INVALIDARG, "IByteBuffer::%s: %s is %d; pass 0 or more", method, parameter, value);
}

/* A failure of the stream inside, with its text. */
static HRESULT
refused(HRESULT hr, const char *method)
{
	switch (hr) {
	case STG_E_LOCKVIOLATION:
		return FAIL(hr,
		    "IByteBuffer::%s: a clone has locked some of these bytes; try after its "
		    "UnlockRegion",
		    method);
	case STG_E_MEDIUMFULL:
	case E_OUTOFMEMORY:
		return FAIL(hr,
		    "IByteBuffer::%s: no room; a byte buffer holds at most %u bytes, and memory "
		    "may be less",
		    method, BYTE_VIEW_SIZE_MAX);
	default:
		return FAIL(hr, "IByteBuffer::%s: the stream inside refuses", method);
	}
}

static HRESULT
byte_buffer_get_Stream(IByteBuffer *iface, LPSTREAM *ppStream)
{
	if (ppStream == NULL)
		return missing("get_Stream", "ppStream");
	*ppStream = byte_view_lend(view_of(iface));
	return S_OK;
}

static HRESULT
byte_buffer_put_Stream(IByteBuffer *iface, LPSTREAM pStream)
{
	if (pStream == NULL)
		return missing("put_Stream", "pStream");
	byte_view_put(view_of(iface), pStream);
	return S_OK;
}

static HRESULT
byte_buffer_Clone(IByteBuffer *iface, LPBYTEBUFFER *ppByteBuffer)
{
	IByteBuffer *clone = NULL;
	HRESULT hr;

	if (ppByteBuffer == NULL)
		return missing("Clone", "ppByteBuffer");
	*ppByteBuffer = NULL;
	hr = tessera_object_create(&byte_buffer_class, NULL, &IID_IByteBuffer, (void **)&clone);
	if (FAILED(hr))
		return hr;
	if (FAILED(hr = byte_view_clone(view_of(iface), view_of(clone)))) {
		IByteBuffer_Release(clone);
		return refused(hr, "Clone");
	}
	*ppByteBuffer = clone;
	return S_OK;
}

/* A memory stream has no transactions; another one may. */
static HRESULT
byte_buffer_Commit(IByteBuffer *iface, LONG grfCommitFlags)
{
	struct byte_view *view = view_of(iface);
	HRESULT hr =
	    view->store != NULL ? S_OK : IStream_Commit(view->stream, (DWORD)grfCommitFlags);

	return FAILED(hr) ? refused(hr, "Commit") : S_OK;
}

static HRESULT
byte_buffer_Revert(IByteBuffer *iface)
{
	struct byte_view *view = view_of(iface);
	HRESULT hr = view->store != NULL ? S_OK : IStream_Revert(view->stream);

	return FAILED(hr) ? refused(hr, "Revert") : S_OK;
}

static HRESULT
byte_buffer_Read(IByteBuffer *iface, BYTE *pByte, LONG cb, LONG *pcbRead)
{
	ULONG count = 0;
	HRESULT hr;

	if (pcbRead != NULL)
		*pcbRead = 0;
	if (cb < 0)
		return negative("Read", "cb", cb);
	if (cb == 0)
		return S_OK;
	if (pByte == NULL)
		return missing("Read", "pByte");
	if (FAILED(hr = byte_view_read(view_of(iface), pByte, (ULONG)cb, &count)))
		return refused(hr, "Read");
	if (pcbRead != NULL)
		*pcbRead = (LONG)count;
	return S_OK;
}

static HRESULT
byte_buffer_Write(IByteBuffer *iface, BYTE *pByte, LONG cb, LONG *pcbWritten)
{
	ULONG count = 0;
	HRESULT hr;

	if (pcbWritten != NULL)
		*pcbWritten = 0;
	if (pByte == NULL)
		return missing("Write", "pByte");
	if (cb < 0)
		return negative("Write", "cb", cb);
	if (cb == 0)
		return S_OK;
	hr = byte_view_write(view_of(iface), pByte, (ULONG)cb, &count);
	if (pcbWritten != NULL && count <= (ULONG)cb)
		*pcbWritten = (LONG)count;
	return FAILED(hr) ? refused(hr, "Write") : S_OK;
}

static HRESULT
write_all(IByteBuffer *destination, struct secret_bytes *bytes, size_t *ret_written)
{
	size_t done = 0;
	HRESULT hr = S_OK;

	while (SUCCEEDED(hr) && done < bytes->size) {
		LONG left = (LONG)(bytes->size - done), count = 0;

		hr = IByteBuffer_Write(destination, bytes->data + done, left, &count);
		if (count < 0 || count > left)
			count = 0;
		done += (size_t)count;
		if (SUCCEEDED(hr) && count == 0)
			hr = STG_E_MEDIUMFULL;
	}
	*ret_written = done;
	return FAILED(hr) ? hr : S_OK;
}

/* To a buffer made for them, which then stands at its start like every buffer returned. */
static HRESULT
write_to_new(struct secret_bytes *bytes, IByteBuffer **ret, size_t *ret_written)
{
	HRESULT hr = buffer_create(bytes->data, bytes->size, ret);

	*ret_written = SUCCEEDED(hr) ? bytes->size : 0;
	return hr;
}

/* All bytes are read before any is written: the destination may be a clone amid them. */
static HRESULT
byte_buffer_CopyTo(
    IByteBuffer *iface, LPBYTEBUFFER *ppByteBuffer, LONG cb, LONG *pcbRead, LONG *pcbWritten)
{
	struct secret_bytes bytes = { 0 };
	size_t written = 0;
	HRESULT hr;

	if (pcbRead != NULL)
		*pcbRead = 0;
	if (pcbWritten != NULL)
		*pcbWritten = 0;
	if (ppByteBuffer == NULL)
		return missing("CopyTo", "ppByteBuffer");
	if (cb < 0)
		return negative("CopyTo", "cb", cb);

	if (FAILED(hr = byte_view_read_ahead(view_of(iface), (size_t)cb, &bytes))) {
		secret_bytes_clear(&bytes);
		return refused(hr, "CopyTo");
	}
	if (pcbRead != NULL)
		*pcbRead = (LONG)bytes.size;
	if (*ppByteBuffer == NULL)
		hr = write_to_new(&bytes, ppByteBuffer, &written);
	else
		hr = write_all(*ppByteBuffer, &bytes, &written);
	if (pcbWritten != NULL)
		*pcbWritten = (LONG)written;
	if (FAILED(hr))
		hr = FAIL(hr,
		    "IByteBuffer::CopyTo: the destination took %zu of %zu bytes; see its locks "
		    "and limits",
		    written, bytes.size);
	secret_bytes_clear(&bytes);
	return hr;
}

static HRESULT
byte_buffer_Initialize(IByteBuffer *iface, LONG lSize, BYTE *pData)
{
	HRESULT hr;

	if (lSize < 0)
		return negative("Initialize", "lSize", lSize);
	hr = byte_view_new(view_of(iface), (uint32_t)lSize, pData);
	return FAILED(hr) ? refused(hr, "Initialize") : S_OK;
}

/* Arguments of LockRegion and UnlockRegion. */
static HRESULT
check_region(const char *method, LONG offset, LONG count, LONG type)
{
	if (offset < 0)
		return negative(method, "libOffset", offset);
	if (count < 0)
		return negative(method, "cb", count);
	if (type != LOCK_WRITE && type != LOCK_EXCLUSIVE && type != LOCK_ONLYONCE)
		return FAIL(STG_E_INVALIDFUNCTION,
		    "IByteBuffer::%s: lock type %d; pass LOCK_WRITE, LOCK_EXCLUSIVE or "
		    "LOCK_ONLYONCE",
		    method, type);
	return S_OK;
}

static HRESULT
byte_buffer_LockRegion(IByteBuffer *iface, LONG libOffset, LONG cb, LONG dwLockType)
{
	HRESULT hr = check_region("LockRegion", libOffset, cb, dwLockType);

	if (FAILED(hr))
		return hr;
	hr = byte_view_lock(view_of(iface), (uint32_t)libOffset, (uint32_t)cb, (DWORD)dwLockType);
	return FAILED(hr) ? refused(hr, "LockRegion") : S_OK;
}

static HRESULT
byte_buffer_UnlockRegion(IByteBuffer *iface, LONG libOffset, LONG cb, LONG dwLockType)
{
	HRESULT hr = check_region("UnlockRegion", libOffset, cb, dwLockType);

	if (FAILED(hr))
		return hr;
	hr = byte_view_unlock(view_of(iface), (uint32_t)libOffset, (uint32_t)cb, (DWORD)dwLockType);
	if (hr == STG_E_LOCKVIOLATION)
		return FAIL(hr,
		    "IByteBuffer::UnlockRegion: this buffer has no lock with just these "
		    "arguments; repeat those of LockRegion");
	return FAILED(hr) ? refused(hr, "UnlockRegion") : S_OK;
}

static HRESULT
byte_buffer_Seek(IByteBuffer *iface, LONG dLibMove, LONG dwOrigin, LONG *plibNewPosition)
{
	int64_t move = dwOrigin == STREAM_SEEK_SET ? (int64_t)(DWORD)dLibMove : dLibMove;
	uint64_t position = 0;
	HRESULT hr;

	if (plibNewPosition != NULL)
		*plibNewPosition = 0;
	if (dwOrigin != STREAM_SEEK_SET && dwOrigin != STREAM_SEEK_CUR &&
	    dwOrigin != STREAM_SEEK_END)
		return FAIL(STG_E_INVALIDFUNCTION,
		    "IByteBuffer::Seek: origin %d; pass STREAM_SEEK_SET, _CUR or _END", dwOrigin);
	if (FAILED(hr = byte_view_seek(view_of(iface), move, (DWORD)dwOrigin, &position)))
		return FAIL(hr,
		    "IByteBuffer::Seek: %lld from origin %d is before the start or past what 32 "
		    "bits hold; the seek pointer stays",
		    (long long)move, dwOrigin);
	if (plibNewPosition != NULL)
		*plibNewPosition = (LONG)(DWORD)position;
	return S_OK;
}

static HRESULT
byte_buffer_SetSize(IByteBuffer *iface, LONG libNewSize)
{
	HRESULT hr;

	if (libNewSize < 0)
		return negative("SetSize", "libNewSize", libNewSize);
	hr = byte_view_resize(view_of(iface), (uint32_t)libNewSize);
	return FAILED(hr) ? refused(hr, "SetSize") : S_OK;
}

static HRESULT
byte_buffer_Stat(IByteBuffer *iface, LPSTATSTRUCT pstatstg, LONG grfStatFlag)
{
	STATSTG stat = { 0 };
	HRESULT hr;

	(void)grfStatFlag; /* there is never a name to leave out */
	if (pstatstg == NULL)
		return missing("Stat", "pstatstg");
	if (FAILED(hr = byte_view_stat(view_of(iface), &stat)))
		return refused(hr, "Stat");
	if (stat.cbSize.QuadPart > BYTE_VIEW_SIZE_MAX)
		return FAIL(E_FAIL,
		    "IByteBuffer::Stat: the stream inside has %llu bytes, a LONG counts to %u; ask "
		    "the stream itself",
		    (unsigned long long)stat.cbSize.QuadPart, BYTE_VIEW_SIZE_MAX);
	*pstatstg = (STATSTRUCT){
		.type = (LONG)stat.type,
		.cbSize = (LONG)stat.cbSize.QuadPart,
		.grfMode = (LONG)stat.grfMode,
		.grfLocksSupported = (LONG)stat.grfLocksSupported,
		.grfStateBits = (LONG)stat.grfStateBits,
	};
	return S_OK;
}

HRESULT
byte_buffer_read_own(IByteBuffer *buffer, size_t max, struct secret_bytes *ret)
{
	if (buffer->lpVtbl != &byte_buffer_vtbl)
		return S_FALSE;
	return byte_view_read_all(view_of(buffer), max, ret);
}

static const IByteBufferVtbl byte_buffer_vtbl = {
	TESSERA_DISPATCH_SLOTS(IByteBuffer),
	.get_Stream = byte_buffer_get_Stream,
	.put_Stream = byte_buffer_put_Stream,
	.Clone = byte_buffer_Clone,
	.Commit = byte_buffer_Commit,
	.CopyTo = byte_buffer_CopyTo,
	.Initialize = byte_buffer_Initialize,
	.LockRegion = byte_buffer_LockRegion,
	.Read = byte_buffer_Read,
	.Revert = byte_buffer_Revert,
	.Seek = byte_buffer_Seek,
	.SetSize = byte_buffer_SetSize,
	.Stat = byte_buffer_Stat,
	.UnlockRegion = byte_buffer_UnlockRegion,
	.Write = byte_buffer_Write,
};

static const struct tessera_interface byte_buffer_interfaces[] = {
	{ &IID_IByteBuffer, offsetof(struct byte_buffer, buffer), &byte_buffer_vtbl },
	{ &IID_IDispatch, offsetof(struct byte_buffer, buffer), &byte_buffer_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct byte_buffer, errors),
	    &tessera_support_error_info_vtbl },
};

/* Usable at once: clients write into a buffer without Initialize. */
static HRESULT
byte_buffer_construct(struct tessera_object *object)
{
	struct byte_buffer *self = (struct byte_buffer *)(void *)object;
	HRESULT hr = byte_view_new(&self->view, 0, NULL);

	return FAILED(hr) ? FAIL(hr, "CByteBuffer: no memory for a new byte buffer") : S_OK;
}

static void
byte_buffer_destruct(struct tessera_object *object)
{
	byte_view_clear(&((struct byte_buffer *)(void *)object)->view);
}

static struct tessera_census byte_buffer_census;

const struct tessera_class byte_buffer_class = {
	.clsid = &CLSID_CByteBuffer,
	.name = "CByteBuffer",
	.size = sizeof(struct byte_buffer),
	.interfaces = byte_buffer_interfaces,
	.interface_count = sizeof byte_buffer_interfaces / sizeof byte_buffer_interfaces[0],
	.construct = byte_buffer_construct,
	.destruct = byte_buffer_destruct,
	.census = &byte_buffer_census,
};
