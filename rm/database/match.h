/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an ATR to the card types it matches. A mask makes that a search: cards are grouped by length
 * and mask, and within a group found by what the mask leaves. So a look costs as many hash lookups
 * as there are different masks of that length, whatever the number of cards.
 */
#ifndef RM_DATABASE_MATCH_H
#define RM_DATABASE_MATCH_H

#include "rm/database/database.h"

struct match_index;

/* (transfer full) @cards: of struct database_card, which outlive the index. */
struct match_index *match_index_new(const GPtrArray *cards);
void match_index_free(struct match_index *index);

/* As database_match. */
size_t match_index_find(const struct match_index *index, const uint8_t *atr, size_t length,
    const struct database_card **ret_cards, size_t room);

#endif
