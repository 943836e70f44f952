/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl db: what its parts share. */
#ifndef RM_SCARDCTL_DB_H
#define RM_SCARDCTL_DB_H

#include "rm/database/database.h"
#include "rm/scardctl/scardctl.h"

/* Kinds of provider that have a name of their own. */
struct db_kind {
	DWORD id;
	const char *name;
};
extern const struct db_kind db_kinds[];
extern const size_t db_kind_count;

/* (transfer full): the name of a kind of provider, or its number. */
char *db_kind_name(DWORD id);

/* (transfer full): that of the library in use, wherever this program lies. */
struct database *db_open(const struct scardctl_options *options);

/* (transfer full): the administrator's folder that belongs to it; NULL: none. */
char *db_administrator_folder(void);

int db_list(const struct scardctl_options *options, struct database_picture *picture);
int db_show(const struct scardctl_options *options, const struct database_card *card);

#endif
