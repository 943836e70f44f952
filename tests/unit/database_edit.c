/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing the database: what is written is read, also by and from another process. */
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/suite.h"
#include "tests/unit/database_fixture.h"

#define ENTRIES 200

static struct database_card *
make_card(const char *name, uint8_t second)
{
	struct database_card *card = database_card_new(name);

	card->atr_length = 2;
	card->atr[0] = 0x3B;
	card->atr[1] = second;
	memset(card->mask, 0xFF, 2);
	return card;
}

static enum database_result
put(struct database *database, enum database_layer layer, const char *name, uint8_t second)
{
	struct database_card *card = make_card(name, second);
	struct database_edit *edit;
	g_autofree char *cause = NULL;
	enum database_result result =
	    database_begin(database, layer, DATABASE_CARDS, &edit, &cause);

	if (result == DATABASE_OK) {
		result = database_put_card(edit, card, &cause);
		database_end(edit);
	}
	database_card_free(card);
	CU_ASSERT_EQUAL(cause == NULL, result == DATABASE_OK);
	return result;
}

static enum database_result
drop(struct database *database, enum database_layer layer, const char *name)
{
	struct database_edit *edit;
	g_autofree char *cause = NULL;
	enum database_result result =
	    database_begin(database, layer, DATABASE_CARDS, &edit, &cause);

	if (result != DATABASE_OK)
		return result;
	result = database_remove_card(edit, name, &cause);
	database_end(edit);
	return result;
}

static void
put_and_remove(void)
{
	struct database *database = fixture_database();

	SUITE_EQUAL_INT(put(database, DATABASE_USER, "A/card ..", 1), DATABASE_OK);
	SUITE_EQUAL_STRING(fixture_names(database), "A/card ..,");
	SUITE_EQUAL_INT(put(database, DATABASE_USER, "a/CARD ..", 2), DATABASE_OK);
	SUITE_EQUAL_STRING(fixture_names(database), "a/CARD ..,");
	SUITE_EQUAL_INT(put(database, DATABASE_USER, "..", 3), DATABASE_OK);
	SUITE_EQUAL_INT(put(database, DATABASE_USER, "", 3), DATABASE_INVALID);
	SUITE_EQUAL_INT(put(database, DATABASE_USER, "a\nb", 3), DATABASE_INVALID);
	SUITE_EQUAL_STRING(fixture_names(database), "..,a/CARD ..,");
	SUITE_EQUAL_INT(drop(database, DATABASE_ADMINISTRATOR, ".."), DATABASE_ABSENT);
	SUITE_EQUAL_INT(drop(database, DATABASE_USER, ".."), DATABASE_OK);
	SUITE_EQUAL_INT(drop(database, DATABASE_USER, ".."), DATABASE_ABSENT);
	SUITE_EQUAL_STRING(fixture_names(database), "a/CARD ..,");
	database_free(database);
}

/* A new entry takes no file name that would mask another's. */
static void
no_masking(void)
{
	struct database *database = fixture_database();

	fixture_write(
	    fixture_cards(DATABASE_VENDOR), "mine.card", fixture_card("Theirs", "3B01", ""));
	SUITE_EQUAL_INT(put(database, DATABASE_USER, "Mine", 2), DATABASE_OK);
	SUITE_EQUAL_STRING(fixture_names(database), "Mine,Theirs,");
	database_free(database);
}

/* Root without what lets it write everywhere. */
static int
write_without_rights(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	struct database *database = fixture_again();
	enum database_result result;

	if (syscall(SYS_capset, &header, none) != 0)
		return -1;
	result = put(database, DATABASE_ADMINISTRATOR, "a", 2);
	database_free(database);
	return (int)result;
}

static void
denied(void)
{
	struct database *database = fixture_database();
	int status = -1;
	pid_t child;

	CU_ASSERT_EQUAL(chmod(fixture_cards(DATABASE_ADMINISTRATOR), 0555), 0);
	if ((child = fork()) == 0)
		_exit(write_without_rights());
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	SUITE_EQUAL_INT(WEXITSTATUS(status), DATABASE_DENIED);
	SUITE_EQUAL_STRING(fixture_names(database), "");
	database_free(database);
}

/* Every folder of the layer's own name: no such layer. */
static void
no_layer(void)
{
	GPtrArray *none = g_ptr_array_new_with_free_func(database_folder_free);
	struct database *database = database_new(none);

	SUITE_EQUAL_INT(put(database, DATABASE_USER, "a", 2), DATABASE_DENIED);
	database_free(database);
}

static int
write_many(char who)
{
	struct database *database = fixture_again();
	int failures = 0;

	for (int i = 0; i < ENTRIES; i++) {
		g_autofree char *name = g_strdup_printf("%c %03d", who, i);

		failures += put(database, DATABASE_USER, name, (uint8_t)i) != DATABASE_OK;
	}
	database_free(database);
	return failures == 0 ? 0 : 1;
}

static void
two_processes(void)
{
	struct database *database = fixture_database();
	struct database_picture *picture;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(write_many('a'));
	SUITE_EQUAL_INT(write_many('b'), 0);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	SUITE_EQUAL_INT(status, 0);
	picture = database_look(database);
	SUITE_EQUAL_INT(database_cards(picture)->len, 2 * ENTRIES);
	SUITE_EQUAL_INT(database_problems(picture)->len, 0);
	for (int i = 0; i < ENTRIES; i++) {
		g_autofree char *mine = g_strdup_printf("b %03d", i);
		g_autofree char *other = g_strdup_printf("a %03d", i);

		CU_ASSERT_PTR_NOT_NULL(database_find_card(picture, mine));
		CU_ASSERT_PTR_NOT_NULL(database_find_card(picture, other));
	}
	database_picture_unref(picture);
	database_free(database);
}

static void
readers(void)
{
	struct database *database = fixture_database();
	struct database_reader *reader = database_reader_new("Desk", "Soft 0");
	struct database_picture *picture;
	struct database_edit *edit;
	char *cause = NULL;

	SUITE_EQUAL_INT(
	    database_begin(database, DATABASE_USER, DATABASE_READERS, &edit, &cause), DATABASE_OK);
	CU_ASSERT_TRUE(database_reader_join(reader, "Lobby"));
	SUITE_EQUAL_INT(database_put_reader(edit, reader, &cause), DATABASE_OK);
	database_end(edit);
	database_reader_free(reader);
	picture = database_look(database);
	CU_ASSERT_PTR_NULL(database_find_reader(picture, "desk"));
	CU_ASSERT_TRUE_FATAL(database_find_reader(picture, "Desk") != NULL);
	CU_ASSERT_TRUE(database_reader_in(database_find_reader(picture, "Desk"), "lobby"));
	database_picture_unref(picture);
	database_free(database);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "put, replace, remove", put_and_remove },
		{ "a new file masks nobody's", no_masking },
		{ "without rights", denied },
		{ "without a layer", no_layer },
		{ "two processes at once lose nothing", two_processes },
		{ "readers", readers },
	};

	return suite_run("database_edit", tests, sizeof tests / sizeof tests[0]);
}
