/* SPDX-License-Identifier: BSD-2-Clause */
#include "idl/arena.h"

void
idl_arena_init(struct idl_arena *arena)
{
	arena->blocks = g_ptr_array_new_with_free_func(g_free);
	arena->arrays = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	arena->strings = g_string_chunk_new(4096);
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
	void *block = g_malloc0(size);

	g_ptr_array_add(arena->blocks, block);
	return block;
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
