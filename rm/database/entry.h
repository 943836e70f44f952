/* SPDX-License-Identifier: BSD-2-Clause */
/* One file of the database: text to entry and back. Pure. */
#ifndef RM_DATABASE_ENTRY_H
#define RM_DATABASE_ENTRY_H

#include "rm/database/database.h"

/* NULL: *ret_problem (transfer full) is one line that names the place. */
struct database_card *database_card_parse(const char *data, size_t size, char **ret_problem);
struct database_reader *database_reader_parse(const char *data, size_t size, char **ret_problem);

/* (transfer full): a file that parses to the same. NULL: no file can say this, *ret_problem why. */
char *database_card_format(const struct database_card *card, size_t *ret_size, char **ret_problem);
char *
database_reader_format(const struct database_reader *reader, size_t *ret_size, char **ret_problem);

/* (transfer full): what names are compared by where case does not matter. */
char *database_fold(const char *name);

#endif
