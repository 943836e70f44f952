/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest by which the runtime finds the classes of a module: see comidl(1). */
#include "idl/emit.h"

struct manifest {
	GKeyFile *file;
	GHashTable *written; /* uuids of interfaces that have their group */
};

static char *
braced(const char *uuid)
{
	return g_strdup_printf("{%s}", uuid);
}

static void
set_text(GKeyFile *file, const char *group, const char *key, const GPtrArray *attributes,
    enum idl_attribute_id id)
{
	const struct idl_attribute *attribute = idl_attribute_find(attributes, id);

	if (attribute != NULL)
		g_key_file_set_string(file, group, key, attribute->text);
}

static void
set_threading(GKeyFile *file, const char *group, const struct idl_coclass *coclass)
{
	const struct idl_attribute *attribute =
	    idl_attribute_find(coclass->attributes, IDL_THREADING);
	g_autofree char *model = NULL;

	if (attribute == NULL)
		return;
	model = g_strdup(attribute->text);
	model[0] = g_ascii_toupper(model[0]);
	g_key_file_set_string(file, group, "ThreadingModel", model);
}

static void
set_list(GKeyFile *file, const char *group, const char *key, const GPtrArray *items)
{
	if (items->len > 0)
		g_key_file_set_string_list(
		    file, group, key, (const char *const *)items->pdata, items->len);
}

static void
add_class(struct manifest *manifest, const struct idl_coclass *coclass)
{
	g_autoptr(GPtrArray) interfaces = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) categories = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *group = g_strdup_printf("Class {%s}", coclass->uuid);

	for (guint i = 0; i < coclass->members->len; i++) {
		const struct idl_coclass_member *member = g_ptr_array_index(coclass->members, i);

		if (idl_attribute_find(member->attributes, IDL_SOURCE) == NULL)
			g_ptr_array_add(interfaces, braced(member->interface->uuid));
	}
	for (guint i = 0; coclass->attributes != NULL && i < coclass->attributes->len; i++) {
		const struct idl_attribute *attribute = g_ptr_array_index(coclass->attributes, i);

		if (attribute->rule->id == IDL_CATEGORY)
			g_ptr_array_add(categories, braced(attribute->text));
	}
	g_key_file_set_string(manifest->file, group, "Name", coclass->name);
	set_text(manifest->file, group, "Description", coclass->attributes, IDL_HELPSTRING);
	set_text(manifest->file, group, "ProgID", coclass->attributes, IDL_PROGID);
	set_text(
	    manifest->file, group, "VersionIndependentProgID", coclass->attributes, IDL_VI_PROGID);
	set_threading(manifest->file, group, coclass);
	set_list(manifest->file, group, "Interfaces", interfaces);
	set_list(manifest->file, group, "Categories", categories);
}

static void
add_interface(struct manifest *manifest, const struct idl_interface *interface)
{
	g_autofree char *group = NULL, *base = NULL;
	guint methods = 0;

	if (!interface->is_object || interface->uuid == NULL ||
	    !g_hash_table_add(manifest->written, (gpointer)interface->uuid))
		return;
	group = g_strdup_printf("Interface {%s}", interface->uuid);
	g_key_file_set_string(manifest->file, group, "Name", interface->name);
	for (const struct idl_interface *up = interface; up != NULL; up = up->base)
		methods += up->methods->len;
	g_key_file_set_integer(manifest->file, group, "NumMethods", (int)methods);
	if (interface->base == NULL || interface->base->uuid == NULL)
		return;
	base = braced(interface->base->uuid);
	g_key_file_set_string(manifest->file, group, "BaseInterface", base);
}

static void
add_classes(struct manifest *manifest, const GPtrArray *declarations)
{
	for (guint i = 0; i < declarations->len; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind == IDL_COCLASS)
			add_class(manifest, declaration->as.coclass);
		else if (declaration->kind == IDL_LIBRARY)
			add_classes(manifest, declaration->as.library->declarations);
	}
}

static void
add_interfaces(struct manifest *manifest, const GPtrArray *declarations)
{
	for (guint i = 0; i < declarations->len; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind == IDL_INTERFACE)
			add_interface(manifest, declaration->as.interface);
		else if (declaration->kind == IDL_LIBRARY)
			add_interfaces(manifest, declaration->as.library->declarations);
	}
}

/* Those from other files that a class here implements. */
static void
add_listed_interfaces(struct manifest *manifest, const GPtrArray *declarations)
{
	for (guint i = 0; i < declarations->len; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind == IDL_LIBRARY)
			add_listed_interfaces(manifest, declaration->as.library->declarations);
		if (declaration->kind != IDL_COCLASS)
			continue;
		for (guint j = 0; j < declaration->as.coclass->members->len; j++) {
			const struct idl_coclass_member *member =
			    g_ptr_array_index(declaration->as.coclass->members, j);

			add_interface(manifest, member->interface);
		}
	}
}

static bool
is_resident(const GPtrArray *declarations)
{
	for (guint i = 0; i < declarations->len; i++) {
		const struct idl_declaration *declaration = g_ptr_array_index(declarations, i);

		if (declaration->kind == IDL_LIBRARY &&
		    idl_attribute_find(declaration->as.library->attributes, IDL_RESIDENT) != NULL)
			return true;
	}
	return false;
}

char *
idl_emit_manifest(struct idl_unit *unit, const char *module)
{
	const GPtrArray *declarations = unit->main->declarations;
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GHashTable) written = g_hash_table_new(g_str_hash, g_str_equal);
	struct manifest manifest = { file, written };
	g_autofree char *comment = NULL;

	g_key_file_set_string(file, "Component", "Module", module);
	if (is_resident(declarations))
		g_key_file_set_boolean(file, "Component", "Resident", TRUE);
	comment = g_strdup_printf(
	    " SPDX-License-Identifier: BSD-2-Clause\n Generated by comidl from %s, do not edit.",
	    unit->main->source->name);
	g_key_file_set_comment(file, NULL, NULL, comment, NULL);
	add_classes(&manifest, declarations);
	add_interfaces(&manifest, declarations);
	add_listed_interfaces(&manifest, declarations);
	return g_key_file_to_data(file, NULL, NULL);
}
