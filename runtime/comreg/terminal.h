/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for people on standard output. Names and paths come from files that anyone may have written:
 * whatever is printed here has its control characters made visible, line ends included, so that
 * no manifest can move the cursor, colour the screen or forge a line.
 */
#ifndef TESSERA_RUNTIME_COMREG_TERMINAL_H
#define TESSERA_RUNTIME_COMREG_TERMINAL_H

#include <stdbool.h>

#include <glib.h>

enum terminal_style {
	TERMINAL_PLAIN,
	TERMINAL_HEADING,
	TERMINAL_GOOD,
	TERMINAL_WARNING,
	TERMINAL_BAD,
	TERMINAL_DIM,
};

/* What a terminal obeys instead of showing: C0, DEL, C1, and what turns or breaks lines. */
bool terminal_obeys(gunichar character);

/*
 * (transfer full): @text with control characters, bytes that are not UTF-8, and the characters that
 * turn the direction of writing, as \xNN or \u{NNNN}.
 */
char *terminal_clean(const char *text);

/* Columns that clean text takes. */
unsigned terminal_width(const char *text);

/* A piece of a line; coloured when standard output is a terminal that can and may. */
void terminal_put(enum terminal_style style, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same, and the end of the line. */
void terminal_line(enum terminal_style style, const char *format, ...) G_GNUC_PRINTF(2, 3);
void terminal_end_line(void);

/* "  Label            value"; nothing when value is NULL. */
void terminal_field(const char *label, const char *value);

/* Rows with columns as wide as their widest cell, the last as it is. */
struct terminal_table {
	const char *const *headings; /* NULL at the end */
	GPtrArray *rows;             /* of GStrv, as many cells */
};

void terminal_table_init(struct terminal_table *table, const char *const *headings);
/* Takes the strings over; as many as there are headings, then NULL. */
void terminal_table_add(struct terminal_table *table, char *cell, ...) G_GNUC_NULL_TERMINATED;
/* Prints and frees it; @empty: the line for a table without rows. */
void terminal_table_print(struct terminal_table *table, const char *empty);

#endif
