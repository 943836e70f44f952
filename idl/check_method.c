/* SPDX-License-Identifier: BSD-2-Clause */
/* One method: its result, its parameters, and what their attributes promise about each other. */
#include "idl/check.h"

#include <string.h>

#include "idl/expression.h"
#include "idl/scope.h"

struct method_check {
	struct idl_unit *unit;
	const struct idl_interface *interface;
	struct idl_method *method;
	bool is_local;      /* never leaves the process, so that C rules alone count */
	bool is_automation; /* dual or oleautomation */
	bool is_dispatch;   /* of a dispinterface: its result is none of C */
};

static bool
has(const struct idl_parameter *parameter, enum idl_attribute_id id)
{
	return idl_attribute_find(parameter->attributes, id) != NULL;
}

static void
check_result(const struct method_check *check)
{
	struct idl_method *method = check->method;
	struct idl_shape shape = idl_shape_of(method->type, method->declarator);

	if (check->is_dispatch)
		return;
	if (method->declarator->dimensions > 0) {
		idl_error(check->unit->diagnostics, &method->place,
		    "method that returns an array, expected HRESULT");
		return;
	}
	if (!check->is_local) {
		if (shape.pointers > 0 || shape.builtin == NULL ||
		    (strcmp(shape.builtin->name, "HRESULT") != 0 &&
			strcmp(shape.builtin->name, "SCODE") != 0))
			idl_broken_rule(check->unit->diagnostics, &method->type->place,
			    "method '%s' does not return HRESULT, expected HRESULT (or the "
			    "attribute local)",
			    method->name);
		return;
	}
	if (shape.pointers > 0)
		return;
	if (shape.kind == IDL_SHAPE_RECORD) {
		method->returns_record = true;
		idl_warning(check->unit->diagnostics, &method->type->place,
		    "method '%s' returns a struct, which goes through a pointer as its first "
		    "parameter (C and C++ return structs in different ways)",
		    method->name);
	} else if (shape.kind == IDL_SHAPE_INTERFACE)
		idl_error(check->unit->diagnostics, &method->type->place,
		    "method '%s' returns an interface by value, expected a pointer", method->name);
}

static void
check_direction(const struct method_check *check, const struct idl_parameter *parameter,
    const struct idl_shape *shape)
{
	const struct idl_place *place = &parameter->declarator->place;
	const struct idl_attribute *retval = idl_attribute_find(parameter->attributes, IDL_RETVAL);
	bool out = has(parameter, IDL_OUT);

	if (!out && !has(parameter, IDL_IN) && !has(parameter, IDL_LCID) && !check->is_local)
		idl_warning(check->unit->diagnostics, place,
		    "parameter '%s' has no direction and is treated as [in], expected [in], [out] "
		    "or both",
		    parameter->declarator->name);
	if (retval != NULL && !out)
		idl_error(check->unit->diagnostics, &retval->place,
		    "retval on a parameter that is not [out], expected [out, retval]");
	if (!out)
		return;
	if (shape->kind == IDL_SHAPE_REFERENCE)
		idl_broken_rule(check->unit->diagnostics, place,
		    "[out] parameter '%s' is a reference to const, expected a pointer that can be "
		    "written through",
		    parameter->declarator->name);
	else if (shape->pointers == 0)
		idl_broken_rule(check->unit->diagnostics, place,
		    "[out] parameter '%s' is not a pointer, expected '*' before the name",
		    parameter->declarator->name);
	else if (shape->kind == IDL_SHAPE_INTERFACE && shape->pointers == 1)
		idl_warning(check->unit->diagnostics, place,
		    "[out] parameter '%s' is an interface pointer by value, expected a pointer to "
		    "one",
		    parameter->declarator->name);
	else if (shape->pointers == 1 && shape->is_const && !check->is_local)
		idl_broken_rule(check->unit->diagnostics, place,
		    "[out] parameter '%s' points to const, expected a pointer that can be written "
		    "through",
		    parameter->declarator->name);
}

/* A pointer whose pointee has no size cannot cross a process border. */
static void
check_void(const struct method_check *check, const struct idl_parameter *parameter,
    const struct idl_shape *shape)
{
	if (check->is_local || shape->kind != IDL_SHAPE_VOID || shape->pointers == 0 ||
	    has(parameter, IDL_IID_IS) || has(parameter, IDL_SIZE_IS))
		return;
	if (parameter->declarator->pointers == 0 && parameter->type->alias != NULL) {
		idl_broken_rule(check->unit->diagnostics, &parameter->declarator->place,
		    "parameter '%s' is a void pointer by another name, expected wire_marshal(...) "
		    "on the typedef",
		    parameter->declarator->name);
		return;
	}
	idl_broken_rule(check->unit->diagnostics, &parameter->declarator->place,
	    "parameter '%s' is a bare void pointer, expected iid_is(...), size_is(...) or a local "
	    "method",
	    parameter->declarator->name);
}

/* A struct whose typedef has a uuid is known to automation by it. */
static bool
is_automation_record(const struct idl_type *type)
{
	for (; type->alias != NULL; type = type->alias->type) {
		if (type->alias->is_identified)
			return true;
	}
	return false;
}

/* BSTR, numbers, VARIANT, SAFEARRAY, interface pointers, enums; and pointers to those. */
static void
check_automation_type(const struct method_check *check, const struct idl_parameter *parameter,
    const struct idl_shape *shape)
{
	guint depth = shape->kind == IDL_SHAPE_INTERFACE || shape->is_safearray ? 2 : 1;
	bool ok = shape->is_safearray || shape->kind == IDL_SHAPE_INTERFACE ||
	    shape->kind == IDL_SHAPE_ENUM ||
	    (shape->builtin != NULL && shape->builtin->is_automation);

	if (!check->is_automation || check->is_local)
		return;
	if ((ok && shape->pointers <= depth) || is_automation_record(parameter->type))
		return;
	if (shape->kind == IDL_SHAPE_HANDLE ||
	    (shape->kind == IDL_SHAPE_RECORD && (shape->pointers > 0 || shape->builtin != NULL))) {
		idl_broken_rule(check->unit->diagnostics, &parameter->type->place,
		    "parameter '%s' has no automation type and cannot go through Invoke",
		    parameter->declarator->name);
		return;
	}
	idl_broken_rule(check->unit->diagnostics, &parameter->type->place,
	    "parameter '%s' has no automation type, expected a number, BSTR, VARIANT, SAFEARRAY, "
	    "an "
	    "interface pointer, an enum, or a pointer to one",
	    parameter->declarator->name);
}

static void
check_default_value(const struct method_check *check, const struct idl_parameter *parameter,
    const struct idl_shape *shape)
{
	const struct idl_attribute *attribute =
	    idl_attribute_find(parameter->attributes, IDL_DEFAULTVALUE);
	const struct idl_expression *expression;
	struct idl_value value;
	bool text;

	if (attribute == NULL)
		return;
	expression = g_ptr_array_index(attribute->expressions, 0);
	value = idl_evaluate(check->unit, expression);
	text = shape->is_text || shape->kind == IDL_SHAPE_BSTR ||
	    (shape->builtin != NULL && strncmp(shape->builtin->name, "VARIANT", 7) == 0);
	if (value.kind == IDL_VALUE_STRING && !text)
		idl_error(check->unit->diagnostics, &expression->place,
		    "string as the default of '%s', expected a number",
		    parameter->declarator->name);
	else if (value.kind == IDL_VALUE_INTEGER && value.bits != 0 &&
	    (shape->pointers > 0 || shape->kind == IDL_SHAPE_BSTR))
		idl_error(check->unit->diagnostics, &expression->place,
		    "number as the default of the pointer '%s', expected 0 or a string",
		    parameter->declarator->name);
	else if (value.kind == IDL_VALUE_INTEGER && shape->kind == IDL_SHAPE_INTEGER &&
	    shape->builtin != NULL && shape->pointers == 0 &&
	    !idl_value_fits(&value, shape->builtin->bits, true) &&
	    !idl_value_fits(&value, shape->builtin->bits, false))
		idl_error(check->unit->diagnostics, &expression->place,
		    "default does not fit into %s, expected a value of %u bits",
		    shape->builtin->name, (unsigned)shape->builtin->bits);
}

static void
check_parameter(const struct method_check *check, struct idl_parameter *parameter)
{
	struct idl_shape shape;

	idl_check_attributes(check->unit, parameter->attributes, IDL_ON_PARAMETER);
	if (parameter->declarator->name != NULL && strcmp(parameter->declarator->name, "This") == 0)
		idl_error(check->unit->diagnostics, &parameter->declarator->place,
		    "parameter called 'This', expected another name (C uses it for the object)");
	if (!idl_check_type_name(check->unit, parameter->type) ||
	    !idl_check_declarator(check->unit, parameter->type, parameter->declarator))
		return;
	shape = idl_shape_of(parameter->type, parameter->declarator);
	check_direction(check, parameter, &shape);
	check_void(check, parameter, &shape);
	check_automation_type(check, parameter, &shape);
	check_default_value(check, parameter, &shape);
}

/* What the parameters are to each other: names, order, the one that is the result. */
static void
check_order(const struct method_check *check)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	const GPtrArray *parameters = check->method->parameters;
	const struct idl_parameter *optional = NULL;
	g_autofree char *owner = NULL;
	bool is_put = idl_attribute_find(check->method->attributes, IDL_PROPPUT) != NULL ||
	    idl_attribute_find(check->method->attributes, IDL_PROPPUTREF) != NULL;

	for (guint i = 0; i < parameters->len; i++) {
		const struct idl_parameter *parameter = g_ptr_array_index(parameters, i);
		const struct idl_place *place = &parameter->declarator->place;
		const struct idl_attribute *retval =
		    idl_attribute_find(parameter->attributes, IDL_RETVAL);

		if (!g_hash_table_add(names, (gpointer)parameter->declarator->name))
			idl_error(check->unit->diagnostics, place,
			    "two parameters called '%s', expected another name",
			    parameter->declarator->name);
		if (retval != NULL && i + 1 < parameters->len)
			idl_broken_rule(check->unit->diagnostics, &retval->place,
			    "retval on a parameter that is not the last, expected it there");
		if (has(parameter, IDL_OPTIONAL) || has(parameter, IDL_DEFAULTVALUE))
			optional = parameter;
		else if (optional != NULL && retval == NULL && !check->is_local &&
		    !has(parameter, IDL_LCID) && !(is_put && i + 1 == parameters->len))
			idl_broken_rule(check->unit->diagnostics, place,
			    "parameter '%s' is required and stands behind the optional '%s', "
			    "expected optional or defaultvalue, or another order",
			    parameter->declarator->name, optional->declarator->name);
	}
	owner = g_strdup_printf("a parameter of '%s'", check->method->name);
	for (guint i = 0; i < parameters->len; i++) {
		const struct idl_parameter *parameter = g_ptr_array_index(parameters, i);

		idl_check_references(check->unit, parameter->attributes, names, owner);
	}
}

static const char *
property_prefix(struct idl_unit *unit, const struct idl_method *method, bool is_dispatch)
{
	static const struct {
		enum idl_attribute_id id;
		const char *prefix;
	} kinds[] = {
		{ IDL_PROPGET, "get_" },
		{ IDL_PROPPUT, "put_" },
		{ IDL_PROPPUTREF, "putref_" },
	};
	const char *prefix = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const struct idl_attribute *attribute =
		    idl_attribute_find(method->attributes, kinds[i].id);

		if (attribute == NULL)
			continue;
		if (prefix != NULL)
			idl_error(unit->diagnostics, &attribute->place,
			    "second kind of property on '%s', expected one of propget, propput and "
			    "propputref",
			    method->name);
		else if (method->parameters->len == 0 &&
		    !(is_dispatch && kinds[i].id == IDL_PROPGET))
			idl_error(unit->diagnostics, &method->place,
			    "property '%s' has no parameter, expected the value as the last one",
			    method->name);
		prefix = kinds[i].prefix;
	}
	return prefix;
}

void
idl_check_method(
    struct idl_unit *unit, const struct idl_interface *interface, struct idl_method *method)
{
	const struct method_check check = {
		.unit = unit,
		.interface = interface,
		.method = method,
		.is_local = idl_attribute_find(interface->attributes, IDL_LOCAL) != NULL ||
		    idl_attribute_find(method->attributes, IDL_LOCAL) != NULL,
		.is_dispatch = interface->is_dispatch,
		.is_automation = interface->is_dispatch ||
		    idl_attribute_find(interface->attributes, IDL_DUAL) != NULL ||
		    idl_attribute_find(interface->attributes, IDL_OLEAUTOMATION) != NULL,
	};
	const char *prefix;

	idl_check_attributes(unit, method->attributes, IDL_ON_METHOD);
	prefix = property_prefix(unit, method, interface->is_dispatch);
	method->slot_name = method->name;
	if (prefix != NULL) {
		g_autofree char *name = g_strconcat(prefix, method->name, NULL);

		method->slot_name = idl_arena_string(&unit->arena, name, strlen(name));
	}
	if (idl_check_type_name(unit, method->type))
		check_result(&check);
	for (guint i = 0; i < method->parameters->len; i++)
		check_parameter(&check, g_ptr_array_index(method->parameters, i));
	check_order(&check);
}

/* A function is C's business alone, which may know an enum that no IDL file has. */
static void
promise_enum(struct idl_unit *unit, const struct idl_parameter *parameter)
{
	const struct idl_type *type = parameter->type;

	if (type->kind == IDL_TYPE_ENUM && type->enumeration == NULL &&
	    idl_lookup_tag(unit, type->name) == NULL)
		idl_declare(
		    unit, unit->scope.tags, IDL_SYMBOL_ENUM_TAG, type->name, &type->place, NULL);
}

void
idl_check_function(struct idl_unit *unit, struct idl_method *function)
{
	const struct method_check check = {
		.unit = unit,
		.method = function,
		.is_local = true,
	};

	idl_check_attributes(unit, function->attributes, IDL_ON_FUNCTION);
	idl_declare(unit, unit->scope.names, IDL_SYMBOL_FUNCTION, function->name, &function->place,
	    function);
	for (guint i = 0; i < function->parameters->len; i++)
		promise_enum(unit, g_ptr_array_index(function->parameters, i));
	if (idl_check_type_name(unit, function->type) && function->declarator->dimensions > 0)
		check_result(&check);
	for (guint i = 0; i < function->parameters->len; i++)
		check_parameter(&check, g_ptr_array_index(function->parameters, i));
	check_order(&check);
}

bool
idl_check_function_pointer(struct idl_unit *unit, const struct idl_declarator *declarator)
{
	bool ok = true;

	for (guint i = 0; i < declarator->parameters->len; i++) {
		struct idl_parameter *parameter = g_ptr_array_index(declarator->parameters, i);

		idl_check_attributes(unit, parameter->attributes, IDL_ON_PARAMETER);
		ok &= idl_check_type_name(unit, parameter->type) &&
		    idl_check_declarator(unit, parameter->type, parameter->declarator);
	}
	return ok;
}
