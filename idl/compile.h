/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One compilation: a file, everything it imports, and the names they declare together. Reads
 * nothing by itself: the caller gives the main text and a function that finds imports.
 */
#ifndef TESSERA_IDL_COMPILE_H
#define TESSERA_IDL_COMPILE_H

#include "idl/ast.h"

/*
 * Find a file that is imported or included; importing_path is NULL for one that is not looked for
 * beside another. On success *ret_path is how diagnostics name it, and what makes it the same file
 * as another; *ret_text its content; both are freed with g_free. On failure returns false, with the
 * reason in *ret_path or NULL when the file is nowhere.
 */
typedef bool idl_find_import(void *context, const char *importing_path, const char *name,
    char **ret_path, char **ret_text, gsize *ret_length);

struct idl_scope {
	GHashTable *names; /* what C calls ordinary identifiers; struct idl_symbol */
	GHashTable *tags;  /* of struct and enum; likewise */
	GHashTable *uuids; /* likewise */
};

/* What has been read so far, of what may be. */
struct idl_spending {
	guint includes;
	guint replaced; /* words that went through macros */
	guint64 bytes;
};

struct idl_unit {
	struct idl_arena arena;
	struct idl_diagnostics *diagnostics;
	struct idl_scope scope;
	GPtrArray *files;    /* struct idl_file, imported ones before those that import them */
	GHashTable *by_path; /* path: struct import_state */
	GPtrArray *paths;  /* of all files read, each once; imports before those that import them */
	GHashTable *known; /* the same, to look up */
	const char *const *definitions; /* NAME or NAME=VALUE of every file; set before compiling */
	guint definition_count;
	struct idl_spending spent;
	idl_find_import *find_import;
	void *find_context;
	GPtrArray *late;        /* struct idl_coclass whose members are to be checked yet */
	struct idl_file *main;  /* the file that was asked for */
	guint slots;            /* of all interfaces so far */
	guint skipped_operands; /* around the expression that is evaluated: 0 && HERE */
};

void idl_unit_init(struct idl_unit *unit, struct idl_diagnostics *diagnostics,
    idl_find_import *find_import, void *find_context);
void idl_unit_done(struct idl_unit *unit);

/*
 * Parse and check text, which stays the caller's and must live as long as the unit. True when
 * there was no error; unit->main may be emitted then.
 */
bool idl_compile(struct idl_unit *unit, const char *path, const char *text, gsize length);

/*
 * Read a file that another asks for, at a place that lives as long as the unit. NULL when it cannot
 * be, with the reason, to be freed, or NULL for a file that is nowhere.
 */
struct idl_source *idl_unit_find(struct idl_unit *unit, const char *importing_path,
    const char *name, const struct idl_place *place, char **ret_reason);

/* The path of a file that was read, which lives as long as the unit. */
void idl_unit_add_path(struct idl_unit *unit, const char *path);

#endif
