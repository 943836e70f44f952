/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/emit.h"

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
	for (guint i = 0; i < unit->files->len; i++) {
		const struct idl_file *file = g_ptr_array_index(unit->files, i);

		g_string_append(out, " \\\n    ");
		print_path(out, file->source->path);
	}
	g_string_append_c(out, '\n');

	/* An empty rule each, so that an import that was removed does not stop make. */
	for (guint i = 0; i < unit->files->len; i++) {
		const struct idl_file *file = g_ptr_array_index(unit->files, i);

		if (file == unit->main)
			continue;
		g_string_append_c(out, '\n');
		print_path(out, file->source->path);
		g_string_append(out, ":\n");
	}
	return g_string_free(out, FALSE);
}
