/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/emit.h"

#include <string.h>

/* "small" of "small.idl" and of "small.h". */
static char *
base_name(const char *name)
{
	const char *suffix = strrchr(name, '.');

	return suffix != NULL ? g_strndup(name, (gsize)(suffix - name)) : g_strdup(name);
}

static char *
guard_name(const struct idl_source *source)
{
	g_autofree char *base = base_name(source->name);

	for (char *c = base; *c != '\0'; c++) {
		if (!g_ascii_isalnum(*c))
			*c = '_';
	}
	return g_strdup_printf("__%s_h__", base);
}

/* Documentation of imports is that of the file: it stands before the includes. */
static void
print_includes(GString *out, const struct idl_file *file)
{
	bool any_doc = false;

	for (guint i = 0; i < file->declarations->len; i++) {
		const struct idl_declaration *declaration =
		    g_ptr_array_index(file->declarations, i);

		if (declaration->kind != IDL_IMPORT)
			continue;
		idl_print_doc(out, declaration->doc.before, 0);
		any_doc |= declaration->doc.before != NULL;
	}
	g_string_append(out, any_doc ? "\n#include <wtypes.h>\n" : "#include <wtypes.h>\n");
	for (guint i = 0; i < file->declarations->len; i++) {
		const struct idl_declaration *declaration =
		    g_ptr_array_index(file->declarations, i);
		g_autofree char *base = NULL;

		if (declaration->kind != IDL_IMPORT || strcmp(declaration->text, "wtypes.idl") == 0)
			continue;
		base = base_name(declaration->text);
		g_string_append_printf(out, "#include <%s.h>\n", base);
	}
	g_string_append_c(out, '\n');
}

static void
print_forward(GString *out, GHashTable *done, const char *name, bool is_class)
{
	if (!g_hash_table_add(done, (gpointer)name))
		return;
	g_string_append_printf(
	    out, "#ifndef __%s_FWD_DEFINED__\n#define __%s_FWD_DEFINED__\n", name, name);
	if (is_class)
		g_string_append_printf(out,
		    "#ifdef __cplusplus\nclass %s;\n#else\n"
		    "typedef struct %s %s;\n#endif\n",
		    name, name, name);
	else
		g_string_append_printf(out, "typedef struct %s %s;\n", name, name);
	g_string_append(out, "#endif\n\n");
}

static void
print_forwards(GString *out, GHashTable *done, const GPtrArray *declarations)
{
	for (guint i = 0; i < declarations->len; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind == IDL_INTERFACE && declaration->as.interface->is_object)
			print_forward(out, done, declaration->as.interface->name, false);
		else if (declaration->kind == IDL_FORWARD)
			print_forward(out, done, declaration->text, false);
		else if (declaration->kind == IDL_COCLASS)
			print_forward(out, done, declaration->as.coclass->name, true);
		else if (declaration->kind == IDL_FORWARD_COCLASS)
			print_forward(out, done, declaration->text, true);
		else if (declaration->kind == IDL_LIBRARY)
			print_forwards(out, done, declaration->as.library->declarations);
	}
}

static void print_declarations(GString *out, struct idl_unit *unit, const GPtrArray *declarations);

static void
print_library(GString *out, struct idl_unit *unit, const struct idl_library *library)
{
	g_string_append_printf(out,
	    "#ifndef __%s_LIBRARY_DEFINED__\n#define __%s_LIBRARY_DEFINED__\n\n", library->name,
	    library->name);
	idl_print_doc(out, library->doc.before, 0);
	idl_print_guid(out, "LIBID_", library->name, library->uuid);
	g_string_append_c(out, '\n');
	print_declarations(out, unit, library->declarations);
	g_string_append_printf(out, "#endif /* __%s_LIBRARY_DEFINED__ */\n", library->name);
}

/* Consecutive lines of one kind stay together; anything else is set off by an empty line. */
static bool
joins_next(const GPtrArray *declarations, guint i)
{
	const struct idl_declaration *here = g_ptr_array_index(declarations, i), *next;

	if (i + 1 >= declarations->len)
		return false;
	next = g_ptr_array_index(declarations, i + 1);
	return here->kind == next->kind && next->doc.before == NULL &&
	    (here->kind == IDL_CPP_QUOTE || here->kind == IDL_CONSTANT ||
		here->kind == IDL_FUNCTION || here->kind == IDL_GUID ||
		(here->kind == IDL_TYPEDEF && next->as.alias->type->record == NULL &&
		    next->as.alias->type->enumeration == NULL));
}

static void
print_declarations(GString *out, struct idl_unit *unit, const GPtrArray *declarations)
{
	for (guint i = 0; i < declarations->len; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		switch (declaration->kind) {
		case IDL_INTERFACE:
			idl_print_interface(out, unit, declaration->as.interface);
			break;
		case IDL_COCLASS:
			idl_print_doc(out, declaration->as.coclass->doc.before, 0);
			idl_print_guid(out, "CLSID_", declaration->as.coclass->name,
			    declaration->as.coclass->uuid);
			break;
		case IDL_MODULE:
			idl_print_doc(out, declaration->as.module->doc.before, 0);
			print_declarations(out, unit, declaration->as.module->declarations);
			continue;
		case IDL_LIBRARY:
			print_library(out, unit, declaration->as.library);
			break;
		case IDL_CPP_QUOTE:
		case IDL_CONSTANT:
		case IDL_TYPEDEF:
		case IDL_TYPE:
		case IDL_FUNCTION:
		case IDL_VARIABLE:
		case IDL_GUID:
			idl_print_declaration(out, declaration);
			break;
		default:
			continue;
		}
		if (!joins_next(declarations, i))
			g_string_append_c(out, '\n');
	}
}

char *
idl_emit_header(struct idl_unit *unit)
{
	g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
	const struct idl_file *file = unit->main;
	g_autofree char *guard = guard_name(file->source);
	GString *out = g_string_new(NULL);

	g_string_append_printf(out,
	    "/* SPDX-License-Identifier: BSD-2-Clause. Generated by comidl from %s, do not edit. "
	    "*/\n"
	    "#ifndef %s\n#define %s\n\n",
	    file->source->name, guard, guard);
	print_includes(out, file);
	g_string_append(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
	print_forwards(out, done, file->declarations);
	print_declarations(out, unit, file->declarations);
	g_string_append_printf(out, "#ifdef __cplusplus\n}\n#endif\n\n#endif /* %s */\n", guard);
	return g_string_free(out, FALSE);
}
