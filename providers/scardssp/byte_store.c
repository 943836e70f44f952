/* SPDX-License-Identifier: BSD-2-Clause */
/* What clones of a byte buffer share: see byte_store.h. */
#include "providers/scardssp/byte_store.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct region {
	const void *owner;
	uint64_t offset;
	uint64_t count;
	DWORD type;
};

struct byte_store {
	atomic_uint references;
	pthread_mutex_t mutex;
	GArray *regions; /* of struct region */
};

struct byte_store *
byte_store_new(void)
{
	struct byte_store *store = calloc(1, sizeof *store);

	if (store == NULL)
		return NULL;
	if (pthread_mutex_init(&store->mutex, NULL) != 0) {
		free(store);
		return NULL;
	}
	atomic_init(&store->references, 1);
	store->regions = g_array_new(FALSE, FALSE, sizeof(struct region));
	return store;
}

struct byte_store *
byte_store_ref(struct byte_store *store)
{
	atomic_fetch_add_explicit(&store->references, 1, memory_order_relaxed);
	return store;
}

static struct region *
region_at(const struct byte_store *store, guint i)
{
	return &g_array_index(store->regions, struct region, i);
}

void
byte_store_unref(struct byte_store *store, const void *owner)
{
	if (store == NULL)
		return;
	byte_store_enter(store);
	for (guint i = store->regions->len; i-- > 0;)
		if (region_at(store, i)->owner == owner)
			g_array_remove_index_fast(store->regions, i);
	byte_store_leave(store);
	if (atomic_fetch_sub_explicit(&store->references, 1, memory_order_acq_rel) != 1)
		return;
	g_array_free(store->regions, TRUE);
	pthread_mutex_destroy(&store->mutex);
	free(store);
}

void
byte_store_enter(struct byte_store *store)
{
	pthread_mutex_lock(&store->mutex);
}

void
byte_store_leave(struct byte_store *store)
{
	pthread_mutex_unlock(&store->mutex);
}

static bool
overlaps(const struct region *region, uint64_t offset, uint64_t count)
{
	return count != 0 && region->count != 0 && region->offset < offset + count &&
	    offset < region->offset + region->count;
}

static bool
is_free(
    const struct byte_store *store, const void *owner, uint64_t offset, uint64_t count, DWORD types)
{
	for (guint i = 0; i < store->regions->len; i++) {
		const struct region *region = region_at(store, i);

		if (region->owner != owner && (region->type & types) != 0 &&
		    overlaps(region, offset, count))
			return false;
	}
	return true;
}

bool
byte_store_may_read(
    const struct byte_store *store, const void *owner, uint64_t offset, uint64_t count)
{
	return is_free(store, owner, offset, count, LOCK_EXCLUSIVE);
}

bool
byte_store_may_write(
    const struct byte_store *store, const void *owner, uint64_t offset, uint64_t count)
{
	return is_free(store, owner, offset, count, LOCK_WRITE | LOCK_EXCLUSIVE);
}

HRESULT
byte_store_lock(
    struct byte_store *store, const void *owner, uint64_t offset, uint64_t count, DWORD type)
{
	const struct region region = {
		.owner = owner, .offset = offset, .count = count, .type = type
	};
	bool granted;

	/* No object is NULL: a second LOCK_ONLYONCE is refused to its owner as well. */
	granted = type == LOCK_ONLYONCE
	    ? is_free(store, NULL, offset, count, LOCK_ONLYONCE)
	    : is_free(store, owner, offset, count, LOCK_WRITE | LOCK_EXCLUSIVE);
	if (!granted)
		return STG_E_LOCKVIOLATION;
	if (store->regions->len >= BYTE_STORE_LOCKS_MAX)
		return STG_E_INSUFFICIENTMEMORY;
	g_array_append_val(store->regions, region);
	return S_OK;
}

HRESULT
byte_store_unlock(
    struct byte_store *store, const void *owner, uint64_t offset, uint64_t count, DWORD type)
{
	for (guint i = 0; i < store->regions->len; i++) {
		const struct region *region = region_at(store, i);

		if (region->owner == owner && region->offset == offset && region->count == count &&
		    region->type == type) {
			g_array_remove_index_fast(store->regions, i);
			return S_OK;
		}
	}
	return STG_E_LOCKVIOLATION;
}
