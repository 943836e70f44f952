/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list: the classes in effect, then the manifests that are not, with the reason. */
#include <stdio.h>
#include <string.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"
#include "runtime/registry.h"

static const char *const headings[] = { "CLSID", "PROGID", "NAME", "LAYER", "MODULE", NULL };

static const char *
state_name(enum registry_state state)
{
	static const char *const names[] = { "active", "masked", "disabled", "broken" };

	return names[state];
}

static bool
in_layer(const struct registry_file *file, const char *layer)
{
	return layer == NULL || strcmp(layers_kind_name(file->folder->kind), layer) == 0;
}

static bool
is_listed(const struct registry_class *class, const char *layer)
{
	return class->hidden_by == NULL && in_layer(class->file, layer);
}

static void
print_classes(const struct registry *registry, const char *layer)
{
	const GPtrArray *classes = registry_classes(registry);
	struct terminal_table table;

	terminal_table_init(&table, headings);
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		char clsid[GUID_TEXT_LENGTH + 1];

		if (is_listed(class, layer))
			terminal_table_add(&table,
			    g_strdup(guid_to_text(&class->info->clsid, clsid)),
			    g_strdup(class->info->progid != NULL ? class->info->progid : "-"),
			    g_strdup(class->info->name),
			    g_strdup(layers_kind_name(class->file->folder->kind)),
			    registry_module_path(class->file), NULL);
	}
	terminal_table_print(&table, "No classes.");
}

static void
list_as_text(const struct registry *registry, const char *layer)
{
	const GPtrArray *files = registry_files(registry);
	bool first = true;

	print_classes(registry, layer);
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->state == REGISTRY_ACTIVE || !in_layer(file, layer))
			continue;
		if (first)
			puts("\nNot in effect:");
		first = false;
		terminal_line(TERMINAL_PLAIN, "%s: %s: %s", file->path, state_name(file->state),
		    file->reason);
	}
}

static void
class_to_json(struct json *json, const struct registry_class *class)
{
	char clsid[GUID_TEXT_LENGTH + 1];
	g_autofree char *module = registry_module_path(class->file);

	json_open(json, NULL, '{');
	json_string(json, "clsid", guid_to_text(&class->info->clsid, clsid));
	json_string(json, "progid", class->info->progid);
	json_string(json, "name", class->info->name);
	json_string(json, "layer", layers_kind_name(class->file->folder->kind));
	json_string(json, "manifest", class->file->path);
	json_string(json, "module", module);
	json_close(json, '}');
}

static void
list_as_json(const struct registry *registry, const char *layer)
{
	const GPtrArray *classes = registry_classes(registry), *files = registry_files(registry);
	struct json json = { 0 };

	json_open(&json, NULL, '{');
	json_open(&json, "classes", '[');
	for (guint i = 0; i < classes->len; i++)
		if (is_listed(g_ptr_array_index(classes, i), layer))
			class_to_json(&json, g_ptr_array_index(classes, i));
	json_close(&json, ']');
	json_open(&json, "inactive", '[');
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->state == REGISTRY_ACTIVE || !in_layer(file, layer))
			continue;
		json_open(&json, NULL, '{');
		json_string(&json, "path", file->path);
		json_string(&json, "layer", layers_kind_name(file->folder->kind));
		json_string(&json, "state", state_name(file->state));
		json_string(&json, "reason", file->reason);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
}

static bool
has_broken_files(const struct registry *registry, const char *layer)
{
	const GPtrArray *files = registry_files(registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->state == REGISTRY_BROKEN && in_layer(file, layer))
			return true;
	}
	return false;
}

static const char help[] =
    "usage: comreg list [--layer LAYER] [--json]\n"
    "\n"
    "Lists the classes in effect, then the manifests that are not, each with the reason.\n"
    "\n"
    "  --layer LAYER  only environment, user, administrator or vendor\n"
    "  --json         for programs; see comreg(1)\n"
    "  --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 a manifest is broken, 2 wrong use.\n";

int
comreg_list(int argc, char **argv)
{
	static const struct option known[] = {
		{ "layer", required_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		OPTIONS_HELP,
	};
	const char *layer = NULL;
	bool json = false;
	enum layer_kind kind;
	struct registry *registry;
	int option, status;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END)
		switch (option) {
		case OPTIONS_LEAVE:
			return status;
		case 'l':
			if (!options_layer(argv[0], optarg, &kind))
				return COMREG_USAGE;
			layer = optarg;
			break;
		default:
			json = true;
		}
	if (optind < argc)
		return comreg_wrong_use(
		    argv[0], "list takes no argument, and \"%s\" is one", argv[optind]);
	registry = registry_get();
	if (json)
		list_as_json(registry, layer);
	else
		list_as_text(registry, layer);
	status = has_broken_files(registry, layer) ? COMREG_PROBLEM : COMREG_OK;
	registry_unref(registry);
	return status;
}
