/* SPDX-License-Identifier: BSD-2-Clause */
/* The two threads of a slot: its requests, and its card. */
#include <stdlib.h>
#include <sys/eventfd.h>
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

/* The next request, after the one of that number. */
static void
wait_for_request(struct ifd_slot *slot, uint32_t last, struct ifd_request *ret)
{
	const struct ifd_request *request = &slot->channel.shared->request;
	eventfd_t count;

	while ((ret->number = __atomic_load_n(&request->number, __ATOMIC_ACQUIRE)) == last)
		(void)eventfd_read(slot->channel.request_fd, &count);
	ret->operation = request->operation;
	ret->value = request->value;
	ret->length = request->length;
}

static void
answer(struct ifd_slot *slot, uint32_t number, int32_t code, uint32_t length)
{
	struct ifd_shared *shared = slot->channel.shared;

	shared->reply.code = code;
	shared->reply.length = length;
	__atomic_store_n(&shared->reply.number, number, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&shared->waiting, __ATOMIC_SEQ_CST) != 0)
		(void)eventfd_write(slot->channel.reply_fd, 1);
}

/* The driver wipes what passes here: it knows when nobody needs it any more. */
static void *
serve(void *data)
{
	struct ifd_slot *slot = data;
	struct ifd_shared *shared = slot->channel.shared;
	struct ifd_request request = { .number = 0 };

	for (;;) {
		uint32_t length;
		int32_t code;

		wait_for_request(slot, request.number, &request);
		/* The handler has written over it: nothing here can be relied on. */
		if (ifd_request_check(&request) < 0)
			_exit(EXIT_FAILURE);
		code = ifd_slot_call(slot, &request, shared->in, shared->out, &length);
		answer(slot, request.number, code, length);
		check_code(slot, code);
	}
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
