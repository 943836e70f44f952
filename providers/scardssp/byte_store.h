/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a byte buffer and its clones share besides the bytes: a mutex over them, and region locks.
 *
 * Who calls: byte_buffer.c. An owner is an object that locks; only its address counts. Functions
 * marked (locked) are called between byte_store_enter and byte_store_leave.
 */
#ifndef PROVIDERS_SCARDSSP_BYTE_STORE_H
#define PROVIDERS_SCARDSSP_BYTE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <objbase.h>

#define BYTE_STORE_LOCKS_MAX 1024u /* region locks at a time */

struct byte_store;

/* One reference. NULL: no memory. */
struct byte_store *byte_store_new(void);
struct byte_store *byte_store_ref(struct byte_store *store);
/* Drops a reference, and the locks of the owner that held it. NULL is fine. */
void byte_store_unref(struct byte_store *store, const void *owner);

void byte_store_enter(struct byte_store *store);
void byte_store_leave(struct byte_store *store);

/* May `owner` read, or write, `count` bytes from `offset`? (locked) */
bool byte_store_may_read(
    const struct byte_store *store, const void *owner, uint64_t offset, uint64_t count);
bool byte_store_may_write(
    const struct byte_store *store, const void *owner, uint64_t offset, uint64_t count);

/*
 * Locks a region. LOCK_WRITE and LOCK_EXCLUSIVE are refused where another owner has one of the two;
 * LOCK_ONLYONCE is refused where there is a LOCK_ONLYONCE, the owner's own included. (locked)
 * Returns S_OK; STG_E_LOCKVIOLATION; STG_E_INSUFFICIENTMEMORY: BYTE_STORE_LOCKS_MAX reached.
 */
HRESULT byte_store_lock(
    struct byte_store *store, const void *owner, uint64_t offset, uint64_t count, DWORD type);

/* Ends one lock made with the same four values. STG_E_LOCKVIOLATION: there is none. (locked) */
HRESULT byte_store_unlock(
    struct byte_store *store, const void *owner, uint64_t offset, uint64_t count, DWORD type);

#endif
