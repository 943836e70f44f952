/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three tables under one lock. A table exists only while it has entries, so that nothing is left
 * when all contexts were released and the library is unloaded, and no exit handler can come too
 * early for a thread that still works.
 */
#include "rm/api/memory.h"

#include <glib.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *contexts; /* SCARDCONTEXT -> scope */
static GHashTable *cards;    /* SCARDHANDLE -> SCARDCONTEXT */
static GHashTable *blocks;   /* address -> SCARDCONTEXT */

static void
forking(void)
{
	(void)pthread_mutex_lock(&lock);
}

static void
forked(void)
{
	(void)pthread_mutex_unlock(&lock);
}

static __attribute__((constructor)) void
watch_fork(void)
{
	(void)pthread_atfork(forking, forked, forked);
}

static void
table_put(GHashTable **table, ULONG_PTR key, ULONG_PTR value)
{
	if (*table == NULL)
		*table = g_hash_table_new(NULL, NULL);
	g_hash_table_insert(*table, GSIZE_TO_POINTER(key), GSIZE_TO_POINTER(value));
}

static bool
table_get(GHashTable *table, ULONG_PTR key, ULONG_PTR *ret_value)
{
	gpointer value;

	if (table == NULL ||
	    !g_hash_table_lookup_extended(table, GSIZE_TO_POINTER(key), NULL, &value))
		return false;
	*ret_value = GPOINTER_TO_SIZE(value);
	return true;
}

static void
table_shrink(GHashTable **table)
{
	if (*table != NULL && g_hash_table_size(*table) == 0) {
		g_hash_table_destroy(*table);
		*table = NULL;
	}
}

static void
table_take(GHashTable **table, ULONG_PTR key)
{
	if (*table != NULL)
		g_hash_table_remove(*table, GSIZE_TO_POINTER(key));
	table_shrink(table);
}

static gboolean
card_belongs(gpointer card, gpointer context, gpointer wanted)
{
	(void)card;
	return context == wanted;
}

static gboolean
block_belongs(gpointer block, gpointer context, gpointer wanted)
{
	if (context != wanted)
		return FALSE;
	free(block);
	return TRUE;
}

void
api_context_add(SCARDCONTEXT context, DWORD scope)
{
	(void)pthread_mutex_lock(&lock);
	table_put(&contexts, context, scope);
	(void)pthread_mutex_unlock(&lock);
}

void
api_context_remove(SCARDCONTEXT context)
{
	(void)pthread_mutex_lock(&lock);
	table_take(&contexts, context);
	if (cards != NULL)
		g_hash_table_foreach_remove(cards, card_belongs, GSIZE_TO_POINTER(context));
	table_shrink(&cards);
	if (blocks != NULL)
		g_hash_table_foreach_remove(blocks, block_belongs, GSIZE_TO_POINTER(context));
	table_shrink(&blocks);
	(void)pthread_mutex_unlock(&lock);
}

bool
api_context_known(SCARDCONTEXT context)
{
	ULONG_PTR value;
	bool known;

	(void)pthread_mutex_lock(&lock);
	known = table_get(contexts, context, &value);
	(void)pthread_mutex_unlock(&lock);
	return known;
}

DWORD
api_context_scope(SCARDCONTEXT context)
{
	ULONG_PTR scope = SCARD_SCOPE_USER;

	(void)pthread_mutex_lock(&lock);
	(void)table_get(contexts, context, &scope);
	(void)pthread_mutex_unlock(&lock);
	return (DWORD)scope;
}

void
api_card_add(SCARDHANDLE card, SCARDCONTEXT context)
{
	ULONG_PTR value;

	(void)pthread_mutex_lock(&lock);
	if (table_get(contexts, context, &value))
		table_put(&cards, card, context);
	(void)pthread_mutex_unlock(&lock);
}

void
api_card_remove(SCARDHANDLE card)
{
	(void)pthread_mutex_lock(&lock);
	table_take(&cards, card);
	(void)pthread_mutex_unlock(&lock);
}

bool
api_card_context(SCARDHANDLE card, SCARDCONTEXT *ret_context)
{
	bool known;

	(void)pthread_mutex_lock(&lock);
	known = table_get(cards, card, ret_context);
	(void)pthread_mutex_unlock(&lock);
	return known;
}

bool
api_block_add(SCARDCONTEXT context, void *block)
{
	ULONG_PTR value;
	bool lives;

	(void)pthread_mutex_lock(&lock);
	lives = context == 0 || table_get(contexts, context, &value);
	if (lives)
		table_put(&blocks, (ULONG_PTR)block, context);
	(void)pthread_mutex_unlock(&lock);
	return lives;
}

bool
api_block_free(SCARDCONTEXT context, const void *block)
{
	ULONG_PTR owner, address = (ULONG_PTR)block;
	bool found;

	(void)pthread_mutex_lock(&lock);
	found = table_get(blocks, address, &owner) && owner == context;
	if (found) {
		table_take(&blocks, address);
		free((void *)address);
	}
	(void)pthread_mutex_unlock(&lock);
	return found;
}
