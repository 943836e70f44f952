/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a manifest from memory. GKeyFile does the syntax; here are the limits and the meaning.
 */
#include "runtime/manifest.h"

#include <string.h>

#include "runtime/guid_text.h"
#include "runtime/manifest_place.h"

#define GROUP_COMPONENT "Component"
#define GROUP_CLASS "Class "
#define GROUP_INTERFACE "Interface "

struct parser {
	const char *data;
	size_t size;
	GKeyFile *file;
	char *problem; /* the first one; NULL: none */
};

static void refuse(struct parser *parser, const char *group, const char *key, const char *format,
    ...) G_GNUC_PRINTF(4, 5);

static void
refuse(struct parser *parser, const char *group, const char *key, const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autofree char *shown = manifest_quotable(group);
	va_list arguments;

	if (parser->problem != NULL)
		return;
	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	parser->problem = g_strdup_printf("line %u: [%s]%s%s: %s",
	    manifest_find_line(parser->data, parser->size, group, key), shown,
	    key != NULL ? " " : "", key != NULL ? key : "", text);
}

static bool
has_control_characters(const char *text)
{
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text))
			return true;
	return false;
}

/* A text of at most `max` bytes; NULL when the key is absent or refused. Never empty. */
static char *
get_text(struct parser *parser, const char *group, const char *key, size_t max)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_key_file_get_string(parser->file, group, key, &error);

	if (error != NULL) {
		g_autofree char *message = manifest_quotable(error->message);

		if (!g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) &&
		    !g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND))
			refuse(parser, group, key, "%s", message);
		return NULL;
	}
	if (strlen(text) > max) {
		refuse(parser, group, key, "longer than %zu bytes", max);
		return NULL;
	}
	if (has_control_characters(text)) {
		refuse(parser, group, key, "contains a control character");
		return NULL;
	}
	return text[0] != '\0' ? g_steal_pointer(&text) : NULL;
}

static char *
get_required_text(struct parser *parser, const char *group, const char *key, size_t max)
{
	char *text = get_text(parser, group, key, max);

	if (text == NULL)
		refuse(parser, group, NULL, "%s= is missing or empty", key);
	return text;
}

/* Windows documentation, "ProgID Key": letters, digits and periods, first not a digit. */
static char *
get_progid(struct parser *parser, const char *group, const char *key)
{
	g_autofree char *text = get_text(parser, group, key, MANIFEST_PROGID_MAX);

	if (text == NULL)
		return NULL;
	for (const char *c = text; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && *c != '.') {
			refuse(parser, group, key,
			    "\"%s\" may contain letters, digits and periods only", text);
			return NULL;
		}
	if (g_ascii_isdigit(text[0]) || text[0] == '.') {
		refuse(parser, group, key, "\"%s\" must begin with a letter", text);
		return NULL;
	}
	return g_steal_pointer(&text);
}

static bool
get_guid(struct parser *parser, const char *group, const char *key, GUID *ret_guid)
{
	g_autofree char *text = get_text(parser, group, key, MANIFEST_NAME_MAX);

	if (text == NULL)
		return false;
	if (!guid_from_text(text, strlen(text), ret_guid)) {
		refuse(parser, group, key,
		    "\"%s\" is not an identifier {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}", text);
		return false;
	}
	return true;
}

static GArray *
get_guids(struct parser *parser, const char *group, const char *key)
{
	GArray *guids = g_array_new(FALSE, FALSE, sizeof(GUID));
	size_t length = 0;
	g_auto(GStrv) list = g_key_file_get_string_list(parser->file, group, key, &length, NULL);

	if (length > MANIFEST_LIST_MAX) {
		refuse(parser, group, key, "more than %u identifiers", MANIFEST_LIST_MAX);
		return guids;
	}
	for (size_t i = 0; i < length; i++) {
		GUID guid;

		if (!guid_from_text(list[i], strlen(list[i]), &guid)) {
			g_autofree char *shown = manifest_quotable(list[i]);

			refuse(parser, group, key,
			    "item %zu, \"%s\", is not an identifier "
			    "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}",
			    i + 1, shown);
			break;
		}
		g_array_append_val(guids, guid);
	}
	return guids;
}

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
	g_free(class);
}

static void
interface_free(void *data)
{
	struct manifest_interface *interface = data;

	g_free(interface->name);
	g_free(interface);
}

/* The identifier in a group's name, which begins with `prefix`. */
static bool
get_group_guid(struct parser *parser, const char *group, const char *prefix, GUID *ret_guid)
{
	const char *text = group + strlen(prefix);

	if (guid_from_text(text, strlen(text), ret_guid))
		return true;
	refuse(parser, group, NULL,
	    "the group's name must be \"%s{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}\"", prefix);
	return false;
}

static void
parse_class(struct parser *parser, struct manifest *manifest, const char *group)
{
	struct manifest_class *class;
	CLSID clsid;

	if (!get_group_guid(parser, group, GROUP_CLASS, &clsid))
		return;
	if (manifest->classes->len >= MANIFEST_CLASSES_MAX) {
		refuse(parser, group, NULL, "more than %u classes", MANIFEST_CLASSES_MAX);
		return;
	}
	class = g_new0(struct manifest_class, 1);
	class->clsid = clsid;
	class->name = get_required_text(parser, group, "Name", MANIFEST_NAME_MAX);
	class->description = get_text(parser, group, "Description", MANIFEST_DESCRIPTION_MAX);
	class->progid = get_progid(parser, group, "ProgID");
	class->vi_progid = get_progid(parser, group, "VersionIndependentProgID");
	class->threading_model = get_text(parser, group, "ThreadingModel", MANIFEST_NAME_MAX);
	class->interfaces = get_guids(parser, group, "Interfaces");
	class->categories = get_guids(parser, group, "Categories");
	get_guid(parser, group, "TreatAs", &class->treat_as);
	g_ptr_array_add(manifest->classes, class);
}

static void
parse_interface(struct parser *parser, struct manifest *manifest, const char *group)
{
	struct manifest_interface *interface;
	IID iid;

	if (!get_group_guid(parser, group, GROUP_INTERFACE, &iid))
		return;
	if (manifest->interfaces->len >= MANIFEST_INTERFACES_MAX) {
		refuse(parser, group, NULL, "more than %u interfaces", MANIFEST_INTERFACES_MAX);
		return;
	}
	interface = g_new0(struct manifest_interface, 1);
	interface->iid = iid;
	interface->name = get_required_text(parser, group, "Name", MANIFEST_NAME_MAX);
	g_ptr_array_add(manifest->interfaces, interface);
}

static void
parse_component(struct parser *parser, struct manifest *manifest)
{
	g_autoptr(GError) error = NULL;

	if (!g_key_file_has_group(parser->file, GROUP_COMPONENT)) {
		parser->problem = g_strdup("line 1: there is no group [" GROUP_COMPONENT "]");
		return;
	}
	manifest->module =
	    get_required_text(parser, GROUP_COMPONENT, "Module", MANIFEST_MODULE_MAX);
	if (manifest->module != NULL && g_str_has_suffix(manifest->module, "/"))
		refuse(
		    parser, GROUP_COMPONENT, "Module", "\"%s\" names a folder", manifest->module);
	if (g_key_file_has_key(parser->file, GROUP_COMPONENT, "Resident", NULL))
		manifest->resident =
		    g_key_file_get_boolean(parser->file, GROUP_COMPONENT, "Resident", &error);
	if (error != NULL)
		refuse(parser, GROUP_COMPONENT, "Resident", "must be true or false");
	g_clear_error(&error);
	if (g_key_file_has_key(parser->file, GROUP_COMPONENT, "Priority", NULL))
		manifest->priority =
		    g_key_file_get_integer(parser->file, GROUP_COMPONENT, "Priority", &error);
	if (error != NULL)
		refuse(parser, GROUP_COMPONENT, "Priority", "must be a whole number");
}

static guint
guid_hash(const void *guid)
{
	return ((const GUID *)guid)->Data1;
}

static gboolean
guid_equal(const void *a, const void *b)
{
	return IsEqualGUID((const GUID *)a, (const GUID *)b);
}

/* GKeyFile joins groups of one name; two spellings of one identifier are still two groups. */
static void
refuse_duplicates(struct parser *parser, const struct manifest *manifest)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(guid_hash, guid_equal);
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < manifest->classes->len && parser->problem == NULL; i++) {
		struct manifest_class *class = g_ptr_array_index(manifest->classes, i);

		if (!g_hash_table_add(seen, &class->clsid))
			parser->problem = g_strdup_printf("line 1: class %s is described twice",
			    guid_to_text(&class->clsid, text));
	}
}

static void
parse_groups(struct parser *parser, struct manifest *manifest)
{
	g_auto(GStrv) groups = g_key_file_get_groups(parser->file, NULL);

	parse_component(parser, manifest);
	for (size_t i = 0; groups[i] != NULL && parser->problem == NULL; i++)
		if (g_str_has_prefix(groups[i], GROUP_CLASS))
			parse_class(parser, manifest, groups[i]);
		else if (g_str_has_prefix(groups[i], GROUP_INTERFACE))
			parse_interface(parser, manifest, groups[i]);
	if (parser->problem == NULL)
		refuse_duplicates(parser, manifest);
}

struct manifest *
manifest_parse(const char *data, size_t size, char **ret_problem)
{
	g_autoptr(GKeyFile) file = NULL;
	g_autoptr(GError) error = NULL;
	struct parser parser;
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
	if (!g_key_file_load_from_data(file, data, size, G_KEY_FILE_NONE, &error)) {
		*ret_problem = manifest_describe_syntax_error(data, size, error);
		return NULL;
	}
	manifest = g_new0(struct manifest, 1);
	manifest->classes = g_ptr_array_new_with_free_func(class_free);
	manifest->interfaces = g_ptr_array_new_with_free_func(interface_free);
	parser = (struct parser){ .data = data, .size = size, .file = file };
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
	g_free(manifest);
}
