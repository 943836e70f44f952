/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list categories, comreg list interfaces: the identifiers, and the classes that have them.
 */
#include <string.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/list.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_table.h"
#include "runtime/guid_text.h"

/* What differs between the two. */
struct kind {
	const char *id_member;
	const char *array;
	const char *empty;
	const char *headings[4];
	const char *(*name)(const struct registry *registry, const GUID *guid);
	/* (transfer full) */
	GArray *(*of_class)(const struct registry *registry, const struct registry_class *class);
	GArray *(*named)(const struct registry *registry);
};

static GArray *
categories_of(const struct registry *registry, const struct registry_class *class)
{
	return registry_class_categories(registry, class, false);
}

static GArray *
interfaces_of(const struct registry *registry, const struct registry_class *class)
{
	(void)registry;
	return g_array_ref(class->info->interfaces);
}

/* Of all layers, because what names an interface need not be the manifest with its class; one that
 * several name more than once. */
static GArray *
interfaces_named(const struct registry *registry)
{
	GArray *guids = g_array_new(FALSE, FALSE, sizeof(GUID));
	const GPtrArray *files = registry_files(registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		for (guint j = 0; file->manifest != NULL && j < file->manifest->interfaces->len;
		     j++) {
			const struct manifest_interface *interface =
			    g_ptr_array_index(file->manifest->interfaces, j);

			g_array_append_val(guids, interface->iid);
		}
	}
	return guids;
}

static const struct kind category_kind = {
	.id_member = "catid",
	.array = "categories",
	.empty = "No categories.",
	.headings = { "CATID", "DESCRIPTION", "CLASSES", NULL },
	.name = category_name,
	.of_class = categories_of,
	.named = registry_categories,
};

static const struct kind interface_kind = {
	.id_member = "iid",
	.array = "interfaces",
	.empty = "No interfaces.",
	.headings = { "IID", "NAME", "CLASSES", NULL },
	.name = registry_interface_name,
	.of_class = interfaces_of,
	.named = interfaces_named,
};

/* An identifier and who has it. */
struct row {
	GUID guid;
	GPtrArray *classes; /* of struct registry_class */
};

static void
row_free(void *data)
{
	struct row *row = data;

	g_ptr_array_unref(row->classes);
	g_free(row);
}

static gint
compare(const void *a, const void *b)
{
	const struct row *const *left = a, *const *right = b;
	char one[GUID_TEXT_LENGTH + 1], other[GUID_TEXT_LENGTH + 1];

	return strcmp(guid_to_text(&(*left)->guid, one), guid_to_text(&(*right)->guid, other));
}

struct rows {
	GPtrArray *rows;   /* of struct row */
	GHashTable *table; /* identifier: row */
};

static struct row *
row_of(struct rows *rows, const GUID *guid)
{
	struct row *row = g_hash_table_lookup(rows->table, guid);

	if (row == NULL) {
		row = g_new0(struct row, 1);
		row->guid = *guid;
		row->classes = g_ptr_array_new();
		g_ptr_array_add(rows->rows, row);
		g_hash_table_insert(rows->table, &row->guid, row);
	}
	return row;
}

static void
add_class(struct rows *rows, const struct registry_class *class, const GArray *guids)
{
	for (guint i = 0; i < guids->len; i++) {
		GPtrArray *classes = row_of(rows, &g_array_index(guids, GUID, i))->classes;

		/* A manifest may name one twice. */
		if (classes->len == 0 || g_ptr_array_index(classes, classes->len - 1) != class)
			g_ptr_array_add(classes, (gpointer) class);
	}
}

/* (transfer full): of struct row, in order. */
static GPtrArray *
collect(const struct kind *kind, const struct selection *selection)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	struct rows rows = { g_ptr_array_new_with_free_func(row_free), guid_table_new(NULL) };

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		g_autoptr(GArray) of_class = NULL;

		if (!selection_lists(selection, class))
			continue;
		of_class = kind->of_class(selection->registry, class);
		add_class(&rows, class, of_class);
	}
	/* Named, but no class has them: only when nobody asks about classes. */
	if (!selection_is_narrow(selection) && !selection->by_layer) {
		g_autoptr(GArray) named = kind->named(selection->registry);

		for (guint i = 0; i < named->len; i++)
			(void)row_of(&rows, &g_array_index(named, GUID, i));
	}
	g_hash_table_unref(rows.table);
	g_ptr_array_sort(rows.rows, compare);
	return rows.rows;
}

static void
as_text(const struct kind *kind, const struct selection *selection)
{
	g_autoptr(GPtrArray) rows = collect(kind, selection);
	struct terminal_table table;

	terminal_table_init(&table, kind->headings);
	for (guint i = 0; i < rows->len; i++) {
		const struct row *row = g_ptr_array_index(rows, i);
		const GUID *guid = &row->guid;
		const char *name = kind->name(selection->registry, guid);
		const GPtrArray *classes = row->classes;
		GString *names = g_string_new(classes->len == 0 ? "-" : "");
		char text[GUID_TEXT_LENGTH + 1];

		for (guint j = 0; j < classes->len; j++) {
			const struct registry_class *class = g_ptr_array_index(classes, j);

			g_string_append_printf(names, "%s%s", j > 0 ? ", " : "", class->info->name);
		}
		terminal_table_add(&table, g_strdup(guid_to_text(guid, text)),
		    g_strdup(name != NULL ? name : "-"), g_string_free(names, FALSE), NULL);
	}
	terminal_table_print(&table, kind->empty);
}

static void
as_json(const struct kind *kind, struct json *json, const struct selection *selection)
{
	g_autoptr(GPtrArray) rows = collect(kind, selection);
	char text[GUID_TEXT_LENGTH + 1];

	json_open(json, kind->array, '[');
	for (guint i = 0; i < rows->len; i++) {
		const struct row *row = g_ptr_array_index(rows, i);
		const GUID *guid = &row->guid;
		const GPtrArray *classes = row->classes;

		json_open(json, NULL, '{');
		json_string(json, kind->id_member, guid_to_text(guid, text));
		json_string(json, "name", kind->name(selection->registry, guid));
		json_open(json, "classes", '[');
		for (guint j = 0; j < classes->len; j++) {
			const struct registry_class *class = g_ptr_array_index(classes, j);

			json_string(json, NULL, guid_to_text(&class->info->clsid, text));
		}
		json_close(json, ']');
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
as_words(const struct kind *kind, const struct selection *selection)
{
	g_autoptr(GPtrArray) rows = collect(kind, selection);
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < rows->len; i++) {
		const struct row *row = g_ptr_array_index(rows, i);
		const GUID *guid = &row->guid;
		const char *name = kind->name(selection->registry, guid);

		terminal_line(TERMINAL_PLAIN, "%s", name != NULL ? name : guid_to_text(guid, text));
	}
}

static void
categories_as_text(const struct selection *selection)
{
	as_text(&category_kind, selection);
}

static void
categories_as_json(struct json *json, const struct selection *selection)
{
	as_json(&category_kind, json, selection);
}

static void
categories_as_words(const struct selection *selection)
{
	as_words(&category_kind, selection);
}

static void
interfaces_as_text(const struct selection *selection)
{
	as_text(&interface_kind, selection);
}

static void
interfaces_as_json(struct json *json, const struct selection *selection)
{
	as_json(&interface_kind, json, selection);
}

static void
interfaces_as_words(const struct selection *selection)
{
	as_words(&interface_kind, selection);
}

const struct list_subject list_categories = {
	.name = "categories",
	.text = categories_as_text,
	.json = categories_as_json,
	.words = categories_as_words,
};

const struct list_subject list_interfaces = {
	.name = "interfaces",
	.text = interfaces_as_text,
	.json = interfaces_as_json,
	.words = interfaces_as_words,
};
