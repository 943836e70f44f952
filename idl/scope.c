/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/scope.h"

void
idl_scope_init(struct idl_scope *scope)
{
	scope->names = g_hash_table_new(g_str_hash, g_str_equal);
	scope->tags = g_hash_table_new(g_str_hash, g_str_equal);
	scope->uuids = g_hash_table_new(g_str_hash, g_str_equal);
}

void
idl_scope_done(struct idl_scope *scope)
{
	g_hash_table_unref(scope->names);
	g_hash_table_unref(scope->tags);
	g_hash_table_unref(scope->uuids);
}

bool
idl_declare(struct idl_unit *unit, GHashTable *table, enum idl_symbol_kind kind, const char *name,
    const struct idl_place *place, const void *node)
{
	struct idl_symbol *symbol = g_hash_table_lookup(table, name);
	const struct idl_builtin *builtin = NULL;

	if (table == unit->scope.names)
		builtin = idl_builtin_type(name);
	if (builtin != NULL) {
		idl_error(unit->diagnostics, place,
		    "'%s' is a predefined type, expected another name", name);
		return false;
	}
	if (symbol == NULL) {
		symbol = idl_arena_new(&unit->arena, struct idl_symbol);
		symbol->kind = kind;
		symbol->place = *place;
		symbol->name = name;
		symbol->node = node;
		g_hash_table_insert(table, (gpointer)name, symbol);
		return true;
	}
	if (symbol->kind == kind && (symbol->node == NULL || node == NULL) &&
	    kind != IDL_SYMBOL_UUID) {
		if (symbol->node == NULL) {
			symbol->node = node;
			symbol->place = *place;
		}
		return true;
	}
	if (kind == IDL_SYMBOL_UUID)
		idl_broken_rule(unit->diagnostics, place,
		    "uuid %s is also that of another, expected one of its own (uuidgen makes one)",
		    name);
	else
		idl_error(unit->diagnostics, place,
		    "'%s' is already declared, expected another name", name);
	idl_note(unit->diagnostics, &symbol->place, "%s is here",
	    kind == IDL_SYMBOL_UUID ? "the other" : "its declaration");
	return false;
}

const struct idl_symbol *
idl_lookup(const struct idl_unit *unit, const char *name)
{
	return g_hash_table_lookup(unit->scope.names, name);
}

const struct idl_symbol *
idl_lookup_tag(const struct idl_unit *unit, const char *name)
{
	return g_hash_table_lookup(unit->scope.tags, name);
}

const struct idl_interface *
idl_lookup_interface(const struct idl_unit *unit, const char *name)
{
	const struct idl_symbol *symbol = idl_lookup(unit, name);

	return symbol != NULL && symbol->kind == IDL_SYMBOL_INTERFACE ? symbol->node : NULL;
}
