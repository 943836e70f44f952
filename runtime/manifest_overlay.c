/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/manifest_overlay.h"

#include <string.h>

#define DESCRIPTION "Description"

void
manifest_override_free(void *data)
{
	struct manifest_override *override = data;

	g_array_unref(override->categories);
	g_array_unref(override->required_categories);
	g_free(override);
}

void
manifest_category_free(void *data)
{
	struct manifest_category *category = data;

	g_ptr_array_unref(category->descriptions);
	g_free(category);
}

static void
description_free(void *data)
{
	struct manifest_description *description = data;

	g_free(description->text);
	g_free(description);
}

void
manifest_parse_override(
    struct manifest_parser *parser, struct manifest *manifest, const char *group)
{
	struct manifest_override *override;
	CLSID clsid;

	if (!manifest_get_group_guid(parser, group, MANIFEST_GROUP_OVERRIDE, &clsid))
		return;
	if (manifest->overrides->len >= MANIFEST_OVERRIDES_MAX) {
		manifest_refuse(
		    parser, group, NULL, "more than %u overrides", MANIFEST_OVERRIDES_MAX);
		return;
	}
	override = g_new0(struct manifest_override, 1);
	override->clsid = clsid;
	override->categories = g_array_new(FALSE, FALSE, sizeof(GUID));
	override->required_categories = g_array_new(FALSE, FALSE, sizeof(GUID));
	g_ptr_array_add(manifest->overrides, override);
	override->has_treat_as = manifest_get_guid(parser, group, "TreatAs", &override->treat_as);
	manifest_get_guids(parser, group, "ImplementedCategories", override->categories);
	manifest_get_guids(parser, group, "RequiredCategories", override->required_categories);
}

/* "Description" is for all languages, "Description[407]" for one; 0 is no language. */
static bool
language_of(const char *key, guint32 *ret_lcid)
{
	const char *digits = key + strlen(DESCRIPTION) + 1, *end;
	guint64 value;

	if (strcmp(key, DESCRIPTION) == 0) {
		*ret_lcid = 0;
		return true;
	}
	value = g_ascii_strtoull(digits, (char **)&end, 16);
	if (!g_ascii_isxdigit(digits[0]) || strcmp(end, "]") != 0 || value == 0 ||
	    value > G_MAXUINT32)
		return false;
	*ret_lcid = (guint32)value;
	return true;
}

static void
parse_description(struct manifest_parser *parser, const char *group, const char *key,
    struct manifest_category *category)
{
	struct manifest_description *description;
	char *text;
	guint32 lcid;

	if (!language_of(key, &lcid)) {
		manifest_refuse(parser, group, key,
		    "the language must be an LCID in hexadecimal, as in " DESCRIPTION "[409]");
		return;
	}
	if (category->descriptions->len >= MANIFEST_LANGUAGES_MAX) {
		manifest_refuse(
		    parser, group, key, "more than %u languages", MANIFEST_LANGUAGES_MAX);
		return;
	}
	text = manifest_get_text(parser, group, key, MANIFEST_DESCRIPTION_MAX);
	if (text == NULL)
		return;
	description = g_new0(struct manifest_description, 1);
	description->lcid = lcid;
	description->text = text;
	g_ptr_array_add(category->descriptions, description);
}

void
manifest_parse_category(
    struct manifest_parser *parser, struct manifest *manifest, const char *group)
{
	struct manifest_category *category;
	CATID catid;
	g_auto(GStrv) keys = NULL;

	if (!manifest_get_group_guid(parser, group, MANIFEST_GROUP_CATEGORY, &catid))
		return;
	if (manifest->categories->len >= MANIFEST_CATEGORIES_MAX) {
		manifest_refuse(
		    parser, group, NULL, "more than %u categories", MANIFEST_CATEGORIES_MAX);
		return;
	}
	category = g_new0(struct manifest_category, 1);
	category->catid = catid;
	category->descriptions = g_ptr_array_new_with_free_func(description_free);
	g_ptr_array_add(manifest->categories, category);
	keys = g_key_file_get_keys(parser->file, group, NULL, NULL);
	for (size_t i = 0; keys != NULL && keys[i] != NULL; i++)
		if (strcmp(keys[i], DESCRIPTION) == 0 || g_str_has_prefix(keys[i], DESCRIPTION "["))
			parse_description(parser, group, keys[i], category);
}
