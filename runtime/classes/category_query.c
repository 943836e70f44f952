/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/classes/category_query.h"

#include "runtime/classes/known_categories.h"
#include "runtime/guid_table.h"

static const char *
known_description(const CATID *catid)
{
	for (size_t i = 0; i < known_categories_count; i++)
		if (IsEqualGUID(known_categories[i].catid, catid))
			return known_categories[i].description;
	return NULL;
}

const char *
category_describe(const struct registry *registry, const CATID *catid, LCID lcid, LCID *ret_lcid)
{
	const char *text = registry_category_description(registry, catid, lcid);

	*ret_lcid = lcid;
	if (text != NULL)
		return text;
	*ret_lcid = CATEGORY_ENGLISH;
	text = registry_category_description(registry, catid, CATEGORY_ENGLISH);
	return text != NULL ? text : known_description(catid);
}

/* Categories in the order in which they were met, each once. */
struct collection {
	GArray *list;     /* of CATID */
	GHashTable *seen; /* a copy of each, as key and value */
};

static void
add(struct collection *collection, const CATID *catid)
{
	CATID *key;

	if (g_hash_table_contains(collection->seen, catid))
		return;
	key = g_memdup2(catid, sizeof *catid);
	g_hash_table_insert(collection->seen, key, key);
	g_array_append_vals(collection->list, catid, 1);
}

static void
add_all(struct collection *collection, GArray *from)
{
	for (guint i = 0; i < from->len; i++)
		add(collection, &g_array_index(from, CATID, i));
	g_array_unref(from);
}

GArray *
category_list(const struct registry *registry)
{
	const GPtrArray *classes = registry_classes(registry);
	struct collection collection = {
		.list = g_array_new(FALSE, FALSE, sizeof(CATID)),
		.seen = guid_table_new(g_free),
	};

	add_all(&collection, registry_categories(registry));
	for (size_t i = 0; i < known_categories_count; i++)
		add(&collection, known_categories[i].catid);
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (class->hidden_by != NULL)
			continue;
		add_all(&collection, registry_class_categories(registry, class, false));
		add_all(&collection, registry_class_categories(registry, class, true));
	}
	g_hash_table_unref(collection.seen);
	return collection.list;
}

static bool
is_in(const CATID *catid, const CATID *list, ULONG count)
{
	for (ULONG i = 0; i < count; i++)
		if (IsEqualGUID(catid, &list[i]))
			return true;
	return false;
}

bool
category_exists(const struct registry *registry, const CATID *catid)
{
	g_autoptr(GArray) list = NULL;

	if (registry_has_category(registry, catid) || known_description(catid) != NULL)
		return true;
	list = category_list(registry);
	return is_in(catid, (const CATID *)(void *)list->data, list->len);
}

static bool
implements_one(const struct registry *registry, const struct registry_class *class,
    const struct category_selection *selection)
{
	g_autoptr(GArray) own = registry_class_categories(registry, class, false);

	for (guint i = 0; i < own->len; i++)
		if (is_in(&g_array_index(own, CATID, i), selection->implemented,
			selection->implemented_count))
			return true;
	return false;
}

static bool
requires_no_other(const struct registry *registry, const struct registry_class *class,
    const struct category_selection *selection)
{
	g_autoptr(GArray) own = registry_class_categories(registry, class, true);

	for (guint i = 0; i < own->len; i++)
		if (!is_in(&g_array_index(own, CATID, i), selection->required,
			selection->required_count))
			return false;
	return true;
}

bool
category_selects(const struct registry *registry, const struct registry_class *class,
    const struct category_selection *selection)
{
	return (selection->implemented_count == CATEGORY_ANY ||
		   implements_one(registry, class, selection)) &&
	    (selection->required_count == CATEGORY_ANY ||
		requires_no_other(registry, class, selection));
}
