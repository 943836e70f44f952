/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outputs of the compiler, one file of code each. Emitters only print a checked tree; what
 * they print depends on nothing but the sources: no dates, no paths.
 */
#ifndef TESSERA_IDL_EMIT_H
#define TESSERA_IDL_EMIT_H

#include "idl/compile.h"

/* The C and C++ header of the main file. */
char *idl_emit_header(struct idl_unit *unit);

/* A C file that defines the identifiers the main file declares. */
char *idl_emit_ids(struct idl_unit *unit);

/* The component manifest; module is the name of the shared object. */
char *idl_emit_manifest(struct idl_unit *unit, const char *module);

/* A rule for make: outputs (paths, without the NULL ones) depend on all files that were read. */
char *idl_emit_depfile(struct idl_unit *unit, const char *const *outputs, guint count);

/* emit_type.c: pieces of C. indent counts tabs. */
void idl_print_indent(GString *out, guint indent);
void idl_print_doc(GString *out, const char *doc, guint indent);
/* On the line of what it speaks of. */
void idl_print_doc_after(GString *out, const char *doc, guint indent);
void idl_print_type(GString *out, const struct idl_type *type, guint indent);
/* emit_record.c: the braces and what is in them. */
void idl_print_record(GString *out, const struct idl_record *record, guint indent);
void idl_print_enum(GString *out, const struct idl_enum *enumeration, guint indent);

/* emit_declarator.c: " *name[4]" behind that type. */
void idl_print_declarator(
    GString *out, const struct idl_type *type, const struct idl_declarator *declarator);
void idl_print_function_declarator(GString *out, const struct idl_type *type,
    const struct idl_declarator *declarator, const GPtrArray *parameters);
/* emit_type.c: a type, constant, function or quotation, with its documentation. */
void idl_print_declaration(GString *out, const struct idl_declaration *declaration);
/* Escape the content of a C string literal. Free with g_free. */
char *idl_escape_c(const char *text);
/* "DEFINE_GUID(name, 0x…, …);" */
void idl_print_guid(GString *out, const char *prefix, const char *name, const char *uuid);

/* emit_expression.c: strings with L in front become OLESTR(). */
void idl_print_expression(GString *out, const struct idl_expression *expression);

/* emit_interface.c */
void
idl_print_interface(GString *out, struct idl_unit *unit, const struct idl_interface *interface);

#endif
