/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/selection.h"

#include <string.h>

#include "runtime/comreg/class_search.h"

bool
selection_is_narrow(const struct selection *selection)
{
	return selection->category != NULL || selection->interface != NULL ||
	    selection->module != NULL;
}

bool
selection_has_file(const struct selection *selection, const struct registry_file *file)
{
	return !selection->by_layer || file->folder->kind == selection->layer;
}

bool
selection_means(const char *what, const GUID *guid, const char *name)
{
	GUID given;

	if (class_search_guid(what, &given))
		return IsEqualGUID(&given, guid);
	return name != NULL && g_ascii_strcasecmp(what, name) == 0;
}

bool
selection_means_module(const char *what, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	size_t length = strlen(what);

	if (strchr(what, '/') != NULL) {
		g_autofree char *absolute = g_canonicalize_filename(what, NULL);

		return strcmp(absolute, path) == 0;
	}
	return strncmp(name, what, length) == 0 &&
	    (name[length] == '\0' || strcmp(name + length, ".so") == 0);
}

bool
selection_guid_in(const GArray *guids, const GUID *guid)
{
	for (guint i = 0; i < guids->len; i++)
		if (IsEqualGUID(&g_array_index(guids, GUID, i), guid))
			return true;
	return false;
}

static bool
has_category(const struct selection *selection, const struct registry_class *class)
{
	g_autoptr(GArray) categories = registry_class_categories(selection->registry, class, false);

	for (guint i = 0; i < categories->len; i++) {
		const GUID *guid = &g_array_index(categories, GUID, i);

		if (selection_means(
			selection->category, guid, category_name(selection->registry, guid)))
			return true;
	}
	return false;
}

static bool
has_interface(const struct selection *selection, const GArray *interfaces)
{
	for (guint i = 0; i < interfaces->len; i++) {
		const GUID *guid = &g_array_index(interfaces, GUID, i);

		if (selection_means(selection->interface, guid,
			registry_interface_name(selection->registry, guid)))
			return true;
	}
	return false;
}

static bool
has_module(const struct selection *selection, const struct registry_file *file)
{
	g_autofree char *path = registry_module_path(file);

	return selection_means_module(selection->module, path);
}

bool
selection_has_class(const struct selection *selection, const struct registry_class *class)
{
	return selection_has_file(selection, class->file) &&
	    (selection->category == NULL || has_category(selection, class)) &&
	    (selection->interface == NULL || has_interface(selection, class->info->interfaces)) &&
	    (selection->module == NULL || has_module(selection, class->file));
}

bool
selection_lists(const struct selection *selection, const struct registry_class *class)
{
	return class->hidden_by == NULL && selection_has_class(selection, class);
}
