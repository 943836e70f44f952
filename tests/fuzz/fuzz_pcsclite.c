/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon and clients that send anything where pcsc-lite's library would. A message is answered
 * with as many bytes as its command has, waits, or ends the connection that sent it; somebody
 * else's goes on; at the end nothing is left. The daemon's parts run on this thread, with the soft
 * card.
 *
 * Input: steps of a byte, the command, two bytes of length, and that many bytes. The lowest bit of
 * the first byte is the connection. With bit 1 the bytes are sent as they are, whatever they are.
 * Else they are the beginning of the body, which is filled up with zeros, and a small handle N
 * stands for the Nth that the daemon has given out; what is longer is data behind it.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <objbase.h>

#include "rm/daemon/pcsclite/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEP_HEADER 4u
#define STEP_RAW 2u
#define THREADS 64u /* as many as that: the daemon starts none, and this one does it all */
#define NUMBERS_MAX 15u
#define CHANGE sizeof(struct lite_change)

enum place {
	FIRST,
	SECOND,
	BYSTANDER,
	PLACES
};

struct connection {
	int fd;       /* -1: none */
	bool wild;    /* it has sent anything: nothing is expected of it any more */
	bool waits;   /* for an answer */
	bool watches; /* may be told of a change */
	uint32_t minor;
	size_t got; /* since the last step */
};

struct daemon scardd = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.page = -1,
	.quiet = PTHREAD_COND_INITIALIZER,
	.threads = THREADS };

static struct connection connections[PLACES];
static uint32_t numbers[NUMBERS_MAX];
static size_t number_count;
static uint8_t message[LITE_HEADER + sizeof(struct lite_attribute) + 65536];
static uint8_t reply[LITE_DATA_MAX + LITE_READERS_LATER * sizeof(struct lite_reader)];

/* What the threads of the daemon do, until there is nothing to be done. */
static void
run_daemon(void)
{
	struct epoll_event event;
	int count;

	while ((count = epoll_wait(scardd.epoll, &event, 1, 0)) != 0) {
		struct source *source = event.data.ptr;

		assert(count == 1 || errno == EINTR);
		if (count == 1)
			source->ready(source, event.events);
	}
}

/* All that has come, or the end. */
static void
drain(struct connection *connection)
{
	ssize_t size;

	if (connection->fd < 0)
		return;
	while ((size = recv(connection->fd, reply + connection->got, sizeof reply - connection->got,
		    MSG_DONTWAIT)) > 0)
		connection->got += connection->wild ? 0 : (size_t)size;
	assert(connection->got < sizeof reply);
	if (size < 0 && errno == EAGAIN)
		return;
	assert(size == 0 || errno == ECONNRESET);
	(void)close(connection->fd);
	connection->fd = -1;
}

/* Others than @connection are told of changes, or have the answer that they wait for. */
static void
settle(struct connection *connection)
{
	run_daemon();
	for (size_t i = 0; i < PLACES; i++) {
		connections[i].got = 0;
		if (&connections[i] != connection)
			drain(&connections[i]);
		if (connections[i].got > 0 && &connections[i] != connection) {
			assert(connections[i].waits || connections[i].watches);
			connections[i].waits = false;
		}
	}
	drain(connection);
}

static uint32_t
reply_number(size_t offset)
{
	uint32_t number;

	memcpy(&number, reply + offset, sizeof number);
	return number;
}

/* How long the answer to a command is, seen from its beginning. */
static size_t
answer_size(uint32_t command)
{
	size_t body = lite_body_size(command);

	switch (command) {
	case LITE_TRANSMIT:
		return body +
		    (reply_number(body - 4) == 0
			    ? reply_number(offsetof(struct lite_transmit, room))
			    : 0);
	case LITE_CONTROL:
		return body +
		    (reply_number(body - 4) == 0
			    ? reply_number(offsetof(struct lite_control, returned))
			    : 0);
	case LITE_READERS_STATE:
		return LITE_READERS * sizeof(struct lite_reader);
	case LITE_ARRAY:
		return LITE_READERS_LATER * sizeof(struct lite_reader);
	case LITE_ARRAY_SIZE:
		return sizeof(uint32_t);
	case LITE_READER_EVENTS:
		return sizeof(struct lite_events);
	default:
		return body;
	}
}

static void
keep(uint32_t command)
{
	size_t at = command == LITE_ESTABLISH ? offsetof(struct lite_establish, context)
					      : offsetof(struct lite_connect, card);

	if (command != LITE_ESTABLISH && command != LITE_CONNECT)
		return;
	assert((reply_number(lite_body_size(command) - 4) == 0) == (reply_number(at) != 0));
	if (reply_number(at) != 0 && number_count < NUMBERS_MAX)
		numbers[number_count++] = reply_number(at);
}

static bool
may_wait(uint32_t command)
{
	return command == LITE_CONNECT || command == LITE_BEGIN || command == LITE_DISCONNECT;
}

/* A good message, at its place: what comes is what must. */
static void
check_answer(struct connection *connection, uint32_t command)
{
	size_t expected;

	assert(connection->fd >= 0);
	if (command == LITE_WAIT) {
		connection->watches = true;
		expected =
		    connection->minor < LITE_MINOR_ARRAY ? answer_size(LITE_READERS_STATE) : 0;
		assert(connection->got == expected || connection->got == expected + CHANGE);
		return;
	}
	if (command == LITE_STOP_WAITING) {
		connection->watches = false;
		assert(connection->got == 0 || connection->got == CHANGE);
		return;
	}
	if (connection->got == 0) {
		assert(may_wait(command));
		connection->waits = true;
		return;
	}
	expected = answer_size(command);
	assert(connection->got == expected ||
	    (connection->watches && connection->got == expected + CHANGE));
	if (command == LITE_VERSION && reply_number(8) == 0)
		connection->minor = reply_number(4);
	/* Told first, answered later: then it is not known where the numbers are. */
	if (connection->got == expected)
		keep(command);
}

/* An attribute that is longer than its place ends the connection, and so does what is not waited
 * for. */
static bool
is_good(const struct connection *connection, size_t size)
{
	uint32_t command, length;

	if (connection->waits || lite_message_size(message, size) != size)
		return false;
	command = lite_message_command(message);
	if (command != LITE_GET_ATTRIBUTE && command != LITE_SET_ATTRIBUTE)
		return true;
	memcpy(&length, message + LITE_HEADER + offsetof(struct lite_attribute, length),
	    sizeof length);
	return length <= LP64_ATTRIBUTE_MAX;
}

static void
exchange(struct connection *connection, size_t size)
{
	bool good = is_good(connection, size);
	uint32_t command = size >= LITE_HEADER ? lite_message_command(message) : 0;

	if (!good)
		connection->wild = true;
	(void)send(connection->fd, message, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	settle(connection);
	if (good && !connection->wild)
		check_answer(connection, command);
}

/* The message that a step means; its size. */
static size_t
make_message(uint8_t how, uint32_t command, const uint8_t *bytes, size_t length)
{
	uint32_t header[2] = { 0, command }, number;
	size_t body, all;

	if (how & STEP_RAW || command >= LITE_COMMANDS || lite_command_name(command) == NULL) {
		memcpy(message, bytes, length);
		return length;
	}
	body = lite_body_size(command);
	all = body > length ? body : length;
	header[0] = (uint32_t)body;
	memset(message, 0, LITE_HEADER + all);
	memcpy(message, header, sizeof header);
	memcpy(message + LITE_HEADER, bytes, length);
	/* Data behind the body are as long as the body says, whatever it said. */
	number = (uint32_t)(all - body);
	if (command == LITE_TRANSMIT)
		memcpy(message + LITE_HEADER + offsetof(struct lite_transmit, length), &number, 4);
	else if (command == LITE_CONTROL)
		memcpy(message + LITE_HEADER + offsetof(struct lite_control, length), &number, 4);
	else
		all = body;
	memcpy(&number, message + LITE_HEADER, sizeof number);
	if (body > 0 && number > 0 && number <= number_count)
		memcpy(message + LITE_HEADER, &numbers[number - 1], sizeof number);
	return LITE_HEADER + all;
}

static void
connect_to_daemon(enum place place)
{
	int pair[2];

	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	connections[place] = (struct connection){ .fd = pair[1], .minor = LITE_MINOR_LOWEST };
	lite_new(pair[0]);
}

static void
run_steps(const uint8_t *data, size_t size)
{
	size_t at = 0;

	while (size - at >= STEP_HEADER) {
		enum place place = data[at] & 1 ? SECOND : FIRST;
		size_t length = (size_t)(data[at + 2] | data[at + 3] << 8);
		const uint8_t *bytes = data + at + STEP_HEADER;

		length = MIN(length, size - at - STEP_HEADER);
		if (connections[place].fd < 0)
			connect_to_daemon(place);
		exchange(&connections[place], make_message(data[at], data[at + 1], bytes, length));
		at += STEP_HEADER + length;
	}
}

static uint32_t
ask_bystander(uint32_t command, uint32_t field)
{
	struct connection *connection = &connections[BYSTANDER];
	size_t size = make_message(0, command, (const uint8_t *)&field, sizeof field);

	exchange(connection, size);
	assert(connection->got == lite_body_size(command));
	assert(reply_number(lite_body_size(command) - 4) == 0);
	return reply_number(4);
}

static void
start_daemon(void)
{
	char text[RM_MESSAGE_SIZE];

	scardd.epoll = epoll_create1(EPOLL_CLOEXEC);
	assert(scardd.epoll >= 0 && work_begin() && change_begin());
	assert(rm_engine_start_driver(scardd.engine, "softcard", NULL, text) == 0);
	for (size_t i = 0; i < PLACES; i++)
		connections[i] = (struct connection){ .fd = -1 };
	number_count = 0;
}

/* The clients go, and with them all that they had. */
static void
stop_daemon(void)
{
	for (size_t i = 0; i < PLACES; i++)
		if (connections[i].fd >= 0)
			(void)close(connections[i].fd);
	run_daemon();
	assert(scardd.session_count == 0 && g_queue_is_empty(&scardd.sessions));
	assert(g_queue_is_empty(&scardd.requests) && scardd.running == 0);
	assert(scardd.threads == THREADS && scardd.inside == 0);
	assert(g_queue_is_empty(&scardd.lanes));
	rm_engine_stop(scardd.engine);
	run_daemon();
	change_end();
	work_end();
	(void)close(scardd.epoll);
}

static int
first_free_descriptor(void)
{
	int fd = dup(STDERR_FILENO);

	assert(fd >= 0);
	(void)close(fd);
	return fd;
}

static void
prepare(void)
{
	static bool prepared;

	if (prepared)
		return;
	prepared = true;
	(void)setenv("TESSERA_LOG", "error", 1);
	log_begin();
	assert(CoInitializeEx(NULL, COINIT_MULTITHREADED) >= 0);
	/* The driver's module is loaded, and stays. */
	start_daemon();
	stop_daemon();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t context;
	int descriptor;

	prepare();
	descriptor = first_free_descriptor();
	start_daemon();
	connect_to_daemon(BYSTANDER);
	context = ask_bystander(LITE_ESTABLISH, SCARD_SCOPE_SYSTEM);
	number_count = 0;
	run_steps(data, size);
	number_count = 0;
	(void)ask_bystander(LITE_RELEASE, context);
	stop_daemon();
	assert(first_free_descriptor() == descriptor);
	return 0;
}
