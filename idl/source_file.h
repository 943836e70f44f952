/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IDL files on disk: bounded reading, and the search for imports. A file is known by what it is,
 * not by how it is spelled, so that two ways to one folder do not declare everything twice.
 */
#ifndef TESSERA_IDL_SOURCE_FILE_H
#define TESSERA_IDL_SOURCE_FILE_H

#include <stdbool.h>

#include <glib.h>

struct idl_source_files {
	const char *const *folders; /* of -I, in order */
	guint folder_count;
	GHashTable *paths; /* device and inode: the path under which the file was read first */
};

void idl_source_files_init(
    struct idl_source_files *files, const char *const *folders, guint folder_count);
void idl_source_files_done(struct idl_source_files *files);

/*
 * Read a file, at most one byte more than the compiler accepts: it reports what is too long.
 * *ret_text and *ret_path (the spelling it was read under first) are freed with g_free. On failure
 * returns false with the reason, also to free, in *ret_error.
 */
bool idl_source_file_read(struct idl_source_files *files, const char *path, char **ret_path,
    char **ret_text, gsize *ret_length, char **ret_error);

/* An idl_find_import; context is the struct idl_source_files. */
bool idl_source_file_find(void *context, const char *importing_path, const char *name,
    char **ret_path, char **ret_text, gsize *ret_length);

#endif
