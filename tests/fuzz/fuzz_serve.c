/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon and clients that send anything. A message is answered, waits, or ends the session that
 * sent it; answers have the fields of the table; somebody else's session goes on; at the end
 * nothing is left. The daemon's parts run on this thread, with the soft card.
 *
 * Input: steps of a byte, the number of the message, two bytes of length, and its fields. The
 * lowest two bits of the first byte are the connection: two of one session, one of another, and one
 * that has not said HELLO. With bit 2 the bytes are the whole packet. Else a header is put before
 * them, and a small handle N stands for the Nth that the daemon has given out.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <objbase.h>
#include <winerror.h>

#include "rm/daemon/daemon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEP_HEADER 4u
#define STEP_RAW 4u
#define THREADS 64u /* as many as that: the daemon starts none, and this one does it all */
#define HANDLES_MAX 15u
#define LIMIT_AT (WIRE_REQUEST_HEADER + 8)    /* of STATUS_CHANGE */
#define ROOM_AT (WIRE_REQUEST_HEADER + 8 + 4) /* of TRANSMIT, CONTROL and GET_ATTRIBUTE */

enum place {
	FIRST,
	JOINED,
	OTHER,
	SILENT,
	BYSTANDER,
	PLACES
};

struct connection {
	int fd; /* -1: none */
	bool has_session;
	bool waits;
	uint32_t serial; /* of the request that waits */
	uint16_t number;
	uint32_t room;
	unsigned replies; /* since the last step */
	LONG result;      /* of the last one */
};

struct daemon scardd = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.page = -1,
	.quiet = PTHREAD_COND_INITIALIZER,
	.threads = THREADS };

static struct connection connections[PLACES];
static uint64_t handles[HANDLES_MAX];
static size_t handle_count;
static uint8_t token[WIRE_TOKEN_SIZE];
static uint32_t serials;
static uint8_t packet[WIRE_REQUEST_HEADER + 65536];
static uint8_t reply[WIRE_MESSAGE_MAX];

static uint64_t
number_at(const uint8_t *data, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)data[i] << 8 * i;
	return value;
}

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

static void
check_room(const struct connection *connection, size_t size)
{
	size_t fixed = WIRE_REPLY_HEADER + (connection->number == WIRE_TRANSMIT ? 8 : 4);

	switch (connection->number) {
	case WIRE_TRANSMIT:
	case WIRE_CONTROL:
	case WIRE_GET_ATTRIBUTE:
		assert(size >= fixed && size - fixed <= connection->room);
		break;
	default:
		break;
	}
}

static void
keep(const struct connection *connection)
{
	switch (connection->number) {
	case WIRE_ESTABLISH:
	case WIRE_CONNECT:
		if (handle_count < HANDLES_MAX)
			handles[handle_count++] = number_at(reply + WIRE_REPLY_HEADER, 8);
		break;
	case WIRE_HELLO:
		if (connection == &connections[FIRST])
			memcpy(token, reply + WIRE_REPLY_HEADER + 8, WIRE_TOKEN_SIZE);
		break;
	default:
		break;
	}
}

static void
take_reply(struct connection *connection, size_t size)
{
	struct wire_reader reader;
	struct wire_header header;

	assert(wire_check(reply, size) == 0);
	assert(wire_open(&reader, reply, size, &header) == 0 && header.is_reply);
	assert(connection->waits);
	assert(header.serial == connection->serial && header.number == connection->number);
	assert(header.result == SCARD_E_INSUFFICIENT_BUFFER || header.needed == 0);
	assert(header.result != SCARD_F_INTERNAL_ERROR);
	connection->waits = false;
	connection->replies++;
	connection->result = header.result;
	if (header.result != SCARD_S_SUCCESS)
		return;
	check_room(connection, size);
	keep(connection);
	connection->has_session = true; /* now, if not before */
}

/* All that has come, or the end. */
static void
drain(struct connection *connection)
{
	ssize_t size;

	if (connection->fd < 0)
		return;
	while ((size = recv(connection->fd, reply, sizeof reply, MSG_DONTWAIT | MSG_TRUNC)) > 0)
		take_reply(connection, (size_t)size);
	if (size < 0 && errno == EAGAIN)
		return;
	assert(size == 0 || errno == ECONNRESET);
	(void)close(connection->fd);
	connection->fd = -1;
}

static void
settle(void)
{
	run_daemon();
	for (size_t i = 0; i < PLACES; i++)
		drain(&connections[i]);
}

/* A request that never waits for anybody else. */
static bool
answers_at_once(uint16_t number)
{
	return number <= WIRE_LIST_GROUPS || number >= WIRE_HOLDERS;
}

/* Whether this is to end the connection. */
static bool
is_refused(const struct connection *connection, const uint8_t *data, size_t size)
{
	struct wire_reader reader;
	struct wire_header header;
	bool opens;

	if (connection->waits || wire_check(data, size) != 0)
		return true;
	(void)wire_open(&reader, data, size, &header);
	opens = header.number == WIRE_HELLO || header.number == WIRE_LANE;
	return header.is_reply || opens == connection->has_session;
}

/* Sends a packet, and sees what the daemon makes of it. */
static void
exchange(struct connection *connection, const uint8_t *data, size_t size)
{
	bool refused = is_refused(connection, data, size), had = connection->has_session;

	connection->replies = 0;
	if (!refused) {
		connection->waits = true;
		connection->serial = (uint32_t)number_at(data + 4, 4);
		connection->number = (uint16_t)number_at(data + 8, 2);
		if (size >= ROOM_AT + 4)
			connection->room = (uint32_t)number_at(data + ROOM_AT, 4);
	}
	assert(send(connection->fd, data, size, MSG_NOSIGNAL) == (ssize_t)size);
	settle();
	if (refused) {
		assert(connection->replies == 0 && connection->fd < 0);
		return;
	}
	assert(connection->replies == 1 || !answers_at_once(connection->number));
	/* HELLO or LANE that failed: then it ends. Nothing else ends it. */
	assert((connection->fd < 0) ==
	    (!had && connection->replies == 1 && connection->result != SCARD_S_SUCCESS));
}

static void
connect_to_daemon(enum place place)
{
	struct connection *connection = &connections[place];
	struct wire_writer writer;
	int pair[2];

	assert(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	*connection = (struct connection){ .fd = pair[1] };
	lane_new(pair[0]);
	if (place == SILENT)
		return;
	wire_begin_request(
	    &writer, packet, sizeof packet, place == JOINED ? WIRE_LANE : WIRE_HELLO, ++serials);
	if (place == JOINED)
		wire_put_bytes(&writer, token, sizeof token);
	else {
		wire_put_u32(&writer, WIRE_VERSION);
		wire_put_u32(&writer, WIRE_VERSION);
	}
	exchange(connection, packet, (size_t)wire_finish(&writer));
	/* Only the session that it joins may be gone. */
	assert(connection->has_session || place == JOINED);
}

/* A time limit of STATUS_CHANGE is none at all or never comes: chance has no part in a run. */
static void
lengthen_limit(size_t size)
{
	if (size < LIMIT_AT + 4 || number_at(packet + 8, 2) != WIRE_STATUS_CHANGE)
		return;
	if (number_at(packet + LIMIT_AT, 4) != 0)
		packet[LIMIT_AT + 3] |= 0x10;
}

/* The packet that a step means; its size. */
static size_t
make_packet(uint8_t how, uint16_t number, const uint8_t *fields, size_t length)
{
	const struct wire_info *info = wire_info(number);
	struct wire_writer writer;
	uint64_t handle;

	if (how & STEP_RAW) {
		memcpy(packet, fields, length);
		return length;
	}
	wire_begin_request(&writer, packet, sizeof packet, number, ++serials);
	memcpy(packet + WIRE_REQUEST_HEADER, fields, length);
	writer.used += length;
	if (info != NULL && info->request[0] == 'q' && length >= 8) {
		handle = number_at(fields, 8);
		if (handle > 0 && handle <= handle_count)
			memcpy(packet + WIRE_REQUEST_HEADER, &handles[handle - 1], 8);
	}
	/* Nobody can guess it. */
	if (number == WIRE_LANE && length == 4 + WIRE_TOKEN_SIZE)
		memcpy(packet + WIRE_REQUEST_HEADER + 4, token, WIRE_TOKEN_SIZE);
	return (size_t)wire_finish(&writer);
}

static void
run_steps(const uint8_t *data, size_t size)
{
	size_t at = 0;

	while (size - at >= STEP_HEADER) {
		enum place place = data[at] & 3;
		size_t length = (size_t)number_at(data + at + 2, 2), made;
		const uint8_t *fields = data + at + STEP_HEADER;

		length = MIN(length, size - at - STEP_HEADER);
		if (connections[place].fd < 0)
			connect_to_daemon(place);
		made = make_packet(data[at], data[at + 1], fields, length);
		lengthen_limit(made);
		if (connections[place].fd >= 0)
			exchange(&connections[place], packet, made);
		at += STEP_HEADER + length;
	}
}

static void
ask_bystander(uint16_t number, uint64_t context)
{
	struct connection *connection = &connections[BYSTANDER];
	struct wire_writer writer;

	wire_begin_request(&writer, packet, sizeof packet, number, ++serials);
	if (number == WIRE_IS_VALID)
		wire_put_u64(&writer, context);
	else {
		wire_put_u32(&writer, RM_DIALECT_WINDOWS);
		wire_put_u32(&writer, SCARD_SCOPE_USER);
	}
	exchange(connection, packet, (size_t)wire_finish(&writer));
	assert(connection->replies == 1 && connection->result == SCARD_S_SUCCESS);
}

static void
start_daemon(void)
{
	char message[RM_MESSAGE_SIZE];

	scardd.epoll = epoll_create1(EPOLL_CLOEXEC);
	assert(scardd.epoll >= 0 && work_begin() && change_begin());
	assert(rm_engine_start_driver(scardd.engine, "softcard", NULL, message) == 0);
	for (size_t i = 0; i < PLACES; i++)
		connections[i] = (struct connection){ .fd = -1 };
	handle_count = 0;
	serials = 0;
	memset(token, 0, sizeof token);
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
	assert(scardd.tokens == NULL || g_hash_table_size(scardd.tokens) == 0);
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
	uint64_t context;
	int descriptor;

	prepare();
	descriptor = first_free_descriptor();
	start_daemon();
	connect_to_daemon(BYSTANDER);
	ask_bystander(WIRE_ESTABLISH, 0);
	context = handles[0];
	handle_count = 0;
	connect_to_daemon(FIRST);
	run_steps(data, size);
	ask_bystander(WIRE_IS_VALID, context);
	stop_daemon();
	assert(first_free_descriptor() == descriptor);
	return 0;
}
