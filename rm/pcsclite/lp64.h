/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The drop-in for pcsc-lite's library: its functions over the private table of calls, in its
 * dialect. Two headers called winscard.h cannot meet in one source, so pcsc-lite's types have names
 * of ours here and its functions are named for the linker alone. tests/conformance compiles
 * programs against the public header and runs them on these definitions.
 */
#ifndef RM_PCSCLITE_LP64_H
#define RM_PCSCLITE_LP64_H

#include <stdbool.h>
#include <stddef.h>

#include "rm/api/calls.h"
#include "rm/pcsclite/numbers.h"

typedef long lp64_handle; /* of a context or a card */

struct lp64_state {
	const char *name;
	void *user_data;
	lp64_dword current;
	lp64_dword event;
	lp64_dword atr_length;
	uint8_t atr[33];
};

struct lp64_pci {
	lp64_dword protocol;
	lp64_dword length;
};

#define LP64_EXPORT(symbol) __asm__(symbol) __attribute__((visibility("default")))

#define LP64_AUTOALLOCATE ((lp64_dword)-1)

/* The table for a call on a context of this library's. NULL: there is no such context. */
const struct rm_calls *lp64_context_calls(lp64_handle context);
/* The table for a call on a card handle. NULL: there can be none. */
const struct rm_calls *lp64_card_calls(lp64_handle card);

/*
 * Gives @size bytes through a buffer and its length, not NULL. SCARD_E_INSUFFICIENT_BUFFER with the
 * length needed; SCARD_E_INVALID_PARAMETER: a block was asked for and @buffer is NULL;
 * SCARD_E_NO_MEMORY.
 * @part: what has room is copied, although not all has
 */
LONG lp64_give(void *buffer, lp64_dword *length, const void *data, size_t size, bool part);

#endif
