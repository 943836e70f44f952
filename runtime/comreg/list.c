/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list: the classes in effect, then the manifests that are not, with the reason. */
#include <stdio.h>
#include <string.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/guid_text.h"

enum {
	CLSID_COLUMN,
	PROGID_COLUMN,
	NAME_COLUMN,
	LAYER_COLUMN,
	MODULE_COLUMN,
	COLUMNS
};

static const char *const headings[COLUMNS] = { "CLSID", "PROGID", "NAME", "LAYER", "MODULE" };

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

/* (transfer full) */
static GStrv
make_row(const struct registry_class *class)
{
	char clsid[GUID_TEXT_LENGTH + 1];
	GStrv row = g_new0(char *, COLUMNS + 1);

	row[CLSID_COLUMN] = g_strdup(guid_to_text(&class->info->clsid, clsid));
	row[PROGID_COLUMN] = g_strdup(class->info->progid != NULL ? class->info->progid : "-");
	row[NAME_COLUMN] = g_strdup(class->info->name);
	row[LAYER_COLUMN] = g_strdup(layers_kind_name(class->file->folder->kind));
	row[MODULE_COLUMN] = registry_module_path(class->file);
	return row;
}

static void
free_row(void *row)
{
	g_strfreev(row);
}

static void
print_row(const char *const row[COLUMNS], const int widths[COLUMNS])
{
	for (int i = 0; i < COLUMNS - 1; i++)
		printf("%-*s  ", widths[i], row[i]);
	puts(row[COLUMNS - 1]);
}

static void
print_classes(const GPtrArray *rows)
{
	int widths[COLUMNS];

	if (rows->len == 0) {
		puts("No classes.");
		return;
	}
	for (int i = 0; i < COLUMNS; i++)
		widths[i] = (int)strlen(headings[i]);
	for (guint r = 0; r < rows->len; r++) {
		char **row = g_ptr_array_index(rows, r);

		for (int i = 0; i < COLUMNS; i++)
			widths[i] = MAX(widths[i], (int)strlen(row[i]));
	}
	print_row(headings, widths);
	for (guint r = 0; r < rows->len; r++)
		print_row(g_ptr_array_index(rows, r), widths);
}

static void
list_as_text(const struct registry *registry, const char *layer)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
	const GPtrArray *classes = registry_classes(registry), *files = registry_files(registry);
	bool first = true;

	for (guint i = 0; i < classes->len; i++)
		if (is_listed(g_ptr_array_index(classes, i), layer))
			g_ptr_array_add(rows, make_row(g_ptr_array_index(classes, i)));
	print_classes(rows);
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->state == REGISTRY_ACTIVE || !in_layer(file, layer))
			continue;
		if (first)
			puts("\nNot in effect:");
		first = false;
		printf("%s: %s: %s\n", file->path, state_name(file->state), file->reason);
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

int
comreg_list(const struct registry *registry, const char *layer, bool json)
{
	if (json)
		list_as_json(registry, layer);
	else
		list_as_text(registry, layer);
	return has_broken_files(registry, layer) ? COMREG_PROBLEM : COMREG_OK;
}
