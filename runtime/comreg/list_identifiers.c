/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list categories, comreg list interfaces: the identifiers, and the classes that have them.
 */
#include <string.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/list.h"
#include "runtime/comreg/terminal.h"
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

static void
add_guid(GArray *guids, const GUID *guid)
{
	if (!selection_guid_in(guids, guid))
		g_array_append_vals(guids, guid, 1);
}

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

/* Of all layers: what names an interface need not be the manifest with its class. */
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

			add_guid(guids, &interface->iid);
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

static int
compare(const void *a, const void *b)
{
	char left[GUID_TEXT_LENGTH + 1], right[GUID_TEXT_LENGTH + 1];

	return strcmp(guid_to_text(a, left), guid_to_text(b, right));
}

static void
add_all(GArray *guids, const GArray *more)
{
	for (guint i = 0; i < more->len; i++)
		add_guid(guids, &g_array_index(more, GUID, i));
}

/* (transfer full): in order, each once. */
static GArray *
collect(const struct kind *kind, const struct selection *selection)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	GArray *guids = g_array_new(FALSE, FALSE, sizeof(GUID));

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		g_autoptr(GArray) of_class = NULL;

		if (!selection_lists(selection, class))
			continue;
		of_class = kind->of_class(selection->registry, class);
		add_all(guids, of_class);
	}
	/* Named, but no class has them: only when nobody asks about classes. */
	if (!selection_is_narrow(selection) && !selection->by_layer) {
		g_autoptr(GArray) named = kind->named(selection->registry);

		add_all(guids, named);
	}
	g_array_sort(guids, compare);
	return guids;
}

/* (transfer container): of struct registry_class. */
static GPtrArray *
classes_with(const struct kind *kind, const struct selection *selection, const GUID *guid)
{
	const GPtrArray *classes = registry_classes(selection->registry);
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		g_autoptr(GArray) of_class = kind->of_class(selection->registry, class);

		if (selection_lists(selection, class) && selection_guid_in(of_class, guid))
			g_ptr_array_add(found, (gpointer) class);
	}
	return found;
}

static void
as_text(const struct kind *kind, const struct selection *selection)
{
	g_autoptr(GArray) guids = collect(kind, selection);
	struct terminal_table table;

	terminal_table_init(&table, kind->headings);
	for (guint i = 0; i < guids->len; i++) {
		const GUID *guid = &g_array_index(guids, GUID, i);
		const char *name = kind->name(selection->registry, guid);
		g_autoptr(GPtrArray) classes = classes_with(kind, selection, guid);
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
	g_autoptr(GArray) guids = collect(kind, selection);
	char text[GUID_TEXT_LENGTH + 1];

	json_open(json, kind->array, '[');
	for (guint i = 0; i < guids->len; i++) {
		const GUID *guid = &g_array_index(guids, GUID, i);
		g_autoptr(GPtrArray) classes = classes_with(kind, selection, guid);

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
	g_autoptr(GArray) guids = collect(kind, selection);
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < guids->len; i++) {
		const GUID *guid = &g_array_index(guids, GUID, i);
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
