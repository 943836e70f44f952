/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/source_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idl/limits.h"

void
idl_source_files_init(
    struct idl_source_files *files, const char *const *folders, guint folder_count)
{
	files->folders = folders;
	files->folder_count = folder_count;
	files->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void
idl_source_files_done(struct idl_source_files *files)
{
	g_clear_pointer(&files->paths, g_hash_table_unref);
}

/* At most size bytes; negative errno on failure. */
static gssize
read_bytes(int descriptor, char *text, gsize size)
{
	gsize length = 0;

	while (length < size) {
		ssize_t count = read(descriptor, text + length, size - length);

		if (count == 0)
			break;
		if (count > 0)
			length += (gsize)count;
		else if (errno != EINTR)
			return -errno;
	}
	return (gssize)length;
}

static char *
first_path(struct idl_source_files *files, const struct stat *status, const char *path)
{
	g_autofree char *identity =
	    g_strdup_printf("%ju:%ju", (uintmax_t)status->st_dev, (uintmax_t)status->st_ino);
	const char *known = g_hash_table_lookup(files->paths, identity);

	if (known != NULL)
		return g_strdup(known);
	g_hash_table_insert(files->paths, g_steal_pointer(&identity), g_strdup(path));
	return g_strdup(path);
}

bool
idl_source_file_read(struct idl_source_files *files, const char *path, char **ret_path,
    char **ret_text, gsize *ret_length, char **ret_error)
{
	g_autofree char *text = NULL;
	struct stat status = { 0 };
	int descriptor;
	gssize length;

	descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0 || fstat(descriptor, &status) < 0) {
		length = -errno;
	} else {
		text = g_malloc(IDL_SOURCE_MAX + 1);
		length = read_bytes(descriptor, text, IDL_SOURCE_MAX + 1);
	}
	if (descriptor >= 0)
		close(descriptor);
	if (length < 0) {
		*ret_error = g_strdup(g_strerror((int)-length));
		return false;
	}
	*ret_path = first_path(files, &status, path);
	*ret_text = g_realloc(g_steal_pointer(&text), (gsize)length + 1);
	*ret_length = (gsize)length;
	return true;
}

/* Beside the asking file first, then the folders of -I. */
bool
idl_source_file_find(void *context, const char *importing_path, const char *name, char **ret_path,
    char **ret_text, gsize *ret_length)
{
	struct idl_source_files *files = context;
	g_autofree char *beside =
	    importing_path != NULL ? g_path_get_dirname(importing_path) : NULL;

	for (guint i = beside != NULL ? 0 : 1; i <= files->folder_count; i++) {
		const char *folder = i == 0 ? beside : files->folders[i - 1];
		g_autofree char *path = strcmp(folder, ".") == 0 || g_path_is_absolute(name)
		    ? g_strdup(name)
		    : g_build_filename(folder, name, NULL);
		g_autofree char *error = NULL;

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			continue;
		if (idl_source_file_read(files, path, ret_path, ret_text, ret_length, &error))
			return true;
		*ret_path = g_strdup_printf("cannot be read (%s)", error);
		return false;
	}
	return false;
}
