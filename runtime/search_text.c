/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/search_text.h"

/* Files that the text names; the rest is counted. */
#define FILES_MAX 8u

struct search_text {
	GString *text;
	unsigned folders, files;
};

struct search_text *
search_text_new(void)
{
	struct search_text *text = g_new0(struct search_text, 1);

	text->text = g_string_new("looked in");
	return text;
}

void
search_text_folder(struct search_text *text, const struct layer_folder *folder)
{
	g_string_append_printf(text->text, "%s %s (%s)", text->folders++ > 0 ? "," : "",
	    folder->path, layers_kind_name(folder->kind));
}

void
search_text_left_out(struct search_text *text, const char *path, const char *reason)
{
	if (text->files++ < FILES_MAX)
		g_string_append_printf(text->text, "; left out: %s: %s", path, reason);
}

char *
search_text_finish(struct search_text *text)
{
	char *result;

	if (text->files > FILES_MAX)
		g_string_append_printf(text->text, "; and %u more files", text->files - FILES_MAX);
	result = g_string_free(text->text, FALSE);
	g_free(text);
	return result;
}

char *
search_text_masked(const char *above, enum registry_state state, const struct layer_folder *folder)
{
	return g_strdup_printf("%s by %s in the %s layer",
	    state == REGISTRY_DISABLED ? "disabled" : "masked", above,
	    layers_kind_name(folder->kind));
}
