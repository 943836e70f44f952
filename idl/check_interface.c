/* SPDX-License-Identifier: BSD-2-Clause */
/* Interfaces as a whole: base, identifier, and names that share one table of functions. */
#include "idl/check.h"

#include <string.h>

#include "idl/expression.h"
#include "idl/scope.h"

static bool
is_automation(const struct idl_interface *interface)
{
	return idl_attribute_find(interface->attributes, IDL_DUAL) != NULL ||
	    idl_attribute_find(interface->attributes, IDL_OLEAUTOMATION) != NULL;
}

static bool
derives_from(const struct idl_interface *interface, const char *name)
{
	for (; interface != NULL; interface = interface->base) {
		if (strcmp(interface->name, name) == 0)
			return true;
	}
	return false;
}

static void
check_base(struct idl_unit *unit, struct idl_interface *interface)
{
	const struct idl_interface *base;
	const struct idl_symbol *symbol;
	guint depth = 0;

	if (interface->base_name == NULL) {
		if (strcmp(interface->name, "IUnknown") != 0)
			idl_error(unit->diagnostics, &interface->place,
			    "object interface '%s' has no base, expected ': IUnknown' or an "
			    "interface derived from it",
			    interface->name);
		return;
	}
	symbol = idl_lookup(unit, interface->base_name);
	base = idl_lookup_interface(unit, interface->base_name);
	if (base == NULL || base == interface) {
		idl_error(unit->diagnostics, &interface->base_place,
		    symbol != NULL && symbol->kind == IDL_SYMBOL_INTERFACE
			? "base interface '%s' is not defined yet, expected its definition or an "
			  "import "
			  "before"
			: "unknown base interface '%s', expected one defined before (is an import "
			  "missing?)",
		    interface->base_name);
		return;
	}
	for (const struct idl_interface *up = base; up != NULL; up = up->base)
		depth++;
	if (depth > IDL_INHERITANCE_MAX) {
		idl_error(unit->diagnostics, &interface->base_place,
		    "too many bases, expected at most %u", IDL_INHERITANCE_MAX);
		return;
	}
	if (!derives_from(base, "IUnknown")) {
		idl_error(unit->diagnostics, &interface->base_place,
		    "base '%s' is not derived from IUnknown, expected one that is",
		    interface->base_name);
		return;
	}
	interface->base = base;
}

static void
check_object_attributes(struct idl_unit *unit, const struct idl_interface *interface)
{
	const struct idl_attribute *dual = idl_attribute_find(interface->attributes, IDL_DUAL);

	if (idl_attribute_find(interface->attributes, IDL_UUID) == NULL)
		idl_error(unit->diagnostics, &interface->place,
		    "object interface '%s' has no uuid, expected the attribute uuid(...) (uuidgen "
		    "makes one)",
		    interface->name);
	if (dual != NULL && interface->base != NULL && !derives_from(interface->base, "IDispatch"))
		idl_error(unit->diagnostics, &dual->place,
		    "dual interface '%s' is not derived from IDispatch, expected that base",
		    interface->name);
}

/* Names of slots, own and inherited, are members of one C struct. */
static void
check_slot_names(struct idl_unit *unit, const struct idl_interface *interface)
{
	g_autoptr(GHashTable) slots = g_hash_table_new(g_str_hash, g_str_equal);
	guint count = interface->methods->len;

	for (const struct idl_interface *up = interface->base; up != NULL; up = up->base) {
		count += up->methods->len;
		for (guint i = 0; i < up->methods->len; i++) {
			const struct idl_method *method = g_ptr_array_index(up->methods, i);

			g_hash_table_insert(slots, (gpointer)method->slot_name, (gpointer)up);
		}
	}
	for (guint i = 0; i < interface->methods->len; i++) {
		const struct idl_method *method = g_ptr_array_index(interface->methods, i);
		const struct idl_interface *owner = g_hash_table_lookup(slots, method->slot_name);

		if (owner != NULL)
			idl_error(unit->diagnostics, &method->place,
			    "method '%s' is already one of '%s', expected another name (IDL has no "
			    "overloading)",
			    method->slot_name, owner->name);
		g_hash_table_insert(slots, (gpointer)method->slot_name, (gpointer)interface);
	}
	unit->slots += count;
	if (unit->slots > IDL_SLOTS_MAX)
		idl_error(unit->diagnostics, &interface->place,
		    "more than %u methods in all interfaces with the inherited ones, expected "
		    "fewer",
		    IDL_SLOTS_MAX);
	if (count > IDL_METHODS_MAX)
		idl_error(unit->diagnostics, &interface->place,
		    "%u methods with the inherited ones, expected at most %u", count,
		    IDL_METHODS_MAX);
}

static bool
is_property(const struct idl_method *method)
{
	return idl_attribute_find(method->attributes, IDL_PROPGET) != NULL ||
	    idl_attribute_find(method->attributes, IDL_PROPPUT) != NULL ||
	    idl_attribute_find(method->attributes, IDL_PROPPUTREF) != NULL;
}

static void
check_one_dispid(
    struct idl_unit *unit, GHashTable *ids, const struct idl_method *method, bool report)
{
	const struct idl_attribute *attribute = idl_attribute_find(method->attributes, IDL_ID);
	const struct idl_method *other;
	struct idl_value value;
	gpointer key;

	if (attribute == NULL)
		return;
	value = idl_evaluate(unit, g_ptr_array_index(attribute->expressions, 0));
	if (value.kind == IDL_VALUE_WRONG)
		return;
	if (value.kind != IDL_VALUE_INTEGER ||
	    (!idl_value_fits(&value, 32, true) && !idl_value_fits(&value, 32, false))) {
		if (report)
			idl_error(unit->diagnostics, &attribute->place,
			    "bad id, expected a number of 32 bits");
		return;
	}
	key = GUINT_TO_POINTER((guint)value.bits);
	if (!g_hash_table_lookup_extended(ids, key, NULL, (gpointer *)&other)) {
		g_hash_table_insert(ids, key, (gpointer)method);
		return;
	}
	if (!report ||
	    (strcmp(other->name, method->name) == 0 && is_property(other) && is_property(method)))
		return;
	idl_error(unit->diagnostics, &attribute->place,
	    "id %d is also that of '%s', expected a number of its own (only the methods of one "
	    "property share one)",
	    (int)(int32_t)value.bits, other->name);
}

static void
check_dispids(struct idl_unit *unit, const struct idl_interface *interface)
{
	g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);

	for (const struct idl_interface *up = interface->base; up != NULL; up = up->base) {
		for (guint i = 0; i < up->methods->len; i++)
			check_one_dispid(unit, ids, g_ptr_array_index(up->methods, i), false);
	}
	for (guint i = 0; i < interface->methods->len; i++)
		check_one_dispid(unit, ids, g_ptr_array_index(interface->methods, i), true);
}

static void
check_declarations(struct idl_unit *unit, const struct idl_interface *interface)
{
	for (guint i = 0; i < interface->declarations->len; i++) {
		const struct idl_declaration *declaration =
		    g_ptr_array_index(interface->declarations, i);

		if (declaration->kind == IDL_CONSTANT)
			idl_check_constant(unit, declaration);
		else if (declaration->kind == IDL_TYPEDEF)
			idl_check_typedef(unit, declaration->as.alias);
		else if (declaration->kind == IDL_TYPE)
			idl_check_type(unit, declaration->as.type);
	}
}

void
idl_check_interface(struct idl_unit *unit, struct idl_interface *interface)
{
	interface->is_object = idl_attribute_find(interface->attributes, IDL_OBJECT) != NULL ||
	    idl_attribute_find(interface->attributes, IDL_ODL) != NULL || is_automation(interface);
	idl_check_attributes(unit, interface->attributes, IDL_ON_INTERFACE);
	if (!idl_declare(unit, unit->scope.names, IDL_SYMBOL_INTERFACE, interface->name,
		&interface->place, interface))
		return;
	interface->uuid = idl_check_uuid(unit, interface->attributes, &interface->place);
	if (!interface->is_object &&
	    (interface->methods->len > 0 || interface->base_name != NULL)) {
		idl_error(unit->diagnostics, &interface->place,
		    "interface '%s' is no object interface, expected the attribute object",
		    interface->name);
	}
	if (interface->is_object) {
		check_base(unit, interface);
		check_object_attributes(unit, interface);
	}
	check_declarations(unit, interface);
	for (guint i = 0; i < interface->methods->len; i++)
		idl_check_method(unit, interface, g_ptr_array_index(interface->methods, i));
	check_slot_names(unit, interface);
	check_dispids(unit, interface);
}
