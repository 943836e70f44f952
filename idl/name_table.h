/* SPDX-License-Identifier: BSD-2-Clause */
/* Fixed tables with a name in each row are asked for every word of the source, so they are hashed.
 */
#ifndef TESSERA_IDL_NAME_TABLE_H
#define TESSERA_IDL_NAME_TABLE_H

#include <glib.h>

struct idl_name_table {
	const void *rows; /* each begins with a const char *, its name */
	gsize row_size;
	guint count;
	GHashTable *index; /* made when first asked */
};

#define IDL_NAME_TABLE(rows)                                      \
	{                                                         \
		rows, sizeof((rows)[0]), G_N_ELEMENTS(rows), NULL \
	}

/* The row of that name, the first one of several, or NULL. */
const void *idl_name_table_find(struct idl_name_table *table, const char *name);

#endif
