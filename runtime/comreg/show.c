/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg show: all that the registry knows of a class. */
#include "runtime/comreg/show.h"
#include "runtime/comreg/class_search.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

static void
print_identifiers(const char *label, const GArray *identifiers, const struct registry *registry)
{
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < identifiers->len; i++) {
		const GUID *guid = &g_array_index(identifiers, GUID, i);
		const char *name = registry_interface_name(registry, guid);

		guid_to_text(guid, text);
		if (name == NULL)
			name = category_name(registry, guid);
		terminal_line(TERMINAL_PLAIN, "  %-16s %s%s%s", i == 0 ? label : "", text,
		    name != NULL ? "  " : "", name != NULL ? name : "");
	}
}

static void
print_file(const struct registry_file *file)
{
	terminal_line(TERMINAL_PLAIN, "  %-16s %s (%s layer%s)", "Manifest", file->path,
	    layers_kind_name(file->folder->kind), file->manifest->resident ? ", resident" : "");
	if (file->manifest->priority != 0)
		terminal_line(TERMINAL_PLAIN, "  %-16s %d", "Priority", file->manifest->priority);
}

static void
print_target(const struct class_target *target, const struct registry_class *class)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (target->class == NULL) {
		terminal_field("Module", "none");
		terminal_field("Problem", target->cause);
		return;
	}
	if (target->class != class)
		terminal_line(TERMINAL_PLAIN, "  %-16s %s  %s, manifest %s", "Served by",
		    guid_to_text(&target->class->info->clsid, text), target->class->info->name,
		    target->class->file->path);
	terminal_field("Module", target->module);
	if (!target->module_exists)
		terminal_field("Problem", "the module file does not exist");
}

static void
print_hidden(const struct registry *registry, const struct registry_class *class)
{
	const GPtrArray *classes = registry_classes(registry);

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *other = g_ptr_array_index(classes, i);

		if (other->hidden_by == class)
			terminal_line(TERMINAL_PLAIN, "  %-16s %s (%s layer)", "Hides",
			    other->file->path, layers_kind_name(other->file->folder->kind));
	}
}

static void
show_as_text(const struct registry *registry, const struct registry_class *class,
    const struct class_target *target)
{
	const struct manifest_class *info = class->info;
	g_autoptr(GArray) categories = registry_class_categories(registry, class, false);
	g_autoptr(GArray) required = registry_class_categories(registry, class, true);
	char text[GUID_TEXT_LENGTH + 1];

	terminal_put(TERMINAL_HEADING, "%s", info->name);
	terminal_line(TERMINAL_PLAIN, " %s", guid_to_text(&info->clsid, text));
	terminal_field("Description", info->description);
	terminal_field("ProgID", info->progid);
	terminal_field("without version", info->vi_progid);
	terminal_field("Threading model",
	    info->threading_model != NULL ? info->threading_model
					  : "none (the class cannot be used)");
	print_file(class->file);
	if (class->treat_as_file != NULL)
		terminal_line(TERMINAL_PLAIN, "  %-16s %s, by %s", "TreatAs",
		    guid_to_text(&class->treat_as, text), class->treat_as_file->path);
	print_target(target, class);
	print_identifiers("Interfaces", info->interfaces, registry);
	print_identifiers("Categories", categories, registry);
	print_identifiers("Requires", required, registry);
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
		json_string(json, "name", known != NULL ? known : category_name(registry, guid));
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
target_to_json(struct json *json, const struct class_target *target)
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
    const struct class_target *target)
{
	const struct manifest_class *info = class->info;
	const struct registry_file *file = class->file;
	g_autoptr(GArray) categories = registry_class_categories(registry, class, false);
	g_autoptr(GArray) required = registry_class_categories(registry, class, true);
	char text[GUID_TEXT_LENGTH + 1];

	json_open(json, NULL, '{');
	json_string(json, "kind", "class");
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
	json_string(json, "treatAs",
	    class->treat_as_file != NULL ? guid_to_text(&class->treat_as, text) : NULL);
	json_string(
	    json, "treatAsFile", class->treat_as_file != NULL ? class->treat_as_file->path : NULL);
	target_to_json(json, target);
	identifiers_to_json(json, "interfaces", "iid", info->interfaces, registry);
	identifiers_to_json(json, "categories", "catid", categories, registry);
	identifiers_to_json(json, "requiredCategories", "catid", required, registry);
	hidden_to_json(json, registry, class);
	json_close(json, '}');
}

static const char help[] =
    "usage: comreg show [--json] CLSID|PROGID|NAME\n"
    "\n"
    "Shows all that is known of a class: manifest, layer, module, interfaces, categories, and "
    "what\n"
    "it hides. A CLSID may stand without braces; case does not matter.\n"
    "\n"
    "  --json         for programs; see comreg(1)\n"
    "  --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 not found, or its module is missing, 2 wrong use.\n";

static int
show(const struct registry *registry, const GPtrArray *found, bool as_json)
{
	struct json json = { 0 };
	int result = COMREG_OK;

	if (as_json)
		json_open(&json, NULL, '[');
	for (guint i = 0; i < found->len; i++) {
		const struct registry_class *class = g_ptr_array_index(found, i);
		struct class_target target;

		class_target_find(&target, registry, &class->info->clsid);
		if (!target.module_exists)
			result = COMREG_PROBLEM;
		if (as_json)
			show_as_json(&json, registry, class, &target);
		else
			show_as_text(registry, class, &target);
		class_target_done(&target);
	}
	if (as_json)
		json_close(&json, ']');
	return result;
}

static int
say_none(const struct registry *registry, const char *what)
{
	g_autofree char *search = registry_describe_search(registry);

	return comreg_problem(
	    "no class has the CLSID, ProgID or name \"%s\", nor is it an interface, "
	    "category or module; %s; `comreg list` shows what is there",
	    what, search);
}

int
comreg_show(int argc, char **argv)
{
	static const struct option known[] = {
		{ "json", no_argument, NULL, 'j' },
		OPTIONS_HELP,
	};
	g_autoptr(GPtrArray) found = NULL;
	struct registry *registry;
	bool json = false;
	int option, status = COMREG_PROBLEM;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END) {
		if (option == OPTIONS_LEAVE)
			return status;
		json = true;
	}
	if (argc - optind != 1)
		return comreg_wrong_use(
		    argv[0], "show takes one CLSID, ProgID or name, not %d", argc - optind);
	registry = registry_get();
	found = class_search_all(registry, argv[optind]);
	if (found->len > 0)
		status = show(registry, found, json);
	else if (show_others(registry, argv[optind], json))
		status = COMREG_OK;
	else
		status = say_none(registry, argv[optind]);
	registry_unref(registry);
	return status;
}
