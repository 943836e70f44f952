/* SPDX-License-Identifier: BSD-2-Clause */
/* The status page: what was written is read, or nothing is. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rm/wire/page.h"
#include "tests/suite.h"

#define ROUNDS 20000

static struct wire_page page;
static struct wire_page_reader readers[WIRE_PAGE_READERS_MAX];

static void
begin(uint32_t count)
{
	const struct wire_page_set set = { .readers = count, .counted = 7, .events = 9 };

	memset(&page, 0, sizeof page);
	memset(readers, 0, sizeof readers);
	for (uint32_t i = 0; i < WIRE_PAGE_READERS_MAX; i++) {
		(void)snprintf(readers[i].name, sizeof readers[i].name, "Reader %u", i);
		readers[i].state.flags = WIRE_PAGE_COUNTED | WIRE_PAGE_PRESENT;
		readers[i].state.counter = i;
		readers[i].state.atr_length = 2;
		memcpy(readers[i].state.atr, "\x3B\x00", 2);
	}
	wire_page_init(&page);
	wire_page_put_list(&page, &set, readers);
}

static void
expect_none(void)
{
	struct wire_page_copy *copy = wire_page_read(&page);

	CU_ASSERT_PTR_NULL(copy);
	free(copy);
}

static void
there_and_back(void)
{
	static const uint32_t counts[] = { 0, 1, 2, 255, 256 };

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		struct wire_page_copy *copy;

		begin(counts[i]);
		copy = wire_page_read(&page);
		CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
		SUITE_EQUAL_INT(copy->set.readers, counts[i]);
		SUITE_EQUAL_INT(copy->set.counted, 7);
		SUITE_EQUAL_INT(copy->set.events, 9);
		CU_ASSERT(memcmp(copy->readers, readers, counts[i] * sizeof *readers) == 0);
		free(copy);
	}
}

static void
one_state(void)
{
	const struct wire_page_state state = {
		.flags = WIRE_PAGE_MUTE, .counter = 65535, .atr_length = 33, .atr = "ATR"
	};
	struct wire_page_copy *copy;

	begin(3);
	wire_page_put_state(&page, 1, &state);
	wire_page_put_state(&page, WIRE_PAGE_READERS_MAX, &state);
	copy = wire_page_read(&page);
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	SUITE_EQUAL_STRING(copy->readers[1].name, "Reader 1");
	SUITE_EQUAL_HEX(copy->readers[1].state.flags, WIRE_PAGE_COUNTED | WIRE_PAGE_MUTE);
	SUITE_EQUAL_INT(copy->readers[1].state.counter, 65535);
	SUITE_EQUAL_INT(copy->readers[1].state.atr_length, 33);
	SUITE_EQUAL_STRING((const char *)copy->readers[1].state.atr, "ATR");
	CU_ASSERT(memcmp(&copy->readers[0], &readers[0], sizeof readers[0]) == 0);
	CU_ASSERT(memcmp(&copy->readers[2], &readers[2], sizeof readers[2]) == 0);
	free(copy);
}

static void
too_many(void)
{
	begin(WIRE_PAGE_READERS_MAX + 1);
	expect_none();
	begin(UINT32_MAX);
	expect_none();
}

static void
closed(void)
{
	begin(1);
	wire_page_close(&page);
	expect_none();
}

static void
being_written(void)
{
	begin(1);
	page.sequence++;
	expect_none();
	page.sequence++;
	free(wire_page_read(&page));
}

static void
garbage(void)
{
	memset(&page, 0, sizeof page);
	expect_none();
	memset(&page, 0xFF, sizeof page);
	expect_none();
	begin(2);
	page.magic++;
	expect_none();
	begin(2);
	page.layout++;
	expect_none();
	begin(2);
	memset(page.readers[1].name, 'x', sizeof page.readers[1].name);
	expect_none();
	begin(2);
	page.readers[1].name[0] = '\0';
	expect_none();
	begin(2);
	page.readers[1].state.atr_length = WIRE_PAGE_ATR_MAX + 1;
	expect_none();
	begin(2);
	page.readers[1].state.counter = 0x10000;
	expect_none();
}

/* Each list says the same number everywhere. */
static void *
write_lists(void *unused)
{
	struct wire_page_reader list[4];

	(void)unused;
	memset(list, 0, sizeof list);
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		const struct wire_page_set set = { 4, round, round };
		struct wire_page_state state;

		for (size_t i = 0; i < 4; i++) {
			(void)snprintf(list[i].name, sizeof list[i].name, "%u", round);
			list[i].state.counter = round & 0xFFFF;
			memset(list[i].state.atr, (int)(round & 0xFF), WIRE_PAGE_ATR_MAX);
		}
		wire_page_put_list(&page, &set, list);
		/* The same again: of two stores one is a state's. */
		state = list[3].state;
		wire_page_put_state(&page, 3, &state);
	}
	return NULL;
}

static bool
is_whole(const struct wire_page_copy *copy)
{
	char name[WIRE_PAGE_NAME_SIZE] = { 0 };

	(void)snprintf(name, sizeof name, "%u", copy->set.counted);
	if (copy->set.readers != 4 || copy->set.events != copy->set.counted)
		return false;
	for (size_t i = 0; i < 4; i++) {
		const struct wire_page_reader *reader = &copy->readers[i];

		if (strcmp(reader->name, name) != 0 ||
		    reader->state.counter != (copy->set.counted & 0xFFFF) ||
		    reader->state.atr[0] != (copy->set.counted & 0xFF) ||
		    reader->state.atr[WIRE_PAGE_ATR_MAX - 1] != reader->state.atr[0])
			return false;
	}
	return true;
}

static void
torn(void)
{
	unsigned whole = 0, broken = 0;
	uint32_t last = 0, back = 0;
	pthread_t writer;

	begin(0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&writer, NULL, write_lists, NULL), 0);
	while (last < ROUNDS) {
		struct wire_page_copy *copy = wire_page_read(&page);

		if (copy != NULL && copy->set.readers != 0) {
			whole += is_whole(copy);
			broken += !is_whole(copy);
			back += copy->set.events < last;
			last = copy->set.events;
		}
		free(copy);
	}
	(void)pthread_join(writer, NULL);
	printf("# %u copies, %u of them torn\n", whole + broken, broken);
	CU_ASSERT(whole > 0);
	SUITE_EQUAL_INT(broken, 0);
	SUITE_EQUAL_INT(back, 0);
}

static const struct suite_test tests[] = {
	{ "a list, there and back", there_and_back },
	{ "the state of one reader", one_state },
	{ "more readers than it has room for", too_many },
	{ "a closed page says nothing", closed },
	{ "a page that is being written all the time", being_written },
	{ "what is no page", garbage },
	{ "nothing torn is read while it is written", torn },
};

int
main(void)
{
	return suite_run("wire_page", tests, sizeof tests / sizeof tests[0]);
}
