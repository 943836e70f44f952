/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/database/match.h"

#include <string.h>

#define WORDS 5u /* that hold an ATR */

/* Bytes behind the ATR are 0. */
struct pattern {
	uint64_t words[WORDS];
};

_Static_assert(sizeof(struct pattern) >= DATABASE_ATR_MAX, "a pattern holds an ATR");

struct mask_group {
	struct pattern mask;
	unsigned bits;     /* set in the mask */
	GHashTable *cards; /* struct pattern, masked, to GPtrArray of struct database_card */
};

struct match_index {
	GPtrArray *groups[DATABASE_ATR_MAX + 1]; /* by length; NULL: none */
	guint masks;
};

static struct pattern
pattern_of(const uint8_t *bytes, size_t length)
{
	struct pattern pattern = { { 0 } };

	memcpy(&pattern, bytes, length);
	return pattern;
}

static guint
pattern_hash(const void *data)
{
	const struct pattern *pattern = data;
	uint64_t hash = 0;

	for (unsigned i = 0; i < WORDS; i++)
		hash = (hash ^ pattern->words[i]) * 0x9E3779B97F4A7C15u;
	return (guint)(hash >> 32);
}

static gboolean
pattern_equal(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct pattern)) == 0;
}

static void
cards_free(void *cards)
{
	g_ptr_array_unref(cards);
}

static void
group_free(void *data)
{
	struct mask_group *group = data;

	g_hash_table_unref(group->cards);
	g_free(group);
}

static unsigned
count_bits(const struct pattern *mask)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < WORDS; i++)
		bits += (unsigned)__builtin_popcountll(mask->words[i]);
	return bits;
}

/* NULL: there are too many masks already. */
static struct mask_group *
group_for(struct match_index *index, const struct database_card *card)
{
	GPtrArray **groups = &index->groups[card->atr_length];
	struct pattern mask = pattern_of(card->mask, card->atr_length);
	struct mask_group *group;

	if (*groups == NULL)
		*groups = g_ptr_array_new_with_free_func(group_free);
	for (guint i = 0; i < (*groups)->len; i++) {
		group = g_ptr_array_index(*groups, i);
		if (pattern_equal(&group->mask, &mask))
			return group;
	}
	if (index->masks == DATABASE_MASKS_MAX)
		return NULL;
	index->masks++;
	group = g_new0(struct mask_group, 1);
	group->mask = mask;
	group->bits = count_bits(&mask);
	group->cards = g_hash_table_new_full(pattern_hash, pattern_equal, g_free, cards_free);
	g_ptr_array_add(*groups, group);
	return group;
}

static void
add_card(struct match_index *index, const struct database_card *card)
{
	struct mask_group *group = group_for(index, card);
	struct pattern atr = pattern_of(card->atr, card->atr_length);
	GPtrArray *cards;

	if (group == NULL)
		return;
	cards = g_hash_table_lookup(group->cards, &atr);
	if (cards == NULL) {
		cards = g_ptr_array_new();
		g_hash_table_insert(group->cards, g_memdup2(&atr, sizeof atr), cards);
	}
	g_ptr_array_add(cards, (gpointer)card);
}

static int
compare_groups(const void *a, const void *b)
{
	const struct mask_group *const *left = a, *const *right = b;

	return (int)(*right)->bits - (int)(*left)->bits;
}

struct match_index *
match_index_new(const GPtrArray *cards)
{
	struct match_index *index = g_new0(struct match_index, 1);

	for (guint i = 0; i < cards->len; i++)
		add_card(index, g_ptr_array_index(cards, i));
	for (size_t i = 0; i <= DATABASE_ATR_MAX; i++)
		if (index->groups[i] != NULL)
			g_ptr_array_sort(index->groups[i], compare_groups);
	return index;
}

void
match_index_free(struct match_index *index)
{
	for (size_t i = 0; i <= DATABASE_ATR_MAX; i++)
		if (index->groups[i] != NULL)
			g_ptr_array_unref(index->groups[i]);
	g_free(index);
}

size_t
match_index_find(const struct match_index *index, const uint8_t *atr, size_t length,
    const struct database_card **ret_cards, size_t room)
{
	struct pattern wanted;
	size_t count = 0;

	if (length > DATABASE_ATR_MAX || index->groups[length] == NULL)
		return 0;
	wanted = pattern_of(atr, length);
	for (guint i = 0; i < index->groups[length]->len; i++) {
		const struct mask_group *group = g_ptr_array_index(index->groups[length], i);
		struct pattern masked;
		const GPtrArray *cards;

		for (unsigned w = 0; w < WORDS; w++)
			masked.words[w] = wanted.words[w] & group->mask.words[w];
		cards = g_hash_table_lookup(group->cards, &masked);
		for (guint c = 0; cards != NULL && c < cards->len; c++, count++)
			if (count < room)
				ret_cards[count] = g_ptr_array_index(cards, c);
	}
	return count;
}
