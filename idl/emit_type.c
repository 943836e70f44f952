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
		g_string_append(out, type->is_union ? "union" : "struct");
		if (type->name != NULL)
			g_string_append_printf(out, " %s", type->name);
		if (type->record != NULL)
			idl_print_record(out, type->record, indent);
		break;
	case IDL_TYPE_ENUM:
		g_string_append(out, "enum");
		if (type->name != NULL)
			g_string_append_printf(out, " %s", type->name);
		if (type->enumeration != NULL)
			idl_print_enum(out, type->enumeration, indent);
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

/* Names that another header has are left to it; where all are, there is nothing to print. */
static bool
print_typedef(GString *out, const struct idl_typedef *definition)
{
	guint printed = 0;

	for (guint i = 0; i < definition->aliases->len; i++) {
		const struct idl_alias *alias = g_ptr_array_index(definition->aliases, i);

		if (alias->is_repeated)
			continue;
		if (printed++ == 0) {
			g_string_append(out, "typedef ");
			idl_print_type(out, definition->type, 0);
		} else {
			g_string_append_c(out, ',');
		}
		idl_print_declarator(out, alias->type, alias->declarator);
	}
	if (printed > 0)
		g_string_append_c(out, ';');
	return printed > 0;
}

static void
print_function(GString *out, const struct idl_method *function)
{
	idl_print_type(out, function->type, 0);
	idl_print_function_declarator(
	    out, function->type, function->declarator, function->parameters);
	g_string_append(out, ";\n");
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
		if (!print_typedef(out, declaration->as.alias))
			break;
		idl_print_doc_after(out, declaration->doc.after, 0);
		g_string_append_c(out, '\n');
		break;
	case IDL_TYPE:
		idl_print_doc(out, declaration->doc.before, 0);
		idl_print_type(out, declaration->as.type, 0);
		g_string_append(out, ";\n");
		break;
	case IDL_VARIABLE:
		g_string_append(out, "extern ");
		idl_print_type(out, declaration->as.constant->type, 0);
		idl_print_declarator(
		    out, declaration->as.constant->type, declaration->as.constant->declarator);
		g_string_append(out, ";\n");
		break;
	case IDL_FUNCTION:
		idl_print_doc(out, declaration->doc.before, 0);
		print_function(out, declaration->as.function);
		break;
	case IDL_GUID:
		idl_print_doc(out, declaration->doc.before, 0);
		idl_print_guid(out, "", declaration->text, declaration->uuid);
		break;
	case IDL_CPP_QUOTE:
		idl_print_doc(out, declaration->doc.before, 0);
		g_string_append_printf(out, "%s\n", declaration->text);
		break;
	default:
		break;
	}
}
