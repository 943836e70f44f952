/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * comreg graph: components, categories and interfaces in the DOT language. A module is a box with
 * its classes in it; classes point to what they implement and what they belong to.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <objbase.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/selection.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

static const char help[] =
    "usage: comreg graph [--svg] [CLSID|PROGID|NAME]...\n"
    "\n"
    "Prints the components, their classes, categories and interfaces as a graph in the DOT\n"
    "language; only of the classes named, if any.\n"
    "\n"
    "  --svg          as an SVG picture, drawn by dot(1) of Graphviz\n"
    "  --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 a class was not found, or dot failed, 2 wrong use.\n";

struct graph {
	FILE *out;
	const struct registry *registry;
	GPtrArray *classes; /* those shown, of struct registry_class */
};

/* A quoted string of DOT; what could end it or move a terminal is made visible. */
static void
put_quoted(const struct graph *graph, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *clean = terminal_clean(valid);

	putc('"', graph->out);
	for (const char *c = clean; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			putc('\\', graph->out);
		putc(*c, graph->out);
	}
	putc('"', graph->out);
}

static void
put_node(const struct graph *graph, const GUID *guid, const char *name, const char *style)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_to_text(guid, text);
	fprintf(graph->out, "\t\t\"%s\" [%s, label=", text, style);
	put_quoted(graph, name != NULL ? name : text);
	fputs(", tooltip=", graph->out);
	put_quoted(graph, text);
	fputs("];\n", graph->out);
}

static void
put_edge(const struct graph *graph, const GUID *from, const GUID *to, const char *style)
{
	char left[GUID_TEXT_LENGTH + 1], right[GUID_TEXT_LENGTH + 1];

	fprintf(graph->out, "\t\"%s\" -> \"%s\"%s;\n", guid_to_text(from, left),
	    guid_to_text(to, right), style);
}

static void
put_modules(const struct graph *graph)
{
	const GPtrArray *files = registry_files(graph->registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);
		bool open = false;

		for (guint j = 0; j < graph->classes->len; j++) {
			const struct registry_class *class = g_ptr_array_index(graph->classes, j);

			if (class->file != file)
				continue;
			if (!open) {
				g_autofree char *path = registry_module_path(file);

				fprintf(graph->out, "\tsubgraph cluster_%u {\n\t\tlabel=", i);
				put_quoted(graph, path);
				fputs(";\n", graph->out);
			}
			open = true;
			put_node(graph, &class->info->clsid, class->info->name, "shape=box");
		}
		if (open)
			fputs("\t}\n", graph->out);
	}
}

static void
put_identifiers(const struct graph *graph, const struct registry_class *class,
    const GArray *identifiers, GArray *seen, const char *style, const char *edge,
    const char *(*name)(const struct registry *registry, const GUID *guid))
{
	for (guint i = 0; i < identifiers->len; i++) {
		const GUID *guid = &g_array_index(identifiers, GUID, i);

		if (!selection_guid_in(seen, guid)) {
			g_array_append_vals(seen, guid, 1);
			put_node(graph, guid, name(graph->registry, guid), style);
		}
		put_edge(graph, &class->info->clsid, guid, edge);
	}
}

static void
put_graph(const struct graph *graph)
{
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(GUID));

	fputs(
	    "digraph components {\n\trankdir=LR;\n\tnode [fontname=\"sans-serif\"];\n", graph->out);
	put_modules(graph);
	for (guint i = 0; i < graph->classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(graph->classes, i);
		const struct manifest_class *info = class->info;
		g_autoptr(GArray) categories =
		    registry_class_categories(graph->registry, class, false);

		put_identifiers(graph, class, info->interfaces, seen, "shape=ellipse", "",
		    registry_interface_name);
		put_identifiers(graph, class, categories, seen, "shape=folder", " [style=dashed]",
		    category_name);
		if (!IsEqualGUID(&class->treat_as, &GUID_NULL))
			put_edge(graph, &info->clsid, &class->treat_as, " [label=\"TreatAs\"]");
	}
	fputs("}\n", graph->out);
}

/* The classes named, or all that are in effect. */
static bool
choose(struct graph *graph, char **names)
{
	const GPtrArray *all = registry_classes(graph->registry);

	for (guint i = 0; names[0] == NULL && i < all->len; i++) {
		const struct registry_class *class = g_ptr_array_index(all, i);

		if (class->hidden_by == NULL)
			g_ptr_array_add(graph->classes, (gpointer) class);
	}
	for (; *names != NULL; names++) {
		g_autoptr(GPtrArray) found = class_search(graph->registry, *names);

		if (found->len == 0)
			return false;
		for (guint i = 0; i < found->len; i++)
			if (!g_ptr_array_find(graph->classes, found->pdata[i], NULL))
				g_ptr_array_add(graph->classes, found->pdata[i]);
	}
	return true;
}

/* dot reads the graph from a file in memory and writes to our standard output. */
static int
draw(int graph)
{
	static const char *const arguments[] = { "dot", "-Tsvg", NULL };
	g_autoptr(GError) error = NULL;
	int status;
	GPid dot;

	(void)lseek(graph, 0, SEEK_SET);
	(void)fflush(stdout);
	if (!g_spawn_async_with_fds(NULL, (char **)arguments, NULL,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &dot, graph, -1, -1,
		&error)) {
		if (g_error_matches(error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
			return comreg_problem("--svg needs the program dot, which is not "
					      "installed: it is in the package graphviz");
		return comreg_problem("dot cannot be run: %s", error->message);
	}
	while (waitpid(dot, &status, 0) < 0 && errno == EINTR)
		;
	g_spawn_close_pid(dot);
	if (!g_spawn_check_wait_status(status, &error))
		return comreg_problem("dot failed: %s", error->message);
	return COMREG_OK;
}

static int
draw_svg(struct graph *graph)
{
	int memory = memfd_create("graph", MFD_CLOEXEC), status;

	if (memory < 0 || (graph->out = fdopen(memory, "w")) == NULL) {
		status = comreg_problem("no memory for the graph: %s", g_strerror(errno));
		if (memory >= 0)
			(void)close(memory);
		return status;
	}
	put_graph(graph);
	if (fflush(graph->out) != 0)
		status = comreg_problem("no memory for the graph: %s", g_strerror(errno));
	else
		status = draw(memory);
	(void)fclose(graph->out);
	return status;
}

int
comreg_graph(int argc, char **argv)
{
	static const struct option known[] = {
		{ "svg", no_argument, NULL, 's' },
		OPTIONS_HELP,
	};
	struct graph graph = { .out = stdout };
	struct registry *registry;
	bool svg = false;
	int option, status;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END) {
		if (option == OPTIONS_LEAVE)
			return status;
		svg = true;
	}
	graph.registry = registry = registry_get();
	graph.classes = g_ptr_array_new();
	status = COMREG_OK;
	if (!choose(&graph, argv + optind))
		status = COMREG_PROBLEM;
	else if (svg)
		status = draw_svg(&graph);
	else
		put_graph(&graph);
	g_ptr_array_unref(graph.classes);
	registry_unref(registry);
	return status;
}
