/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/arena.h"

#include <stddef.h>

#define ALIGNMENT _Alignof(max_align_t)
#define BLOCK_SIZE ((gsize)65536) /* small things share one */

void
idl_arena_init(struct idl_arena *arena)
{
	arena->blocks = g_ptr_array_new_with_free_func(g_free);
	arena->arrays = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	arena->strings = g_string_chunk_new(4096);
	arena->next = NULL;
	arena->left = 0;
}

void
idl_arena_done(struct idl_arena *arena)
{
	g_clear_pointer(&arena->arrays, g_ptr_array_unref);
	g_clear_pointer(&arena->blocks, g_ptr_array_unref);
	g_clear_pointer(&arena->strings, g_string_chunk_free);
}

void *
idl_arena_alloc(struct idl_arena *arena, gsize size)
{
	gsize rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	char *place;

	if (rounded > BLOCK_SIZE / 4) {
		place = g_malloc0(size);
		g_ptr_array_add(arena->blocks, place);
		return place;
	}
	if (rounded > arena->left) {
		arena->next = g_malloc0(BLOCK_SIZE);
		arena->left = BLOCK_SIZE;
		g_ptr_array_add(arena->blocks, arena->next);
	}
	place = arena->next;
	arena->next += rounded;
	arena->left -= rounded;
	return place;
}

const char *
idl_arena_string(struct idl_arena *arena, const char *text, gsize length)
{
	return g_string_chunk_insert_len(arena->strings, text, (gssize)length);
}

GPtrArray *
idl_arena_array(struct idl_arena *arena)
{
	GPtrArray *array = g_ptr_array_new();

	g_ptr_array_add(arena->arrays, array);
	return array;
}
