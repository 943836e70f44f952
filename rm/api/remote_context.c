/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls over the wire that need no card: contexts, lists, changes of state. */
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/remote_table.h"

/* Calls on no handle: a session that was lost while nobody looked is followed by another, once. */
#define ATTEMPTS 2

static SCARDCONTEXT
establish(const struct remote_call *call, uint64_t theirs, uint32_t dialect)
{
	SCARDCONTEXT context = remote_session_add(call, REMOTE_CONTEXT, theirs, 0);

	remote_session_set_dialect(context, dialect);
	return context;
}

LONG
remote_establish(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message)
{
	struct remote_call call;
	LONG code;

	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		uint64_t theirs;

		code = remote_call_begin(&call, WIRE_ESTABLISH, REMOTE_NONE, 0, message);
		wire_put_u32(&call.request, dialect);
		wire_put_u32(&call.request, scope);
		code = remote_call_perform(&call, code, message);
		theirs = code == SCARD_S_SUCCESS ? wire_get_u64(&call.reply) : 0;
		code = remote_call_end(&call, code, message);
		if (code == SCARD_S_SUCCESS)
			*ret_context = establish(&call, theirs, dialect);
		if (!call.lost)
			break;
	}
	return code;
}

LONG
remote_release(SCARDCONTEXT context, char *message)
{
	LONG code = remote_call_plain(WIRE_RELEASE, REMOTE_CONTEXT, context, NULL, message);

	/* Whatever the answer: nobody can use it any more. */
	remote_session_remove(context);
	return code;
}

LONG
remote_is_valid(SCARDCONTEXT context, char *message)
{
	return remote_call_plain(WIRE_IS_VALID, REMOTE_CONTEXT, context, NULL, message);
}

LONG
remote_cancel(SCARDCONTEXT context, char *message)
{
	return remote_call_plain(WIRE_CANCEL, REMOTE_CONTEXT, context, NULL, message);
}

/* Bytes of a multi-string with all NULs. */
static size_t
list_length(const char *list)
{
	const char *at = list;

	while (*at != '\0')
		at += strlen(at) + 1;
	return (size_t)(at - list) + 1;
}

char *
remote_take_list(struct remote_call *call, size_t *ret_length)
{
	const uint8_t *list;
	uint32_t length;
	char *copy;

	wire_get_bytes(&call->reply, &list, &length);
	if (wire_done(&call->reply) < 0)
		return NULL;
	/* One NUL behind no names, two behind some: the caller walks by them. */
	if (length == 0 || list[length - 1] != '\0' || (length > 1 && list[length - 2] != '\0') ||
	    list_length((const char *)list) != length) {
		call->reply.failed = true;
		return NULL;
	}
	if ((copy = malloc(length)) == NULL)
		return NULL;
	memcpy(copy, list, length);
	*ret_length = length;
	return copy;
}

/* LIST_READERS and LIST_GROUPS. */
static LONG
list(uint16_t number, SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length,
    char *message)
{
	struct remote_call call;
	LONG code;

	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		char *copy = NULL;
		size_t length = 0;

		code = remote_call_begin(
		    &call, number, context != 0 ? REMOTE_CONTEXT : REMOTE_NONE, context, message);
		if (context == 0)
			wire_put_u64(&call.request, 0);
		if (number == WIRE_LIST_READERS)
			wire_put_bytes(&call.request, groups,
			    groups != NULL ? (uint32_t)list_length(groups) : WIRE_ABSENT);
		code = remote_call_perform(&call, code, message);
		if (code == SCARD_S_SUCCESS && (copy = remote_take_list(&call, &length)) == NULL)
			code = SCARD_E_NO_MEMORY;
		code = remote_call_end(&call, code, message);
		if (code == SCARD_S_SUCCESS) {
			*ret_list = copy;
			*ret_length = length;
		} else
			free(copy);
		if (!call.lost || context != 0)
			break;
	}
	return code;
}

LONG
remote_list_readers(
    SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length, char *message)
{
	if (remote_page_list_readers(context, groups, ret_list, ret_length))
		return SCARD_S_SUCCESS;
	return list(WIRE_LIST_READERS, context, groups, ret_list, ret_length, message);
}

LONG
remote_list_groups(SCARDCONTEXT context, char **ret_list, size_t *ret_length, char *message)
{
	return list(WIRE_LIST_GROUPS, context, NULL, ret_list, ret_length, message);
}

/* The rows of the answer, which are as many as were asked about. */
static void
take_states(struct remote_call *call, struct rm_calls_state *states, size_t count)
{
	if (wire_get_count(&call->reply) != count)
		call->reply.failed = true;
	for (size_t i = 0; i < count; i++) {
		states[i].event = wire_get_u32(&call->reply);
		states[i].atr_length = remote_take_atr(call, states[i].atr, sizeof states[i].atr);
	}
}

LONG
remote_status_change(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_calls_state *states,
    size_t count, int wake, char *message)
{
	struct remote_call call;
	LONG code;

	if (remote_page_status_change(context, timeout_ms, states, count, &code))
		return code;
	code = remote_call_begin(&call, WIRE_STATUS_CHANGE, REMOTE_CONTEXT, context, message);
	wire_put_u32(&call.request, timeout_ms);
	wire_put_u32(&call.request, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		wire_put_text(&call.request, states[i].name);
		wire_put_u32(&call.request, states[i].current);
	}
	call.wake = wake;
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS || (code == SCARD_E_TIMEOUT && call.answered))
		take_states(&call, states, count);
	return remote_call_end(&call, code, message);
}
