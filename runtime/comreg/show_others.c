/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg show: interfaces, categories and modules, and the classes that have them. */
#include "runtime/comreg/show.h"

#include <objbase.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/selection.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

/* One thing, before it is known whether people or programs read it. */
struct thing {
	const char *kind;
	const GUID *guid; /* NULL: a module */
	const char *name;
	const struct registry_file *file;           /* that names it; NULL: none */
	const struct manifest_interface *interface; /* NULL: not one that is named */
	char *module;                               /* NULL: not one */
	struct selection of_classes;
};

static void
text_field(const char *label, const char *value, const char *more)
{
	if (value != NULL)
		terminal_line(TERMINAL_PLAIN, "  %-16s %s%s%s", label, value,
		    more != NULL ? "  " : "", more != NULL ? more : "");
}

static void
as_text(const struct thing *thing)
{
	const GPtrArray *classes = registry_classes(thing->of_classes.registry);
	char text[GUID_TEXT_LENGTH + 1];

	terminal_put(TERMINAL_HEADING, "%s", thing->name != NULL ? thing->name : "(no name)");
	terminal_line(TERMINAL_PLAIN, " %s",
	    thing->guid != NULL ? guid_to_text(thing->guid, text) : thing->module);
	text_field("Kind", thing->kind, NULL);
	if (thing->interface != NULL && !IsEqualGUID(&thing->interface->base, &GUID_NULL))
		text_field("Base interface", guid_to_text(&thing->interface->base, text),
		    registry_interface_name(thing->of_classes.registry, &thing->interface->base));
	if (thing->interface != NULL && thing->interface->methods > 0)
		terminal_line(TERMINAL_PLAIN, "  %-16s %d", "Methods", thing->interface->methods);
	if (thing->interface != NULL)
		text_field("Type library", thing->interface->type_library, NULL);
	if (thing->file != NULL)
		terminal_line(TERMINAL_PLAIN, "  %-16s %s (%s layer%s)", "Manifest",
		    thing->file->path, layers_kind_name(thing->file->folder->kind),
		    thing->file->manifest->resident ? ", resident" : "");
	if (thing->module != NULL && !g_file_test(thing->module, G_FILE_TEST_IS_REGULAR))
		text_field("Problem", "the module file does not exist", NULL);
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (selection_lists(&thing->of_classes, class))
			text_field(
			    "Class", guid_to_text(&class->info->clsid, text), class->info->name);
	}
}

static void
as_json(struct json *json, const struct thing *thing)
{
	const GPtrArray *classes = registry_classes(thing->of_classes.registry);
	const struct manifest_interface *interface = thing->interface;
	char text[GUID_TEXT_LENGTH + 1];

	json_open(json, NULL, '{');
	json_string(json, "kind", thing->kind);
	json_string(json, "id", thing->guid != NULL ? guid_to_text(thing->guid, text) : NULL);
	json_string(json, "name", thing->name);
	json_string(json, "manifest", thing->file != NULL ? thing->file->path : NULL);
	if (interface != NULL) {
		json_string(json, "base",
		    IsEqualGUID(&interface->base, &GUID_NULL)
			? NULL
			: guid_to_text(&interface->base, text));
		json_number(json, "methods", interface->methods);
		json_string(json, "typeLibrary", interface->type_library);
	}
	if (thing->module != NULL && thing->file != NULL) {
		json_string(json, "module", thing->module);
		json_boolean(
		    json, "moduleExists", g_file_test(thing->module, G_FILE_TEST_IS_REGULAR));
		json_boolean(json, "resident", thing->file->manifest->resident);
	}
	json_open(json, "classes", '[');
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (selection_lists(&thing->of_classes, class))
			json_string(json, NULL, guid_to_text(&class->info->clsid, text));
	}
	json_close(json, ']');
	json_close(json, '}');
}

/* Takes the thing. */
static void
add(GArray *things, struct thing thing)
{
	g_array_append_val(things, thing);
}

static bool
is_known(const GArray *things, const GUID *guid)
{
	for (guint i = 0; i < things->len; i++) {
		const struct thing *thing = &g_array_index(things, struct thing, i);

		if (thing->guid != NULL && IsEqualGUID(thing->guid, guid))
			return true;
	}
	return false;
}

static void
add_identifiers(GArray *things, const struct registry *registry, const char *what, const char *kind,
    const GArray *identifiers)
{
	bool categories = kind[0] == 'c';

	for (guint i = 0; i < identifiers->len; i++) {
		const GUID *guid = &g_array_index(identifiers, GUID, i);
		const char *name = categories ? category_name(registry, guid)
					      : registry_interface_name(registry, guid);
		struct thing thing = { .kind = kind, .guid = guid, .name = name };

		thing.of_classes.registry = registry;
		*(categories ? &thing.of_classes.category : &thing.of_classes.interface) = what;
		if (selection_means(what, guid, name) && !is_known(things, guid))
			add(things, thing);
	}
}

static void
add_named(GArray *things, const struct registry *registry, const char *what,
    const struct registry_file *file)
{
	const GPtrArray *interfaces = file->manifest->interfaces;

	for (guint i = 0; i < interfaces->len; i++) {
		const struct manifest_interface *interface = g_ptr_array_index(interfaces, i);

		if (selection_means(what, &interface->iid, interface->name) &&
		    !is_known(things, &interface->iid))
			add(things,
			    (struct thing){
				.kind = "interface",
				.guid = &interface->iid,
				.name = interface->name,
				.file = file,
				.interface = interface,
				.of_classes = { .registry = registry, .interface = what },
			    });
	}
}

static void
add_module(GArray *things, const struct registry *registry, const char *what,
    const struct registry_file *file)
{
	g_autofree char *path = registry_module_path(file);

	if (!selection_means_module(what, path))
		return;
	add(things,
	    (struct thing){
		.kind = "module",
		.name = file->manifest->module,
		.file = file,
		.module = g_steal_pointer(&path),
		.of_classes = { .registry = registry, .module = what },
	    });
}

static void
free_thing(void *thing)
{
	g_free(((struct thing *)thing)->module);
}

static void
free_guids(void *guids)
{
	g_array_unref(guids);
}

bool
show_others(const struct registry *registry, const char *what, bool json_wanted)
{
	const GPtrArray *classes = registry_classes(registry), *files = registry_files(registry);
	g_autoptr(GArray) things = g_array_new(FALSE, FALSE, sizeof(struct thing));
	/* What the things point to. */
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(free_guids);
	struct json json = { 0 };

	g_array_set_clear_func(things, free_thing);
	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->manifest == NULL)
			continue;
		add_named(things, registry, what, file);
		if (file->manifest->module != NULL)
			add_module(things, registry, what, file);
	}
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		GArray *categories = registry_class_categories(registry, class, false);

		g_ptr_array_add(kept, categories);
		add_identifiers(things, registry, what, "interface", class->info->interfaces);
		add_identifiers(things, registry, what, "category", categories);
	}
	if (json_wanted && things->len > 0)
		json_open(&json, NULL, '[');
	for (guint i = 0; i < things->len; i++) {
		const struct thing *thing = &g_array_index(things, struct thing, i);

		if (json_wanted)
			as_json(&json, thing);
		else
			as_text(thing);
	}
	if (json_wanted && things->len > 0)
		json_close(&json, ']');
	return things->len > 0;
}
