/* SPDX-License-Identifier: BSD-2-Clause */
/* Card types are introduced, changed and forgotten. */
#include <string.h>

#include <winerror.h>

#include "rm/api/database.h"
#include "rm/api/database_cards.h"
#include "rm/api/message.h"
#include "rm/api/visibility.h"
#include "runtime/guid_text.h"

/* What a caller says of a new card type. */
struct introduction {
	LPCGUID primary;
	LPCGUID interfaces;
	DWORD interface_count;
	LPCBYTE atr, mask;
	DWORD atr_length;
};

static LONG
put_card(const char *function, struct database_edit *edit, void *data)
{
	char *cause = NULL;

	return api_database_result(
	    function, database_put_card(edit, data, &cause), SCARD_F_INTERNAL_ERROR, &cause);
}

static LONG
take_atr(const char *function, const struct introduction *from, struct database_card *card)
{
	LONG code;

	if (from->atr == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pbAtr is NULL: pass an answer to reset", function);
	card->atr_length = from->atr_length;
	if (from->atr_length == 0 &&
	    (code = api_atr_length(function, from->atr, &card->atr_length)) != SCARD_S_SUCCESS)
		return code;
	if (card->atr_length > DATABASE_ATR_MAX)
		return api_fail(SCARD_E_INVALID_PARAMETER, "%s: cbAtrLen is %zu, more than %u",
		    function, card->atr_length, DATABASE_ATR_MAX);
	if (card->atr_length < DATABASE_ATR_MIN)
		return api_fail(SCARD_E_INVALID_ATR,
		    "%s: cbAtrLen is %zu: an answer to reset has %u bytes at least", function,
		    card->atr_length, DATABASE_ATR_MIN);
	memcpy(card->atr, from->atr, card->atr_length);
	if (from->mask != NULL)
		memcpy(card->mask, from->mask, card->atr_length);
	else
		memset(card->mask, 0xFF, card->atr_length);
	return SCARD_S_SUCCESS;
}

static LONG
take_card(const char *function, const struct introduction *from, struct database_card *card)
{
	if (from->interfaces != NULL && from->interface_count > DATABASE_INTERFACES_MAX)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: dwInterfaceCount is %u, more than %u", function,
		    (unsigned)from->interface_count, DATABASE_INTERFACES_MAX);
	if (from->interfaces != NULL)
		g_array_append_vals(card->interfaces, from->interfaces, from->interface_count);
	card->has_primary = from->primary != NULL;
	if (from->primary != NULL)
		card->primary = *from->primary;
	return take_atr(function, from, card);
}

static LONG
introduce(const char *function, enum api_form form, SCARDCONTEXT context, const void *name,
    const struct introduction *from)
{
	g_autofree char *text = NULL;
	struct database_card *card;
	LONG code;

	(void)api_message_clear();
	code = api_string_read(function, "the card type's name", form, name, DATABASE_NAME_MAX,
	    SCARD_E_INVALID_PARAMETER, &text);
	if (code != SCARD_S_SUCCESS)
		return code;
	if (context == 0)
		return api_fail(ERROR_INVALID_HANDLE,
		    "%s: the context is 0: pass one from SCardEstablishContext", function);
	card = database_card_new(text);
	if ((code = take_card(function, from, card)) == SCARD_S_SUCCESS)
		code = api_database_change(function, context, DATABASE_CARDS, put_card, card);
	database_card_free(card);
	return api_result(function, code);
}

/* A new name of a provider. */
struct provider_change {
	const char *card;
	DWORD id;
	const char *provider;
};

static LONG
set_primary(const char *function, struct database_card *card, const char *provider)
{
	if (!guid_from_text(provider, strlen(provider), &card->primary))
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the primary provider is \"%s\": pass a class identifier, "
		    "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}",
		    function, provider);
	card->has_primary = true;
	return SCARD_S_SUCCESS;
}

/* In the layer of the caller's scope, where the card type may be new. */
static LONG
put_provider(const char *function, struct database_edit *edit, void *data)
{
	const struct provider_change *change = data;
	const struct database_card *old;
	struct database_card *card;
	LONG code = api_database_card(function, database_edit_picture(edit), change->card, &old);

	if (code != SCARD_S_SUCCESS)
		return code;
	card = database_card_copy(old);
	if (change->id == SCARD_PROVIDER_PRIMARY)
		code = set_primary(function, card, change->provider);
	else
		database_card_set_provider(card, change->id, change->provider);
	if (code == SCARD_S_SUCCESS)
		code = put_card(function, edit, card);
	database_card_free(card);
	return code;
}

static LONG
set_provider(const char *function, enum api_form form, SCARDCONTEXT context, const void *name,
    DWORD id, const void *provider)
{
	g_autofree char *card = NULL, *text = NULL;
	struct provider_change change;
	LONG code;

	(void)api_message_clear();
	if ((code = api_card_name_read(function, form, name, &card)) != SCARD_S_SUCCESS)
		return code;
	code = api_string_read(function, "szProvider", form, provider, DATABASE_PROVIDER_MAX,
	    SCARD_E_INVALID_PARAMETER, &text);
	if (code != SCARD_S_SUCCESS)
		return code;
	if (id == 0)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: dwProviderId is 0: pass one of SCARD_PROVIDER_*", function);
	change = (struct provider_change){ .card = card, .id = id, .provider = text };
	code = api_database_change(function, context, DATABASE_CARDS, put_provider, &change);
	return api_result(function, code);
}

static LONG
remove_card(const char *function, struct database_edit *edit, void *data)
{
	char *cause = NULL;

	return api_database_result(
	    function, database_remove_card(edit, data, &cause), SCARD_E_UNKNOWN_CARD, &cause);
}

static LONG
forget(const char *function, enum api_form form, SCARDCONTEXT context, const void *name)
{
	g_autofree char *card = NULL;
	LONG code;

	(void)api_message_clear();
	if ((code = api_card_name_read(function, form, name, &card)) != SCARD_S_SUCCESS)
		return code;
	if (context == 0)
		return api_fail(ERROR_INVALID_HANDLE,
		    "%s: the context is 0: pass one from SCardEstablishContext", function);
	return api_result(
	    function, api_database_change(function, context, DATABASE_CARDS, remove_card, card));
}

API_EXPORT LONG WINAPI
SCardIntroduceCardTypeA(SCARDCONTEXT hContext, LPCSTR szCardName, LPCGUID pguidPrimaryProvider,
    LPCGUID rgguidInterfaces, DWORD dwInterfaceCount, LPCBYTE pbAtr, LPCBYTE pbAtrMask,
    DWORD cbAtrLen)
{
	const struct introduction from = { pguidPrimaryProvider, rgguidInterfaces, dwInterfaceCount,
		pbAtr, pbAtrMask, cbAtrLen };

	return introduce("SCardIntroduceCardTypeA", API_FORM_A, hContext, szCardName, &from);
}

API_EXPORT LONG WINAPI
SCardIntroduceCardTypeW(SCARDCONTEXT hContext, LPCWSTR szCardName, LPCGUID pguidPrimaryProvider,
    LPCGUID rgguidInterfaces, DWORD dwInterfaceCount, LPCBYTE pbAtr, LPCBYTE pbAtrMask,
    DWORD cbAtrLen)
{
	const struct introduction from = { pguidPrimaryProvider, rgguidInterfaces, dwInterfaceCount,
		pbAtr, pbAtrMask, cbAtrLen };

	return introduce("SCardIntroduceCardTypeW", API_FORM_W, hContext, szCardName, &from);
}

API_EXPORT LONG WINAPI
SCardSetCardTypeProviderNameA(
    SCARDCONTEXT hContext, LPCSTR szCardName, DWORD dwProviderId, LPCSTR szProvider)
{
	return set_provider("SCardSetCardTypeProviderNameA", API_FORM_A, hContext, szCardName,
	    dwProviderId, szProvider);
}

API_EXPORT LONG WINAPI
SCardSetCardTypeProviderNameW(
    SCARDCONTEXT hContext, LPCWSTR szCardName, DWORD dwProviderId, LPCWSTR szProvider)
{
	return set_provider("SCardSetCardTypeProviderNameW", API_FORM_W, hContext, szCardName,
	    dwProviderId, szProvider);
}

API_EXPORT LONG WINAPI
SCardForgetCardTypeA(SCARDCONTEXT hContext, LPCSTR szCardName)
{
	return forget("SCardForgetCardTypeA", API_FORM_A, hContext, szCardName);
}

API_EXPORT LONG WINAPI
SCardForgetCardTypeW(SCARDCONTEXT hContext, LPCWSTR szCardName)
{
	return forget("SCardForgetCardTypeW", API_FORM_W, hContext, szCardName);
}
