/* SPDX-License-Identifier: BSD-2-Clause */
/* What gives a name to something: structs, enums, aliases and constants. */
#include "idl/check.h"

#include <string.h>

#include "idl/expression.h"
#include "idl/scope.h"

/* Every name in size_is and its like is one of the neighbours, or a constant. */
static void
check_reference(struct idl_unit *unit, const struct idl_attribute *attribute,
    const struct idl_expression *expression, GHashTable *names, const char *owner)
{
	const struct idl_symbol *symbol;

	if (expression == NULL)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(expression->operands); i++)
		check_reference(unit, attribute, expression->operands[i], names, owner);
	if (expression->kind != IDL_EXPRESSION_NAME ||
	    g_hash_table_contains(names, expression->text))
		return;
	symbol = idl_lookup(unit, expression->text);
	if (symbol != NULL && attribute->rule->id != IDL_IID_IS &&
	    (symbol->kind == IDL_SYMBOL_CONSTANT || symbol->kind == IDL_SYMBOL_ENUM_VALUE))
		return;
	idl_broken_rule(unit->diagnostics, &expression->place, "%s names '%s', expected %s",
	    attribute->rule->name, expression->text, owner);
}

void
idl_check_references(
    struct idl_unit *unit, const GPtrArray *attributes, GHashTable *names, const char *owner)
{
	for (guint i = 0; attributes != NULL && i < attributes->len; i++) {
		const struct idl_attribute *attribute = g_ptr_array_index(attributes, i);

		if (!attribute->rule->refers)
			continue;
		for (guint j = 0; j < attribute->expressions->len; j++)
			check_reference(unit, attribute,
			    g_ptr_array_index(attribute->expressions, j), names, owner);
	}
}

static bool
check_enum_value(struct idl_unit *unit, struct idl_enum_value *value, int64_t *next)
{
	struct idl_value number = { .kind = IDL_VALUE_INTEGER, .bits = (uint64_t)*next };
	const struct idl_place *place = &value->place;

	if (value->expression != NULL) {
		number = idl_evaluate(unit, value->expression);
		place = &value->expression->place;
	}
	if (number.kind == IDL_VALUE_WRONG)
		return false;
	if (number.kind != IDL_VALUE_INTEGER) {
		idl_error(unit->diagnostics, place,
		    "enum value that is no integer constant, expected one");
		return false;
	}
	value->needs_cast = value->expression != NULL && !idl_value_fits(&number, 32, true);
	if (!idl_value_fits(&number, 32, true) &&
	    !(value->needs_cast && idl_value_fits(&number, 32, false))) {
		idl_error(unit->diagnostics, place,
		    "enum value does not fit, expected a value of 32 bits");
		return false;
	}
	value->value = (int32_t)number.bits;
	*next = (int64_t)value->value + 1;
	return true;
}

void
idl_check_enum(struct idl_unit *unit, struct idl_enum *enumeration)
{
	int64_t next = 0;

	if (enumeration->values->len == 0)
		idl_error(unit->diagnostics, &enumeration->place,
		    "enum without values, expected at least one");
	for (guint i = 0; i < enumeration->values->len; i++) {
		struct idl_enum_value *value = g_ptr_array_index(enumeration->values, i);

		check_enum_value(unit, value, &next);
		idl_declare(unit, unit->scope.names, IDL_SYMBOL_ENUM_VALUE, value->name,
		    &value->place, value);
	}
}

/*
 * The base files of Windows declare what every compiler knows. That is right as long as they mean
 * the same; what the name is here stays what it was.
 */
static void
check_predefined(struct idl_unit *unit, struct idl_alias *alias, const struct idl_shape *shape)
{
	const struct idl_builtin *builtin = idl_builtin_type(alias->declarator->name);
	enum idl_shape_kind kind = builtin->shape;
	guint stars = builtin->pointers;
	bool same = shape->kind == kind && shape->pointers == stars;

	if (kind == IDL_SHAPE_HANDLE)
		same = shape->pointers > 0;
	else if (kind == IDL_SHAPE_BSTR || kind == IDL_SHAPE_REFERENCE)
		same = shape->pointers == 1 || shape->kind == kind;
	else if (kind == IDL_SHAPE_INTEGER && same && shape->builtin != NULL)
		same = shape->builtin->bits == builtin->bits;
	alias->is_repeated = true;
	if (!same)
		idl_error(unit->diagnostics, &alias->declarator->place,
		    "'%s' is a predefined type, expected another name or the same meaning",
		    alias->declarator->name);
}

static void
append_names(GString *out, const struct idl_record *record)
{
	for (guint i = 0; i < record->fields->len; i++) {
		const struct idl_field *field = g_ptr_array_index(record->fields, i);

		for (guint j = 0; j < field->declarators->len; j++) {
			const struct idl_declarator *declarator =
			    g_ptr_array_index(field->declarators, j);

			g_string_append_printf(
			    out, "%s ", declarator->name != NULL ? declarator->name : "");
		}
	}
}

static bool
same_members(const struct idl_record *a, const struct idl_record *b)
{
	g_autoptr(GString) one = g_string_new(NULL);
	g_autoptr(GString) other = g_string_new(NULL);

	append_names(one, a);
	append_names(other, b);
	return a->is_union == b->is_union && g_string_equal(one, other);
}

/* What holds a handle: a pointer nobody follows, or a number as wide as one. */
static bool
is_pointer_wide(const struct idl_shape *shape)
{
	return (shape->kind == IDL_SHAPE_VOID && shape->pointers == 1) ||
	    shape->kind == IDL_SHAPE_HANDLE ||
	    (shape->kind == IDL_SHAPE_INTEGER && shape->pointers == 0 && shape->builtin != NULL &&
		g_str_has_suffix(shape->builtin->name, "_PTR"));
}

/* Two structs without a tag of the same members, or two names for one thing. */
static bool
means_the_same(const struct idl_alias *a, const struct idl_alias *b)
{
	struct idl_shape one = idl_shape_of(a->type, a->declarator);
	struct idl_shape other = idl_shape_of(b->type, b->declarator);

	if (is_pointer_wide(&one) && is_pointer_wide(&other))
		return true;
	if (one.kind != other.kind || one.pointers != other.pointers ||
	    one.is_const != other.is_const)
		return false;
	if (one.builtin != NULL && other.builtin != NULL)
		return one.builtin->bits == other.builtin->bits &&
		    one.builtin->is_signed == other.builtin->is_signed;
	if (a->type->record != NULL && b->type->record != NULL)
		return same_members(a->type->record, b->type->record);
	return a->type->name != NULL && b->type->name != NULL &&
	    strcmp(a->type->name, b->type->name) == 0;
}

static bool
is_repeated(const struct idl_unit *unit, const struct idl_alias *alias)
{
	const struct idl_symbol *symbol = idl_lookup(unit, alias->declarator->name);

	return symbol != NULL && symbol->kind == IDL_SYMBOL_ALIAS &&
	    means_the_same(symbol->node, alias);
}

static void
check_alias(struct idl_unit *unit, struct idl_alias *alias)
{
	const struct idl_declarator *declarator = alias->declarator;
	struct idl_shape shape = idl_shape_of(alias->type, declarator);

	alias->depth = alias->type->alias != NULL ? alias->type->alias->depth + 1 : 0;
	if (alias->depth >= IDL_ALIASES_MAX || shape.pointers > IDL_INDIRECTION_MAX)
		idl_error(unit->diagnostics, &declarator->place,
		    "too many aliases or stars behind '%s', expected at most %u", declarator->name,
		    IDL_ALIASES_MAX);
	else if (idl_builtin_type(declarator->name) != NULL)
		check_predefined(unit, alias, &shape);
	else if (is_repeated(unit, alias))
		alias->is_repeated = true;
	else if (declarator->pointers + declarator->dimensions == 0 ||
	    idl_check_declarator(unit, alias->type, declarator))
		idl_declare(unit, unit->scope.names, IDL_SYMBOL_ALIAS, declarator->name,
		    &declarator->place, alias);
}

void
idl_check_typedef(struct idl_unit *unit, struct idl_typedef *definition)
{
	bool handle;

	idl_check_attributes(unit, definition->attributes, IDL_ON_TYPE);
	if (!idl_check_type(unit, definition->type))
		return;
	idl_check_uuid(unit, definition->attributes, &definition->type->place);
	handle = idl_attribute_find(definition->attributes, IDL_WIRE_MARSHAL) != NULL ||
	    idl_attribute_find(definition->attributes, IDL_USER_MARSHAL) != NULL;
	for (guint i = 0; i < definition->aliases->len; i++) {
		struct idl_alias *alias = g_ptr_array_index(definition->aliases, i);
		struct idl_shape shape = idl_shape_of(alias->type, alias->declarator);

		check_alias(unit, alias);
		alias->is_identified = idl_attribute_find(definition->attributes, IDL_UUID) != NULL;
		alias->is_handle = handle && shape.kind == IDL_SHAPE_VOID && shape.pointers > 0;
	}
}

static bool
is_text(const struct idl_shape *shape)
{
	return shape->pointers == 1 && shape->is_const && shape->builtin != NULL &&
	    shape->kind == IDL_SHAPE_INTEGER && shape->builtin->bits <= 16;
}

/* Integers must fit; what C would read as another type than the declared one gets a cast. */
static bool
check_constant_value(
    struct idl_unit *unit, struct idl_constant *constant, const struct idl_shape *shape)
{
	const struct idl_place *place = &constant->expression->place;
	const struct idl_builtin *builtin = shape->builtin;
	const struct idl_value *value = &constant->value;

	if (value->kind == IDL_VALUE_WRONG)
		return false;
	if (shape->pointers > 0) {
		if (value->kind == IDL_VALUE_OPAQUE)
			return true;
		if (value->kind == IDL_VALUE_STRING && (shape->is_text || is_text(shape)))
			return true;
		idl_error(unit->diagnostics, place,
		    "bad value of a pointer constant, expected a string and the type LPCSTR or "
		    "LPCOLESTR");
		return false;
	}
	if (shape->kind == IDL_SHAPE_FLOAT || shape->kind == IDL_SHAPE_ENUM) {
		if (value->kind != IDL_VALUE_STRING)
			return true;
		idl_error(unit->diagnostics, place, "string as the value, expected a number");
		return false;
	}
	if (shape->kind != IDL_SHAPE_INTEGER) {
		idl_error(unit->diagnostics, &constant->type->place,
		    "constant of this type, expected an integer, floating point, enum or string "
		    "type");
		return false;
	}
	if (value->kind == IDL_VALUE_OPAQUE)
		return true;
	if (value->kind == IDL_VALUE_STRING) {
		idl_error(unit->diagnostics, place, "string as the value, expected a number");
		return false;
	}
	if (idl_value_fits(value, builtin->bits, builtin->is_signed))
		return true;
	constant->needs_cast = true;
	if (idl_value_fits(value, builtin->bits, !builtin->is_signed) ||
	    idl_value_fits(value, builtin->bits, true))
		return true;
	idl_error(unit->diagnostics, place, "value does not fit into %s, expected one of %u bits",
	    builtin->name, (unsigned)builtin->bits);
	return false;
}

/* After a cast the value is what the bits mean in the declared type. */
static void
reinterpret(struct idl_value *value, const struct idl_builtin *builtin)
{
	uint64_t mask = builtin->bits >= 64 ? UINT64_MAX : ((uint64_t)1 << builtin->bits) - 1;

	value->bits &= mask;
	value->is_unsigned = !builtin->is_signed && value->bits > INT64_MAX;
	if (builtin->is_signed && (value->bits & (mask ^ (mask >> 1))) != 0)
		value->bits |= ~mask;
}

void
idl_check_constant(struct idl_unit *unit, const struct idl_declaration *declaration)
{
	struct idl_constant *constant = declaration->as.constant;
	struct idl_shape shape;

	if (!idl_check_type_name(unit, constant->type) ||
	    !idl_check_declarator(unit, constant->type, constant->declarator))
		return;
	shape = idl_shape_of(constant->type, constant->declarator);
	constant->value = idl_evaluate(unit, constant->expression);
	if (!check_constant_value(unit, constant, &shape))
		constant->value.kind = IDL_VALUE_WRONG;
	else if (constant->needs_cast)
		reinterpret(&constant->value, shape.builtin);
	idl_declare(unit, unit->scope.names, IDL_SYMBOL_CONSTANT, constant->declarator->name,
	    &constant->declarator->place, constant);
}
