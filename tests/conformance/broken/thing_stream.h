/* SPDX-License-Identifier: BSD-2-Clause */
/* IStream over a fixed array, as the extra interface of a thing; right. The bytes are shared by
 * all objects of the process. */
#include "tests/conformance/broken/thing.h"

#define ROOM 256
static unsigned char bytes[ROOM];
static int length;

static SPARE int
least(int a, int b)
{
	return a < b ? a : b;
}

static SPARE HRESULT
stream_read(void *This, void *data, ULONG count, ULONG *ret_read)
{
	struct thing *self = self_of(This);
	int got = self->place < length ? least((int)count, length - self->place) : 0;

	memcpy(data, bytes + (got > 0 ? self->place : 0), (size_t)got);
	self->place += got;
	if (ret_read != NULL)
		*ret_read = (ULONG)got;
	return S_OK;
}

static SPARE HRESULT
stream_write(void *This, const void *data, ULONG count, ULONG *ret_written)
{
	struct thing *self = self_of(This);
	int put = self->place < ROOM ? least((int)count, ROOM - self->place) : 0;

	if (data == NULL)
		return STG_E_INVALIDPOINTER;
	if (self->place > length)
		memset(bytes + length, 0, (size_t)(least(self->place, ROOM) - length));
	memcpy(bytes + (put > 0 ? self->place : 0), data, (size_t)put);
	self->place += put;
	length = length > self->place ? length : self->place;
	if (ret_written != NULL)
		*ret_written = (ULONG)put;
	return S_OK;
}

static SPARE HRESULT
stream_seek(void *This, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *ret_position)
{
	struct thing *self = self_of(This);
	LONGLONG to = move.QuadPart +
	    (origin == STREAM_SEEK_SET          ? 0
		    : origin == STREAM_SEEK_CUR ? self->place
						: length);

	if (to < 0 || to > ROOM)
		return STG_E_INVALIDFUNCTION;
	self->place = (int)to;
	if (ret_position != NULL)
		ret_position->QuadPart = (ULONGLONG)to;
	return S_OK;
}

static SPARE HRESULT
stream_size(void *This, ULARGE_INTEGER size)
{
	(void)This;
	if (size.QuadPart > ROOM)
		return STG_E_MEDIUMFULL;
	if ((int)size.QuadPart > length)
		memset(bytes + length, 0, (size_t)((int)size.QuadPart - length));
	length = (int)size.QuadPart;
	return S_OK;
}

static SPARE HRESULT
stream_stat(void *This, STATSTG *status, DWORD flags)
{
	(void)This;
	(void)flags;
	if (status == NULL)
		return STG_E_INVALIDPOINTER;
	memset(status, 0, sizeof *status);
	status->type = STGTY_STREAM;
	status->cbSize.QuadPart = (ULONGLONG)length;
	return S_OK;
}

static SPARE HRESULT
stream_clone(void *This, void **ppstream)
{
	struct thing *clone;

	if (ppstream == NULL)
		return STG_E_INVALIDPOINTER;
	*ppstream = NULL;
	clone = make_thing(NULL);
	if (clone == NULL)
		return STG_E_INSUFFICIENTMEMORY;
	clone->place = self_of(This)->place;
	*ppstream = &clone->extra;
	return S_OK;
}
