/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Implementations of the module's interfaces that are not its own: what a vendor's wrapper or a
 * test double hands in. They forward, miscount or fail as told.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/scardssp_fixture.h"

struct foreign_buffer {
	IByteBuffer iface;
	ULONG references;
	IByteBuffer *inner;
	struct ssp_faults faults;
};

static struct foreign_buffer *
buffer_of(IByteBuffer *iface)
{
	return (struct foreign_buffer *)(void *)iface;
}

static HRESULT
buffer_QueryInterface(IByteBuffer *iface, REFIID riid, void **ppv)
{
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IByteBuffer)) {
		*ppv = NULL;
		return E_NOINTERFACE;
	}
	IByteBuffer_AddRef(iface);
	*ppv = iface;
	return S_OK;
}

static ULONG
buffer_AddRef(IByteBuffer *iface)
{
	return ++buffer_of(iface)->references;
}

static ULONG
buffer_Release(IByteBuffer *iface)
{
	ULONG left = --buffer_of(iface)->references;

	if (left == 0) {
		IByteBuffer_Release(buffer_of(iface)->inner);
		free(iface);
	}
	return left;
}

static HRESULT
buffer_Read(IByteBuffer *iface, BYTE *pByte, LONG cb, LONG *pcbRead)
{
	const struct ssp_faults *faults = &buffer_of(iface)->faults;

	if (faults->read != S_OK)
		return faults->read;
	if (faults->read_at_most != 0 && cb > faults->read_at_most)
		cb = faults->read_at_most;
	return IByteBuffer_Read(buffer_of(iface)->inner, pByte, cb, pcbRead);
}

static HRESULT
buffer_Seek(IByteBuffer *iface, LONG move, LONG origin, LONG *position)
{
	if (buffer_of(iface)->faults.seek != S_OK)
		return buffer_of(iface)->faults.seek;
	return IByteBuffer_Seek(buffer_of(iface)->inner, move, origin, position);
}

static HRESULT
buffer_Stat(IByteBuffer *iface, LPSTATSTRUCT stat, LONG flag)
{
	const struct ssp_faults *faults = &buffer_of(iface)->faults;
	HRESULT hr;

	if (faults->stat != S_OK)
		return faults->stat;
	hr = IByteBuffer_Stat(buffer_of(iface)->inner, stat, flag);
	if (faults->stat_size != 0)
		stat->cbSize = faults->stat_size;
	return hr;
}

static HRESULT
buffer_Write(IByteBuffer *iface, BYTE *pByte, LONG cb, LONG *pcbWritten)
{
	const struct ssp_faults *faults = &buffer_of(iface)->faults;

	if (faults->write != S_OK)
		return faults->write;
	if (faults->write_at_most != 0 && cb > faults->write_at_most)
		cb = faults->write_at_most;
	return IByteBuffer_Write(buffer_of(iface)->inner, pByte, cb, pcbWritten);
}

/* The slots that input does not need stay empty: whoever calls them has gone astray, and crashes.
 */
static const IByteBufferVtbl buffer_vtbl = {
	.QueryInterface = buffer_QueryInterface,
	.AddRef = buffer_AddRef,
	.Release = buffer_Release,
	.Read = buffer_Read,
	.Seek = buffer_Seek,
	.Stat = buffer_Stat,
	.Write = buffer_Write,
};

IByteBuffer *
ssp_foreign_buffer(IByteBuffer *inner, const struct ssp_faults *faults)
{
	struct foreign_buffer *buffer = calloc(1, sizeof *buffer);

	buffer->iface.lpVtbl = &buffer_vtbl;
	buffer->references = 1;
	buffer->inner = inner;
	if (faults != NULL)
		buffer->faults = *faults;
	IByteBuffer_AddRef(inner);
	return &buffer->iface;
}

static struct ssp_stream *
stream_of(IStream *iface)
{
	return (struct ssp_stream *)(void *)iface;
}

static HRESULT
stream_QueryInterface(IStream *iface, REFIID riid, void **ppv)
{
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IStream)) {
		*ppv = NULL;
		return E_NOINTERFACE;
	}
	IStream_AddRef(iface);
	*ppv = iface;
	return S_OK;
}

static ULONG
stream_AddRef(IStream *iface)
{
	return ++stream_of(iface)->references;
}

static ULONG
stream_Release(IStream *iface)
{
	return --stream_of(iface)->references;
}

/* Reads give 5A without end. */
static HRESULT
stream_Read(IStream *iface, void *pv, ULONG cb, ULONG *pcbRead)
{
	stream_of(iface)->reads++;
	memset(pv, 0x5A, cb);
	if (pcbRead != NULL)
		*pcbRead = cb;
	return stream_of(iface)->result;
}

static HRESULT
stream_Write(IStream *iface, const void *pv, ULONG cb, ULONG *pcbWritten)
{
	(void)pv;
	stream_of(iface)->writes++;
	if (pcbWritten != NULL)
		*pcbWritten = cb;
	return stream_of(iface)->result;
}

static HRESULT
stream_Seek(IStream *iface, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *position)
{
	struct ssp_stream *self = stream_of(iface);

	self->seeks++;
	if (origin == STREAM_SEEK_SET)
		self->position = (uint64_t)move.QuadPart;
	else if (origin == STREAM_SEEK_CUR)
		self->position += (uint64_t)move.QuadPart;
	else
		self->position = self->size + (uint64_t)move.QuadPart;
	if (position != NULL)
		position->QuadPart = self->position;
	return self->result;
}

static HRESULT
stream_SetSize(IStream *iface, ULARGE_INTEGER size)
{
	stream_of(iface)->sizes++;
	stream_of(iface)->size = size.QuadPart;
	return stream_of(iface)->result;
}

static HRESULT
stream_CopyTo(IStream *iface, IStream *to, ULARGE_INTEGER cb, ULARGE_INTEGER *pcbRead,
    ULARGE_INTEGER *pcbWritten)
{
	(void)to;
	(void)cb;
	(void)pcbRead;
	(void)pcbWritten;
	stream_of(iface)->copies++;
	return E_NOTIMPL;
}

static HRESULT
stream_Commit(IStream *iface, DWORD flags)
{
	(void)flags;
	stream_of(iface)->commits++;
	return stream_of(iface)->result;
}

static HRESULT
stream_Revert(IStream *iface)
{
	stream_of(iface)->reverts++;
	return stream_of(iface)->result;
}

static HRESULT
stream_LockRegion(IStream *iface, ULARGE_INTEGER offset, ULARGE_INTEGER cb, DWORD type)
{
	(void)offset;
	(void)cb;
	(void)type;
	stream_of(iface)->locks++;
	return stream_of(iface)->result;
}

static HRESULT
stream_UnlockRegion(IStream *iface, ULARGE_INTEGER offset, ULARGE_INTEGER cb, DWORD type)
{
	(void)offset;
	(void)cb;
	(void)type;
	stream_of(iface)->unlocks++;
	return stream_of(iface)->result;
}

static HRESULT
stream_Stat(IStream *iface, STATSTG *stat, DWORD flag)
{
	(void)flag;
	stream_of(iface)->stats++;
	*stat = (STATSTG){ .type = STGTY_LOCKBYTES, .grfMode = STGM_READ, .grfLocksSupported = 1 };
	stat->cbSize.QuadPart = stream_of(iface)->size;
	return stream_of(iface)->result;
}

static HRESULT
stream_Clone(IStream *iface, IStream **clone)
{
	stream_of(iface)->clones++;
	*clone = NULL;
	return E_NOTIMPL;
}

static const IStreamVtbl stream_vtbl = {
	.QueryInterface = stream_QueryInterface,
	.AddRef = stream_AddRef,
	.Release = stream_Release,
	.Read = stream_Read,
	.Write = stream_Write,
	.Seek = stream_Seek,
	.SetSize = stream_SetSize,
	.CopyTo = stream_CopyTo,
	.Commit = stream_Commit,
	.Revert = stream_Revert,
	.LockRegion = stream_LockRegion,
	.UnlockRegion = stream_UnlockRegion,
	.Stat = stream_Stat,
	.Clone = stream_Clone,
};

void
ssp_stream_init(struct ssp_stream *stream)
{
	*stream = (struct ssp_stream){ .iface = { &stream_vtbl }, .references = 1 };
}

struct foreign_cmd {
	ISCardCmd iface;
	ULONG references;
	ISCardCmd *inner;
};

static struct foreign_cmd *
cmd_of(ISCardCmd *iface)
{
	return (struct foreign_cmd *)(void *)iface;
}

static ULONG
cmd_AddRef(ISCardCmd *iface)
{
	return ++cmd_of(iface)->references;
}

static ULONG
cmd_Release(ISCardCmd *iface)
{
	ULONG left = --cmd_of(iface)->references;

	if (left == 0) {
		ISCardCmd_Release(cmd_of(iface)->inner);
		free(iface);
	}
	return left;
}

static HRESULT
cmd_get_Apdu(ISCardCmd *iface, LPBYTEBUFFER *apdu)
{
	IByteBuffer *inner = NULL;
	HRESULT hr = ISCardCmd_get_Apdu(cmd_of(iface)->inner, &inner);

	if (FAILED(hr))
		return hr;
	/* Another make of buffer, and not at its start. */
	*apdu = ssp_foreign_buffer(inner, NULL);
	IByteBuffer_Seek(inner, 3, STREAM_SEEK_SET, NULL);
	IByteBuffer_Release(inner);
	return S_OK;
}

static HRESULT
cmd_put_ApduReply(ISCardCmd *iface, LPBYTEBUFFER reply)
{
	return ISCardCmd_put_ApduReply(cmd_of(iface)->inner, reply);
}

static HRESULT
cmd_put_ApduReplyLength(ISCardCmd *iface, LONG size)
{
	(void)iface;
	(void)size;
	return E_NOTIMPL;
}

static HRESULT
cmd_get_AlternateClassId(ISCardCmd *iface, BYTE *alternate)
{
	return ISCardCmd_get_AlternateClassId(cmd_of(iface)->inner, alternate);
}

static HRESULT
cmd_BuildCmd(ISCardCmd *iface, BYTE cla, BYTE ins, BYTE p1, BYTE p2, LPBYTEBUFFER data, LONG *le)
{
	return ISCardCmd_BuildCmd(cmd_of(iface)->inner, cla, ins, p1, p2, data, le);
}

static const ISCardCmdVtbl cmd_vtbl = {
	.AddRef = cmd_AddRef,
	.Release = cmd_Release,
	.get_Apdu = cmd_get_Apdu,
	.put_ApduReply = cmd_put_ApduReply,
	.put_ApduReplyLength = cmd_put_ApduReplyLength,
	.get_AlternateClassId = cmd_get_AlternateClassId,
	.BuildCmd = cmd_BuildCmd,
};

ISCardCmd *
ssp_foreign_cmd(ISCardCmd *inner)
{
	struct foreign_cmd *cmd = calloc(1, sizeof *cmd);

	cmd->iface.lpVtbl = &cmd_vtbl;
	cmd->references = 1;
	cmd->inner = inner;
	ISCardCmd_AddRef(inner);
	return &cmd->iface;
}
