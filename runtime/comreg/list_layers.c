/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list layers: the folders that are looked in, highest first, and what lies in them. */
#include "runtime/comreg/list.h"
#include "runtime/comreg/terminal.h"

struct contents {
	int files[REGISTRY_BROKEN + 1]; /* by state */
	int classes;                    /* in effect */
};

static struct contents
count(const struct registry *registry, const struct layer_folder *folder)
{
	const GPtrArray *files = registry_files(registry), *classes = registry_classes(registry);
	struct contents contents = { 0 };

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->folder == folder)
			contents.files[file->state]++;
	}
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		contents.classes += class->file->folder == folder && class->hidden_by == NULL;
	}
	return contents;
}

static bool
is_listed(const struct selection *selection, const struct layer_folder *folder)
{
	return !selection->by_layer || folder->kind == selection->layer;
}

static void
layers_as_text(const struct selection *selection)
{
	static const char *const headings[] = { "LAYER", "CLASSES", "ACTIVE", "MASKED", "DISABLED",
		"BROKEN", "FOLDER", NULL };
	const GPtrArray *folders = registry_folders(selection->registry);
	struct terminal_table table;

	terminal_table_init(&table, headings);
	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);
		struct contents contents = count(selection->registry, folder);

		if (!is_listed(selection, folder))
			continue;
		terminal_table_add(&table, g_strdup(layers_kind_name(folder->kind)),
		    g_strdup_printf("%d", contents.classes),
		    g_strdup_printf("%d", contents.files[REGISTRY_ACTIVE]),
		    g_strdup_printf("%d", contents.files[REGISTRY_MASKED]),
		    g_strdup_printf("%d", contents.files[REGISTRY_DISABLED]),
		    g_strdup_printf("%d", contents.files[REGISTRY_BROKEN]),
		    g_file_test(folder->path, G_FILE_TEST_IS_DIR)
			? g_strdup(folder->path)
			: g_strdup_printf("%s (not there)", folder->path),
		    NULL);
	}
	terminal_table_print(&table, "No layers.");
}

static void
layers_as_json(struct json *json, const struct selection *selection)
{
	const GPtrArray *folders = registry_folders(selection->registry);

	json_open(json, "layers", '[');
	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);
		struct contents contents = count(selection->registry, folder);

		if (!is_listed(selection, folder))
			continue;
		json_open(json, NULL, '{');
		json_string(json, "layer", layers_kind_name(folder->kind));
		json_string(json, "folder", folder->path);
		json_number(json, "rank", (int)folder->rank);
		json_boolean(json, "exists", g_file_test(folder->path, G_FILE_TEST_IS_DIR));
		json_number(json, "classes", contents.classes);
		for (unsigned state = 0; state <= REGISTRY_BROKEN; state++)
			json_number(json, list_state_name((enum registry_state)state),
			    contents.files[state]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
layers_as_words(const struct selection *selection)
{
	for (unsigned kind = LAYER_ENVIRONMENT; kind <= LAYER_VENDOR; kind++)
		if (!selection->by_layer || kind == selection->layer)
			terminal_line(
			    TERMINAL_PLAIN, "%s", layers_kind_name((enum layer_kind)kind));
}

const struct list_subject list_layers = {
	.name = "layers",
	.text = layers_as_text,
	.json = layers_as_json,
	.words = layers_as_words,
};
