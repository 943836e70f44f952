/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One folder of the database as it was last seen. What a file said is kept as long as the file
 * stays the same, and shared with the pictures that show it.
 */
#ifndef RM_DATABASE_FOLDER_STATE_H
#define RM_DATABASE_FOLDER_STATE_H

#include <sys/stat.h>

#include "rm/database/database.h"

/* Counted: g_atomic_rc_box. */
struct folder_item {
	char *name;
	char *path;
	struct stat status;
	GBytes
	    *young; /* contents of a file whose times cannot tell of the next change; else NULL */
	struct database_card *card; /* of these three one is there, or none: disabled */
	struct database_reader *reader;
	char *problem;
};

struct folder_state {
	enum database_kind kind;
	enum database_layer layer;
	unsigned rank;
	char *path;
	struct stat status; /* all zero: not there */
	bool young;
	char *problem;    /* of the folder as a whole */
	GPtrArray *items; /* by file name */
};

struct folder_state *folder_state_new(
    enum database_kind kind, enum database_layer layer, unsigned rank, const char *path);
void folder_state_free(void *state);

/* Brings it up to date; true: something differs. @thorough: also files that changed in place. */
bool folder_state_refresh(struct folder_state *state, bool thorough);

void folder_item_unref(void *item);

#endif
