/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl db: the card database. It is files, so that it is seen and changed whether or not there
 * is a resource manager.
 */
#include "rm/scardctl/db.h"

#include <stdio.h>
#include <string.h>

#include "rm/database/names.h"
#include "rm/scardctl/hex.h"
#include "runtime/guid_text.h"

#define WORDS_MAX 4u /* of a command, itself included */

const struct db_kind db_kinds[] = {
	{ SCARD_PROVIDER_PRIMARY, "primary" },
	{ SCARD_PROVIDER_CSP, "csp" },
	{ SCARD_PROVIDER_KSP, "ksp" },
	{ SCARD_PROVIDER_CARD_MODULE, "module" },
};
const size_t db_kind_count = G_N_ELEMENTS(db_kinds);

char *
db_kind_name(DWORD id)
{
	for (size_t i = 0; i < db_kind_count; i++)
		if (db_kinds[i].id == id)
			return g_strdup(db_kinds[i].name);
	return g_strdup_printf("0x%08X", (unsigned)id);
}

/* 0: none. */
static DWORD
kind_of(const char *name)
{
	guint64 id;

	for (size_t i = 0; i < db_kind_count; i++)
		if (strcmp(db_kinds[i].name, name) == 0)
			return db_kinds[i].id;
	if (!g_str_has_prefix(name, "0x") ||
	    !g_ascii_string_to_unsigned(name + 2, 16, 1, UINT32_MAX, &id, NULL))
		return 0;
	return (DWORD)id;
}

/* An address in the library in use. */
static const void *
inside_library(void)
{
	LONG (*function)(SCARDCONTEXT, LPCBYTE, LPCGUID, DWORD, LPSTR, LPDWORD) = SCardListCardsA;
	void *inside;

	memcpy(&inside, &function, sizeof inside);
	return inside;
}

struct database *
db_open(const struct scardctl_options *options)
{
	return database_new(database_folders(inside_library(), options->system));
}

char *
db_administrator_folder(void)
{
	g_autoptr(GPtrArray) folders = database_folders(inside_library(), true);
	char *found = NULL;

	for (guint i = 0; found == NULL && i < folders->len; i++) {
		const struct database_folder *folder = folders->pdata[i];

		if (folder->layer == DATABASE_ADMINISTRATOR)
			found = g_path_get_dirname(folder->cards);
	}
	return found;
}

/* One change of a card type; NULL to forget it. */
static int
change(const struct scardctl_options *options, struct database_edit *edit, const char *name,
    const struct database_card *card)
{
	g_autofree char *cause = NULL;
	enum database_result result = card != NULL ? database_put_card(edit, card, &cause)
						   : database_remove_card(edit, name, &cause);

	if (result == DATABASE_ABSENT)
		return scardctl_problem("%s%s", cause,
		    options->system ? "" : "; --system is for the administrator's files");
	return result == DATABASE_OK ? SCARDCTL_OK : scardctl_problem("%s", cause);
}

static int
take_atr(struct database_card *card, char **words)
{
	size_t mask_length;

	if (!hex_parse(words[2], card->atr, sizeof card->atr, &card->atr_length))
		return scardctl_wrong_use(
		    "\"%s\" is no ATR: 2 to %u bytes in hexadecimal", words[2], DATABASE_ATR_MAX);
	if (words[3] == NULL) {
		memset(card->mask, 0xFF, card->atr_length);
		return SCARDCTL_OK;
	}
	if (!hex_parse(words[3], card->mask, sizeof card->mask, &mask_length) ||
	    mask_length != card->atr_length)
		return scardctl_wrong_use(
		    "\"%s\" is no mask for an ATR of %zu bytes", words[3], card->atr_length);
	/* What is outside the mask would keep every card from matching. */
	for (size_t i = 0; i < mask_length; i++)
		card->atr[i] &= card->mask[i];
	return SCARDCTL_OK;
}

static int
add(const struct scardctl_options *options, struct database_edit *edit, char **words)
{
	struct database_card *card = database_card_new(words[1]);
	int result = take_atr(card, words);

	if (result == SCARDCTL_OK)
		result = change(options, edit, words[1], card);
	database_card_free(card);
	return result;
}

static int
forget(const struct scardctl_options *options, struct database_edit *edit, char **words)
{
	return change(options, edit, words[1], NULL);
}

static int
unknown(const char *name)
{
	return scardctl_problem(
	    "the database has no card type \"%s\"; scardctl db list shows those there are", name);
}

static int
set_provider(const struct scardctl_options *options, struct database_edit *edit, char **words)
{
	const struct database_card *old = database_find_card(database_edit_picture(edit), words[1]);
	DWORD kind = kind_of(words[2]);
	struct database_card *card;
	int result = SCARDCTL_OK;

	if (kind == 0)
		return scardctl_wrong_use(
		    "unknown kind of provider \"%s\": primary, csp, ksp, module or 0xNUMBER",
		    words[2]);
	if (old == NULL)
		return unknown(words[1]);
	card = database_card_copy(old);
	if (kind != SCARD_PROVIDER_PRIMARY)
		database_card_set_provider(card, kind, words[3]);
	else if (guid_from_text(words[3], strlen(words[3]), &card->primary))
		card->has_primary = true;
	else
		result = scardctl_wrong_use("\"%s\" is no class identifier in braces", words[3]);
	if (result == SCARDCTL_OK)
		result = change(options, edit, words[1], card);
	database_card_free(card);
	return result;
}

static int
change_database(const struct scardctl_options *options, struct database *database,
    int (*work)(const struct scardctl_options *, struct database_edit *, char **), char **words)
{
	enum database_layer layer = options->system ? DATABASE_ADMINISTRATOR : DATABASE_USER;
	struct database_edit *edit;
	g_autofree char *cause = NULL;
	int result;

	if (database_begin(database, layer, DATABASE_CARDS, &edit, &cause) != DATABASE_OK)
		return scardctl_problem("%s", cause);
	result = work(options, edit, words);
	database_end(edit);
	return result;
}

static int
show(const struct scardctl_options *options, struct database *database, char **words)
{
	struct database_picture *picture = database_look(database);
	const struct database_card *card;
	int result;

	if (words[1] == NULL)
		result = db_list(options, picture);
	else if ((card = database_find_card(picture, words[1])) != NULL)
		result = db_show(options, card);
	else
		result = unknown(words[1]);
	database_picture_unref(picture);
	return result;
}

static int
import(const struct scardctl_options *options, struct database *database, char **words)
{
	enum database_layer layer = options->system ? DATABASE_ADMINISTRATOR : DATABASE_USER;
	g_autoptr(GError) error = NULL;
	g_autofree char *data = NULL, *cause = NULL;
	guint entries, skipped;
	gsize size;

	if (!g_file_get_contents(words[1], &data, &size, &error))
		return scardctl_problem("%s", error->message);
	if (names_import(database, layer, data, size, &entries, &skipped, &cause) != DATABASE_OK)
		return scardctl_problem("%s: %s", words[1], cause);
	printf("%u ATRs imported, %u lines not understood.\n", entries, skipped);
	return SCARDCTL_OK;
}

/* A card type's name comes before that of a list. */
static int
name_card(const struct scardctl_options *options, struct database *database, char **words)
{
	struct database_picture *picture;
	const struct database_card *card;
	g_autofree char *name = NULL;
	uint8_t atr[DATABASE_ATR_MAX];
	size_t length;

	(void)options;
	if (!hex_parse(words[1], atr, sizeof atr, &length))
		return scardctl_wrong_use(
		    "\"%s\" is no ATR: 2 to %u bytes in hexadecimal", words[1], DATABASE_ATR_MAX);
	picture = database_look(database);
	if (database_match(picture, atr, length, &card, 1) > 0)
		name = g_strdup(card->name);
	database_picture_unref(picture);
	if (name == NULL)
		name = names_look(database, atr, length);
	if (name == NULL)
		return scardctl_problem("no card type and no list has a name for %s", words[1]);
	puts(name);
	return SCARDCTL_OK;
}

static const struct {
	const char *name;
	guint min, max; /* words behind it */
	int (*run)(const struct scardctl_options *, struct database *, char **);
	int (*change)(const struct scardctl_options *, struct database_edit *, char **);
} parts[] = {
	{ "list", 0, 0, show, NULL },
	{ "show", 1, 1, show, NULL },
	{ "name", 1, 1, name_card, NULL },
	{ "add", 2, 3, NULL, add },
	{ "remove", 1, 1, NULL, forget },
	{ "provider", 3, 3, NULL, set_provider },
	{ "import", 1, 1, import, NULL },
};

int
scardctl_db(const struct scardctl_options *options, char **arguments)
{
	char *words[WORDS_MAX + 1] = { NULL };
	guint count = g_strv_length(arguments);
	struct database *database;
	size_t part = 0;
	int result;

	if (count == 0)
		return scardctl_wrong_use(
		    "say what to do: list, show, name, add, remove, provider or import");
	while (part < G_N_ELEMENTS(parts) && strcmp(parts[part].name, arguments[0]) != 0)
		part++;
	if (part == G_N_ELEMENTS(parts))
		return scardctl_wrong_use(
		    "unknown command \"db %s\": list, show, name, add, remove, provider or import",
		    arguments[0]);
	if (count - 1 < parts[part].min || count - 1 > parts[part].max)
		return scardctl_wrong_use("db %s has %u arguments", arguments[0], count - 1);
	memcpy(words, arguments, count * sizeof *words);
	for (guint i = 1; i < count; i++)
		if (!g_utf8_validate(words[i], -1, NULL))
			return scardctl_wrong_use("an argument is not UTF-8");
	database = db_open(options);
	result = parts[part].run != NULL
	    ? parts[part].run(options, database, words)
	    : change_database(options, database, parts[part].change, words);
	database_free(database);
	return result;
}
