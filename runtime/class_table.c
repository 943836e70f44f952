/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An immutable hash table behind one pointer. Whatever changes makes a copy and swaps the pointer,
 * so looking up needs an acquire load and nothing else. The old table, and what is not in the new
 * one, ends when no thread is inside that may still see it (activity.h).
 */
#include "runtime/class_table.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include <glib.h>

#include "runtime/fork.h"

struct table {
	struct activity_retired retired;
	size_t count;
	size_t mask; /* slots - 1; at most half of them are used */
	struct class_entry *slots[];
};

static pthread_mutex_t change_lock = PTHREAD_MUTEX_INITIALIZER;
static struct table *table;
static unsigned version; /* under the lock */

static size_t
first_slot(const struct table *in, const CLSID *clsid)
{
	uint64_t words[2];

	/* Classes of one vendor often differ in a single digit: every bit must matter. */
	memcpy(words, clsid, sizeof words);
	words[0] = (words[0] ^ words[1]) * 0x9E3779B97F4A7C15u;
	return (size_t)(words[0] >> 32) & in->mask;
}

static struct class_entry *
find_in(const struct table *in, const CLSID *clsid)
{
	if (in == NULL)
		return NULL;
	for (size_t i = first_slot(in, clsid); in->slots[i] != NULL; i = (i + 1) & in->mask)
		if (IsEqualCLSID(&in->slots[i]->asked, clsid))
			return in->slots[i];
	return NULL;
}

const struct class_entry *
class_table_find(const CLSID *clsid)
{
	return find_in(__atomic_load_n(&table, __ATOMIC_SEQ_CST), clsid);
}

static void
put(struct table *into, struct class_entry *entry)
{
	size_t i = first_slot(into, &entry->asked);

	while (into->slots[i] != NULL)
		i = (i + 1) & into->mask;
	into->slots[i] = entry;
	into->count++;
}

static struct table *
new_table(size_t entries)
{
	size_t slots = 8;
	struct table *made;

	while (slots < 2 * entries)
		slots *= 2;
	made = calloc(1, sizeof *made + slots * sizeof made->slots[0]);
	if (made != NULL)
		made->mask = slots - 1;
	return made;
}

static void
table_end(struct activity_retired *item)
{
	free((struct table *)(void *)item);
}

/* To be called without the lock. NULL is fine. */
static void
retire_table(struct table *old)
{
	if (old != NULL)
		activity_retire(&old->retired, false, table_end);
}

/* Under the lock. The old table, to retire. */
static struct table *
swap(struct table *next)
{
	struct table *old = table;

	__atomic_store_n(&table, next, __ATOMIC_SEQ_CST);
	return old;
}

/* A copy without what `leaves` chooses, which is added to `left`; under the lock. NULL: no memory.
 */
static struct table *
copy_table(size_t more, bool (*leaves)(const struct class_entry *entry, const void *data),
    const void *data, GPtrArray *left)
{
	struct table *copy = new_table((table != NULL ? table->count : 0) + more);

	for (size_t i = 0; copy != NULL && table != NULL && i <= table->mask; i++) {
		struct class_entry *entry = table->slots[i];

		if (entry == NULL)
			continue;
		if (leaves != NULL && leaves(entry, data))
			g_ptr_array_add(left, entry);
		else
			put(copy, entry);
	}
	return copy;
}

void
class_entry_release_objects(struct class_entry *entry)
{
	int held = 0;

	if (entry->factory != NULL) {
		entry->factory->lpVtbl->Release(entry->factory);
		held++;
	}
	if (entry->object != NULL) {
		entry->object->lpVtbl->Release(entry->object);
		held++;
	}
	entry->factory = NULL;
	entry->object = NULL;
	if (entry->module != NULL && held != 0)
		loader_count_class_objects(entry->module, -held);
}

void
class_entry_free(struct class_entry *entry)
{
	class_entry_release_objects(entry);
	g_free(entry->name);
	g_free(entry->module_path);
	g_free(entry->manifest_path);
	g_free(entry);
}

static void
entry_end(struct activity_retired *item)
{
	class_entry_free((struct class_entry *)(void *)item);
}

unsigned
class_table_version(void)
{
	unsigned now;

	pthread_mutex_lock(&change_lock);
	now = version;
	pthread_mutex_unlock(&change_lock);
	return now;
}

const struct class_entry *
class_table_add(struct class_entry *entry, unsigned since)
{
	const struct class_entry *result;
	struct table *next, *old = NULL;

	pthread_mutex_lock(&change_lock);
	result = since == version ? find_in(table, &entry->asked) : NULL;
	if (result == NULL && since == version &&
	    (next = copy_table(1, NULL, NULL, NULL)) != NULL) {
		put(next, entry);
		old = swap(next);
		result = entry;
	}
	pthread_mutex_unlock(&change_lock);
	retire_table(old);
	if (result != entry)
		activity_retire(&entry->retired, true, entry_end);
	activity_reap_when_many();
	return result != NULL ? result : entry;
}

static bool
is_of_module(const struct class_entry *entry, const void *module)
{
	return entry->module == module;
}

static bool
serves_class(const struct class_entry *entry, const void *clsid)
{
	return clsid == NULL || IsEqualCLSID(&entry->serves, (const CLSID *)clsid);
}

/* (transfer full): what was taken; NULL: nothing, or no memory. */
static GPtrArray *
take(bool (*leaves)(const struct class_entry *entry, const void *data), const void *data,
    bool forget)
{
	GPtrArray *left = g_ptr_array_new();
	struct table *next, *old = NULL;

	pthread_mutex_lock(&change_lock);
	version += forget;
	next = copy_table(0, leaves, data, left);
	if (next != NULL && left->len != 0)
		old = swap(next);
	pthread_mutex_unlock(&change_lock);
	retire_table(old);
	if (old != NULL)
		return left;
	free(next);
	g_ptr_array_unref(left);
	return NULL;
}

GPtrArray *
class_table_take(const struct module *module, uintptr_t *ret_quiet)
{
	GPtrArray *taken = take(is_of_module, module, false);

	if (taken != NULL)
		*ret_quiet = activity_advance();
	return taken;
}

void
class_table_forget(const CLSID *serves)
{
	GPtrArray *taken = take(serves_class, serves, true);

	for (guint i = 0; taken != NULL && i < taken->len; i++)
		activity_retire(
		    &((struct class_entry *)g_ptr_array_index(taken, i))->retired, true, entry_end);
	if (taken != NULL)
		g_ptr_array_unref(taken);
	activity_reap(true);
}

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&change_lock, FORK_LEAF, NULL);
}
