/* SPDX-License-Identifier: BSD-2-Clause */
/* Card types of a choice. Until there is a database no name is known, and no card has one. */
#include "rm/api/dialog.h"

#include "rm/api/message.h"

LONG
dialog_cards_check(const char *function, SCARDCONTEXT context, const char *names)
{
	(void)context;
	return api_fail(SCARD_E_UNKNOWN_CARD,
	    "%s: no card type is called '%.100s': pass NULL for any card", function, names);
}

bool
dialog_card_matches(SCARDCONTEXT context, const char *names, const BYTE *atr, size_t length,
    char ret_card[DIALOG_CARD_SIZE])
{
	(void)context;
	(void)atr;
	(void)length;
	ret_card[0] = '\0';
	return names == NULL;
}
