/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardd and clients that speak pcsc-lite's protocol: the versions that Debian's library and the
 * newest one speak, byte by byte, and what is no message at all. Numbers stand as they are on the
 * socket.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/lite_fixture.h"

static struct answer answer;

static void
start(void)
{
	lite_start();
}

static void
versions(void)
{
	static const struct {
		uint32_t major, minor, result, answer;
	} table[] = {
		{ 4, 4, 0, 4 },
		{ 4, 5, 0, 5 },
		{ 4, 6, 0, 6 },
		{ 4, 3, 0x8010001E, 6 },
		{ 4, 7, 0x8010001E, 6 },
		{ 5, 4, 0x8010001E, 6 },
		{ 3, 6, 0x8010001E, 6 },
		{ 0xFFFFFFFF, 0xFFFFFFFF, 0x8010001E, 6 },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct lite_version body = { table[i].major, table[i].minor, 0 };
		int fd = lite_connect();

		CU_ASSERT(lite_ask(fd, LITE_VERSION, &body, sizeof body));
		SUITE_EQUAL_INT(body.major, 4);
		SUITE_EQUAL_INT(body.minor, table[i].answer);
		SUITE_EQUAL_HEX(body.result, table[i].result);
		/* What was proposed is taken. */
		body.result = 0;
		CU_ASSERT(lite_ask(fd, LITE_VERSION, &body, sizeof body));
		SUITE_EQUAL_HEX(body.result, 0);
		(void)close(fd);
	}
}

static void
see_soft_card(const struct lite_reader *reader, uint32_t state, int32_t sharing, uint32_t protocol)
{
	SUITE_EQUAL_STRING(reader->name, "Tessera Soft Card");
	SUITE_EQUAL_INT(reader->counter, 1);
	SUITE_EQUAL_HEX(reader->state, state);
	SUITE_EQUAL_INT(reader->sharing, sharing);
	SUITE_EQUAL_BYTES(reader->atr, reader->atr_length,
	    "3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1");
	SUITE_EQUAL_INT(reader->protocol, protocol);
}

static uint32_t
get_attribute(int fd, uint32_t card, uint32_t id, struct lite_attribute *body)
{
	*body = (struct lite_attribute){ .card = card, .id = id, .length = LP64_ATTRIBUTE_MAX };
	return lite_ask(fd, LITE_GET_ATTRIBUTE, body, sizeof *body) ? body->result : LITE_NO_ANSWER;
}

/* Everything that 4:4 has, good. */
static void
older_session(void)
{
	struct lite_attribute attribute;
	struct lite_reconnect reconnect;
	struct lite_control control;
	struct lite_reader reader;
	uint32_t context, card;
	int fd = lite_session(4, &context);

	CU_ASSERT(context != 0 && context < 0x80000000);
	CU_ASSERT(lite_look(fd, LITE_READERS_STATE, 16, &reader));
	see_soft_card(&reader, 0x34, 0, 0);
	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	CU_ASSERT(card != 0 && card < 0x80000000 && card != context);
	CU_ASSERT(lite_look(fd, LITE_READERS_STATE, 16, &reader));
	see_soft_card(&reader, 0x34, 1, 2);
	LITE_CODE(lite_simple(fd, LITE_STATUS, card), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_BEGIN, card), SCARD_S_SUCCESS);
	LITE_CODE(lite_exchange(fd, card), SCARD_S_SUCCESS);
	LITE_CODE(lite_dispose(fd, LITE_END, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	LITE_CODE(lite_dispose(fd, LITE_END, card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	LITE_CODE(get_attribute(fd, card, SCARD_ATTR_ATR_STRING, &attribute), SCARD_S_SUCCESS);
	SUITE_EQUAL_BYTES(attribute.value, attribute.length,
	    "3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1");
	LITE_CODE(get_attribute(fd, card, 0x1234, &attribute), SCARD_E_UNSUPPORTED_FEATURE);
	SUITE_EQUAL_HEX(attribute.result, 0x8010001F);
	CU_ASSERT(lite_ask(fd, LITE_SET_ATTRIBUTE, &attribute, sizeof attribute));
	SUITE_EQUAL_HEX(attribute.result, 0x8010001F);
	control = (struct lite_control){ .card = card, .code = 0x42000000 + 99, .room = 264 };
	CU_ASSERT(lite_ask(fd, LITE_CONTROL, &control, sizeof control));
	SUITE_EQUAL_HEX(control.result, 0x8010001F);
	SUITE_EQUAL_INT(control.returned, 0);
	reconnect = (struct lite_reconnect){ card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1,
		SCARD_RESET_CARD, 0, 0 };
	CU_ASSERT(lite_ask(fd, LITE_RECONNECT, &reconnect, sizeof reconnect));
	SUITE_EQUAL_HEX(reconnect.result, 0);
	SUITE_EQUAL_INT(reconnect.active, 2);
	LITE_CODE(lite_dispose(fd, LITE_DISCONNECT, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_STATUS, card), SCARD_E_INVALID_HANDLE);
	LITE_CODE(lite_simple(fd, LITE_RELEASE, context), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_RELEASE, context), SCARD_E_INVALID_HANDLE);
	(void)close(fd);
}

/* The codes and the sizes of an exchange that fails. */
static void
bad_exchanges(void)
{
	struct lite_transmit transmit;
	uint32_t context, card;
	int fd = lite_session(4, &context);
	uint8_t command[5] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	for (int i = 0; i < 4; i++) {
		transmit = (struct lite_transmit){ .card = i == 3 ? card + 1 : card,
			.send_protocol = i == 1 ? 0 : 2,
			.length = sizeof command,
			.room = i == 0 ? 1
			    : i == 2   ? 9
				       : 258 };
		lite_send(fd, LITE_TRANSMIT, &transmit, sizeof transmit);
		(void)send(fd, command, sizeof command, MSG_NOSIGNAL);
		CU_ASSERT(lite_receive(fd, &transmit, sizeof transmit));
		LITE_CODE(transmit.result,
		    i == 1       ? SCARD_E_PROTO_MISMATCH
			: i == 3 ? SCARD_E_INVALID_HANDLE
				 : SCARD_E_INSUFFICIENT_BUFFER);
		/* Ten are needed, and nothing follows. */
		SUITE_EQUAL_INT(transmit.room, i == 2 ? 10 : 0);
	}
	CU_ASSERT(is_silent(fd));
	(void)close(fd);
}

/* Names, share modes and protocols; and a context that is not this connection's. */
static void
bad_connects(void)
{
	static const struct {
		const char *name;
		uint32_t share_mode, protocols;
		LONG result;
	} table[] = {
		{ "nobody", 2, 3, SCARD_E_UNKNOWN_READER },
		{ "", 2, 3, SCARD_E_UNKNOWN_READER },
		{ "Tessera Soft Card", 9, 3, SCARD_E_INVALID_VALUE },
		{ "Tessera Soft Card", 2, 0, SCARD_E_PROTO_MISMATCH },
		{ "Tessera Soft Card", 2, 4, SCARD_E_PROTO_MISMATCH },
	};
	struct lite_connect body;
	uint32_t context, other_context, card;
	int fd = lite_session(4, &context), other = lite_session(4, &other_context);

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		body = (struct lite_connect){ .context = context,
			.share_mode = table[i].share_mode,
			.protocols = table[i].protocols };
		(void)snprintf(body.reader, sizeof body.reader, "%s", table[i].name);
		CU_ASSERT(lite_ask(fd, LITE_CONNECT, &body, sizeof body));
		if (table[i].protocols != 4)
			LITE_CODE(body.result, table[i].result);
		else
			CU_ASSERT_NOT_EQUAL(body.result, 0);
		SUITE_EQUAL_INT(body.card, 0);
	}
	memset(body.reader, 'x', sizeof body.reader);
	body.protocols = 3;
	CU_ASSERT(lite_ask(fd, LITE_CONNECT, &body, sizeof body));
	LITE_CODE(body.result, SCARD_E_UNKNOWN_READER);
	LITE_CODE(lite_card(fd, other_context, SCARD_SHARE_SHARED, &card), SCARD_E_INVALID_HANDLE);
	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_STATUS, card), SCARD_E_INVALID_HANDLE);
	LITE_CODE(lite_simple(other, LITE_STATUS, card), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(other, LITE_STATUS, other_context), SCARD_E_INVALID_HANDLE);
	(void)close(other);
	(void)close(fd);
}

/* A change: somebody who was connected is not any more. */
static void
change(int fd, uint32_t card)
{
	LITE_CODE(lite_dispose(fd, LITE_DISCONNECT, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
}

/* Waits as they are until 4:5: the array, then one message. */
static void
older_wait(void)
{
	struct lite_change told = { 9, 9 };
	struct lite_reader reader;
	uint32_t context, other_context, card;
	int fd = lite_session(4, &context), other = lite_session(4, &other_context);

	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	CU_ASSERT(lite_look(fd, LITE_WAIT, 16, &reader));
	see_soft_card(&reader, 0x34, 1, 2);
	CU_ASSERT(is_silent(fd));
	/* Other questions meanwhile. */
	CU_ASSERT(lite_look(fd, LITE_READERS_STATE, 16, &reader));
	CU_ASSERT(is_silent(fd));
	change(other, card);
	CU_ASSERT(lite_receive(fd, &told, sizeof told));
	SUITE_EQUAL_INT(told.unused, 0);
	SUITE_EQUAL_INT(told.result, 0);
	/* It is over: nothing more is told, and to stop is answered by nothing. */
	lite_send(fd, LITE_STOP_WAITING, NULL, 0);
	CU_ASSERT(lite_look(fd, LITE_READERS_STATE, 16, &reader));
	see_soft_card(&reader, 0x34, 0, 2);
	/* Once more, and stopped. */
	CU_ASSERT(lite_look(fd, LITE_WAIT, 16, &reader));
	lite_send(fd, LITE_STOP_WAITING, NULL, 0);
	told.result = 9;
	CU_ASSERT(lite_receive(fd, &told, sizeof told));
	SUITE_EQUAL_INT(told.result, 0);
	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	change(other, card);
	CU_ASSERT(is_silent(fd));
	(void)close(fd);
	(void)close(other);
}

/* The newest: WAIT has no answer, the readers are asked for afterwards, and there may be many. */
static void
newer_wait(void)
{
	struct lite_change told = { 9, 9 };
	struct lite_events events = { 0, 9 };
	struct lite_reader reader;
	uint32_t context, other_context, card, size = 0;
	int fd = lite_session(6, &context), other = lite_session(4, &other_context);

	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	lite_send(fd, LITE_WAIT, NULL, 0);
	lite_send(fd, LITE_ARRAY_SIZE, NULL, 0);
	CU_ASSERT(lite_receive(fd, &size, sizeof size));
	SUITE_EQUAL_INT(size, 64);
	/* What happens before it has the array is in the array, and nowhere else. */
	change(other, card);
	CU_ASSERT(is_silent(fd));
	CU_ASSERT(lite_look(fd, LITE_ARRAY, size, &reader));
	see_soft_card(&reader, 0x34, 0, 2);
	lite_send(fd, LITE_READER_EVENTS, NULL, 0);
	CU_ASSERT(lite_receive(fd, &events, sizeof events));
	SUITE_EQUAL_INT(events.events, 2);
	SUITE_EQUAL_INT(events.result, 0);
	CU_ASSERT(is_silent(fd));
	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_EXCLUSIVE, &card), SCARD_S_SUCCESS);
	lite_send(fd, LITE_STOP_WAITING, NULL, 0);
	CU_ASSERT(lite_receive(fd, &told, sizeof told));
	SUITE_EQUAL_INT(told.result, 0);
	lite_send(fd, LITE_WAIT, NULL, 0);
	CU_ASSERT(lite_look(fd, LITE_ARRAY, size, &reader));
	SUITE_EQUAL_INT(reader.sharing, -1);
	change(other, card);
	told.result = 9;
	CU_ASSERT(lite_receive(fd, &told, sizeof told));
	SUITE_EQUAL_INT(told.result, 0);
	/* Stopped between the two. */
	lite_send(fd, LITE_WAIT, NULL, 0);
	lite_send(fd, LITE_STOP_WAITING, NULL, 0);
	told.result = 9;
	CU_ASSERT(lite_receive(fd, &told, sizeof told));
	SUITE_EQUAL_INT(told.result, 0);
	CU_ASSERT(lite_look(fd, LITE_ARRAY, size, &reader));
	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	change(other, card);
	CU_ASSERT(is_silent(fd));
	(void)close(fd);
	(void)close(other);
}

static void
cancelled(void)
{
	struct lite_change told = { 9, 9 };
	struct lite_reader reader;
	uint32_t context;
	int fd = lite_session(4, &context), by = lite_connect(), status = 0;
	pid_t child;

	CU_ASSERT(lite_look(fd, LITE_WAIT, 16, &reader));
	/* Nobody else may. */
	if ((child = fork()) == 0)
		_exit(lite_simple(lite_connect(), LITE_CANCEL, context) == 0x80100003 ? 0 : 1);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	SUITE_EQUAL_INT(status, 0);
	CU_ASSERT(is_silent(fd));
	LITE_CODE(lite_simple(by, LITE_CANCEL, context), SCARD_S_SUCCESS);
	CU_ASSERT(lite_receive(fd, &told, sizeof told));
	SUITE_EQUAL_INT(told.unused, 0);
	SUITE_EQUAL_HEX(told.result, 0x80100002);
	/* Who does not wait is not told. */
	LITE_CODE(lite_simple(by, LITE_CANCEL, context), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(by, LITE_CANCEL, context + 1), SCARD_E_INVALID_HANDLE);
	CU_ASSERT(is_silent(fd));
	LITE_CODE(lite_simple(fd, LITE_RELEASE, context), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(by, LITE_CANCEL, context), SCARD_E_INVALID_HANDLE);
	(void)close(fd);
	(void)close(by);
}

/* What the library tries again by itself is told at once; to begin is waited for. */
static void
transactions(void)
{
	struct lite_begin begin = { 0, 9 };
	uint32_t context, other_context, card, other_card, second;
	int fd = lite_session(4, &context), other = lite_session(4, &other_context);

	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	LITE_CODE(
	    lite_card(other, other_context, SCARD_SHARE_SHARED, &other_card), SCARD_S_SUCCESS);
	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_SHARED, &second), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(other, LITE_BEGIN, other_card), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_STATUS, card), SCARD_E_SHARING_VIOLATION);
	LITE_CODE(lite_exchange(fd, card), SCARD_E_SHARING_VIOLATION);
	LITE_CODE(lite_dispose(fd, LITE_END, card, SCARD_LEAVE_CARD), SCARD_E_SHARING_VIOLATION);
	begin.card = card;
	lite_send(fd, LITE_BEGIN, &begin, sizeof begin);
	/* One that has a transaction could wait for itself. */
	LITE_CODE(lite_simple(other, LITE_BEGIN, second), SCARD_E_SHARING_VIOLATION);
	LITE_CODE(lite_card(other, other_context, SCARD_SHARE_SHARED, &second),
	    SCARD_E_SHARING_VIOLATION);
	LITE_CODE(lite_exchange(other, other_card), SCARD_S_SUCCESS);
	CU_ASSERT(is_silent(fd));
	LITE_CODE(lite_dispose(other, LITE_END, other_card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CU_ASSERT(lite_receive(fd, &begin, sizeof begin));
	SUITE_EQUAL_HEX(begin.result, 0);
	LITE_CODE(lite_exchange(fd, card), SCARD_S_SUCCESS);
	/* Its death ends what it had. */
	begin.card = other_card;
	lite_send(other, LITE_BEGIN, &begin, sizeof begin);
	(void)close(fd);
	CU_ASSERT(lite_receive(other, &begin, sizeof begin));
	/* The card was reset, as it was in a transaction. */
	SUITE_EQUAL_HEX(begin.result, 0x80100068);
	(void)close(other);
}

static void
limits(void)
{
	uint32_t context, card, first = 0;
	int fd = lite_session(4, &context);

	for (int i = 1; i < 16; i++)
		LITE_CODE(lite_context(fd, &context), SCARD_S_SUCCESS);
	LITE_CODE(lite_context(fd, &card), SCARD_E_NO_MEMORY);
	for (int i = 0; i < 256; i++) {
		LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
		first = i == 0 ? card : first;
	}
	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_E_NO_MEMORY);
	LITE_CODE(lite_dispose(fd, LITE_DISCONNECT, first, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	/* With the context go its cards. */
	LITE_CODE(lite_simple(fd, LITE_RELEASE, context), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_STATUS, card), SCARD_E_INVALID_HANDLE);
	LITE_CODE(lite_context(fd, &context), SCARD_S_SUCCESS);
	LITE_CODE(lite_card(fd, context, SCARD_SHARE_EXCLUSIVE, &card), SCARD_S_SUCCESS);
	(void)close(fd);
}

static void
send_by_bytes(int fd, const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		CU_ASSERT_EQUAL(send(fd, (const uint8_t *)data + i, 1, MSG_NOSIGNAL), 1);
}

static void
by_bytes(void)
{
	uint32_t header[2] = { sizeof(struct lite_transmit), LITE_TRANSMIT };
	struct lite_transmit body = { .send_protocol = 2, .length = 5, .room = 65548 };
	uint8_t command[5] = { 0x00, 0x84, 0x00, 0x00, 0x08 }, reply[10];
	uint32_t context;
	int fd = lite_session(4, &context);

	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &body.card), SCARD_S_SUCCESS);
	send_by_bytes(fd, header, sizeof header);
	send_by_bytes(fd, &body, sizeof body);
	send_by_bytes(fd, command, sizeof command);
	CU_ASSERT(lite_receive(fd, &body, sizeof body));
	SUITE_EQUAL_HEX(body.result, 0);
	SUITE_EQUAL_INT(body.room, sizeof reply);
	CU_ASSERT(lite_receive(fd, reply, sizeof reply));
	SUITE_EQUAL_BYTES(reply + 8, 2, "90 00");
	(void)close(fd);
}

/* Each ends the connection that sent it; another goes on. */
static void
garbage(void)
{
	static const uint32_t headers[][2] = { { 0, 0 }, { 0, 3 }, { 0, 12 }, { 0, 14 }, { 0, 24 },
		{ 0, 0xFFFFFFFF }, { 12, 1000 }, { 11, 1 }, { 13, 1 }, { 0, 1 }, { 4, 0x12 },
		{ 0xFFFFFFFF, 9 }, { 0x47455420, 0x2F204854 } };
	struct lite_transmit transmit = { .length = 65549 };
	struct lite_control control = { .length = 0x80000000 };
	struct lite_attribute attribute = { .length = 265 };
	uint32_t context, card;
	int bystander = lite_session(4, &context);

	LITE_CODE(lite_card(bystander, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	for (size_t i = 0; i < sizeof headers / sizeof headers[0] + 4; i++) {
		size_t kind = i - sizeof headers / sizeof headers[0];
		uint32_t own;
		int fd = lite_session(4, &own);

		if (i < sizeof headers / sizeof headers[0])
			(void)send(fd, headers[i], sizeof headers[i], MSG_NOSIGNAL);
		else if (kind == 0)
			lite_send(fd, LITE_TRANSMIT, &transmit, sizeof transmit);
		else if (kind == 1)
			lite_send(fd, LITE_CONTROL, &control, sizeof control);
		else
			lite_send(fd, kind == 2 ? LITE_GET_ATTRIBUTE : LITE_SET_ATTRIBUTE,
			    &attribute, sizeof attribute);
		CU_ASSERT(lite_is_closed(fd));
		(void)close(fd);
		LITE_CODE(lite_exchange(bystander, card), SCARD_S_SUCCESS);
	}
	(void)close(bystander);
}

/* Without a context nothing is known, and nothing breaks. */
static void
without_context(void)
{
	struct lite_reader reader;
	int fd = lite_connect();

	LITE_CODE(lite_simple(fd, LITE_STATUS, 1), SCARD_E_INVALID_HANDLE);
	LITE_CODE(lite_simple(fd, LITE_RELEASE, 1), SCARD_E_INVALID_HANDLE);
	LITE_CODE(lite_simple(fd, LITE_RELEASE, 0), SCARD_E_INVALID_HANDLE);
	LITE_CODE(lite_exchange(fd, 0), SCARD_E_INVALID_HANDLE);
	CU_ASSERT(lite_look(fd, LITE_READERS_STATE, 16, &reader));
	CU_ASSERT(lite_look(fd, LITE_WAIT, 16, &reader));
	see_soft_card(&reader, 0x34, 0, 2);
	(void)close(fd);
}

/* One that asks on and on and takes no answer loses its connection when the kernel has no room. */
static void
deaf(void)
{
	static const uint32_t header[2] = { 0, LITE_READERS_STATE };
	struct pollfd wait;
	uint32_t context, card;
	int fd = lite_connect(), bystander = lite_session(4, &context), count = 0;

	LITE_CODE(lite_card(bystander, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	while (count < 100000 && send(fd, header, sizeof header, MSG_NOSIGNAL) == sizeof header)
		count++;
	CU_ASSERT(count < 100000);
	CU_ASSERT(errno == EPIPE || errno == ECONNRESET);
	wait = (struct pollfd){ .fd = fd };
	CU_ASSERT_EQUAL(poll(&wait, 1, PATIENCE_MS), 1);
	CU_ASSERT(wait.revents & POLLHUP);
	LITE_CODE(lite_exchange(bystander, card), SCARD_S_SUCCESS);
	(void)close(fd);
	(void)close(bystander);
}

/* A second request before the answer, as in our own protocol: what waited is given up. */
static void
impatient(void)
{
	struct lite_begin begin = { 0, 9 };
	uint32_t context, other_context, card, other_card;
	int fd = lite_session(4, &context), other = lite_session(4, &other_context);

	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	LITE_CODE(
	    lite_card(other, other_context, SCARD_SHARE_SHARED, &other_card), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_BEGIN, card), SCARD_S_SUCCESS);
	begin.card = other_card;
	lite_send(other, LITE_BEGIN, &begin, sizeof begin);
	lite_send(other, LITE_BEGIN, &begin, sizeof begin);
	CU_ASSERT(lite_is_closed(other));
	LITE_CODE(lite_dispose(fd, LITE_END, card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_BEGIN, card), SCARD_S_SUCCESS);
	(void)close(other);
	(void)close(fd);
}

/* Who has the reader is shown, whichever way it came. */
static void
holders(void)
{
	char name[256], program[64], expected[16] = "";
	uint32_t context, card, count;
	int lane = session_begin(NULL), fd = lite_session(4, &context);
	FILE *comm = fopen("/proc/self/comm", "re");

	if (comm != NULL && fgets(expected, sizeof expected, comm) != NULL)
		expected[strcspn(expected, "\n")] = '\0';
	(void)fclose(comm);
	LITE_CODE(lite_card(fd, context, SCARD_SHARE_EXCLUSIVE, &card), SCARD_S_SUCCESS);
	LITE_CODE(lite_simple(fd, LITE_BEGIN, card), SCARD_S_SUCCESS);
	CODE(ask(lane, &answer, WIRE_HOLDERS), SCARD_S_SUCCESS);
	count = wire_get_u32(&answer.reader);
	SUITE_EQUAL_INT(count, 1);
	wire_get_text(&answer.reader, name, sizeof name);
	SUITE_EQUAL_STRING(name, "Tessera Soft Card");
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), getpid());
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), getuid());
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), SCARD_SHARE_EXCLUSIVE);
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), 1);
	wire_get_text(&answer.reader, program, sizeof program);
	SUITE_EQUAL_STRING(program, expected);
	(void)close(fd);
	(void)close(lane);
}

/* The same card by both ways: a transaction of one is respected by the other. */
static void
both_ways(void)
{
	uint32_t context, card;
	int lane = session_begin(NULL), fd = lite_session(4, &context);
	uint64_t theirs = connect_card(lane, establish(lane));

	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	CODE(ask(lane, &answer, WIRE_BEGIN, theirs), SCARD_S_SUCCESS);
	LITE_CODE(lite_exchange(fd, card), SCARD_E_SHARING_VIOLATION);
	transmit(lane, theirs);
	CODE(ask(lane, &answer, WIRE_END, theirs, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	LITE_CODE(lite_exchange(fd, card), SCARD_S_SUCCESS);
	(void)close(lane);
	(void)close(fd);
}

static void
stop(void)
{
	struct lite_reader reader;
	struct stat status;
	uint32_t context;
	int fd = lite_session(4, &context);

	SUITE_EQUAL_INT(stat(lite_socket, &status), 0);
	SUITE_EQUAL_HEX(status.st_mode & 0777, 0666);
	CU_ASSERT(lite_look(fd, LITE_WAIT, 16, &reader));
	SUITE_EQUAL_INT(scardd_stop(), 0);
	CU_ASSERT_EQUAL(stat(lite_socket, &status), -1);
	(void)close(fd);
}

/* The older array has the first sixteen, the newer one all of them; who is not shown can be used.
 */
static void
seventeen_readers(void)
{
	static struct lite_reader readers[LITE_READERS_LATER];
	char driver[160];
	uint32_t context, card;
	int fd;

	(void)snprintf(driver, sizeof driver, "vpcd=unix:%s/card+16", getenv("TMPDIR"));
	scardd_start((const char *const[]){
	    "--pcsclite-socket", lite_socket, "--driver", driver, "--driver", "softcard", NULL });
	fd = lite_session(4, &context);
	lite_send(fd, LITE_READERS_STATE, NULL, 0);
	CU_ASSERT(lite_receive(fd, readers, LITE_READERS * sizeof readers[0]));
	SUITE_EQUAL_STRING(readers[0].name, "Virtual PCD 00 00");
	SUITE_EQUAL_HEX(readers[0].state, 0x02);
	SUITE_EQUAL_INT(readers[0].atr_length, 0);
	SUITE_EQUAL_STRING(readers[15].name, "Virtual PCD 00 0F");
	LITE_CODE(lite_card(fd, context, SCARD_SHARE_SHARED, &card), SCARD_S_SUCCESS);
	LITE_CODE(lite_exchange(fd, card), SCARD_S_SUCCESS);
	LITE_CODE(lite_version(fd, 6), SCARD_S_SUCCESS);
	lite_send(fd, LITE_ARRAY, NULL, 0);
	CU_ASSERT(lite_receive(fd, readers, sizeof readers));
	see_soft_card(&readers[16], 0x34, 1, 2);
	SUITE_EQUAL_STRING(readers[17].name, "");
	(void)close(fd);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "starts", start },
		{ "versions", versions },
		{ "a session of 4:4", older_session },
		{ "exchanges that fail", bad_exchanges },
		{ "connects that fail", bad_connects },
		{ "a wait of 4:4", older_wait },
		{ "a wait of 4:6", newer_wait },
		{ "SCardCancel from another connection", cancelled },
		{ "transactions", transactions },
		{ "limits of a connection", limits },
		{ "a message byte by byte", by_bytes },
		{ "what is no message", garbage },
		{ "without a context", without_context },
		{ "a client that does not read", deaf },
		{ "a request before the answer", impatient },
		{ "holders", holders },
		{ "both sockets at once", both_ways },
		{ "stops", stop },
		{ "more readers than sixteen", seventeen_readers },
	};

	return suite_run("scardd pcsc-lite", tests, sizeof tests / sizeof tests[0]);
}
