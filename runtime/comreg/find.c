/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg find: a text, wherever the registry has it. */
#include <string.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/list.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

static const char help[] =
    "usage: comreg find [--json] TEXT\n"
    "\n"
    "Finds a text, in any case, in names, ProgIDs, descriptions, CLSIDs, IIDs, CATIDs and the\n"
    "paths of manifests and modules; also in what is not in effect.\n"
    "\n"
    "  --json         for programs; see comreg(1)\n"
    "  --help         this text\n"
    "\n"
    "Exit status: 0 found, 1 not found, 2 wrong use.\n";

struct match {
	const char *kind;              /* class, interface, category, manifest */
	char id[GUID_TEXT_LENGTH + 1]; /* empty: a manifest has none */
	const char *name;
	const char *field;
	char *value;
	const struct registry_file *file; /* NULL: none */
};

struct search {
	const struct registry *registry;
	char *wanted; /* folded */
	GArray *matches;
};

static char *
fold(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	return g_utf8_casefold(valid, -1);
}

/* True: it is in this field, and the thing is noted; once a thing is enough. */
static bool
look(struct search *search, struct match match, const char *field, const char *value)
{
	g_autofree char *folded = value != NULL ? fold(value) : NULL;

	if (folded == NULL || strstr(folded, search->wanted) == NULL)
		return false;
	match.field = field;
	match.value = g_strdup(value);
	g_array_append_val(search->matches, match);
	return true;
}

static void
search_class(struct search *search, const struct registry_class *class)
{
	const struct manifest_class *info = class->info;
	struct match match = { .kind = "class", .name = info->name, .file = class->file };
	g_autofree char *module = registry_module_path(class->file);

	guid_to_text(&info->clsid, match.id);
	(void)(look(search, match, "name", info->name) ||
	    look(search, match, "progid", info->progid) ||
	    look(search, match, "versionIndependentProgid", info->vi_progid) ||
	    look(search, match, "clsid", match.id) ||
	    look(search, match, "description", info->description) ||
	    look(search, match, "module", module));
}

static void
search_file(struct search *search, const struct registry_file *file)
{
	struct match match = {
		.kind = "manifest", .name = list_state_name(file->state), .file = file
	};

	(void)look(search, match, "path", file->path);
	for (guint i = 0; file->manifest != NULL && i < file->manifest->interfaces->len; i++) {
		const struct manifest_interface *interface =
		    g_ptr_array_index(file->manifest->interfaces, i);
		struct match named = { .kind = "interface", .name = interface->name, .file = file };

		guid_to_text(&interface->iid, named.id);
		(void)(look(search, named, "name", interface->name) ||
		    look(search, named, "iid", named.id));
	}
}

/* Identifiers that only classes name, not the manifests: each once. */
static void
search_identifiers(struct search *search, const char *kind, const char *field,
    const GArray *identifiers, const struct registry_file *file, GHashTable *seen,
    const char *(*name)(const struct registry *registry, const GUID *guid))
{
	for (guint i = 0; i < identifiers->len; i++) {
		const GUID *guid = &g_array_index(identifiers, GUID, i);
		struct match match = {
			.kind = kind, .name = name(search->registry, guid), .file = file
		};

		guid_to_text(guid, match.id);
		if (!g_hash_table_add(seen, g_strdup(match.id)))
			continue;
		(void)(look(search, match, "name", match.name) ||
		    look(search, match, field, match.id));
	}
}

static void
search_named_by_classes(struct search *search)
{
	const GPtrArray *classes = registry_classes(search->registry);
	const GPtrArray *files = registry_files(search->registry);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		for (guint j = 0; file->manifest != NULL && j < file->manifest->interfaces->len;
		     j++) {
			const struct manifest_interface *interface =
			    g_ptr_array_index(file->manifest->interfaces, j);
			char text[GUID_TEXT_LENGTH + 1];

			g_hash_table_add(seen, g_strdup(guid_to_text(&interface->iid, text)));
		}
	}
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		g_autoptr(GArray) categories =
		    registry_class_categories(search->registry, class, false);

		search_identifiers(
		    search, "category", "catid", categories, class->file, seen, category_name);
		search_identifiers(search, "interface", "iid", class->info->interfaces, class->file,
		    seen, registry_interface_name);
	}
}

static void
print_text(const GArray *matches)
{
	static const char *const headings[] = { "WHAT", "IDENTIFIER", "NAME", "FOUND IN",
		"MANIFEST", NULL };
	struct terminal_table table;

	terminal_table_init(&table, headings);
	for (guint i = 0; i < matches->len; i++) {
		const struct match *match = &g_array_index(matches, struct match, i);

		terminal_table_add(&table, g_strdup(match->kind),
		    g_strdup(match->id[0] != '\0' ? match->id : "-"),
		    g_strdup(match->name != NULL ? match->name : "-"), g_strdup(match->field),
		    g_strdup(match->file != NULL ? match->file->path : "-"), NULL);
	}
	terminal_table_print(&table, "Nothing.");
}

static void
print_json(const GArray *matches)
{
	struct json json = { 0 };

	json_open(&json, NULL, '{');
	json_open(&json, "matches", '[');
	for (guint i = 0; i < matches->len; i++) {
		const struct match *match = &g_array_index(matches, struct match, i);

		json_open(&json, NULL, '{');
		json_string(&json, "kind", match->kind);
		json_string(&json, "id", match->id[0] != '\0' ? match->id : NULL);
		json_string(&json, "name", match->name);
		json_string(&json, "field", match->field);
		json_string(&json, "value", match->value);
		json_string(&json, "manifest", match->file != NULL ? match->file->path : NULL);
		json_string(&json, "layer",
		    match->file != NULL ? layers_kind_name(match->file->folder->kind) : NULL);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
}

static void
free_match(void *match)
{
	g_free(((struct match *)match)->value);
}

static int
find(const struct registry *registry, const char *text, bool json)
{
	const GPtrArray *classes = registry_classes(registry), *files = registry_files(registry);
	g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(struct match));
	struct search search = { registry, fold(text), matches };

	g_array_set_clear_func(matches, free_match);
	for (guint i = 0; i < classes->len; i++)
		search_class(&search, g_ptr_array_index(classes, i));
	search_named_by_classes(&search);
	for (guint i = 0; i < files->len; i++)
		search_file(&search, g_ptr_array_index(files, i));
	g_free(search.wanted);
	if (json)
		print_json(matches);
	else if (matches->len > 0)
		print_text(matches);
	else
		return comreg_problem("nothing that is registered has \"%s\"", text);
	return matches->len > 0 ? COMREG_OK : COMREG_PROBLEM;
}

int
comreg_find(int argc, char **argv)
{
	static const struct option known[] = {
		{ "json", no_argument, NULL, 'j' },
		OPTIONS_HELP,
	};
	struct registry *registry;
	bool json = false;
	int option, status;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END) {
		if (option == OPTIONS_LEAVE)
			return status;
		json = true;
	}
	if (argc - optind != 1)
		return comreg_wrong_use(argv[0], "find takes one text, not %d", argc - optind);
	registry = registry_get();
	status = find(registry, argv[optind], json);
	registry_unref(registry);
	return status;
}
