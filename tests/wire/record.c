/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/wire/record.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "rm/wire/wire.h"

#define LANES_MAX 8u
#define PATH "record.sock"
#define DESCRIPTION_SIZE 1024u
#define GROUP 4u         /* bytes */
#define LINE (8 * GROUP) /* bytes */

struct packet {
	uint8_t data[WIRE_MESSAGE_MAX];
	size_t size;
};

static struct {
	pthread_t thread;
	pthread_mutex_t lock; /* the file's */
	FILE *file;
	char daemon[sizeof((struct sockaddr_un *)NULL)->sun_path];
	int stop[2];
	struct pollfd fds[2 + 2 * LANES_MAX]; /* stop, listener, then client and daemon of a lane */
	struct packet requests[LANES_MAX];
} record = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
need(const char *what, bool works)
{
	if (works)
		return;
	perror(what);
	exit(1);
}

static int
open_socket(const char *path, int (*use)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	need(path, fd >= 0 && use(fd, (const struct sockaddr *)&address, sizeof address) == 0);
	return fd;
}

static void
fix_token(uint8_t *data, size_t size)
{
	for (uint8_t i = 0; i < WIRE_TOKEN_SIZE && size >= WIRE_TOKEN_SIZE; i++)
		data[size - WIRE_TOKEN_SIZE + i] = (uint8_t)(0xA0 + i);
}

static void
fix_holders(struct packet *packet, const struct wire_header *header, struct wire_reader *reader)
{
	static struct packet fixed;
	struct wire_writer writer;
	uint32_t count = wire_get_count(reader);

	wire_begin_reply(&writer, fixed.data, sizeof fixed.data, header->number, header->serial,
	    header->result, header->needed);
	wire_put_u32(&writer, count);
	for (uint32_t i = 0; i < count; i++) {
		char text[WIRE_TEXT_MAX];

		wire_get_text(reader, text, sizeof text);
		wire_put_text(&writer, text);
		(void)wire_get_u32(reader);
		wire_put_u32(&writer, 4120);
		(void)wire_get_u32(reader);
		wire_put_u32(&writer, 1000);
		wire_put_u32(&writer, wire_get_u32(reader));
		wire_put_u32(&writer, wire_get_u32(reader));
		wire_get_text(reader, text, sizeof text);
		wire_put_text(&writer, text);
		(void)wire_get_u64(reader);
		wire_put_u64(&writer, 86400001);
	}
	fixed.size = (size_t)wire_finish(&writer);
	memcpy(packet->data, fixed.data, fixed.size);
	packet->size = fixed.size;
}

static void
fix(struct packet *packet)
{
	struct wire_header header;
	struct wire_reader reader;

	need("packet", wire_open(&reader, packet->data, packet->size, &header) == 0);
	if (header.number == (header.is_reply ? WIRE_HELLO : WIRE_LANE) && header.result == 0)
		fix_token(packet->data, packet->size);
	if (header.number == WIRE_HOLDERS && header.is_reply && header.result == 0)
		fix_holders(packet, &header, &reader);
}

static void
write_packet(char mark, const struct packet *passed)
{
	static struct packet fixed;
	struct packet *packet = &fixed;
	char description[DESCRIPTION_SIZE];

	memcpy(packet->data, passed->data, passed->size);
	packet->size = passed->size;
	fix(packet);
	wire_describe(packet->data, packet->size, description, sizeof description);
	(void)fprintf(record.file, "\n%c %s\n", mark, description);
	for (size_t i = 0; i < packet->size; i++) {
		if (i % LINE == 0)
			(void)fputs(i == 0 ? "  " : "\n  ", record.file);
		else if (i % GROUP == 0)
			(void)fputc(' ', record.file);
		(void)fprintf(record.file, "%02X", packet->data[i]);
	}
	(void)fputc('\n', record.file);
}

static void
close_lane(size_t lane)
{
	for (size_t i = 2 + 2 * lane; i < 4 + 2 * lane; i++) {
		(void)close(record.fds[i].fd);
		record.fds[i].fd = -1;
	}
}

/* A request is written down with its reply, so that they stand together. */
static void
pass_on(size_t lane, bool is_reply)
{
	static struct packet reply;
	int from = record.fds[2 + 2 * lane + is_reply].fd;
	int to = record.fds[2 + 2 * lane + !is_reply].fd;
	struct packet *packet = is_reply ? &reply : &record.requests[lane];
	ssize_t size = recv(from, packet->data, sizeof packet->data, 0);

	if (size <= 0) {
		close_lane(lane);
		return;
	}
	packet->size = (size_t)size;
	if (!is_reply) {
		(void)send(to, packet->data, packet->size, MSG_NOSIGNAL);
		return;
	}
	/* Written before the client has it and goes on, to another file perhaps. */
	(void)pthread_mutex_lock(&record.lock);
	if (record.file != NULL) {
		write_packet('>', &record.requests[lane]);
		write_packet('<', packet);
	}
	(void)pthread_mutex_unlock(&record.lock);
	(void)send(to, packet->data, packet->size, MSG_NOSIGNAL);
}

static void
accept_lane(void)
{
	for (size_t lane = 0; lane < LANES_MAX; lane++)
		if (record.fds[2 + 2 * lane].fd < 0) {
			record.fds[2 + 2 * lane].fd =
			    accept4(record.fds[1].fd, NULL, NULL, SOCK_CLOEXEC);
			record.fds[3 + 2 * lane].fd = open_socket(record.daemon, connect);
			return;
		}
	need("lanes", false);
}

static void *
run(void *unused)
{
	(void)unused;
	while (poll(record.fds, 2 + 2 * LANES_MAX, -1) > 0 && record.fds[0].revents == 0) {
		if (record.fds[1].revents != 0)
			accept_lane();
		for (size_t i = 0; i < 2 * LANES_MAX; i++)
			if (record.fds[2 + i].fd >= 0 && record.fds[2 + i].revents != 0)
				pass_on(i / 2, i % 2 != 0);
	}
	return NULL;
}

void
record_start(void)
{
	const char *setting = getenv("TESSERA_RM");

	need("TESSERA_RM", setting != NULL && strncmp(setting, "unix:", 5) == 0);
	(void)snprintf(record.daemon, sizeof record.daemon, "%s", setting + 5);
	need("pipe", pipe(record.stop) == 0);
	for (size_t i = 0; i < sizeof record.fds / sizeof record.fds[0]; i++)
		record.fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	record.fds[0].fd = record.stop[0];
	record.fds[1].fd = open_socket(PATH, bind);
	need("listen", listen(record.fds[1].fd, LANES_MAX) == 0);
	(void)setenv("TESSERA_RM", "unix:" PATH, 1);
	need("thread", pthread_create(&record.thread, NULL, run, NULL) == 0);
}

void
record_to(const char *path, const char *comment)
{
	(void)pthread_mutex_lock(&record.lock);
	if (record.file != NULL)
		need(path, fclose(record.file) == 0);
	record.file = fopen(path, "we");
	need(path, record.file != NULL);
	(void)fprintf(record.file, "# SPDX-License-Identifier: BSD-2-Clause\n# %s\n", comment);
	(void)fputs("# Recorded between tests/wire/recorded.c and scardd with its soft card.\n",
	    record.file);
	(void)pthread_mutex_unlock(&record.lock);
}

void
record_stop(void)
{
	need("pipe", write(record.stop[1], "", 1) == 1);
	(void)pthread_join(record.thread, NULL);
	for (size_t i = 0; i < LANES_MAX; i++)
		close_lane(i);
	(void)close(record.fds[1].fd);
	(void)unlink(PATH);
	need("file", record.file == NULL || fclose(record.file) == 0);
}
