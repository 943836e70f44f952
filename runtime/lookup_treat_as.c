/* SPDX-License-Identifier: BSD-2-Clause */
/* What one class is treated as, and who says so. */
#include <string.h>

#include <objbase.h>

#include "runtime/lookup.h"
#include "runtime/lookup_search.h"
#include "runtime/registry.h"

static const struct layer_folder *
folder_at(const struct lookup_search *search, unsigned number)
{
	return g_ptr_array_index(search->folders, number);
}

/* The higher of the class's own manifest and of the override, if there is one. */
static void
fill(const struct lookup_search *search, struct lookup_hit *hit, struct lookup_treatment *ret)
{
	const bool overridden = hit->by_override && hit->treat_as_view < hit->view;
	const struct layer_folder *folder =
	    folder_at(search, overridden ? hit->treat_as_view : hit->view);

	ret->treat_as = hit->treat_as;
	ret->name = g_steal_pointer(&hit->class->name);
	ret->layer = folder->kind;
	ret->path = g_build_filename(
	    folder->path, overridden ? MANIFEST_OVERLAY_NAME : hit->class->file.name, NULL);
}

bool
lookup_treatment(const CLSID *clsid, struct lookup_treatment *ret)
{
	struct lookup_search search;
	struct lookup_hit hit;
	bool found;

	memset(ret, 0, sizeof *ret);
	lookup_search_begin(&search);
	found = lookup_search_find(&search, clsid, 0, &hit);
	if (found) {
		fill(&search, &hit, ret);
		lookup_hit_clear(&hit);
	}
	lookup_search_end(&search);
	return found;
}

void
lookup_treatment_clear(struct lookup_treatment *treatment)
{
	g_free(treatment->name);
	g_free(treatment->path);
	memset(treatment, 0, sizeof *treatment);
}

static bool
one_step(struct lookup_search *search, CLSID *clsid)
{
	struct lookup_hit hit;
	bool treated;

	if (!lookup_search_find(search, clsid, 0, &hit))
		return false;
	treated = !IsEqualGUID(&hit.treat_as, &GUID_NULL);
	if (treated)
		*clsid = hit.treat_as;
	lookup_hit_clear(&hit);
	return treated;
}

void
lookup_treat_as_end(const CLSID *clsid, CLSID *ret_end)
{
	struct lookup_search search;
	unsigned steps = 0;

	*ret_end = *clsid;
	lookup_search_begin(&search);
	while (steps <= REGISTRY_TREAT_AS_MAX && one_step(&search, ret_end))
		steps++;
	lookup_search_end(&search);
	if (steps > REGISTRY_TREAT_AS_MAX)
		*ret_end = *clsid;
}
