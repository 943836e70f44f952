/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What programs keep of a card's contents for the next one, so that it need not be read again. An
 * item belongs to the card that its writer was connected to and goes with it; one from a writer
 * without a card stays until room is needed. Nothing outlives the engine, and what goes is wiped.
 */
#include <stdlib.h>
#include <string.h>

#include "rm/engine/private.h"

struct item {
	GList link; /* by last use */
	uint8_t identifier[RM_CACHE_IDENTIFIER_SIZE];
	const char *name; /* behind the bytes */
	uint32_t freshness;
	const struct rm_reader *reader; /* whose card; only compared; NULL: none */
	size_t size;                    /* of the whole */
	size_t length;
	uint8_t data[];
};

static guint
item_hash(gconstpointer key)
{
	const struct item *item = key;
	uint32_t first;

	memcpy(&first, item->identifier, sizeof first);
	return g_str_hash(item->name) ^ first;
}

static gboolean
item_equal(gconstpointer a, gconstpointer b)
{
	const struct item *x = a, *y = b;

	return memcmp(x->identifier, y->identifier, sizeof x->identifier) == 0 &&
	    strcmp(x->name, y->name) == 0;
}

void
rm_cache_init(struct rm_cache *cache)
{
	(void)pthread_mutex_init(&cache->lock, NULL);
	cache->items = g_hash_table_new(item_hash, item_equal);
	g_queue_init(&cache->used);
}

/* With the lock. */
static void
drop(struct rm_cache *cache, struct item *item)
{
	(void)g_hash_table_remove(cache->items, item);
	g_queue_unlink(&cache->used, &item->link);
	cache->bytes -= item->size;
	explicit_bzero(item, item->size);
	free(item);
}

void
rm_cache_done(struct rm_cache *cache)
{
	while (!g_queue_is_empty(&cache->used))
		drop(cache, cache->used.head->data);
	g_hash_table_destroy(cache->items);
	(void)pthread_mutex_destroy(&cache->lock);
}

void
rm_cache_forget(struct rm_reader *reader)
{
	struct rm_cache *cache = &reader->engine->cache;
	GList *next;

	(void)pthread_mutex_lock(&cache->lock);
	for (GList *link = cache->used.head; link != NULL; link = next) {
		struct item *item = link->data;

		next = link->next;
		if (item->reader == reader)
			drop(cache, item);
	}
	(void)pthread_mutex_unlock(&cache->lock);
}

/* With the lock. */
static struct item *
find(const struct rm_cache *cache, const struct rm_cache_key *key)
{
	struct item wanted = { .name = key->name };

	memcpy(wanted.identifier, key->identifier, sizeof wanted.identifier);
	return g_hash_table_lookup(cache->items, &wanted);
}

static struct item *
new_item(const struct rm_cache_key *key, const uint8_t *data, size_t length)
{
	size_t name_size = strlen(key->name) + 1, size = sizeof(struct item) + length + name_size;
	struct item *item = calloc(1, size);

	if (item == NULL)
		return NULL;
	item->link.data = item;
	item->size = size;
	item->length = length;
	item->freshness = key->freshness;
	memcpy(item->identifier, key->identifier, sizeof item->identifier);
	if (length > 0)
		memcpy(item->data, data, length);
	memcpy(item->data + length, key->name, name_size);
	item->name = (const char *)item->data + length;
	return item;
}

static void
insert(struct rm_cache *cache, const struct rm_cache_key *key, struct item *item)
{
	struct item *old;

	(void)pthread_mutex_lock(&cache->lock);
	if ((old = find(cache, key)) != NULL)
		drop(cache, old);
	while (cache->used.length >= RM_CACHE_ITEMS_MAX ||
	    cache->bytes + item->size > RM_CACHE_BYTES_MAX)
		drop(cache, cache->used.tail->data);
	(void)g_hash_table_add(cache->items, item);
	g_queue_push_head_link(&cache->used, &item->link);
	cache->bytes += item->size;
	(void)pthread_mutex_unlock(&cache->lock);
}

/* A connection of the context, with a reference; the first; NULL. */
static struct rm_card *
any_card(struct rm_session *session, SCARDCONTEXT context)
{
	struct rm_card *card;
	uint32_t index = 0;
	uintptr_t handle;

	(void)pthread_mutex_lock(&session->lock);
	while ((card = rm_table_each(&session->cards, &index, &handle)) != NULL)
		if (card->context == context)
			break;
	if (card != NULL)
		(void)__atomic_add_fetch(&card->references, 1, __ATOMIC_RELAXED);
	(void)pthread_mutex_unlock(&session->lock);
	return card;
}

LONG
rm_cache_write(struct rm_session *session, SCARDCONTEXT context, const struct rm_cache_key *key,
    const uint8_t *data, size_t length)
{
	struct rm_cache *cache = &session->engine->cache;
	LONG result = rm_context_check(session, context);
	struct rm_card *card;
	struct item *item;

	if (result != SCARD_S_SUCCESS)
		return result;
	if (length > RM_CACHE_ITEM_MAX)
		return SCARD_W_CACHE_ITEM_TOO_BIG;
	if ((item = new_item(key, data, length)) == NULL)
		return SCARD_E_NO_MEMORY;
	if ((card = any_card(session, context)) == NULL) {
		insert(cache, key, item);
		return SCARD_S_SUCCESS;
	}
	/* No card goes meanwhile: one that has gone already keeps nothing. */
	(void)pthread_mutex_lock(&card->reader->line->lock);
	if (card->stage == RM_CARD_OPEN && card->mark != RM_MARK_REMOVED && card->reader->present)
		item->reader = card->reader;
	insert(cache, key, item);
	(void)pthread_mutex_unlock(&card->reader->line->lock);
	rm_card_unref(card);
	return SCARD_S_SUCCESS;
}

/* With the lock. */
static LONG
look(struct rm_cache *cache, const struct rm_cache_key *key, uint8_t *data, size_t *length)
{
	struct item *item = find(cache, key);

	if (item == NULL)
		return SCARD_W_CACHE_ITEM_NOT_FOUND;
	if (item->freshness != key->freshness) {
		if (item->freshness < key->freshness)
			drop(cache, item);
		return SCARD_W_CACHE_ITEM_STALE;
	}
	g_queue_unlink(&cache->used, &item->link);
	g_queue_push_head_link(&cache->used, &item->link);
	return rm_answer(data, length, item->data, item->length);
}

LONG
rm_cache_read(struct rm_session *session, SCARDCONTEXT context, const struct rm_cache_key *key,
    uint8_t *data, size_t *length)
{
	struct rm_cache *cache = &session->engine->cache;
	LONG result = rm_context_check(session, context);

	if (result != SCARD_S_SUCCESS)
		return result;
	(void)pthread_mutex_lock(&cache->lock);
	result = look(cache, key, data, length);
	(void)pthread_mutex_unlock(&cache->lock);
	return result;
}
