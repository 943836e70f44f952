/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg show: all that the registry knows of a class. */
#include <stdio.h>
#include <string.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/guid_text.h"

/* The categories that Tessera defines; others are shown as identifiers. */
static const struct {
	const char *catid;
	const char *name;
} categories[] = {
	{ "{86430648-5D52-4039-A6F1-2BFE8FFB58FD}", "smart card reader driver" },
	{ "{88BAC663-F097-4012-9826-5DCA58948692}", "smart card service provider" },
	{ "{D04DAB01-9569-4867-A8DD-DCF3ADF9D0F6}", "smart card dialog" },
};

/* Where activation would end: after TreatAs, with the file looked at. */
struct target {
	const struct registry_class *class; /* NULL: nowhere, see cause */
	char *cause;
	char *module;
	bool module_exists;
};

static void
find_target(struct target *target, const struct registry *registry, const CLSID *clsid)
{
	*target = (struct target){ 0 };
	target->class = registry_resolve(registry, clsid, &target->cause);
	if (target->class == NULL)
		return;
	target->module = registry_module_path(target->class->file);
	target->module_exists = g_file_test(target->module, G_FILE_TEST_IS_REGULAR);
}

static void
target_done(struct target *target)
{
	g_free(target->cause);
	g_free(target->module);
}

static const char *
category_name(const char *catid)
{
	for (size_t i = 0; i < G_N_ELEMENTS(categories); i++)
		if (strcmp(categories[i].catid, catid) == 0)
			return categories[i].name;
	return NULL;
}

static void
print_line(const char *label, const char *value)
{
	if (value != NULL)
		printf("  %-16s %s\n", label, value);
}

static void
print_identifiers(const char *label, const GArray *identifiers, const struct registry *registry)
{
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < identifiers->len; i++) {
		const GUID *guid = &g_array_index(identifiers, GUID, i);
		const char *name = registry_interface_name(registry, guid);

		guid_to_text(guid, text);
		if (name == NULL)
			name = category_name(text);
		printf("  %-16s %s%s%s\n", i == 0 ? label : "", text, name != NULL ? "  " : "",
		    name != NULL ? name : "");
	}
}

static void
print_file(const struct registry_file *file)
{
	printf("  %-16s %s (%s layer%s)\n", "Manifest", file->path,
	    layers_kind_name(file->folder->kind), file->manifest->resident ? ", resident" : "");
	if (file->manifest->priority != 0)
		printf("  %-16s %d\n", "Priority", file->manifest->priority);
}

static void
print_target(const struct target *target, const struct registry_class *class)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (target->class == NULL) {
		print_line("Module", "none");
		print_line("Problem", target->cause);
		return;
	}
	if (target->class != class)
		printf("  %-16s %s  %s, manifest %s\n", "Served by",
		    guid_to_text(&target->class->info->clsid, text), target->class->info->name,
		    target->class->file->path);
	print_line("Module", target->module);
	if (!target->module_exists)
		print_line("Problem", "the module file does not exist");
}

static void
print_hidden(const struct registry *registry, const struct registry_class *class)
{
	const GPtrArray *classes = registry_classes(registry);

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *other = g_ptr_array_index(classes, i);

		if (other->hidden_by == class)
			printf("  %-16s %s (%s layer)\n", "Hides", other->file->path,
			    layers_kind_name(other->file->folder->kind));
	}
}

static void
show_as_text(const struct registry *registry, const struct registry_class *class,
    const struct target *target)
{
	const struct manifest_class *info = class->info;
	char text[GUID_TEXT_LENGTH + 1];

	printf("%s %s\n", info->name, guid_to_text(&info->clsid, text));
	print_line("Description", info->description);
	print_line("ProgID", info->progid);
	print_line("without version", info->vi_progid);
	print_line("Threading model",
	    info->threading_model != NULL ? info->threading_model
					  : "none (the class cannot be used)");
	print_file(class->file);
	print_target(target, class);
	print_identifiers("Interfaces", info->interfaces, registry);
	print_identifiers("Categories", info->categories, registry);
	print_hidden(registry, class);
}

static void
identifiers_to_json(struct json *json, const char *name, const char *item_name,
    const GArray *identifiers, const struct registry *registry)
{
	char text[GUID_TEXT_LENGTH + 1];

	json_open(json, name, '[');
	for (guint i = 0; i < identifiers->len; i++) {
		const GUID *guid = &g_array_index(identifiers, GUID, i);
		const char *known = registry_interface_name(registry, guid);

		guid_to_text(guid, text);
		json_open(json, NULL, '{');
		json_string(json, item_name, text);
		json_string(json, "name", known != NULL ? known : category_name(text));
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
target_to_json(struct json *json, const struct target *target)
{
	char text[GUID_TEXT_LENGTH + 1];

	json_string(json, "servedBy",
	    target->class != NULL ? guid_to_text(&target->class->info->clsid, text) : NULL);
	json_string(json, "module", target->module);
	json_boolean(json, "moduleExists", target->module_exists);
	json_string(json, "problem",
	    target->cause != NULL        ? target->cause
		: !target->module_exists ? "the module file does not exist"
					 : NULL);
}

static void
hidden_to_json(
    struct json *json, const struct registry *registry, const struct registry_class *class)
{
	const GPtrArray *classes = registry_classes(registry);

	json_open(json, "hides", '[');
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *other = g_ptr_array_index(classes, i);

		if (other->hidden_by == class)
			json_string(json, NULL, other->file->path);
	}
	json_close(json, ']');
}

static void
show_as_json(struct json *json, const struct registry *registry, const struct registry_class *class,
    const struct target *target)
{
	const struct manifest_class *info = class->info;
	const struct registry_file *file = class->file;
	char text[GUID_TEXT_LENGTH + 1];

	json_open(json, NULL, '{');
	json_string(json, "clsid", guid_to_text(&info->clsid, text));
	json_string(json, "name", info->name);
	json_string(json, "description", info->description);
	json_string(json, "progid", info->progid);
	json_string(json, "versionIndependentProgid", info->vi_progid);
	json_string(json, "threadingModel", info->threading_model);
	json_string(json, "manifest", file->path);
	json_string(json, "layer", layers_kind_name(file->folder->kind));
	json_number(json, "priority", file->manifest->priority);
	json_boolean(json, "resident", file->manifest->resident);
	target_to_json(json, target);
	identifiers_to_json(json, "interfaces", "iid", info->interfaces, registry);
	identifiers_to_json(json, "categories", "catid", info->categories, registry);
	hidden_to_json(json, registry, class);
	json_close(json, '}');
}

/* With or without braces. */
static bool
read_clsid(const char *text, CLSID *ret_clsid)
{
	g_autofree char *braced =
	    text[0] == '{' ? g_strdup(text) : g_strdup_printf("{%.64s}", text);

	return guid_from_text(braced, strlen(braced), ret_clsid);
}

/* (transfer container): several classes may have one name. */
static GPtrArray *
find_classes(const struct registry *registry, const char *what)
{
	GPtrArray *found = g_ptr_array_new();
	const GPtrArray *classes = registry_classes(registry);
	const struct registry_class *class;
	CLSID clsid;

	class = read_clsid(what, &clsid) ? registry_find_class(registry, &clsid)
					 : registry_find_progid(registry, what);
	if (class != NULL) {
		g_ptr_array_add(found, (gpointer) class);
		return found;
	}
	for (guint i = 0; i < classes->len; i++) {
		class = g_ptr_array_index(classes, i);
		if (class->hidden_by == NULL && g_ascii_strcasecmp(class->info->name, what) == 0)
			g_ptr_array_add(found, (gpointer) class);
	}
	return found;
}

int
comreg_show(const struct registry *registry, const char *what, bool as_json)
{
	g_autoptr(GPtrArray) found = find_classes(registry, what);
	int result = COMREG_OK;
	struct json json = { 0 };

	if (found->len == 0) {
		g_autofree char *search = registry_describe_search(registry);

		fprintf(stderr,
		    "comreg: no class has the CLSID, ProgID or name \"%s\"; %s; `comreg list` "
		    "shows what is there\n",
		    what, search);
		return COMREG_PROBLEM;
	}
	if (as_json)
		json_open(&json, NULL, '[');
	for (guint i = 0; i < found->len; i++) {
		const struct registry_class *class = g_ptr_array_index(found, i);
		struct target target;

		find_target(&target, registry, &class->info->clsid);
		if (!target.module_exists)
			result = COMREG_PROBLEM;
		if (as_json)
			show_as_json(&json, registry, class, &target);
		else
			show_as_text(registry, class, &target);
		target_done(&target);
	}
	if (as_json)
		json_close(&json, ']');
	return result;
}
