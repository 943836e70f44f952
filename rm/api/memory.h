/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this library itself keeps for a context: the blocks that SCARD_AUTOALLOCATE gave out, and
 * which of its connections exist, because a call on a card handle allocates for the handle's
 * context. Any thread.
 */
#ifndef RM_API_MEMORY_H
#define RM_API_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <winscard.h>

/* A context begins; what it was established with. */
void api_context_add(SCARDCONTEXT context, DWORD scope);
/* SCARD_SCOPE_USER when there is no such context (any more). */
DWORD api_context_scope(SCARDCONTEXT context);

/* It ended: frees its blocks, forgets its connections. Unknown contexts are fine. */
void api_context_remove(SCARDCONTEXT context);

bool api_context_known(SCARDCONTEXT context);

/* A connection begins, in a context that may have ended meanwhile, and ends. */
void api_card_add(SCARDHANDLE card, SCARDCONTEXT context);
void api_card_remove(SCARDHANDLE card);

/* The context of a connection. False: there is no such connection (any more). */
bool api_card_context(SCARDHANDLE card, SCARDCONTEXT *ret_context);

/*
 * Gives a block from malloc(), with all that is in it, to @context (0: to nobody), which may end
 * and free it at any moment from now on. False: the context has ended; the block is still the
 * caller's.
 */
bool api_block_add(SCARDCONTEXT context, void *block);

/* Frees a block of @context. False: there is no such block, or it belongs to another context. */
bool api_block_free(SCARDCONTEXT context, const void *block);

#endif
