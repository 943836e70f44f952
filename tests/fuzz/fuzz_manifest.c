/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manifests come with components from anywhere. Whatever the bytes are, the parser returns a
 * manifest within its limits or one line of text that says what is wrong, and leaks nothing.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "runtime/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_text(const char *text, size_t max)
{
	assert(text == NULL || (text[0] != '\0' && strlen(text) <= max));
}

/* Either it has a module, or it is an overlay and has neither classes nor interfaces. */
static void
check_overlay(const struct manifest *manifest)
{
	if (manifest->module != NULL)
		assert(manifest->overrides->len == 0);
	else
		assert(manifest->classes->len + manifest->interfaces->len == 0 &&
		    manifest->overrides->len + manifest->categories->len > 0);
	assert(manifest->overrides->len <= MANIFEST_OVERRIDES_MAX);
	assert(manifest->categories->len <= MANIFEST_CATEGORIES_MAX);
	for (guint i = 0; i < manifest->categories->len; i++) {
		const struct manifest_category *category =
		    g_ptr_array_index(manifest->categories, i);

		assert(category->descriptions->len <= MANIFEST_LANGUAGES_MAX);
		for (guint j = 0; j < category->descriptions->len; j++) {
			const struct manifest_description *description =
			    g_ptr_array_index(category->descriptions, j);

			assert(description->text != NULL);
			check_text(description->text, MANIFEST_DESCRIPTION_MAX);
		}
	}
}

static void
check_manifest(const struct manifest *manifest)
{
	check_overlay(manifest);
	check_text(manifest->module, MANIFEST_MODULE_MAX);
	assert(manifest->classes->len <= MANIFEST_CLASSES_MAX);
	assert(manifest->interfaces->len <= MANIFEST_INTERFACES_MAX);
	for (guint i = 0; i < manifest->classes->len; i++) {
		const struct manifest_class *class = g_ptr_array_index(manifest->classes, i);

		assert(class->name != NULL);
		check_text(class->name, MANIFEST_NAME_MAX);
		check_text(class->description, MANIFEST_DESCRIPTION_MAX);
		check_text(class->progid, MANIFEST_PROGID_MAX);
		check_text(class->vi_progid, MANIFEST_PROGID_MAX);
		assert(class->interfaces->len <= MANIFEST_LIST_MAX);
		assert(class->categories->len <= MANIFEST_LIST_MAX);
		assert(class->required_categories->len <= MANIFEST_LIST_MAX);
	}
	for (guint i = 0; i < manifest->interfaces->len; i++) {
		const struct manifest_interface *interface =
		    g_ptr_array_index(manifest->interfaces, i);

		assert(interface->name != NULL);
		check_text(interface->name, MANIFEST_NAME_MAX);
		check_text(interface->type_library, MANIFEST_MODULE_MAX);
		assert(interface->methods >= 0 && interface->methods <= MANIFEST_METHODS_MAX);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *problem;
	struct manifest *manifest = manifest_parse((const char *)data, size, &problem);

	if (manifest != NULL) {
		assert(problem == NULL);
		check_manifest(manifest);
	} else {
		assert(problem != NULL && problem[0] != '\0' && strpbrk(problem, "\r\n") == NULL);
		assert(g_utf8_validate(problem, -1, NULL));
	}
	manifest_free(manifest);
	g_free(problem);
	return 0;
}
