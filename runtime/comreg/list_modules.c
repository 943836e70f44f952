/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list modules: the shared objects that active manifests name. */
#include "runtime/comreg/list.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

/* A manifest is listed when it has a class that is; one without classes when nothing is asked. */
static bool
is_listed(const struct selection *selection, const struct registry_file *file)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	g_autofree char *path = NULL;

	if (file->manifest == NULL || file->manifest->module == NULL ||
	    !selection_has_file(selection, file))
		return false;
	if (selection->category == NULL && selection->interface == NULL) {
		path = registry_module_path(file);
		return selection->module == NULL || selection_means_module(selection->module, path);
	}
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (class->file == file && selection_lists(selection, class))
			return true;
	}
	return false;
}

/* How many classes in effect come from it. */
static int
served(const struct selection *selection, const struct registry_file *file)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	int count = 0;

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		count += class->file == file && class->hidden_by == NULL;
	}
	return count;
}

static void
modules_as_text(const struct selection *selection)
{
	static const char *const headings[] = { "FILE", "RESIDENT", "CLASSES", "LAYER", "MANIFEST",
		"MODULE", NULL };
	const GPtrArray *files = registry_files(selection->registry);
	struct terminal_table table;

	terminal_table_init(&table, headings);
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);
		char *path;

		if (!is_listed(selection, file))
			continue;
		path = registry_module_path(file);
		terminal_table_add(&table,
		    g_strdup(g_file_test(path, G_FILE_TEST_IS_REGULAR) ? "there" : "missing"),
		    g_strdup(file->manifest->resident ? "yes" : "no"),
		    g_strdup_printf("%d", served(selection, file)),
		    g_strdup(layers_kind_name(file->folder->kind)), g_strdup(file->path), path,
		    NULL);
	}
	terminal_table_print(&table, "No modules.");
}

static void
classes_to_json(
    struct json *json, const struct selection *selection, const struct registry_file *file)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	char clsid[GUID_TEXT_LENGTH + 1];

	json_open(json, "classes", '[');
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (class->file == file && class->hidden_by == NULL)
			json_string(json, NULL, guid_to_text(&class->info->clsid, clsid));
	}
	json_close(json, ']');
}

static void
modules_as_json(struct json *json, const struct selection *selection)
{
	const GPtrArray *files = registry_files(selection->registry);

	json_open(json, "modules", '[');
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);
		g_autofree char *path = NULL;

		if (!is_listed(selection, file))
			continue;
		path = registry_module_path(file);
		json_open(json, NULL, '{');
		json_string(json, "module", path);
		json_boolean(json, "exists", g_file_test(path, G_FILE_TEST_IS_REGULAR));
		json_boolean(json, "resident", file->manifest->resident);
		json_string(json, "manifest", file->path);
		json_string(json, "layer", layers_kind_name(file->folder->kind));
		classes_to_json(json, selection, file);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
modules_as_words(const struct selection *selection)
{
	const GPtrArray *files = registry_files(selection->registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);
		g_autofree char *path = NULL;

		if (!is_listed(selection, file))
			continue;
		path = registry_module_path(file);
		terminal_line(TERMINAL_PLAIN, "%s", path);
	}
}

const struct list_subject list_modules = {
	.name = "modules",
	.text = modules_as_text,
	.json = modules_as_json,
	.words = modules_as_words,
};
