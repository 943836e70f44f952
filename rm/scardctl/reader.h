/* SPDX-License-Identifier: BSD-2-Clause */
/* Readers: their names, their states, and which one is meant. */
#ifndef RM_SCARDCTL_READER_H
#define RM_SCARDCTL_READER_H

#include <glib.h>
#include <winscard.h>

#include "rm/scardctl/json.h"

/* The names of all readers, which may be none. NULL after scardctl_failed. (transfer full) */
GStrv reader_names(SCARDCONTEXT context);

/*
 * The states of these readers now, one entry a name; szReader points into @names. A reader that has
 * gone meanwhile is SCARD_STATE_UNKNOWN. NULL after scardctl_failed. (transfer full)
 */
SCARD_READERSTATEA *reader_states(SCARDCONTEXT context, GStrv names);

/*
 * The reader that @wanted means: its name, or a part that only one name has, whatever the case.
 * NULL: the only reader, or the only one with a card. NULL after a message. (transfer full)
 */
char *reader_find(SCARDCONTEXT context, const char *wanted);

/* "present, in-use". (transfer full) */
char *reader_state_text(DWORD state);
/* The same as an array of words. */
void reader_state_json(struct json *json, const char *name, DWORD state);
/* How many times a card came or went, modulo 65536. */
unsigned reader_counter(DWORD state);

#endif
