/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An immutable hash table behind one pointer. Adding a class makes a copy with one entry more and
 * swaps the pointer, so looking up needs an acquire load and nothing else.
 *
 * A reader may still be in an old table, and nobody knows which. Old tables are therefore kept to
 * the end of the process: there are as many as classes were activated, a bound that the registry's
 * own limits set. An unloader will wait for the readers and free them.
 */
#include "runtime/class_table.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include <glib.h>

struct table {
	const struct table *older; /* keeps it reachable for leak checkers */
	size_t count;
	size_t mask; /* slots - 1; at most half of them are used */
	const struct class_entry *slots[];
};

static pthread_mutex_t add_lock = PTHREAD_MUTEX_INITIALIZER;
static const struct table *table;

static size_t
first_slot(const struct table *in, const CLSID *clsid)
{
	uint64_t words[2];

	/* Classes of one vendor often differ in a single digit: every bit must matter. */
	memcpy(words, clsid, sizeof words);
	words[0] = (words[0] ^ words[1]) * 0x9E3779B97F4A7C15u;
	return (size_t)(words[0] >> 32) & in->mask;
}

static const struct class_entry *
find_in(const struct table *in, const CLSID *clsid)
{
	if (in == NULL)
		return NULL;
	for (size_t i = first_slot(in, clsid); in->slots[i] != NULL; i = (i + 1) & in->mask)
		if (IsEqualCLSID(&in->slots[i]->clsid, clsid))
			return in->slots[i];
	return NULL;
}

const struct class_entry *
class_table_find(const CLSID *clsid)
{
	return find_in(__atomic_load_n(&table, __ATOMIC_ACQUIRE), clsid);
}

static void
put(struct table *into, const struct class_entry *entry)
{
	size_t i = first_slot(into, &entry->clsid);

	while (into->slots[i] != NULL)
		i = (i + 1) & into->mask;
	into->slots[i] = entry;
	into->count++;
}

static struct table *
copy_with_room(const struct table *old)
{
	size_t count = old != NULL ? old->count : 0, slots = 8;
	struct table *copy;

	while (slots < 2 * (count + 1))
		slots *= 2;
	copy = calloc(1, sizeof *copy + slots * sizeof copy->slots[0]);
	if (copy == NULL)
		return NULL;
	copy->older = old;
	copy->mask = slots - 1;
	for (size_t i = 0; old != NULL && i <= old->mask; i++)
		if (old->slots[i] != NULL)
			put(copy, old->slots[i]);
	return copy;
}

/* Releases class objects: foreign code, so never under the lock. */
static void
entry_free(struct class_entry *entry)
{
	if (entry->factory != NULL)
		entry->factory->lpVtbl->Release(entry->factory);
	entry->object->lpVtbl->Release(entry->object);
	g_free(entry->name);
	g_free(entry->module_path);
	g_free(entry->manifest_path);
	g_free(entry);
}

const struct class_entry *
class_table_add(struct class_entry *entry)
{
	const struct class_entry *result;

	pthread_mutex_lock(&add_lock);
	result = find_in(table, &entry->clsid);
	if (result == NULL) {
		struct table *next = copy_with_room(table);

		if (next != NULL) {
			put(next, entry);
			__atomic_store_n(&table, next, __ATOMIC_RELEASE);
			result = entry;
		}
	}
	pthread_mutex_unlock(&add_lock);
	if (result != entry)
		entry_free(entry);
	return result;
}
