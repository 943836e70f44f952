/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handles: 32 bits, so that they fit every binary interface. Kind, generation and place; a handle
 * that was closed stays bad until its place was used 2^18 times, and free places are used in turn.
 */
#include <stdlib.h>

#include "rm/engine/private.h"

#define INDEX_BITS 12u
#define GENERATION_BITS 18u
#define KIND_SHIFT (INDEX_BITS + GENERATION_BITS)
#define INDEX_MAX (1u << INDEX_BITS)
#define GENERATION_MASK ((1u << GENERATION_BITS) - 1)
#define NO_INDEX UINT32_MAX
#define FIRST_COUNT 8u

_Static_assert(RM_CONTEXTS_MAX <= INDEX_MAX && RM_CARDS_MAX <= INDEX_MAX, "places fit a handle");

void
rm_table_init(struct rm_table *table, uint32_t kind, uint32_t limit)
{
	*table = (struct rm_table){
		.limit = limit, .kind = kind, .first_free = NO_INDEX, .last_free = NO_INDEX
	};
}

void
rm_table_done(struct rm_table *table)
{
	free(table->slots);
	table->slots = NULL;
	table->count = 0;
}

static void
free_slot_append(struct rm_table *table, uint32_t index)
{
	table->slots[index].next_free = NO_INDEX;
	if (table->last_free == NO_INDEX)
		table->first_free = index;
	else
		table->slots[table->last_free].next_free = index;
	table->last_free = index;
}

static bool
table_grow(struct rm_table *table)
{
	uint32_t count = table->count == 0 ? FIRST_COUNT : table->count * 2;
	struct rm_slot *slots;

	if (count > table->limit)
		count = table->limit;
	if (count == table->count || (slots = realloc(table->slots, count * sizeof *slots)) == NULL)
		return false;
	table->slots = slots;
	for (uint32_t i = table->count; i < count; i++) {
		slots[i] = (struct rm_slot){ 0 };
		free_slot_append(table, i);
	}
	table->count = count;
	return true;
}

static uintptr_t
slot_handle(const struct rm_table *table, uint32_t index)
{
	return table->kind << KIND_SHIFT | table->slots[index].generation << INDEX_BITS | index;
}

uintptr_t
rm_table_add(struct rm_table *table, void *object)
{
	uint32_t index;

	if (table->first_free == NO_INDEX && !table_grow(table))
		return 0;
	index = table->first_free;
	table->first_free = table->slots[index].next_free;
	if (table->first_free == NO_INDEX)
		table->last_free = NO_INDEX;
	table->slots[index].object = object;
	return slot_handle(table, index);
}

void *
rm_table_get(const struct rm_table *table, uintptr_t handle)
{
	uint32_t index = (uint32_t)handle & (INDEX_MAX - 1);

	if (index >= table->count || table->slots[index].object == NULL ||
	    slot_handle(table, index) != handle)
		return NULL;
	return table->slots[index].object;
}

void *
rm_table_remove(struct rm_table *table, uintptr_t handle)
{
	void *object = rm_table_get(table, handle);
	uint32_t index = (uint32_t)handle & (INDEX_MAX - 1);

	if (object == NULL)
		return NULL;
	table->slots[index].object = NULL;
	table->slots[index].generation = (table->slots[index].generation + 1) & GENERATION_MASK;
	free_slot_append(table, index);
	return object;
}

void *
rm_table_each(const struct rm_table *table, uint32_t *index, uintptr_t *ret_handle)
{
	while (*index < table->count) {
		uint32_t i = (*index)++;

		if (table->slots[i].object != NULL) {
			*ret_handle = slot_handle(table, i);
			return table->slots[i].object;
		}
	}
	return NULL;
}
