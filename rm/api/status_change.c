/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for readers and cards. The two forms of the caller's array differ in the name alone. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>
#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/message.h"
#include "rm/api/text.h"
#include "rm/api/visibility.h"

#define STATES_MAX 1024u /* entries of one call */

/* Our copy of the caller's array, with room for the names. */
struct watch {
	const char *function;
	size_t count;
	struct rm_calls_state *states;
	char (*names)[API_NAME_SIZE];
};

static LONG
watch_begin(struct watch *watch, const void *entries)
{
	if (watch->count == 0)
		return SCARD_S_SUCCESS;
	if (entries == NULL)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: rgReaderStates is NULL: pass an array of %zu entries", watch->function,
		    watch->count);
	if (watch->count > STATES_MAX)
		return api_fail(SCARD_E_INVALID_PARAMETER,
		    "%s: cReaders is %zu: pass at most %u entries", watch->function, watch->count,
		    STATES_MAX);
	watch->states = calloc(watch->count, sizeof *watch->states);
	watch->names = calloc(watch->count, sizeof *watch->names);
	if (watch->states == NULL || watch->names == NULL)
		return SCARD_E_NO_MEMORY;
	return SCARD_S_SUCCESS;
}

static LONG
watch_add(struct watch *watch, size_t index, enum api_form form, const void *name, DWORD current)
{
	char what[64];
	LONG code;

	if (name == NULL)
		return api_fail(SCARD_E_INVALID_VALUE,
		    "%s: szReader of entry %zu is NULL: pass a name from SCardListReaders",
		    watch->function, index);
	(void)snprintf(what, sizeof what, "szReader of entry %zu", index);
	code = api_name_read(watch->function, what, form, name, watch->names[index]);
	watch->states[index].name = watch->names[index];
	watch->states[index].current = current;
	return code;
}

static LONG
watch_run(struct watch *watch, SCARDCONTEXT context, DWORD timeout)
{
	const struct rm_calls *calls = api_backend_for_context(watch->function, context);

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	/* Nothing to watch: only the context is checked. */
	if (watch->count == 0)
		return calls->is_valid(context, api_message_clear());
	return calls->status_change(
	    context, timeout, watch->states, watch->count, api_message_clear());
}

/* Whether the caller's entries are filled: also when nothing differed. */
static bool
watch_tells(LONG code)
{
	return code == SCARD_S_SUCCESS || code == SCARD_E_TIMEOUT;
}

static void
watch_tell(
    const struct watch *watch, size_t index, DWORD *ret_event, DWORD *ret_atr_length, BYTE *ret_atr)
{
	const struct rm_calls_state *state = &watch->states[index];
	size_t length = state->atr_length;

	if (length > sizeof state->atr)
		length = sizeof state->atr;
	*ret_event = state->event;
	*ret_atr_length = (DWORD)length;
	memcpy(ret_atr, state->atr, length);
}

static LONG
watch_end(struct watch *watch, LONG code)
{
	free(watch->states);
	free(watch->names);
	return api_result(watch->function, code);
}

API_EXPORT LONG WINAPI
SCardGetStatusChangeA(
    SCARDCONTEXT hContext, DWORD dwTimeout, LPSCARD_READERSTATEA rgReaderStates, DWORD cReaders)
{
	struct watch watch = { .function = "SCardGetStatusChangeA", .count = cReaders };
	LONG code;

	(void)api_message_clear();
	code = watch_begin(&watch, rgReaderStates);
	for (DWORD i = 0; i < cReaders && code == SCARD_S_SUCCESS; i++)
		code = watch_add(&watch, i, API_FORM_A, rgReaderStates[i].szReader,
		    rgReaderStates[i].dwCurrentState);
	if (code == SCARD_S_SUCCESS)
		code = watch_run(&watch, hContext, dwTimeout);
	for (DWORD i = 0; i < cReaders && watch_tells(code); i++)
		watch_tell(&watch, i, &rgReaderStates[i].dwEventState, &rgReaderStates[i].cbAtr,
		    rgReaderStates[i].rgbAtr);
	return watch_end(&watch, code);
}

API_EXPORT LONG WINAPI
SCardGetStatusChangeW(
    SCARDCONTEXT hContext, DWORD dwTimeout, LPSCARD_READERSTATEW rgReaderStates, DWORD cReaders)
{
	struct watch watch = { .function = "SCardGetStatusChangeW", .count = cReaders };
	LONG code;

	(void)api_message_clear();
	code = watch_begin(&watch, rgReaderStates);
	for (DWORD i = 0; i < cReaders && code == SCARD_S_SUCCESS; i++)
		code = watch_add(&watch, i, API_FORM_W, rgReaderStates[i].szReader,
		    rgReaderStates[i].dwCurrentState);
	if (code == SCARD_S_SUCCESS)
		code = watch_run(&watch, hContext, dwTimeout);
	for (DWORD i = 0; i < cReaders && watch_tells(code); i++)
		watch_tell(&watch, i, &rgReaderStates[i].dwEventState, &rgReaderStates[i].cbAtr,
		    rgReaderStates[i].rgbAtr);
	return watch_end(&watch, code);
}
