/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/class_search.h"

#include <string.h>

#include "runtime/comreg/options.h"
#include "runtime/guid_text.h"

#define ENGLISH 0x409

/* The categories that Tessera defines, in case no manifest describes them. */
static const struct {
	const char *catid;
	const char *name;
} categories[] = {
	{ "{86430648-5D52-4039-A6F1-2BFE8FFB58FD}", "smart card reader driver" },
	{ "{88BAC663-F097-4012-9826-5DCA58948692}", "smart card service provider" },
	{ "{D04DAB01-9569-4867-A8DD-DCF3ADF9D0F6}", "smart card dialog" },
};

bool
class_search_guid(const char *text, GUID *ret_guid)
{
	g_autofree char *braced =
	    text[0] == '{' ? g_strdup(text) : g_strdup_printf("{%.64s}", text);

	return guid_from_text(braced, strlen(braced), ret_guid);
}

static void
say_none(const struct registry *registry, const char *what)
{
	g_autofree char *search = registry_describe_search(registry);

	(void)comreg_problem("no class has the CLSID, ProgID or name \"%s\"; %s; `comreg list` "
			     "shows what is there",
	    what, search);
}

GPtrArray *
class_search_all(const struct registry *registry, const char *what)
{
	GPtrArray *found = g_ptr_array_new();
	const GPtrArray *classes = registry_classes(registry);
	const struct registry_class *class;
	CLSID clsid;

	class = class_search_guid(what, &clsid) ? registry_find_class(registry, &clsid)
						: registry_find_progid(registry, what);
	if (class != NULL)
		g_ptr_array_add(found, (gpointer) class);
	for (guint i = 0; class == NULL && i < classes->len; i++) {
		const struct registry_class *other = g_ptr_array_index(classes, i);

		if (other->hidden_by == NULL && g_ascii_strcasecmp(other->info->name, what) == 0)
			g_ptr_array_add(found, (gpointer)other);
	}
	return found;
}

GPtrArray *
class_search(const struct registry *registry, const char *what)
{
	GPtrArray *found = class_search_all(registry, what);

	if (found->len == 0)
		say_none(registry, what);
	return found;
}

void
class_target_find(struct class_target *target, const struct registry *registry, const CLSID *clsid)
{
	*target = (struct class_target){ 0 };
	target->class = registry_resolve(registry, clsid, &target->cause);
	if (target->class == NULL)
		return;
	target->module = registry_module_path(target->class->file);
	target->module_exists = g_file_test(target->module, G_FILE_TEST_IS_REGULAR);
}

void
class_target_done(struct class_target *target)
{
	g_free(target->cause);
	g_free(target->module);
}

const char *
category_name(const struct registry *registry, const CATID *catid)
{
	const char *description = registry_category_description(registry, catid, 0);
	char text[GUID_TEXT_LENGTH + 1];

	if (description == NULL)
		description = registry_category_description(registry, catid, ENGLISH);
	if (description != NULL)
		return description;
	guid_to_text(catid, text);
	for (size_t i = 0; i < G_N_ELEMENTS(categories); i++)
		if (strcmp(categories[i].catid, text) == 0)
			return categories[i].name;
	return NULL;
}
