/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/vpcd/link.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "rm/drivers/vpcd/message.h"

#define NS_PER_S 1000000000u

static uint64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

bool
vpcd_link_is_late(uint64_t deadline)
{
	return deadline != 0 && now() >= deadline;
}

bool
vpcd_link_is_dead(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLRDHUP };

	return poll(&poller, 1, 0) > 0 &&
	    (poller.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* The deadline is looked at each time, so that a card which drips bytes cannot outlive it. */
static int
wait_for(const struct vpcd_link *link, short events)
{
	struct pollfd pollers[] = {
		{ .fd = link->fd, .events = events },
		{ .fd = link->cancel_fd, .events = POLLIN },
	};
	struct timespec left, *timeout = NULL;
	int n;

	do {
		if (link->deadline != 0) {
			uint64_t time = now();

			if (time >= link->deadline)
				return -ETIMEDOUT;
			left.tv_sec = (time_t)((link->deadline - time) / NS_PER_S);
			left.tv_nsec = (long)((link->deadline - time) % NS_PER_S);
			timeout = &left;
		}
		n = ppoll(pollers, 2, timeout, NULL);
	} while (n == 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		return -errno;
	return pollers[1].revents != 0 ? -ECANCELED : 0;
}

static int
socket_error(int error)
{
	return error == EPIPE || error == ECONNRESET ? -ENODEV : -error;
}

int
vpcd_link_check(const struct vpcd_link *link)
{
	uint8_t byte;
	ssize_t n = recv(link->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	if (n > 0)
		return -EPROTO;
	if (n == 0)
		return -ENODEV;
	return errno == EAGAIN || errno == EINTR ? 0 : socket_error(errno);
}

int
vpcd_link_send(const struct vpcd_link *link, const uint8_t *payload, size_t length)
{
	uint8_t head[VPCD_HEAD];
	struct iovec vectors[] = {
		{ .iov_base = head, .iov_len = sizeof head },
		{ .iov_base = (void *)(uintptr_t)payload, .iov_len = length },
	};
	struct msghdr message = { .msg_iov = vectors, .msg_iovlen = 2 };

	vpcd_message_head(head, length);
	for (;;) {
		ssize_t n = sendmsg(link->fd, &message, MSG_NOSIGNAL);

		if (n < 0) {
			int r = 0;

			if (errno == EAGAIN)
				r = wait_for(link, POLLOUT);
			else if (errno != EINTR)
				r = socket_error(errno);
			if (r < 0)
				return r;
			continue;
		}
		/* A long command may leave in pieces, when the card is slow to take it. */
		for (size_t sent = (size_t)n; message.msg_iovlen > 0;) {
			struct iovec *first = message.msg_iov;

			if (sent < first->iov_len) {
				first->iov_base = (uint8_t *)first->iov_base + sent;
				first->iov_len -= sent;
				break;
			}
			sent -= first->iov_len;
			message.msg_iov++;
			message.msg_iovlen--;
		}
		if (message.msg_iovlen == 0)
			return 0;
	}
}

int
vpcd_link_receive(const struct vpcd_link *link, uint8_t *out, size_t room, size_t *ret_length)
{
	struct vpcd_receipt receipt;
	enum vpcd_progress progress = VPCD_MORE;

	vpcd_receipt_begin(&receipt, out, room);
	while (progress == VPCD_MORE) {
		struct iovec vectors[2];
		struct msghdr message = { .msg_iov = vectors };
		ssize_t n;
		int r = wait_for(link, POLLIN);

		if (r < 0)
			return r;
		message.msg_iovlen = (size_t)vpcd_receipt_want(&receipt, vectors);
		n = recvmsg(link->fd, &message, 0);
		if (n == 0)
			return -ENODEV;
		if (n > 0)
			progress = vpcd_receipt_take(&receipt, (size_t)n);
		else if (errno != EAGAIN && errno != EINTR)
			return socket_error(errno);
	}
	if (progress == VPCD_EXCESS)
		return -EPROTO;
	*ret_length = vpcd_receipt_length(&receipt);
	return 0;
}
