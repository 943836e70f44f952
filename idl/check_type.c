/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/check.h"

#include <string.h>

#include "idl/expression.h"
#include "idl/scope.h"

struct idl_shape
idl_shape_of(const struct idl_type *type, const struct idl_declarator *declarator)
{
	struct idl_shape shape = { .kind = IDL_SHAPE_RECORD, .brackets = declarator->dimensions };

	for (;;) {
		shape.pointers += declarator->pointers + declarator->dimensions;
		shape.is_const |= type->is_const;
		if (type->alias == NULL)
			break;
		declarator = type->alias->declarator;
		type = type->alias->type;
		if (shape.pointers == 0)
			shape.brackets = declarator->dimensions;
	}
	if (type->builtin != NULL) {
		shape.builtin = type->builtin;
		shape.kind = type->builtin->shape;
		shape.pointers += type->builtin->pointers;
		shape.is_const |= type->builtin->is_const;
		shape.is_text = type->builtin->is_text;
		shape.is_safearray = strcmp(type->builtin->name, "SAFEARRAY") == 0 ||
		    strcmp(type->builtin->name, "LPSAFEARRAY") == 0;
	} else if (type->is_interface) {
		shape.kind = IDL_SHAPE_INTERFACE;
	} else if (type->kind == IDL_TYPE_ENUM) {
		shape.kind = IDL_SHAPE_ENUM;
	} else if (type->kind == IDL_TYPE_SAFEARRAY) {
		shape.pointers++;
		shape.is_safearray = true;
	}
	return shape;
}

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
	idl_error(unit->diagnostics, &expression->place, "%s names '%s', expected %s",
	    attribute->rule->name, expression->text, owner);
}

void
idl_check_references(
    struct idl_unit *unit, const GPtrArray *attributes, GHashTable *names, const char *owner)
{
	for (guint i = 0; attributes != NULL && i < attributes->len; i++) {
		const struct idl_attribute *attribute = g_ptr_array_index(attributes, i);

		if (attribute->rule->argument != IDL_ARGUMENT_EXPRESSIONS)
			continue;
		for (guint j = 0; j < attribute->expressions->len; j++)
			check_reference(unit, attribute,
			    g_ptr_array_index(attribute->expressions, j), names, owner);
	}
}

/*
 * Two members of one struct that share a name would only be found by the C compiler, far from
 * here.
 */
static void
check_record(struct idl_unit *unit, struct idl_type *type)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	struct idl_record *record = type->record;

	if (record->fields->len == 0)
		idl_error(unit->diagnostics, &record->place,
		    "struct without members, expected at least one");
	for (guint i = 0; i < record->fields->len && !idl_diagnostics_full(unit->diagnostics);
	     i++) {
		struct idl_field *field = g_ptr_array_index(record->fields, i);

		idl_check_attributes(unit, field->attributes, IDL_ON_FIELD);
		if (!idl_check_type(unit, field->type))
			continue;
		for (guint j = 0; j < field->declarators->len; j++) {
			const struct idl_declarator *declarator =
			    g_ptr_array_index(field->declarators, j);

			idl_check_declarator(unit, field->type, declarator);
			if (!g_hash_table_add(names, (gpointer)declarator->name))
				idl_error(unit->diagnostics, &declarator->place,
				    "two members called '%s', expected another name",
				    declarator->name);
		}
	}
	for (guint i = 0; i < record->fields->len; i++) {
		const struct idl_field *field = g_ptr_array_index(record->fields, i);

		idl_check_references(unit, field->attributes, names, "a member of the struct");
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
	if (!idl_value_fits(&number, 32, true)) {
		idl_error(unit->diagnostics, place,
		    "enum value does not fit, expected -2147483648 to 2147483647");
		return false;
	}
	value->value = (int32_t)number.bits;
	*next = (int64_t)value->value + 1;
	return true;
}

static void
check_enum(struct idl_unit *unit, struct idl_enum *enumeration)
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

/* "struct tag" and "enum tag" without a body name one declared before, or become a promise. */
static bool
check_tag(struct idl_unit *unit, struct idl_type *type)
{
	const struct idl_symbol *symbol = idl_lookup_tag(unit, type->name);
	bool is_record = type->kind == IDL_TYPE_RECORD;
	enum idl_symbol_kind kind = is_record ? IDL_SYMBOL_STRUCT_TAG : IDL_SYMBOL_ENUM_TAG;

	if (symbol != NULL && symbol->kind == kind)
		return true;
	if (symbol == NULL && is_record)
		return idl_declare(unit, unit->scope.tags, kind, type->name, &type->place, NULL);
	idl_error(unit->diagnostics, &type->place, "unknown %s '%s', expected one declared before",
	    is_record ? "struct" : "enum", type->name);
	return false;
}

static bool
check_name(struct idl_unit *unit, struct idl_type *type)
{
	const struct idl_symbol *symbol = idl_lookup(unit, type->name);

	if (symbol != NULL && symbol->kind == IDL_SYMBOL_ALIAS) {
		type->alias = symbol->node;
		return true;
	}
	if (symbol != NULL && symbol->kind == IDL_SYMBOL_INTERFACE) {
		type->is_interface = true;
		return true;
	}
	if (symbol == NULL) {
		type->builtin = idl_builtin_type(type->name);
		if (type->builtin != NULL)
			return true;
		idl_error(unit->diagnostics, &type->place,
		    "unknown type '%s', expected a predefined type or one declared before (is an "
		    "import missing?)",
		    type->name);
		return false;
	}
	idl_error(unit->diagnostics, &type->place, "'%s' is not a type, expected one", type->name);
	return false;
}

bool
idl_check_type_name(struct idl_unit *unit, struct idl_type *type)
{
	if (type->record == NULL && type->enumeration == NULL)
		return idl_check_type(unit, type);
	idl_error(unit->diagnostics, &type->place,
	    "%s defined inside another declaration, expected the name of one defined before",
	    type->record != NULL ? "struct" : "enum");
	return false;
}

bool
idl_check_type(struct idl_unit *unit, struct idl_type *type)
{
	switch (type->kind) {
	case IDL_TYPE_KEYWORD:
		return true;
	case IDL_TYPE_NAME:
		return check_name(unit, type);
	case IDL_TYPE_SAFEARRAY:
		return idl_check_type_name(unit, type->element) &&
		    idl_check_declarator(unit, type->element, type->element_declarator);
	case IDL_TYPE_RECORD:
		if (type->record == NULL)
			return check_tag(unit, type);
		if (type->name != NULL &&
		    !idl_declare(unit, unit->scope.tags, IDL_SYMBOL_STRUCT_TAG, type->name,
			&type->place, type->record))
			return false;
		check_record(unit, type);
		type->record->complete = true;
		return true;
	case IDL_TYPE_ENUM:
		if (type->enumeration == NULL)
			return check_tag(unit, type);
		if (type->name != NULL &&
		    !idl_declare(unit, unit->scope.tags, IDL_SYMBOL_ENUM_TAG, type->name,
			&type->place, type->enumeration))
			return false;
		check_enum(unit, type->enumeration);
		return true;
	}
	return false;
}

/* Array bounds are constant and positive; only the first may be left open. */
static bool
check_bounds(struct idl_unit *unit, const struct idl_declarator *declarator)
{
	for (guint i = 0; i < declarator->dimensions; i++) {
		const struct idl_expression *bound = declarator->bounds[i];
		struct idl_value value;

		if (bound == NULL) {
			if (i == 0)
				continue;
			idl_error(unit->diagnostics, &declarator->place,
			    "open array bound behind the first, expected a constant");
			return false;
		}
		value = idl_evaluate(unit, bound);
		if (value.kind == IDL_VALUE_WRONG)
			return false;
		if (value.kind == IDL_VALUE_STRING ||
		    (value.kind == IDL_VALUE_INTEGER &&
			(!idl_value_fits(&value, 32, true) || (int64_t)value.bits <= 0))) {
			idl_error(unit->diagnostics, &bound->place,
			    "bad array bound, expected 1 to 2147483647");
			return false;
		}
	}
	return true;
}

/*
 * A struct may be used by value only once its members are known; one that is only a tag here may
 * have got them since.
 */
static bool
is_incomplete(const struct idl_unit *unit, const struct idl_type *type)
{
	const struct idl_record *record;
	const struct idl_symbol *symbol;

	while (type->alias != NULL)
		type = type->alias->type;
	if (type->kind != IDL_TYPE_RECORD)
		return false;
	record = type->record;
	if (record == NULL) {
		symbol = idl_lookup_tag(unit, type->name);
		record = symbol != NULL ? symbol->node : NULL;
	}
	return record == NULL || !record->complete;
}

bool
idl_check_declarator(
    struct idl_unit *unit, const struct idl_type *type, const struct idl_declarator *declarator)
{
	struct idl_shape shape = idl_shape_of(type, declarator);
	guint stars = shape.pointers - MIN(shape.pointers, declarator->dimensions);

	if (shape.pointers > IDL_INDIRECTION_MAX) {
		idl_error(unit->diagnostics, &declarator->place,
		    "too many stars behind this name, expected at most %u", IDL_INDIRECTION_MAX);
		return false;
	}
	if (!check_bounds(unit, declarator))
		return false;
	if (stars > 0)
		return true;
	if (shape.kind == IDL_SHAPE_INTERFACE) {
		idl_error(unit->diagnostics, &declarator->place,
		    "interface by value, expected a pointer: '*' before the name");
		return false;
	}
	if (shape.kind == IDL_SHAPE_VOID) {
		idl_error(unit->diagnostics, &declarator->place,
		    "void by value, expected a pointer or another type");
		return false;
	}
	if (shape.kind == IDL_SHAPE_RECORD && shape.builtin == NULL && is_incomplete(unit, type)) {
		idl_error(unit->diagnostics, &declarator->place,
		    "struct whose members are not known yet, expected it defined before or a "
		    "pointer to it");
		return false;
	}
	return true;
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
	else if (check_bounds(unit, declarator))
		idl_declare(unit, unit->scope.names, IDL_SYMBOL_ALIAS, declarator->name,
		    &declarator->place, alias);
}

void
idl_check_typedef(struct idl_unit *unit, struct idl_typedef *definition)
{
	idl_check_attributes(unit, definition->attributes, IDL_ON_TYPE);
	if (!idl_check_type(unit, definition->type))
		return;
	idl_check_uuid(unit, definition->attributes, &definition->type->place);
	for (guint i = 0; i < definition->aliases->len; i++)
		check_alias(unit, g_ptr_array_index(definition->aliases, i));
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
		if (value->kind == IDL_VALUE_STRING && shape->is_text)
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
