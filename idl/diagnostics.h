/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors and warnings: FILE:LINE:COLUMN: error: what, expected what; then the line and a caret.
 * They are collected as text, so that the compiler can run inside a test or a fuzzer; only
 * main.c prints.
 */
#ifndef TESSERA_IDL_DIAGNOSTICS_H
#define TESSERA_IDL_DIAGNOSTICS_H

#include <stdbool.h>

#include <glib.h>

/* One file as read. The text need not be terminated. */
struct idl_source {
	const char *path; /* as diagnostics show it */
	const char *name; /* last component */
	const char *text;
	gsize length;
	const struct idl_place *included_at; /* NULL: named on the command line, or imported */
};

/*
 * Where something stands; line and column count from 1, columns in characters. What came out of a
 * macro stands where the macro is used.
 */
struct idl_place {
	const struct idl_source *source;
	guint offset;
	guint line;
	guint column;
	const struct idl_expansion *expansion; /* NULL: written there */
};

/* How a macro came to be replaced. */
struct idl_expansion {
	const char *name;
	struct idl_place definition;
	const struct idl_expansion *outer; /* the macro whose text named this one, or NULL */
};

struct idl_diagnostics {
	GString *text;
	guint errors;
	guint warnings;
	bool is_lenient;                /* a broken rule is a warning */
	bool held_back;                 /* what was reported last was not shown */
	const struct idl_source *shown; /* whose includers were named last */
};

void idl_diagnostics_init(struct idl_diagnostics *diagnostics);
void idl_diagnostics_done(struct idl_diagnostics *diagnostics);

/* True once the most errors a run reports have been reported; whoever loops should then stop. */
bool idl_diagnostics_full(const struct idl_diagnostics *diagnostics);

void idl_error(struct idl_diagnostics *diagnostics, const struct idl_place *place,
    const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Says more of the error or warning just reported, at another place. */
void idl_note(struct idl_diagnostics *diagnostics, const struct idl_place *place,
    const char *format, ...) G_GNUC_PRINTF(3, 4);
/* A rule of the language is broken, but what is meant is known: an error unless lenient. */
void idl_broken_rule(struct idl_diagnostics *diagnostics, const struct idl_place *place,
    const char *format, ...) G_GNUC_PRINTF(3, 4);
void idl_warning(struct idl_diagnostics *diagnostics, const struct idl_place *place,
    const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif
