/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One exchange on a lane: the same for every call. Request and reply use the lane's buffer; a
 * request that may have held a PIN is wiped as soon as it is sent.
 */
#include <errno.h>
#include <string.h>

#include "rm/api/remote.h"

static bool
is_secret(uint16_t number)
{
	return number == WIRE_TRANSMIT || number == WIRE_CONTROL || number == WIRE_SET_ATTRIBUTE ||
	    number == WIRE_WRITE_CACHE;
}

unsigned remote_answer_limit_ms = REMOTE_ANSWER_LIMIT_MS;

/*
 * What a daemon answers at once, however busy the readers and whoever holds them. All else may wait
 * for a card or for another client, as long as the daemon finds right.
 */
static bool
is_prompt(uint16_t number)
{
	switch (number) {
	case WIRE_ESTABLISH:
	case WIRE_RELEASE:
	case WIRE_IS_VALID:
	case WIRE_CANCEL:
	case WIRE_LIST_READERS:
	case WIRE_LIST_GROUPS:
	case WIRE_HOLDERS:
	case WIRE_READ_CACHE:
	case WIRE_WRITE_CACHE:
	case WIRE_AUDIT:
	case WIRE_DEVICE:
	case WIRE_LIST_DEVICE:
	case WIRE_TRACE:
		return true;
	default:
		return false;
	}
}

/* The first version that has this message. */
static uint32_t
version_of(uint16_t number)
{
	if (number >= WIRE_TRACE)
		return WIRE_VERSION_TRACE;
	return number >= WIRE_READ_CACHE ? WIRE_VERSION_RECORDS : WIRE_VERSION_LOWEST;
}

LONG
remote_call_begin(struct remote_call *call, uint16_t number, enum remote_kind kind,
    ULONG_PTR handle, char *message)
{
	uint64_t theirs = 0;
	LONG code;

	call->number = number;
	call->kind = kind;
	call->lost = false;
	call->answered = false;
	call->descriptor = -1;
	call->wake = -1;
	call->lane = NULL;
	call->reply = (struct wire_reader){ .failed = true };
	code = remote_session_take(call, kind, handle, &theirs, message);
	if (code == SCARD_S_SUCCESS && call->version < version_of(number)) {
		remote_session_give_back(call);
		code = remote_fail(SCARD_E_UNSUPPORTED_FEATURE, message,
		    "scardd speaks version %u of the protocol, which does not have this; install "
		    "the version of this library, or a later one",
		    call->version);
	}
	if (code != SCARD_S_SUCCESS) {
		/* What is put into it has no room. */
		wire_begin_request(&call->request, NULL, 0, number, 0);
		return code;
	}
	wire_begin_request(
	    &call->request, call->lane->buffer, WIRE_MESSAGE_MAX, number, ++call->lane->serial);
	if (kind != REMOTE_NONE)
		wire_put_u64(&call->request, theirs);
	return SCARD_S_SUCCESS;
}

static LONG
lost(struct remote_call *call, int error, char *message)
{
	call->lost = true;
	remote_session_lost(call);
	return remote_session_stopped(strerror(-error), message);
}

static LONG
send_request(struct remote_call *call, char *message)
{
	ssize_t length = wire_finish(&call->request);
	int error = (int)length;

	if (length >= 0)
		error = remote_socket_send(call->lane->fd, &call->request);
	if (is_secret(call->number))
		explicit_bzero(call->lane->buffer, call->request.used);
	if (error >= 0)
		return SCARD_S_SUCCESS;
	if (length < 0)
		return remote_fail(SCARD_E_INVALID_PARAMETER, message,
		    "the request is longer than the %u bytes that a message to scardd can have; "
		    "pass less at once",
		    WIRE_MESSAGE_MAX);
	/* Nothing was sent: the session is as good as before. */
	if (error == -ENOMEM || error == -ENOBUFS || error == -EMSGSIZE)
		return remote_fail(SCARD_E_NO_MEMORY, message, "sending %zd bytes to scardd: %s",
		    length, strerror(-error));
	return lost(call, error, message);
}

/* A failure's text, cut to what the API's has room for. */
static void
copy_text(struct remote_call *call, char *message)
{
	char text[WIRE_TEXT_MAX];

	wire_get_text(&call->reply, text, sizeof text);
	if (wire_done(&call->reply) == 0 && text[0] != '\0')
		(void)remote_fail(0, message, "%s", text);
}

/* Whether the fields of a success follow. */
static bool
has_fields(const struct remote_call *call)
{
	return call->header.result == SCARD_S_SUCCESS ||
	    (call->number == WIRE_STATUS_CHANGE && call->header.result == SCARD_E_TIMEOUT);
}

/* The reply's length, or a negative errno. */
static ssize_t
receive_reply(struct remote_call *call)
{
	int error = 0;

	if (is_prompt(call->number))
		error = remote_socket_await(call->lane->fd, remote_answer_limit_ms);
	if (error < 0)
		return error;
	if (call->number == WIRE_TRACE)
		return remote_socket_receive_descriptor(
		    call->lane->fd, call->lane->buffer, WIRE_MESSAGE_MAX, &call->descriptor);
	return remote_socket_receive(call->lane->fd, call->lane->buffer, WIRE_MESSAGE_MAX);
}

LONG
remote_call_perform(struct remote_call *call, LONG code, char *message)
{
	ssize_t length;

	if (code != SCARD_S_SUCCESS || (code = send_request(call, message)) != SCARD_S_SUCCESS)
		return code;
	/* The daemon ends what a lane waits for when the lane is closed, and that it will be. */
	if (call->wake >= 0 && remote_socket_wakes(call->lane->fd, call->wake)) {
		call->lane->spent = true;
		return SCARD_E_TIMEOUT;
	}
	length = receive_reply(call);
	if (length == -EMSGSIZE)
		length = 0; /* no message is that long */
	if (length == -ETIMEDOUT)
		return remote_session_silent(call, message);
	if (length < 0)
		return lost(call, (int)length, message);
	call->answered = true;
	if (wire_open(&call->reply, call->lane->buffer, (size_t)length, &call->header) < 0 ||
	    !call->header.is_reply || call->header.serial != call->lane->serial ||
	    call->header.number != call->number) {
		call->reply.failed = true;
		return SCARD_E_SERVICE_STOPPED;
	}
	if (!has_fields(call))
		copy_text(call, message);
	return call->header.result;
}

LONG
remote_call_end(struct remote_call *call, LONG code, char *message)
{
	if (call->lane == NULL)
		return code;
	if (call->answered && wire_done(&call->reply) < 0) {
		remote_session_lost(call);
		code = remote_session_stopped(
		    "it sent what is no answer to the call; check that it and this library are of "
		    "one release",
		    message);
	}
	remote_session_give_back(call);
	return code;
}

LONG
remote_call_plain(uint16_t number, enum remote_kind kind, ULONG_PTR handle,
    const uint32_t *argument, char *message)
{
	struct remote_call call;
	LONG code = remote_call_begin(&call, number, kind, handle, message);

	if (argument != NULL)
		wire_put_u32(&call.request, *argument);
	code = remote_call_perform(&call, code, message);
	return remote_call_end(&call, code, message);
}

size_t
remote_take_atr(struct remote_call *call, uint8_t *atr, size_t size)
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
