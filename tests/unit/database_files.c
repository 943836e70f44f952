/* SPDX-License-Identifier: BSD-2-Clause */
/* Card and reader files: what they say, and what is said of those that are wrong. */
#include <string.h>

#include "rm/database/entry.h"
#include "tests/suite.h"
#include "tests/unit/database_fixture.h"

static void
full_card(void)
{
	static const char text[] = "# a comment\n[Card]\nName=A card\nATR=3B:02 1450\n"
				   "Mask=FFFFFF00\n"
				   "PrimaryProvider={00000001-0002-0003-0405-060708090a0b}\n"
				   "Interfaces={5E586211-5A09-11D0-B84C-00C04FD424B9};\n"
				   "CSP=a csp\nKSP=a ksp\nCardModule=m.dll\n"
				   "Provider.80000002=another\nLater=unknown\n";
	char *problem = NULL, *again;
	size_t size;
	struct database_card *card = database_card_parse(text, strlen(text), &problem);

	CU_ASSERT_PTR_NOT_NULL_FATAL(card);
	SUITE_EQUAL_STRING(card->name, "A card");
	SUITE_EQUAL_BYTES(card->atr, card->atr_length, "3B 02 14 50");
	SUITE_EQUAL_BYTES(card->mask, card->atr_length, "FF FF FF 00");
	CU_ASSERT_TRUE(card->has_primary);
	SUITE_EQUAL_HEX(card->primary.Data2, 2);
	SUITE_EQUAL_INT(card->interfaces->len, 1);
	SUITE_EQUAL_HEX(g_array_index(card->interfaces, GUID, 0).Data1, 0x5E586211);
	SUITE_EQUAL_STRING(database_card_provider(card, DATABASE_PROVIDER_CSP), "a csp");
	SUITE_EQUAL_STRING(database_card_provider(card, DATABASE_PROVIDER_KSP), "a ksp");
	SUITE_EQUAL_STRING(database_card_provider(card, DATABASE_PROVIDER_CARD_MODULE), "m.dll");
	SUITE_EQUAL_STRING(database_card_provider(card, 0x80000002), "another");
	CU_ASSERT_PTR_NULL(database_card_provider(card, 0x80000003));
	again = database_card_format(card, &size, &problem);
	SUITE_EQUAL_STRING(again,
	    "[Card]\nName=A card\nATR=3B021450\nMask=FFFFFF00\n"
	    "PrimaryProvider={00000001-0002-0003-0405-060708090A0B}\n"
	    "Interfaces={5E586211-5A09-11D0-B84C-00C04FD424B9};\nCSP=a csp\nKSP=a ksp\n"
	    "CardModule=m.dll\nProvider.80000002=another\n");
	g_free(again);
	database_card_free(card);
}

static void
wrong_cards(void)
{
	static const struct {
		const char *text, *problem;
	} rows[] = {
		{ "[Cart]\n", "line 1: there is no group [Card]" },
		{ "[Card]\nATR=3B00\n", "line 1: [Card]: Name= is missing or empty" },
		{ "[Card]\nName=a\n", "line 1: [Card]: ATR= is missing or empty" },
		{ "[Card]\nName=a\nATR=3B0\n",
		    "line 3: [Card] ATR: must be 2 to 33 bytes in hexadecimal" },
		{ "[Card]\nName=a\nATR=3B\n",
		    "line 3: [Card] ATR: must be 2 to 33 bytes in hexadecimal" },
		{ "[Card]\nName=a\nATR=3B00000000000000000000000000000000000000000000000000000000"
		  "0000000000\n",
		    "line 3: [Card] ATR: must be 2 to 33 bytes in hexadecimal" },
		{ "[Card]\nName=a\nATR=3B00\nMask=FFFFFF\n",
		    "line 4: [Card] Mask: has 3 bytes, and ATR has 2" },
		{ "[Card]\nName=a\nATR=3B00\nPrimaryProvider=x\n",
		    "line 4: [Card] PrimaryProvider: \"x\" is not an identifier "
		    "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" },
		{ "[Card]\nName=a\nATR=3B00\nProvider.1=x\n",
		    "line 1: [Card]: Provider. must be followed by 8 hexadecimal digits" },
		{ "[Card]\nName=a\nATR=3B00\nCSP=x\nProvider.00000002=y\n",
		    "line 5: [Card] Provider.00000002: names a provider of this kind again" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *problem = NULL;

		CU_ASSERT_PTR_NULL(
		    database_card_parse(rows[i].text, strlen(rows[i].text), &problem));
		SUITE_EQUAL_STRING(problem, rows[i].problem);
		g_free(problem);
	}
}

static void
readers(void)
{
	static const char text[] = "[Reader]\nName=Desk\nDevice=Soft 0\nGroups=a;b\\;c;a;\n";
	static const char bare[] = "[Reader]\nName=Desk\n";
	static const char wrong[] = "[Reader]\nName=Desk\nGroups=a;;\n";
	char *problem = NULL, *again;
	size_t size;
	struct database_reader *reader = database_reader_parse(text, strlen(text), &problem);

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	SUITE_EQUAL_STRING(reader->device, "Soft 0");
	SUITE_EQUAL_INT(g_strv_length(reader->groups), 2);
	CU_ASSERT_TRUE(database_reader_in(reader, "B;C"));
	CU_ASSERT_FALSE(database_reader_in(reader, DATABASE_DEFAULT_GROUP));
	again = database_reader_format(reader, &size, &problem);
	SUITE_EQUAL_STRING(again, "[Reader]\nName=Desk\nDevice=Soft 0\nGroups=a;b\\;c;\n");
	g_free(again);
	database_reader_free(reader);
	reader = database_reader_parse(bare, strlen(bare), &problem);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	SUITE_EQUAL_STRING(reader->device, "Desk");
	CU_ASSERT_TRUE(database_reader_in(reader, DATABASE_DEFAULT_GROUP));
	database_reader_free(reader);
	CU_ASSERT_PTR_NULL(database_reader_parse(wrong, strlen(wrong), &problem));
	SUITE_EQUAL_STRING(
	    problem, "line 3: [Reader] Groups: item 2 is not a name of 1 to 127 bytes");
	g_free(problem);
}

/* What comreg new writes for a vendor wrapper. */
static void
template_of_comreg(void)
{
	g_autofree char *path = g_build_filename(
	    g_getenv("TESSERA_SRC"), "runtime/comreg/templates/wrapper/name.card.in", NULL);
	g_autoptr(GString) text = NULL;
	g_autofree char *contents = NULL;
	char *problem = NULL;
	struct database_card *card;

	CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &contents, NULL, NULL));
	text = g_string_new(contents);
	g_string_replace(text, "@Name@", "Mine", 0);
	g_string_replace(text, "@CLSID@", "00000001-0002-0003-0405-060708090A0B", 0);
	card = database_card_parse(text->str, text->len, &problem);
	CU_ASSERT_PTR_NOT_NULL_FATAL(card);
	SUITE_EQUAL_STRING(card->name, "Mine");
	CU_ASSERT_TRUE(card->has_primary);
	SUITE_EQUAL_INT(card->interfaces->len, 1);
	database_card_free(card);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a card file with everything", full_card },
		{ "what is wrong in a card file is said with its line", wrong_cards },
		{ "reader files", readers },
		{ "the card file that comreg new writes", template_of_comreg },
	};

	return suite_run("database_files", tests, sizeof tests / sizeof tests[0]);
}
