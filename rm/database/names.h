/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names for cards that the database has no type for: lists of ATRs in the format of pcsc-tools
 * (smartcard_list.txt). An ATR stands at the beginning of a line, bytes with spaces between them, a
 * period for any digit; behind it, indented, lines that say what it is. Lists lie in names.d beside
 * cards.d, as files that end in .atrs.
 */
#ifndef RM_DATABASE_NAMES_H
#define RM_DATABASE_NAMES_H

#include "rm/database/database.h"

#define NAMES_SIZE_MAX (16u * 1024u * 1024u) /* bytes of a list */
#define NAMES_ENTRIES_MAX 200000u
#define NAMES_NAME_MAX 1024u /* bytes of a name; the rest is cut off */

struct names_entry {
	size_t length;
	uint8_t atr[DATABASE_ATR_MAX], mask[DATABASE_ATR_MAX]; /* as of a card type */
	char *name;                                            /* lines joined by "; " */
};

struct names_list {
	GArray *entries; /* of struct names_entry */
	guint skipped;   /* lines that are no ATR, and ATRs without a name */
};

/* NULL: *ret_problem (transfer full). */
struct names_list *names_parse(const char *data, size_t size, char **ret_problem);
void names_free(struct names_list *list);

/* Of those that match, the one with most digits given; the first of those. NULL: none. */
const char *names_find(const struct names_list *list, const uint8_t *atr, size_t length);

/* Puts a list in place of the one imported before. @ret_entries, @ret_skipped: as parsed. */
enum database_result names_import(const struct database *database, enum database_layer layer,
    const char *data, size_t size, guint *ret_entries, guint *ret_skipped, char **ret_cause);

/* (transfer full): what the lists of all layers call it; NULL: nothing. Reads them each time. */
char *names_look(const struct database *database, const uint8_t *atr, size_t length);

#endif
