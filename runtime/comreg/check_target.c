/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is to be tried: from a CLSID or ProgID to the module, from a module to its manifest. The
 * manifest of a module that is not installed is looked for beside it, so that an author can check
 * what was just built.
 */
#include <string.h>
#include <sys/stat.h>

#include "runtime/comreg/check.h"
#include "runtime/comreg/class_search.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/options.h"
#include "runtime/folder_picture.h"
#include "runtime/guid_text.h"

static struct manifest *
read_manifest(const char *path, char **ret_problem)
{
	g_autofree char *data = NULL;
	struct stat status;
	gsize size;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
	    status.st_size > MANIFEST_SIZE_MAX || status.st_size == 0 ||
	    !g_file_get_contents(path, &data, &size, NULL)) {
		*ret_problem = g_strdup("it cannot be read");
		return NULL;
	}
	return manifest_parse(data, size, ret_problem);
}

static bool
is_same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
	    first.st_ino == second.st_ino;
}

static const struct registry_file *
find_registered(const struct registry *registry, const char *module)
{
	const GPtrArray *files = registry_files(registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);
		g_autofree char *path =
		    file->state == REGISTRY_ACTIVE ? registry_module_path(file) : NULL;

		if (path != NULL && is_same_file(path, module))
			return file;
	}
	return NULL;
}

/* A manifest in the module's own folder that names it. */
static char *
find_beside(const char *module)
{
	g_autofree char *folder = g_path_get_dirname(module);
	g_autofree char *base = g_path_get_basename(module);
	GDir *dir = g_dir_open(folder, 0, NULL);
	char *found = NULL;
	const char *name;

	while (dir != NULL && found == NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *problem = NULL;
		struct manifest *manifest =
		    g_str_has_suffix(name, FOLDER_SUFFIX) ? read_manifest(path, &problem) : NULL;

		if (manifest != NULL && strcmp(manifest->module, base) == 0)
			found = g_steal_pointer(&path);
		manifest_free(manifest);
	}
	if (dir != NULL)
		g_dir_close(dir);
	return found;
}

static int
take_manifest(struct check_target *target)
{
	g_autofree char *problem = NULL;

	if (target->manifest_path == NULL)
		return COMREG_OK;
	target->manifest = read_manifest(target->manifest_path, &problem);
	return target->manifest != NULL
	    ? COMREG_OK
	    : comreg_problem("manifest %s: %s", target->manifest_path, problem);
}

static int
find_module(struct check_target *target, const struct registry *registry, const char *path)
{
	const struct registry_file *file;

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return comreg_problem("module %s: there is no such file", path);
	target->module = g_canonicalize_filename(path, NULL);
	file = find_registered(registry, target->module);
	target->is_registered = file != NULL;
	target->manifest_path = file != NULL ? g_strdup(file->path) : find_beside(target->module);
	return take_manifest(target);
}

static int
find_class(struct check_target *target, const struct registry *registry, const char *what)
{
	g_autoptr(GPtrArray) found = class_search(registry, what);
	const struct registry_class *class;

	if (found->len == 0)
		return COMREG_PROBLEM;
	if (found->len > 1)
		return comreg_problem(
		    "\"%s\": %u classes have that name; give the CLSID", what, found->len);
	class = g_ptr_array_index(found, 0);
	target->module = registry_module_path(class->file);
	target->manifest_path = g_strdup(class->file->path);
	target->is_registered = true;
	g_array_append_val(target->classes, class->info->clsid);
	if (!g_file_test(target->module, G_FILE_TEST_IS_REGULAR))
		return comreg_problem(
		    "class %s: its module %s does not exist", class->info->name, target->module);
	return take_manifest(target);
}

static int
settle_classes(struct check_target *target)
{
	if (target->classes->len == 0 && target->manifest != NULL)
		for (guint i = 0; i < target->manifest->classes->len; i++) {
			const struct manifest_class *class =
			    g_ptr_array_index(target->manifest->classes, i);

			g_array_append_val(target->classes, class->clsid);
		}
	if (target->classes->len == 0)
		return comreg_wrong_use("check",
		    "module %s: no manifest names it, so say which classes it has with "
		    "--class CLSID",
		    target->module);
	return COMREG_OK;
}

int
check_target_find(
    struct check_target *target, const char *what, const GArray *classes, const GArray *iids)
{
	struct registry *registry = registry_get();
	GUID guid;
	int status;

	*target = (struct check_target){
		.classes = g_array_new(FALSE, FALSE, sizeof(CLSID)),
		.iids = g_array_new(FALSE, FALSE, sizeof(IID)),
	};
	g_array_append_vals(target->iids, iids->data, iids->len);
	if (!class_search_guid(what, &guid) &&
	    (strchr(what, '/') != NULL || g_str_has_suffix(what, ".so")))
		status = find_module(target, registry, what);
	else
		status = find_class(target, registry, what);
	registry_unref(registry);
	if (status != COMREG_OK)
		return status;
	if (classes->len > 0) {
		g_array_set_size(target->classes, 0);
		g_array_append_vals(target->classes, classes->data, classes->len);
	}
	return settle_classes(target);
}

void
check_target_clear(struct check_target *target)
{
	g_free(target->module);
	g_free(target->manifest_path);
	manifest_free(target->manifest);
	g_array_unref(target->classes);
	g_array_unref(target->iids);
}

char *
check_target_class_name(const struct check_target *target, const CLSID *clsid)
{
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; target->manifest != NULL && i < target->manifest->classes->len; i++) {
		const struct manifest_class *class =
		    g_ptr_array_index(target->manifest->classes, i);

		if (IsEqualCLSID(&class->clsid, clsid))
			return g_strdup(class->name);
	}
	return g_strdup(guid_to_text(clsid, text));
}
