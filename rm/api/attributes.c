/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attributes of readers. The manager knows text as UTF-8; the two attributes that are names in
 * UTF-16 are made here from those that are 8-bit.
 */
#include <glib.h>
#include <string.h>

#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/message.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

#define ATTRIBUTE_MAX 264u /* bytes of a value */

/* The id of the same text in 8-bit form; 0 when @id is no wide text. */
static DWORD
narrow_id(DWORD id)
{
	switch (id) {
	case SCARD_ATTR_DEVICE_FRIENDLY_NAME_W:
		return SCARD_ATTR_DEVICE_FRIENDLY_NAME_A;
	case SCARD_ATTR_DEVICE_SYSTEM_NAME_W:
		return SCARD_ATTR_DEVICE_SYSTEM_NAME_A;
	default:
		return 0;
	}
}

API_EXPORT LONG WINAPI
SCardGetAttrib(SCARDHANDLE hCard, DWORD dwAttrId, LPBYTE pbAttr, LPDWORD pcbAttrLen)
{
	static const char function[] = "SCardGetAttrib";
	const struct rm_calls *calls;
	struct api_output output = {
		.parameter = "pbAttr", .buffer = pbAttr, .length = pcbAttrLen
	};
	uint8_t value[ATTRIBUTE_MAX];
	size_t length = sizeof value;
	g_autofree void *held = NULL;
	DWORD narrow = narrow_id(dwAttrId);
	LONG code;

	(void)api_message_clear();
	if ((calls = api_backend_for_card(function, hCard)) == NULL)
		return ERROR_INVALID_HANDLE;
	if (pcbAttrLen == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcbAttrLen is NULL: pass the address of a DWORD", function);
	code = calls->get_attribute(
	    hCard, narrow != 0 ? narrow : dwAttrId, value, &length, api_message());
	if (code == SCARD_E_INSUFFICIENT_BUFFER ||
	    (code == SCARD_S_SUCCESS && length > sizeof value))
		code = api_fail(SCARD_F_INTERNAL_ERROR,
		    "%s: the reader's value of attribute 0x%08X has %zu bytes, at most %u can be",
		    function, (unsigned)dwAttrId, length, ATTRIBUTE_MAX);
	if (code != SCARD_S_SUCCESS)
		return api_result(function, code);
	output.data = value;
	output.count = length;
	output.unit = sizeof(BYTE);
	if (narrow != 0) {
		code = api_text_widen(function, (const char *)value, length, &output, &held);
		if (code != SCARD_S_SUCCESS)
			return code;
	}
	return api_result(function, api_outputs_store_for_card(function, hCard, &output, 1));
}

API_EXPORT LONG WINAPI
SCardSetAttrib(SCARDHANDLE hCard, DWORD dwAttrId, LPCBYTE pbAttr, DWORD cbAttrLen)
{
	static const char function[] = "SCardSetAttrib";
	const struct rm_calls *calls;

	(void)api_message_clear();
	if ((calls = api_backend_for_card(function, hCard)) == NULL)
		return ERROR_INVALID_HANDLE;
	if (pbAttr == NULL || cbAttrLen == 0)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: there is no value: pass pbAttr and its length", function);
	if (cbAttrLen > ATTRIBUTE_MAX)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: the value has %u bytes, at most %u can be", function, (unsigned)cbAttrLen,
		    ATTRIBUTE_MAX);
	return api_result(
	    function, calls->set_attribute(hCard, dwAttrId, pbAttr, cbAttrLen, api_message()));
}

/* The manager counts, and tells it as an attribute of the reader. */
API_EXPORT LONG WINAPI
SCardGetTransmitCount(SCARDHANDLE hCard, LPDWORD pcTransmitCount)
{
	static const char function[] = "SCardGetTransmitCount";
	const struct rm_calls *calls;
	uint8_t value[sizeof(DWORD)];
	size_t length = sizeof value;
	LONG code;

	(void)api_message_clear();
	if ((calls = api_backend_for_card(function, hCard)) == NULL)
		return ERROR_INVALID_HANDLE;
	if (pcTransmitCount == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: pcTransmitCount is NULL: pass the address of a DWORD", function);
	code = calls->get_attribute(
	    hCard, SCARD_PERF_NUM_TRANSMISSIONS, value, &length, api_message());
	if (code == SCARD_S_SUCCESS && length != sizeof value)
		code = SCARD_F_INTERNAL_ERROR;
	if (code == SCARD_S_SUCCESS)
		*pcTransmitCount =
		    value[0] | (DWORD)value[1] << 8 | (DWORD)value[2] << 16 | (DWORD)value[3] << 24;
	return api_result(function, code);
}
