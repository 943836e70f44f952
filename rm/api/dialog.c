/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dialog functions: from the caller's structures to one description of the choice, and back.
 */
#include "rm/api/dialog.h"

#include <glib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/message.h"
#include "rm/api/visibility.h"

static _Thread_local LONG last_result;

/* The caller's places for the names. */
struct places {
	void *reader, *card;
	DWORD *reader_size, *card_size;
};

/* The text as the caller wants it, for g_free(); units with the NUL. */
static void *
convert(enum api_form form, const char *text, size_t *ret_units)
{
	glong units = 0;
	void *wide;

	if (form == API_FORM_A) {
		*ret_units = strlen(text) + 1;
		return g_strdup(text);
	}
	wide = g_utf8_to_utf16(text, -1, NULL, &units, NULL);
	*ret_units = (size_t)units + 1;
	return wide;
}

/* Both names, or none and what is needed. */
static LONG
give_names(const struct dialog *dialog, const struct places *places)
{
	size_t unit = dialog->form == API_FORM_A ? sizeof(CHAR) : sizeof(WCHAR);
	size_t reader_units, card_units;
	g_autofree void *reader = convert(dialog->form, dialog->reader, &reader_units);
	g_autofree void *card = convert(dialog->form, dialog->card, &card_units);

	if (reader == NULL || card == NULL)
		return SCARD_F_INTERNAL_ERROR;
	if (reader_units > *places->reader_size || card_units > *places->card_size) {
		*places->reader_size = (DWORD)reader_units;
		*places->card_size = (DWORD)card_units;
		return api_fail(SCARD_E_NO_MEMORY,
		    "%s: the names of reader and card have %zu and %zu characters: pass so much "
		    "room in nMaxRdr and nMaxCard",
		    dialog->function, reader_units, card_units);
	}
	memcpy(places->reader, reader, reader_units * unit);
	memcpy(places->card, card, card_units * unit);
	return SCARD_S_SUCCESS;
}

static LONG
check_flags(struct dialog *dialog)
{
	const DWORD all = SC_DLG_MINIMAL_UI | SC_DLG_NO_UI | SC_DLG_FORCE_UI;

	if ((dialog->flags & ~(all | SCERR_NOCARDNAME | SCERR_NOGUIDS)) != 0)
		return api_fail(SCARD_E_INVALID_VALUE,
		    "%s: dwFlags is 0x%X: pass SC_DLG_MINIMAL_UI, SC_DLG_NO_UI or "
		    "SC_DLG_FORCE_UI",
		    dialog->function, (unsigned)dialog->flags);
	if ((dialog->flags & SC_DLG_NO_UI) != 0)
		dialog->flags = SC_DLG_NO_UI;
	else if ((dialog->flags & SC_DLG_FORCE_UI) != 0)
		dialog->flags = SC_DLG_FORCE_UI;
	else
		dialog->flags = SC_DLG_MINIMAL_UI;
	return SCARD_S_SUCCESS;
}

static LONG
check(struct dialog *dialog, const struct places *places)
{
	const struct dialog_connect *how = &dialog->search;
	bool by_callbacks =
	    (how->connect_a != NULL || how->connect_w != NULL) && how->disconnect != NULL;
	LONG code = SCardIsValidContext(dialog->context);

	if (code != SCARD_S_SUCCESS)
		return code;
	if (places->reader == NULL || places->card == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: lpstrRdr or lpstrCard is NULL: pass room for the two names",
		    dialog->function);
	if (dialog->check != NULL && !by_callbacks &&
	    (how->connect_a != NULL || how->connect_w != NULL || how->share_mode == 0 ||
		how->protocols == 0))
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: lpfnCheck needs lpfnConnect and lpfnDisconnect, or dwShareMode and "
		    "dwPreferredProtocols",
		    dialog->function);
	return check_flags(dialog);
}

static LONG
choose(struct dialog *dialog, const void *groups, const void *names, const struct places *places)
{
	g_autofree char *group_list = NULL, *name_list = NULL;
	LONG code = check(dialog, places);

	if (code == SCARD_S_SUCCESS)
		code = api_list_read(dialog->function, dialog->form, groups, &group_list);
	if (code == SCARD_S_SUCCESS)
		code = api_list_read(dialog->function, dialog->form, names, &name_list);
	if (code != SCARD_S_SUCCESS)
		return code;
	dialog->groups = group_list;
	dialog->names = name_list != NULL && name_list[0] != '\0' ? name_list : NULL;
	if ((code = dialog_search(dialog)) != SCARD_S_SUCCESS)
		return code;
	if ((code = give_names(dialog, places)) != SCARD_S_SUCCESS)
		dialog_forget(dialog);
	else
		code = dialog_connect(dialog);
	return code;
}

static LONG
begin(const char *function, const void *structure, DWORD size, size_t expected)
{
	(void)api_message_clear();
	if (structure == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pDlgStruc is NULL: pass the address of a structure", function);
	if (size != expected)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: dwStructSize is %u, the structure has %zu bytes", function, (unsigned)size,
		    expected);
	return SCARD_S_SUCCESS;
}

static LONG
reserved(const char *function)
{
	return api_fail(SCARD_E_INVALID_PARAMETER,
	    "%s: rgguidInterfaces is reserved: pass NULL and 0", function);
}

static LONG
finish(const char *function, LONG code)
{
	last_result = api_result(function, code);
	return last_result;
}

/* The structures of both forms have the same members; the member of lpfnConnect is named. */
#define FILL_SEARCH(dialog, from, member)                                  \
	do {                                                               \
		(dialog)->check = (from)->lpfnCheck;                       \
		(dialog)->search.member = (from)->lpfnConnect;             \
		(dialog)->search.disconnect = (from)->lpfnDisconnect;      \
		(dialog)->search.data = (from)->pvUserData;                \
		(dialog)->search.share_mode = (from)->dwShareMode;         \
		(dialog)->search.protocols = (from)->dwPreferredProtocols; \
	} while (0)

#define FILL_CHOSEN(dialog, from, member)                                  \
	do {                                                               \
		(dialog)->context = (from)->hSCardContext;                 \
		(dialog)->flags = (from)->dwFlags;                         \
		(dialog)->chosen.member = (from)->lpfnConnect;             \
		(dialog)->chosen.data = (from)->pvUserData;                \
		(dialog)->chosen.share_mode = (from)->dwShareMode;         \
		(dialog)->chosen.protocols = (from)->dwPreferredProtocols; \
	} while (0)

#define TAKE_RESULT(to, dialog)                              \
	do {                                                 \
		(to)->dwFlags = (dialog)->flags;             \
		(to)->hCardHandle = (dialog)->handle;        \
		(to)->dwActiveProtocol = (dialog)->protocol; \
	} while (0)

#define PLACES(from)                                                                     \
	{                                                                                \
		(from)->lpstrRdr, (from)->lpstrCard, &(from)->nMaxRdr, &(from)->nMaxCard \
	}

static LONG
select_a(const char *function, LPOPENCARDNAME_EXA structure)
{
	const OPENCARD_SEARCH_CRITERIAA none = { .dwStructSize = sizeof none }, *criteria = &none;
	struct dialog dialog = { .function = function, .form = API_FORM_A };
	const struct places places = PLACES(structure);
	LONG code;

	if (structure->pOpenCardSearchCriteria != NULL)
		criteria = structure->pOpenCardSearchCriteria;
	code = begin(function, criteria, criteria->dwStructSize, sizeof *criteria);
	if (code != SCARD_S_SUCCESS)
		return code;
	if (criteria->rgguidInterfaces != NULL || criteria->cguidInterfaces != 0)
		return reserved(function);
	FILL_SEARCH(&dialog, criteria, connect_a);
	FILL_CHOSEN(&dialog, structure, connect_a);
	code = choose(&dialog, criteria->lpstrGroupNames, criteria->lpstrCardNames, &places);
	if (code == SCARD_S_SUCCESS)
		TAKE_RESULT(structure, &dialog);
	return code;
}

static LONG
select_w(const char *function, LPOPENCARDNAME_EXW structure)
{
	const OPENCARD_SEARCH_CRITERIAW none = { .dwStructSize = sizeof none }, *criteria = &none;
	struct dialog dialog = { .function = function, .form = API_FORM_W };
	const struct places places = PLACES(structure);
	LONG code;

	if (structure->pOpenCardSearchCriteria != NULL)
		criteria = structure->pOpenCardSearchCriteria;
	code = begin(function, criteria, criteria->dwStructSize, sizeof *criteria);
	if (code != SCARD_S_SUCCESS)
		return code;
	if (criteria->rgguidInterfaces != NULL || criteria->cguidInterfaces != 0)
		return reserved(function);
	FILL_SEARCH(&dialog, criteria, connect_w);
	FILL_CHOSEN(&dialog, structure, connect_w);
	code = choose(&dialog, criteria->lpstrGroupNames, criteria->lpstrCardNames, &places);
	if (code == SCARD_S_SUCCESS)
		TAKE_RESULT(structure, &dialog);
	return code;
}

static LONG
open_a(const char *function, LPOPENCARDNAMEA structure)
{
	struct dialog dialog = {
		.function = function, .form = API_FORM_A, .search_connects = true
	};
	const struct places places = PLACES(structure);
	LONG code;

	if (structure->rgguidInterfaces != NULL || structure->cguidInterfaces != 0)
		return reserved(function);
	FILL_SEARCH(&dialog, structure, connect_a);
	FILL_CHOSEN(&dialog, structure, connect_a);
	code = choose(&dialog, structure->lpstrGroupNames, structure->lpstrCardNames, &places);
	if (code == SCARD_S_SUCCESS)
		TAKE_RESULT(structure, &dialog);
	return code;
}

static LONG
open_w(const char *function, LPOPENCARDNAMEW structure)
{
	struct dialog dialog = {
		.function = function, .form = API_FORM_W, .search_connects = true
	};
	const struct places places = PLACES(structure);
	LONG code;

	if (structure->rgguidInterfaces != NULL || structure->cguidInterfaces != 0)
		return reserved(function);
	FILL_SEARCH(&dialog, structure, connect_w);
	FILL_CHOSEN(&dialog, structure, connect_w);
	code = choose(&dialog, structure->lpstrGroupNames, structure->lpstrCardNames, &places);
	if (code == SCARD_S_SUCCESS)
		TAKE_RESULT(structure, &dialog);
	return code;
}

#define SIZE_OF(structure) ((structure) != NULL ? (structure)->dwStructSize : 0)

API_EXPORT LONG WINAPI
SCardUIDlgSelectCardA(LPOPENCARDNAME_EXA pDlgStruc)
{
	static const char function[] = "SCardUIDlgSelectCardA";
	LONG code = begin(function, pDlgStruc, SIZE_OF(pDlgStruc), sizeof *pDlgStruc);

	return finish(function, code == SCARD_S_SUCCESS ? select_a(function, pDlgStruc) : code);
}

API_EXPORT LONG WINAPI
SCardUIDlgSelectCardW(LPOPENCARDNAME_EXW pDlgStruc)
{
	static const char function[] = "SCardUIDlgSelectCardW";
	LONG code = begin(function, pDlgStruc, SIZE_OF(pDlgStruc), sizeof *pDlgStruc);

	return finish(function, code == SCARD_S_SUCCESS ? select_w(function, pDlgStruc) : code);
}

API_EXPORT LONG WINAPI
GetOpenCardNameA(LPOPENCARDNAMEA pDlgStruc)
{
	static const char function[] = "GetOpenCardNameA";
	LONG code = begin(function, pDlgStruc, SIZE_OF(pDlgStruc), sizeof *pDlgStruc);

	return finish(function, code == SCARD_S_SUCCESS ? open_a(function, pDlgStruc) : code);
}

API_EXPORT LONG WINAPI
GetOpenCardNameW(LPOPENCARDNAMEW pDlgStruc)
{
	static const char function[] = "GetOpenCardNameW";
	LONG code = begin(function, pDlgStruc, SIZE_OF(pDlgStruc), sizeof *pDlgStruc);

	return finish(function, code == SCARD_S_SUCCESS ? open_w(function, pDlgStruc) : code);
}

API_EXPORT LONG WINAPI
SCardDlgExtendedError(void)
{
	return last_result;
}
