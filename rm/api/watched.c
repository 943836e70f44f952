/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/api/watched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/backend.h"
#include "rm/api/database.h"
#include "rm/api/message.h"

#define STATES_MAX 1024u /* entries of one call */

LONG
api_watch_begin(struct api_watch *watch, const void *entries)
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

LONG
api_watch_add(
    struct api_watch *watch, size_t index, enum api_form form, const void *name, DWORD current)
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

/* Names that the resource manager does not know become those it does; false: none did. */
static bool
resolve_names(struct api_watch *watch, SCARDCONTEXT context)
{
	bool any = false;

	for (size_t i = 0; i < watch->count; i++)
		if ((watch->states[i].event & SCARD_STATE_UNKNOWN) != 0 &&
		    api_database_device(context, watch->names[i], watch->names[i]))
			any = true;
	return any;
}

LONG
api_watch_run(struct api_watch *watch, SCARDCONTEXT context, DWORD timeout)
{
	const struct rm_calls *calls = api_backend_for_context(watch->function, context);
	LONG code;

	if (calls == NULL)
		return ERROR_INVALID_HANDLE;
	/* Nothing to watch: only the context is checked. */
	if (watch->count == 0)
		return calls->is_valid(context, api_message_clear());
	code = calls->status_change(
	    context, timeout, watch->states, watch->count, api_message_clear());
	if (api_watch_tells(code) && resolve_names(watch, context))
		code = calls->status_change(
		    context, timeout, watch->states, watch->count, api_message_clear());
	return code;
}

bool
api_watch_tells(LONG code)
{
	return code == SCARD_S_SUCCESS || code == SCARD_E_TIMEOUT;
}

void
api_watch_tell(const struct api_watch *watch, size_t index, DWORD *ret_event, DWORD *ret_atr_length,
    BYTE *ret_atr)
{
	const struct rm_calls_state *state = &watch->states[index];
	size_t length = state->atr_length;

	if (length > sizeof state->atr)
		length = sizeof state->atr;
	*ret_event = state->event;
	*ret_atr_length = (DWORD)length;
	memcpy(ret_atr, state->atr, length);
}

LONG
api_watch_end(struct api_watch *watch, LONG code)
{
	free(watch->states);
	free(watch->names);
	return api_result(watch->function, code);
}
