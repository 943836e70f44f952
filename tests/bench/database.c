/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card database at 5,000 card types: from an ATR to its card types, a look when nothing has
 * changed, and the first look, which reads every file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rm/database/database.h"
#include "tests/bench/table.h"

#define CARDS 5000u
#define MASKS 8u /* different ones; half of the card types have none */
#define LOOKUPS 1000000u
#define LOOKS 10000u
#define TARGET_US 2.0

static void
make_atr(unsigned number, uint8_t atr[static 20])
{
	static const uint8_t common[20] = { 0x3B, 0x8F, 0x80, 0x01, 0x80, 0x31, 0xE8, 0x73 };

	memcpy(atr, common, sizeof common);
	atr[10] = (uint8_t)number;
	atr[11] = (uint8_t)(number >> 8);
}

static void
write_card(const char *folder, unsigned number)
{
	g_autofree char *path = g_strdup_printf("%s/%u.card", folder, number);
	g_autoptr(GString) text = g_string_new(NULL);
	uint8_t atr[20];

	make_atr(number, atr);
	g_string_printf(text, "[Card]\nName=Card %u\nATR=", number);
	for (size_t i = 0; i < sizeof atr; i++)
		g_string_append_printf(text, "%02X", atr[i]);
	g_string_append(text, "\nMask=");
	for (size_t i = 0; i < sizeof atr; i++)
		g_string_append(
		    text, number % 2 == 0 && i == 12 + number / 2 % MASKS ? "00" : "FF");
	g_string_append_c(text, '\n');
	if (!g_file_set_contents_full(
		path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_NONE, 0644, NULL))
		abort();
}

static double
since(gint64 start)
{
	return (double)(g_get_monotonic_time() - start);
}

static void
measure(struct database *database)
{
	gint64 start = g_get_monotonic_time();
	struct database_picture *picture = database_look(database);
	const struct database_card *card;
	double per_lookup;
	size_t found = 0;
	uint8_t atr[20];

	table_line("database: first look", "%.1f ms for %u card types", since(start) / 1000,
	    database_cards(picture)->len);
	start = g_get_monotonic_time();
	for (unsigned i = 0; i < LOOKUPS; i++) {
		make_atr(i % CARDS, atr);
		found += database_match(picture, atr, sizeof atr, &card, 1);
	}
	per_lookup = since(start) / LOOKUPS;
	table_line("database: ATR to card types", "%.3f us, %u masks, %zu of %u found", per_lookup,
	    MASKS + 1, found, LOOKUPS);
	table_target(per_lookup < TARGET_US, "less than %.0f us", TARGET_US);
	database_picture_unref(picture);
	start = g_get_monotonic_time();
	for (unsigned i = 0; i < LOOKS; i++)
		database_picture_unref(database_look(database));
	table_line("database: a look, unchanged", "%.3f us", since(start) / LOOKS);
}

int
main(void)
{
	g_autofree char *folder = g_dir_make_tmp("tessera-bench-XXXXXX", NULL);
	GPtrArray *folders = g_ptr_array_new_with_free_func(database_folder_free);
	struct database *database;

	for (unsigned i = 0; i < CARDS; i++)
		write_card(folder, i);
	g_ptr_array_add(folders, database_folder_new(DATABASE_USER, 0, folder, folder));
	database = database_new(folders);
	measure(database);
	database_free(database);
	for (unsigned i = 0; i < CARDS; i++) {
		g_autofree char *path = g_strdup_printf("%s/%u.card", folder, i);

		(void)remove(path);
	}
	(void)remove(folder);
	return table_end() == 0 ? 0 : 1;
}
