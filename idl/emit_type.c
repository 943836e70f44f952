/* SPDX-License-Identifier: BSD-2-Clause */
/* C text of types, constants and documentation: what is the same in C and in C++. */
#include <string.h>

#include "idl/emit.h"

void
idl_print_indent(GString *out, guint indent)
{
	for (guint i = 0; i < indent; i++)
		g_string_append_c(out, '\t');
}

void
idl_print_doc(GString *out, const char *doc, guint indent)
{
	g_auto(GStrv) lines = NULL;

	if (doc == NULL)
		return;
	lines = g_strsplit(doc, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (*lines[i] != '\0') {
			idl_print_indent(out, indent);
			g_string_append(out, lines[i]);
		}
		g_string_append_c(out, '\n');
	}
}

void
idl_print_doc_after(GString *out, const char *doc, guint indent)
{
	g_auto(GStrv) lines = NULL;

	if (doc == NULL)
		return;
	lines = g_strsplit(doc, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (i > 0) {
			g_string_append_c(out, '\n');
			idl_print_indent(out, indent);
		}
		g_string_append_printf(out, " %s", lines[i] + strspn(lines[i], " \t"));
	}
}

char *
idl_escape_c(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			g_string_append_printf(out, "\\%03o", c);
		else
			g_string_append_c(out, (char)c);
	}
	return g_string_free(out, FALSE);
}

void
idl_print_guid(GString *out, const char *prefix, const char *name, const char *uuid)
{
	/* 8-4-4-4-12 digits: where each of the last eight bytes starts */
	static const guint bytes[] = { 19, 21, 24, 26, 28, 30, 32, 34 };

	g_string_append_printf(out, "DEFINE_GUID(%s%s, 0x%.8s, 0x%.4s, 0x%.4s", prefix, name, uuid,
	    uuid + 9, uuid + 14);
	for (guint i = 0; i < G_N_ELEMENTS(bytes); i++)
		g_string_append_printf(out, ", 0x%.2s", uuid + bytes[i]);
	g_string_append(out, ");\n");
}

void
idl_print_declarator(
    GString *out, const struct idl_type *type, const struct idl_declarator *declarator)
{
	/* In C a SAFEARRAY(T) is a pointer, and each name of a declaration needs its own star. */
	guint stars = declarator->pointers + (type->kind == IDL_TYPE_SAFEARRAY ? 1 : 0);

	if (declarator->name != NULL || stars > 0)
		g_string_append_c(out, ' ');
	for (guint i = 0; i < stars; i++) {
		guint own = i + declarator->pointers - stars;

		g_string_append_c(out, '*');
		if (own < declarator->pointers && declarator->pointer_const[own])
			g_string_append(out, "const ");
	}
	if (declarator->name != NULL)
		g_string_append(out, declarator->name);
	for (guint i = 0; i < declarator->dimensions; i++) {
		g_string_append_c(out, '[');
		if (declarator->bounds[i] != NULL)
			idl_print_expression(out, declarator->bounds[i]);
		g_string_append_c(out, ']');
	}
}

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
print_record(GString *out, const struct idl_record *record, guint indent)
{
	g_string_append(out, " {\n");
	for (guint i = 0; i < record->fields->len; i++) {
		const struct idl_field *field = g_ptr_array_index(record->fields, i);

		idl_print_doc(out, field->doc.before, indent + 1);
		idl_print_indent(out, indent + 1);
		idl_print_type(out, field->type, indent + 1);
		for (guint j = 0; j < field->declarators->len; j++) {
			if (j > 0)
				g_string_append_c(out, ',');
			print_field_declarator(
			    out, field->type, g_ptr_array_index(field->declarators, j));
		}
		g_string_append_c(out, ';');
		idl_print_doc_after(out, field->doc.after, indent + 1);
		g_string_append_c(out, '\n');
	}
	idl_print_indent(out, indent);
	g_string_append_c(out, '}');
}

static void
print_enum(GString *out, const struct idl_enum *enumeration, guint indent)
{
	g_string_append(out, " {\n");
	for (guint i = 0; i < enumeration->values->len; i++) {
		const struct idl_enum_value *value = g_ptr_array_index(enumeration->values, i);

		idl_print_doc(out, value->doc.before, indent + 1);
		idl_print_indent(out, indent + 1);
		g_string_append(out, value->name);
		if (value->expression != NULL) {
			g_string_append(out, " = ");
			idl_print_expression(out, value->expression);
		}
		if (i + 1 < enumeration->values->len)
			g_string_append_c(out, ',');
		idl_print_doc_after(out, value->doc.after, indent + 1);
		g_string_append_c(out, '\n');
	}
	idl_print_indent(out, indent);
	g_string_append_c(out, '}');
}

void
idl_print_type(GString *out, const struct idl_type *type, guint indent)
{
	if (type->is_const)
		g_string_append(out, "const ");
	switch (type->kind) {
	case IDL_TYPE_KEYWORD:
		g_string_append(out,
		    type->builtin->c_name != NULL ? type->builtin->c_name : type->builtin->name);
		break;
	case IDL_TYPE_NAME:
		g_string_append(out, type->name);
		break;
	case IDL_TYPE_SAFEARRAY:
		g_string_append(out, "SAFEARRAY");
		break;
	case IDL_TYPE_RECORD:
		g_string_append(out, "struct");
		if (type->name != NULL)
			g_string_append_printf(out, " %s", type->name);
		if (type->record != NULL)
			print_record(out, type->record, indent);
		break;
	case IDL_TYPE_ENUM:
		g_string_append(out, "enum");
		if (type->name != NULL)
			g_string_append_printf(out, " %s", type->name);
		if (type->enumeration != NULL)
			print_enum(out, type->enumeration, indent);
		break;
	}
}

static void
print_constant(GString *out, const struct idl_constant *constant)
{
	bool bare = constant->expression->kind == IDL_EXPRESSION_STRING ||
	    constant->expression->kind == IDL_EXPRESSION_PARENTHESES;

	g_string_append_printf(out, "#define %s ", constant->declarator->name);
	if (constant->needs_cast) {
		struct idl_type plain = *constant->type;

		plain.is_const = false;
		g_string_append(out, "((");
		idl_print_type(out, &plain, 0);
		g_string_append(out, ")");
		if (constant->expression->kind == IDL_EXPRESSION_PARENTHESES ||
		    constant->expression->kind == IDL_EXPRESSION_INTEGER) {
			idl_print_expression(out, constant->expression);
		} else {
			g_string_append_c(out, '(');
			idl_print_expression(out, constant->expression);
			g_string_append_c(out, ')');
		}
		g_string_append(out, ")\n");
		return;
	}
	if (!bare)
		g_string_append_c(out, '(');
	idl_print_expression(out, constant->expression);
	g_string_append(out, bare ? "\n" : ")\n");
}

static void
print_typedef(GString *out, const struct idl_typedef *definition)
{
	g_string_append(out, "typedef ");
	idl_print_type(out, definition->type, 0);
	for (guint i = 0; i < definition->aliases->len; i++) {
		const struct idl_alias *alias = g_ptr_array_index(definition->aliases, i);

		if (i > 0)
			g_string_append_c(out, ',');
		idl_print_declarator(out, alias->type, alias->declarator);
	}
	g_string_append_c(out, ';');
}

void
idl_print_declaration(GString *out, const struct idl_declaration *declaration)
{
	switch (declaration->kind) {
	case IDL_CONSTANT:
		idl_print_doc(out, declaration->doc.before, 0);
		print_constant(out, declaration->as.constant);
		break;
	case IDL_TYPEDEF:
		idl_print_doc(out, declaration->doc.before, 0);
		print_typedef(out, declaration->as.alias);
		idl_print_doc_after(out, declaration->doc.after, 0);
		g_string_append_c(out, '\n');
		break;
	case IDL_TYPE:
		idl_print_doc(out, declaration->doc.before, 0);
		idl_print_type(out, declaration->as.type, 0);
		g_string_append(out, ";\n");
		break;
	case IDL_CPP_QUOTE:
		idl_print_doc(out, declaration->doc.before, 0);
		g_string_append_printf(out, "%s\n", declaration->text);
		break;
	default:
		break;
	}
}
