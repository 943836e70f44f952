/* SPDX-License-Identifier: BSD-2-Clause */
/* New identifiers; identifiers and ProgIDs as UTF-16 text. */
#include <string.h>
#include <sys/random.h>

#include <glib.h>
#include <objbase.h>
#include <tessera_class.h>

#include "runtime/export.h"
#include "runtime/guid_text.h"
#include "runtime/lookup.h"
#include "runtime/manifest.h"

TESSERA_EXPORT HRESULT
CoCreateGuid(GUID *pguid)
{
	if (pguid == NULL)
		return E_INVALIDARG;
	/* So few bytes come at once, or, before the kernel has any, not at all for a signal. */
	while (getrandom(pguid, sizeof *pguid, 0) != (ssize_t)sizeof *pguid)
		;
	/* RFC 4122: version 4, random; variant 10. */
	pguid->Data3 = (uint16_t)((pguid->Data3 & 0x0FFFu) | 0x4000u);
	pguid->Data4[0] = (uint8_t)((pguid->Data4[0] & 0x3Fu) | 0x80u);
	return S_OK;
}

/* Counts to at most one more than a GUID's text has; other lengths are all alike. */
static size_t
length_of(LPCOLESTR text)
{
	size_t n = 0;

	while (n <= GUID_TEXT_LENGTH && text[n] != 0)
		n++;
	return n;
}

static bool
guid_from_utf16(LPCOLESTR text, size_t length, GUID *ret_guid)
{
	char narrow[GUID_TEXT_LENGTH];

	if (length != GUID_TEXT_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++)
		narrow[i] = text[i] < 0x80 ? (char)text[i] : '?';
	return guid_from_text(narrow, length, ret_guid);
}

TESSERA_EXPORT int
StringFromGUID2(REFGUID rguid, LPOLESTR lpsz, int cchMax)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (rguid == NULL || lpsz == NULL || cchMax < GUID_TEXT_LENGTH + 1)
		return 0;
	guid_to_text(rguid, text);
	for (size_t i = 0; i <= GUID_TEXT_LENGTH; i++)
		lpsz[i] = (OLECHAR)text[i];
	return GUID_TEXT_LENGTH + 1;
}

TESSERA_EXPORT HRESULT
StringFromCLSID(REFCLSID rclsid, LPOLESTR *lplpsz)
{
	if (lplpsz == NULL)
		return E_POINTER;
	*lplpsz = NULL;
	if (rclsid == NULL)
		return E_INVALIDARG;
	*lplpsz = CoTaskMemAlloc((GUID_TEXT_LENGTH + 1) * sizeof(OLECHAR));
	if (*lplpsz == NULL)
		return E_OUTOFMEMORY;
	StringFromGUID2(rclsid, *lplpsz, GUID_TEXT_LENGTH + 1);
	return S_OK;
}

TESSERA_EXPORT HRESULT
StringFromIID(REFIID rclsid, LPOLESTR *lplpsz)
{
	return StringFromCLSID(rclsid, lplpsz);
}

TESSERA_EXPORT HRESULT
CLSIDFromString(LPCOLESTR lpsz, CLSID *pclsid)
{
	if (pclsid == NULL)
		return E_POINTER;
	*pclsid = CLSID_NULL;
	if (lpsz == NULL)
		return S_OK;
	if (lpsz[0] != '{')
		return CLSIDFromProgID(lpsz, pclsid);
	return guid_from_utf16(lpsz, length_of(lpsz), pclsid) ? S_OK : CO_E_CLASSSTRING;
}

TESSERA_EXPORT HRESULT
IIDFromString(LPCOLESTR lpsz, IID *lpiid)
{
	size_t length;

	if (lpiid == NULL)
		return E_POINTER;
	*lpiid = IID_NULL;
	if (lpsz == NULL)
		return S_OK;
	length = length_of(lpsz);
	if (length != GUID_TEXT_LENGTH)
		return E_INVALIDARG;
	return guid_from_utf16(lpsz, length, lpiid) ? S_OK : CO_E_IIDSTRING;
}

/* ProgIDs are ASCII; NULL for all that cannot be one. */
static char *
progid_from_utf16(LPCOLESTR text)
{
	char narrow[MANIFEST_PROGID_MAX + 1];
	size_t n = 0;

	for (; text[n] != 0; n++) {
		if (n == MANIFEST_PROGID_MAX || text[n] >= 0x80)
			return NULL;
		narrow[n] = (char)text[n];
	}
	narrow[n] = '\0';
	return n != 0 ? g_strdup(narrow) : NULL;
}

TESSERA_EXPORT HRESULT
CLSIDFromProgID(LPCOLESTR lpszProgID, CLSID *lpclsid)
{
	g_autofree char *progid = NULL;
	g_autofree char *cause = NULL;
	HRESULT hr;

	if (lpclsid == NULL)
		return E_POINTER;
	*lpclsid = CLSID_NULL;
	if (lpszProgID == NULL)
		return E_INVALIDARG;
	progid = progid_from_utf16(lpszProgID);
	if (progid == NULL)
		return tessera_error(CO_E_CLASSSTRING, NULL, NULL,
		    "the text is neither a CLSID nor a ProgID: a ProgID has 1 to %u letters, "
		    "digits "
		    "and periods",
		    MANIFEST_PROGID_MAX);
	hr = lookup_progid(progid, lpclsid, &cause);
	if (FAILED(hr))
		hr = tessera_error(hr, NULL, NULL,
		    "no class has the ProgID \"%s\"; %s; `comreg list` shows what is there", progid,
		    cause);
	return hr;
}

TESSERA_EXPORT HRESULT
CLSIDFromProgIDEx(LPCOLESTR lpszProgID, CLSID *lpclsid)
{
	return CLSIDFromProgID(lpszProgID, lpclsid);
}

TESSERA_EXPORT HRESULT
ProgIDFromCLSID(REFCLSID clsid, LPOLESTR *lplpszProgID)
{
	g_autofree char *progid = NULL;
	char text[GUID_TEXT_LENGTH + 1];
	bool is_registered;
	HRESULT hr = S_OK;

	if (lplpszProgID == NULL)
		return E_POINTER;
	*lplpszProgID = NULL;
	if (clsid == NULL)
		return E_INVALIDARG;
	progid = lookup_progid_of(clsid, &is_registered);
	if (progid == NULL)
		hr = tessera_error(REGDB_E_CLASSNOTREG, NULL, NULL, "class %s %s",
		    guid_to_text(clsid, text),
		    is_registered ? "has no ProgID" : "is not registered; see `comreg list`");
	else if ((*lplpszProgID = CoTaskMemAlloc((strlen(progid) + 1) * sizeof(OLECHAR))) == NULL)
		hr = E_OUTOFMEMORY;
	else
		for (size_t i = 0; i <= strlen(progid); i++)
			(*lplpszProgID)[i] = (OLECHAR)progid[i];
	return hr;
}
