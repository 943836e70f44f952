/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The overlay of a layer, local.component: read, changed and replaced while the layer is locked. A
 * group that says nothing any more goes, and so does a file that has none. An overlay that is
 * broken is not touched: someone may want to save what is in it.
 */
#include <string.h>

#include <winerror.h>

#include "runtime/guid_text.h"
#include "runtime/layer_writer.h"
#include "runtime/manifest_file.h"
#include "runtime/manifest_overlay.h"
#include "runtime/registry_write.h"

#define TREAT_AS "TreatAs"
#define DESCRIPTION "Description"

/* One change of one group. */
struct change {
	const char *prefix; /* of the group's name */
	const GUID *guid;
	void (*apply)(GKeyFile *file, const char *group, const struct change *change);
	const CLSID *treat_as;
	const char *key;
	const CATID *categories;
	unsigned count;
	bool add;
	const char *text;
};

/* (transfer full): as it is spelled in the file, else as we spell it. */
static char *
find_group(GKeyFile *file, const char *prefix, const GUID *guid)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	char text[GUID_TEXT_LENGTH + 1];

	for (size_t i = 0; groups[i] != NULL; i++) {
		const char *name = groups[i] + strlen(prefix);
		GUID found;

		if (g_str_has_prefix(groups[i], prefix) &&
		    guid_from_text(name, strlen(name), &found) && IsEqualGUID(&found, guid))
			return g_strdup(groups[i]);
	}
	return g_strconcat(prefix, guid_to_text(guid, text), NULL);
}

static bool
is_empty(GKeyFile *file, const char *group)
{
	g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);

	return keys == NULL || keys[0] == NULL;
}

static bool
has_overlay_groups(GKeyFile *file)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (size_t i = 0; groups[i] != NULL; i++)
		if (g_str_has_prefix(groups[i], MANIFEST_GROUP_OVERRIDE) ||
		    g_str_has_prefix(groups[i], MANIFEST_GROUP_CATEGORY))
			return true;
	return false;
}

/* An empty file says as little as none. */
static HRESULT
read_overlay(const struct layer_writer *writer, GKeyFile *file, char **ret_cause)
{
	g_autofree char *path = g_build_filename(writer->path, MANIFEST_OVERLAY_NAME, NULL);
	struct manifest_file *read;
	HRESULT hr = S_OK;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return S_OK;
	read = manifest_file_read(path);
	if (read->state == REGISTRY_BROKEN) {
		*ret_cause =
		    g_strdup_printf("%s: %s; repair it or take it away", path, read->reason);
		hr = REGDB_E_WRITEREGDB;
	} else if (read->state == REGISTRY_ACTIVE &&
	    !g_key_file_load_from_file(
		file, path, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, NULL)) {
		*ret_cause = g_strdup_printf("%s: cannot be read", path);
		hr = REGDB_E_WRITEREGDB;
	}
	manifest_file_free(read);
	return hr;
}

static HRESULT
write_overlay(struct layer_writer *writer, GKeyFile *file, char **ret_cause)
{
	g_autofree char *problem = NULL;
	gsize size;
	g_autofree char *text = g_key_file_to_data(file, &size, NULL);
	struct manifest *manifest;

	if (!has_overlay_groups(file))
		return layer_writer_remove(writer, MANIFEST_OVERLAY_NAME, ret_cause);
	manifest = manifest_parse(text, size, &problem);
	if (manifest == NULL) {
		*ret_cause = g_strdup_printf(
		    "%s/" MANIFEST_OVERLAY_NAME " would be wrong: %s", writer->path, problem);
		return E_INVALIDARG;
	}
	manifest_free(manifest);
	return layer_writer_put(writer, MANIFEST_OVERLAY_NAME, text, size, ret_cause);
}

/* Whether that made a difference. */
static bool
apply(GKeyFile *file, const struct change *change)
{
	g_autofree char *group = find_group(file, change->prefix, change->guid);
	g_autofree char *before = g_key_file_to_data(file, NULL, NULL);
	g_autofree char *after = NULL;

	change->apply(file, group, change);
	if (strcmp(change->prefix, MANIFEST_GROUP_OVERRIDE) == 0 && is_empty(file, group))
		g_key_file_remove_group(file, group, NULL);
	after = g_key_file_to_data(file, NULL, NULL);
	return strcmp(before, after) != 0;
}

static HRESULT
change_overlay(enum layer_kind layer, const struct change *change, char **ret_cause)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	struct layer_writer writer;
	HRESULT hr;

	*ret_cause = NULL;
	hr = layer_writer_open(layer, &writer, ret_cause);
	if (FAILED(hr))
		return hr;
	hr = read_overlay(&writer, file, ret_cause);
	if (SUCCEEDED(hr))
		hr = apply(file, change) ? write_overlay(&writer, file, ret_cause) : S_FALSE;
	layer_writer_close(&writer);
	return hr;
}

static void
apply_treat_as(GKeyFile *file, const char *group, const struct change *change)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (change->treat_as != NULL)
		g_key_file_set_string(file, group, TREAT_AS, guid_to_text(change->treat_as, text));
	else
		g_key_file_remove_key(file, group, TREAT_AS, NULL);
}

HRESULT
registry_write_treat_as(
    enum layer_kind layer, const CLSID *clsid, const CLSID *to, char **ret_cause)
{
	struct change change = {
		.prefix = MANIFEST_GROUP_OVERRIDE,
		.guid = clsid,
		.apply = apply_treat_as,
		.treat_as = to,
	};

	return change_overlay(layer, &change, ret_cause);
}

static bool
is_listed(const struct change *change, const char *text)
{
	GUID guid;

	if (!guid_from_text(text, strlen(text), &guid))
		return false;
	for (unsigned i = 0; i < change->count; i++)
		if (IsEqualGUID(&change->categories[i], &guid))
			return true;
	return false;
}

static void
apply_class_categories(GKeyFile *file, const char *group, const struct change *change)
{
	g_auto(GStrv) old = g_key_file_get_string_list(file, group, change->key, NULL, NULL);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	char text[GUID_TEXT_LENGTH + 1];

	for (size_t i = 0; old != NULL && old[i] != NULL; i++)
		if (!is_listed(change, old[i]))
			g_ptr_array_add(list, g_strdup(old[i]));
	for (unsigned i = 0; change->add && i < change->count; i++)
		g_ptr_array_add(list, g_strdup(guid_to_text(&change->categories[i], text)));
	if (list->len > 0)
		g_key_file_set_string_list(
		    file, group, change->key, (const char *const *)list->pdata, list->len);
	else
		g_key_file_remove_key(file, group, change->key, NULL);
}

HRESULT
registry_write_class_categories(enum layer_kind layer, const CLSID *clsid, bool required,
    const CATID *categories, unsigned count, bool add, char **ret_cause)
{
	struct change change = {
		.prefix = MANIFEST_GROUP_OVERRIDE,
		.guid = clsid,
		.apply = apply_class_categories,
		.key = required ? "RequiredCategories" : "ImplementedCategories",
		.categories = categories,
		.count = count,
		.add = add,
	};

	return change_overlay(layer, &change, ret_cause);
}

static void
apply_description(GKeyFile *file, const char *group, const struct change *change)
{
	if (change->text != NULL)
		g_key_file_set_string(file, group, change->key, change->text);
	else
		g_key_file_remove_key(file, group, change->key, NULL);
}

HRESULT
registry_write_category(enum layer_kind layer, const CATID *catid, guint32 lcid,
    const char *description, char **ret_cause)
{
	g_autofree char *key =
	    lcid == 0 ? g_strdup(DESCRIPTION) : g_strdup_printf(DESCRIPTION "[%x]", (unsigned)lcid);
	struct change change = {
		.prefix = MANIFEST_GROUP_CATEGORY,
		.guid = catid,
		.apply = apply_description,
		.key = key,
		.text = description,
	};

	return change_overlay(layer, &change, ret_cause);
}

static void
apply_removal(GKeyFile *file, const char *group, const struct change *change)
{
	(void)change;
	g_key_file_remove_group(file, group, NULL);
}

HRESULT
registry_remove_category(enum layer_kind layer, const CATID *catid, char **ret_cause)
{
	struct change change = {
		.prefix = MANIFEST_GROUP_CATEGORY,
		.guid = catid,
		.apply = apply_removal,
	};

	return change_overlay(layer, &change, ret_cause);
}
