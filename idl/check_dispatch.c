/* SPDX-License-Identifier: BSD-2-Clause */
/* What is reached through IDispatch::Invoke: the numbers of members, and dispinterfaces. */
#include "idl/check.h"

#include <string.h>

#include "idl/expression.h"
#include "idl/scope.h"

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
	if (report && (guint32)value.bits >= 0x60000000u && (guint32)value.bits <= 0x7FFFFFFFu)
		idl_warning(unit->diagnostics, &attribute->place,
		    "id 0x%08X is one of those that members without a number get, expected one "
		    "below 0x60000000",
		    (guint)(guint32)value.bits);
	key = GUINT_TO_POINTER((guint)value.bits);
	if (!g_hash_table_lookup_extended(ids, key, NULL, (gpointer *)&other)) {
		g_hash_table_insert(ids, key, (gpointer)method);
		return;
	}
	if (!report ||
	    (strcmp(other->name, method->name) == 0 && (is_property(other) || is_property(method))))
		return;
	idl_broken_rule(unit->diagnostics, &attribute->place,
	    "id %d is also that of '%s', expected a number of its own (only the methods of one "
	    "property share one)",
	    (int)(int32_t)value.bits, other->name);
}

void
idl_check_dispids(
    struct idl_unit *unit, const struct idl_interface *interface, const GPtrArray *members)
{
	g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);

	for (const struct idl_interface *up = interface->base; up != NULL; up = up->base) {
		for (guint i = 0; i < up->methods->len; i++)
			check_one_dispid(unit, ids, g_ptr_array_index(up->methods, i), false);
	}
	for (guint i = 0; i < members->len; i++)
		check_one_dispid(unit, ids, g_ptr_array_index(members, i), true);
}

/* Parameters are looked at by the same rules as those of a method, but for the result. */
static void
check_member(struct idl_unit *unit, const struct idl_interface *interface, GHashTable *names,
    struct idl_method *member)
{
	if (idl_attribute_find(member->attributes, IDL_ID) == NULL)
		idl_error(unit->diagnostics, &member->place,
		    "member '%s' of a dispinterface has no number, expected the attribute id(...)",
		    member->name);
	if (member->parameters != NULL) {
		idl_check_method(unit, interface, member);
	} else {
		idl_check_attributes(unit, member->attributes, IDL_ON_METHOD);
		member->slot_name = member->name;
		if (idl_check_type_name(unit, member->type))
			idl_check_declarator(unit, member->type, member->declarator);
	}
	if (!g_hash_table_add(names, (gpointer)member->slot_name))
		idl_error(unit->diagnostics, &member->place,
		    "two members called '%s', expected another name", member->slot_name);
}

void
idl_check_dispatch(struct idl_unit *unit, struct idl_interface *interface)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	if (interface->dispatch_of != NULL &&
	    idl_lookup_interface(unit, interface->dispatch_of) == NULL)
		idl_error(unit->diagnostics, &interface->base_place,
		    "unknown interface '%s', expected one defined before (is an import missing?)",
		    interface->dispatch_of);
	for (guint i = 0; i < interface->members->len; i++)
		check_member(unit, interface, names, g_ptr_array_index(interface->members, i));
	idl_check_dispids(unit, interface, interface->members);
}
