/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u

static void
raise_event(int fd)
{
	(void)eventfd_write(fd, 1);
}

int
ifd_link_init(struct ifd_link *link)
{
	(void)pthread_mutex_init(&link->lock, NULL);
	(void)pthread_cond_init(&link->idle, NULL);
	link->fd = link->wake_fd = -1;
	link->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return link->cancel_fd >= 0 ? 0 : -errno;
}

void
ifd_link_done(struct ifd_link *link)
{
	if (link->cancel_fd >= 0)
		(void)close(link->cancel_fd);
	if (link->fd >= 0)
		(void)close(link->fd);
	(void)pthread_cond_destroy(&link->idle);
	(void)pthread_mutex_destroy(&link->lock);
}

static uint64_t
now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

static int
begin(struct ifd_link *link, uint64_t deadline)
{
	int r = 0;

	(void)pthread_mutex_lock(&link->lock);
	if (link->gone || link->failure != NULL)
		r = -ESHUTDOWN;
	else if (deadline != 0 && now() >= deadline)
		r = -ETIMEDOUT;
	else
		link->busy = true;
	(void)pthread_mutex_unlock(&link->lock);
	return r;
}

static const char *
failure_of(int error)
{
	switch (error) {
	case -ETIMEDOUT:
		return "it did not answer in time";
	case -ENODEV:
		return "it has ended";
	default:
		return "it does not keep to the protocol";
	}
}

static int
end(struct ifd_link *link, int error)
{
	eventfd_t count;

	(void)pthread_mutex_lock(&link->lock);
	link->busy = false;
	if (link->cancelled)
		(void)eventfd_read(link->cancel_fd, &count);
	link->cancelled = false;
	if (error != 0 && error != -ECANCELED && !link->gone) {
		link->failure = failure_of(error);
		raise_event(link->wake_fd);
	}
	if (link->gone && error != 0)
		error = -ESHUTDOWN;
	if (error == -ENODEV || error == -EBADMSG)
		error = -ESHUTDOWN;
	(void)pthread_cond_broadcast(&link->idle);
	(void)pthread_mutex_unlock(&link->lock);
	return error;
}

static int
send_request(struct ifd_link *link, const struct ifd_exchange *exchange)
{
	struct ifd_request request = { .number = ++link->number,
		.operation = exchange->operation,
		.value = exchange->value,
		.room = (uint32_t)exchange->room };
	struct iovec parts[] = { { &request, sizeof request },
		{ (void *)(uintptr_t)exchange->in, exchange->in_length } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t n;

	/* One that cannot be taken means that many cancelled ones were not either. */
	do
		n = sendmsg(link->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -ENODEV;
	return 0;
}

static int
wait_readable(struct ifd_link *link, uint64_t deadline)
{
	struct pollfd fds[] = { { .fd = link->fd, .events = POLLIN },
		{ .fd = link->cancel_fd, .events = POLLIN } };

	for (;;) {
		struct timespec left, *timeout = NULL;
		uint64_t time;
		int n;

		if (deadline != 0) {
			time = now();
			if (time >= deadline)
				return -ETIMEDOUT;
			left.tv_sec = (time_t)((deadline - time) / NANOSECONDS);
			left.tv_nsec = (long)((deadline - time) % NANOSECONDS);
			timeout = &left;
		}
		n = ppoll(fds, 2, timeout, NULL);
		if (n > 0 && fds[0].revents != 0)
			return 0;
		if (n > 0)
			return -ECANCELED;
		if (n < 0 && errno != EINTR)
			return -ENODEV;
	}
}

/* One reply. -EAGAIN: it belongs to a request that was cancelled. */
static int
receive(struct ifd_link *link, struct ifd_exchange *exchange)
{
	struct ifd_reply reply;
	struct iovec parts[] = { { &reply, sizeof reply }, { exchange->out, exchange->room } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t n = recvmsg(link->fd, &message, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? -EAGAIN : -ENODEV;
	if (n == 0)
		return -ENODEV;
	if ((size_t)n >= sizeof reply && reply.number != link->number) {
		explicit_bzero(exchange->out, exchange->room);
		return -EAGAIN;
	}
	if ((message.msg_flags & MSG_TRUNC) != 0 ||
	    ifd_reply_check(&reply, (size_t)n, link->number, exchange->room) < 0)
		return -EBADMSG;
	exchange->code = reply.code;
	exchange->length = reply.length;
	return 0;
}

int
ifd_link_exchange(struct ifd_link *link, struct ifd_exchange *exchange, uint64_t deadline)
{
	int r = begin(link, deadline);

	if (r < 0)
		return r;
	r = send_request(link, exchange);
	if (r == 0) {
		do {
			r = wait_readable(link, deadline);
			if (r == 0)
				r = receive(link, exchange);
		} while (r == -EAGAIN);
	}
	return end(link, r);
}

/* The lock is held. */
static void
cancel(struct ifd_link *link)
{
	if (!link->busy || link->cancelled)
		return;
	link->cancelled = true;
	raise_event(link->cancel_fd);
}

void
ifd_link_cancel(struct ifd_link *link)
{
	(void)pthread_mutex_lock(&link->lock);
	cancel(link);
	(void)pthread_mutex_unlock(&link->lock);
}

int
ifd_link_state(struct ifd_link *link, uint32_t *ret_card)
{
	int r = 0;

	(void)pthread_mutex_lock(&link->lock);
	if (link->gone || link->failure != NULL)
		r = -ESHUTDOWN;
	else if (!link->present)
		r = -ENODEV;
	*ret_card = link->cards;
	(void)pthread_mutex_unlock(&link->lock);
	return r;
}

void
ifd_link_set_present(struct ifd_link *link, bool present)
{
	(void)pthread_mutex_lock(&link->lock);
	link->present = present;
	if (present)
		link->cards++;
	(void)pthread_mutex_unlock(&link->lock);
}

const char *
ifd_link_failure(struct ifd_link *link)
{
	const char *failure;

	(void)pthread_mutex_lock(&link->lock);
	failure = link->failure;
	(void)pthread_mutex_unlock(&link->lock);
	return failure;
}

void
ifd_link_shut(struct ifd_link *link)
{
	(void)pthread_mutex_lock(&link->lock);
	link->gone = true;
	cancel(link);
	while (link->busy)
		(void)pthread_cond_wait(&link->idle, &link->lock);
	if (link->fd >= 0)
		(void)close(link->fd);
	link->fd = -1;
	(void)pthread_mutex_unlock(&link->lock);
}
