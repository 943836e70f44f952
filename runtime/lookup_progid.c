/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ProgID counts where its class does: one of a class that is hidden or masked means nothing. In
 * the highest layer that has it, an exact ProgID goes before a version-independent one; of several
 * of the latter that stand equal, the newest counts.
 */
#include <string.h>

#include "runtime/lookup_search.h"

/* The number after the last period of a ProgID; 0 when there is none. */
static guint64
version_of(const char *progid)
{
	const char *dot = progid != NULL ? strrchr(progid, '.') : NULL;

	return dot != NULL ? g_ascii_strtoull(dot + 1, NULL, 10) : 0;
}

static bool
is_in_effect(struct lookup_search *search, unsigned view, const struct view_class *class)
{
	struct lookup_hit hit;
	bool same;

	if (!lookup_search_find(search, &class->clsid, 0, &hit))
		return false;
	same = hit.view == view && strcmp(hit.class->file.name, class->file.name) == 0;
	lookup_hit_clear(&hit);
	return same;
}

static bool
goes_before(const struct view_class *a, const struct view_class *b)
{
	int order;

	if (a->exact != b->exact)
		return a->exact;
	if (a->file.priority != b->file.priority)
		return a->file.priority > b->file.priority;
	if (!a->exact && version_of(a->progid) != version_of(b->progid))
		return version_of(a->progid) > version_of(b->progid);
	order = strcmp(a->file.name, b->file.name);
	return order != 0 ? order < 0 : memcmp(&a->clsid, &b->clsid, sizeof(CLSID)) < 0;
}

/* The best of one layer; NULL: it has none. */
static struct view_class *
find_in_layer(struct lookup_search *search, const char *progid, unsigned from, unsigned end)
{
	struct view_class *best = NULL;

	for (unsigned i = from; i < end; i++) {
		g_autoptr(GPtrArray) classes =
		    layer_view_find_progid(lookup_search_view(search, i), progid);

		for (guint j = 0; j < classes->len; j++) {
			struct view_class *class = g_ptr_array_index(classes, j);

			if ((best != NULL && !goes_before(class, best)) ||
			    !is_in_effect(search, i, class))
				continue;
			g_ptr_array_index(classes, j) = best;
			best = class;
		}
	}
	return best;
}

bool
lookup_search_find_progid(struct lookup_search *search, const char *progid, CLSID *ret_clsid)
{
	struct view_class *best = NULL;

	for (unsigned i = 0; i < search->folders->len && best == NULL;) {
		unsigned end = lookup_search_end_of_layer(search, i);

		best = find_in_layer(search, progid, i, end);
		if (best == NULL) {
			for (unsigned j = i; j < end; j++)
				(void)layer_view_files(lookup_search_view(search, j));
			best = find_in_layer(search, progid, i, end);
		}
		i = end;
	}
	if (best == NULL)
		return false;
	*ret_clsid = best->clsid;
	layer_view_class_free(best);
	return true;
}
