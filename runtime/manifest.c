/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a manifest from memory. GKeyFile does the syntax; here are the groups and their meaning.
 */
#include "runtime/manifest.h"

#include <string.h>

#include "runtime/guid_table.h"
#include "runtime/guid_text.h"
#include "runtime/manifest_overlay.h"
#include "runtime/manifest_place.h"
#include "runtime/manifest_value.h"

#define GROUP_COMPONENT "Component"
#define GROUP_CLASS "Class "
#define GROUP_INTERFACE "Interface "

static void
class_free(void *data)
{
	struct manifest_class *class = data;

	g_free(class->name);
	g_free(class->description);
	g_free(class->progid);
	g_free(class->vi_progid);
	g_free(class->threading_model);
	g_array_unref(class->interfaces);
	g_array_unref(class->categories);
	g_array_unref(class->required_categories);
	g_free(class);
}

static void
interface_free(void *data)
{
	struct manifest_interface *interface = data;

	g_free(interface->name);
	g_free(interface->type_library);
	g_free(interface);
}

static void
parse_class(struct manifest_parser *parser, struct manifest *manifest, const char *group)
{
	struct manifest_class *class;
	CLSID clsid;

	if (!manifest_get_group_guid(parser, group, GROUP_CLASS, &clsid))
		return;
	if (manifest->classes->len >= MANIFEST_CLASSES_MAX) {
		manifest_refuse(parser, group, NULL, "more than %u classes", MANIFEST_CLASSES_MAX);
		return;
	}
	class = g_new0(struct manifest_class, 1);
	class->clsid = clsid;
	class->interfaces = g_array_new(FALSE, FALSE, sizeof(GUID));
	class->categories = g_array_new(FALSE, FALSE, sizeof(GUID));
	class->required_categories = g_array_new(FALSE, FALSE, sizeof(GUID));
	g_ptr_array_add(manifest->classes, class);
	class->name = manifest_get_required_text(parser, group, "Name", MANIFEST_NAME_MAX);
	class->description =
	    manifest_get_text(parser, group, "Description", MANIFEST_DESCRIPTION_MAX);
	class->progid = manifest_get_progid(parser, group, "ProgID");
	class->vi_progid = manifest_get_progid(parser, group, "VersionIndependentProgID");
	class->threading_model =
	    manifest_get_text(parser, group, "ThreadingModel", MANIFEST_NAME_MAX);
	manifest_get_guids(parser, group, "Interfaces", class->interfaces);
	manifest_get_guids(parser, group, "Categories", class->categories);
	manifest_get_guids(parser, group, "ImplementedCategories", class->categories);
	manifest_get_guids(parser, group, "RequiredCategories", class->required_categories);
	manifest_get_guid(parser, group, "TreatAs", &class->treat_as);
	manifest_get_guid(parser, group, "AutoTreatAs", &class->auto_treat_as);
}

static char *
get_file(struct manifest_parser *parser, const char *group, const char *key)
{
	char *file = manifest_get_text(parser, group, key, MANIFEST_MODULE_MAX);

	if (file != NULL && g_str_has_suffix(file, "/"))
		manifest_refuse(parser, group, key, "\"%s\" names a folder", file);
	return file;
}

static void
parse_interface(struct manifest_parser *parser, struct manifest *manifest, const char *group)
{
	struct manifest_interface *interface;
	IID iid;

	if (!manifest_get_group_guid(parser, group, GROUP_INTERFACE, &iid))
		return;
	if (manifest->interfaces->len >= MANIFEST_INTERFACES_MAX) {
		manifest_refuse(
		    parser, group, NULL, "more than %u interfaces", MANIFEST_INTERFACES_MAX);
		return;
	}
	interface = g_new0(struct manifest_interface, 1);
	interface->iid = iid;
	g_ptr_array_add(manifest->interfaces, interface);
	interface->name = manifest_get_required_text(parser, group, "Name", MANIFEST_NAME_MAX);
	interface->methods =
	    manifest_get_number(parser, group, "NumMethods", 0, MANIFEST_METHODS_MAX);
	interface->type_library = get_file(parser, group, "TypeLibrary");
	manifest_get_guid(parser, group, "BaseInterface", &interface->base);
}

static void
parse_component(struct manifest_parser *parser, struct manifest *manifest)
{
	manifest->module = get_file(parser, GROUP_COMPONENT, "Module");
	if (manifest->module == NULL)
		manifest_refuse(parser, GROUP_COMPONENT, NULL, "Module= is missing or empty");
	manifest->resident = manifest_get_boolean(parser, GROUP_COMPONENT, "Resident");
	manifest->priority =
	    manifest_get_number(parser, GROUP_COMPONENT, "Priority", G_MININT, G_MAXINT);
}

/* GKeyFile joins groups of one name; two spellings of one identifier are still two groups. Each
 * element of the array begins with its identifier. */
static void
refuse_duplicates(struct manifest_parser *parser, const GPtrArray *array, const char *what)
{
	g_autoptr(GHashTable) seen = guid_table_new(NULL);
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < array->len && parser->problem == NULL; i++)
		if (!g_hash_table_add(seen, g_ptr_array_index(array, i)))
			parser->problem = g_strdup_printf("line 1: %s %s is described twice", what,
			    guid_to_text(g_ptr_array_index(array, i), text));
}

/* A file without [Component] is an overlay, if it has anything that an overlay may have. */
static void
check_kind(struct manifest_parser *parser, const struct manifest *manifest)
{
	if (manifest->module != NULL && manifest->overrides->len > 0)
		parser->problem = g_strdup("line 1: [Override] belongs into local.component, a "
					   "file without [" GROUP_COMPONENT "]");
	else if (manifest->module == NULL &&
	    (manifest->classes->len + manifest->interfaces->len > 0 ||
		manifest->overrides->len + manifest->categories->len == 0))
		parser->problem = g_strdup("line 1: there is no group [" GROUP_COMPONENT "]");
}

static void
parse_group(struct manifest_parser *parser, struct manifest *manifest, const char *group)
{
	static const struct {
		const char *prefix;
		void (*parse)(struct manifest_parser *, struct manifest *, const char *);
	} kinds[] = {
		{ GROUP_CLASS, parse_class },
		{ GROUP_INTERFACE, parse_interface },
		{ MANIFEST_GROUP_OVERRIDE, manifest_parse_override },
		{ MANIFEST_GROUP_CATEGORY, manifest_parse_category },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_has_prefix(group, kinds[i].prefix))
			kinds[i].parse(parser, manifest, group);
}

static void
parse_groups(struct manifest_parser *parser, struct manifest *manifest)
{
	g_auto(GStrv) groups = g_key_file_get_groups(parser->file, NULL);

	if (g_key_file_has_group(parser->file, GROUP_COMPONENT))
		parse_component(parser, manifest);
	for (size_t i = 0; groups[i] != NULL && parser->problem == NULL; i++)
		parse_group(parser, manifest, groups[i]);
	if (parser->problem == NULL)
		check_kind(parser, manifest);
	refuse_duplicates(parser, manifest->classes, "class");
	refuse_duplicates(parser, manifest->interfaces, "interface");
	refuse_duplicates(parser, manifest->overrides, "the override of class");
	refuse_duplicates(parser, manifest->categories, "category");
}

static struct manifest *
manifest_new(void)
{
	struct manifest *manifest = g_new0(struct manifest, 1);

	manifest->classes = g_ptr_array_new_with_free_func(class_free);
	manifest->interfaces = g_ptr_array_new_with_free_func(interface_free);
	manifest->overrides = g_ptr_array_new_with_free_func(manifest_override_free);
	manifest->categories = g_ptr_array_new_with_free_func(manifest_category_free);
	return manifest;
}

struct manifest *
manifest_parse(const char *data, size_t size, char **ret_problem)
{
	g_autoptr(GKeyFile) file = NULL;
	g_autoptr(GError) error = NULL;
	struct manifest_parser parser;
	struct manifest *manifest;

	*ret_problem = NULL;
	if (size > MANIFEST_SIZE_MAX) {
		*ret_problem = g_strdup_printf("larger than %u bytes", MANIFEST_SIZE_MAX);
		return NULL;
	}
	*ret_problem = manifest_check_text(data, size);
	if (*ret_problem != NULL)
		return NULL;
	file = g_key_file_new();
	/* Descriptions in other languages than the caller's are wanted too. */
	if (!g_key_file_load_from_data(file, data, size, G_KEY_FILE_KEEP_TRANSLATIONS, &error)) {
		*ret_problem = manifest_describe_syntax_error(data, size, error);
		return NULL;
	}
	manifest = manifest_new();
	parser = (struct manifest_parser){ .data = data, .size = size, .file = file };
	parse_groups(&parser, manifest);
	if (parser.problem != NULL) {
		manifest_free(manifest);
		*ret_problem = parser.problem;
		return NULL;
	}
	return manifest;
}

void
manifest_free(struct manifest *manifest)
{
	if (manifest == NULL)
		return;
	g_free(manifest->module);
	g_ptr_array_unref(manifest->classes);
	g_ptr_array_unref(manifest->interfaces);
	g_ptr_array_unref(manifest->overrides);
	g_ptr_array_unref(manifest->categories);
	g_free(manifest);
}
