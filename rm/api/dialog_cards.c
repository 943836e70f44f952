/* SPDX-License-Identifier: BSD-2-Clause */
/* Card types of a choice: those that are named must be known, and a card is one of them or not. */
#include <string.h>

#include <glib.h>

#include "rm/api/database.h"
#include "rm/api/dialog.h"

#define MATCHES_MAX 64u /* card types that one ATR may be of */

LONG
dialog_cards_check(const char *function, SCARDCONTEXT context, const char *names)
{
	struct database_picture *picture;
	const struct database_card *card;
	LONG code = api_database_look(function, context, &picture);

	if (code != SCARD_S_SUCCESS)
		return code;
	for (; names != NULL && *names != '\0' && code == SCARD_S_SUCCESS;
	     names += strlen(names) + 1)
		code = api_database_card(function, picture, names, &card);
	database_picture_unref(picture);
	return code;
}

static bool
is_among(
    const char *names, const struct database_card *card, const struct database_picture *picture)
{
	if (names == NULL)
		return true;
	for (; *names != '\0'; names += strlen(names) + 1)
		if (database_find_card(picture, names) == card)
			return true;
	return false;
}

bool
dialog_card_matches(SCARDCONTEXT context, const char *names, const BYTE *atr, size_t length,
    char ret_card[DIALOG_CARD_SIZE])
{
	const struct database_card *cards[MATCHES_MAX];
	struct database_picture *picture = api_database_seen(context);
	bool matches = names == NULL;
	size_t count;

	ret_card[0] = '\0';
	if (picture == NULL)
		return matches;
	count = database_match(picture, atr, length, cards, MATCHES_MAX);
	for (size_t i = 0; i < count && i < MATCHES_MAX && ret_card[0] == '\0'; i++)
		if (is_among(names, cards[i], picture)) {
			(void)g_strlcpy(ret_card, cards[i]->name, DIALOG_CARD_SIZE);
			matches = true;
		}
	database_picture_unref(picture);
	return matches;
}
