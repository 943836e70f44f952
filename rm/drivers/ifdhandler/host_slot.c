/* SPDX-License-Identifier: BSD-2-Clause */
/* The two threads of a slot: its requests, and its card. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rm/drivers/ifdhandler/host.h"

static void
look_again(struct ifd_slot *slot)
{
	(void)pthread_mutex_lock(&slot->ask_lock);
	slot->asked = true;
	(void)pthread_cond_signal(&slot->ask);
	(void)pthread_mutex_unlock(&slot->ask_lock);
}

static void
answer(
    struct ifd_slot *slot, const struct ifd_request *request, struct ifd_reply *reply, uint8_t *out)
{
	bool fits = reply->length <= request->room;
	struct iovec parts[] = { { reply, sizeof *reply }, { out, fits ? reply->length : 0 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	while (sendmsg(slot->fd, &message, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
	explicit_bzero(out, reply->length);
}

static void
tell_gone(struct ifd_slot *slot)
{
	const struct ifd_event gone = { .kind = IFD_EVENT_GONE, .slot = slot->number };

	ifd_host_tell(&gone);
}

static void
check_code(struct ifd_slot *slot, ifd_result code)
{
	if (code == IFD_NO_SUCH_DEVICE)
		tell_gone(slot);
	if (code == IFD_ICC_NOT_PRESENT)
		look_again(slot);
}

static void *
serve(void *data)
{
	struct ifd_slot *slot = data;
	const size_t size = sizeof(struct ifd_request) + IFD_PAYLOAD_MAX;
	uint8_t *packet = malloc(size + 1), *out = malloc(IFD_PAYLOAD_MAX);

	while (packet != NULL && out != NULL) {
		struct ifd_request request;
		struct ifd_reply reply;
		/* One byte more than is allowed, so that a longer packet shows. */
		ssize_t n = recv(slot->fd, packet, size + 1, 0);
		int length;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if ((length = ifd_request_check(packet, (size_t)n, &request)) < 0)
			break;
		ifd_slot_call(slot, &request, packet + sizeof request, (size_t)length, &reply, out);
		explicit_bzero(packet, (size_t)n);
		answer(slot, &request, &reply, out);
		check_code(slot, reply.code);
	}
	/* An answer may have been begun that was not sent. */
	if (out != NULL)
		explicit_bzero(out, IFD_PAYLOAD_MAX);
	free(packet);
	free(out);
	/* Told by its end: the driver's next request fails. */
	(void)shutdown(slot->fd, SHUT_RDWR);
	return NULL;
}

/* Asks the handler, and tells what has changed. */
static void
look(struct ifd_slot *slot)
{
	struct ifd_event event = { .kind = IFD_EVENT_PRESENCE, .slot = slot->number };
	ifd_result code;
	bool present;

	(void)pthread_mutex_lock(slot->lock);
	code = slot->host->handler.presence(slot->number);
	(void)pthread_mutex_unlock(slot->lock);
	if (code == IFD_NO_SUCH_DEVICE)
		tell_gone(slot);
	/* What else it says is not that the card has gone. */
	present = code == IFD_ICC_PRESENT || (code != IFD_ICC_NOT_PRESENT && slot->present);
	if (present == slot->present)
		return;
	slot->present = present;
	event.value = present;
	ifd_host_tell(&event);
}

/* The time until it is asked again, or until somebody wants it asked. True: this is the end. */
static bool
rest(struct ifd_slot *slot, unsigned ms)
{
	struct timespec until;
	bool ending;
	int r = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	(void)pthread_mutex_lock(&slot->ask_lock);
	while (!slot->asked && !slot->ending && r == 0)
		r = pthread_cond_timedwait(&slot->ask, &slot->ask_lock, &until);
	slot->asked = false;
	ending = slot->ending;
	(void)pthread_mutex_unlock(&slot->ask_lock);
	return ending;
}

static bool
is_ending(struct ifd_slot *slot)
{
	bool ending;

	(void)pthread_mutex_lock(&slot->ask_lock);
	ending = slot->ending;
	(void)pthread_mutex_unlock(&slot->ask_lock);
	return ending;
}

/* A handler whose wait fails is asked from then on. */
static void *
watch(void *data)
{
	struct ifd_slot *slot = data;

	if (slot->unsure)
		look(slot);
	while (slot->wait != NULL && !is_ending(slot)) {
		ifd_result code = slot->wait(slot->number, IFD_WAIT_MS);

		if (code != IFD_SUCCESS) {
			check_code(slot, code);
			break;
		}
		look(slot);
	}
	while (!rest(slot, IFD_PRESENCE_INTERVAL_MS))
		look(slot);
	return NULL;
}

int
ifd_slot_begin(struct ifd_slot *slot)
{
	pthread_t worker;

	if (pthread_create(&worker, NULL, serve, slot) != 0)
		return -1;
	(void)pthread_detach(worker);
	return pthread_create(&slot->watcher, NULL, watch, slot) == 0 ? 0 : -1;
}

void
ifd_slot_end(struct ifd_slot *slot)
{
	(void)pthread_mutex_lock(&slot->ask_lock);
	slot->ending = true;
	(void)pthread_cond_signal(&slot->ask);
	(void)pthread_mutex_unlock(&slot->ask_lock);
	if (slot->wait != NULL)
		(void)slot->stop(slot->number);
	(void)pthread_join(slot->watcher, NULL);
	(void)pthread_mutex_lock(slot->lock);
	(void)slot->host->handler.close(slot->number);
	(void)pthread_mutex_unlock(slot->lock);
}
