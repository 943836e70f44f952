/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/lookup.h"

#include <string.h>

#include <objbase.h>

#include "runtime/guid_text.h"
#include "runtime/lookup_search.h"
#include "runtime/registry.h"
#include "runtime/search_text.h"

static const struct layer_folder *
folder_at(const struct lookup_search *search, unsigned number)
{
	return g_ptr_array_index(search->folders, number);
}

static char *
path_at(const struct lookup_search *search, unsigned number, const char *name)
{
	return g_build_filename(folder_at(search, number)->path, name, NULL);
}

/* (transfer full): why a file does not count; NULL: it does. */
static char *
reason_of(struct lookup_search *search, unsigned number, const struct view_file *file)
{
	unsigned above;
	const struct view_file *masking = lookup_search_masking(search, number, file->name, &above);
	g_autofree char *path = NULL;

	if (masking == NULL)
		return g_strdup(file->reason);
	path = path_at(search, above, masking->name);
	return search_text_masked(path, masking->state, folder_at(search, above));
}

/* The first file of a folder that has the class, all of them being masked; NULL: none. */
static const struct view_file *
first_file(const GPtrArray *classes)
{
	const struct view_file *first = NULL;

	for (guint i = 0; i < classes->len; i++) {
		const struct view_class *class = g_ptr_array_index(classes, i);

		if (first == NULL || strcmp(class->file.name, first->name) < 0)
			first = &class->file;
	}
	return first;
}

/* "FILE (vendor layer) has it, but is masked by ..."; NULL: nothing has it. */
static char *
describe_masked(struct lookup_search *search, const CLSID *clsid)
{
	for (unsigned i = 0; i < search->folders->len; i++) {
		g_autoptr(GPtrArray) classes =
		    layer_view_find(g_ptr_array_index(search->views, i), clsid);
		const struct view_file *file = first_file(classes);
		g_autofree char *reason = NULL;
		g_autofree char *path = NULL;

		if (file == NULL)
			continue;
		reason = reason_of(search, i, file);
		path = path_at(search, i, file->name);
		return g_strdup_printf("%s (%s layer) has it, but is %s", path,
		    layers_kind_name(folder_at(search, i)->kind), reason);
	}
	return NULL;
}

static void
add_left_out(struct lookup_search *search, unsigned number, struct search_text *text)
{
	struct layer_view *view = g_ptr_array_index(search->views, number);
	const GPtrArray *files = layer_view_files(view);
	g_autofree char *problem = layer_view_problem(view);

	if (problem != NULL)
		search_text_left_out(text, folder_at(search, number)->path, problem);
	for (guint i = 0; i < files->len; i++) {
		const struct view_file *file = g_ptr_array_index(files, i);
		g_autofree char *reason = reason_of(search, number, file);
		g_autofree char *path = path_at(search, number, file->name);

		if (reason != NULL)
			search_text_left_out(text, path, reason);
	}
}

/* After a search that found nothing, all views are open. `clsid`: NULL: it was for a ProgID. */
static char *
describe_missing(struct lookup_search *search, const CLSID *clsid)
{
	struct search_text *text = search_text_new();
	g_autofree char *masked = clsid != NULL ? describe_masked(search, clsid) : NULL;
	g_autofree char *where = NULL;

	for (unsigned i = 0; i < search->folders->len; i++)
		search_text_folder(text, folder_at(search, i));
	for (unsigned i = 0; i < search->folders->len; i++)
		add_left_out(search, i, text);
	where = search_text_finish(text);
	if (clsid == NULL)
		return g_steal_pointer(&where);
	return g_strdup_printf("%s; %s", masked != NULL ? masked : "no manifest has it", where);
}

static char *
describe_chain(
    struct lookup_search *search, const struct lookup_hit *hit, const CLSID *clsid, bool too_long)
{
	char from[GUID_TEXT_LENGTH + 1], to[GUID_TEXT_LENGTH + 1];
	g_autofree char *path = path_at(search, hit->treat_as_view,
	    hit->by_override ? MANIFEST_OVERLAY_NAME : hit->class->file.name);

	guid_to_text(clsid, from);
	if (too_long)
		return g_strdup_printf("its chain of TreatAs has more than %u steps or goes in a "
				       "circle; it comes by %s in %s",
		    REGISTRY_TREAT_AS_MAX, from, path);
	return g_strdup_printf("%s says TreatAs=%s for %s, and no manifest has that class", path,
	    guid_to_text(&hit->treat_as, to), from);
}

/* Follows TreatAs. On failure @ret_cause says why. */
static bool
resolve(struct lookup_search *search, const CLSID *asked, CLSID *ret_clsid,
    struct lookup_hit *ret_hit, char **ret_cause)
{
	struct lookup_hit hit, next;
	CLSID clsid = *asked;
	unsigned steps = 0;

	if (!lookup_search_find(search, &clsid, 0, &hit)) {
		*ret_cause = describe_missing(search, &clsid);
		return false;
	}
	while (!IsEqualGUID(&hit.treat_as, &GUID_NULL)) {
		bool too_long =
		    ++steps > REGISTRY_TREAT_AS_MAX || IsEqualGUID(&hit.treat_as, &clsid);

		if (too_long || !lookup_search_find(search, &hit.treat_as, 0, &next)) {
			*ret_cause = describe_chain(search, &hit, &clsid, too_long);
			lookup_hit_clear(&hit);
			return false;
		}
		clsid = hit.treat_as;
		lookup_hit_clear(&hit);
		hit = next;
	}
	*ret_clsid = clsid;
	*ret_hit = hit;
	return true;
}

static void
fill(struct lookup_search *search, const CLSID *clsid, struct lookup_hit *hit,
    struct lookup_class *ret)
{
	ret->clsid = *clsid;
	ret->name = g_steal_pointer(&hit->class->name);
	ret->threading_model = g_steal_pointer(&hit->class->threading_model);
	ret->manifest_path = path_at(search, hit->view, hit->class->file.name);
	ret->module_path = layers_module_path(ret->manifest_path, hit->class->file.module);
	ret->module_is_bare = strchr(hit->class->file.module, '/') == NULL;
	ret->resident = hit->class->file.resident;
	ret->layer = folder_at(search, hit->view)->kind;
}

HRESULT
lookup_class(const CLSID *clsid, struct lookup_class *ret, char **ret_cause)
{
	struct lookup_search search;
	struct lookup_hit hit;
	CLSID serving;
	bool found;

	memset(ret, 0, sizeof *ret);
	*ret_cause = NULL;
	lookup_search_begin(&search);
	found = resolve(&search, clsid, &serving, &hit, ret_cause);
	if (found) {
		fill(&search, &serving, &hit, ret);
		lookup_hit_clear(&hit);
	}
	lookup_search_end(&search);
	return found ? S_OK : REGDB_E_CLASSNOTREG;
}

HRESULT
lookup_progid(const char *progid, CLSID *ret_clsid, char **ret_cause)
{
	struct lookup_search search;
	bool found;

	*ret_cause = NULL;
	lookup_search_begin(&search);
	found = lookup_search_find_progid(&search, progid, ret_clsid);
	if (!found)
		*ret_cause = describe_missing(&search, NULL);
	lookup_search_end(&search);
	return found ? S_OK : CO_E_CLASSSTRING;
}

char *
lookup_progid_of(const CLSID *clsid, bool *ret_is_registered)
{
	struct lookup_search search;
	struct lookup_hit hit;
	char *progid = NULL;

	lookup_search_begin(&search);
	*ret_is_registered = lookup_search_find(&search, clsid, 0, &hit);
	if (*ret_is_registered) {
		progid = g_steal_pointer(&hit.class->progid);
		lookup_hit_clear(&hit);
	}
	lookup_search_end(&search);
	return progid;
}

/* Only what the user put over something of the system is worth a note: layers above each other are
 * otherwise just what they are for. */
static char *
describe_hidden(struct lookup_search *search, const CLSID *clsid, unsigned view)
{
	struct lookup_hit hit;
	g_autofree char *path = NULL;
	char *note;

	if (folder_at(search, view)->kind > LAYER_USER)
		return NULL;
	while (view < search->folders->len && folder_at(search, view)->kind <= LAYER_USER)
		view++;
	if (!lookup_search_find(search, clsid, view, &hit))
		return NULL;
	path = path_at(search, hit.view, hit.class->file.name);
	note = g_strdup_printf("hides class %s of %s (%s layer)", hit.class->name, path,
	    layers_kind_name(folder_at(search, hit.view)->kind));
	lookup_hit_clear(&hit);
	return note;
}

char *
lookup_hidden(const CLSID *clsid)
{
	struct lookup_search search;
	struct lookup_hit hit;
	char *note = NULL;

	lookup_search_begin(&search);
	if (lookup_search_find(&search, clsid, 0, &hit)) {
		note = describe_hidden(&search, clsid, hit.view);
		lookup_hit_clear(&hit);
	}
	lookup_search_end(&search);
	return note;
}

void
lookup_class_clear(struct lookup_class *class)
{
	g_free(class->name);
	g_free(class->module_path);
	g_free(class->manifest_path);
	g_free(class->threading_model);
	memset(class, 0, sizeof *class);
}
