/* SPDX-License-Identifier: BSD-2-Clause */
/* Interfaces as a whole: base, identifier, and names that share one table of functions. */
#include "idl/check.h"

#include <string.h>

#include "idl/scope.h"
#include "idl/suggest.h"

static bool
is_automation(const struct idl_interface *interface)
{
	return idl_attribute_find(interface->attributes, IDL_DUAL) != NULL ||
	    idl_attribute_find(interface->attributes, IDL_OLEAUTOMATION) != NULL;
}

/* Stays in its process, so that nobody asks for it by its uuid from elsewhere. */
static bool
is_local(const struct idl_interface *interface)
{
	return idl_attribute_find(interface->attributes, IDL_LOCAL) != NULL;
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

static const struct idl_interface *
find_definition(const GPtrArray *declarations, const char *name)
{
	const struct idl_interface *found = NULL;

	for (guint i = 0; i < declarations->len && found == NULL; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind == IDL_LIBRARY)
			found = find_definition(declaration->as.library->declarations, name);
		else if (declaration->kind == IDL_INTERFACE &&
		    strcmp(declaration->as.interface->name, name) == 0)
			found = declaration->as.interface;
	}
	return found;
}

/* "IA -> IB -> IA" when the bases of an interface lead back to it; else NULL. */
static char *
describe_circle(const struct idl_unit *unit, const struct idl_interface *interface)
{
	GString *out = g_string_new(interface->name);
	const struct idl_interface *up = interface;

	for (guint depth = 0; depth < IDL_INHERITANCE_MAX && up != NULL; depth++) {
		const char *base = up->base_name;

		up = NULL;
		for (guint i = 0; base != NULL && up == NULL && i < unit->files->len; i++) {
			const struct idl_file *file = g_ptr_array_index(unit->files, i);

			up = find_definition(file->declarations, base);
		}
		if (up == NULL)
			break;
		g_string_append_printf(out, " -> %s", up->name);
		if (up == interface)
			return g_string_free(out, FALSE);
	}
	g_string_free(out, TRUE);
	return NULL;
}

static void
report_base(struct idl_unit *unit, const struct idl_interface *interface)
{
	const struct idl_symbol *symbol = idl_lookup(unit, interface->base_name);
	g_autofree char *circle = describe_circle(unit, interface);

	if (circle != NULL)
		idl_error(unit->diagnostics, &interface->base_place,
		    "interface that derives from itself (%s), expected bases without a circle",
		    circle);
	else if (symbol != NULL && symbol->kind == IDL_SYMBOL_INTERFACE)
		idl_error(unit->diagnostics, &interface->base_place,
		    "base interface '%s' is not defined yet, expected its definition or an import "
		    "before",
		    interface->base_name);
	else
		idl_error(unit->diagnostics, &interface->base_place,
		    "unknown base interface '%s', expected one defined before (is an import "
		    "missing?)",
		    interface->base_name);
	if (circle == NULL && symbol == NULL)
		idl_suggest(unit, &interface->base_place, interface->base_name, IDL_WANT_INTERFACE);
}

static void
check_base(struct idl_unit *unit, struct idl_interface *interface)
{
	const struct idl_interface *base;
	guint depth = 0;

	if (interface->base_name == NULL) {
		if (strcmp(interface->name, "IUnknown") == 0)
			return;
		if (is_local(interface))
			idl_warning(unit->diagnostics, &interface->place,
			    "local interface '%s' has no base and so not the methods of IUnknown",
			    interface->name);
		else
			idl_broken_rule(unit->diagnostics, &interface->place,
			    "object interface '%s' has no base, expected ': IUnknown' or an "
			    "interface derived from it",
			    interface->name);
		return;
	}
	base = idl_lookup_interface(unit, interface->base_name);
	if (base == NULL || base == interface) {
		report_base(unit, interface);
		return;
	}
	for (const struct idl_interface *up = base; up != NULL; up = up->base)
		depth++;
	if (depth > IDL_INHERITANCE_MAX) {
		idl_error(unit->diagnostics, &interface->base_place,
		    "too many bases, expected at most %u", IDL_INHERITANCE_MAX);
		return;
	}
	if (!derives_from(base, "IUnknown") && !is_local(interface)) {
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

	if (idl_attribute_find(interface->attributes, IDL_UUID) == NULL && is_local(interface))
		idl_warning(unit->diagnostics, &interface->place,
		    "local interface '%s' has no uuid, so QueryInterface cannot find it",
		    interface->name);
	else if (idl_attribute_find(interface->attributes, IDL_UUID) == NULL)
		idl_broken_rule(unit->diagnostics, &interface->place,
		    "%s '%s' has no uuid, expected the attribute uuid(...) (uuidgen "
		    "makes one)",
		    interface->is_dispatch ? "dispinterface" : "object interface", interface->name);
	if (dual != NULL && interface->base != NULL && !derives_from(interface->base, "IDispatch"))
		idl_error(unit->diagnostics, &dual->place,
		    "dual interface '%s' is not derived from IDispatch, expected that base",
		    interface->name);
}

/* C++ can have a second method of that name; C calls it by the interface as well. */
static void
overload(struct idl_unit *unit, const struct idl_interface *interface, struct idl_method *method,
    const struct idl_interface *owner)
{
	g_autofree char *name = g_strdup_printf("%s_%s", interface->name, method->slot_name);

	idl_warning(unit->diagnostics, &method->place,
	    "method '%s' is already one of '%s', expected another name (C calls it '%s')",
	    method->slot_name, owner->name, name);
	method->cpp_name = method->slot_name;
	method->slot_name = idl_arena_string(&unit->arena, name, strlen(name));
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
		struct idl_method *method = g_ptr_array_index(interface->methods, i);
		const struct idl_interface *owner = g_hash_table_lookup(slots, method->slot_name);

		if (owner != NULL && owner != interface && is_local(interface))
			overload(unit, interface, method, owner);
		else if (owner != NULL)
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
		else if (declaration->kind == IDL_TYPE) {
			idl_check_attributes(unit, declaration->as.type->attributes, IDL_ON_TYPE);
			idl_check_type(unit, declaration->as.type);
		}
	}
}

/* call_as(Local) stands for a local method of this interface. */
static void
check_remote(
    struct idl_unit *unit, const struct idl_interface *interface, struct idl_method *method)
{
	const struct idl_attribute *attribute = idl_attribute_find(method->attributes, IDL_CALL_AS);
	const struct idl_expression *local = g_ptr_array_index(attribute->expressions, 0);
	bool found = false;

	idl_check_method(unit, interface, method);
	for (guint i = 0; i < interface->methods->len && !found; i++) {
		const struct idl_method *other = g_ptr_array_index(interface->methods, i);

		found = local->kind == IDL_EXPRESSION_NAME &&
		    strcmp(other->name, local->text) == 0 &&
		    idl_attribute_find(other->attributes, IDL_LOCAL) != NULL;
	}
	if (!found)
		idl_broken_rule(unit->diagnostics, &local->place,
		    "call_as of '%s' names no local method, expected one of '%s'", method->name,
		    interface->name);
}

void
idl_check_interface(struct idl_unit *unit, struct idl_interface *interface)
{
	const struct idl_interface *base;

	interface->is_object = idl_attribute_find(interface->attributes, IDL_OBJECT) != NULL ||
	    idl_attribute_find(interface->attributes, IDL_ODL) != NULL ||
	    is_automation(interface) || interface->is_dispatch;
	idl_check_attributes(unit, interface->attributes, IDL_ON_INTERFACE);
	if (!idl_declare(unit, unit->scope.names, IDL_SYMBOL_INTERFACE, interface->name,
		&interface->place, interface))
		return;
	interface->uuid = idl_check_uuid(unit, interface->attributes, &interface->place);
	base =
	    interface->base_name != NULL ? idl_lookup_interface(unit, interface->base_name) : NULL;
	if (!interface->is_object && base != NULL && base->is_object &&
	    (interface->uuid != NULL || is_local(interface))) {
		idl_warning(unit->diagnostics, &interface->place,
		    "interface '%s' derives from an object interface and is treated as one, "
		    "expected the attribute object",
		    interface->name);
		interface->is_object = true;
	}
	if (!interface->is_object &&
	    (interface->methods->len > 0 || interface->base_name != NULL)) {
		idl_error(unit->diagnostics, &interface->place,
		    "interface '%s' is no object interface but an RPC interface (remote procedure "
		    "call), expected the attribute object",
		    interface->name);
		return;
	}
	if (interface->is_object) {
		check_base(unit, interface);
		check_object_attributes(unit, interface);
	}
	check_declarations(unit, interface);
	for (guint i = 0; i < interface->methods->len; i++)
		idl_check_method(unit, interface, g_ptr_array_index(interface->methods, i));
	for (guint i = 0; i < interface->remote->len; i++)
		check_remote(unit, interface, g_ptr_array_index(interface->remote, i));
	check_slot_names(unit, interface);
	idl_check_dispids(unit, interface, interface->methods);
	if (interface->is_dispatch)
		idl_check_dispatch(unit, interface);
}
