/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/api_remote_daemon.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <winerror.h>
#include <winscard.h>

#include "tests/suite.h"

static uint8_t token[WIRE_TOKEN_SIZE] = "0123456789ABCDE"; /* the last byte is the session */
static uint8_t answer_space[WIRE_MESSAGE_MAX];

static void
drop(struct daemon *daemon, unsigned index)
{
	unsigned session = daemon->lane[index].control ? daemon->lane[index].session : 0;

	(void)close(daemon->lane[index].fd);
	daemon->lane[index] = daemon->lane[--daemon->count];
	(void)pthread_mutex_lock(&daemon->lock);
	daemon->lanes = daemon->count;
	(void)pthread_mutex_unlock(&daemon->lock);
	if (session != 0)
		for (unsigned i = daemon->count; i-- > 0;)
			if (daemon->lane[i].session == session)
				drop(daemon, i);
}

static void
die(struct daemon *daemon)
{
	daemon->dead = true;
	(void)close(daemon->listener);
	(void)unlink(daemon->path);
	while (daemon->count > 0)
		drop(daemon, 0);
}

/* Bytes to answer with, as far as there is room; else the length that they have. */
static uint32_t
put_echo(struct wire_writer *writer, struct wire_reader *reader, uint32_t room, uint16_t number,
    uint32_t serial)
{
	const uint8_t *data;
	uint32_t length;

	wire_get_bytes(reader, &data, &length);
	if (length > room) {
		wire_begin_reply(writer, answer_space, sizeof answer_space, number, serial,
		    SCARD_E_INSUFFICIENT_BUFFER, length);
		wire_put_text(writer, "more room");
	} else
		wire_put_bytes(writer, data, length);
	return length;
}

static void
put_changes(struct wire_writer *writer, struct wire_reader *reader)
{
	char name[WIRE_TEXT_MAX];
	uint32_t count;

	(void)wire_get_u32(reader);
	count = wire_get_count(reader);
	wire_put_u32(writer, count);
	for (uint32_t i = 0; i < count; i++) {
		wire_get_text(reader, name, sizeof name);
		wire_put_u32(writer, wire_get_u32(reader) | SCARD_STATE_CHANGED);
		wire_put_bytes(writer, DAEMON_ATR, strlen(name) > 1 ? 4 : 0);
	}
}

static void
join(struct daemon *daemon, unsigned index, struct wire_reader *reader, struct wire_writer *writer,
    uint32_t serial)
{
	const uint8_t *data;
	uint32_t length;

	wire_get_bytes(reader, &data, &length);
	for (unsigned i = 0; i < daemon->count && length == WIRE_TOKEN_SIZE; i++)
		if (daemon->lane[i].control &&
		    (uint8_t)daemon->lane[i].session == data[length - 1] &&
		    memcmp(data, token, WIRE_TOKEN_SIZE - 1) == 0) {
			daemon->lane[index].session = daemon->lane[i].session;
			return;
		}
	wire_begin_reply(
	    writer, answer_space, sizeof answer_space, WIRE_LANE, serial, ERROR_INVALID_HANDLE, 0);
	wire_put_text(writer, "no such session");
}

static void
send_page(struct daemon *daemon, unsigned index, size_t length)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	const struct msghdr message = { .msg_iov = &(struct iovec){ answer_space, length },
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control.space };

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof daemon->page);
	memcpy(CMSG_DATA(&control.header), &daemon->page, sizeof daemon->page);
	(void)sendmsg(daemon->lane[index].fd, &message, MSG_NOSIGNAL);
}

static void
put_answer(
    struct daemon *daemon, unsigned index, struct wire_header *header, struct wire_reader *reader)
{
	struct wire_writer writer;
	uint64_t handle;
	uint32_t u[3] = { 0 };
	size_t length;

	wire_begin_reply(
	    &writer, answer_space, sizeof answer_space, header->number, header->serial, 0, 0);
	if (header->number >= WIRE_RELEASE) {
		handle = wire_get_u64(reader);
		if (handle > daemon->handles && daemon->garbled == 0) {
			fprintf(stderr, "a handle that was not given\n");
			abort();
		}
	}
	switch (header->number) {
	case WIRE_HELLO:
		daemon->lane[index].control = true;
		daemon->lane[index].session = daemon->sessions;
		token[WIRE_TOKEN_SIZE - 1] = (uint8_t)daemon->sessions;
		wire_put_u32(&writer, daemon->has_page ? 2 : 1);
		wire_put_bytes(&writer, token, sizeof token);
		break;
	case WIRE_LANE:
		join(daemon, index, reader, &writer, header->serial);
		break;
	case WIRE_ESTABLISH:
		wire_put_u64(&writer, ++daemon->handles);
		break;
	case WIRE_LIST_READERS:
		wire_put_bytes(&writer, "One\0Two\0", 9);
		break;
	case WIRE_LIST_GROUPS:
		wire_put_bytes(&writer, "Group\0", 7);
		break;
	case WIRE_STATUS_CHANGE:
		put_changes(&writer, reader);
		break;
	case WIRE_CONNECT:
		wire_put_u64(&writer, ++daemon->handles);
		wire_put_u32(&writer, SCARD_PROTOCOL_T1);
		break;
	case WIRE_RECONNECT:
		wire_put_u32(&writer, SCARD_PROTOCOL_T0);
		break;
	case WIRE_STATUS:
		wire_put_text(&writer, "One");
		wire_put_u32(&writer, SCARD_SPECIFIC);
		wire_put_u32(&writer, SCARD_PROTOCOL_T1);
		wire_put_bytes(&writer, DAEMON_ATR, 4);
		break;
	case WIRE_TRANSMIT:
	case WIRE_CONTROL:
		u[0] = wire_get_u32(reader);
		u[1] = wire_get_u32(reader);
		if (header->number == WIRE_TRANSMIT)
			wire_put_u32(&writer, SCARD_PROTOCOL_T1);
		(void)put_echo(&writer, reader, u[1], header->number, header->serial);
		break;
	case WIRE_GET_ATTRIBUTE:
		wire_put_bytes(&writer, "value", 5);
		break;
	default:
		break;
	}
	if (daemon->fails == header->number) {
		wire_begin_reply(&writer, answer_space, sizeof answer_space, header->number,
		    header->serial, daemon->code, daemon->needed);
		wire_put_text(&writer, daemon->text);
	}
	if (header->number == WIRE_HELLO && daemon->old) {
		wire_begin_reply(&writer, answer_space, sizeof answer_space, header->number,
		    header->serial, SCARD_E_SERVICE_STOPPED, 0);
		wire_put_text(&writer, "this scardd speaks version 7, the client version 1");
	}
	length = (size_t)wire_finish(&writer);
	if (daemon->spoil != NULL)
		daemon->spoil(daemon, header->number, answer_space, &length);
	if (header->number == WIRE_HELLO && daemon->has_page)
		send_page(daemon, index, length);
	else if (length > 0)
		(void)send(daemon->lane[index].fd, answer_space, length, MSG_NOSIGNAL);
}

static void
unblock(struct daemon *daemon)
{
	struct wire_writer writer;
	ssize_t length;

	if (daemon->blocked < 0)
		return;
	wire_begin_reply(&writer, answer_space, sizeof answer_space, daemon->blocks,
	    daemon->blocked_serial, SCARD_E_CANCELLED, 0);
	wire_put_text(&writer, "cancelled");
	length = wire_finish(&writer);
	(void)send(daemon->blocked, answer_space, (size_t)length, MSG_NOSIGNAL);
	daemon->blocked = -1;
}

static void
serve(struct daemon *daemon, unsigned index)
{
	static uint8_t packet[WIRE_MESSAGE_MAX];
	struct wire_header header = { 0 };
	struct wire_reader reader;
	int fd = daemon->lane[index].fd;
	ssize_t length = recv(fd, packet, sizeof packet, 0);
	bool dies;

	if (length <= 0 || wire_open(&reader, packet, (size_t)length, &header) < 0 ||
	    header.is_reply) {
		if (length > 0) {
			fprintf(stderr, "a request that is none\n");
			abort();
		}
		drop(daemon, index);
		return;
	}
	(void)pthread_mutex_lock(&daemon->lock);
	memcpy(daemon->packet, packet, (size_t)length);
	daemon->number = header.number;
	daemon->request = reader;
	daemon->request.data = daemon->packet;
	daemon->messages++;
	daemon->sessions += header.number == WIRE_HELLO;
	daemon->joined += header.number == WIRE_LANE;
	dies = daemon->messages == daemon->die_at;
	(void)pthread_cond_broadcast(&daemon->seen);
	(void)pthread_mutex_unlock(&daemon->lock);
	if (dies && !daemon->die_answered) {
		die(daemon);
		return;
	}
	if (header.number == daemon->blocks) {
		daemon->blocked = fd;
		daemon->blocked_serial = header.serial;
	} else if (header.number != daemon->silent)
		put_answer(daemon, index, &header, &reader);
	if (header.number == WIRE_CANCEL)
		unblock(daemon);
	if (dies)
		die(daemon);
}

static void
accept_lane(struct daemon *daemon)
{
	int fd = accept4(daemon->listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0 || daemon->count == DAEMON_LANES)
		abort();
	daemon->lane[daemon->count].fd = fd;
	daemon->lane[daemon->count].session = 0;
	daemon->lane[daemon->count++].control = false;
	(void)pthread_mutex_lock(&daemon->lock);
	daemon->lanes = daemon->count;
	if (daemon->lanes_most < daemon->lanes)
		daemon->lanes_most = daemon->lanes;
	(void)pthread_mutex_unlock(&daemon->lock);
}

static void *
run(void *data)
{
	static struct pollfd polled[DAEMON_LANES + 2];
	struct daemon *daemon = data;

	for (;;) {
		unsigned count = daemon->count;

		polled[0] = (struct pollfd){ .fd = daemon->stop, .events = POLLIN };
		polled[1] =
		    (struct pollfd){ .fd = daemon->dead ? -1 : daemon->listener, .events = POLLIN };
		for (unsigned i = 0; i < count; i++)
			polled[i + 2] =
			    (struct pollfd){ .fd = daemon->lane[i].fd, .events = POLLIN };
		(void)poll(polled, count + 2, -1);
		if (polled[0].revents != 0)
			break;
		if (polled[1].revents != 0)
			accept_lane(daemon);
		/* One at a time: the list may change by it. */
		for (unsigned i = 0; i < count; i++)
			if (polled[i + 2].revents != 0) {
				serve(daemon, i);
				break;
			}
	}
	if (!daemon->dead)
		die(daemon);
	return NULL;
}

void
daemon_start(struct daemon *daemon)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char folder[80], setting[128];

	(void)pthread_mutex_init(&daemon->lock, NULL);
	(void)pthread_cond_init(&daemon->seen, NULL);
	daemon->messages = daemon->sessions = daemon->lanes = daemon->lanes_most = 0;
	daemon->joined = 0;
	daemon->count = 0;
	daemon->blocked = -1;
	daemon->handles = 0;
	daemon->dead = false;
	if (getcwd(folder, sizeof folder) == NULL)
		abort();
	(void)snprintf(daemon->path, sizeof daemon->path, "%s/scardd.sock", folder);
	memcpy(address.sun_path, daemon->path, sizeof daemon->path);
	(void)unlink(daemon->path);
	daemon->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	daemon->stop = eventfd(0, EFD_CLOEXEC);
	if (bind(daemon->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(daemon->listener, 16) != 0 ||
	    pthread_create(&daemon->thread, NULL, run, daemon) != 0) {
		perror(daemon->path);
		abort();
	}
	(void)snprintf(setting, sizeof setting, "unix:%s", daemon->path);
	(void)setenv("TESSERA_RM", setting, 1);
}

void
daemon_stop(struct daemon *daemon)
{
	uint64_t one = 1;

	if (write(daemon->stop, &one, sizeof one) != sizeof one)
		abort();
	(void)pthread_join(daemon->thread, NULL);
	(void)close(daemon->stop);
	(void)pthread_cond_destroy(&daemon->seen);
	(void)pthread_mutex_destroy(&daemon->lock);
}

struct wire_reader
daemon_request(struct daemon *daemon, uint16_t number)
{
	struct wire_reader reader;

	(void)pthread_mutex_lock(&daemon->lock);
	SUITE_EQUAL_INT(daemon->number, number);
	reader = daemon->request;
	(void)pthread_mutex_unlock(&daemon->lock);
	return reader;
}

void
daemon_wait(struct daemon *daemon, unsigned messages)
{
	(void)pthread_mutex_lock(&daemon->lock);
	while (daemon->messages < messages)
		(void)pthread_cond_wait(&daemon->seen, &daemon->lock);
	(void)pthread_mutex_unlock(&daemon->lock);
}

unsigned
daemon_messages(struct daemon *daemon)
{
	unsigned messages;

	(void)pthread_mutex_lock(&daemon->lock);
	messages = daemon->messages;
	(void)pthread_mutex_unlock(&daemon->lock);
	return messages;
}
