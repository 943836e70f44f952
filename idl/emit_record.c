/* SPDX-License-Identifier: BSD-2-Clause */
/* C text of what stands in braces behind struct, union and enum. */
#include <string.h>

#include "idl/emit.h"

/* A struct that ends in an open array has one element there, as C++ knows nothing else. */
static void
print_field_declarator(
    GString *out, const struct idl_type *type, const struct idl_declarator *declarator)
{
	bool open = declarator->dimensions > 0 && declarator->bounds[0] == NULL;
	gsize start = out->len;
	const char *bracket;

	idl_print_declarator(out, type, declarator);
	bracket = open ? strstr(out->str + start, "[]") : NULL;
	if (bracket != NULL)
		g_string_insert_c(out, bracket + 1 - out->str, '1');
}

static void
print_field(GString *out, const struct idl_field *field, guint indent)
{
	idl_print_doc(out, field->doc.before, indent);
	idl_print_indent(out, indent);
	/* C++ has no structs without a name inside others, but its compilers do. */
	if (field->declarators->len == 0)
		g_string_append(out, "__extension__ ");
	idl_print_type(out, field->type, indent);
	for (guint i = 0; i < field->declarators->len; i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		print_field_declarator(out, field->type, g_ptr_array_index(field->declarators, i));
	}
	g_string_append_c(out, ';');
	idl_print_doc_after(out, field->doc.after, indent);
	g_string_append_c(out, '\n');
}

void
idl_print_record(GString *out, const struct idl_record *record, guint indent)
{
	g_string_append(out, " {\n");
	for (guint i = 0; i < record->fields->len; i++)
		print_field(out, g_ptr_array_index(record->fields, i), indent + 1);
	idl_print_indent(out, indent);
	g_string_append_c(out, '}');
}

/* An enum has 32 bits with a sign; 0x80000000 is the value with the same bits. */
static void
print_enum_expression(GString *out, const struct idl_enum_value *value)
{
	if (value->needs_cast)
		g_string_append(out, "(int)(");
	idl_print_expression(out, value->expression);
	if (value->needs_cast)
		g_string_append_c(out, ')');
}

void
idl_print_enum(GString *out, const struct idl_enum *enumeration, guint indent)
{
	g_string_append(out, " {\n");
	for (guint i = 0; i < enumeration->values->len; i++) {
		const struct idl_enum_value *value = g_ptr_array_index(enumeration->values, i);

		idl_print_doc(out, value->doc.before, indent + 1);
		idl_print_indent(out, indent + 1);
		g_string_append(out, value->name);
		if (value->expression != NULL) {
			g_string_append(out, " = ");
			print_enum_expression(out, value);
		}
		if (i + 1 < enumeration->values->len)
			g_string_append_c(out, ',');
		idl_print_doc_after(out, value->doc.after, indent + 1);
		g_string_append_c(out, '\n');
	}
	idl_print_indent(out, indent);
	g_string_append_c(out, '}');
}
