/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections to cards: made, changed, ended; and transactions. */
#include <string.h>

#include "rm/api/message.h"
#include "rm/pcsclite/lp64.h"

lp64_long pcsclite_connect(lp64_handle context, const char *reader, lp64_dword share_mode,
    lp64_dword protocols, lp64_handle *ret_card, lp64_dword *ret_active)
    LP64_EXPORT("SCardConnect");
lp64_long pcsclite_reconnect(lp64_handle card, lp64_dword share_mode, lp64_dword protocols,
    lp64_dword initialization, lp64_dword *ret_active) LP64_EXPORT("SCardReconnect");
lp64_long
pcsclite_disconnect(lp64_handle card, lp64_dword disposition) LP64_EXPORT("SCardDisconnect");
lp64_long pcsclite_begin(lp64_handle card) LP64_EXPORT("SCardBeginTransaction");
lp64_long pcsclite_end(lp64_handle card, lp64_dword disposition) LP64_EXPORT("SCardEndTransaction");

/* What pcsc-lite refuses before it looks at the reader, in its order. */
static LONG
check_mode(lp64_dword share_mode, lp64_dword protocols)
{
	if (share_mode != SCARD_SHARE_DIRECT && lp64_protocols_in(protocols) == 0)
		return SCARD_E_PROTO_MISMATCH;
	if (share_mode < SCARD_SHARE_EXCLUSIVE || share_mode > SCARD_SHARE_DIRECT)
		return SCARD_E_INVALID_VALUE;
	return SCARD_S_SUCCESS;
}

lp64_long
pcsclite_connect(lp64_handle context, const char *reader, lp64_dword share_mode,
    lp64_dword protocols, lp64_handle *ret_card, lp64_dword *ret_active)
{
	const struct rm_calls *calls;
	SCARDHANDLE card = 0;
	uint32_t active = 0;
	LONG code;

	if (ret_card == NULL || ret_active == NULL)
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	*ret_card = 0;
	if (reader == NULL)
		return lp64_result(SCARD_E_UNKNOWN_READER);
	if (strnlen(reader, LP64_NAME_SIZE + 1) > LP64_NAME_SIZE)
		return lp64_result(SCARD_E_INVALID_VALUE);
	if ((calls = lp64_context_calls(context)) == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	if ((code = check_mode(share_mode, protocols)) != SCARD_S_SUCCESS)
		return lp64_result(code);
	if (reader[0] == '\0' || strlen(reader) == LP64_NAME_SIZE)
		return lp64_result(SCARD_E_UNKNOWN_READER);
	code = calls->connect((SCARDCONTEXT)context, reader, (uint32_t)share_mode,
	    lp64_protocols_in(protocols), &card, &active, api_message_clear());
	if (code == SCARD_S_SUCCESS) {
		*ret_card = (lp64_handle)card;
		*ret_active = lp64_protocol_out(active);
	}
	return lp64_result(code);
}

lp64_long
pcsclite_reconnect(lp64_handle card, lp64_dword share_mode, lp64_dword protocols,
    lp64_dword initialization, lp64_dword *ret_active)
{
	const struct rm_calls *calls = lp64_card_calls(card);
	uint32_t active = 0;
	LONG code;

	if (ret_active == NULL)
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	code = calls->reconnect((SCARDHANDLE)card, (uint32_t)share_mode,
	    lp64_protocols_in(protocols), (uint32_t)initialization, &active, api_message_clear());
	if (code == SCARD_S_SUCCESS)
		*ret_active = lp64_protocol_out(active);
	return lp64_result(code);
}

lp64_long
pcsclite_disconnect(lp64_handle card, lp64_dword disposition)
{
	const struct rm_calls *calls = lp64_card_calls(card);

	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	return lp64_result(
	    calls->disconnect((SCARDHANDLE)card, (uint32_t)disposition, api_message_clear()));
}

lp64_long
pcsclite_begin(lp64_handle card)
{
	const struct rm_calls *calls = lp64_card_calls(card);

	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	return lp64_result(calls->begin((SCARDHANDLE)card, api_message_clear()));
}

lp64_long
pcsclite_end(lp64_handle card, lp64_dword disposition)
{
	const struct rm_calls *calls = lp64_card_calls(card);

	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	return lp64_result(
	    calls->end((SCARDHANDLE)card, (uint32_t)disposition, api_message_clear()));
}
