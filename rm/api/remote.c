/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of calls over the wire: what each puts into its request and takes from the reply. What
 * a reply holds is measured before it is believed, and reaches the caller only when all of it was
 * right.
 */
#include "rm/api/remote.h"

#include <stdlib.h>
#include <string.h>

#include <winerror.h>

/* What a daemon accepts as room for an answer; PROTOCOL. */
#define TRANSMIT_ROOM_MAX 65544u
#define CONTROL_ROOM_MAX 65548u
#define ATTRIBUTE_ROOM_MAX 264u

/* Calls on no handle: a session that was lost while nobody looked is followed by another, once. */
#define ATTEMPTS 2

static SCARDCONTEXT
establish(const struct remote_call *call, uint64_t theirs, uint32_t dialect)
{
	SCARDCONTEXT context = remote_session_add(call, REMOTE_CONTEXT, theirs, 0);

	remote_session_set_dialect(context, dialect);
	return context;
}

static LONG
call_establish(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message)
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

/* A call on a handle with one number or none, and no answer but its code. */
static LONG
plain(uint16_t number, enum remote_kind kind, ULONG_PTR handle, const uint32_t *argument,
    char *message)
{
	struct remote_call call;
	LONG code = remote_call_begin(&call, number, kind, handle, message);

	if (argument != NULL)
		wire_put_u32(&call.request, *argument);
	code = remote_call_perform(&call, code, message);
	return remote_call_end(&call, code, message);
}

static LONG
call_release(SCARDCONTEXT context, char *message)
{
	LONG code = plain(WIRE_RELEASE, REMOTE_CONTEXT, context, NULL, message);

	/* Whatever the answer: nobody can use it any more. */
	remote_session_remove(context);
	return code;
}

static LONG
call_is_valid(SCARDCONTEXT context, char *message)
{
	return plain(WIRE_IS_VALID, REMOTE_CONTEXT, context, NULL, message);
}

static LONG
call_cancel(SCARDCONTEXT context, char *message)
{
	return plain(WIRE_CANCEL, REMOTE_CONTEXT, context, NULL, message);
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

/* Copies a multi-string out of a reply; NULL when it is none, or without memory. */
static char *
take_list(struct remote_call *call, size_t *ret_length)
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
call_list(uint16_t number, SCARDCONTEXT context, const char *groups, char **ret_list,
    size_t *ret_length, char *message)
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
		if (code == SCARD_S_SUCCESS && (copy = take_list(&call, &length)) == NULL)
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

static LONG
call_list_readers(
    SCARDCONTEXT context, const char *groups, char **ret_list, size_t *ret_length, char *message)
{
	if (remote_page_list_readers(context, groups, ret_list, ret_length))
		return SCARD_S_SUCCESS;
	return call_list(WIRE_LIST_READERS, context, groups, ret_list, ret_length, message);
}

static LONG
call_list_groups(SCARDCONTEXT context, char **ret_list, size_t *ret_length, char *message)
{
	return call_list(WIRE_LIST_GROUPS, context, NULL, ret_list, ret_length, message);
}

/* A reply's ATR into a field of @size bytes; the length. */
static size_t
take_atr(struct remote_call *call, uint8_t *atr, size_t size)
{
	const uint8_t *data;
	uint32_t length;

	wire_get_bytes(&call->reply, &data, &length);
	if (length > size) {
		call->reply.failed = true;
		return 0;
	}
	if (length > 0)
		memcpy(atr, data, length);
	return length;
}

/* The rows of the answer, which are as many as were asked about. */
static void
take_states(struct remote_call *call, struct rm_calls_state *states, size_t count)
{
	if (wire_get_count(&call->reply) != count)
		call->reply.failed = true;
	for (size_t i = 0; i < count; i++) {
		states[i].event = wire_get_u32(&call->reply);
		states[i].atr_length = take_atr(call, states[i].atr, sizeof states[i].atr);
	}
}

static LONG
call_status_change(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_calls_state *states,
    size_t count, char *message)
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
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS || (code == SCARD_E_TIMEOUT && call.answered))
		take_states(&call, states, count);
	return remote_call_end(&call, code, message);
}

static LONG
call_connect(SCARDCONTEXT context, const char *reader, uint32_t share_mode, uint32_t protocols,
    SCARDHANDLE *ret_card, uint32_t *ret_active, char *message)
{
	struct remote_call call;
	uint64_t theirs = 0;
	uint32_t active = 0;
	LONG code = remote_call_begin(&call, WIRE_CONNECT, REMOTE_CONTEXT, context, message);

	wire_put_text(&call.request, reader);
	wire_put_u32(&call.request, share_mode);
	wire_put_u32(&call.request, protocols);
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS) {
		theirs = wire_get_u64(&call.reply);
		active = wire_get_u32(&call.reply);
	}
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS) {
		*ret_card = remote_session_add(&call, REMOTE_CARD, theirs, context);
		*ret_active = active;
		/* The context was released meanwhile, and the connection with it. */
		if (*ret_card == 0)
			code = remote_fail(ERROR_INVALID_HANDLE, message,
			    "context 0x%zX was released while reader '%s' was being connected to",
			    (size_t)context, reader);
	}
	return code;
}

static LONG
call_reconnect(SCARDHANDLE card, uint32_t share_mode, uint32_t protocols, uint32_t initialization,
    uint32_t *ret_active, char *message)
{
	struct remote_call call;
	uint32_t active = 0;
	LONG code = remote_call_begin(&call, WIRE_RECONNECT, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, share_mode);
	wire_put_u32(&call.request, protocols);
	wire_put_u32(&call.request, initialization);
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		active = wire_get_u32(&call.reply);
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		*ret_active = active;
	return code;
}

static LONG
call_disconnect(SCARDHANDLE card, uint32_t disposition, char *message)
{
	LONG code = plain(WIRE_DISCONNECT, REMOTE_CARD, card, &disposition, message);

	if (code == SCARD_S_SUCCESS)
		remote_session_remove(card);
	return code;
}

static LONG
call_begin(SCARDHANDLE card, char *message)
{
	LONG code = plain(WIRE_BEGIN, REMOTE_CARD, card, NULL, message);

	if (code == SCARD_S_SUCCESS)
		remote_session_hold(card, true);
	return code;
}

static LONG
call_end(SCARDHANDLE card, uint32_t disposition, char *message)
{
	LONG code = plain(WIRE_END, REMOTE_CARD, card, &disposition, message);

	if (code == SCARD_S_SUCCESS)
		remote_session_hold(card, false);
	return code;
}

static LONG
call_status(SCARDHANDLE card, struct rm_calls_status *ret_status, char *message)
{
	struct remote_call call;
	struct rm_calls_status status = { .state = 0 };
	LONG code = remote_call_begin(&call, WIRE_STATUS, REMOTE_CARD, card, message);

	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS) {
		wire_get_text(&call.reply, status.name, sizeof status.name);
		status.state = wire_get_u32(&call.reply);
		status.protocol = wire_get_u32(&call.reply);
		status.atr_length = take_atr(&call, status.atr, sizeof status.atr);
	}
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		*ret_status = status;
	return code;
}

/*
 * The last field of a reply, into the caller's room of @room bytes; the length. When the room was
 * too small, the length is in the header.
 */
static void
take_data(struct remote_call *call, LONG code, uint8_t *out, size_t room, size_t *ret_length)
{
	const uint8_t *data;
	uint32_t length;

	if (code == SCARD_E_INSUFFICIENT_BUFFER && call->answered && wire_done(&call->reply) == 0)
		*ret_length = call->header.needed;
	if (code != SCARD_S_SUCCESS)
		return;
	wire_get_bytes(&call->reply, &data, &length);
	if (length > room)
		call->reply.failed = true;
	if (wire_done(&call->reply) < 0)
		return;
	if (length > 0)
		memcpy(out, data, length);
	*ret_length = length;
}

static uint32_t
at_most(size_t length, uint32_t most)
{
	return length < most ? (uint32_t)length : most;
}

static LONG
call_transmit(SCARDHANDLE card, uint32_t protocol, const uint8_t *command, size_t command_length,
    uint8_t *reply, size_t *reply_length, uint32_t *ret_protocol, char *message)
{
	struct remote_call call;
	uint32_t most = at_most(*reply_length, TRANSMIT_ROOM_MAX), active = 0;
	LONG code = remote_call_begin(&call, WIRE_TRANSMIT, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, protocol);
	wire_put_u32(&call.request, most);
	wire_put_bytes(&call.request, command, (uint32_t)command_length);
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		active = wire_get_u32(&call.reply);
	take_data(&call, code, reply, most, reply_length);
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		*ret_protocol = active;
	return code;
}

static LONG
call_control(SCARDHANDLE card, uint32_t code, const uint8_t *in, size_t in_length, uint8_t *out,
    size_t *out_length, char *message)
{
	struct remote_call call;
	uint32_t most = at_most(*out_length, CONTROL_ROOM_MAX);
	LONG result = remote_call_begin(&call, WIRE_CONTROL, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, code);
	wire_put_u32(&call.request, most);
	wire_put_bytes(&call.request, in, (uint32_t)in_length);
	result = remote_call_perform(&call, result, message);
	take_data(&call, result, out, most, out_length);
	return remote_call_end(&call, result, message);
}

static LONG
call_get_attribute(SCARDHANDLE card, uint32_t id, uint8_t *value, size_t *length, char *message)
{
	struct remote_call call;
	uint32_t most = at_most(*length, ATTRIBUTE_ROOM_MAX);
	LONG code = remote_call_begin(&call, WIRE_GET_ATTRIBUTE, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, id);
	wire_put_u32(&call.request, most);
	code = remote_call_perform(&call, code, message);
	take_data(&call, code, value, most, length);
	return remote_call_end(&call, code, message);
}

static LONG
call_set_attribute(
    SCARDHANDLE card, uint32_t id, const uint8_t *value, size_t length, char *message)
{
	struct remote_call call;
	LONG code = remote_call_begin(&call, WIRE_SET_ATTRIBUTE, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, id);
	wire_put_bytes(&call.request, value, (uint32_t)length);
	code = remote_call_perform(&call, code, message);
	return remote_call_end(&call, code, message);
}

const struct rm_calls remote_calls = {
	.version = RM_CALLS_VERSION,
	.establish = call_establish,
	.release = call_release,
	.is_valid = call_is_valid,
	.cancel = call_cancel,
	.list_readers = call_list_readers,
	.list_groups = call_list_groups,
	.status_change = call_status_change,
	.connect = call_connect,
	.reconnect = call_reconnect,
	.disconnect = call_disconnect,
	.begin = call_begin,
	.end = call_end,
	.status = call_status,
	.transmit = call_transmit,
	.control = call_control,
	.get_attribute = call_get_attribute,
	.set_attribute = call_set_attribute,
	.holders = remote_holders,
};
