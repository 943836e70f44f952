/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/database/picture.h"

#include <string.h>

#include "rm/database/entry.h"
#include "rm/database/match.h"

struct database_picture {
	unsigned references; /* changed atomically */
	GPtrArray *items;    /* keeps what the others point to */
	GPtrArray *cards, *readers;
	GPtrArray *problems;
	GHashTable *cards_by_name; /* folded */
	GHashTable *readers_by_name;
	struct match_index *index;
};

/* While a picture is made. */
struct making {
	struct database_picture *picture;
	GHashTable *files[2]; /* names seen, by kind */
	GHashTable *ranks;    /* struct database_card or database_reader to rank + 1 */
};

static void
add_problem(struct making *making, const char *path, const char *problem)
{
	g_ptr_array_add(making->picture->problems, g_strdup_printf("%s: %s", path, problem));
}

/* A name that a higher layer has is hidden; twice in one layer is somebody's mistake. */
static bool
is_taken(
    struct making *making, void *other, const char *other_path, unsigned rank, const char *path)
{
	g_autofree char *problem = NULL;

	if (other == NULL)
		return false;
	if (GPOINTER_TO_UINT(g_hash_table_lookup(making->ranks, other)) != rank + 1)
		return true;
	problem = g_strdup_printf("the name is that of %s already", other_path);
	add_problem(making, path, problem);
	return true;
}

static void
add_card(struct making *making, struct database_card *card, unsigned rank)
{
	struct database_picture *picture = making->picture;
	char *folded = database_fold(card->name);
	struct database_card *other = g_hash_table_lookup(picture->cards_by_name, folded);

	if (is_taken(making, other, other != NULL ? other->path : NULL, rank, card->path)) {
		g_free(folded);
		return;
	}
	g_hash_table_insert(picture->cards_by_name, folded, card);
	g_hash_table_insert(making->ranks, card, GUINT_TO_POINTER(rank + 1));
	g_ptr_array_add(picture->cards, card);
}

static void
add_reader(struct making *making, struct database_reader *reader, unsigned rank)
{
	struct database_picture *picture = making->picture;
	struct database_reader *other = g_hash_table_lookup(picture->readers_by_name, reader->name);

	if (is_taken(making, other, other != NULL ? other->path : NULL, rank, reader->path))
		return;
	g_hash_table_insert(picture->readers_by_name, reader->name, reader);
	g_hash_table_insert(making->ranks, reader, GUINT_TO_POINTER(rank + 1));
	g_ptr_array_add(picture->readers, reader);
}

static void
add_folder(struct making *making, const struct folder_state *state)
{
	if (state->problem != NULL)
		add_problem(making, state->path, state->problem);
	for (guint i = 0; i < state->items->len; i++) {
		struct folder_item *item = g_ptr_array_index(state->items, i);

		if (!g_hash_table_add(making->files[state->kind], item->name))
			continue;
		g_ptr_array_add(making->picture->items, g_atomic_rc_box_acquire(item));
		if (item->problem != NULL)
			add_problem(making, item->path, item->problem);
		else if (item->card != NULL)
			add_card(making, item->card, state->rank);
		else if (item->reader != NULL)
			add_reader(making, item->reader, state->rank);
	}
}

static int
compare_cards(const void *a, const void *b)
{
	const struct database_card *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static int
compare_readers(const void *a, const void *b)
{
	const struct database_reader *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

struct database_picture *
picture_new(const GPtrArray *states)
{
	struct database_picture *picture = g_new0(struct database_picture, 1);
	struct making making = { .picture = picture };

	picture->references = 1;
	picture->items = g_ptr_array_new_with_free_func(folder_item_unref);
	picture->cards = g_ptr_array_new();
	picture->readers = g_ptr_array_new();
	picture->problems = g_ptr_array_new_with_free_func(g_free);
	picture->cards_by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	picture->readers_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	making.files[DATABASE_CARDS] = g_hash_table_new(g_str_hash, g_str_equal);
	making.files[DATABASE_READERS] = g_hash_table_new(g_str_hash, g_str_equal);
	making.ranks = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < states->len; i++)
		add_folder(&making, g_ptr_array_index(states, i));
	g_hash_table_unref(making.files[DATABASE_CARDS]);
	g_hash_table_unref(making.files[DATABASE_READERS]);
	g_hash_table_unref(making.ranks);
	g_ptr_array_sort(picture->cards, compare_cards);
	g_ptr_array_sort(picture->readers, compare_readers);
	picture->index = match_index_new(picture->cards);
	return picture;
}

struct database_picture *
database_picture_ref(struct database_picture *picture)
{
	(void)__atomic_add_fetch(&picture->references, 1, __ATOMIC_RELAXED);
	return picture;
}

void
database_picture_unref(struct database_picture *picture)
{
	if (picture == NULL || __atomic_sub_fetch(&picture->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	match_index_free(picture->index);
	g_hash_table_unref(picture->cards_by_name);
	g_hash_table_unref(picture->readers_by_name);
	g_ptr_array_unref(picture->cards);
	g_ptr_array_unref(picture->readers);
	g_ptr_array_unref(picture->problems);
	g_ptr_array_unref(picture->items);
	g_free(picture);
}

const GPtrArray *
database_cards(const struct database_picture *picture)
{
	return picture->cards;
}

const GPtrArray *
database_readers(const struct database_picture *picture)
{
	return picture->readers;
}

const GPtrArray *
database_problems(const struct database_picture *picture)
{
	return picture->problems;
}

const struct database_card *
database_find_card(const struct database_picture *picture, const char *name)
{
	g_autofree char *folded = database_fold(name);

	return g_hash_table_lookup(picture->cards_by_name, folded);
}

const struct database_reader *
database_find_reader(const struct database_picture *picture, const char *name)
{
	return g_hash_table_lookup(picture->readers_by_name, name);
}

size_t
database_match(const struct database_picture *picture, const uint8_t *atr, size_t length,
    const struct database_card **ret_cards, size_t room)
{
	return match_index_find(picture->index, atr, length, ret_cards, room);
}
