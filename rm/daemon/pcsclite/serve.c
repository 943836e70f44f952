/* SPDX-License-Identifier: BSD-2-Clause */
/* From messages to calls of the engine, and the answers. What needs no turn is done here. */
#include <string.h>

#include <winerror.h>

#include "rm/daemon/pcsclite/client.h"

static uint32_t
code(LONG result)
{
	return (uint32_t)lp64_result(result);
}

/* Puts a body into the answer and sends it. */
static bool
answer(struct lane *lane, struct call *call, const void *body, size_t size)
{
	memcpy(call->reply, body, size);
	lite_answer(lane, call, size);
	return true;
}

/* The version that is spoken from now on, or ours, which the client may try next. */
static bool
serve_version(struct lane *lane, struct call *call)
{
	struct lite_version body;

	memcpy(&body, call->packet + LITE_HEADER, sizeof body);
	if (body.major == LITE_MAJOR && body.minor >= LITE_MINOR_LOWEST &&
	    body.minor <= LITE_MINOR_HIGHEST) {
		lite_of(lane)->minor = body.minor;
		body.result = SCARD_S_SUCCESS;
	} else
		body = (struct lite_version){ LITE_MAJOR, LITE_MINOR_HIGHEST,
			code(SCARD_E_SERVICE_STOPPED) };
	return answer(lane, call, &body, sizeof body);
}

static LONG
establish(struct lane *lane, uint32_t scope, uint32_t *ret_number)
{
	SCARDCONTEXT context = 0;
	LONG result;

	if (!lite_open(lane, &result))
		return result;
	if ((*ret_number = lite_number_new(lane, 0)) == 0)
		return SCARD_E_NO_MEMORY;
	result = rm_context_new(lane->session->rm, RM_DIALECT_PCSCLITE, scope, &context);
	if (result == SCARD_S_SUCCESS)
		lite_number_set(lite_of(lane), *ret_number, context);
	else
		lite_number_drop(lite_of(lane), *ret_number);
	return result;
}

static bool
serve_establish(struct lane *lane, struct call *call)
{
	struct lite_establish body;
	uint32_t number = 0;
	LONG result;

	memcpy(&body, call->packet + LITE_HEADER, sizeof body);
	result = establish(lane, body.scope, &number);
	body.context = result == SCARD_S_SUCCESS ? number : 0;
	body.result = code(result);
	return answer(lane, call, &body, sizeof body);
}

static bool
serve_release(struct lane *lane, struct call *call)
{
	struct lite_client *client = lite_of(lane);
	struct lite_release body;
	SCARDCONTEXT context;
	LONG result = SCARD_E_INVALID_HANDLE;

	memcpy(&body, call->packet + LITE_HEADER, sizeof body);
	if (lane->session != NULL && (context = lite_context_handle(client, body.context)) != 0)
		result = rm_context_release(lane->session->rm, context);
	if (result == SCARD_S_SUCCESS)
		lite_number_drop(client, body.context);
	body.result = code(result);
	return answer(lane, call, &body, sizeof body);
}

/* The library cancels by a connection of its own: only the process that waits may. */
static LONG
cancel(struct lane *lane, uint32_t number)
{
	struct lane *other = lite_context_lane(number);
	LONG result = SCARD_E_INVALID_HANDLE;
	pid_t pid;
	uid_t uid;

	if (other == NULL)
		return result;
	if (socket_peer(lane->source.fd, &pid, &uid) && pid == other->session->pid &&
	    uid == other->session->uid) {
		(void)lite_wait_stop(other, SCARD_E_CANCELLED);
		result = SCARD_S_SUCCESS;
	}
	lane_unref(other);
	return result;
}

static bool
serve_cancel(struct lane *lane, struct call *call)
{
	struct lite_release body;

	memcpy(&body, call->packet + LITE_HEADER, sizeof body);
	body.result = code(cancel(lane, body.context));
	return answer(lane, call, &body, sizeof body);
}

/* Who was told already that something has changed gets no second message. */
static bool
serve_stop_waiting(struct lane *lane, struct call *call)
{
	const struct lite_change body = { 0, SCARD_S_SUCCESS };

	if (lite_wait_stop(lane, SCARD_S_SUCCESS))
		return answer(lane, call, &body, sizeof body);
	loop_call_put(call);
	lane_wait(lane, lane->turn);
	return true;
}

static bool
serve_events(struct lane *lane, struct call *call)
{
	struct lite_events body = { 0, SCARD_S_SUCCESS };
	struct rm_seen none;
	struct rm_set set;

	(void)rm_look_around(scardd.engine, RM_DIALECT_PCSCLITE, &none, 0, &set);
	body.events = set.reader_events;
	return answer(lane, call, &body, sizeof body);
}

static bool
serve_array_size(struct lane *lane, struct call *call)
{
	const uint32_t body = LITE_READERS_LATER;

	return answer(lane, call, &body, sizeof body);
}

bool
lite_serve(struct lane *lane, struct call *call)
{
	uint32_t command = lite_message_command(call->packet);

	if (log_wants(LOG_LEVEL_DEBUG))
		log_line(LOG_LEVEL_DEBUG, "client %d > pcsc-lite %s",
		    lane->session != NULL ? (int)lane->session->pid : 0,
		    lite_command_name(command));
	switch (command) {
	case LITE_VERSION:
		return serve_version(lane, call);
	case LITE_ESTABLISH:
		return serve_establish(lane, call);
	case LITE_RELEASE:
		return serve_release(lane, call);
	case LITE_CANCEL:
		return serve_cancel(lane, call);
	case LITE_STOP_WAITING:
		return serve_stop_waiting(lane, call);
	case LITE_READER_EVENTS:
		return serve_events(lane, call);
	case LITE_ARRAY_SIZE:
		return serve_array_size(lane, call);
	case LITE_READERS_STATE:
	case LITE_ARRAY:
	case LITE_WAIT:
		lite_wait_serve(lane, call, command);
		return true;
	default:
		return lite_card_serve(lane, call);
	}
}
