/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The messages that become requests of the engine; their answer is their own body with the fields
 * that come back. What a driver returns is written by the driver, into the answer itself.
 *
 * Waiting. The library holds a lock of its own over each exchange, some of them over those of
 * other contexts too, and by itself tries again when it is told of a sharing violation. So what
 * would wait for the end of a transaction is told that, lest the one that could end it waits for
 * the lock; but a client that has none itself waits in line to begin one, and to connect.
 */
#include <string.h>

#include <winerror.h>

#include "rm/daemon/pcsclite/client.h"

#define PCI_SIZE 16u /* of the library's SCARD_IO_REQUEST */

/* A field of the answer. */
#define PUT(call, type, field, value) put((call), offsetof(struct type, field), (value))

static void
put(struct call *call, size_t offset, uint32_t value)
{
	memcpy(call->reply + offset, &value, sizeof value);
}

static const uint8_t *
data_of(const struct call *call)
{
	return call->packet + LITE_HEADER + lite_body_size(call->pending.number);
}

static uint8_t *
room_of(struct call *call)
{
	return call->reply + lite_body_size(call->pending.number);
}

static LONG
get_connect(struct lane *lane, struct call *call, const uint8_t *body)
{
	struct lite_client *client = lite_of(lane);
	struct lite_connect connect;

	memcpy(&connect, body, sizeof connect);
	call->request.operation = RM_CONNECT;
	call->request.context = lite_context_handle(client, connect.context);
	call->request.share_mode = connect.share_mode;
	call->request.protocols = lp64_protocols_in(connect.protocols);
	connect.reader[sizeof connect.reader - 1] = '\0';
	memcpy(call->name, connect.reader, sizeof connect.reader);
	call->request.reader_name = call->name;
	if (call->request.context == 0)
		return SCARD_E_INVALID_HANDLE;
	call->request.impatient = lite_transacts(client, 0);
	/* Its number, which it has from the beginning. */
	call->pending.serial = lite_number_new(lane, connect.context);
	return call->pending.serial != 0 ? SCARD_S_SUCCESS : SCARD_E_NO_MEMORY;
}

static LONG
get_reconnect(struct call *call, const uint8_t *body)
{
	struct lite_reconnect reconnect;

	memcpy(&reconnect, body, sizeof reconnect);
	call->request.operation = RM_RECONNECT;
	call->request.share_mode = reconnect.share_mode;
	call->request.protocols = lp64_protocols_in(reconnect.protocols);
	call->request.disposition = reconnect.initialization;
	call->request.impatient = true;
	return SCARD_S_SUCCESS;
}

static LONG
get_disposition(struct call *call, const uint8_t *body)
{
	struct lite_disconnect disconnect;

	memcpy(&disconnect, body, sizeof disconnect);
	call->request.operation = call->pending.number == LITE_DISCONNECT ? RM_DISCONNECT : RM_END;
	call->request.disposition = disconnect.disposition;
	return SCARD_S_SUCCESS;
}

static LONG
get_transmit(struct call *call, const uint8_t *body)
{
	struct lite_transmit transmit;

	memcpy(&transmit, body, sizeof transmit);
	call->request.operation = RM_TRANSMIT;
	call->request.impatient = true;
	call->request.in = data_of(call);
	call->request.in_length = transmit.length;
	call->request.out = room_of(call);
	call->request.out_length = MIN(transmit.room, RM_TRANSMIT_MAX);
	PUT(call, lite_transmit, room, 0);
	if (transmit.room < LP64_REPLY_MIN) {
		call->request.out_length = 0;
		return SCARD_E_INSUFFICIENT_BUFFER;
	}
	return lp64_send_protocol(transmit.send_protocol, &call->request.protocols);
}

static LONG
get_control(struct call *call, const uint8_t *body)
{
	struct lite_control control;

	memcpy(&control, body, sizeof control);
	call->request.operation = RM_CONTROL;
	call->request.impatient = true;
	call->request.code = lp64_control_in(control.code);
	call->request.in = data_of(call);
	call->request.in_length = control.length;
	call->request.out = room_of(call);
	call->request.out_length = MIN(control.room, RM_CONTROL_MAX);
	PUT(call, lite_control, returned, 0);
	return SCARD_S_SUCCESS;
}

static LONG
get_attribute(struct call *call, const uint8_t *body)
{
	struct lite_attribute attribute;

	memcpy(&attribute, body, sizeof attribute);
	call->request.impatient = true;
	call->request.code = attribute.id;
	if (call->pending.number == LITE_SET_ATTRIBUTE) {
		call->request.operation = RM_SET_ATTRIBUTE;
		call->request.in = body + offsetof(struct lite_attribute, value);
		call->request.in_length = MIN(attribute.length, LP64_ATTRIBUTE_MAX);
	} else {
		call->request.operation = RM_GET_ATTRIBUTE;
		call->request.out = call->reply + offsetof(struct lite_attribute, value);
		call->request.out_length = MIN(attribute.length, LP64_ATTRIBUTE_MAX);
		/* As in the drop-in: the engine would answer in 8-bit text. */
		if (attribute.id == SCARD_ATTR_DEVICE_FRIENDLY_NAME_W ||
		    attribute.id == SCARD_ATTR_DEVICE_SYSTEM_NAME_W)
			return SCARD_E_UNSUPPORTED_FEATURE;
	}
	explicit_bzero(&attribute, sizeof attribute);
	return SCARD_S_SUCCESS;
}

/* Success: a request for the engine. */
static LONG
get_request(struct lane *lane, struct call *call, uint32_t card)
{
	const uint8_t *body = call->packet + LITE_HEADER;

	call->request.impatient = false;
	switch (call->pending.number) {
	case LITE_CONNECT:
		return get_connect(lane, call, body);
	case LITE_RECONNECT:
		return get_reconnect(call, body);
	case LITE_DISCONNECT:
	case LITE_END:
		return get_disposition(call, body);
	case LITE_BEGIN:
		call->request.operation = RM_BEGIN;
		call->request.impatient = lite_transacts(lite_of(lane), card);
		return SCARD_S_SUCCESS;
	case LITE_STATUS:
		call->request.operation = RM_STATUS;
		call->request.impatient = true;
		return SCARD_S_SUCCESS;
	case LITE_TRANSMIT:
		return get_transmit(call, body);
	case LITE_CONTROL:
		return get_control(call, body);
	default:
		return get_attribute(call, body);
	}
}

/* The number of the card that a message is about. */
static uint32_t
card_number(const struct call *call)
{
	uint32_t number;

	/* The first field of them all, but for CONNECT. */
	memcpy(&number, call->packet + LITE_HEADER, sizeof number);
	return number;
}

static void
put_connect(struct lite_client *client, struct call *call, LONG result)
{
	uint32_t number = call->pending.serial;
	bool connected = result == SCARD_S_SUCCESS;

	if (connected)
		lite_number_set(client, number, call->request.card);
	else if (number != 0)
		lite_number_drop(client, number);
	PUT(call, lite_connect, card, connected ? number : 0);
	PUT(call, lite_connect, active,
	    connected ? (uint32_t)lp64_protocol_out(call->request.protocols) : 0);
}

static void
put_transmit(struct call *call, LONG result)
{
	if (result == SCARD_E_INSUFFICIENT_BUFFER || result == SCARD_S_SUCCESS)
		PUT(call, lite_transmit, room, (uint32_t)call->request.out_length);
	if (result != SCARD_S_SUCCESS)
		return;
	PUT(call, lite_transmit, receive_protocol,
	    (uint32_t)lp64_protocol_out(call->request.protocols));
	PUT(call, lite_transmit, receive_pci, PCI_SIZE);
}

static void
note_transaction(struct lite_client *client, const struct call *call, LONG result)
{
	if (call->pending.number == LITE_BEGIN && result == SCARD_S_SUCCESS)
		lite_number_transact(client, card_number(call), 1);
	if (call->pending.number == LITE_END && result == SCARD_S_SUCCESS)
		lite_number_transact(client, card_number(call), -1);
	if (call->pending.number == LITE_END && result == SCARD_E_NOT_TRANSACTED)
		lite_number_transact(client, card_number(call), 0);
}

/* Where the result stands: the last field of every body. */
static size_t
result_offset(const struct call *call)
{
	return lite_body_size(call->pending.number) - sizeof(uint32_t);
}

/* Completes the answer; how many bytes of data follow it. */
static size_t
put_answer(struct lite_client *client, struct call *call, LONG result)
{
	const struct rm_request *request = &call->request;
	bool gives = result == SCARD_S_SUCCESS;

	put(call, result_offset(call), (uint32_t)lp64_result(result));
	switch (call->pending.number) {
	case LITE_CONNECT:
		put_connect(client, call, result);
		return 0;
	case LITE_RECONNECT:
		if (gives)
			PUT(call, lite_reconnect, active,
			    (uint32_t)lp64_protocol_out(request->protocols));
		return 0;
	case LITE_DISCONNECT:
		if (gives)
			lite_number_drop(client, card_number(call));
		return 0;
	case LITE_TRANSMIT:
		put_transmit(call, result);
		return gives ? request->out_length : 0;
	case LITE_CONTROL:
		if (gives || result == SCARD_E_INSUFFICIENT_BUFFER)
			PUT(call, lite_control, returned, (uint32_t)request->out_length);
		return gives ? request->out_length : 0;
	case LITE_GET_ATTRIBUTE:
		if (gives)
			PUT(call, lite_attribute, length, (uint32_t)request->out_length);
		return 0;
	default:
		note_transaction(client, call, result);
		return 0;
	}
}

static void
finish(struct call *call, LONG result)
{
	struct lane *lane = call->pending.lane;
	size_t data = put_answer(lite_of(lane), call, result);

	lane_reply(lane, call->reply, lite_body_size(call->pending.number) + data, -1, false);
	pending_unref(&call->pending);
}

static void
card_done(struct rm_request *request, LONG result)
{
	finish(request->owner, result);
}

static void
card_cancel(struct pending *pending)
{
	(void)rm_request_cancel(&((struct call *)pending)->request, SCARD_E_CANCELLED);
}

static void
card_free(struct pending *pending)
{
	struct call *call = (struct call *)pending;

	explicit_bzero(call->packet, call->received);
	if (pending->number == LITE_SET_ATTRIBUTE)
		explicit_bzero(call->reply, sizeof(struct lite_attribute));
	loop_call_put(call);
}

/* An attribute is no longer than its place. */
static bool
is_sound(const struct call *call, uint32_t command)
{
	struct lite_attribute attribute;
	bool sound;

	if (command != LITE_GET_ATTRIBUTE && command != LITE_SET_ATTRIBUTE)
		return true;
	memcpy(&attribute, call->packet + LITE_HEADER, sizeof attribute);
	sound = attribute.length <= sizeof attribute.value;
	explicit_bzero(&attribute, sizeof attribute);
	return sound;
}

static void
submit(struct lane *lane, struct call *call)
{
	struct rm_request *next;
	unsigned turn = lane_pend(lane, &call->pending);

	next = rm_submit(lane->session->rm, &call->request);
	/* It waits, and then the end of its client must be seen; or it is finished and gone. */
	if (next != &call->request)
		lane_wait(lane, turn);
	work_run(next);
}

bool
lite_card_serve(struct lane *lane, struct call *call)
{
	uint32_t command = lite_message_command(call->packet), card = card_number(call);
	LONG result;

	if (!is_sound(call, command))
		return false;
	call->pending = (struct pending){ .references = 1,
		.free = card_free,
		.cancel = card_cancel,
		.lane = lane_ref(lane),
		.number = (uint16_t)command };
	memcpy(call->reply, call->packet + LITE_HEADER, lite_body_size(command));
	call->request.done = card_done;
	call->request.owner = call;
	result = get_request(lane, call, card);
	if (result == SCARD_S_SUCCESS && command != LITE_CONNECT &&
	    (call->request.card = lite_card_handle(lite_of(lane), card)) == 0)
		result = SCARD_E_INVALID_HANDLE;
	if (result == SCARD_S_SUCCESS)
		submit(lane, call);
	else
		finish(call, result);
	return true;
}
