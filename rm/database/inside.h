/* SPDX-License-Identifier: BSD-2-Clause */
/* The database as its own files see it. */
#ifndef RM_DATABASE_INSIDE_H
#define RM_DATABASE_INSIDE_H

#include "rm/database/folder_state.h"

struct database {
	GPtrArray *folders; /* of struct database_folder */
	GPtrArray *states;  /* of struct folder_state, two a folder */
	struct database_picture *current;
	gint64 checked; /* when all files were last looked at */
};

/* As database_look. @thorough: whatever the time since the last. */
struct database_picture *database_look_thoroughly(struct database *database, bool thorough);

#endif
