/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Death at every step of pcsc-lite's protocol. A process goes through a session with every command
 * and kills itself at step N: with half of the message sent, with all of it but without its answer,
 * and after the answer, for every N. Two others, one by each socket, use the same card all the
 * time; afterwards nobody holds it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/lite_fixture.h"

enum death {
	IN_THE_MESSAGE,
	BEFORE_THE_ANSWER,
	AFTER_THE_ANSWER,
	DEATHS
};

static struct answer answer;

/* What the session knows. */
static int fd;
static uint32_t context, card;

static const struct step {
	uint32_t command;
	size_t reply; /* bytes of the answer; data included */
} steps[] = {
	{ LITE_VERSION, sizeof(struct lite_version) },
	{ LITE_ESTABLISH, sizeof(struct lite_establish) },
	{ LITE_READERS_STATE, LITE_READERS * sizeof(struct lite_reader) },
	{ LITE_WAIT, 0 },
	{ LITE_ARRAY_SIZE, sizeof(uint32_t) },
	{ LITE_ARRAY, LITE_READERS_LATER * sizeof(struct lite_reader) },
	{ LITE_READER_EVENTS, sizeof(struct lite_events) },
	{ LITE_STOP_WAITING, sizeof(struct lite_change) },
	{ LITE_CONNECT, sizeof(struct lite_connect) },
	{ LITE_STATUS, sizeof(struct lite_begin) },
	{ LITE_BEGIN, sizeof(struct lite_begin) },
	{ LITE_TRANSMIT, 0 }, /* what there is */
	{ LITE_CONTROL, sizeof(struct lite_control) },
	{ LITE_GET_ATTRIBUTE, sizeof(struct lite_attribute) },
	{ LITE_SET_ATTRIBUTE, sizeof(struct lite_attribute) },
	{ LITE_RECONNECT, sizeof(struct lite_reconnect) },
	{ LITE_BEGIN, sizeof(struct lite_begin) },
	{ LITE_END, sizeof(struct lite_disconnect) },
	{ LITE_CANCEL, sizeof(struct lite_release) },
	{ LITE_DISCONNECT, sizeof(struct lite_disconnect) },
	{ LITE_RELEASE, sizeof(struct lite_release) },
};
#define STEPS (sizeof steps / sizeof steps[0])

static size_t
put(uint8_t *message, const void *body, size_t size)
{
	memcpy(message + LITE_HEADER, body, size);
	return size;
}

/* The message of a step; its size. */
static size_t
make(uint32_t command, uint8_t *message)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00 };
	const struct lite_version version = { LITE_MAJOR, LITE_MINOR_HIGHEST, 0 };
	const struct lite_establish establish = { .scope = SCARD_SCOPE_SYSTEM };
	const struct lite_connect connect = { context, "Tessera Soft Card", SCARD_SHARE_SHARED,
		SCARD_PROTOCOL_T1, 0, 0, 0 };
	const struct lite_reconnect reconnect = { card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1,
		SCARD_LEAVE_CARD, 0, 0 };
	const struct lite_transmit transmit = { card, SCARD_PROTOCOL_T1, 16, sizeof select, 0, 16,
		258, 0 };
	const struct lite_control control = { card, 0x42000000 + 3400, 0, 264, 0, 0 };
	const struct lite_attribute attribute = {
		.card = card, .id = SCARD_ATTR_ATR_STRING, .length = LP64_ATTRIBUTE_MAX
	};
	const uint32_t number[3] = { command == LITE_RELEASE || command == LITE_CANCEL ? context
										       : card };
	uint32_t header[2] = { 0, command };
	size_t size;

	switch (command) {
	case LITE_VERSION:
		size = put(message, &version, sizeof version);
		break;
	case LITE_ESTABLISH:
		size = put(message, &establish, sizeof establish);
		break;
	case LITE_CONNECT:
		size = put(message, &connect, sizeof connect);
		break;
	case LITE_RECONNECT:
		size = put(message, &reconnect, sizeof reconnect);
		break;
	case LITE_TRANSMIT:
		size = put(message, &transmit, sizeof transmit);
		memcpy(message + LITE_HEADER + size, select, sizeof select);
		break;
	case LITE_CONTROL:
		size = put(message, &control, sizeof control);
		break;
	case LITE_GET_ATTRIBUTE:
	case LITE_SET_ATTRIBUTE:
		size = put(message, &attribute, sizeof attribute);
		break;
	default:
		size = put(message, number, lite_body_size(command));
	}
	header[0] = (uint32_t)size;
	memcpy(message, header, sizeof header);
	return LITE_HEADER + size + (command == LITE_TRANSMIT ? sizeof select : 0);
}

static bool
take_answer(const struct step *step)
{
	static uint8_t reply[LITE_READERS_LATER * sizeof(struct lite_reader)];
	struct lite_transmit transmit;
	struct lite_connect connect;
	struct lite_establish establish;

	if (step->command == LITE_TRANSMIT)
		return lite_receive(fd, &transmit, sizeof transmit) && transmit.result == 0 &&
		    lite_receive(fd, reply, transmit.room);
	if (!lite_receive(fd, reply, step->reply))
		return false;
	if (step->command == LITE_ESTABLISH) {
		memcpy(&establish, reply, sizeof establish);
		context = establish.context;
		return establish.result == 0;
	}
	if (step->command == LITE_CONNECT) {
		memcpy(&connect, reply, sizeof connect);
		card = connect.card;
		return connect.result == 0;
	}
	return true;
}

/* Never returns: it dies at that step, or ends with a status that says how far it came. */
_Noreturn static void
live_until(size_t last, enum death death)
{
	uint8_t message[512];

	fd = lite_connect();
	for (size_t i = 0; i < STEPS; i++) {
		size_t size = make(steps[i].command, message);

		if (i == last && death == IN_THE_MESSAGE)
			size -= size / 2;
		if (send(fd, message, size, MSG_NOSIGNAL) != (ssize_t)size)
			_exit(2);
		if ((i < last || death == AFTER_THE_ANSWER) && !take_answer(&steps[i]))
			_exit(1);
		if (i == last)
			(void)kill(getpid(), SIGKILL);
	}
	_exit(0);
}

static struct load {
	int fd;
	uint32_t context, card;
	int lane;
	uint64_t theirs;
} load;

/* Transactions by both ways, with a reconnection when a death has reset the card. */
static void
others_go_on(void)
{
	struct lite_reconnect again = { load.card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1,
		SCARD_LEAVE_CARD, 0, 0 };
	LONG result;

	for (int i = 0; i < 2; i++) {
		uint32_t code = lite_simple(load.fd, LITE_BEGIN, load.card);

		if (code == (uint32_t)SCARD_W_RESET_CARD) {
			CU_ASSERT(lite_ask(load.fd, LITE_RECONNECT, &again, sizeof again));
			SUITE_EQUAL_HEX(again.result, 0);
			continue;
		}
		LITE_CODE(code, SCARD_S_SUCCESS);
		LITE_CODE(lite_exchange(load.fd, load.card), SCARD_S_SUCCESS);
		LITE_CODE(
		    lite_dispose(load.fd, LITE_END, load.card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
		break;
	}
	for (int i = 0; i < 2; i++) {
		result = ask(load.lane, &answer, WIRE_BEGIN, load.theirs);
		if (result == SCARD_W_RESET_CARD) {
			CODE(ask(load.lane, &answer, WIRE_RECONNECT, load.theirs,
				 SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD),
			    SCARD_S_SUCCESS);
			continue;
		}
		CODE(result, SCARD_S_SUCCESS);
		transmit(load.lane, load.theirs);
		CODE(ask(load.lane, &answer, WIRE_END, load.theirs, SCARD_LEAVE_CARD),
		    SCARD_S_SUCCESS);
		break;
	}
}

static unsigned
holders(void)
{
	CODE(ask(load.lane, &answer, WIRE_HOLDERS), SCARD_S_SUCCESS);
	return wire_get_u32(&answer.reader);
}

static void
start(void)
{
	lite_start();
	load.fd = lite_session(4, &load.context);
	LITE_CODE(
	    lite_card(load.fd, load.context, SCARD_SHARE_SHARED, &load.card), SCARD_S_SUCCESS);
	load.lane = session_begin(NULL);
	load.theirs = connect_card(load.lane, establish(load.lane));
	SUITE_EQUAL_INT(holders(), 2);
}

static void
die(enum death death)
{
	for (size_t step = 0; step < STEPS; step++) {
		pid_t child = fork();
		int status = 0;

		if (child == 0)
			live_until(step, death);
		CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
		if (!WIFSIGNALED(status)) {
			printf("# step %zu, command %02X: status %d\n", step,
			    (unsigned)steps[step].command, WEXITSTATUS(status));
			CU_FAIL("it did not come so far");
		}
		others_go_on();
	}
}

static void
in_the_message(void)
{
	die(IN_THE_MESSAGE);
}

static void
before_the_answer(void)
{
	die(BEFORE_THE_ANSWER);
}

static void
after_the_answer(void)
{
	die(AFTER_THE_ANSWER);
}

/* Those that died have gone in the order in which they did, and others came after the last of them.
 */
static void
nobody_is_left(void)
{
	(void)ask(load.lane, &answer, WIRE_BEGIN, load.theirs);
	(void)ask(load.lane, &answer, WIRE_END, load.theirs, SCARD_LEAVE_CARD);
	SUITE_EQUAL_INT(holders(), 2);
	(void)close(load.fd);
	(void)close(load.lane);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "two others use the card", start },
		{ "killed in the middle of each message", in_the_message },
		{ "killed before each answer", before_the_answer },
		{ "killed after each answer", after_the_answer },
		{ "nobody holds the card", nobody_is_left },
	};

	return suite_run("scardd pcsc-lite deaths", tests, sizeof tests / sizeof tests[0]);
}
