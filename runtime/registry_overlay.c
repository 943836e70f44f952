/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What overlays add to classes, and what is said about categories. An override counts for classes
 * of its own layer and of those below: what someone put above it is not its business. Of several
 * TreatAs the highest counts, and in one layer that of the override; categories add up.
 */
#include <string.h>

#include <objbase.h>

#include "runtime/guid_table.h"
#include "runtime/registry_picture.h"

#define LANGUAGE_MASK 0x3FFu /* of an LCID: the language without the country */

static void
unref_array(void *array)
{
	g_ptr_array_unref(array);
}

static GPtrArray *
array_of(GHashTable *table, gpointer key, GDestroyNotify free_element)
{
	GPtrArray *array = g_hash_table_lookup(table, key);

	if (array == NULL) {
		array = g_ptr_array_new_with_free_func(free_element);
		g_hash_table_insert(table, key, array);
	}
	return array;
}

static void
index_file(struct registry *registry, const struct registry_file *file)
{
	for (guint i = 0; i < file->manifest->overrides->len; i++) {
		struct registry_override *override = g_new0(struct registry_override, 1);
		struct manifest_override *info = g_ptr_array_index(file->manifest->overrides, i);

		override->info = info;
		override->file = file;
		g_ptr_array_add(array_of(registry->overrides, &info->clsid, g_free), override);
	}
	for (guint i = 0; i < file->manifest->categories->len; i++) {
		struct manifest_category *info = g_ptr_array_index(file->manifest->categories, i);

		g_ptr_array_add(array_of(registry->categories, &info->catid, NULL), info);
	}
}

static bool
applies(const struct registry_override *override, const struct registry_class *class)
{
	return override->file->folder->rank <= class->file->folder->rank;
}

static void
set_treat_as(const struct registry *registry, struct registry_class *class)
{
	const GPtrArray *overrides = g_hash_table_lookup(registry->overrides, &class->info->clsid);

	class->treat_as = class->info->treat_as;
	class->treat_as_file = class->file;
	for (guint i = 0; overrides != NULL && i < overrides->len; i++) {
		const struct registry_override *override = g_ptr_array_index(overrides, i);

		if (!override->info->has_treat_as || !applies(override, class))
			continue;
		class->treat_as = override->info->treat_as;
		class->treat_as_file = override->file;
		break;
	}
	if (IsEqualGUID(&class->treat_as, &GUID_NULL))
		class->treat_as_file = NULL;
}

void
registry_index_overlays(struct registry *registry)
{
	registry->overrides = guid_table_new(unref_array);
	registry->categories = guid_table_new(unref_array);
	for (guint i = 0; i < registry->files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(registry->files, i);

		if (file->manifest != NULL)
			index_file(registry, file);
	}
	for (guint i = 0; i < registry->classes->len; i++)
		set_treat_as(registry, g_ptr_array_index(registry->classes, i));
}

static void
add_missing(GArray *into, const GArray *from)
{
	for (guint i = 0; i < from->len; i++) {
		const GUID *guid = &g_array_index(from, GUID, i);
		bool there = false;

		for (guint j = 0; j < into->len && !there; j++)
			there = IsEqualGUID(&g_array_index(into, GUID, j), guid);
		if (!there)
			g_array_append_vals(into, guid, 1);
	}
}

GArray *
registry_class_categories(
    const struct registry *registry, const struct registry_class *class, bool required)
{
	const GPtrArray *overrides = g_hash_table_lookup(registry->overrides, &class->info->clsid);
	GArray *all = g_array_new(FALSE, FALSE, sizeof(GUID));

	add_missing(all, required ? class->info->required_categories : class->info->categories);
	for (guint i = 0; overrides != NULL && i < overrides->len; i++) {
		const struct registry_override *override = g_ptr_array_index(overrides, i);

		if (applies(override, class))
			add_missing(all,
			    required ? override->info->required_categories
				     : override->info->categories);
	}
	return all;
}

GArray *
registry_categories(const struct registry *registry)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(GUID));
	GHashTableIter iter;
	gpointer catid;

	g_hash_table_iter_init(&iter, registry->categories);
	while (g_hash_table_iter_next(&iter, &catid, NULL))
		g_array_append_vals(all, catid, 1);
	return all;
}

bool
registry_has_category(const struct registry *registry, const CATID *catid)
{
	return g_hash_table_contains(registry->categories, catid);
}

static const char *
find_text(const GPtrArray *categories, guint32 lcid, guint32 mask)
{
	for (guint i = 0; i < categories->len; i++) {
		const struct manifest_category *category = g_ptr_array_index(categories, i);

		for (guint j = 0; j < category->descriptions->len; j++) {
			const struct manifest_description *description =
			    g_ptr_array_index(category->descriptions, j);

			if ((description->lcid & mask) == (lcid & mask))
				return description->text;
		}
	}
	return NULL;
}

const char *
registry_category_description(const struct registry *registry, const CATID *catid, guint32 lcid)
{
	const GPtrArray *categories = g_hash_table_lookup(registry->categories, catid);
	const char *text;

	if (categories == NULL)
		return NULL;
	text = find_text(categories, lcid, G_MAXUINT32);
	if (text == NULL)
		text = find_text(categories, lcid, LANGUAGE_MASK);
	return text != NULL ? text : find_text(categories, 0, G_MAXUINT32);
}
