/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/lite_fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ARRAY_MAX (LITE_READERS_LATER * sizeof(struct lite_reader))

char lite_socket[108];

void
lite_start(void)
{
	(void)snprintf(lite_socket, sizeof lite_socket, "%s/pcsclite.sock", getenv("TMPDIR"));
	scardd_start((const char *const[]){
	    "--pcsclite-socket", lite_socket, "--driver", "softcard", NULL });
}

int
lite_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, lite_socket, sizeof lite_socket);
	CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

void
lite_send(int fd, uint32_t command, const void *body, size_t size)
{
	uint32_t header[2] = { (uint32_t)size, command };

	/* One that was closed is found out by who receives. */
	(void)send(fd, header, sizeof header, MSG_NOSIGNAL);
	if (size > 0)
		(void)send(fd, body, size, MSG_NOSIGNAL);
}

bool
lite_receive(int fd, void *data, size_t size)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	uint8_t *at = data;

	while (size > 0) {
		ssize_t got = poll(&wait, 1, PATIENCE_MS) == 1 ? recv(fd, at, size, 0) : -1;

		if (got <= 0)
			return false;
		at += got;
		size -= (size_t)got;
	}
	return true;
}

bool
lite_ask(int fd, uint32_t command, void *body, size_t size)
{
	lite_send(fd, command, body, size);
	return lite_receive(fd, body, size);
}

bool
lite_is_closed(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&wait, 1, PATIENCE_MS) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

uint32_t
lite_version(int fd, uint32_t minor)
{
	struct lite_version body = { LITE_MAJOR, minor, 0 };

	if (!lite_ask(fd, LITE_VERSION, &body, sizeof body))
		return LITE_NO_ANSWER;
	SUITE_EQUAL_INT(body.major, LITE_MAJOR);
	return body.result;
}

uint32_t
lite_context(int fd, uint32_t *ret_context)
{
	struct lite_establish body = { .scope = SCARD_SCOPE_SYSTEM };

	if (!lite_ask(fd, LITE_ESTABLISH, &body, sizeof body))
		return LITE_NO_ANSWER;
	*ret_context = body.context;
	return body.result;
}

uint32_t
lite_card(int fd, uint32_t context, uint32_t share_mode, uint32_t *ret_card)
{
	struct lite_connect body = { .context = context,
		.reader = "Tessera Soft Card",
		.share_mode = share_mode,
		.protocols = SCARD_PROTOCOL_T1 };

	if (!lite_ask(fd, LITE_CONNECT, &body, sizeof body))
		return LITE_NO_ANSWER;
	*ret_card = body.card;
	if (body.result == SCARD_S_SUCCESS)
		SUITE_EQUAL_INT(body.active, SCARD_PROTOCOL_T1);
	return body.result;
}

uint32_t
lite_simple(int fd, uint32_t command, uint32_t card)
{
	struct lite_begin body = { card, 0 };

	return lite_ask(fd, command, &body, sizeof body) ? body.result : LITE_NO_ANSWER;
}

uint32_t
lite_dispose(int fd, uint32_t command, uint32_t card, uint32_t disposition)
{
	struct lite_disconnect body = { card, disposition, 0 };

	return lite_ask(fd, command, &body, sizeof body) ? body.result : LITE_NO_ANSWER;
}

uint32_t
lite_exchange(int fd, uint32_t card)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00 };
	struct lite_transmit body = { .card = card,
		.send_protocol = SCARD_PROTOCOL_T1,
		.length = sizeof command,
		.room = 258 };
	uint8_t reply[258] = { 0 };

	lite_send(fd, LITE_TRANSMIT, &body, sizeof body);
	(void)send(fd, command, sizeof command, MSG_NOSIGNAL);
	if (!lite_receive(fd, &body, sizeof body))
		return LITE_NO_ANSWER;
	if (body.result != SCARD_S_SUCCESS)
		return body.result;
	CU_ASSERT_FATAL(body.room >= 2 && body.room <= sizeof reply);
	CU_ASSERT(lite_receive(fd, reply, body.room));
	SUITE_EQUAL_BYTES(reply + body.room - 2, 2, "90 00");
	SUITE_EQUAL_INT(body.receive_protocol, SCARD_PROTOCOL_T1);
	return body.result;
}

bool
lite_look(int fd, uint32_t command, size_t entries, struct lite_reader *ret_first)
{
	static uint8_t array[ARRAY_MAX];

	lite_send(fd, command, NULL, 0);
	if (!lite_receive(fd, array, entries * sizeof *ret_first))
		return false;
	memcpy(ret_first, array, sizeof *ret_first);
	return true;
}

int
lite_session(uint32_t minor, uint32_t *ret_context)
{
	int fd = lite_connect();

	LITE_CODE(lite_version(fd, minor), SCARD_S_SUCCESS);
	LITE_CODE(lite_context(fd, ret_context), SCARD_S_SUCCESS);
	return fd;
}
