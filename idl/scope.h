/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of a unit, filled in the order of declaration: a name that is not here yet is used
 * before it is declared.
 */
#ifndef TESSERA_IDL_SCOPE_H
#define TESSERA_IDL_SCOPE_H

#include "idl/compile.h"

enum idl_symbol_kind {
	IDL_SYMBOL_ALIAS,
	IDL_SYMBOL_INTERFACE,
	IDL_SYMBOL_COCLASS,
	IDL_SYMBOL_CONSTANT,
	IDL_SYMBOL_FUNCTION,
	IDL_SYMBOL_MODULE,
	IDL_SYMBOL_GUID,
	IDL_SYMBOL_ENUM_VALUE,
	IDL_SYMBOL_STRUCT_TAG,
	IDL_SYMBOL_UNION_TAG,
	IDL_SYMBOL_ENUM_TAG,
	IDL_SYMBOL_UUID,
};

struct idl_symbol {
	enum idl_symbol_kind kind;
	struct idl_place place;
	const char *name;
	const void *node; /* by kind; NULL while only declared forward */
};

void idl_scope_init(struct idl_scope *scope);
void idl_scope_done(struct idl_scope *scope);

/*
 * Enter a name. The same kind declared forward before is completed. A name that is taken is an
 * error, which is reported. Returns false then.
 */
bool idl_declare(struct idl_unit *unit, GHashTable *table, enum idl_symbol_kind kind,
    const char *name, const struct idl_place *place, const void *node);

const struct idl_symbol *idl_lookup(const struct idl_unit *unit, const char *name);
const struct idl_symbol *idl_lookup_tag(const struct idl_unit *unit, const char *name);

/* The interface of that name once it is defined. */
const struct idl_interface *idl_lookup_interface(const struct idl_unit *unit, const char *name);

#endif
