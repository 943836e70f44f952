/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The messages that become requests of the engine. The thread that reads one runs it if its turn
 * has come; else it stays with the engine, and whoever runs it sends the answer.
 *
 * What a driver returns is written by the driver, into the answer itself.
 */
#include <winerror.h>

#include "rm/daemon/daemon.h"

/* Prepares the answer up to the bytes that the driver will write. */
static void
reserve(struct call *call, uint32_t room, uint32_t most)
{
	if (room > most)
		room = most;
	serve_begin(call, SCARD_S_SUCCESS, 0, NULL);
	if (call->pending.number == WIRE_TRANSMIT)
		wire_put_u32(&call->answer, 0); /* the protocol, known afterwards */
	call->request.out = wire_reserve_bytes(&call->answer, room);
	call->request.out_length = room;
}

static void
get_input(struct call *call, struct wire_reader *reader)
{
	uint32_t length;

	wire_get_bytes(reader, &call->request.in, &length);
	call->request.in_length = length;
}

static void
get_transmit(struct call *call, struct wire_reader *reader)
{
	call->request.operation = RM_TRANSMIT;
	call->request.card = wire_get_u64(reader);
	call->request.protocols = wire_get_u32(reader);
	reserve(call, wire_get_u32(reader), RM_TRANSMIT_MAX);
	get_input(call, reader);
}

static void
get_control(struct call *call, struct wire_reader *reader)
{
	call->request.operation = RM_CONTROL;
	call->request.card = wire_get_u64(reader);
	call->request.code = wire_get_u32(reader);
	reserve(call, wire_get_u32(reader), RM_CONTROL_MAX);
	get_input(call, reader);
}

static void
get_attribute(struct call *call, struct wire_reader *reader)
{
	bool sets = call->pending.number == WIRE_SET_ATTRIBUTE;

	call->request.operation = sets ? RM_SET_ATTRIBUTE : RM_GET_ATTRIBUTE;
	call->request.card = wire_get_u64(reader);
	call->request.code = wire_get_u32(reader);
	if (sets)
		get_input(call, reader);
	else
		reserve(call, wire_get_u32(reader), RM_ATTRIBUTE_MAX);
}

static void
get_connect(struct call *call, struct wire_reader *reader)
{
	call->request.operation = RM_CONNECT;
	call->request.context = wire_get_u64(reader);
	wire_get_text(reader, call->name, sizeof call->name);
	call->request.reader_name = call->name;
	call->request.share_mode = wire_get_u32(reader);
	call->request.protocols = wire_get_u32(reader);
}

static void
get_reconnect(struct call *call, struct wire_reader *reader)
{
	call->request.operation = RM_RECONNECT;
	call->request.card = wire_get_u64(reader);
	call->request.share_mode = wire_get_u32(reader);
	call->request.protocols = wire_get_u32(reader);
	call->request.disposition = wire_get_u32(reader);
}

/* A card, and for some what to do with it. */
static void
get_simple(struct call *call, struct wire_reader *reader, enum rm_operation operation)
{
	call->request.operation = operation;
	call->request.card = wire_get_u64(reader);
	if (operation == RM_DISCONNECT || operation == RM_END)
		call->request.disposition = wire_get_u32(reader);
}

static bool
get_request(struct call *call, struct wire_reader *reader)
{
	switch (call->pending.number) {
	case WIRE_CONNECT:
		get_connect(call, reader);
		break;
	case WIRE_RECONNECT:
		get_reconnect(call, reader);
		break;
	case WIRE_DISCONNECT:
		get_simple(call, reader, RM_DISCONNECT);
		break;
	case WIRE_BEGIN:
		get_simple(call, reader, RM_BEGIN);
		break;
	case WIRE_END:
		get_simple(call, reader, RM_END);
		break;
	case WIRE_STATUS:
		get_simple(call, reader, RM_STATUS);
		break;
	case WIRE_TRANSMIT:
		get_transmit(call, reader);
		break;
	case WIRE_CONTROL:
		get_control(call, reader);
		break;
	case WIRE_GET_ATTRIBUTE:
	case WIRE_SET_ATTRIBUTE:
		get_attribute(call, reader);
		break;
	default: /* HELLO and LANE are the first message or none */
		return false;
	}
	return wire_done(reader) == 0;
}

/* Puts the protocol before the bytes that are there already. */
static void
put_protocol(struct call *call)
{
	struct wire_writer bytes = call->answer;

	serve_begin(call, SCARD_S_SUCCESS, 0, NULL);
	wire_put_u32(&call->answer, call->request.protocols);
	call->answer = bytes;
}

static void
put_status(struct call *call)
{
	wire_put_text(&call->answer, call->request.status.name);
	wire_put_u32(&call->answer, call->request.status.state);
	wire_put_u32(&call->answer, call->request.status.protocol);
	wire_put_bytes(
	    &call->answer, call->request.status.atr, (uint32_t)call->request.status.atr_length);
}

static void
put_answer(struct call *call)
{
	const struct rm_request *request = &call->request;

	switch (request->operation) {
	case RM_TRANSMIT:
		put_protocol(call);
		wire_commit_bytes(&call->answer, (uint32_t)request->out_length);
		return;
	case RM_CONTROL:
	case RM_GET_ATTRIBUTE:
		wire_commit_bytes(&call->answer, (uint32_t)request->out_length);
		return;
	default:
		serve_begin(call, SCARD_S_SUCCESS, 0, NULL);
		break;
	}
	if (request->operation == RM_CONNECT)
		wire_put_u64(&call->answer, request->card);
	if (request->operation == RM_CONNECT || request->operation == RM_RECONNECT)
		wire_put_u32(&call->answer, request->protocols);
	if (request->operation == RM_STATUS)
		put_status(call);
}

static void
card_done(struct rm_request *request, LONG result)
{
	struct call *call = request->owner;
	uint32_t needed = 0;

	if (result == SCARD_E_INSUFFICIENT_BUFFER)
		needed = (uint32_t)request->out_length;
	if (result == SCARD_S_SUCCESS)
		put_answer(call);
	else
		serve_begin(call, result, needed, request->message);
	serve_finish(call);
}

static void
card_cancel(struct pending *pending)
{
	(void)rm_request_cancel(&((struct call *)pending)->request, SCARD_E_CANCELLED);
}

bool
card_serve(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	struct rm_request *request = &call->request, *next;
	unsigned turn;

	if (!get_request(call, reader))
		return false;
	request->done = card_done;
	request->owner = call;
	request->impatient = false;
	call->pending.cancel = card_cancel;
	turn = lane_pend(lane, &call->pending);
	next = rm_submit(lane->session->rm, request);
	/* It waits, and then the end of its client must be seen; or it is finished and gone. */
	if (next != request)
		lane_wait(lane, turn);
	work_run(next);
	return true;
}
