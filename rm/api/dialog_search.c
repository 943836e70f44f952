/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The search for a card: readers in their order, cards that are there, the program's own functions
 * on the calling thread. It uses the winscard functions as the program would.
 */
#include <glib.h>
#include <string.h>

#include <tessera_scard.h>

#include "rm/api/dialog.h"
#include "rm/api/message.h"

#define CATEGORY "CATID_SCardDialog, {D04DAB01-9569-4867-A8DD-DCF3ADF9D0F6}"

/* One reader after another. */
struct search {
	struct dialog *dialog;
	unsigned found;
	LONG failure; /* why the last card was not taken; 0: there was none */
};

/* Calls the program's function; it may write to what it gets. */
static SCARDHANDLE
call_connect(const struct dialog *dialog, const struct dialog_connect *how)
{
	char reader[API_NAME_SIZE], cards[DIALOG_CARD_SIZE + 1] = { 0 };
	g_autofree gunichar2 *wide_reader = NULL;
	WCHAR wide_cards[DIALOG_CARD_SIZE + 1] = { 0 };
	g_autofree gunichar2 *wide = NULL;
	glong units = 0;

	(void)g_strlcpy(reader, dialog->reader, sizeof reader);
	(void)g_strlcpy(cards, dialog->card, DIALOG_CARD_SIZE);
	if (dialog->form == API_FORM_A)
		return how->connect_a(dialog->context, reader, cards, how->data);
	wide_reader = g_utf8_to_utf16(reader, -1, NULL, NULL, NULL);
	wide = g_utf8_to_utf16(cards, -1, NULL, &units, NULL);
	if (wide_reader == NULL || wide == NULL)
		return 0;
	memcpy(wide_cards, wide, (size_t)units * sizeof(WCHAR));
	return how->connect_w(dialog->context, (LPWSTR)wide_reader, wide_cards, how->data);
}

static bool
has_callback(const struct dialog_connect *how)
{
	return how->connect_a != NULL || how->connect_w != NULL;
}

/* Connects to the card that dialog->reader names. */
static LONG
connect_by(struct dialog *dialog, const struct dialog_connect *how)
{
	if (!has_callback(how))
		return SCardConnectA(dialog->context, dialog->reader, how->share_mode,
		    how->protocols, &dialog->handle, &dialog->protocol);
	dialog->handle = call_connect(dialog, how);
	if (dialog->handle != 0)
		return SCARD_S_SUCCESS;
	return api_fail(SCARD_F_UNKNOWN_ERROR,
	    "%s: reader '%s': the program's lpfnConnect did not connect to the card",
	    dialog->function, dialog->reader);
}

void
dialog_forget(struct dialog *dialog)
{
	const struct dialog_connect *how = &dialog->search;

	if (dialog->handle == 0)
		return;
	if (how->disconnect != NULL)
		how->disconnect(dialog->context, dialog->handle, how->data);
	else
		(void)SCardDisconnect(dialog->handle, SCARD_LEAVE_CARD);
	dialog->handle = 0;
	dialog->protocol = 0;
}

LONG
dialog_connect(struct dialog *dialog)
{
	if (dialog->search_connects && dialog->handle != 0)
		return SCARD_S_SUCCESS;
	dialog_forget(dialog);
	if (!has_callback(&dialog->chosen) && dialog->chosen.share_mode == 0)
		return SCARD_S_SUCCESS;
	return connect_by(dialog, &dialog->chosen);
}

/* Whether the program takes the card in dialog->reader; then it stays connected. */
static bool
is_taken(struct search *search)
{
	struct dialog *dialog = search->dialog;

	if (dialog->check == NULL)
		return true;
	search->failure = connect_by(dialog, &dialog->search);
	if (search->failure != SCARD_S_SUCCESS)
		return false;
	if (dialog->check(dialog->context, dialog->handle, dialog->search.data))
		return true;
	dialog_forget(dialog);
	return false;
}

/* Looks at the card in a reader; a match becomes what was found, unless one was before. */
static void
look(struct search *search, const char *reader)
{
	SCARD_READERSTATEA state = { .szReader = reader };
	struct dialog *dialog = search->dialog;
	char card[DIALOG_CARD_SIZE];

	if (SCardGetStatusChangeA(dialog->context, 0, &state, 1) != SCARD_S_SUCCESS ||
	    (state.dwEventState & (SCARD_STATE_PRESENT | SCARD_STATE_MUTE)) !=
		SCARD_STATE_PRESENT ||
	    !dialog_card_matches(dialog->context, dialog->names, state.rgbAtr, state.cbAtr, card))
		return;
	if (search->found > 0) {
		search->found++;
		return;
	}
	(void)g_strlcpy(dialog->reader, reader, sizeof dialog->reader);
	memcpy(dialog->card, card, sizeof card);
	if (is_taken(search))
		search->found = 1;
}

static LONG
look_everywhere(struct search *search)
{
	struct dialog *dialog = search->dialog;
	bool first_will_do = dialog->check != NULL || (dialog->flags & SC_DLG_NO_UI) != 0;
	DWORD length = SCARD_AUTOALLOCATE;
	char *list = NULL;
	LONG code = SCardListReadersA(dialog->context,
	    dialog->groups != NULL ? dialog->groups : "SCard$DefaultReaders\0", (LPSTR)&list,
	    &length);

	if (code != SCARD_S_SUCCESS)
		return code;
	for (const char *name = list; *name != '\0' && !(first_will_do && search->found > 0);
	     name += strlen(name) + 1)
		look(search, name);
	(void)SCardFreeMemory(dialog->context, list);
	return SCARD_S_SUCCESS;
}

/* A window would have to ask. */
static LONG
needs_window(const struct dialog *dialog, const char *why)
{
	return api_fail(SCARD_E_UNSUPPORTED_FEATURE,
	    "%s: %s, so a window is needed, and there is no dialog component (category " CATEGORY
	    ") to show it; pass SC_DLG_NO_UI to take the first card that will do",
	    dialog->function, why);
}

static LONG
nothing(const struct search *search)
{
	const struct dialog *dialog = search->dialog;

	if (search->failure != SCARD_S_SUCCESS)
		return api_fail(search->failure,
		    "%s: no card was taken; the last one could not be connected to: %s",
		    dialog->function, tessera_scard_error(search->failure));
	return api_fail(SCARD_E_NO_SMARTCARD,
	    "%s: no reader has a card that will do; insert one and call again", dialog->function);
}

LONG
dialog_search(struct dialog *dialog)
{
	struct search search = { .dialog = dialog };
	bool may_ask = (dialog->flags & SC_DLG_NO_UI) == 0;
	LONG code;

	if ((dialog->flags & (SC_DLG_NO_UI | SC_DLG_FORCE_UI)) == SC_DLG_FORCE_UI)
		return needs_window(dialog, "SC_DLG_FORCE_UI was passed");
	if (dialog->names != NULL) {
		code = dialog_cards_check(dialog->function, dialog->context, dialog->names);
		if (code != SCARD_S_SUCCESS)
			return code;
	}
	code = look_everywhere(&search);
	if (code == SCARD_E_NO_READERS_AVAILABLE && may_ask)
		return needs_window(dialog, "there is no reader");
	if (code != SCARD_S_SUCCESS)
		return code;
	if (search.found == 0)
		return may_ask ? needs_window(dialog, "no card that will do is there")
			       : nothing(&search);
	if (search.found > 1)
		return needs_window(dialog, "more than one card will do");
	return SCARD_S_SUCCESS;
}
