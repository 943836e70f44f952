/* SPDX-License-Identifier: BSD-2-Clause */
/* From an ATR to card types, against the rule itself applied to each. */
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/database_fixture.h"

#define CARDS 300u
#define LOOKS 2000u

static void
masks(void)
{
	struct database *database = fixture_database();
	const char *vendor = fixture_cards(DATABASE_VENDOR);
	static const uint8_t atr[] = { 0x3B, 0x02, 0x14, 0x50 },
			     other[] = { 0x3B, 0x02, 0x14, 0x51 };
	const struct database_card *found[4];
	struct database_picture *picture;

	fixture_write(vendor, "a.card", fixture_card("loose", "3B021400", "Mask=FFFFFF00\n"));
	fixture_write(vendor, "b.card", fixture_card("exact", "3B021450", ""));
	/* A bit outside the mask: never. */
	fixture_write(vendor, "c.card", fixture_card("never", "3B021450", "Mask=FFFFFF0F\n"));
	fixture_write(vendor, "d.card", fixture_card("longer", "3B02145000", ""));
	picture = database_look(database);
	SUITE_EQUAL_INT(database_match(picture, atr, sizeof atr, found, 4), 2);
	SUITE_EQUAL_STRING(found[0]->name, "exact");
	SUITE_EQUAL_STRING(found[1]->name, "loose");
	SUITE_EQUAL_INT(database_match(picture, other, sizeof other, found, 4), 1);
	SUITE_EQUAL_STRING(found[0]->name, "loose");
	SUITE_EQUAL_INT(database_match(picture, atr, sizeof atr, NULL, 0), 2);
	SUITE_EQUAL_INT(database_match(picture, atr, 3, found, 4), 0);
	SUITE_EQUAL_INT(database_match(picture, atr, 0, found, 4), 0);
	SUITE_EQUAL_INT(database_match(picture, atr, 1000, found, 4), 0);
	database_picture_unref(picture);
	database_free(database);
}

static size_t
count_by_rule(const GPtrArray *cards, const uint8_t *atr, size_t length)
{
	size_t count = 0;

	for (guint i = 0; i < cards->len; i++) {
		const struct database_card *card = cards->pdata[i];
		bool same = card->atr_length == length;

		for (size_t b = 0; same && b < length; b++)
			same = (atr[b] & card->mask[b]) == card->atr[b];
		count += same;
	}
	return count;
}

static void
rule(void)
{
	struct database *database = fixture_database();
	const char *vendor = fixture_cards(DATABASE_VENDOR);
	GRand *random = g_rand_new_with_seed(1);
	struct database_picture *picture;
	size_t hits = 0;

	for (unsigned i = 0; i < CARDS; i++) {
		char name[16], atr[16], mask[32];
		unsigned m = (unsigned)g_rand_int_range(random, 0, 4);

		(void)g_snprintf(name, sizeof name, "%u.card", i);
		(void)g_snprintf(atr, sizeof atr, "3B%02X%02X", (unsigned)g_rand_int(random) & 3,
		    (unsigned)g_rand_int(random) & 3 & m);
		(void)g_snprintf(mask, sizeof mask, "Mask=FFFF%02X\n", 0xF0 | m);
		fixture_write(vendor, name, fixture_card(name, atr, mask));
	}
	picture = database_look(database);
	SUITE_EQUAL_INT(database_cards(picture)->len, CARDS);
	for (unsigned i = 0; i < LOOKS; i++) {
		uint8_t atr[3] = { 0x3B, (uint8_t)(g_rand_int(random) & 7),
			(uint8_t)(g_rand_int(random) & 7) };
		size_t expected = count_by_rule(database_cards(picture), atr, sizeof atr);

		hits += expected;
		SUITE_EQUAL_INT(database_match(picture, atr, sizeof atr, NULL, 0), expected);
	}
	CU_ASSERT(hits > 0);
	g_rand_free(random);
	database_picture_unref(picture);
	database_free(database);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "masks and lengths; more of it under the mask first", masks },
		{ "the index finds what the rule says", rule },
	};

	return suite_run("database_match", tests, sizeof tests / sizeof tests[0]);
}
