/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/name_table.h"

static void
make_index(struct idl_name_table *table)
{
	table->index = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = table->count; i > 0; i--) {
		const char *row = (const char *)table->rows + (i - 1) * table->row_size;

		g_hash_table_insert(table->index, *(char *const *)(const void *)row, (gpointer)row);
	}
}

const void *
idl_name_table_find(struct idl_name_table *table, const char *name)
{
	if (table->index == NULL)
		make_index(table);
	return g_hash_table_lookup(table->index, name);
}
