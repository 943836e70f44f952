/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/check.h"

#include <string.h>

#include "idl/scope.h"
#include "idl/suggest.h"

/* Windows's rules for a ProgID; without them nothing could look the class up by that name. */
static bool
is_progid(const char *text)
{
	gsize length = strlen(text);

	return length > 0 && length <= IDL_PROGID_MAX && !g_ascii_isdigit(text[0]) &&
	    text[0] != '.' && text[length - 1] != '.' && strstr(text, "..") == NULL &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.") ==
	    length;
}

static void
check_progid(struct idl_unit *unit, const struct idl_coclass *coclass, enum idl_attribute_id id)
{
	const struct idl_attribute *attribute = idl_attribute_find(coclass->attributes, id);

	if (attribute != NULL && !is_progid(attribute->text))
		idl_error(unit->diagnostics, &attribute->place,
		    "bad %s '%s', expected letters, digits and single periods, at most %u, no "
		    "digit "
		    "first",
		    attribute->rule->name, attribute->text, IDL_PROGID_MAX);
}

static void
report_unknown(struct idl_unit *unit, const struct idl_coclass_member *member)
{
	const struct idl_symbol *symbol = idl_lookup(unit, member->name);

	idl_error(unit->diagnostics, &member->place,
	    symbol != NULL && symbol->kind == IDL_SYMBOL_INTERFACE
		? "interface '%s' is not defined, expected its definition or an import"
		: "unknown interface '%s', expected one that is defined (is an import "
		  "missing?)",
	    member->name);
	if (symbol == NULL)
		idl_suggest(unit, &member->place, member->name, IDL_WANT_INTERFACE);
}

static void
check_member(struct idl_unit *unit, struct idl_coclass_member *member)
{
	idl_check_attributes(unit, member->attributes, IDL_ON_COCLASS_MEMBER);
	member->interface = idl_lookup_interface(unit, member->name);
	if (member->interface != NULL && member->interface->uuid == NULL)
		idl_error(unit->diagnostics, &member->place,
		    "interface '%s' has no uuid, expected an object interface", member->name);
	else if (member->interface == NULL && member->place.source != unit->main->source)
		idl_warning(unit->diagnostics, &member->place,
		    "unknown interface '%s' of a coclass in an imported file", member->name);
	else if (member->interface == NULL)
		report_unknown(unit, member);
}

static void
check_members(struct idl_unit *unit, const struct idl_coclass *coclass)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	guint defaults[2] = { 0, 0 };

	if (coclass->members->len == 0)
		idl_warning(unit->diagnostics, &coclass->place,
		    "coclass '%s' has no interface, expected at least one", coclass->name);
	for (guint i = 0; i < coclass->members->len; i++) {
		struct idl_coclass_member *member = g_ptr_array_index(coclass->members, i);
		const struct idl_attribute *chosen =
		    idl_attribute_find(member->attributes, IDL_DEFAULT);
		bool source = idl_attribute_find(member->attributes, IDL_SOURCE) != NULL;

		check_member(unit, member);
		if (chosen != NULL && defaults[source]++ > 0)
			idl_error(unit->diagnostics, &chosen->place,
			    "second default %s of coclass '%s', expected one",
			    source ? "source" : "interface", coclass->name);
		if (!source && !g_hash_table_add(names, (gpointer)member->name))
			idl_error(unit->diagnostics, &member->place,
			    "interface '%s' is listed twice, expected it once", member->name);
	}
}

/* A class may name what its file defines further down. */
static bool
knows_members(const struct idl_unit *unit, const struct idl_coclass *coclass)
{
	for (guint i = 0; i < coclass->members->len; i++) {
		const struct idl_coclass_member *member = g_ptr_array_index(coclass->members, i);

		if (idl_lookup_interface(unit, member->name) == NULL)
			return false;
	}
	return true;
}

void
idl_check_coclass(struct idl_unit *unit, struct idl_coclass *coclass)
{
	idl_check_attributes(unit, coclass->attributes, IDL_ON_COCLASS);
	idl_declare(
	    unit, unit->scope.names, IDL_SYMBOL_COCLASS, coclass->name, &coclass->place, coclass);
	if (idl_attribute_find(coclass->attributes, IDL_UUID) == NULL)
		idl_error(unit->diagnostics, &coclass->place,
		    "coclass '%s' has no uuid, expected the attribute uuid(...) (uuidgen makes "
		    "one)",
		    coclass->name);
	coclass->uuid = idl_check_uuid(unit, coclass->attributes, &coclass->place);
	check_progid(unit, coclass, IDL_PROGID);
	check_progid(unit, coclass, IDL_VI_PROGID);
	if (knows_members(unit, coclass))
		check_members(unit, coclass);
	else
		g_ptr_array_add(unit->late, coclass);
}

void
idl_check_late_coclasses(struct idl_unit *unit)
{
	for (guint i = 0; i < unit->late->len; i++)
		check_members(unit, g_ptr_array_index(unit->late, i));
	g_ptr_array_set_size(unit->late, 0);
}
