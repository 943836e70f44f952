/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our handles and the daemon's. 32 bits, so that they fit every binary interface. The table exists
 * only while it has entries, as those of memory.c.
 */
#include "rm/api/remote.h"

/* Odd, so that different counts give different handles, none of them beside another. */
#define SPREAD 0x9E3779B1u

static gboolean
belongs(gpointer handle, gpointer entry, gpointer context)
{
	const struct remote_handle *card = entry;

	(void)handle;
	return card->kind == REMOTE_CARD && card->context == GPOINTER_TO_SIZE(context);
}

static bool
known(const struct remote_handles *handles, ULONG_PTR handle)
{
	return handles->table != NULL &&
	    g_hash_table_contains(handles->table, GSIZE_TO_POINTER(handle));
}

ULONG_PTR
remote_handles_add(struct remote_handles *handles, enum remote_kind kind, uint32_t generation,
    uint64_t theirs, ULONG_PTR context)
{
	struct remote_handle *entry, *owner = NULL;
	ULONG_PTR handle;

	if (kind == REMOTE_CARD) {
		if ((owner = remote_handles_get(handles, REMOTE_CONTEXT, context)) == NULL)
			return 0;
		owner->cards++;
	}
	do
		handle = (uint32_t)(++handles->count * SPREAD);
	while (handle == 0 || known(handles, handle));
	entry = g_new(struct remote_handle, 1);
	*entry = (struct remote_handle){
		.kind = kind, .generation = generation, .theirs = theirs, .context = context
	};
	if (handles->table == NULL)
		handles->table = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_hash_table_insert(handles->table, GSIZE_TO_POINTER(handle), entry);
	return handle;
}

struct remote_handle *
remote_handles_get(const struct remote_handles *handles, enum remote_kind kind, ULONG_PTR handle)
{
	struct remote_handle *entry;

	if (handles->table == NULL)
		return NULL;
	entry = g_hash_table_lookup(handles->table, GSIZE_TO_POINTER(handle));
	return entry != NULL && entry->kind == kind ? entry : NULL;
}

void
remote_handles_remove(struct remote_handles *handles, ULONG_PTR handle)
{
	const struct remote_handle *entry;
	struct remote_handle *owner;

	if ((entry = remote_handles_get(handles, REMOTE_CARD, handle)) != NULL) {
		if ((owner = remote_handles_get(handles, REMOTE_CONTEXT, entry->context)) != NULL)
			owner->cards--;
	} else if ((entry = remote_handles_get(handles, REMOTE_CONTEXT, handle)) == NULL)
		return;
	else if (entry->cards > 0)
		g_hash_table_foreach_remove(handles->table, belongs, GSIZE_TO_POINTER(handle));
	g_hash_table_remove(handles->table, GSIZE_TO_POINTER(handle));
	if (g_hash_table_size(handles->table) == 0)
		remote_handles_clear(handles);
}

void
remote_handles_clear(struct remote_handles *handles)
{
	g_clear_pointer(&handles->table, g_hash_table_destroy);
}
