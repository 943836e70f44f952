/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A template is a text with @KEY@ in it; KEY may also stand as `name` at the start of the file's
 * name. Its first line is about the template itself (its licence) and is left out. The project is
 * written beside its place and renamed into it, so that half a project is never seen.
 */
#include "runtime/comreg/new_project.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#define SUFFIX ".in"

struct key {
	const char *name;
	char *value;
};

struct writing {
	GArray *keys; /* of struct key */
	char *folder;
	char *problem; /* NULL: none so far */
};

static void
add_key(struct writing *writing, const char *name, char *value)
{
	struct key key = { name, value };

	g_array_append_val(writing->keys, key);
}

/* A new identifier, in the form of the IDL. */
static char *
new_identifier(void)
{
	g_autofree char *lower = g_uuid_string_random();

	return g_ascii_strup(lower, -1);
}

static void
set_keys(struct writing *writing, const struct new_project *project)
{
	add_key(writing, "Name", g_strdup(project->name));
	add_key(writing, "name", g_ascii_strdown(project->name, -1));
	add_key(writing, "Vendor", g_strdup(project->vendor));
	add_key(writing, "PROGID", g_strdup_printf("%s.1", project->progid));
	add_key(writing, "VI_PROGID", g_strdup(project->progid));
	add_key(writing, "PACKAGES", g_strdup(project->packages));
	add_key(writing, "TEST_ENVIRONMENT", g_strdup(project->environment));
	add_key(writing, "IID", new_identifier());
	add_key(writing, "CLSID", new_identifier());
	add_key(writing, "LIBID", new_identifier());
}

static const char *
find_key(const struct writing *writing, const char *name, size_t length)
{
	for (guint i = 0; i < writing->keys->len; i++) {
		const struct key *key = &g_array_index(writing->keys, struct key, i);

		if (strlen(key->name) == length && strncmp(key->name, name, length) == 0)
			return key->value;
	}
	return NULL;
}

/* (transfer full): the text with its keys replaced; what looks like a key and is none stays. */
static char *
fill_in(const struct writing *writing, const char *text)
{
	GString *filled = g_string_new(NULL);
	const char *at;

	while ((at = strchr(text, '@')) != NULL) {
		const char *end = strchr(at + 1, '@');
		const char *value =
		    end != NULL ? find_key(writing, at + 1, (size_t)(end - at - 1)) : NULL;

		g_string_append_len(filled, text, at - text + (value != NULL ? 0 : 1));
		if (value != NULL)
			g_string_append(filled, value);
		text = value != NULL ? end + 1 : at + 1;
	}
	g_string_append(filled, text);
	return g_string_free(filled, FALSE);
}

/* (transfer full): name.c.in -> greeter.c, gitignore.in -> .gitignore */
static char *
file_name(const struct writing *writing, const char *template)
{
	g_autofree char *plain = g_strndup(template, strlen(template) - strlen(SUFFIX));

	if (g_str_has_prefix(plain, "name"))
		return g_strconcat(find_key(writing, "name", 4), plain + 4, NULL);
	return g_strconcat(strcmp(plain, "gitignore") == 0 ? "." : "", plain, NULL);
}

static bool
fail(struct writing *writing, const char *path, const char *cause)
{
	writing->problem = g_strdup_printf("%s: %s", path, cause);
	return false;
}

static bool
write_file(struct writing *writing, const char *templates, const char *template)
{
	g_autofree char *source = g_build_filename(templates, template, NULL);
	g_autofree char *name = file_name(writing, template);
	g_autofree char *target = g_build_filename(writing->folder, name, NULL);
	g_autofree char *text = NULL, *filled = NULL;
	g_autoptr(GError) error = NULL;
	const char *body;
	gsize length;

	if (!g_file_get_contents(source, &text, &length, &error))
		return fail(writing, source, error->message);
	if (length > NEW_TEMPLATE_SIZE_MAX || memchr(text, '\0', length) != NULL)
		return fail(writing, source, "it is no template: install Tessera again");
	body = strchr(text, '\n');
	filled = fill_in(writing, body != NULL ? body + 1 : text);
	if (!g_file_set_contents_full(target, filled, -1, G_FILE_SET_CONTENTS_NONE, 0644, &error))
		return fail(writing, target, error->message);
	return true;
}

static bool
write_files(struct writing *writing, const char *templates, const char *kind)
{
	g_autofree char *path = g_build_filename(templates, kind, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) folder = g_dir_open(path, 0, &error);
	const char *name;

	if (folder == NULL) {
		g_autofree char *cause = g_strdup_printf(
		    "the templates cannot be read: %s; install Tessera again", error->message);

		return fail(writing, path, cause);
	}
	while ((name = g_dir_read_name(folder)) != NULL)
		if (g_str_has_suffix(name, SUFFIX) && !write_file(writing, path, name))
			return false;
	return true;
}

static void
remove_files(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		(void)g_unlink(file);
	}
	(void)g_rmdir(path);
}

static bool
write_and_rename(
    struct writing *writing, const char *templates, const char *kind, const char *target)
{
	if (!write_files(writing, templates, "all") || !write_files(writing, templates, kind))
		return false;
	/* mkdtemp lets only its owner in. */
	if (g_chmod(writing->folder, 0755) != 0)
		return fail(writing, writing->folder, g_strerror(errno));
	/* An empty folder is replaced; one with files is not. */
	if (g_rename(writing->folder, target) == 0)
		return true;
	return fail(writing, target,
	    errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
		? "it exists; name another folder with --output, or remove it"
		: g_strerror(errno));
}

bool
new_project_write(const struct new_project *project, const char *templates, const char *folder,
    char **ret_problem)
{
	g_autofree char *target = g_canonicalize_filename(folder, NULL);
	struct writing writing = { .keys = g_array_new(FALSE, FALSE, sizeof(struct key)) };
	bool done = false;

	set_keys(&writing, project);
	writing.folder = g_strdup_printf("%s.XXXXXX", target);
	if (g_mkdtemp(writing.folder) == NULL)
		(void)fail(&writing, target, g_strerror(errno));
	else if (!(done = write_and_rename(&writing, templates, project->kind, target)))
		remove_files(writing.folder);
	for (guint i = 0; i < writing.keys->len; i++)
		g_free(g_array_index(writing.keys, struct key, i).value);
	g_array_unref(writing.keys);
	g_free(writing.folder);
	*ret_problem = writing.problem;
	return done;
}
