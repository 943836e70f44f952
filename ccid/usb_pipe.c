/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/usb_pipe.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <glib.h>

#include "ccid/limits.h"
#include "ccid/message.h"
#include "ccid/thread.h"
#include "ccid/usb_control.h"

#define INTERRUPT_MAX 64u /* of a notice; longer ones are cut */

/* A transfer of libusb's, and where it stands. */
struct leg {
	struct libusb_transfer *transfer;
	int done; /* not submitted, or its callback has run */
};

struct usb_pipe {
	struct ccid_transport transport;
	struct usb_loop *loop;
	libusb_device_handle *handle;
	struct usb_endpoints at;
	bool claimed;
	bool may_reset; /* atomic */
	bool gone;      /* atomic; a latch */

	struct leg out, in, interrupt;
	int both; /* out and in are done */

	pthread_mutex_t lock;
	pthread_cond_t stir; /* cancelled or gone */
	bool active;         /* usb_pipe_cancel has an effect */
	bool cancelled;

	bool closing; /* atomic: the interrupt transfer is not submitted again */
	usb_notice *notice;
	void *notice_data;
	uint8_t interrupt_buffer[INTERRUPT_MAX];
};

static struct usb_pipe *
self_of(struct ccid_transport *transport)
{
	return (
	    struct usb_pipe *)(void *)((char *)transport - offsetof(struct usb_pipe, transport));
}

struct ccid_transport *
usb_pipe_transport(struct usb_pipe *pipe)
{
	return &pipe->transport;
}

bool
usb_pipe_is_gone(struct usb_pipe *pipe)
{
	return __atomic_load_n(&pipe->gone, __ATOMIC_ACQUIRE);
}

static void
finish(struct leg *leg)
{
	__atomic_store_n(&leg->done, 1, __ATOMIC_RELEASE);
}

static bool
is_done(const struct leg *leg)
{
	return __atomic_load_n(&leg->done, __ATOMIC_ACQUIRE) != 0;
}

static void
unfinish(struct leg *leg)
{
	__atomic_store_n(&leg->done, 0, __ATOMIC_RELEASE);
}

static void
stop(struct leg *leg)
{
	if (!is_done(leg))
		libusb_cancel_transfer(leg->transfer);
}

void
usb_pipe_set_gone(struct usb_pipe *pipe)
{
	pthread_mutex_lock(&pipe->lock);
	__atomic_store_n(&pipe->gone, true, __ATOMIC_RELEASE);
	stop(&pipe->out);
	stop(&pipe->in);
	pthread_cond_broadcast(&pipe->stir);
	pthread_mutex_unlock(&pipe->lock);
}

void
usb_pipe_begin(struct usb_pipe *pipe)
{
	pthread_mutex_lock(&pipe->lock);
	pipe->active = true;
	pipe->cancelled = false;
	pthread_mutex_unlock(&pipe->lock);
}

void
usb_pipe_end(struct usb_pipe *pipe)
{
	pthread_mutex_lock(&pipe->lock);
	pipe->active = pipe->cancelled = false;
	pthread_mutex_unlock(&pipe->lock);
}

void
usb_pipe_cancel(struct usb_pipe *pipe)
{
	pthread_mutex_lock(&pipe->lock);
	if (pipe->active) {
		pipe->cancelled = true;
		stop(&pipe->out);
		stop(&pipe->in);
		pthread_cond_broadcast(&pipe->stir);
	}
	pthread_mutex_unlock(&pipe->lock);
}

/* Said once: what brings the reader in step after it is not cancelled again. */
static bool
take_cancel(struct usb_pipe *pipe)
{
	bool cancelled;

	pthread_mutex_lock(&pipe->lock);
	cancelled = pipe->cancelled;
	if (cancelled)
		pipe->active = pipe->cancelled = false;
	pthread_mutex_unlock(&pipe->lock);
	return cancelled;
}

static uint64_t
pipe_now(struct ccid_transport *transport)
{
	(void)transport;
	return ccid_now();
}

static enum ccid_result
submit_result(struct usb_pipe *pipe, int error)
{
	if (error == LIBUSB_SUCCESS)
		return CCID_OK;
	if (error == LIBUSB_ERROR_NO_DEVICE)
		usb_pipe_set_gone(pipe);
	if (usb_pipe_is_gone(pipe))
		return CCID_GONE;
	return error == LIBUSB_ERROR_NO_MEM ? CCID_NO_MEMORY : CCID_LOST;
}

/* Submits; a cancel or an end of the device that came before is not missed. */
static enum ccid_result
submit(struct usb_pipe *pipe, struct leg *leg)
{
	int error;

	unfinish(leg);
	__atomic_store_n(&pipe->both, 0, __ATOMIC_RELEASE);
	error = libusb_submit_transfer(leg->transfer);
	if (error != LIBUSB_SUCCESS) {
		finish(leg);
		return submit_result(pipe, error);
	}
	pthread_mutex_lock(&pipe->lock);
	if (usb_pipe_is_gone(pipe) || pipe->cancelled)
		stop(leg);
	pthread_mutex_unlock(&pipe->lock);
	return CCID_OK;
}

static void
check_both(struct usb_pipe *pipe)
{
	if (is_done(&pipe->out) && is_done(&pipe->in))
		__atomic_store_n(&pipe->both, 1, __ATOMIC_RELEASE);
}

static void LIBUSB_CALL
out_done(struct libusb_transfer *transfer)
{
	struct usb_pipe *pipe = transfer->user_data;

	finish(&pipe->out);
	/* Without a question there will be no answer. */
	if (transfer->status != LIBUSB_TRANSFER_COMPLETED ||
	    transfer->actual_length != transfer->length)
		stop(&pipe->in);
	check_both(pipe);
}

static void LIBUSB_CALL
in_done(struct libusb_transfer *transfer)
{
	struct usb_pipe *pipe = transfer->user_data;

	finish(&pipe->in);
	check_both(pipe);
}

/* Waits for what was submitted; what is not there by the deadline is taken back. */
static void
wait_for_both(struct usb_pipe *pipe, uint64_t deadline)
{
	check_both(pipe);
	if (usb_loop_wait(pipe->loop, &pipe->both, deadline))
		return;
	stop(&pipe->out);
	stop(&pipe->in);
	usb_loop_wait(pipe->loop, &pipe->both, 0);
}

static enum ccid_result
transfer_result(struct usb_pipe *pipe, const struct libusb_transfer *transfer)
{
	if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE)
		usb_pipe_set_gone(pipe);
	if (usb_pipe_is_gone(pipe))
		return CCID_GONE;
	switch (transfer->status) {
	case LIBUSB_TRANSFER_COMPLETED:
		return CCID_OK;
	case LIBUSB_TRANSFER_CANCELLED:
	case LIBUSB_TRANSFER_TIMED_OUT:
		return CCID_SILENT;
	default:
		return CCID_LOST;
	}
}

static enum ccid_result
submit_in(struct usb_pipe *pipe, uint8_t *bytes, size_t length)
{
	libusb_fill_bulk_transfer(
	    pipe->in.transfer, pipe->handle, pipe->at.in, bytes, (int)length, in_done, pipe, 0);
	return submit(pipe, &pipe->in);
}

/* How much is to be read next, in whole packets; 0: the message is there, or as much as will come.
 */
static size_t
missing(const struct usb_pipe *pipe, const uint8_t *in, size_t room, size_t received, size_t last)
{
	size_t packet = pipe->at.in_packet;
	uint64_t length = ccid_message_length(in, received);
	uint64_t left;

	if (last == 0 && received == 0)
		return packet;
	if (last % packet != 0)
		return 0;
	if (length == 0)
		return received + packet <= room ? packet : 0;
	if (received >= length)
		return 0;
	left = (length - received + packet - 1) / packet * packet;
	return left <= room - received ? (size_t)left : 0;
}

/* Goes on reading after the first transfer in, which is submitted. */
static enum ccid_result
read_message(
    struct usb_pipe *pipe, uint8_t *in, size_t room, size_t *ret_received, uint64_t deadline)
{
	size_t received = 0;
	unsigned empty = 0;

	for (;;) {
		enum ccid_result r;
		size_t last, more;

		wait_for_both(pipe, deadline);
		r = transfer_result(pipe, pipe->in.transfer);
		last = (size_t)pipe->in.transfer->actual_length;
		received += last;
		*ret_received = received;
		if (r == CCID_SILENT && take_cancel(pipe))
			return CCID_CANCELLED;
		/* What came before time was up may be the whole of it. */
		if (r == CCID_SILENT && received >= CCID_HEADER &&
		    received >= ccid_message_length(in, received))
			return CCID_OK;
		if (r != CCID_OK)
			return r;
		if (last == 0 && ++empty > CCID_EMPTY_MAX)
			return CCID_LOST;
		more = missing(pipe, in, room, received, last);
		if (more == 0)
			return CCID_OK;
		r = submit_in(pipe, in + received, more);
		if (r != CCID_OK)
			return r;
	}
}

static enum ccid_result
pipe_receive(struct ccid_transport *transport, uint8_t *in, size_t room, size_t *ret_received,
    uint64_t deadline)
{
	struct usb_pipe *pipe = self_of(transport);
	enum ccid_result r;

	*ret_received = 0;
	if (take_cancel(pipe))
		return CCID_CANCELLED;
	r = submit_in(pipe, in, pipe->at.in_packet);
	return r == CCID_OK ? read_message(pipe, in, room, ret_received, deadline) : r;
}

/* The answer's first transfer is on its way before the question is: the reader finds it waiting. */
static enum ccid_result
pipe_exchange(struct ccid_transport *transport, const uint8_t *out, size_t length, uint8_t *in,
    size_t room, size_t *ret_received, uint64_t deadline)
{
	struct usb_pipe *pipe = self_of(transport);
	struct libusb_transfer *question = pipe->out.transfer;
	enum ccid_result r, answered;

	*ret_received = 0;
	if (take_cancel(pipe))
		return CCID_CANCELLED;
	libusb_fill_bulk_transfer(question, pipe->handle, pipe->at.out, (uint8_t *)(uintptr_t)out,
	    (int)length, out_done, pipe, 0);
	question->flags = pipe->at.zero_packet ? LIBUSB_TRANSFER_ADD_ZERO_PACKET : 0;
	unfinish(&pipe->out);
	r = submit_in(pipe, in, pipe->at.in_packet);
	if (r != CCID_OK) {
		finish(&pipe->out);
		return r;
	}
	r = submit(pipe, &pipe->out);
	if (r != CCID_OK) {
		stop(&pipe->in);
		wait_for_both(pipe, 0);
		return r;
	}
	answered = read_message(pipe, in, room, ret_received, deadline);
	r = transfer_result(pipe, question);
	if (r == CCID_OK && question->actual_length != question->length)
		r = CCID_LOST;
	return answered == CCID_GONE || answered == CCID_CANCELLED || r == CCID_OK ? answered : r;
}

static enum ccid_result
pipe_control(struct ccid_transport *transport, uint8_t type, uint8_t request, uint16_t value,
    uint8_t *data, size_t length, size_t *ret_done, uint64_t deadline)
{
	struct usb_pipe *pipe = self_of(transport);
	const struct usb_request asked = { type, request, value, pipe->at.interface };
	enum ccid_result r;

	*ret_done = 0;
	if (usb_pipe_is_gone(pipe))
		return CCID_GONE;
	r = usb_control(pipe->loop, pipe->handle, &asked, data, length, ret_done, deadline);
	if (r == CCID_GONE)
		usb_pipe_set_gone(pipe);
	return r;
}

static enum ccid_result
pipe_clear_halt(struct ccid_transport *transport)
{
	struct usb_pipe *pipe = self_of(transport);
	enum ccid_result r;

	if (usb_pipe_is_gone(pipe))
		return CCID_GONE;
	r = submit_result(pipe, libusb_clear_halt(pipe->handle, pipe->at.in));
	if (r != CCID_GONE)
		r = submit_result(pipe, libusb_clear_halt(pipe->handle, pipe->at.out));
	return r;
}

static enum ccid_result
pipe_reset(struct ccid_transport *transport)
{
	struct usb_pipe *pipe = self_of(transport);
	int error;

	if (usb_pipe_is_gone(pipe))
		return CCID_GONE;
	if (!__atomic_load_n(&pipe->may_reset, __ATOMIC_ACQUIRE))
		return CCID_UNSUPPORTED;
	error = libusb_reset_device(pipe->handle);
	if (error == LIBUSB_ERROR_NOT_FOUND)
		error = LIBUSB_ERROR_NO_DEVICE;
	return submit_result(pipe, error);
}

static enum ccid_result
pipe_rest(struct ccid_transport *transport, uint64_t microseconds)
{
	struct usb_pipe *pipe = self_of(transport);
	uint64_t until = ccid_now() + microseconds * 1000;
	bool in_time = true;

	pthread_mutex_lock(&pipe->lock);
	while (in_time && !pipe->cancelled && !usb_pipe_is_gone(pipe))
		in_time = ccid_cond_wait(&pipe->stir, &pipe->lock, until);
	pthread_mutex_unlock(&pipe->lock);
	if (usb_pipe_is_gone(pipe))
		return CCID_GONE;
	return take_cancel(pipe) ? CCID_CANCELLED : CCID_OK;
}

static void LIBUSB_CALL
interrupt_done(struct libusb_transfer *transfer)
{
	struct usb_pipe *pipe = transfer->user_data;
	bool closing = __atomic_load_n(&pipe->closing, __ATOMIC_ACQUIRE);

	if (!closing && transfer->status == LIBUSB_TRANSFER_COMPLETED) {
		pipe->notice(pipe->notice_data, transfer->buffer, (size_t)transfer->actual_length);
		if (libusb_submit_transfer(transfer) == LIBUSB_SUCCESS) {
			/* Who closes meanwhile found nothing to cancel. */
			if (__atomic_load_n(&pipe->closing, __ATOMIC_SEQ_CST))
				libusb_cancel_transfer(transfer);
			return;
		}
	}
	finish(&pipe->interrupt);
	if (!closing)
		pipe->notice(pipe->notice_data, NULL, 0);
}

enum ccid_result
usb_pipe_listen(struct usb_pipe *pipe, usb_notice *notice, void *data)
{
	size_t length = pipe->at.interrupt_packet;
	int error;

	if (pipe->at.interrupt == 0)
		return CCID_UNSUPPORTED;
	if (usb_pipe_is_gone(pipe))
		return CCID_GONE;
	if (!is_done(&pipe->interrupt))
		return CCID_OK;
	if (pipe->notice != NULL)
		libusb_clear_halt(pipe->handle, pipe->at.interrupt);
	pipe->notice = notice;
	pipe->notice_data = data;
	libusb_fill_interrupt_transfer(pipe->interrupt.transfer, pipe->handle, pipe->at.interrupt,
	    pipe->interrupt_buffer,
	    (int)(length < sizeof pipe->interrupt_buffer ? length : sizeof pipe->interrupt_buffer),
	    interrupt_done, pipe, 0);
	unfinish(&pipe->interrupt);
	error = libusb_submit_transfer(pipe->interrupt.transfer);
	if (error != LIBUSB_SUCCESS)
		finish(&pipe->interrupt);
	return submit_result(pipe, error);
}

void
usb_pipe_allow_reset(struct usb_pipe *pipe, bool allow)
{
	__atomic_store_n(&pipe->may_reset, allow, __ATOMIC_RELEASE);
}

static enum ccid_result
claim(struct usb_pipe *pipe)
{
	int error;

	libusb_set_auto_detach_kernel_driver(pipe->handle, 1);
	error = libusb_claim_interface(pipe->handle, pipe->at.interface);
	if (error == LIBUSB_ERROR_BUSY)
		return CCID_BUSY;
	pipe->claimed = error == LIBUSB_SUCCESS;
	return submit_result(
	    pipe, error == LIBUSB_ERROR_NOT_FOUND ? LIBUSB_ERROR_NO_DEVICE : error);
}

static const struct ccid_transport_ops pipe_ops = {
	.now = pipe_now,
	.exchange = pipe_exchange,
	.receive = pipe_receive,
	.control = pipe_control,
	.clear_halt = pipe_clear_halt,
	.reset = pipe_reset,
	.rest = pipe_rest,
};

enum ccid_result
usb_pipe_open(struct usb_loop *loop, libusb_device_handle *handle,
    const struct usb_endpoints *endpoints, struct usb_pipe **ret)
{
	struct usb_pipe *pipe = g_new0(struct usb_pipe, 1);
	struct leg *legs[] = { &pipe->out, &pipe->in, &pipe->interrupt };
	enum ccid_result r;

	pipe->transport.ops = &pipe_ops;
	pipe->loop = loop;
	pipe->handle = handle;
	pipe->at = *endpoints;
	pthread_mutex_init(&pipe->lock, NULL);
	ccid_cond_init(&pipe->stir);
	r = CCID_OK;
	for (size_t i = 0; i < G_N_ELEMENTS(legs); i++) {
		legs[i]->done = 1;
		legs[i]->transfer = libusb_alloc_transfer(0);
		if (legs[i]->transfer == NULL)
			r = CCID_NO_MEMORY;
	}
	if (r == CCID_OK)
		r = claim(pipe);
	if (r != CCID_OK) {
		usb_pipe_close(pipe);
		return r;
	}
	*ret = pipe;
	return CCID_OK;
}

void
usb_pipe_close(struct usb_pipe *pipe)
{
	struct leg *legs[] = { &pipe->out, &pipe->in, &pipe->interrupt };

	__atomic_store_n(&pipe->closing, true, __ATOMIC_SEQ_CST);
	stop(&pipe->interrupt);
	usb_loop_wait(pipe->loop, &pipe->interrupt.done, 0);
	if (pipe->claimed)
		libusb_release_interface(pipe->handle, pipe->at.interface);
	libusb_close(pipe->handle);
	for (size_t i = 0; i < G_N_ELEMENTS(legs); i++)
		libusb_free_transfer(legs[i]->transfer);
	pthread_cond_destroy(&pipe->stir);
	pthread_mutex_destroy(&pipe->lock);
	g_free(pipe);
}
