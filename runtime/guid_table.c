/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/guid_table.h"

#include <guiddef.h>

/* Identifiers that were made in a row differ in one field, whichever that is. */
static guint
hash(const void *key)
{
	const GUID *guid = key;
	guint tail = 0;

	for (size_t i = 0; i < sizeof guid->Data4; i++)
		tail = tail * 31 + guid->Data4[i];
	return guid->Data1 * 2654435761u ^ (((guint)guid->Data2 << 16) | guid->Data3) ^ tail;
}

static gboolean
equal(const void *a, const void *b)
{
	return IsEqualGUID((const GUID *)a, (const GUID *)b);
}

GHashTable *
guid_table_new(GDestroyNotify free_value)
{
	return g_hash_table_new_full(hash, equal, NULL, free_value);
}
