/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Card and reader files come from anywhere. Whatever the bytes are, there comes of them an entry
 * within its limits that survives being written and read, or one line that says what is wrong. The
 * same of lists of names.
 */
#include <assert.h>
#include <string.h>

#include "rm/database/entry.h"
#include "rm/database/names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_problem(char *problem)
{
	assert(problem != NULL && problem[0] != '\0' && strpbrk(problem, "\r\n") == NULL);
	assert(g_utf8_validate(problem, -1, NULL));
	g_free(problem);
}

static void
check_card(struct database_card *card)
{
	char *problem = NULL, *text;
	size_t size;

	assert(strlen(card->name) >= 1 && strlen(card->name) <= DATABASE_NAME_MAX);
	assert(card->atr_length >= DATABASE_ATR_MIN && card->atr_length <= DATABASE_ATR_MAX);
	assert(card->interfaces->len <= DATABASE_INTERFACES_MAX);
	assert(card->providers->len <= DATABASE_PROVIDERS_MAX);
	text = database_card_format(card, &size, &problem);
	assert(text != NULL && problem == NULL);
	g_free(text);
	database_card_free(card);
}

static void
check_reader(struct database_reader *reader)
{
	char *problem = NULL, *text;
	size_t size;

	assert(strlen(reader->name) >= 1 && strlen(reader->name) <= DATABASE_READER_NAME_MAX);
	assert(g_strv_length(reader->groups) <= DATABASE_GROUPS_MAX);
	text = database_reader_format(reader, &size, &problem);
	assert(text != NULL && problem == NULL);
	g_free(text);
	database_reader_free(reader);
}

static void
check_names(const char *data, size_t size)
{
	char *problem = NULL;
	struct names_list *list = names_parse(data, size, &problem);

	if (list == NULL) {
		check_problem(problem);
		return;
	}
	assert(list->entries->len > 0 && list->entries->len < NAMES_ENTRIES_MAX);
	for (guint i = 0; i < list->entries->len; i++) {
		const struct names_entry *entry =
		    &g_array_index(list->entries, struct names_entry, i);

		assert(entry->length >= DATABASE_ATR_MIN && entry->length <= DATABASE_ATR_MAX);
		assert(g_utf8_validate(entry->name, -1, NULL) && entry->name[0] != '\0');
		assert(strpbrk(entry->name, "\r\n\t") == NULL);
		assert(names_find(list, entry->atr, entry->length) != NULL);
	}
	names_free(list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *problem = NULL;
	struct database_card *card = database_card_parse((const char *)data, size, &problem);
	struct database_reader *reader;

	if (card != NULL)
		check_card(card);
	else
		check_problem(problem);
	problem = NULL;
	reader = database_reader_parse((const char *)data, size, &problem);
	if (reader != NULL)
		check_reader(reader);
	else
		check_problem(problem);
	check_names((const char *)data, size);
	return 0;
}
