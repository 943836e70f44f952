/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The choice of a card, as both generations of dialog functions and both forms of text ask for it.
 */
#ifndef RM_API_DIALOG_H
#define RM_API_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include <winscard.h>

#include "rm/api/text.h"

#define DIALOG_CARD_SIZE 256u /* longest name of a card type in bytes of UTF-8, with NUL */

/* How to connect to a card. */
struct dialog_connect {
	LPOCNCONNPROCA connect_a; /* of the form of the dialog; NULL: by the share mode */
	LPOCNCONNPROCW connect_w;
	LPOCNDSCPROC disconnect;
	void *data;
	DWORD share_mode; /* 0: not at all */
	DWORD protocols;
};

struct dialog {
	const char *function;
	enum api_form form;
	SCARDCONTEXT context;
	DWORD flags;
	const char *groups; /* multi-strings of UTF-8; NULL: the default, any card */
	const char *names;
	LPOCNCHKPROC check;
	struct dialog_connect search; /* for @check */
	struct dialog_connect chosen;
	bool search_connects; /* the connection of the search is the one of the chosen card */

	/* What was found; all zero before. */
	char reader[API_NAME_SIZE];
	char card[DIALOG_CARD_SIZE];
	SCARDHANDLE handle;
	DWORD protocol;
};

/*
 * Searches by the flags. On success reader and card are there, and a handle of the search, if the
 * check needed one. Failures are explained.
 */
LONG dialog_search(struct dialog *dialog);
/* Ends a connection of the search. */
void dialog_forget(struct dialog *dialog);
/* Connects to what was found, as `chosen` says. */
LONG dialog_connect(struct dialog *dialog);

/* dialog_cards.c: what the database knows. */
/* SCARD_E_UNKNOWN_CARD, explained: one of the names is none. @names: multi-string, not empty */
LONG dialog_cards_check(const char *function, SCARDCONTEXT context, const char *names);
/*
 * Whether a card is of one of the types. @names: NULL: of any type, and of none
 * @ret_card: the type's name; empty: it has none
 */
bool dialog_card_matches(SCARDCONTEXT context, const char *names, const BYTE *atr, size_t length,
    char ret_card[DIALOG_CARD_SIZE]);

#endif
