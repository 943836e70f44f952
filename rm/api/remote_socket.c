/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place that touches the sockets of the client. A wait is interrupted by no signal: the
 * API has no code for it, and its own way to interrupt is SCardCancel.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
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

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
remote_socket_await(int fd, unsigned limit_ms)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	const long end = now_ms() + (long)limit_ms;
	int count;

	do {
		const long left = end - now_ms();

		count = poll(&polled, 1, left > 0 ? (int)left : 0);
	} while (count < 0 && errno == EINTR);
	if (count < 0)
		return -errno;
	return count > 0 ? 0 : -ETIMEDOUT;
}

bool
remote_socket_wakes(int fd, int wake)
{
	struct pollfd polled[] = { { .fd = fd, .events = POLLIN },
		{ .fd = wake, .events = POLLIN } };
	int count;

	do
		count = poll(polled, 2, -1);
	while (count < 0 && errno == EINTR);
	return count > 0 && polled[0].revents == 0;
}

int
remote_socket_send(int fd, const struct wire_writer *message)
{
	struct iovec parts[] = { { message->data, message->used },
		{ (void *)(uintptr_t)message->last, message->last_length } };
	const struct msghdr header = { .msg_iov = parts,
		.msg_iovlen = message->last_length > 0 ? 2 : 1 };

	while (sendmsg(fd, &header, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return 0;
}

/* What a wait for a packet has come to. Lengths are those that it had, by MSG_TRUNC. */
static ssize_t
received(ssize_t length, size_t size)
{
	if (length < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	if (length == 0)
		return -ECONNRESET;
	return (size_t)length <= size ? length : -EMSGSIZE;
}

ssize_t
remote_socket_receive(int fd, void *data, size_t size)
{
	ssize_t length;

	do
		length = recv(fd, data, size, MSG_TRUNC);
	while (length < 0 && errno == EINTR);
	return received(length, size);
}

ssize_t
remote_socket_receive_descriptor(int fd, void *data, size_t size, int *ret_descriptor)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec vector = { .iov_base = data, .iov_len = size };
	/* Room for one: what else comes, the kernel closes. */
	struct msghdr message = { .msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_LEN(sizeof(int)) };
	ssize_t length;

	do
		length = recvmsg(fd, &message, MSG_TRUNC | MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	*ret_descriptor = -1;
	if (length >= 0 && message.msg_controllen >= CMSG_LEN(sizeof(int)) &&
	    control.header.cmsg_level == SOL_SOCKET && control.header.cmsg_type == SCM_RIGHTS &&
	    control.header.cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(ret_descriptor, CMSG_DATA(&control.header), sizeof *ret_descriptor);
	return received(length, size);
}
