/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From messages to calls of the engine, and the answers. What needs no turn in a reader is done
 * here, at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/daemon/daemon.h"

struct pending *
pending_ref(struct pending *pending)
{
	(void)__atomic_add_fetch(&pending->references, 1, __ATOMIC_RELAXED);
	return pending;
}

void
pending_unref(struct pending *pending)
{
	struct lane *lane = pending->lane;

	if (__atomic_sub_fetch(&pending->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	pending->free(pending);
	lane_unref(lane);
}

void
serve_begin(struct call *call, LONG result, uint32_t needed, const char *message)
{
	wire_begin_reply(&call->answer, call->reply, sizeof call->reply, call->pending.number,
	    call->pending.serial, result, needed);
	if (result != SCARD_S_SUCCESS)
		wire_put_text(&call->answer, message);
}

void
serve_finish(struct call *call)
{
	ssize_t size = wire_finish(&call->answer);

	if (size < 0) {
		serve_begin(call, SCARD_F_INTERNAL_ERROR, 0,
		    "the answer is longer than a message may be; ask for less at once");
		size = wire_finish(&call->answer);
	}
	lane_reply(call->pending.lane, call->reply, (size_t)size, call->descriptor, call->last);
	pending_unref(&call->pending);
}

static void
free_call(struct pending *pending)
{
	struct call *call = (struct call *)pending;

	switch (pending->number) {
	case WIRE_TRANSMIT:
	case WIRE_CONTROL:
	case WIRE_WRITE_CACHE:
	case WIRE_SET_ATTRIBUTE: /* there may be a PIN in it */
		explicit_bzero(call->packet, call->received);
		break;
	default:
		break;
	}
	loop_call_put(call);
}

static void
answer(struct call *call, LONG result, const char *message)
{
	serve_begin(call, result, 0, message);
	serve_finish(call);
}

/* The first message of a lane: HELLO or LANE. */
static bool
serve_hello(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	char message[RM_MESSAGE_SIZE] = "";
	uint32_t lowest = wire_get_u32(reader), highest = wire_get_u32(reader);
	uint32_t version = MIN(highest, WIRE_VERSION);
	LONG result;

	if (wire_done(reader) != 0)
		return false;
	if (version < WIRE_VERSION_LOWEST || version < lowest) {
		(void)snprintf(message, sizeof message,
		    "the program speaks versions %u to %u of the protocol, scardd speaks versions "
		    "%u to %u; install the same version of both",
		    lowest, highest, WIRE_VERSION_LOWEST, WIRE_VERSION);
		result = SCARD_E_SERVICE_STOPPED;
	} else
		result = session_open(lane, message);
	call->last = result != SCARD_S_SUCCESS;
	serve_begin(call, result, 0, message);
	if (result == SCARD_S_SUCCESS) {
		wire_put_u32(&call->answer, version);
		wire_put_bytes(&call->answer, lane->session->token, WIRE_TOKEN_SIZE);
		if (version >= WIRE_VERSION_PAGE)
			call->descriptor = scardd.page;
	}
	serve_finish(call);
	return true;
}

static bool
serve_lane(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	char message[RM_MESSAGE_SIZE] = "";
	const uint8_t *token;
	uint32_t length;
	LONG result;

	wire_get_bytes(reader, &token, &length);
	if (wire_done(reader) != 0)
		return false;
	result = session_join(lane, token, length, message);
	call->last = result != SCARD_S_SUCCESS;
	answer(call, result, message);
	return true;
}

static bool
serve_establish(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	uint32_t dialect = wire_get_u32(reader), scope = wire_get_u32(reader);
	LONG result = SCARD_E_INVALID_VALUE;
	SCARDCONTEXT context = 0;

	if (wire_done(reader) != 0)
		return false;
	if (dialect <= RM_DIALECT_PCSCLITE_IMPATIENT)
		result =
		    rm_context_new(lane->session->rm, (enum rm_dialect)dialect, scope, &context);
	serve_begin(call, result, 0, "");
	if (result == SCARD_S_SUCCESS)
		wire_put_u64(&call->answer, context);
	serve_finish(call);
	return true;
}

/* What takes a context and gives nothing but a code. */
static bool
serve_context(struct lane *lane, struct call *call, struct wire_reader *reader,
    LONG (*operation)(struct rm_session *, SCARDCONTEXT))
{
	SCARDCONTEXT context = wire_get_u64(reader);

	if (wire_done(reader) != 0)
		return false;
	answer(call, operation(lane->session->rm, context), "");
	return true;
}

/* A multi-string from outside, closed whatever it was. (transfer full), NULL: no memory. */
static char *
close_list(const uint8_t *data, uint32_t length)
{
	char *list = malloc((size_t)length + 2);

	if (list == NULL)
		return NULL;
	if (length > 0)
		memcpy(list, data, length);
	list[length] = list[length + 1] = '\0';
	return list;
}

static void
answer_list(struct call *call, LONG result, const char *message, char *list, size_t length)
{
	serve_begin(call, result, 0, message);
	if (result == SCARD_S_SUCCESS) {
		wire_put_bytes(&call->answer, list, (uint32_t)length);
		free(list);
	}
	serve_finish(call);
}

static bool
serve_list_readers(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	SCARDCONTEXT context = wire_get_u64(reader);
	char message[RM_MESSAGE_SIZE] = "", *groups = NULL, *list = NULL;
	LONG result = SCARD_E_NO_MEMORY;
	const uint8_t *data;
	uint32_t length;
	size_t size = 0;

	wire_get_optional_bytes(reader, &data, &length);
	if (wire_done(reader) != 0)
		return false;
	if (data == NULL || (groups = close_list(data, length)) != NULL)
		result = rm_list_readers(lane->session->rm, context, groups, &list, &size, message);
	free(groups);
	answer_list(call, result, message, list, size);
	return true;
}

static bool
serve_list_groups(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	SCARDCONTEXT context = wire_get_u64(reader);
	char message[RM_MESSAGE_SIZE] = "", *list = NULL;
	size_t size = 0;
	LONG result;

	if (wire_done(reader) != 0)
		return false;
	result = rm_list_groups(lane->session->rm, context, &list, &size, message);
	answer_list(call, result, message, list, size);
	return true;
}

/* On a lane with a session. */
static bool
serve_session(struct lane *lane, struct call *call, struct wire_reader *reader)
{
	switch (call->pending.number) {
	case WIRE_ESTABLISH:
		return serve_establish(lane, call, reader);
	case WIRE_RELEASE:
		return serve_context(lane, call, reader, rm_context_release);
	case WIRE_IS_VALID:
		return serve_context(lane, call, reader, rm_context_check);
	case WIRE_CANCEL:
		return serve_context(lane, call, reader, rm_context_cancel);
	case WIRE_LIST_READERS:
		return serve_list_readers(lane, call, reader);
	case WIRE_LIST_GROUPS:
		return serve_list_groups(lane, call, reader);
	case WIRE_STATUS_CHANGE:
		return change_serve(lane, call, reader);
	case WIRE_HOLDERS:
		holders_serve(lane, call);
		return true;
	case WIRE_READ_CACHE:
	case WIRE_WRITE_CACHE:
		return cache_serve(lane, call, reader);
	case WIRE_AUDIT:
		return audit_serve(lane, call, reader);
	case WIRE_TRACE:
		return trace_serve(lane, call, reader);
	case WIRE_DEVICE:
	case WIRE_LIST_DEVICE:
		return device_serve(lane, call, reader);
	default:
		return card_serve(lane, call, reader);
	}
}

bool
serve(struct lane *lane, struct call *call)
{
	struct wire_header header;
	struct wire_reader reader;
	bool served = false;

	if (wire_open(&reader, call->packet, call->received, &header) != 0 || header.is_reply)
		return false;
	log_message(lane, ">", call->packet, call->received);
	call->last = false;
	call->descriptor = -1;
	call->pending = (struct pending){ .references = 1,
		.free = free_call,
		.lane = lane_ref(lane),
		.serial = header.serial,
		.number = header.number };
	if (lane->session != NULL)
		served = serve_session(lane, call, &reader);
	else if (header.number == WIRE_HELLO)
		served = serve_hello(lane, call, &reader);
	else if (header.number == WIRE_LANE)
		served = serve_lane(lane, call, &reader);
	if (!served)
		lane_unref(lane);
	return served;
}
