/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each word is loaded once, into memory of our own, and only looked at there: what lies in the page
 * may change at any moment, and may have been written by anybody.
 */
#include "rm/wire/page.h"

#include <stdlib.h>
#include <string.h>

#include "rm/wire/page_layout.h"

enum outcome {
	READ,
	TORN, /* it was written meanwhile */
	USELESS
};

static uint32_t
load(const uint32_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static void
load_words(void *copy, const void *at, size_t size)
{
	const uint32_t *words = at;

	for (size_t i = 0; i < size / sizeof *words; i++) {
		uint32_t word = load(&words[i]);

		memcpy((char *)copy + i * sizeof word, &word, sizeof word);
	}
}

static bool
is_right(const struct wire_page_copy *copy)
{
	for (uint32_t i = 0; i < copy->set.readers; i++) {
		const struct wire_page_reader *reader = &copy->readers[i];

		if (reader->name[0] == '\0' ||
		    memchr(reader->name, '\0', sizeof reader->name) == NULL ||
		    reader->state.counter > UINT16_MAX ||
		    reader->state.atr_length > WIRE_PAGE_ATR_MAX)
			return false;
	}
	return true;
}

static enum outcome
read_once(const struct wire_page *page, struct wire_page_copy **ret_copy)
{
	uint32_t sequence = load(&page->sequence);
	struct wire_page_set set;
	struct wire_page_copy *copy;
	size_t size;

	if (sequence & 1)
		return TORN;
	load_words(&set, &page->set, sizeof set);
	if (set.readers > WIRE_PAGE_READERS_MAX)
		return load(&page->sequence) == sequence ? USELESS : TORN;
	size = set.readers * sizeof(struct wire_page_reader);
	if ((copy = malloc(sizeof *copy + size)) == NULL)
		return USELESS;
	copy->set = set;
	load_words(copy->readers, page->readers, size);
	if (load(&page->sequence) != sequence) {
		free(copy);
		return TORN;
	}
	*ret_copy = copy;
	return READ;
}

struct wire_page_copy *
wire_page_read(const struct wire_page *page)
{
	struct wire_page_copy *copy = NULL;
	enum outcome outcome = TORN;

	if (load(&page->magic) != PAGE_MAGIC || load(&page->layout) != PAGE_LAYOUT)
		return NULL;
	for (unsigned i = 0; i < WIRE_PAGE_ATTEMPTS && outcome == TORN; i++)
		outcome = read_once(page, &copy);
	/* Closed last: what was read of an open page was true while it was read. */
	if (copy != NULL && (load(&page->closed) != 0 || !is_right(copy))) {
		free(copy);
		copy = NULL;
	}
	return copy;
}
