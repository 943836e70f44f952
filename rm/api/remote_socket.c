/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place that touches the sockets of the client. A wait is interrupted by no signal: the
 * API has no code for it, and its own way to interrupt is SCardCancel.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "rm/api/remote.h"

#define OPENING_LIMIT_S 30 /* for a daemon that is being started */

static void
limit(int fd, time_t seconds)
{
	const struct timeval time = { .tv_sec = seconds };

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

int
remote_socket_new(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	return fd >= 0 ? fd : -errno;
}

int
remote_socket_connect(int fd, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);

	if (length >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, length);
	limit(fd, OPENING_LIMIT_S);
	/* Waits for a place in the queue of a listener; an interrupted wait leaves nothing. */
	while (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		if (errno != EINTR)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return 0;
}

void
remote_socket_unlimit(int fd)
{
	limit(fd, 0);
}

int
remote_socket_send(int fd, const void *data, size_t length)
{
	while (send(fd, data, length, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return 0;
}

ssize_t
remote_socket_receive(int fd, void *data, size_t size)
{
	ssize_t length;

	/* MSG_TRUNC: the length that it had. */
	while ((length = recv(fd, data, size, MSG_TRUNC)) < 0)
		if (errno != EINTR)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
	if (length == 0)
		return -ECONNRESET;
	return (size_t)length <= size ? length : -EMSGSIZE;
}
