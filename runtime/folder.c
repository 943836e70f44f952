/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

static void
entry_free(void *data)
{
	struct folder_entry *entry = data;

	g_free(entry->name);
	g_free(entry);
}

static int
compare_entries(const void *a, const void *b)
{
	const struct folder_entry *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static void
add_entry(struct folder_listing *listing, int folder, const char *name)
{
	struct folder_entry *entry = g_new0(struct folder_entry, 1);

	entry->name = g_strdup(name);
	if (fstatat(folder, name, &entry->status, 0) != 0)
		memset(&entry->status, 0, sizeof entry->status);
	g_ptr_array_add(listing->entries, entry);
}

struct folder_listing *
folder_list(const char *path, const char *suffix, unsigned max)
{
	struct folder_listing *listing = g_new0(struct folder_listing, 1);
	DIR *folder = opendir(path);
	const struct dirent *item;

	listing->entries = g_ptr_array_new_with_free_func(entry_free);
	if (folder == NULL) {
		listing->error = errno;
		return listing;
	}
	while (!listing->overfull && (errno = 0, item = readdir(folder)) != NULL) {
		if (item->d_name[0] == '.' || !g_str_has_suffix(item->d_name, suffix))
			continue;
		if (listing->entries->len >= max)
			listing->overfull = true;
		else
			add_entry(listing, dirfd(folder), item->d_name);
	}
	listing->error = listing->overfull ? 0 : errno;
	closedir(folder);
	/* Which files are among the first `max` is the file system's whim; better none. */
	if (listing->overfull || listing->error != 0)
		g_ptr_array_set_size(listing->entries, 0);
	g_ptr_array_sort(listing->entries, compare_entries);
	return listing;
}

void
folder_listing_free(struct folder_listing *listing)
{
	if (listing == NULL)
		return;
	g_ptr_array_unref(listing->entries);
	g_free(listing);
}

static bool
same_status(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_mode == b->st_mode &&
	    a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool
folder_entry_equal(const struct folder_entry *a, const struct folder_entry *b)
{
	return strcmp(a->name, b->name) == 0 && same_status(&a->status, &b->status);
}

bool
folder_listing_equal(const struct folder_listing *a, const struct folder_listing *b)
{
	if (a->error != b->error || a->overfull != b->overfull ||
	    a->entries->len != b->entries->len)
		return false;
	for (guint i = 0; i < a->entries->len; i++)
		if (!folder_entry_equal(
			g_ptr_array_index(a->entries, i), g_ptr_array_index(b->entries, i)))
			return false;
	return true;
}
