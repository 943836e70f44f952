/* SPDX-License-Identifier: BSD-2-Clause */
/* Layers, masking, and noticing what changes. */
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/suite.h"
#include "tests/unit/database_fixture.h"

static const char *
only_atr(struct database *database)
{
	static char text[3];
	struct database_picture *picture = database_look(database);
	const struct database_card *card = g_ptr_array_index(database_cards(picture), 0);

	(void)g_snprintf(text, sizeof text, "%02X", card->atr[1]);
	database_picture_unref(picture);
	return text;
}

static void
masking(void)
{
	struct database *database = fixture_database();
	const char *vendor = fixture_cards(DATABASE_VENDOR), *user = fixture_cards(DATABASE_USER);

	SUITE_EQUAL_STRING(fixture_names(database), "");
	fixture_write(vendor, "a.card", fixture_card("One", "3B01", ""));
	fixture_write(vendor, "b.card", fixture_card("Two", "3B02", ""));
	fixture_write(vendor, "no card", fixture_card("Three", "3B02", ""));
	SUITE_EQUAL_STRING(fixture_names(database), "One,Two,");
	/* The file's name masks. */
	fixture_write(user, "b.card", fixture_card("Other", "3B03", ""));
	SUITE_EQUAL_STRING(fixture_names(database), "One,Other,");
	/* An empty file disables. */
	fixture_write(user, "b.card", "");
	SUITE_EQUAL_STRING(fixture_names(database), "One,");
	/* The card's name hides, in whatever case. */
	fixture_write(user, "c.card", fixture_card("ONE", "3B04", ""));
	SUITE_EQUAL_STRING(fixture_names(database), "ONE,");
	SUITE_EQUAL_STRING(only_atr(database), "04");
	database_free(database);
}

static void
broken(void)
{
	struct database *database = fixture_database();
	const char *vendor = fixture_cards(DATABASE_VENDOR);
	struct database_picture *picture;
	g_autofree char *expected = NULL;
	g_autofree char *twice = NULL;

	fixture_write(vendor, "a.card", "[Card]\nName=a\nATR=xx\n");
	fixture_write(vendor, "b.card", fixture_card("Two", "3B02", ""));
	fixture_write(vendor, "c.card", fixture_card("two", "3B03", ""));
	fixture_write(vendor, "d.card", "\x01\xff garbage");
	SUITE_EQUAL_STRING(fixture_names(database), "Two,");
	picture = database_look(database);
	SUITE_EQUAL_INT(database_problems(picture)->len, 3);
	expected = g_strdup_printf(
	    "%s/a.card: line 3: [Card] ATR: must be 2 to 33 bytes in hexadecimal", vendor);
	SUITE_EQUAL_STRING(g_ptr_array_index(database_problems(picture), 0), expected);
	twice = g_strdup_printf("%s/c.card: the name is that of %s/b.card already", vendor, vendor);
	SUITE_EQUAL_STRING(g_ptr_array_index(database_problems(picture), 1), twice);
	database_picture_unref(picture);
	database_free(database);
}

static void
changes(void)
{
	struct database *database = fixture_database();
	const char *user = fixture_cards(DATABASE_USER);
	g_autofree char *path = g_build_filename(user, "a.card", NULL);
	struct database_picture *first, *second;

	fixture_write(user, "a.card", fixture_card("One", "3B01", ""));
	first = database_look(database);
	second = database_look(database);
	CU_ASSERT_PTR_EQUAL(first, second);
	database_picture_unref(second);
	/* Replaced within the same tick of the clock, with the same size. */
	for (unsigned i = 2; i < 10; i++) {
		char atr[5];

		(void)g_snprintf(atr, sizeof atr, "3B0%u", i);
		fixture_write(user, "a.card", fixture_card("One", atr, ""));
		SUITE_EQUAL_STRING(only_atr(database), atr + 2);
	}
	(void)unlink(path);
	SUITE_EQUAL_STRING(fixture_names(database), "");
	/* An old picture stays what it was. */
	SUITE_EQUAL_INT(database_cards(first)->len, 1);
	database_free(database);
	SUITE_EQUAL_STRING(
	    ((const struct database_card *)database_cards(first)->pdata[0])->name, "One");
	database_picture_unref(first);
}

static void
watching(void)
{
	struct database *database = fixture_database();
	struct pollfd wait = { .fd = database_watch(database), .events = POLLIN };

	CU_ASSERT_FATAL(wait.fd >= 0);
	SUITE_EQUAL_INT(poll(&wait, 1, 0), 0);
	fixture_write(fixture_cards(DATABASE_USER), "a.card", fixture_card("One", "3B01", ""));
	SUITE_EQUAL_INT(poll(&wait, 1, 5000), 1);
	close(wait.fd);
	/* A folder that is made, and folders above it that are made for it. */
	CU_ASSERT_EQUAL(rmdir(fixture_readers(DATABASE_ADMINISTRATOR)), 0);
	wait.fd = database_watch(database);
	SUITE_EQUAL_INT(poll(&wait, 1, 0), 0);
	CU_ASSERT_EQUAL(mkdir(fixture_readers(DATABASE_ADMINISTRATOR), 0755), 0);
	SUITE_EQUAL_INT(poll(&wait, 1, 5000), 1);
	close(wait.fd);
	database_free(database);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "file names mask, empty files disable, names hide", masking },
		{ "what is wrong leaves the others alone", broken },
		{ "changes are seen at once, and only then a picture is new", changes },
		{ "the descriptor tells of a change", watching },
	};

	return suite_run("database_layers", tests, sizeof tests / sizeof tests[0]);
}
