/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking for cards in readers: a look at their state, and the ATRs compared. Never waits. */
#include <string.h>

#include "rm/api/database.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"
#include "rm/api/watched.h"

#define PATTERNS_MAX 1024u /* of one call */

/* What is looked for; `bytes` is what must be equal under the mask. */
struct pattern {
	size_t length;
	uint8_t bytes[36], mask[36];
};

struct search {
	struct api_watch watch;
	SCARDCONTEXT context;
	GArray *patterns; /* of struct pattern */
};

static LONG
search_begin(struct search *search, const void *entries, DWORD count)
{
	(void)api_message_clear();
	search->patterns = g_array_new(FALSE, TRUE, sizeof(struct pattern));
	search->watch.count = count;
	return api_watch_begin(&search->watch, entries);
}

static bool
is_found(const struct search *search, const struct rm_calls_state *state)
{
	for (guint i = 0; i < search->patterns->len; i++) {
		const struct pattern *pattern = &g_array_index(search->patterns, struct pattern, i);
		bool same = pattern->length == state->atr_length && pattern->length > 0;

		for (size_t b = 0; same && b < pattern->length; b++)
			same = (state->atr[b] & pattern->mask[b]) == pattern->bytes[b];
		if (same)
			return true;
	}
	return false;
}

static LONG
search_run(struct search *search)
{
	LONG code = api_watch_run(&search->watch, search->context, 0);

	if (!api_watch_tells(code))
		return code;
	for (size_t i = 0; i < search->watch.count; i++) {
		struct rm_calls_state *state = &search->watch.states[i];

		if ((state->event & SCARD_STATE_PRESENT) != 0 && is_found(search, state))
			state->event |= SCARD_STATE_ATRMATCH;
	}
	return SCARD_S_SUCCESS;
}

static LONG
search_end(struct search *search, LONG code)
{
	g_array_unref(search->patterns);
	return api_watch_end(&search->watch, code);
}

static LONG
add_names(struct search *search, const char *names)
{
	const char *function = search->watch.function;
	struct database_picture *picture;
	LONG code = api_database_look(function, search->context, &picture);

	if (code != SCARD_S_SUCCESS)
		return code;
	for (; *names != '\0' && code == SCARD_S_SUCCESS; names += strlen(names) + 1) {
		struct pattern pattern = { 0 };
		const struct database_card *card;

		if (!g_utf8_validate(names, -1, NULL))
			code = api_fail(SCARD_E_INVALID_PARAMETER,
			    "%s: a card type's name is not UTF-8", function);
		else
			code = api_database_card(function, picture, names, &card);
		if (code != SCARD_S_SUCCESS)
			break;
		pattern.length = card->atr_length;
		memcpy(pattern.bytes, card->atr, card->atr_length);
		memcpy(pattern.mask, card->mask, card->atr_length);
		g_array_append_val(search->patterns, pattern);
	}
	database_picture_unref(picture);
	return code;
}

static LONG
look_for_names(struct search *search, enum api_form form, const void *names)
{
	g_autofree char *list = NULL;
	LONG code;

	if (names == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: mszCards is NULL: pass names from SCardListCards", search->watch.function);
	code = api_list_read(search->watch.function, form, names, &list);
	return code == SCARD_S_SUCCESS ? add_names(search, list) : code;
}

static LONG
look_for_atrs(struct search *search, const SCARD_ATRMASK *masks, DWORD count)
{
	const char *function = search->watch.function;

	if (count > 0 && masks == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: rgAtrMasks is NULL: pass an array of %u entries", function,
		    (unsigned)count);
	if (count > PATTERNS_MAX)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: cAtrs is %u: pass at most %u entries", function, (unsigned)count,
		    PATTERNS_MAX);
	for (DWORD i = 0; i < count; i++) {
		struct pattern pattern = { .length = masks[i].cbAtr };

		if (masks[i].cbAtr > sizeof masks[i].rgbAtr)
			return api_fail(SCARD_E_INVALID_PARAMETER,
			    "%s: cbAtr of entry %u is %u: an ATR has at most %u bytes", function,
			    (unsigned)i, (unsigned)masks[i].cbAtr, DATABASE_ATR_MAX);
		memcpy(pattern.bytes, masks[i].rgbAtr, pattern.length);
		memcpy(pattern.mask, masks[i].rgbMask, pattern.length);
		g_array_append_val(search->patterns, pattern);
	}
	return SCARD_S_SUCCESS;
}

static LONG
fill_a(struct search *search, LPSCARD_READERSTATEA states, LONG code)
{
	for (size_t i = 0; i < search->watch.count && code == SCARD_S_SUCCESS; i++)
		code = api_watch_add(
		    &search->watch, i, API_FORM_A, states[i].szReader, states[i].dwCurrentState);
	if (code == SCARD_S_SUCCESS)
		code = search_run(search);
	for (size_t i = 0; i < search->watch.count && code == SCARD_S_SUCCESS; i++)
		api_watch_tell(
		    &search->watch, i, &states[i].dwEventState, &states[i].cbAtr, states[i].rgbAtr);
	return search_end(search, code);
}

static LONG
fill_w(struct search *search, LPSCARD_READERSTATEW states, LONG code)
{
	for (size_t i = 0; i < search->watch.count && code == SCARD_S_SUCCESS; i++)
		code = api_watch_add(
		    &search->watch, i, API_FORM_W, states[i].szReader, states[i].dwCurrentState);
	if (code == SCARD_S_SUCCESS)
		code = search_run(search);
	for (size_t i = 0; i < search->watch.count && code == SCARD_S_SUCCESS; i++)
		api_watch_tell(
		    &search->watch, i, &states[i].dwEventState, &states[i].cbAtr, states[i].rgbAtr);
	return search_end(search, code);
}

API_EXPORT LONG WINAPI
SCardLocateCardsA(
    SCARDCONTEXT hContext, LPCSTR mszCards, LPSCARD_READERSTATEA rgReaderStates, DWORD cReaders)
{
	struct search search = { .watch.function = "SCardLocateCardsA", .context = hContext };
	LONG code = search_begin(&search, rgReaderStates, cReaders);

	if (code == SCARD_S_SUCCESS)
		code = look_for_names(&search, API_FORM_A, mszCards);
	return fill_a(&search, rgReaderStates, code);
}

API_EXPORT LONG WINAPI
SCardLocateCardsW(
    SCARDCONTEXT hContext, LPCWSTR mszCards, LPSCARD_READERSTATEW rgReaderStates, DWORD cReaders)
{
	struct search search = { .watch.function = "SCardLocateCardsW", .context = hContext };
	LONG code = search_begin(&search, rgReaderStates, cReaders);

	if (code == SCARD_S_SUCCESS)
		code = look_for_names(&search, API_FORM_W, mszCards);
	return fill_w(&search, rgReaderStates, code);
}

API_EXPORT LONG WINAPI
SCardLocateCardsByATRA(SCARDCONTEXT hContext, LPSCARD_ATRMASK rgAtrMasks, DWORD cAtrs,
    LPSCARD_READERSTATEA rgReaderStates, DWORD cReaders)
{
	struct search search = { .watch.function = "SCardLocateCardsByATRA", .context = hContext };
	LONG code = search_begin(&search, rgReaderStates, cReaders);

	if (code == SCARD_S_SUCCESS)
		code = look_for_atrs(&search, rgAtrMasks, cAtrs);
	return fill_a(&search, rgReaderStates, code);
}

API_EXPORT LONG WINAPI
SCardLocateCardsByATRW(SCARDCONTEXT hContext, LPSCARD_ATRMASK rgAtrMasks, DWORD cAtrs,
    LPSCARD_READERSTATEW rgReaderStates, DWORD cReaders)
{
	struct search search = { .watch.function = "SCardLocateCardsByATRW", .context = hContext };
	LONG code = search_begin(&search, rgReaderStates, cReaders);

	if (code == SCARD_S_SUCCESS)
		code = look_for_atrs(&search, rgAtrMasks, cAtrs);
	return fill_w(&search, rgReaderStates, code);
}
