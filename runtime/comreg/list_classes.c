/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list classes: those in effect; then hidden classes and manifests that are not active. */
#include "runtime/comreg/list.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

static const char *
layer_of(const struct registry_file *file)
{
	return layers_kind_name(file->folder->kind);
}

static bool
is_inactive(const struct selection *selection, const struct registry_file *file)
{
	return file->state != REGISTRY_ACTIVE && !selection_is_narrow(selection) &&
	    selection_has_file(selection, file);
}

static bool
is_hidden(const struct selection *selection, const struct registry_class *class)
{
	return class->hidden_by != NULL && selection_has_class(selection, class);
}

static void
put_inactive(bool *first, const char *path, const char *state, const char *reason)
{
	if (*first) {
		terminal_end_line();
		terminal_line(TERMINAL_HEADING, "Not in effect:");
	}
	*first = false;
	terminal_line(TERMINAL_PLAIN, "%s: %s: %s", path, state, reason);
}

static void
inactive_as_text(const struct selection *selection)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	const GPtrArray *files = registry_files(selection->registry);
	bool first = true;

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (is_inactive(selection, file))
			put_inactive(
			    &first, file->path, list_state_name(file->state), file->reason);
	}
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		char clsid[GUID_TEXT_LENGTH + 1];
		g_autofree char *reason = NULL;

		if (!is_hidden(selection, class))
			continue;
		reason = g_strdup_printf("%s %s, by %s", class->info->name,
		    guid_to_text(&class->info->clsid, clsid), class->hidden_by->file->path);
		put_inactive(&first, class->file->path, "hidden", reason);
	}
}

static void
classes_as_text(const struct selection *selection)
{
	static const char *const headings[] = { "CLSID", "PROGID", "NAME", "LAYER", "MODULE",
		NULL };
	const GPtrArray *classes = registry_classes(selection->registry);
	struct terminal_table table;

	terminal_table_init(&table, headings);
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		char clsid[GUID_TEXT_LENGTH + 1];

		if (selection_lists(selection, class))
			terminal_table_add(&table,
			    g_strdup(guid_to_text(&class->info->clsid, clsid)),
			    g_strdup(class->info->progid != NULL ? class->info->progid : "-"),
			    g_strdup(class->info->name), g_strdup(layer_of(class->file)),
			    registry_module_path(class->file), NULL);
	}
	terminal_table_print(&table, "No classes.");
	inactive_as_text(selection);
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
	json_string(json, "layer", layer_of(class->file));
	json_string(json, "manifest", class->file->path);
	json_string(json, "module", module);
	if (class->hidden_by != NULL)
		json_string(json, "hiddenBy", class->hidden_by->file->path);
	json_close(json, '}');
}

static void
classes_as_json(struct json *json, const struct selection *selection)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	const GPtrArray *files = registry_files(selection->registry);

	json_open(json, "classes", '[');
	for (guint i = 0; i < classes->len; i++)
		if (selection_lists(selection, g_ptr_array_index(classes, i)))
			class_to_json(json, g_ptr_array_index(classes, i));
	json_close(json, ']');
	json_open(json, "hidden", '[');
	for (guint i = 0; i < classes->len; i++)
		if (is_hidden(selection, g_ptr_array_index(classes, i)))
			class_to_json(json, g_ptr_array_index(classes, i));
	json_close(json, ']');
	json_open(json, "inactive", '[');
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (!is_inactive(selection, file))
			continue;
		json_open(json, NULL, '{');
		json_string(json, "path", file->path);
		json_string(json, "layer", layer_of(file));
		json_string(json, "state", list_state_name(file->state));
		json_string(json, "reason", file->reason);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
classes_as_words(const struct selection *selection)
{
	const GPtrArray *classes = registry_classes(selection->registry);

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		char clsid[GUID_TEXT_LENGTH + 1];

		if (!selection_lists(selection, class))
			continue;
		if (class->info->progid == NULL)
			terminal_line(
			    TERMINAL_PLAIN, "%s", guid_to_text(&class->info->clsid, clsid));
		else
			terminal_line(TERMINAL_PLAIN, "%s", class->info->progid);
		if (class->info->vi_progid != NULL)
			terminal_line(TERMINAL_PLAIN, "%s", class->info->vi_progid);
	}
}

const struct list_subject list_classes = {
	.name = "classes",
	.text = classes_as_text,
	.json = classes_as_json,
	.words = classes_as_words,
};
