/* SPDX-License-Identifier: BSD-2-Clause */
/* Which card types there are, and what is known of them. */
#include "rm/api/database_cards.h"

#include <string.h>

#include <winerror.h>

#include "rm/api/database.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"
#include "rm/drivers/atr.h"
#include "runtime/guid_text.h"

LONG
api_card_name_read(const char *function, enum api_form form, const void *name, char **ret_name)
{
	return api_string_read(function, "the card type's name", form, name, DATABASE_NAME_MAX,
	    SCARD_E_UNKNOWN_CARD, ret_name);
}

LONG
api_atr_length(const char *function, LPCBYTE atr, size_t *ret_length)
{
	struct atr parsed;

	/* Parsing stops where the answer itself says that it ends. */
	if (atr_parse(atr, ATR_LENGTH_MAX, &parsed) != 0)
		return api_fail(SCARD_E_INVALID_ATR,
		    "%s: pbAtr is no answer to reset: it begins with %02X", function, atr[0]);
	*ret_length = parsed.length;
	return SCARD_S_SUCCESS;
}

static bool
matches(const struct database_card *card, LPCBYTE atr, size_t length)
{
	if (atr == NULL)
		return true;
	if (card->atr_length != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((atr[i] & card->mask[i]) != card->atr[i])
			return false;
	return true;
}

static bool
has_interface(const struct database_card *card, const GUID *iid)
{
	for (guint i = 0; i < card->interfaces->len; i++)
		if (memcmp(&g_array_index(card->interfaces, GUID, i), iid, sizeof *iid) == 0)
			return true;
	return false;
}

static bool
has_interfaces(const struct database_card *card, LPCGUID interfaces, DWORD count)
{
	for (DWORD i = 0; interfaces != NULL && i < count; i++)
		if (!has_interface(card, &interfaces[i]))
			return false;
	return true;
}

static LONG
list_cards(const char *function, enum api_form form, SCARDCONTEXT context, LPCBYTE atr,
    LPCGUID interfaces, DWORD count, struct api_output output)
{
	struct database_picture *picture;
	GString *list;
	size_t length = 0;
	void *held;
	LONG code = SCARD_S_SUCCESS;

	(void)api_message_clear();
	if (output.length == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcchCards is NULL: pass the address of a DWORD", function);
	if (atr != NULL && (code = api_atr_length(function, atr, &length)) != SCARD_S_SUCCESS)
		return code;
	if ((code = api_database_look_any(function, context, &picture)) != SCARD_S_SUCCESS)
		return api_result(function, code);
	list = g_string_new(NULL);
	for (guint i = 0; i < database_cards(picture)->len; i++) {
		const struct database_card *card = database_cards(picture)->pdata[i];

		if (matches(card, atr, length) && has_interfaces(card, interfaces, count))
			g_string_append_len(list, card->name, (gssize)strlen(card->name) + 1);
	}
	database_picture_unref(picture);
	code = api_list_prepare(function, form, list->str, list->len + 1, &output, &held);
	if (code == SCARD_S_SUCCESS)
		code = api_outputs_store(function, context, &output, 1);
	g_free(held);
	g_string_free(list, TRUE);
	return api_result(function, code);
}

/* A card type by the name that a caller gave; @ret_picture keeps it, unless the code is one. */
static LONG
find(const char *function, enum api_form form, SCARDCONTEXT context, const void *name,
    struct database_picture **ret_picture, const struct database_card **ret_card)
{
	g_autofree char *text = NULL;
	LONG code = api_card_name_read(function, form, name, &text);

	if (code == SCARD_S_SUCCESS)
		code = api_database_look_any(function, context, ret_picture);
	if (code != SCARD_S_SUCCESS)
		return code;
	code = api_database_card(function, *ret_picture, text, ret_card);
	if (code != SCARD_S_SUCCESS)
		database_picture_unref(*ret_picture);
	return code;
}

static LONG
list_interfaces(const char *function, enum api_form form, SCARDCONTEXT context, const void *name,
    LPGUID interfaces, LPDWORD count)
{
	struct api_output output = { .parameter = "pguidInterfaces",
		.buffer = interfaces,
		.length = count,
		.unit = sizeof(GUID) };
	struct database_picture *picture;
	const struct database_card *card;
	LONG code;

	(void)api_message_clear();
	if (count == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcguidInterfaces is NULL: pass the address of a DWORD", function);
	if ((code = find(function, form, context, name, &picture, &card)) != SCARD_S_SUCCESS)
		return api_result(function, code);
	output.data = card->interfaces->data;
	output.count = card->interfaces->len;
	code = api_outputs_store(function, context, &output, 1);
	database_picture_unref(picture);
	return api_result(function, code);
}

static LONG
get_provider_id(const char *function, enum api_form form, SCARDCONTEXT context, const void *name,
    LPGUID ret_provider)
{
	struct database_picture *picture;
	const struct database_card *card;
	LONG code;

	(void)api_message_clear();
	if (ret_provider == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pguidProviderId is NULL: pass the address of a GUID", function);
	/* This one needs a context. */
	if ((code = api_database_look(function, context, &picture)) != SCARD_S_SUCCESS)
		return api_result(function, code);
	database_picture_unref(picture);
	if ((code = find(function, form, context, name, &picture, &card)) != SCARD_S_SUCCESS)
		return api_result(function, code);
	if (card->has_primary)
		*ret_provider = card->primary;
	else
		code = api_fail(SCARD_E_ICC_INSTALLATION,
		    "%s: card type \"%s\" has no primary provider: %s", function, card->name,
		    card->path);
	database_picture_unref(picture);
	return api_result(function, code);
}

static LONG
give_provider_name(const char *function, enum api_form form, SCARDCONTEXT context,
    const struct database_card *card, DWORD id, struct api_output *output)
{
	char guid[GUID_TEXT_LENGTH + 1];
	const char *name = database_card_provider(card, id);
	DWORD room = *output->length;
	void *held;
	LONG code;

	if (id == SCARD_PROVIDER_PRIMARY && card->has_primary)
		name = guid_to_text(&card->primary, guid);
	if (name == NULL)
		return api_fail(ERROR_FILE_NOT_FOUND,
		    "%s: card type \"%s\" has no provider of kind 0x%X: %s", function, card->name,
		    (unsigned)id, card->path);
	code = api_text_prepare(function, form, name, output, &held);
	if (code == SCARD_S_SUCCESS)
		code = api_outputs_store(function, context, output, 1);
	/* Unlike everywhere else the length stays as it was. */
	if (code == SCARD_E_INSUFFICIENT_BUFFER)
		*output->length = room;
	g_free(held);
	return code;
}

static LONG
get_provider_name(const char *function, enum api_form form, SCARDCONTEXT context, const void *name,
    DWORD id, struct api_output output)
{
	struct database_picture *picture;
	const struct database_card *card;
	LONG code;

	(void)api_message_clear();
	if (output.length == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcchProvider is NULL: pass the address of a DWORD", function);
	if (id == 0)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: dwProviderId is 0: pass one of SCARD_PROVIDER_*", function);
	if ((code = find(function, form, context, name, &picture, &card)) != SCARD_S_SUCCESS)
		return api_result(function, code);
	code = give_provider_name(function, form, context, card, id, &output);
	database_picture_unref(picture);
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardListCardsA(SCARDCONTEXT hContext, LPCBYTE pbAtr, LPCGUID rgquidInterfaces,
    DWORD cguidInterfaceCount, LPSTR mszCards, LPDWORD pcchCards)
{
	return list_cards("SCardListCardsA", API_FORM_A, hContext, pbAtr, rgquidInterfaces,
	    cguidInterfaceCount,
	    (struct api_output){
		.parameter = "mszCards", .buffer = mszCards, .length = pcchCards });
}

API_EXPORT LONG WINAPI
SCardListCardsW(SCARDCONTEXT hContext, LPCBYTE pbAtr, LPCGUID rgquidInterfaces,
    DWORD cguidInterfaceCount, LPWSTR mszCards, LPDWORD pcchCards)
{
	return list_cards("SCardListCardsW", API_FORM_W, hContext, pbAtr, rgquidInterfaces,
	    cguidInterfaceCount,
	    (struct api_output){
		.parameter = "mszCards", .buffer = mszCards, .length = pcchCards });
}

API_EXPORT LONG WINAPI
SCardListInterfacesA(
    SCARDCONTEXT hContext, LPCSTR szCard, LPGUID pguidInterfaces, LPDWORD pcguidInterfaces)
{
	return list_interfaces("SCardListInterfacesA", API_FORM_A, hContext, szCard,
	    pguidInterfaces, pcguidInterfaces);
}

API_EXPORT LONG WINAPI
SCardListInterfacesW(
    SCARDCONTEXT hContext, LPCWSTR szCard, LPGUID pguidInterfaces, LPDWORD pcguidInterfaces)
{
	return list_interfaces("SCardListInterfacesW", API_FORM_W, hContext, szCard,
	    pguidInterfaces, pcguidInterfaces);
}

API_EXPORT LONG WINAPI
SCardGetProviderIdA(SCARDCONTEXT hContext, LPCSTR szCard, LPGUID pguidProviderId)
{
	return get_provider_id(
	    "SCardGetProviderIdA", API_FORM_A, hContext, szCard, pguidProviderId);
}

API_EXPORT LONG WINAPI
SCardGetProviderIdW(SCARDCONTEXT hContext, LPCWSTR szCard, LPGUID pguidProviderId)
{
	return get_provider_id(
	    "SCardGetProviderIdW", API_FORM_W, hContext, szCard, pguidProviderId);
}

API_EXPORT LONG WINAPI
SCardGetCardTypeProviderNameA(SCARDCONTEXT hContext, LPCSTR szCardName, DWORD dwProviderId,
    LPSTR szProvider, LPDWORD pcchProvider)
{
	return get_provider_name("SCardGetCardTypeProviderNameA", API_FORM_A, hContext, szCardName,
	    dwProviderId,
	    (struct api_output){
		.parameter = "szProvider", .buffer = szProvider, .length = pcchProvider });
}

API_EXPORT LONG WINAPI
SCardGetCardTypeProviderNameW(SCARDCONTEXT hContext, LPCWSTR szCardName, DWORD dwProviderId,
    LPWSTR szProvider, LPDWORD pcchProvider)
{
	return get_provider_name("SCardGetCardTypeProviderNameW", API_FORM_W, hContext, szCardName,
	    dwProviderId,
	    (struct api_output){
		.parameter = "szProvider", .buffer = szProvider, .length = pcchProvider });
}
