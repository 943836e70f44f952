/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/lookup_search.h"

#include <string.h>

#include <objbase.h>

#include "runtime/folder_picture.h"

static void
close_view(void *view)
{
	layer_view_close(view);
}

static void
forget_other_folders(const GPtrArray *folders)
{
	g_autofree const char **paths = g_new0(const char *, folders->len + 1);

	for (guint i = 0; i < folders->len; i++)
		paths[i] = ((const struct layer_folder *)g_ptr_array_index(folders, i))->path;
	folder_pictures_keep(paths);
}

void
lookup_search_begin(struct lookup_search *search)
{
	search->folders = layers_folders();
	forget_other_folders(search->folders);
	search->views = g_ptr_array_new_with_free_func(close_view);
}

void
lookup_search_end(struct lookup_search *search)
{
	g_ptr_array_unref(search->views);
	g_ptr_array_unref(search->folders);
}

struct layer_view *
lookup_search_view(struct lookup_search *search, unsigned number)
{
	while (search->views->len <= number)
		g_ptr_array_add(search->views,
		    layer_view_open(g_ptr_array_index(search->folders, search->views->len)));
	return g_ptr_array_index(search->views, number);
}

static unsigned
rank_of(const struct lookup_search *search, unsigned number)
{
	return ((const struct layer_folder *)g_ptr_array_index(search->folders, number))->rank;
}

unsigned
lookup_search_end_of_layer(const struct lookup_search *search, unsigned number)
{
	unsigned rank = rank_of(search, number);

	while (number < search->folders->len && rank_of(search, number) == rank)
		number++;
	return number;
}

const struct view_file *
lookup_search_masking(
    struct lookup_search *search, unsigned view, const char *name, unsigned *ret_above)
{
	if (strcmp(name, MANIFEST_OVERLAY_NAME) == 0)
		return NULL;
	for (unsigned i = 0; i < view; i++) {
		const struct view_file *file = layer_view_file(lookup_search_view(search, i), name);

		if (file == NULL)
			continue;
		*ret_above = i;
		return file;
	}
	return NULL;
}

static bool
goes_before(const struct view_class *a, const struct view_class *b)
{
	if (a->file.priority != b->file.priority)
		return a->file.priority > b->file.priority;
	return strcmp(a->file.name, b->file.name) < 0;
}

/* Takes over those classes of a folder that go before what the hit has. */
static void
consider(struct lookup_search *search, unsigned view, GPtrArray *classes, struct lookup_hit *hit)
{
	for (guint i = 0; i < classes->len; i++) {
		struct view_class *class = g_ptr_array_index(classes, i);
		unsigned above;

		if ((hit->class != NULL && !goes_before(class, hit->class)) ||
		    lookup_search_masking(search, view, class->file.name, &above) != NULL)
			continue;
		g_ptr_array_index(classes, i) = hit->class;
		hit->class = class;
		hit->view = view;
	}
}

static void
set_treat_as(struct lookup_search *search, const CLSID *clsid, struct lookup_hit *hit)
{
	unsigned end = lookup_search_end_of_layer(search, hit->view);

	hit->treat_as = hit->class->treat_as;
	hit->treat_as_view = hit->view;
	hit->by_override = false;
	for (unsigned i = 0; i < end && !hit->by_override; i++) {
		hit->by_override =
		    layer_view_treat_as(lookup_search_view(search, i), clsid, &hit->treat_as);
		if (hit->by_override)
			hit->treat_as_view = i;
	}
}

static void
search_layer(struct lookup_search *search, const CLSID *clsid, unsigned from, unsigned end,
    struct lookup_hit *hit)
{
	for (unsigned i = from; i < end; i++) {
		GPtrArray *classes = layer_view_find(lookup_search_view(search, i), clsid);

		consider(search, i, classes, hit);
		g_ptr_array_unref(classes);
	}
}

bool
lookup_search_find(
    struct lookup_search *search, const CLSID *clsid, unsigned view, struct lookup_hit *ret_hit)
{
	struct lookup_hit hit = { 0 };

	while (view < search->folders->len && hit.class == NULL) {
		unsigned end = lookup_search_end_of_layer(search, view);

		search_layer(search, clsid, view, end, &hit);
		/* A manifest that was edited in place may have the class now. */
		if (hit.class == NULL) {
			for (unsigned i = view; i < end; i++)
				(void)layer_view_files(lookup_search_view(search, i));
			search_layer(search, clsid, view, end, &hit);
		}
		view = end;
	}
	if (hit.class == NULL)
		return false;
	set_treat_as(search, clsid, &hit);
	*ret_hit = hit;
	return true;
}

void
lookup_hit_clear(struct lookup_hit *hit)
{
	layer_view_class_free(hit->class);
	hit->class = NULL;
}
