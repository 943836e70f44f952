/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of a byte buffer: a stream with its seek pointer, and the store it shares with its
 * clones. All access to bytes of our own streams goes through here, in turn, and past the locks.
 *
 * A view without a store has a stream that a client put in: foreign code, which gets calls as they
 * are, and no mutex is held meanwhile. Calls that change the view itself (new, put, clone's target,
 * clear) are ordered by the caller. Failures are IStream's codes, without a text.
 */
#ifndef PROVIDERS_SCARDSSP_BYTE_VIEW_H
#define PROVIDERS_SCARDSSP_BYTE_VIEW_H

#include <stdint.h>

#include <objbase.h>

#include "providers/scardssp/byte_store.h"
#include "providers/scardssp/secret_bytes.h"

#define BYTE_VIEW_SIZE_MAX 0x7FFFFFFFu     /* a LONG */
#define BYTE_VIEW_POSITION_MAX 0xFFFFFFFFu /* a LONG, taken as unsigned */

/* All zero: empty, to be filled before use. Its address is the owner of its locks. */
struct byte_view {
	IStream *stream;
	struct byte_store *store; /* NULL: the stream is foreign */
};

/* A fresh stream of `size` bytes, copied from `data`, zero when it is NULL; at its start. */
HRESULT byte_view_new(struct byte_view *view, uint32_t size, const BYTE *data);
/* Takes a client's stream, with a reference of its own. */
void byte_view_put(struct byte_view *view, IStream *stream);
/* Fills `clone` with a second view of the same bytes, at the same place. */
HRESULT byte_view_clone(struct byte_view *view, struct byte_view *clone);
/* Lets go. */
void byte_view_clear(struct byte_view *view);

/* The stream, with a reference for a client. */
IStream *byte_view_lend(struct byte_view *view);

/* Reads or writes here, and moves. STG_E_LOCKVIOLATION, STG_E_MEDIUMFULL, STG_E_READFAULT. */
HRESULT byte_view_read(struct byte_view *view, BYTE *bytes, ULONG wanted, ULONG *ret_count);
HRESULT byte_view_write(struct byte_view *view, const BYTE *bytes, ULONG count, ULONG *ret_count);
/* Moves; STG_E_INVALIDFUNCTION, and no move, before the start or past BYTE_VIEW_POSITION_MAX. */
HRESULT byte_view_seek(struct byte_view *view, int64_t move, DWORD origin, uint64_t *ret_position);
HRESULT byte_view_resize(struct byte_view *view, uint32_t size);
HRESULT byte_view_lock(struct byte_view *view, uint32_t offset, uint32_t count, DWORD type);
HRESULT byte_view_unlock(struct byte_view *view, uint32_t offset, uint32_t count, DWORD type);
HRESULT byte_view_stat(struct byte_view *view, STATSTG *ret);

/* Appends to `ret` up to `wanted` bytes from here on, and moves; fewer only at the end. */
HRESULT byte_view_read_ahead(struct byte_view *view, size_t wanted, struct secret_bytes *ret);

/*
 * All bytes of an own stream into `ret`, in one step: nobody sees the seek pointer move.
 * Returns S_OK; S_FALSE, and nothing is done, for a foreign stream; E_INVALIDARG: more than `max`.
 */
HRESULT byte_view_read_all(struct byte_view *view, size_t max, struct secret_bytes *ret);

#endif
