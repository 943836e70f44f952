/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * comreg register by manifest: the author's file, with the module's absolute path in it, becomes a
 * file of the same name in the layer. So a second time writes the same, and the path alone tells
 * which files are the module's.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tessera_com.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/register.h"
#include "runtime/comreg/terminal.h"
#include "runtime/folder.h"
#include "runtime/folder_picture.h"
#include "runtime/guid_text.h"
#include "runtime/registry.h"
#include "runtime/registry_write.h"

/* (transfer full): NULL with the reason. */
static char *
load(const char *path, size_t *ret_size, char **ret_problem)
{
	/* O_NONBLOCK: a FIFO must not stop us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	ssize_t n = 0;
	char *text;

	*ret_problem = NULL;
	*ret_size = 0;
	if (fd < 0) {
		*ret_problem = g_strdup(g_strerror(errno));
		return NULL;
	}
	text = g_malloc(MANIFEST_SIZE_MAX + 1);
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		*ret_problem = g_strdup("is not a regular file");
	while (*ret_problem == NULL && *ret_size <= MANIFEST_SIZE_MAX &&
	    (n = read(fd, text + *ret_size, MANIFEST_SIZE_MAX + 1 - *ret_size)) > 0)
		*ret_size += (size_t)n;
	if (n < 0)
		*ret_problem = g_strdup(g_strerror(errno));
	else if (*ret_size > MANIFEST_SIZE_MAX)
		*ret_problem = g_strdup_printf("has more than %u bytes", MANIFEST_SIZE_MAX);
	(void)close(fd);
	if (*ret_problem != NULL)
		g_clear_pointer(&text, g_free);
	return text;
}

/* (transfer full): the manifest of a file; NULL with the reason. */
static struct manifest *
parse(const char *path, char **ret_problem)
{
	size_t size;
	g_autofree char *text = load(path, &size, ret_problem);

	return text != NULL ? manifest_parse(text, size, ret_problem) : NULL;
}

/* (transfer full): the author's text with the path of the module; NULL after saying why not. */
static char *
make_text(const struct registration *registration)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *problem = NULL;
	g_autoptr(GError) error = NULL;
	struct manifest *manifest;
	size_t size;
	g_autofree char *text = load(registration->manifest, &size, &problem);

	if (text == NULL) {
		(void)comreg_problem("%s: %s", registration->manifest, problem);
		return NULL;
	}
	manifest = manifest_parse(text, size, &problem);
	if (manifest == NULL || manifest->module == NULL) {
		(void)comreg_problem("%s: %s", registration->manifest,
		    problem != NULL ? problem : "it has no group [Component]");
		manifest_free(manifest);
		return NULL;
	}
	manifest_free(manifest);
	if (!g_key_file_load_from_data(file, text, size,
		G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, &error)) {
		(void)comreg_problem("%s: %s", registration->manifest, error->message);
		return NULL;
	}
	g_key_file_set_string(file, "Component", "Module", registration->module);
	return g_key_file_to_data(file, NULL, NULL);
}

/* (transfer full) */
static char *
layer_folder(enum layer_kind layer)
{
	g_autoptr(GPtrArray) folders = layers_folders();

	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);

		if (folder->kind == layer)
			return g_strdup(folder->path);
	}
	return NULL;
}

/* False after saying that the name is taken by another module. */
static bool
may_replace(const struct registration *registration, const char *target)
{
	g_autofree char *problem = NULL;
	struct manifest *there = parse(target, &problem);
	bool ours = there == NULL || there->module == NULL ||
	    strcmp(there->module, registration->module) == 0;

	/* Broken or empty: nothing of another is lost, but a component that was disabled comes
	 * back. */
	if (!ours && !registration->force)
		(void)comreg_problem("%s is there already, for the module %s; --force replaces it",
		    target, there->module);
	manifest_free(there);
	return ours || registration->force;
}

/* Classes that another manifest keeps. */
static void
tell_effect(const char *target)
{
	struct registry *registry = registry_get();
	const GPtrArray *classes = registry_classes(registry), *files = registry_files(registry);
	char clsid[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (strcmp(file->path, target) == 0 && file->state != REGISTRY_ACTIVE)
			(void)comreg_problem(
			    "but it is not in effect: %s: %s", file->path, file->reason);
	}
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (strcmp(class->file->path, target) != 0)
			continue;
		if (class->hidden_by != NULL)
			(void)comreg_problem("but class %s %s stays that of %s",
			    guid_to_text(&class->info->clsid, clsid), class->info->name,
			    class->hidden_by->file->path);
		else
			terminal_line(TERMINAL_PLAIN, "  %s  %s",
			    guid_to_text(&class->info->clsid, clsid), class->info->name);
	}
	registry_unref(registry);
}

int
register_manifest(const struct registration *registration)
{
	g_autofree char *text = make_text(registration), *folder = NULL, *name = NULL;
	g_autofree char *target = NULL, *cause = NULL, *there = NULL, *problem = NULL;
	size_t size;
	HRESULT hr;

	if (text == NULL)
		return COMREG_PROBLEM;
	folder = layer_folder(registration->layer);
	if (folder == NULL)
		return comreg_problem("this process has no %s layer: HOME is not set",
		    layers_kind_name(registration->layer));
	name = g_path_get_basename(registration->manifest);
	target = g_build_filename(folder, name, NULL);
	if (!may_replace(registration, target))
		return COMREG_PROBLEM;
	there = load(target, &size, &problem);
	if (there != NULL && size == strlen(text) && memcmp(there, text, size) == 0) {
		terminal_line(TERMINAL_PLAIN, "%s is registered already, by %s (%s layer)",
		    registration->module, target, layers_kind_name(registration->layer));
		return COMREG_OK;
	}
	hr = registry_write_manifest(registration->layer, name, text, &cause);
	if (FAILED(hr))
		return comreg_problem("%s was not registered: %s: %s", registration->module,
		    tessera_hresult_name(hr), cause);
	terminal_line(TERMINAL_PLAIN, "registered %s by %s (%s layer)", registration->module,
	    target, layers_kind_name(registration->layer));
	tell_effect(target);
	return COMREG_OK;
}

static bool
names_module(const char *path, const char *module)
{
	g_autofree char *problem = NULL;
	struct manifest *manifest = parse(path, &problem);
	bool names =
	    manifest != NULL && manifest->module != NULL && strcmp(manifest->module, module) == 0;

	manifest_free(manifest);
	return names;
}

int
unregister_manifest(const struct registration *registration, const char *only)
{
	g_autofree char *folder = layer_folder(registration->layer);
	struct folder_listing *listing =
	    folder != NULL ? folder_list(folder, FOLDER_SUFFIX, FOLDER_FILES_MAX) : NULL;
	int status = COMREG_OK;
	unsigned removed = 0;

	for (guint i = 0; listing != NULL && i < listing->entries->len; i++) {
		const struct folder_entry *entry = g_ptr_array_index(listing->entries, i);
		g_autofree char *path = g_build_filename(folder, entry->name, NULL);
		g_autofree char *cause = NULL;
		HRESULT hr;

		if ((only != NULL && strcmp(only, entry->name) != 0) ||
		    !names_module(path, registration->module))
			continue;
		hr = registry_remove_manifest(registration->layer, entry->name, &cause);
		removed++;
		if (FAILED(hr))
			status = comreg_problem("%s stays registered: %s: %s", registration->module,
			    tessera_hresult_name(hr), cause);
		else
			terminal_line(TERMINAL_PLAIN, "unregistered %s: removed %s",
			    registration->module, path);
	}
	folder_listing_free(listing);
	if (removed == 0)
		terminal_line(TERMINAL_PLAIN, "%s is not registered in the %s layer",
		    registration->module, layers_kind_name(registration->layer));
	return status;
}
