/* SPDX-License-Identifier: BSD-2-Clause */
/* C text of what stands around a name: stars, brackets, bits, parameters. */
#include "idl/emit.h"

static void
print_stars(GString *out, const struct idl_type *type, const struct idl_declarator *declarator)
{
	/* In C a SAFEARRAY(T) is a pointer, and each name of a declaration needs its own star. */
	guint stars = declarator->pointers + (type->kind == IDL_TYPE_SAFEARRAY ? 1 : 0);

	if (declarator->name != NULL || declarator->parameters != NULL || stars > 0)
		g_string_append_c(out, ' ');
	for (guint i = 0; i < stars; i++) {
		guint own = i + declarator->pointers - stars;

		g_string_append_c(out, '*');
		if (own < declarator->pointers && declarator->pointer_const[own])
			g_string_append(out, "const ");
	}
}

static void
print_parameters(GString *out, const GPtrArray *parameters)
{
	g_string_append_c(out, '(');
	for (guint i = 0; i < parameters->len; i++) {
		const struct idl_parameter *parameter = g_ptr_array_index(parameters, i);

		if (i > 0)
			g_string_append(out, ", ");
		idl_print_type(out, parameter->type, 0);
		idl_print_declarator(out, parameter->type, parameter->declarator);
	}
	g_string_append(out, parameters->len == 0 ? "void)" : ")");
}

void
idl_print_function_declarator(GString *out, const struct idl_type *type,
    const struct idl_declarator *declarator, const GPtrArray *parameters)
{
	print_stars(out, type, declarator);
	g_string_append_printf(out, "STDMETHODCALLTYPE %s", declarator->name);
	print_parameters(out, parameters);
}

static void
print_function_pointer(
    GString *out, const struct idl_type *type, const struct idl_declarator *declarator)
{
	print_stars(out, type, declarator);
	g_string_append(out, "(STDMETHODCALLTYPE ");
	for (guint i = 0; i < declarator->function_stars; i++)
		g_string_append_c(out, '*');
	g_string_append_printf(out, "%s)", declarator->name != NULL ? declarator->name : "");
	print_parameters(out, declarator->parameters);
}

void
idl_print_declarator(
    GString *out, const struct idl_type *type, const struct idl_declarator *declarator)
{
	if (declarator->parameters != NULL) {
		print_function_pointer(out, type, declarator);
		return;
	}
	print_stars(out, type, declarator);
	if (declarator->name != NULL)
		g_string_append(out, declarator->name);
	for (guint i = 0; i < declarator->dimensions; i++) {
		g_string_append_c(out, '[');
		if (declarator->bounds[i] != NULL)
			idl_print_expression(out, declarator->bounds[i]);
		g_string_append_c(out, ']');
	}
	if (declarator->bits != NULL) {
		g_string_append(out, " : ");
		idl_print_expression(out, declarator->bits);
	}
}
