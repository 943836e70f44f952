/* SPDX-License-Identifier: BSD-2-Clause */
/* What all folders say together: masked files are out, names are unique. */
#ifndef RM_DATABASE_PICTURE_H
#define RM_DATABASE_PICTURE_H

#include "rm/database/folder_state.h"

/* (transfer full) @states: of struct folder_state, highest layer first. */
struct database_picture *picture_new(const GPtrArray *states);

#endif
