/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/emit.h"

#include <string.h>

static void
print_path(GString *out, const char *path)
{
	for (; *path != '\0'; path++) {
		if (*path == ' ' || *path == '#' || *path == '\\')
			g_string_append_c(out, '\\');
		else if (*path == '$')
			g_string_append_c(out, '$');
		g_string_append_c(out, *path);
	}
}

char *
idl_emit_depfile(struct idl_unit *unit, const char *const *outputs, guint count)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < count; i++) {
		if (outputs[i] == NULL)
			continue;
		if (out->len > 0)
			g_string_append_c(out, ' ');
		print_path(out, outputs[i]);
	}
	g_string_append_c(out, ':');
	for (guint i = 0; i < unit->paths->len; i++) {
		g_string_append(out, " \\\n    ");
		print_path(out, g_ptr_array_index(unit->paths, i));
	}
	g_string_append_c(out, '\n');

	/* An empty rule each, so that a file that was removed does not stop make. */
	for (guint i = 0; i < unit->paths->len; i++) {
		const char *path = g_ptr_array_index(unit->paths, i);

		if (strcmp(path, unit->main->source->path) == 0)
			continue;
		g_string_append_c(out, '\n');
		print_path(out, path);
		g_string_append(out, ":\n");
	}
	return g_string_free(out, FALSE);
}
