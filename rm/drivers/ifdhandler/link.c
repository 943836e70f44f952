/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/param.h>
#include <time.h>

#define NANOSECONDS 1000000000u

static void
raise_event(int fd)
{
	(void)eventfd_write(fd, 1);
}

void
ifd_link_init(struct ifd_link *link)
{
	(void)pthread_mutex_init(&link->lock, NULL);
	(void)pthread_cond_init(&link->idle, NULL);
	link->channel.request_fd = link->channel.reply_fd = link->wake_fd = -1;
}

void
ifd_link_done(struct ifd_link *link)
{
	ifd_channel_close(&link->channel);
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
	(void)pthread_mutex_lock(&link->lock);
	link->busy = false;
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

static void
send_request(struct ifd_link *link, const struct ifd_exchange *exchange)
{
	struct ifd_shared *shared = link->channel.shared;

	shared->request.operation = exchange->operation;
	shared->request.value = exchange->value;
	shared->request.length = (uint32_t)exchange->in_length;
	if (exchange->in_length > 0)
		memcpy(shared->in, exchange->in, exchange->in_length);
	__atomic_store_n(&shared->request.number, ++link->number, __ATOMIC_RELEASE);
	link->awaited = true;
	raise_event(link->channel.request_fd);
}

/* Until the reply's event, raised by whomever. */
static int
wait_for_event(struct ifd_link *link, uint64_t deadline)
{
	struct pollfd fd = { .fd = link->channel.reply_fd, .events = POLLIN };
	struct timespec left, *timeout = NULL;
	eventfd_t count;
	int n;

	if (deadline != 0) {
		uint64_t time = now();

		if (time >= deadline)
			return -ETIMEDOUT;
		left.tv_sec = (time_t)((deadline - time) / NANOSECONDS);
		left.tv_nsec = (long)((deadline - time) % NANOSECONDS);
		timeout = &left;
	}
	n = ppoll(&fd, 1, timeout, NULL);
	if (n < 0 && errno != EINTR)
		return -ENODEV;
	if (n > 0)
		(void)eventfd_read(fd.fd, &count);
	return 0;
}

static bool
is_answered(struct ifd_link *link)
{
	return __atomic_load_n(&link->channel.shared->reply.number, __ATOMIC_SEQ_CST) ==
	    link->number;
}

/*
 * The reply may be there as soon as the request's event is raised, when the host is run at once;
 * then no event need tell. Either this thread sees the number, or the host sees that it waits.
 * Each round waits, whatever else stands in the memory: so each round ends at the deadline.
 */
static int
wait_for_reply(struct ifd_link *link, uint64_t deadline)
{
	struct ifd_shared *shared = link->channel.shared;
	int r = 0;

	while (r == 0 && !is_answered(link)) {
		__atomic_store_n(&shared->waiting, 1, __ATOMIC_SEQ_CST);
		if (is_answered(link))
			break;
		r = __atomic_load_n(&link->cancelled, __ATOMIC_ACQUIRE)
		    ? -ECANCELED
		    : wait_for_event(link, deadline);
	}
	if (r < 0 && is_answered(link))
		r = 0;
	__atomic_store_n(&shared->waiting, 0, __ATOMIC_RELAXED);
	return r;
}

/* The memory is ours again. @exchange: NULL: nobody wants the reply any more. */
static int
take_reply(struct ifd_link *link, struct ifd_exchange *exchange)
{
	struct ifd_shared *shared = link->channel.shared;
	/* Read once: the other side can still change what stands there. */
	const uint32_t sent = __atomic_load_n(&shared->request.length, __ATOMIC_RELAXED);
	const struct ifd_reply reply = {
		.code = __atomic_load_n(&shared->reply.code, __ATOMIC_RELAXED),
		.length = __atomic_load_n(&shared->reply.length, __ATOMIC_RELAXED),
	};

	link->awaited = false;
	if (ifd_reply_check(&reply) < 0)
		return -EBADMSG;
	if (exchange != NULL) {
		exchange->code = reply.code;
		exchange->length = reply.length;
		if (reply.length > 0 && reply.length <= exchange->room)
			memcpy(exchange->out, shared->out, reply.length);
	}
	explicit_bzero(shared->in, MIN(sent, IFD_PAYLOAD_MAX));
	explicit_bzero(shared->out, reply.length);
	return 0;
}

int
ifd_link_exchange(struct ifd_link *link, struct ifd_exchange *exchange, uint64_t deadline)
{
	int r = begin(link, deadline);

	if (r < 0)
		return r;
	/* One that was cancelled: the handler goes on with it. */
	if (link->awaited && (r = wait_for_reply(link, deadline)) == 0)
		r = take_reply(link, NULL);
	if (r == 0) {
		send_request(link, exchange);
		r = wait_for_reply(link, deadline);
	}
	if (r == 0)
		r = take_reply(link, exchange);
	return end(link, r);
}

/* The lock is held. */
static void
cancel(struct ifd_link *link)
{
	if (!link->busy || link->cancelled)
		return;
	__atomic_store_n(&link->cancelled, true, __ATOMIC_RELEASE);
	raise_event(link->channel.reply_fd);
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
	ifd_channel_close(&link->channel);
	(void)pthread_mutex_unlock(&link->lock);
}
