/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What readers are called: the names of the resource manager, which knows those that are attached,
 * and what the database says of names and groups. Lists are multi-strings. Pure.
 */
#ifndef RM_API_READER_NAMES_H
#define RM_API_READER_NAMES_H

#include <stdbool.h>

#include "rm/database/database.h"

/*
 * (transfer full) The names under which attached readers are shown, of the groups that are wanted.
 * @attached: names of the resource manager
 * @groups: NULL or empty: all readers
 */
GString *
reader_names_list(const struct database_picture *picture, const char *attached, const char *groups);

/* (transfer full) The groups that have a reader, attached or in the database. */
GString *reader_names_groups(const struct database_picture *picture, const char *attached);

bool reader_names_has(const char *list, const char *name);

/* Whether a shown name other than @name stands for the device. */
bool reader_names_has_other(
    const struct database_picture *picture, const char *device, const char *name);

#endif
