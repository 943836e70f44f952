/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/api/watched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <winerror.h>

#include "rm/api/backend.h"
#include "rm/api/database.h"
#include "rm/api/database_wait.h"
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

/*
 * Whether somebody waits for a name that nobody has: then it can be the database that gives it to a
 * reader.
 */
static bool
waits_for_name(const struct api_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		if ((watch->states[i].current & (SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE)) ==
		    SCARD_STATE_UNKNOWN)
			return true;
	return false;
}

static uint64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static DWORD
time_left(DWORD timeout, uint64_t deadline)
{
	uint64_t now = now_ms();

	if (timeout == INFINITE)
		return INFINITE;
	return deadline > now ? (DWORD)(deadline - now) : 0;
}

/* The state as it is, of names as the database has them now. */
static LONG
look_with_names(const struct rm_calls *calls, struct api_watch *watch, SCARDCONTEXT context)
{
	LONG code =
	    calls->status_change(context, 0, watch->states, watch->count, -1, api_message_clear());

	if (api_watch_tells(code) && resolve_names(watch, context))
		code = calls->status_change(
		    context, 0, watch->states, watch->count, -1, api_message_clear());
	return code;
}

/* The wait ends by what changes in the database, too, and goes on with what that says. */
static LONG
run_with_database(
    const struct rm_calls *calls, struct api_watch *watch, SCARDCONTEXT context, DWORD timeout)
{
	uint64_t deadline = now_ms() + timeout;
	struct api_database_wait wait;
	bool again;
	LONG code;

	(void)api_database_wait_begin(&wait, context);
	do {
		DWORD left;

		/* Before the look, so that no change is missed. */
		api_database_wait_renew(&wait);
		code = look_with_names(calls, watch, context);
		left = time_left(timeout, deadline);
		again = code == SCARD_E_TIMEOUT && left > 0;
		if (again)
			code = calls->status_change(context, left, watch->states, watch->count,
			    wait.ends, api_message_clear());
		if (again && code == SCARD_E_TIMEOUT && api_database_wait_cancelled(&wait))
			code = SCARD_E_CANCELLED;
		again = again && code == SCARD_E_TIMEOUT && api_database_wait_changed(&wait);
	} while (again);
	api_database_wait_end(&wait);
	return code;
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
	if (timeout != 0 && waits_for_name(watch))
		return run_with_database(calls, watch, context, timeout);
	code = calls->status_change(
	    context, timeout, watch->states, watch->count, -1, api_message_clear());
	if (api_watch_tells(code) && resolve_names(watch, context))
		code = calls->status_change(
		    context, timeout, watch->states, watch->count, -1, api_message_clear());
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
