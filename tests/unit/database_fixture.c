/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/database_fixture.h"

#include <stdlib.h>

static char *cards[4], *readers[4];

struct database *
fixture_again(void)
{
	GPtrArray *folders = g_ptr_array_new_with_free_func(database_folder_free);

	for (unsigned i = 0; i < 4; i++)
		g_ptr_array_add(
		    folders, database_folder_new((enum database_layer)i, i, cards[i], readers[i]));
	return database_new(folders);
}

struct database *
fixture_database(void)
{
	static unsigned number;

	number++;
	for (unsigned i = 0; i < 4; i++) {
		g_free(cards[i]);
		g_free(readers[i]);
		cards[i] =
		    g_strdup_printf("%s/database-%u/%u/cards.d", getenv("TMPDIR"), number, i);
		readers[i] =
		    g_strdup_printf("%s/database-%u/%u/readers.d", getenv("TMPDIR"), number, i);
		if (g_mkdir_with_parents(cards[i], 0755) != 0 ||
		    g_mkdir_with_parents(readers[i], 0755) != 0)
			abort();
	}
	return fixture_again();
}

const char *
fixture_cards(enum database_layer layer)
{
	return cards[layer];
}

const char *
fixture_readers(enum database_layer layer)
{
	return readers[layer];
}

void
fixture_write(const char *folder, const char *name, const char *contents)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	if (!g_file_set_contents(path, contents, -1, NULL))
		abort();
}

const char *
fixture_card(const char *name, const char *atr, const char *more)
{
	static char *text;

	g_free(text);
	text = g_strdup_printf("[Card]\nName=%s\nATR=%s\n%s", name, atr, more);
	return text;
}

const char *
fixture_names(struct database *database)
{
	static GString *names;
	struct database_picture *picture = database_look(database);
	const GPtrArray *list = database_cards(picture);

	if (names != NULL)
		g_string_free(names, TRUE);
	names = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(
		    names, "%s,", ((const struct database_card *)list->pdata[i])->name);
	database_picture_unref(picture);
	return names->str;
}
