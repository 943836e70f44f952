/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs keep of cards for one another. */
#include <glib.h>
#include <string.h>

#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/message.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

#define LOOKUP_SIZE 1024u /* longest lookup name in bytes of UTF-8, with NUL */

_Static_assert(
    sizeof(UUID) == sizeof(((struct rm_calls_cache_key *)NULL)->identifier), "a card's identifier");

/* Checks what both directions have; NULL after api_fail. */
static const struct rm_calls *
begin(const char *function, enum api_form form, SCARDCONTEXT context, const UUID *identifier,
    const void *name, char text[LOOKUP_SIZE], struct rm_calls_cache_key *key, LONG *ret_code)
{
	const struct rm_calls *calls;

	(void)api_message_clear();
	*ret_code = ERROR_INVALID_HANDLE;
	if ((calls = api_backend_for_context(function, context)) == NULL)
		return NULL;
	*ret_code = SCARD_E_INVALID_PARAMETER;
	if (identifier == NULL || name == NULL) {
		api_explain("%s: %s is NULL: pass the address of %s", function,
		    identifier == NULL ? "CardIdentifier" : "LookupName",
		    identifier == NULL ? "a UUID" : "a text");
		return NULL;
	}
	*ret_code = api_text_read(function, "LookupName", form, name, text, LOOKUP_SIZE);
	if (*ret_code != SCARD_S_SUCCESS)
		return NULL;
	memcpy(key->identifier, identifier, sizeof key->identifier);
	key->name = text;
	return calls;
}

static LONG
write_item(const char *function, enum api_form form, SCARDCONTEXT context, const UUID *identifier,
    DWORD freshness, const void *name, const BYTE *data, DWORD length)
{
	struct rm_calls_cache_key key = { .freshness = freshness };
	const struct rm_calls *calls;
	char text[LOOKUP_SIZE];
	LONG code;

	if ((calls = begin(function, form, context, identifier, name, text, &key, &code)) == NULL)
		return api_result(function, code);
	if (data == NULL && length > 0)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: Data is NULL and DataLen is %u: pass the data, or 0", function,
		    (unsigned)length);
	return api_result(function, calls->cache_write(context, &key, data, length, api_message()));
}

static LONG
read_item(const char *function, enum api_form form, SCARDCONTEXT context, const UUID *identifier,
    DWORD freshness, const void *name, BYTE *data, DWORD *length)
{
	struct rm_calls_cache_key key = { .freshness = freshness };
	const struct rm_calls *calls;
	char text[LOOKUP_SIZE];
	size_t used;
	LONG code;

	if ((calls = begin(function, form, context, identifier, name, text, &key, &code)) == NULL)
		return api_result(function, code);
	if (length == NULL || (data != NULL && *length == SCARD_AUTOALLOCATE))
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: DataLen is %s: pass the address of the size of Data", function,
		    length == NULL ? "NULL" : "SCARD_AUTOALLOCATE, which is not possible here");
	used = data != NULL ? *length : 0;
	code = calls->cache_read(context, &key, data, &used, api_message());
	if (code == SCARD_S_SUCCESS || code == SCARD_E_INSUFFICIENT_BUFFER)
		*length = (DWORD)used;
	/* Only the length was asked for. */
	if (code == SCARD_E_INSUFFICIENT_BUFFER && data == NULL)
		code = SCARD_S_SUCCESS;
	return api_result(function, code);
}

API_EXPORT LONG WINAPI
SCardReadCacheA(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPSTR LookupName, PBYTE Data, DWORD *DataLen)
{
	return read_item("SCardReadCacheA", API_FORM_A, hContext, CardIdentifier, FreshnessCounter,
	    LookupName, Data, DataLen);
}

API_EXPORT LONG WINAPI
SCardReadCacheW(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPWSTR LookupName, PBYTE Data, DWORD *DataLen)
{
	return read_item("SCardReadCacheW", API_FORM_W, hContext, CardIdentifier, FreshnessCounter,
	    LookupName, Data, DataLen);
}

API_EXPORT LONG WINAPI
SCardWriteCacheA(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPSTR LookupName, PBYTE Data, DWORD DataLen)
{
	return write_item("SCardWriteCacheA", API_FORM_A, hContext, CardIdentifier,
	    FreshnessCounter, LookupName, Data, DataLen);
}

API_EXPORT LONG WINAPI
SCardWriteCacheW(SCARDCONTEXT hContext, UUID *CardIdentifier, DWORD FreshnessCounter,
    LPWSTR LookupName, PBYTE Data, DWORD DataLen)
{
	return write_item("SCardWriteCacheW", API_FORM_W, hContext, CardIdentifier,
	    FreshnessCounter, LookupName, Data, DataLen);
}
