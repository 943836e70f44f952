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

static void
check_manifest(const struct manifest *manifest)
{
	assert(manifest->module != NULL);
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
