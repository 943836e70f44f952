/* SPDX-License-Identifier: BSD-2-Clause */
/* What a connection is like, and waiting for readers and cards. */
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "rm/api/message.h"
#include "rm/pcsclite/lp64.h"

#define STATES_MAX 1024u /* entries of one call */

lp64_long
pcsclite_status(lp64_handle card, char *reader, lp64_dword *reader_length, lp64_dword *ret_state,
    lp64_dword *ret_protocol, uint8_t *atr, lp64_dword *atr_length) LP64_EXPORT("SCardStatus");
lp64_long pcsclite_status_change(lp64_handle context, lp64_dword timeout,
    struct lp64_state *entries, lp64_dword count) LP64_EXPORT("SCardGetStatusChange");

static bool
asks_for_nothing(const void *buffer, const lp64_dword *length)
{
	return length != NULL && *length == LP64_AUTOALLOCATE && buffer == NULL;
}

lp64_long
pcsclite_status(lp64_handle card, char *reader, lp64_dword *reader_length, lp64_dword *ret_state,
    lp64_dword *ret_protocol, uint8_t *atr, lp64_dword *atr_length)
{
	const struct rm_calls *calls = lp64_card_calls(card);
	struct rm_calls_status status;
	LONG code, atr_code = SCARD_S_SUCCESS;

	if (asks_for_nothing(reader, reader_length) || asks_for_nothing(atr, atr_length))
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	if (calls == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	memset(&status, 0, sizeof status);
	code = calls->status((SCARDHANDLE)card, &status, api_message_clear());
	if (code != SCARD_S_SUCCESS)
		return lp64_result(code);
	if (ret_state != NULL)
		*ret_state = status.state;
	if (ret_protocol != NULL)
		*ret_protocol = lp64_protocol_out(status.protocol);
	if (reader_length != NULL)
		code = lp64_give(reader, reader_length, status.name,
		    strnlen(status.name, sizeof status.name - 1) + 1, true);
	if (atr_length != NULL)
		atr_code = lp64_give(
		    atr, atr_length, status.atr, MIN(status.atr_length, sizeof status.atr), true);
	return lp64_result(code != SCARD_S_SUCCESS ? code : atr_code);
}

/* -1 is INFINITE too, and so is what 32 bits cannot count. */
static uint32_t
timeout_in(lp64_dword timeout)
{
	return timeout < INFINITE ? (uint32_t)timeout : INFINITE;
}

static LONG
read_entries(const struct lp64_state *entries, size_t count, struct rm_calls_state *states)
{
	for (size_t i = 0; i < count; i++) {
		states[i].name = entries[i].name;
		states[i].current = (uint32_t)entries[i].current;
		/* No reader has such a name; the table must not see it. */
		if (strnlen(entries[i].name, LP64_NAME_SIZE) == LP64_NAME_SIZE &&
		    !(states[i].current & SCARD_STATE_IGNORE))
			return SCARD_E_UNKNOWN_READER;
	}
	return SCARD_S_SUCCESS;
}

static void
write_entries(const struct rm_calls_state *states, size_t count, struct lp64_state *entries)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = MIN(states[i].atr_length, sizeof states[i].atr);

		entries[i].event = states[i].event;
		entries[i].atr_length = length;
		memcpy(entries[i].atr, states[i].atr, length);
	}
}

lp64_long
pcsclite_status_change(
    lp64_handle context, lp64_dword timeout, struct lp64_state *entries, lp64_dword count)
{
	const struct rm_calls *calls;
	struct rm_calls_state *states;
	LONG code;

	if ((entries == NULL && count > 0) || count > STATES_MAX)
		return lp64_result(SCARD_E_INVALID_PARAMETER);
	for (lp64_dword i = 0; i < count; i++)
		if (entries[i].name == NULL)
			return lp64_result(SCARD_E_INVALID_VALUE);
	if ((calls = lp64_context_calls(context)) == NULL)
		return lp64_result(SCARD_E_INVALID_HANDLE);
	if (count == 0)
		return lp64_result(SCARD_S_SUCCESS);
	if ((states = calloc(count, sizeof *states)) == NULL)
		return lp64_result(SCARD_E_NO_MEMORY);
	if ((code = read_entries(entries, count, states)) == SCARD_S_SUCCESS)
		code = calls->status_change((SCARDCONTEXT)context, timeout_in(timeout), states,
		    count, -1, api_message_clear());
	if (code == SCARD_S_SUCCESS || code == SCARD_E_TIMEOUT)
		write_entries(states, count, entries);
	free(states);
	return lp64_result(code);
}
