/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the grammar cannot say: names are declared, attributes are where they belong, interfaces
 * have the form a table of functions needs. Fills the "checked" members of the tree.
 */
#ifndef TESSERA_IDL_CHECK_H
#define TESSERA_IDL_CHECK_H

#include "idl/compile.h"

/* Errors are reported to the unit; files must come in the order of unit->files. */
void idl_check_file(struct idl_unit *unit, const struct idl_file *file);

/* check.c */
void idl_check_attributes(
    struct idl_unit *unit, const GPtrArray *attributes, enum idl_attribute_place place);
/* The uuid of a declaration, which must be its own; NULL without one. */
const char *
idl_check_uuid(struct idl_unit *unit, const GPtrArray *attributes, const struct idl_place *place);

/* check_type.c */

/* A type looked at through all aliases. */
struct idl_shape {
	enum idl_shape_kind kind;
	guint pointers;                    /* stars, and brackets, which are one in a parameter */
	bool is_const;                     /* the innermost thing is const */
	bool is_text;                      /* LPSTR, LPOLESTR and their like */
	const struct idl_builtin *builtin; /* the innermost predefined type, or NULL */
	bool is_safearray;
};

struct idl_shape idl_shape_of(const struct idl_type *type, const struct idl_declarator *declarator);

/* A type where it is used: names exist, inline structs and enums are right and get declared. */
bool idl_check_type(struct idl_unit *unit, struct idl_type *type);
/* The same where no struct or enum may be defined, as its text is printed more than once. */
bool idl_check_type_name(struct idl_unit *unit, struct idl_type *type);
/* The stars and brackets of one name of that type; void and interfaces need a star. */
bool idl_check_declarator(
    struct idl_unit *unit, const struct idl_type *type, const struct idl_declarator *declarator);
/* The attributes, types and names of parameters in a type: a pointer to a function. */
bool idl_check_function_pointer(struct idl_unit *unit, const struct idl_declarator *declarator);
/* Array bounds are constant and positive; only the first may be left open. */
bool idl_check_bounds(struct idl_unit *unit, const struct idl_declarator *declarator);

/* check_record.c */
void idl_check_record(struct idl_unit *unit, struct idl_record *record);

/* check_definition.c */
void idl_check_enum(struct idl_unit *unit, struct idl_enum *enumeration);
/* Names in size_is and its like: among names, or a constant. owner says what was expected. */
void idl_check_references(
    struct idl_unit *unit, const GPtrArray *attributes, GHashTable *names, const char *owner);
void idl_check_typedef(struct idl_unit *unit, struct idl_typedef *definition);
void idl_check_constant(struct idl_unit *unit, const struct idl_declaration *declaration);

/* check_interface.c, check_dispatch.c, check_method.c, check_coclass.c */
void idl_check_interface(struct idl_unit *unit, struct idl_interface *interface);
void idl_check_method(
    struct idl_unit *unit, const struct idl_interface *interface, struct idl_method *method);
/* A function of a module, or of a file. */
void idl_check_function(struct idl_unit *unit, struct idl_method *function);
/* The members of a dispinterface. */
void idl_check_dispatch(struct idl_unit *unit, struct idl_interface *interface);
/* Numbers of the members, which only the methods of one property share. */
void idl_check_dispids(
    struct idl_unit *unit, const struct idl_interface *interface, const GPtrArray *members);
void idl_check_coclass(struct idl_unit *unit, struct idl_coclass *coclass);
/* At the end of a file, those that name interfaces which were not defined yet. */
void idl_check_late_coclasses(struct idl_unit *unit);

#endif
