/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An answer to reset (ISO 7816-3, 8.2; historical bytes ISO 7816-4, 12.1.1) in words, for people: a
 * line for each byte or field, as far as the answer is well formed. Pure. Drivers decide by parsers
 * of their own; nothing is decided by this one.
 */
#ifndef RM_SCARDCTL_ATR_EXPLAIN_H
#define RM_SCARDCTL_ATR_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#define ATR_MAX 33u
#define ATR_GROUPS_MAX 8u

struct atr_line {
	size_t at, length; /* bytes of the answer */
	char name[8];      /* "TS", "TA1", "TCK"; "" for a part of the historical bytes */
	char *meaning;
};

struct atr_explanation {
	uint8_t bytes[ATR_MAX]; /* as they are to be read: inverse convention decoded */
	size_t length;          /* of those, at most ATR_MAX */
	bool decoded;           /* they were given as the wire has them, and had to be inverted */
	GArray *lines;          /* of struct atr_line */
	uint16_t protocols;     /* bit n: T=n is offered */
	char *problem;          /* where the answer breaks, and how; NULL: it is well formed */
};

/* (transfer full). What is behind ATR_MAX bytes is not looked at. */
struct atr_explanation *atr_explain(const uint8_t *bytes, size_t length);
void atr_explanation_free(struct atr_explanation *explanation);

/* atr_history.c: adds the lines of the historical bytes, which are all there. */
void atr_explain_history(struct atr_explanation *explanation, size_t at, size_t length);

/* For the parts: one more line. */
void atr_line(struct atr_explanation *explanation, size_t at, size_t length, const char *name,
    const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif
