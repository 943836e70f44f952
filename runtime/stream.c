/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stream on a global memory block. The block's size is the stream's size; there is no second
 * truth, so a program that resizes the block under the stream, or asks for its handle, sees the
 * same bytes. Clones share the block and have a position each.
 *
 * While the block is locked (GlobalLock) it cannot move, and so the stream cannot grow.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>
#include <tessera_class.h>

#include "runtime/export.h"
#include "runtime/global.h"

#define STREAM_SIZE_MAX 0x7FFFFFFFu

/* What a stream and its clones have in common. */
struct bytes {
	unsigned references;  /* changed atomically */
	pthread_mutex_t lock; /* positions of all streams, and use of the block */
	HGLOBAL block;
	bool free_block;
};

struct stream {
	struct tessera_object object;
	TESSERA_INTERFACE(IStream) stream;
	struct bytes *bytes;
	uint64_t position; /* at most INT64_MAX */
};

static struct bytes *
bytes_new(HGLOBAL block, bool free_block)
{
	struct bytes *bytes = calloc(1, sizeof *bytes);

	if (bytes == NULL)
		return NULL;
	bytes->references = 1;
	bytes->block = block;
	bytes->free_block = free_block;
	pthread_mutex_init(&bytes->lock, NULL);
	return bytes;
}

static struct bytes *
bytes_ref(struct bytes *bytes)
{
	__atomic_fetch_add(&bytes->references, 1, __ATOMIC_RELAXED);
	return bytes;
}

static void
bytes_unref(struct bytes *bytes)
{
	if (bytes == NULL || __atomic_sub_fetch(&bytes->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	if (bytes->free_block)
		GlobalFree(bytes->block);
	pthread_mutex_destroy(&bytes->lock);
	free(bytes);
}

static inline struct stream *
stream_from_iface(IStream *iface)
{
	return TESSERA_SELF(struct stream, iface);
}

/* With the lock held. */
static HRESULT
read_at(struct stream *self, void *data, ULONG size, ULONG *ret_read)
{
	void *block;
	SIZE_T length;
	ULONG count = 0;

	if (!global_lock_sized(self->bytes->block, &block, &length))
		return STG_E_INVALIDHANDLE;
	if (self->position < length) {
		SIZE_T left = length - (SIZE_T)self->position;

		count = left < size ? (ULONG)left : size;
		memcpy(data, (char *)block + self->position, count);
		self->position += count;
	}
	GlobalUnlock(self->bytes->block);
	*ret_read = count;
	return S_OK;
}

/* With the lock held. */
static HRESULT
write_at(struct stream *self, const void *data, ULONG size)
{
	void *block;
	SIZE_T length;
	uint64_t end = self->position + size;

	if (!global_size(self->bytes->block, &length))
		return STG_E_INVALIDHANDLE;
	if (size == 0)
		return S_OK;
	if (end > STREAM_SIZE_MAX || (end > length && !global_resize(self->bytes->block, end)))
		return STG_E_MEDIUMFULL;
	if (!global_lock_sized(self->bytes->block, &block, &length))
		return STG_E_INVALIDHANDLE;
	memcpy((char *)block + self->position, data, size);
	self->position = end;
	GlobalUnlock(self->bytes->block);
	return S_OK;
}

static HRESULT
stream_Read(IStream *iface, void *pv, ULONG cb, ULONG *pcbRead)
{
	struct stream *self = stream_from_iface(iface);
	ULONG count = 0;
	HRESULT hr;

	if (pcbRead != NULL)
		*pcbRead = 0;
	if (pv == NULL)
		return STG_E_INVALIDPOINTER;
	pthread_mutex_lock(&self->bytes->lock);
	hr = read_at(self, pv, cb, &count);
	pthread_mutex_unlock(&self->bytes->lock);
	if (pcbRead != NULL)
		*pcbRead = count;
	return hr;
}

static HRESULT
stream_Write(IStream *iface, const void *pv, ULONG cb, ULONG *pcbWritten)
{
	struct stream *self = stream_from_iface(iface);
	HRESULT hr;

	if (pcbWritten != NULL)
		*pcbWritten = 0;
	if (pv == NULL)
		return STG_E_INVALIDPOINTER;
	pthread_mutex_lock(&self->bytes->lock);
	hr = write_at(self, pv, cb);
	pthread_mutex_unlock(&self->bytes->lock);
	if (SUCCEEDED(hr) && pcbWritten != NULL)
		*pcbWritten = cb;
	return hr;
}

/* With the lock held. */
static HRESULT
origin_of(struct stream *self, DWORD origin, int64_t *ret_start)
{
	SIZE_T length;

	switch (origin) {
	case STREAM_SEEK_SET:
		*ret_start = 0;
		return S_OK;
	case STREAM_SEEK_CUR:
		*ret_start = (int64_t)self->position;
		return S_OK;
	case STREAM_SEEK_END:
		if (!global_size(self->bytes->block, &length))
			return STG_E_INVALIDHANDLE;
		*ret_start = (int64_t)length;
		return S_OK;
	default:
		return STG_E_INVALIDFUNCTION;
	}
}

static HRESULT
stream_Seek(IStream *iface, LARGE_INTEGER dlibMove, DWORD dwOrigin, ULARGE_INTEGER *plibNewPosition)
{
	struct stream *self = stream_from_iface(iface);
	int64_t start, target;
	HRESULT hr;

	pthread_mutex_lock(&self->bytes->lock);
	hr = origin_of(self, dwOrigin, &start);
	if (SUCCEEDED(hr) &&
	    (__builtin_add_overflow(start, dlibMove.QuadPart, &target) || target < 0))
		hr = STG_E_INVALIDFUNCTION;
	if (SUCCEEDED(hr))
		self->position = (uint64_t)target;
	if (plibNewPosition != NULL)
		plibNewPosition->QuadPart = self->position;
	pthread_mutex_unlock(&self->bytes->lock);
	return hr;
}

static HRESULT
stream_SetSize(IStream *iface, ULARGE_INTEGER libNewSize)
{
	struct stream *self = stream_from_iface(iface);
	HRESULT hr = S_OK;

	if (libNewSize.QuadPart > STREAM_SIZE_MAX)
		return STG_E_MEDIUMFULL;
	pthread_mutex_lock(&self->bytes->lock);
	if (!global_resize(self->bytes->block, (SIZE_T)libNewSize.QuadPart))
		hr = STG_E_MEDIUMFULL;
	pthread_mutex_unlock(&self->bytes->lock);
	return hr;
}

/* What CopyTo has to carry: from the position to the end, at most `wanted`. */
static HRESULT
take(struct stream *self, uint64_t wanted, void **ret_data, ULONG *ret_size)
{
	SIZE_T length;
	ULONG size = 0;
	HRESULT hr = S_OK;

	*ret_size = 0;
	pthread_mutex_lock(&self->bytes->lock);
	if (!global_size(self->bytes->block, &length))
		hr = STG_E_INVALIDHANDLE;
	else if (self->position < length && length - self->position <= STREAM_SIZE_MAX)
		size = (ULONG)(length - self->position);
	if (size > wanted)
		size = (ULONG)wanted;
	*ret_data = malloc(size != 0 ? size : 1);
	if (*ret_data == NULL)
		hr = STG_E_INSUFFICIENTMEMORY;
	if (SUCCEEDED(hr))
		hr = read_at(self, *ret_data, size, ret_size);
	pthread_mutex_unlock(&self->bytes->lock);
	return hr;
}

/*
 * One Read and one Write, because that is what the result must equal when the other stream is a
 * clone and the two places overlap. The other stream is foreign code: no lock is held.
 */
static HRESULT
stream_CopyTo(IStream *iface, IStream *pstm, ULARGE_INTEGER cb, ULARGE_INTEGER *pcbRead,
    ULARGE_INTEGER *pcbWritten)
{
	void *data = NULL;
	ULONG size, written = 0;
	HRESULT hr;

	if (pcbRead != NULL)
		pcbRead->QuadPart = 0;
	if (pcbWritten != NULL)
		pcbWritten->QuadPart = 0;
	if (pstm == NULL)
		return STG_E_INVALIDPOINTER;
	hr = take(stream_from_iface(iface), cb.QuadPart, &data, &size);
	if (SUCCEEDED(hr)) {
		if (pcbRead != NULL)
			pcbRead->QuadPart = size;
		hr = pstm->lpVtbl->Write(pstm, data, size, &written);
		if (pcbWritten != NULL)
			pcbWritten->QuadPart = written;
	}
	if (data != NULL)
		explicit_bzero(data, size);
	free(data);
	return hr;
}

static HRESULT
stream_Commit(IStream *iface, DWORD grfCommitFlags)
{
	(void)iface;
	(void)grfCommitFlags;
	return S_OK;
}

static HRESULT
stream_Revert(IStream *iface)
{
	(void)iface;
	return S_OK;
}

static HRESULT
stream_LockRegion(IStream *iface, ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType)
{
	(void)iface;
	(void)libOffset;
	(void)cb;
	(void)dwLockType;
	return STG_E_INVALIDFUNCTION;
}

static HRESULT
stream_Stat(IStream *iface, STATSTG *pstatstg, DWORD grfStatFlag)
{
	struct stream *self = stream_from_iface(iface);
	SIZE_T length;

	if (pstatstg == NULL)
		return STG_E_INVALIDPOINTER;
	*pstatstg = (STATSTG){ 0 };
	if (grfStatFlag > STATFLAG_NOOPEN)
		return STG_E_INVALIDFLAG;
	if (!global_size(self->bytes->block, &length))
		return STG_E_INVALIDHANDLE;
	/* A stream in memory has no name, whatever the flag. */
	pstatstg->type = STGTY_STREAM;
	pstatstg->cbSize.QuadPart = length;
	pstatstg->grfMode = STGM_READWRITE;
	return S_OK;
}

static HRESULT stream_Clone(IStream *iface, IStream **ppstm);

static const IStreamVtbl stream_vtbl = {
	TESSERA_UNKNOWN_SLOTS(IStream),
	.Read = stream_Read,
	.Write = stream_Write,
	.Seek = stream_Seek,
	.SetSize = stream_SetSize,
	.CopyTo = stream_CopyTo,
	.Commit = stream_Commit,
	.Revert = stream_Revert,
	.LockRegion = stream_LockRegion,
	.UnlockRegion = stream_LockRegion,
	.Stat = stream_Stat,
	.Clone = stream_Clone,
};

static void
stream_destruct(struct tessera_object *object)
{
	bytes_unref(((struct stream *)(void *)object)->bytes);
}

static const struct tessera_interface stream_interfaces[] = {
	{ &IID_IStream, offsetof(struct stream, stream), &stream_vtbl },
	{ &IID_ISequentialStream, offsetof(struct stream, stream), &stream_vtbl },
};
static struct tessera_census stream_census;
static const struct tessera_class stream_class = {
	.name = "HGlobalStream",
	.size = sizeof(struct stream),
	.interfaces = stream_interfaces,
	.interface_count = sizeof stream_interfaces / sizeof stream_interfaces[0],
	.destruct = stream_destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &stream_census,
};
TESSERA_CLASSES(&stream_class);

/* Takes over the reference to `bytes`, in failure too. */
static HRESULT
stream_new(struct bytes *bytes, uint64_t position, IStream **ret_stream)
{
	HRESULT hr;

	*ret_stream = NULL;
	if (bytes == NULL)
		return E_OUTOFMEMORY;
	hr = tessera_object_create(&stream_class, NULL, &IID_IStream, (void **)ret_stream);
	if (FAILED(hr)) {
		bytes_unref(bytes);
		return hr;
	}
	stream_from_iface(*ret_stream)->bytes = bytes;
	stream_from_iface(*ret_stream)->position = position;
	return S_OK;
}

static HRESULT
stream_Clone(IStream *iface, IStream **ppstm)
{
	struct stream *self = stream_from_iface(iface);
	uint64_t position;

	if (ppstm == NULL)
		return STG_E_INVALIDPOINTER;
	pthread_mutex_lock(&self->bytes->lock);
	position = self->position;
	pthread_mutex_unlock(&self->bytes->lock);
	return stream_new(bytes_ref(self->bytes), position, ppstm);
}

TESSERA_EXPORT HRESULT
CreateStreamOnHGlobal(HGLOBAL hGlobal, BOOL fDeleteOnRelease, IStream **ppstm)
{
	HGLOBAL block = hGlobal;
	struct bytes *bytes;
	SIZE_T size;

	if (ppstm == NULL)
		return E_POINTER;
	*ppstm = NULL;
	if (hGlobal == NULL)
		block = GlobalAlloc(GHND, 0);
	else if (!global_size(hGlobal, &size))
		return E_INVALIDARG;
	if (block == NULL)
		return E_OUTOFMEMORY;
	bytes = bytes_new(block, fDeleteOnRelease != FALSE);
	if (bytes == NULL) {
		if (hGlobal == NULL)
			GlobalFree(block);
		return E_OUTOFMEMORY;
	}
	return stream_new(bytes, 0, ppstm);
}

TESSERA_EXPORT HRESULT
GetHGlobalFromStream(IStream *pstm, HGLOBAL *phglobal)
{
	if (phglobal == NULL)
		return E_INVALIDARG;
	*phglobal = NULL;
	if (pstm == NULL || pstm->lpVtbl != &stream_vtbl)
		return E_INVALIDARG;
	*phglobal = stream_from_iface(pstm)->bytes->block;
	return S_OK;
}
