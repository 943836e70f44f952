/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/lookup.h"

#include <string.h>

#include <winerror.h>

#include "runtime/registry.h"

/* Only what the user put over something of the system is worth a note: layers above each other are
 * otherwise just what they are for. */
static char *
describe_hidden(const struct registry *registry, const struct registry_class *class)
{
	const GPtrArray *classes = registry_classes(registry);

	if (class->file->folder->kind > LAYER_USER)
		return NULL;
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *other = g_ptr_array_index(classes, i);

		if (other->hidden_by == class && other->file->folder->kind > LAYER_USER)
			return g_strdup_printf("hides class %s of %s (%s layer)", other->info->name,
			    other->file->path, layers_kind_name(other->file->folder->kind));
	}
	return NULL;
}

HRESULT
lookup_class(const CLSID *clsid, struct lookup_class *ret, char **ret_cause)
{
	struct registry *registry = registry_get();
	const struct registry_class *class = registry_resolve(registry, clsid, ret_cause);

	memset(ret, 0, sizeof *ret);
	if (class != NULL) {
		ret->clsid = class->info->clsid;
		ret->name = g_strdup(class->info->name);
		ret->module_path = registry_module_path(class->file);
		ret->manifest_path = g_strdup(class->file->path);
		ret->threading_model = g_strdup(class->info->threading_model);
		ret->note = describe_hidden(registry, class);
		ret->resident = class->file->manifest->resident;
		ret->module_is_bare = strchr(class->file->manifest->module, '/') == NULL;
		ret->layer = class->file->folder->kind;
	}
	registry_unref(registry);
	return class != NULL ? S_OK : REGDB_E_CLASSNOTREG;
}

void
lookup_class_clear(struct lookup_class *class)
{
	g_free(class->name);
	g_free(class->module_path);
	g_free(class->manifest_path);
	g_free(class->threading_model);
	g_free(class->note);
	memset(class, 0, sizeof *class);
}
