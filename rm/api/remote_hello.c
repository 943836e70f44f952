/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first words on a connection: HELLO opens a session, LANE joins one. Nothing here knows of the
 * others, or of a lock.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "rm/api/remote.h"

#define HELLO_SIZE 64u
#define HELLO_REPLY_SIZE (WIRE_REPLY_HEADER + 4 + WIRE_TEXT_MAX + 64)

/*
 * One request and its reply before there is a lane for calls. 0 with the reply's header and a
 * reader behind it, or a negative errno. A descriptor may have come in any case.
 */
static int
ask(int fd, struct wire_writer *request, uint8_t *reply, size_t size, int *ret_descriptor,
    struct wire_reader *reader, struct wire_header *ret_header)
{
	ssize_t length = wire_finish(request);
	int error;

	if (length < 0)
		return (int)length;
	if ((error = remote_socket_send(fd, request)) < 0)
		return error;
	if (ret_descriptor != NULL)
		length = remote_socket_receive_descriptor(fd, reply, size, ret_descriptor);
	else
		length = remote_socket_receive(fd, reply, size);
	if (length < 0)
		return length == -EMSGSIZE ? -EBADMSG : (int)length;
	if (wire_open(reader, reply, (size_t)length, ret_header) < 0 || !ret_header->is_reply)
		return -EBADMSG;
	return 0;
}

/* The text of a failure that a daemon has told. */
static int
told(struct wire_reader *reader, char *message)
{
	char text[WIRE_TEXT_MAX];

	wire_get_text(reader, text, sizeof text);
	if (wire_done(reader) < 0)
		return -EBADMSG;
	(void)remote_fail(0, message, "%s", text);
	return 0;
}

static int
hello(int fd, uint8_t token[static WIRE_TOKEN_SIZE], int *ret_descriptor, uint32_t *ret_version,
    LONG *ret_code, char *message)
{
	uint8_t hello[HELLO_SIZE], reply[HELLO_REPLY_SIZE];
	struct wire_writer writer;
	struct wire_reader reader;
	struct wire_header header;
	const uint8_t *given;
	uint32_t length;
	int error;

	wire_begin_request(&writer, hello, sizeof hello, WIRE_HELLO, 1);
	wire_put_u32(&writer, WIRE_VERSION_LOWEST);
	wire_put_u32(&writer, WIRE_VERSION);
	error = ask(fd, &writer, reply, sizeof reply, ret_descriptor, &reader, &header);
	if (error < 0)
		return error;
	if (header.number != WIRE_HELLO || header.serial != 1)
		return -EBADMSG;
	*ret_code = header.result;
	if (header.result != SCARD_S_SUCCESS)
		return told(&reader, message);
	*ret_version = wire_get_u32(&reader);
	wire_get_bytes(&reader, &given, &length);
	if (wire_done(&reader) < 0 || *ret_version < WIRE_VERSION_LOWEST ||
	    *ret_version > WIRE_VERSION || length != WIRE_TOKEN_SIZE)
		return -EBADMSG;
	memcpy(token, given, WIRE_TOKEN_SIZE);
	return 0;
}

int
remote_hello(int fd, uint8_t token[static WIRE_TOKEN_SIZE], uint32_t *ret_version, int *ret_page,
    LONG *ret_code, char *message)
{
	int error;

	*ret_page = -1;
	*ret_version = 0;
	error = hello(fd, token, ret_page, ret_version, ret_code, message);

	/* In the first version no descriptor means anything. */
	if (*ret_page >= 0 &&
	    (error < 0 || *ret_code != SCARD_S_SUCCESS || *ret_version < WIRE_VERSION_PAGE)) {
		(void)close(*ret_page);
		*ret_page = -1;
	}
	return error;
}

int
remote_join(struct remote_lane *lane, const uint8_t token[static WIRE_TOKEN_SIZE], LONG *ret_code,
    char *message)
{
	uint8_t request[HELLO_SIZE];
	struct wire_writer writer;
	struct wire_reader reader;
	struct wire_header header;
	int error;

	wire_begin_request(&writer, request, sizeof request, WIRE_LANE, ++lane->serial);
	wire_put_bytes(&writer, token, WIRE_TOKEN_SIZE);
	error = ask(lane->fd, &writer, lane->buffer, WIRE_MESSAGE_MAX, NULL, &reader, &header);
	if (error < 0)
		return error;
	if (header.number != WIRE_LANE || header.serial != lane->serial)
		return -EBADMSG;
	*ret_code = header.result;
	return header.result != SCARD_S_SUCCESS ? told(&reader, message) : 0;
}
