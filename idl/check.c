/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/check.h"

#include <string.h>

#include "idl/scope.h"

static void check_declarations(struct idl_unit *unit, GPtrArray *declarations);

static void
check_library(struct idl_unit *unit, struct idl_library *library)
{
	idl_check_attributes(unit, library->attributes, IDL_ON_LIBRARY);
	if (idl_attribute_find(library->attributes, IDL_UUID) == NULL)
		idl_error(unit->diagnostics, &library->place,
		    "library '%s' has no uuid, expected the attribute uuid(...)", library->name);
	library->uuid = idl_check_uuid(unit, library->attributes, &library->place);
	check_declarations(unit, library->declarations);
}

/* What Windows's own type libraries declare is known; any other must be there. */
static void
check_importlib(struct idl_unit *unit, const struct idl_declaration *declaration)
{
	static const char *const known[] = { "stdole.tlb", "stdole2.tlb", "stdole32.tlb", NULL };
	g_autofree char *lower = g_ascii_strdown(declaration->text, -1), *reason = NULL;

	if (g_strv_contains(known, lower) ||
	    idl_unit_find(
		unit, declaration->place.source->path, declaration->text, NULL, &reason) != NULL)
		return;
	idl_broken_rule(unit->diagnostics, &declaration->place,
	    "importlib '%s' %s, expected stdole2.tlb, or a file beside this one or in a folder "
	    "given with -I",
	    declaration->text, reason != NULL ? reason : "not found");
}

static void
check_module(struct idl_unit *unit, struct idl_module *module)
{
	idl_check_attributes(unit, module->attributes, IDL_ON_MODULE);
	idl_declare(
	    unit, unit->scope.names, IDL_SYMBOL_MODULE, module->name, &module->place, module);
	idl_check_uuid(unit, module->attributes, &module->place);
	check_declarations(unit, module->declarations);
}

static void
check_declaration(struct idl_unit *unit, struct idl_declaration *declaration)
{
	switch (declaration->kind) {
	case IDL_IMPORT:
	case IDL_CPP_QUOTE:
		break;
	case IDL_IMPORTLIB:
		check_importlib(unit, declaration);
		break;
	case IDL_CONSTANT:
		idl_check_constant(unit, declaration);
		break;
	case IDL_TYPEDEF:
		idl_check_typedef(unit, declaration->as.alias);
		break;
	case IDL_TYPE:
		idl_check_attributes(unit, declaration->as.type->attributes, IDL_ON_TYPE);
		idl_check_type(unit, declaration->as.type);
		break;
	case IDL_FORWARD:
		idl_declare(unit, unit->scope.names, IDL_SYMBOL_INTERFACE, declaration->text,
		    &declaration->place, NULL);
		break;
	case IDL_FORWARD_COCLASS:
		idl_declare(unit, unit->scope.names, IDL_SYMBOL_COCLASS, declaration->text,
		    &declaration->place, NULL);
		break;
	case IDL_INTERFACE:
		idl_check_interface(unit, declaration->as.interface);
		break;
	case IDL_VARIABLE:
		if (idl_check_type_name(unit, declaration->as.constant->type))
			idl_check_declarator(unit, declaration->as.constant->type,
			    declaration->as.constant->declarator);
		break;
	case IDL_FUNCTION:
		idl_check_function(unit, declaration->as.function);
		break;
	case IDL_MODULE:
		check_module(unit, declaration->as.module);
		break;
	case IDL_GUID:
		idl_declare(unit, unit->scope.names, IDL_SYMBOL_GUID, declaration->text,
		    &declaration->place, declaration);
		break;
	case IDL_COCLASS:
		idl_check_coclass(unit, declaration->as.coclass);
		break;
	case IDL_LIBRARY:
		check_library(unit, declaration->as.library);
		break;
	}
}

/* From behind a place to that place. */
static void
move_definition(GPtrArray *declarations, guint to, const char *name)
{
	for (guint i = to + 1; i < declarations->len; i++) {
		struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind != IDL_INTERFACE ||
		    strcmp(declaration->as.interface->name, name) != 0)
			continue;
		g_ptr_array_remove_index(declarations, i);
		g_ptr_array_insert(declarations, (int)to, declaration);
		return;
	}
}

/*
 * A base may be defined behind what derives from it. It comes first then, as C++ has it. Each
 * interface moves at most once, so that a circle ends.
 */
static void
order_bases(GPtrArray *declarations)
{
	g_autoptr(GHashTable) behind = g_hash_table_new(g_str_hash, g_str_equal);
	guint moves = 0;

	for (guint i = 0; i < declarations->len; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind == IDL_INTERFACE)
			g_hash_table_add(behind, (gpointer)declaration->as.interface->name);
	}
	for (guint i = 0; i < declarations->len;) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);
		const char *base = NULL;

		if (declaration->kind == IDL_INTERFACE) {
			base = declaration->as.interface->base_name;
			g_hash_table_remove(behind, declaration->as.interface->name);
		}
		if (base != NULL && moves < IDL_BASES_BEHIND_MAX &&
		    g_hash_table_remove(behind, base)) {
			move_definition(declarations, i, base);
			moves++;
		} else {
			i++;
		}
	}
}

static void
check_declarations(struct idl_unit *unit, GPtrArray *declarations)
{
	order_bases(declarations);
	for (guint i = 0; i < declarations->len && !idl_diagnostics_full(unit->diagnostics); i++)
		check_declaration(unit, g_ptr_array_index(declarations, i));
}

void
idl_check_file(struct idl_unit *unit, const struct idl_file *file)
{
	check_declarations(unit, file->declarations);
	idl_check_late_coclasses(unit);
}

void
idl_check_attributes(
    struct idl_unit *unit, const GPtrArray *attributes, enum idl_attribute_place place)
{
	for (guint i = 0; attributes != NULL && i < attributes->len; i++) {
		const struct idl_attribute *attribute = g_ptr_array_index(attributes, i);
		g_autofree char *expected = NULL;

		if (attribute->type != NULL)
			idl_check_type_name(unit, attribute->type);
		if ((attribute->rule->places & place) != 0)
			continue;
		expected = idl_attribute_names(place);
		idl_error(unit->diagnostics, &attribute->place,
		    "attribute '%s' on %s, expected one of: %s", attribute->rule->name,
		    idl_attribute_place_name(place), expected);
	}
}

const char *
idl_check_uuid(struct idl_unit *unit, const GPtrArray *attributes, const struct idl_place *place)
{
	const struct idl_attribute *attribute = idl_attribute_find(attributes, IDL_UUID);

	if (attribute == NULL)
		return NULL;
	idl_declare(
	    unit, unit->scope.uuids, IDL_SYMBOL_UUID, attribute->text, &attribute->place, place);
	return attribute->text;
}
