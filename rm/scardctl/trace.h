/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl trace: what its parts share. */
#ifndef RM_SCARDCTL_TRACE_H
#define RM_SCARDCTL_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include <glib.h>
#include <tessera_scard.h>

/* trace_words.c */
/* What happened, without its bytes: "connect, shared, T=1". (transfer full) */
char *trace_words(const struct tessera_scard_traced *record);
/* The word alone: "connect". */
const char *trace_what(DWORD what);
/* "scdaemon[4120]"; "" for what nobody did. (transfer full) */
char *trace_who(const struct tessera_scard_traced *record);
/* What is missing of the bytes: "4 bytes of the command hidden"; NULL: nothing. (transfer full) */
char *trace_missing(const struct tessera_scard_traced *record);

/* pcapng.c: a capture file that Wireshark opens. False: errno. */
bool pcapng_begin(FILE *file, const char *reader);
bool pcapng_put(FILE *file, const struct tessera_scard_traced *record, DWORD lost_before);

#endif
