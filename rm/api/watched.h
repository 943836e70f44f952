/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The caller's array of readers, which SCardGetStatusChange waits for and SCardLocateCards
 * searches: our copy, in which the two forms of text no longer differ.
 */
#ifndef RM_API_WATCHED_H
#define RM_API_WATCHED_H

#include <stdbool.h>

#include "rm/api/calls.h"
#include "rm/api/text.h"

struct api_watch {
	const char *function;
	size_t count;
	struct rm_calls_state *states;
	char (*names)[API_NAME_SIZE];
};

/* @entries: the caller's array, only compared with NULL. End with api_watch_end in any case. */
LONG api_watch_begin(struct api_watch *watch, const void *entries);
LONG api_watch_add(
    struct api_watch *watch, size_t index, enum api_form form, const void *name, DWORD current);
LONG api_watch_run(struct api_watch *watch, SCARDCONTEXT context, DWORD timeout);
/* Whether the caller's entries are filled: also when nothing differed. */
bool api_watch_tells(LONG code);
void api_watch_tell(const struct api_watch *watch, size_t index, DWORD *ret_event,
    DWORD *ret_atr_length, BYTE *ret_atr);
LONG api_watch_end(struct api_watch *watch, LONG code);

#endif
