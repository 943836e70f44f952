/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The status page: memory in which scardd shows its clients the readers, under a sequence lock, so
 * that they need not ask. PROTOCOL has its layout. One writer at a time, any number of readers,
 * which can write nothing and believe nothing.
 *
 * The words are stored with release and loaded with acquire order, and there are no fences: whoever
 * has seen a new word sees the sequence that was there before it, and ThreadSanitizer knows it.
 */
#ifndef RM_WIRE_PAGE_H
#define RM_WIRE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_PAGE_READERS_MAX 256u
#define WIRE_PAGE_NAME_SIZE 128u
#define WIRE_PAGE_ATR_MAX 33u
#define WIRE_PAGE_ATTEMPTS 8u /* to read it while it is being written */

enum wire_page_flag {
	WIRE_PAGE_COUNTED = 0x1, /* LIST_READERS names it */
	WIRE_PAGE_LOST = 0x2,
	WIRE_PAGE_PRESENT = 0x4,
	WIRE_PAGE_MUTE = 0x8,
	WIRE_PAGE_POWERED = 0x10,
	WIRE_PAGE_EXCLUSIVE = 0x20,
	WIRE_PAGE_IN_USE = 0x40
};

/* What changes with a reader's card and its connections. */
struct wire_page_state {
	uint32_t flags;
	uint32_t counter; /* of movements, at most 65,535 */
	uint32_t atr_length;
	uint8_t atr[36]; /* WIRE_PAGE_ATR_MAX, and zero */
};

struct wire_page_reader {
	char name[WIRE_PAGE_NAME_SIZE]; /* with a NUL */
	struct wire_page_state state;
};

struct wire_page_set {
	uint32_t readers; /* in the list; more than there is room for: none is here */
	uint32_t counted;
	uint32_t events; /* comings and goings */
};

/* The page itself is only touched by the functions below. */
struct wire_page {
	uint32_t magic;
	uint32_t layout;
	uint32_t closed;   /* not 0: it says nothing any more */
	uint32_t sequence; /* odd while something is being written */
	struct wire_page_set set;
	uint32_t reserved;
	struct wire_page_reader readers[WIRE_PAGE_READERS_MAX];
};
_Static_assert(sizeof(struct wire_page) == 45088, "PROTOCOL says so");

/* Writing. @page: of zeros at first; the caller sees to it that there is one writer. */
void wire_page_init(struct wire_page *page);
/* The whole list; @set->readers of them, or anything when they are too many. */
void wire_page_put_list(struct wire_page *page, const struct wire_page_set *set,
    const struct wire_page_reader *readers);
void wire_page_put_state(struct wire_page *page, size_t place, const struct wire_page_state *state);
void wire_page_close(struct wire_page *page);

/* What a page said at one moment; all of it has been checked. */
struct wire_page_copy {
	struct wire_page_set set;
	struct wire_page_reader readers[]; /* set.readers */
};
/*
 * Copies a page, whatever is in it. Freed with free(). NULL: it is closed, has too many readers,
 * is being written all the time, or is none.
 */
struct wire_page_copy *wire_page_read(const struct wire_page *page);

#endif
