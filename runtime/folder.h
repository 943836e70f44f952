/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies in the manifest folders, without reading the manifests: enough to tell a change. */
#ifndef TESSERA_RUNTIME_FOLDER_H
#define TESSERA_RUNTIME_FOLDER_H

#include <stdbool.h>
#include <sys/stat.h>

#include <glib.h>

struct folder_entry {
	char *name;
	struct stat status; /* all zero when the file cannot be examined */
};

struct folder_listing {
	int error;          /* errno of reading the folder; ENOENT is an ordinary case */
	bool overfull;      /* more files than allowed; entries is empty */
	GPtrArray *entries; /* of struct folder_entry, by name */
};

/* (transfer full): the files in `path` whose names end with `suffix`, at most `max`. */
struct folder_listing *folder_list(const char *path, const char *suffix, unsigned max);

/* NULL is fine. */
void folder_listing_free(struct folder_listing *listing);

/* The same name, identity, size and times. */
bool folder_entry_equal(const struct folder_entry *a, const struct folder_entry *b);

/* Same files with the same identity, size and times. */
bool folder_listing_equal(const struct folder_listing *a, const struct folder_listing *b);

#endif
