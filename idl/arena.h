/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of one compilation. Everything the tree consists of lives here and goes at once,
 * so that no node has an owner of its own and an aborted parse leaks nothing.
 */
#ifndef TESSERA_IDL_ARENA_H
#define TESSERA_IDL_ARENA_H

#include <glib.h>

struct idl_arena {
	GPtrArray *blocks;
	GPtrArray *arrays;
	GStringChunk *strings;
	char *next; /* in the last block */
	gsize left; /* of it */
};

void idl_arena_init(struct idl_arena *arena);
void idl_arena_done(struct idl_arena *arena);

/* Zeroed memory that lives as long as the arena. */
void *idl_arena_alloc(struct idl_arena *arena, gsize size);

/* A copy of text[0 .. length), NUL-terminated. */
const char *idl_arena_string(struct idl_arena *arena, const char *text, gsize length);

/* An empty array; its elements belong to the arena, not to the array. */
GPtrArray *idl_arena_array(struct idl_arena *arena);

#define idl_arena_new(arena, type) ((type *)idl_arena_alloc((arena), sizeof(type)))

#endif
