/* SPDX-License-Identifier: BSD-2-Clause */
/* Folders, manifests and texts for tests of the registry and of activation. */
#ifndef TESTS_UNIT_COM_SCRATCH_H
#define TESTS_UNIT_COM_SCRATCH_H

#include <objbase.h>
#include <stddef.h>

/* $TESSERA_BUILD/rest, in a buffer that lasts until the fourth next call. */
const char *scratch_built(const char *rest);

/* A new empty folder below the current one; the path is absolute and lives as long as the program.
 */
const char *scratch_folder(void);

/* Makes folder/name, and the folders to it, with these contents. Returns its path (as above). */
const char *scratch_write(const char *folder, const char *name, const char *contents);
const char *
scratch_write_bytes(const char *folder, const char *name, const void *contents, size_t size);

/* The manifest of one class, in a buffer that lasts until the fourth next call. `more`: lines for
 * the class's group. */
const char *
scratch_manifest(const char *module, const char *clsid, const char *name, const char *more);

/* The identifier in braces form; aborts on other text. */
GUID scratch_guid(const char *text);

/* Sets TESSERA_COMPONENT_PATH. */
void scratch_use(const char *folders);

/* Compares HRESULTs; shows their names when they differ. */
#define EXPECT_HRESULT(actual, expected) \
	scratch_hresult((actual), (expected), #actual, __FILE__, __LINE__)
void scratch_hresult(
    HRESULT actual, HRESULT expected, const char *text, const char *file, unsigned line);

/* Asserts that the thread's error text contains each of the NULL-terminated `parts`; takes it. */
#define SCRATCH_TEXT_HAS(...) \
	scratch_text_has(__FILE__, __LINE__, (const char *const[]){ __VA_ARGS__, NULL })
void scratch_text_has(const char *file, unsigned line, const char *const parts[]);

#endif
