/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/wire/page.h"

#include <string.h>

#include "rm/wire/page_layout.h"

static void
store(uint32_t *at, uint32_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static void
store_words(void *at, const void *data, size_t size)
{
	uint32_t *words = at, word;

	for (size_t i = 0; i < size / sizeof word; i++) {
		memcpy(&word, (const char *)data + i * sizeof word, sizeof word);
		store(&words[i], word);
	}
}

/* Odd from here on; what is stored afterwards is seen by nobody who has not seen that. */
static void
begin(struct wire_page *page)
{
	store(&page->sequence, page->sequence + 1);
}

static void
end(struct wire_page *page)
{
	store(&page->sequence, page->sequence + 1);
}

void
wire_page_init(struct wire_page *page)
{
	begin(page);
	store(&page->magic, PAGE_MAGIC);
	store(&page->layout, PAGE_LAYOUT);
	end(page);
}

void
wire_page_put_list(
    struct wire_page *page, const struct wire_page_set *set, const struct wire_page_reader *readers)
{
	begin(page);
	store_words(&page->set, set, sizeof page->set);
	if (set->readers <= WIRE_PAGE_READERS_MAX)
		store_words(page->readers, readers, set->readers * sizeof *readers);
	end(page);
}

void
wire_page_put_state(struct wire_page *page, size_t place, const struct wire_page_state *state)
{
	uint32_t counted;

	if (place >= WIRE_PAGE_READERS_MAX)
		return;
	counted = page->readers[place].state.flags & WIRE_PAGE_COUNTED;
	begin(page);
	store_words(&page->readers[place].state, state, sizeof *state);
	store(&page->readers[place].state.flags, state->flags | counted);
	end(page);
}

void
wire_page_close(struct wire_page *page)
{
	store(&page->closed, 1);
}
