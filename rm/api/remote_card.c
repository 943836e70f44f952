/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls over the wire on a card. */
#include <string.h>

#include <winerror.h>

#include "rm/api/remote_table.h"

/* What a daemon accepts as room for an answer; PROTOCOL. */
#define TRANSMIT_ROOM_MAX 65544u
#define CONTROL_ROOM_MAX 65548u
#define ATTRIBUTE_ROOM_MAX 264u

LONG
remote_connect(SCARDCONTEXT context, const char *reader, uint32_t share_mode, uint32_t protocols,
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

LONG
remote_reconnect(SCARDHANDLE card, uint32_t share_mode, uint32_t protocols, uint32_t initialization,
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

LONG
remote_disconnect(SCARDHANDLE card, uint32_t disposition, char *message)
{
	LONG code = remote_call_plain(WIRE_DISCONNECT, REMOTE_CARD, card, &disposition, message);

	if (code == SCARD_S_SUCCESS)
		remote_session_remove(card);
	return code;
}

LONG
remote_begin(SCARDHANDLE card, char *message)
{
	LONG code = remote_call_plain(WIRE_BEGIN, REMOTE_CARD, card, NULL, message);

	if (code == SCARD_S_SUCCESS)
		remote_session_hold(card, true);
	return code;
}

LONG
remote_end(SCARDHANDLE card, uint32_t disposition, char *message)
{
	LONG code = remote_call_plain(WIRE_END, REMOTE_CARD, card, &disposition, message);

	if (code == SCARD_S_SUCCESS)
		remote_session_hold(card, false);
	return code;
}

LONG
remote_status(SCARDHANDLE card, struct rm_calls_status *ret_status, char *message)
{
	struct remote_call call;
	struct rm_calls_status status = { .state = 0 };
	LONG code = remote_call_begin(&call, WIRE_STATUS, REMOTE_CARD, card, message);

	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS) {
		wire_get_text(&call.reply, status.name, sizeof status.name);
		status.state = wire_get_u32(&call.reply);
		status.protocol = wire_get_u32(&call.reply);
		status.atr_length = remote_take_atr(&call, status.atr, sizeof status.atr);
	}
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		*ret_status = status;
	return code;
}

void
remote_take_data(struct remote_call *call, LONG code, uint8_t *out, size_t room, size_t *ret_length)
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

LONG
remote_transmit(SCARDHANDLE card, uint32_t protocol, const uint8_t *command, size_t command_length,
    uint8_t *reply, size_t *reply_length, uint32_t *ret_protocol, char *message)
{
	struct remote_call call;
	uint32_t most = at_most(*reply_length, TRANSMIT_ROOM_MAX), active = 0;
	LONG code = remote_call_begin(&call, WIRE_TRANSMIT, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, protocol);
	wire_put_u32(&call.request, most);
	wire_put_last(&call.request, command, (uint32_t)command_length);
	code = remote_call_perform(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		active = wire_get_u32(&call.reply);
	remote_take_data(&call, code, reply, most, reply_length);
	code = remote_call_end(&call, code, message);
	if (code == SCARD_S_SUCCESS)
		*ret_protocol = active;
	return code;
}

LONG
remote_control(SCARDHANDLE card, uint32_t code, const uint8_t *in, size_t in_length, uint8_t *out,
    size_t *out_length, char *message)
{
	struct remote_call call;
	uint32_t most = at_most(*out_length, CONTROL_ROOM_MAX);
	LONG result = remote_call_begin(&call, WIRE_CONTROL, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, code);
	wire_put_u32(&call.request, most);
	wire_put_bytes(&call.request, in, (uint32_t)in_length);
	result = remote_call_perform(&call, result, message);
	remote_take_data(&call, result, out, most, out_length);
	return remote_call_end(&call, result, message);
}

LONG
remote_get_attribute(SCARDHANDLE card, uint32_t id, uint8_t *value, size_t *length, char *message)
{
	struct remote_call call;
	uint32_t most = at_most(*length, ATTRIBUTE_ROOM_MAX);
	LONG code = remote_call_begin(&call, WIRE_GET_ATTRIBUTE, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, id);
	wire_put_u32(&call.request, most);
	code = remote_call_perform(&call, code, message);
	remote_take_data(&call, code, value, most, length);
	return remote_call_end(&call, code, message);
}

LONG
remote_set_attribute(
    SCARDHANDLE card, uint32_t id, const uint8_t *value, size_t length, char *message)
{
	struct remote_call call;
	LONG code = remote_call_begin(&call, WIRE_SET_ATTRIBUTE, REMOTE_CARD, card, message);

	wire_put_u32(&call.request, id);
	wire_put_bytes(&call.request, value, (uint32_t)length);
	code = remote_call_perform(&call, code, message);
	return remote_call_end(&call, code, message);
}
