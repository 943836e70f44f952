/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/check.h"

#include <string.h>

#include "idl/expression.h"
#include "idl/scope.h"
#include "idl/suggest.h"

struct idl_shape
idl_shape_of(const struct idl_type *type, const struct idl_declarator *declarator)
{
	struct idl_shape shape = { .kind = IDL_SHAPE_RECORD };

	for (;;) {
		if (declarator->parameters != NULL) {
			shape.kind = IDL_SHAPE_HANDLE;
			shape.is_const = false;
			return shape;
		}
		shape.pointers += declarator->pointers + declarator->dimensions;
		shape.is_const |= type->is_const;
		if (type->alias == NULL)
			break;
		if (type->alias->is_handle) {
			shape.kind = IDL_SHAPE_HANDLE;
			return shape;
		}
		declarator = type->alias->declarator;
		type = type->alias->type;
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

static enum idl_symbol_kind
tag_kind(const struct idl_type *type)
{
	return type->kind == IDL_TYPE_ENUM ? IDL_SYMBOL_ENUM_TAG
	    : type->is_union               ? IDL_SYMBOL_UNION_TAG
					   : IDL_SYMBOL_STRUCT_TAG;
}

static const char *
tag_word(const struct idl_type *type)
{
	return type->kind == IDL_TYPE_ENUM ? "enum" : type->is_union ? "union" : "struct";
}

/* "struct tag" and "enum tag" without a body name one declared before, or become a promise. */
static bool
check_tag(struct idl_unit *unit, struct idl_type *type)
{
	const struct idl_symbol *symbol = idl_lookup_tag(unit, type->name);
	bool is_record = type->kind == IDL_TYPE_RECORD;
	enum idl_symbol_kind kind = tag_kind(type);

	if (symbol != NULL && symbol->kind == kind)
		return true;
	if (symbol == NULL && is_record && (type->builtin = idl_builtin_tag(type->name)) != NULL)
		return true;
	if (symbol == NULL && is_record)
		return idl_declare(unit, unit->scope.tags, kind, type->name, &type->place, NULL);
	idl_broken_rule(unit->diagnostics, &type->place,
	    "unknown %s '%s', expected one declared before", tag_word(type), type->name);
	return unit->diagnostics->is_lenient;
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
		if (strcmp(type->name, "handle_t") == 0) {
			idl_error(unit->diagnostics, &type->place,
			    "handle_t is for an RPC interface (remote procedure call), expected a "
			    "type of COM");
			return false;
		}
		idl_error(unit->diagnostics, &type->place,
		    "unknown type '%s', expected a predefined type or one declared before (is an "
		    "import missing?)",
		    type->name);
		idl_suggest(unit, &type->place, type->name, IDL_WANT_TYPE);
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
	    tag_word(type));
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
		/* An element may be an interface without its star, as old files have it. */
		return idl_check_type_name(unit, type->element) &&
		    (type->element->is_interface ||
			idl_check_declarator(unit, type->element, type->element_declarator));
	case IDL_TYPE_RECORD:
		if (type->record == NULL)
			return check_tag(unit, type);
		if (type->name != NULL &&
		    !idl_declare(unit, unit->scope.tags, tag_kind(type), type->name, &type->place,
			type->record))
			return false;
		idl_check_record(unit, type->record);
		return true;
	case IDL_TYPE_ENUM:
		if (type->enumeration == NULL)
			return check_tag(unit, type);
		if (type->name != NULL &&
		    !idl_declare(unit, unit->scope.tags, IDL_SYMBOL_ENUM_TAG, type->name,
			&type->place, type->enumeration))
			return false;
		idl_check_enum(unit, type->enumeration);
		return true;
	}
	return false;
}

bool
idl_check_bounds(struct idl_unit *unit, const struct idl_declarator *declarator)
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
	if (!idl_check_bounds(unit, declarator))
		return false;
	if (declarator->parameters != NULL)
		return idl_check_function_pointer(unit, declarator);
	if (shape.kind == IDL_SHAPE_REFERENCE && shape.pointers > 0) {
		idl_error(unit->diagnostics, &declarator->place,
		    "pointer to %s, which is a reference in C++, expected GUID and stars",
		    shape.builtin->name);
		return false;
	}
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
