/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of structs and unions: their names, bits and cases. */
#include "idl/check.h"

#include "idl/expression.h"
#include "idl/scope.h"

/* A bit-field is an integer, and its bits are there. */
static void
check_bits(
    struct idl_unit *unit, const struct idl_field *field, const struct idl_declarator *declarator)
{
	struct idl_shape shape = idl_shape_of(field->type, declarator);
	struct idl_value bits = idl_evaluate(unit, declarator->bits);
	guint most = shape.builtin != NULL ? shape.builtin->bits : 32;

	if (bits.kind == IDL_VALUE_WRONG)
		return;
	if (shape.pointers > 0 || (shape.kind != IDL_SHAPE_INTEGER && shape.kind != IDL_SHAPE_ENUM))
		idl_error(unit->diagnostics, &declarator->place,
		    "bit-field that is no integer, expected an integer type");
	else if (bits.kind != IDL_VALUE_INTEGER || bits.is_unsigned || bits.bits > most ||
	    (bits.bits == 0 && declarator->name != NULL))
		idl_error(unit->diagnostics, &declarator->bits->place,
		    "bad width of a bit-field, expected 1 to %u", most);
}

static void
check_member(
    struct idl_unit *unit, const struct idl_field *field, const struct idl_declarator *declarator)
{
	if (idl_check_declarator(unit, field->type, declarator) && declarator->bits != NULL)
		check_bits(unit, field, declarator);
}

/* The names of a field, or those it brings when it is a struct or union without a name. */
static void
add_names(struct idl_unit *unit, const struct idl_field *field, GHashTable *names)
{
	const GPtrArray *inner = field->declarators->len == 0 ? field->type->record->fields : NULL;

	for (guint i = 0; i < field->declarators->len; i++) {
		const struct idl_declarator *declarator = g_ptr_array_index(field->declarators, i);

		if (declarator->name != NULL &&
		    !g_hash_table_add(names, (gpointer)declarator->name))
			idl_error(unit->diagnostics, &declarator->place,
			    "two members called '%s', expected another name", declarator->name);
	}
	for (guint i = 0; inner != NULL && i < inner->len; i++)
		add_names(unit, g_ptr_array_index(inner, i), names);
}

/* Each value selects one arm. */
static void
check_cases(struct idl_unit *unit, const struct idl_field *field, GHashTable *cases)
{
	const struct idl_attribute *attribute = idl_attribute_find(field->attributes, IDL_CASE);

	for (guint i = 0; attribute != NULL && i < attribute->expressions->len; i++) {
		const struct idl_expression *expression =
		    g_ptr_array_index(attribute->expressions, i);
		struct idl_value value = { .kind = IDL_VALUE_STRING };

		if (expression != NULL)
			value = idl_evaluate(unit, expression);
		if (value.kind == IDL_VALUE_STRING)
			idl_error(unit->diagnostics, &attribute->place,
			    "case without a number, expected a constant");
		else if (value.kind == IDL_VALUE_INTEGER &&
		    !g_hash_table_add(cases, GSIZE_TO_POINTER((gsize)value.bits)))
			idl_error(unit->diagnostics, &expression->place,
			    "case %" G_GINT64_FORMAT " is given twice, expected each once",
			    (gint64)value.bits);
	}
}

/*
 * Two members of one struct that share a name would only be found by the C compiler, far from
 * here.
 */
void
idl_check_record(struct idl_unit *unit, struct idl_record *record)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) cases = g_hash_table_new(NULL, NULL);

	if (record->fields->len == 0)
		idl_error(unit->diagnostics, &record->place,
		    "%s without members, expected at least one",
		    record->is_union ? "union" : "struct");
	for (guint i = 0; i < record->fields->len && !idl_diagnostics_full(unit->diagnostics);
	     i++) {
		struct idl_field *field = g_ptr_array_index(record->fields, i);

		idl_check_attributes(unit, field->attributes, IDL_ON_FIELD);
		check_cases(unit, field, cases);
		if (!idl_check_type(unit, field->type))
			continue;
		for (guint j = 0; j < field->declarators->len; j++)
			check_member(unit, field, g_ptr_array_index(field->declarators, j));
		add_names(unit, field, names);
	}
	for (guint i = 0; i < record->fields->len; i++) {
		const struct idl_field *field = g_ptr_array_index(record->fields, i);

		idl_check_references(unit, field->attributes, names, "a member of the struct");
	}
	record->complete = true;
}
