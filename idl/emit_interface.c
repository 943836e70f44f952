/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One interface, in the three forms a header gives it: an abstract class for C++, a struct of
 * functions for C, and a macro a method for those who define COBJMACROS.
 */
#include "idl/emit.h"

#include <string.h>

#include "idl/check.h"
#include "idl/expression.h"

#define LINE_MAX_COLUMNS 100u
#define TAB_COLUMNS 8u

static void
print_parameter(GString *out, const struct idl_parameter *parameter)
{
	idl_print_type(out, parameter->type, 0);
	idl_print_declarator(out, parameter->type, parameter->declarator);
}

/*
 * The default as C++ can write it, or NULL. A BSTR that is not empty would need its length in
 * front of the text, which no literal has; an empty one is NULL by convention.
 */
static char *
default_argument(struct idl_unit *unit, const struct idl_parameter *parameter)
{
	const struct idl_attribute *attribute =
	    idl_attribute_find(parameter->attributes, IDL_DEFAULTVALUE);
	const struct idl_expression *expression;
	struct idl_shape shape;
	struct idl_value value;
	g_autoptr(GString) text = g_string_new(NULL);

	if (attribute == NULL)
		return NULL;
	expression = g_ptr_array_index(attribute->expressions, 0);
	shape = idl_shape_of(parameter->type, parameter->declarator);
	value = idl_evaluate(unit, expression);
	idl_print_expression(text, expression);
	if (value.kind == IDL_VALUE_STRING) {
		if (shape.kind == IDL_SHAPE_BSTR)
			return *expression->text == '\0' ? g_strdup("nullptr") : NULL;
		return shape.is_text && shape.is_const ? g_strdup(text->str) : NULL;
	}
	if (shape.pointers > 0 || shape.kind == IDL_SHAPE_BSTR || shape.kind == IDL_SHAPE_HANDLE)
		return value.kind == IDL_VALUE_INTEGER && value.bits == 0 ? g_strdup("nullptr")
									  : NULL;
	if (shape.kind == IDL_SHAPE_FLOAT)
		return g_strdup(text->str);
	if (shape.kind != IDL_SHAPE_ENUM && shape.kind != IDL_SHAPE_INTEGER)
		return NULL;
	if (shape.kind == IDL_SHAPE_INTEGER &&
	    (value.kind != IDL_VALUE_INTEGER ||
		idl_value_fits(&value, shape.builtin->bits, shape.builtin->is_signed)))
		return g_strdup(text->str);

	/* Numbers, because a program may have hidden the names of an enum behind a macro. */
	g_string_assign(text, "static_cast<");
	idl_print_type(text, parameter->type, 0);
	g_string_append(text, ">(");
	if (value.kind == IDL_VALUE_INTEGER)
		g_string_append_printf(text, "%" G_GINT64_FORMAT, (gint64)value.bits);
	else
		idl_print_expression(text, expression);
	g_string_append_c(text, ')');
	return g_strdup(text->str);
}

/* C++ wants defaults on the last parameters only: how many of those can be written. */
static guint
first_default(struct idl_unit *unit, const struct idl_method *method)
{
	guint first = method->parameters->len;

	while (first > 0) {
		g_autofree char *text =
		    default_argument(unit, g_ptr_array_index(method->parameters, first - 1));

		if (text == NULL)
			break;
		first--;
	}
	return first;
}

static guint
columns_of(const char *text)
{
	guint columns = 0;

	for (; *text != '\0'; text++)
		columns += *text == '\t' ? TAB_COLUMNS : 1;
	return columns;
}

/* "head(a, b)tail" on one line, or each parameter on its own when that is too long. */
static void
print_call(
    GString *out, guint indent, const char *head, const GPtrArray *parameters, const char *tail)
{
	gsize start = out->len;

	idl_print_indent(out, indent);
	g_string_append(out, head);
	for (guint i = 0; i < parameters->len; i++) {
		g_string_append(out, i > 0 ? ", " : "(");
		g_string_append(out, g_ptr_array_index(parameters, i));
	}
	g_string_append(out, parameters->len > 0 ? ")" : "()");
	g_string_append(out, tail);
	if (parameters->len == 0 || columns_of(out->str + start) <= LINE_MAX_COLUMNS) {
		g_string_append_c(out, '\n');
		return;
	}
	g_string_truncate(out, start);
	idl_print_indent(out, indent);
	g_string_append(out, head);
	g_string_append(out, "(\n");
	for (guint i = 0; i < parameters->len; i++) {
		idl_print_indent(out, indent);
		g_string_append(out, "    ");
		g_string_append(out, g_ptr_array_index(parameters, i));
		g_string_append(out, i + 1 < parameters->len ? ",\n" : "");
	}
	g_string_append_c(out, ')');
	g_string_append(out, tail);
	g_string_append_c(out, '\n');
}

/* What the method returns, ready to stand before its name. */
static char *
result_text(const struct idl_method *method)
{
	struct idl_declarator abstract = *method->declarator;
	GString *out = g_string_new(NULL);

	abstract.name = NULL;
	idl_print_type(out, method->type, 0);
	idl_print_declarator(out, method->type, &abstract);
	if (method->returns_record)
		g_string_append(out, " *");
	if (out->str[out->len - 1] != '*')
		g_string_append_c(out, ' ');
	return g_string_free(out, FALSE);
}

static void
print_cpp_method(GString *out, struct idl_unit *unit, const struct idl_method *method)
{
	g_autoptr(GPtrArray) parameters = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *result = result_text(method);
	g_autofree char *head = NULL;
	guint first = first_default(unit, method);

	if (method->returns_record)
		g_ptr_array_add(parameters, g_strdup_printf("%sresult_", result));
	for (guint i = 0; i < method->parameters->len; i++) {
		const struct idl_parameter *parameter = g_ptr_array_index(method->parameters, i);
		GString *text = g_string_new(NULL);

		print_parameter(text, parameter);
		if (i >= first) {
			g_autofree char *value = default_argument(unit, parameter);

			g_string_append_printf(text, " = %s", value);
		}
		g_ptr_array_add(parameters, g_string_free(text, FALSE));
	}
	head = g_strdup_printf("virtual %sSTDMETHODCALLTYPE %s", result,
	    method->cpp_name != NULL ? method->cpp_name : method->slot_name);
	print_call(out, 1, head, parameters, " = 0;");
}

static void
print_cpp(GString *out, struct idl_unit *unit, const struct idl_interface *interface)
{
	if (interface->uuid != NULL)
		g_string_append_printf(out, "MIDL_INTERFACE(\"%s\")\n", interface->uuid);
	else
		g_string_append(out, "struct ");
	g_string_append(out, interface->name);
	if (interface->base != NULL)
		g_string_append_printf(out, " : public %s", interface->base->name);
	g_string_append(out, "\n{\n");
	if (interface->methods->len > 0)
		g_string_append(out, "public:\n");
	for (guint i = 0; i < interface->methods->len; i++)
		print_cpp_method(out, unit, g_ptr_array_index(interface->methods, i));
	g_string_append(out, "};\n");
}

static void
print_c_method(GString *out, const struct idl_interface *interface, const struct idl_method *method,
    bool with_doc)
{
	g_autoptr(GPtrArray) parameters = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *result = result_text(method);
	g_autofree char *head = NULL;

	g_ptr_array_add(parameters, g_strdup_printf("%s *This", interface->name));
	if (method->returns_record)
		g_ptr_array_add(parameters, g_strdup_printf("%sresult_", result));
	for (guint i = 0; i < method->parameters->len; i++) {
		GString *text = g_string_new(NULL);

		print_parameter(text, g_ptr_array_index(method->parameters, i));
		g_ptr_array_add(parameters, g_string_free(text, FALSE));
	}
	if (with_doc)
		idl_print_doc(out, method->doc.before, 1);
	head = g_strdup_printf("%s(STDMETHODCALLTYPE *%s)", result, method->slot_name);
	print_call(out, 1, head, parameters, ";");
	if (with_doc && method->doc.after != NULL) {
		g_string_truncate(out, out->len - 1);
		idl_print_doc_after(out, method->doc.after, 1);
		g_string_append_c(out, '\n');
	}
}

/* Interfaces from IUnknown down to this one. */
static GPtrArray *
lineage(const struct idl_interface *interface)
{
	GPtrArray *out = g_ptr_array_new();

	for (; interface != NULL; interface = interface->base)
		g_ptr_array_insert(out, 0, (gpointer)interface);
	return out;
}

static void
print_c(GString *out, const struct idl_interface *interface)
{
	g_autoptr(GPtrArray) bases = lineage(interface);

	g_string_append_printf(
	    out, "typedef struct %sVtbl {\n\tBEGIN_INTERFACE\n", interface->name);
	for (guint i = 0; i < bases->len; i++) {
		const struct idl_interface *base = g_ptr_array_index(bases, i);

		if (base->methods->len > 0)
			g_string_append_printf(out, "\n\t/*** %s methods ***/\n", base->name);
		for (guint j = 0; j < base->methods->len; j++)
			print_c_method(
			    out, interface, g_ptr_array_index(base->methods, j), base == interface);
	}
	g_string_append_printf(out,
	    "\n\tEND_INTERFACE\n} %sVtbl;\n\nstruct %s {\n\tCONST_VTBL struct %sVtbl "
	    "*lpVtbl;\n};\n",
	    interface->name, interface->name, interface->name);
}

/*
 * Parameters keep their names, except that one called like the method itself would be replaced in
 * "lpVtbl->Method" as well.
 */
static void
print_macro(GString *out, const struct idl_interface *interface, const struct idl_method *method)
{
	g_autoptr(GString) names = g_string_new(NULL);

	if (method->returns_record)
		g_string_append(names, ",result_");
	for (guint i = 0; i < method->parameters->len; i++) {
		const struct idl_parameter *parameter = g_ptr_array_index(method->parameters, i);
		const char *name = parameter->declarator->name;
		bool clash = strcmp(name, method->slot_name) == 0 || strcmp(name, "lpVtbl") == 0;

		g_string_append_printf(names, ",%s%s", name, clash ? "_" : "");
	}
	/* The name of an overload has the interface in it. */
	g_string_append_printf(out, "#define %s%s%s(This%s) (This)->lpVtbl->%s(This%s)\n",
	    method->cpp_name != NULL ? "" : interface->name, method->cpp_name != NULL ? "" : "_",
	    method->slot_name, names->str, method->slot_name, names->str);
}

static void
print_macros(GString *out, const struct idl_interface *interface)
{
	g_autoptr(GPtrArray) bases = lineage(interface);

	for (guint i = 0; i < bases->len; i++) {
		const struct idl_interface *base = g_ptr_array_index(bases, i);

		if (base->methods->len > 0)
			g_string_append_printf(out, "/*** %s methods ***/\n", base->name);
		for (guint j = 0; j < base->methods->len; j++)
			print_macro(out, interface, g_ptr_array_index(base->methods, j));
	}
}

void
idl_print_interface(GString *out, struct idl_unit *unit, const struct idl_interface *interface)
{
	if (!interface->is_object)
		idl_print_doc(out, interface->doc.before, 0);
	for (guint i = 0; i < interface->declarations->len; i++) {
		idl_print_declaration(out, g_ptr_array_index(interface->declarations, i));
		g_string_append_c(out, '\n');
	}
	if (!interface->is_object) {
		if (interface->declarations->len > 0)
			g_string_truncate(out, out->len - 1);
		return;
	}
	g_string_append_printf(out,
	    "#ifndef __%s_INTERFACE_DEFINED__\n#define __%s_INTERFACE_DEFINED__\n\n",
	    interface->name, interface->name);
	idl_print_doc(out, interface->doc.before, 0);
	if (interface->uuid != NULL)
		idl_print_guid(out, interface->is_dispatch ? "DIID_" : "IID_", interface->name,
		    interface->uuid);
	g_string_append(out, "#if defined(__cplusplus) && !defined(CINTERFACE)\n");
	print_cpp(out, unit, interface);
	g_string_append(out, "#else\n");
	print_c(out, interface);
	g_string_append(out, "\n#ifdef COBJMACROS\n");
	print_macros(out, interface);
	g_string_append_printf(
	    out, "#endif\n#endif\n\n#endif /* __%s_INTERFACE_DEFINED__ */\n", interface->name);
}
