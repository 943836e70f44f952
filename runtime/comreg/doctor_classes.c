/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg doctor: whether the identifiers of classes agree with each other. */
#include <string.h>

#include <objbase.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/doctor.h"
#include "runtime/guid_text.h"

static bool
is_users(const struct registry_class *class)
{
	return class->file->folder->kind == LAYER_ENVIRONMENT ||
	    class->file->folder->kind == LAYER_USER;
}

static void
examine_place(
    struct doctor *doctor, const struct registry_class *class, const struct registry_class *first)
{
	char clsid[GUID_TEXT_LENGTH + 1];

	guid_to_text(&class->info->clsid, clsid);
	if (first != NULL && first->file != class->file &&
	    first->file->folder->rank == class->file->folder->rank)
		doctor_note(doctor, DOCTOR_ERROR, "duplicate", class->file->path,
		    "remove one of the two manifests, or put Priority= into the one that is meant",
		    "class %s %s is also in %s of the same layer, which is used", clsid,
		    class->info->name, first->file->path);
	else if (class->hidden_by != NULL && is_users(class->hidden_by) && !is_users(class))
		doctor_note(doctor, DOCTOR_WARNING, "hides", class->hidden_by->file->path,
		    "remove the manifest if the system's class is wanted",
		    "its class %s %s hides that of %s (%s layer)", clsid,
		    class->hidden_by->info->name, class->file->path,
		    layers_kind_name(class->file->folder->kind));
}

/* Those of the same layer with the same class, and those above. */
static void
examine_places(struct doctor *doctor)
{
	const GPtrArray *classes = registry_classes(doctor->registry);
	g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		char clsid[GUID_TEXT_LENGTH + 1];
		char *key = g_strdup_printf(
		    "%u %s", class->file->folder->rank, guid_to_text(&class->info->clsid, clsid));

		examine_place(doctor, class, g_hash_table_lookup(first, key));
		if (g_hash_table_contains(first, key))
			g_free(key);
		else
			g_hash_table_insert(first, key, (gpointer) class);
	}
}

static void
examine_threading(struct doctor *doctor, const struct registry_class *class)
{
	const char *model = class->info->threading_model;

	if (!IsEqualGUID(&class->treat_as, &GUID_NULL))
		return;
	if (model == NULL ||
	    (g_ascii_strcasecmp(model, "Both") != 0 && g_ascii_strcasecmp(model, "Free") != 0 &&
		g_ascii_strcasecmp(model, "Neutral") != 0))
		doctor_note(doctor, DOCTOR_ERROR, "threading-model", class->file->path,
		    "make the class safe for use by several threads and say ThreadingModel=Both",
		    "class %s has %s%s: it cannot be used, because every thread uses objects "
		    "directly",
		    class->info->name, model != NULL ? "ThreadingModel=" : "no ThreadingModel",
		    model != NULL ? model : "");
}

static void
examine_progid(struct doctor *doctor, const struct registry_class *class, const char *progid)
{
	const struct registry_class *found;
	bool exact = progid == class->info->progid;

	if (progid == NULL)
		return;
	found = registry_find_progid(doctor->registry, progid);
	if (found == class)
		return;
	/* Of several versions the newest is current. */
	if (!exact && found != NULL && found->info->vi_progid != NULL &&
	    g_ascii_strcasecmp(found->info->vi_progid, progid) == 0)
		return;
	doctor_note(doctor, DOCTOR_ERROR, "progid", class->file->path,
	    "give one of the two classes another ProgID", "%s %s of class %s leads to %s%s%s",
	    exact ? "ProgID" : "VersionIndependentProgID", progid, class->info->name,
	    found != NULL ? found->info->name : "no class", found != NULL ? " of " : "",
	    found != NULL ? found->file->path : "");
}

static void
examine_treat_as(struct doctor *doctor, const struct registry_class *class)
{
	g_autofree char *cause = NULL;

	if (registry_resolve(doctor->registry, &class->info->clsid, &cause) == NULL)
		doctor_note(doctor, DOCTOR_ERROR, "treat-as", class->file->path,
		    "register the class it leads to, or take TreatAs= out of the manifest",
		    "class %s leads nowhere: %s", class->info->name, cause);
}

static void
examine_names(struct doctor *doctor, const struct registry_class *class)
{
	const struct manifest_class *info = class->info;
	g_autoptr(GArray) categories = registry_class_categories(doctor->registry, class, false);
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < info->interfaces->len; i++) {
		const GUID *iid = &g_array_index(info->interfaces, GUID, i);

		if (registry_interface_name(doctor->registry, iid) != NULL)
			continue;
		doctor_note(doctor, DOCTOR_WARNING, "interface", class->file->path,
		    "add a group [Interface {IID}] with its Name= to the manifest",
		    "class %s has the interface %s, which no manifest names", info->name,
		    guid_to_text(iid, text));
	}
	for (guint i = 0; i < categories->len; i++) {
		const GUID *catid = &g_array_index(categories, GUID, i);

		if (category_name(doctor->registry, catid) != NULL)
			continue;
		doctor_note(doctor, DOCTOR_WARNING, "category", class->file->path,
		    "add a group [Category {CATID}] with its Description= to a manifest",
		    "class %s is in the category %s, which nobody describes", info->name,
		    guid_to_text(catid, text));
	}
}

static void
examine_overrides(struct doctor *doctor, const struct registry_file *file)
{
	for (guint i = 0; file->manifest != NULL && i < file->manifest->overrides->len; i++) {
		const struct manifest_override *override =
		    g_ptr_array_index(file->manifest->overrides, i);
		char clsid[GUID_TEXT_LENGTH + 1];

		if (registry_find_class(doctor->registry, &override->clsid) == NULL)
			doctor_note(doctor, DOCTOR_WARNING, "treat-as", file->path,
			    "take the group [Override {CLSID}] out, or install the component again",
			    "it overrides class %s, which is not registered",
			    guid_to_text(&override->clsid, clsid));
	}
}

static void
examine_interface_names(struct doctor *doctor, const struct registry_file *file)
{
	for (guint i = 0; file->manifest != NULL && i < file->manifest->interfaces->len; i++) {
		const struct manifest_interface *interface =
		    g_ptr_array_index(file->manifest->interfaces, i);
		const char *known = registry_interface_name(doctor->registry, &interface->iid);
		char text[GUID_TEXT_LENGTH + 1];

		if (known == NULL || strcmp(known, interface->name) == 0)
			continue;
		doctor_note(doctor, DOCTOR_WARNING, "interface", file->path,
		    "find out which of the two has another's IID; an IID stands for one interface",
		    "interface %s is called %s here and %s elsewhere",
		    guid_to_text(&interface->iid, text), interface->name, known);
	}
}

void
doctor_examine_classes(struct doctor *doctor)
{
	const GPtrArray *classes = registry_classes(doctor->registry);
	const GPtrArray *files = registry_files(doctor->registry);

	examine_places(doctor);
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (class->hidden_by != NULL)
			continue;
		examine_threading(doctor, class);
		examine_progid(doctor, class, class->info->progid);
		examine_progid(doctor, class, class->info->vi_progid);
		examine_treat_as(doctor, class);
		examine_names(doctor, class);
	}
	for (guint i = 0; i < files->len; i++) {
		examine_interface_names(doctor, g_ptr_array_index(files, i));
		examine_overrides(doctor, g_ptr_array_index(files, i));
	}
}
