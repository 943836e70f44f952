/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/device.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "ccid/message.h"
#include "ccid/thread.h"
#include "ccid/usb_open.h"

#define MILLISECOND 1000000ull
#define SECOND (1000 * MILLISECOND)
#define LOOK_INTERVAL (SECOND / 20) /* an endpoint that says something all the time */
#define LISTEN_RETRIES 5u
#define LISTEN_RETRY (100 * MILLISECOND)
#define ASK_INTERVAL SECOND /* for a reader whose interrupt endpoint has failed for good */
#define BUSY_FIRST SECOND   /* before an interface that somebody holds is tried again */
#define BUSY_LONGEST (30 * SECOND)

struct ccid_device {
	unsigned references; /* atomic */
	struct usb_loop *loop;
	libusb_device *usb;
	struct usb_reader reader;
	struct ccid_line *line;
	struct ccid_device_options options;
	struct ccid_audience audience;

	/* Set while it is opened, constant after. */
	struct ccid_about about;
	struct ccid_descriptor descriptor;
	struct ccid_quirks quirks; /* of slot 0 */
	struct usb_pipe *pipe;
	uint32_t *rates;
	size_t rate_count;

	/* Of who has the line. */
	struct ccid_link link;
	struct ccid_slot slots[CCID_SLOTS_MAX];
	bool present[CCID_SLOTS_MAX];
	bool told_lost;
	uint64_t looked; /* atomic; when the slots were last looked at */

	pthread_mutex_t lock; /* a leaf */
	pthread_cond_t stir;  /* something below has changed */
	bool attended;        /* the attendant runs */
	bool joinable;        /* there is a thread to join */
	pthread_t attendant;
	bool opened; /* `ready` was told */
	bool settled;
	enum ccid_result opening; /* how the last attempt ended */
	bool closing;
	bool gone;
	bool look; /* a card may have moved */
	bool deaf; /* the interrupt endpoint has failed */
	unsigned listen_retries;
};

static void *attend(void *data);

static void
note(void *data, const char *line)
{
	struct ccid_device *device = data;

	if (device->audience.note != NULL)
		device->audience.note(device->audience.data, device, line);
}

/* With the lock. One thread at a time, and only while there is something to do. */
static void
call_attendant(struct ccid_device *device)
{
	pthread_cond_broadcast(&device->stir);
	if (device->attended || device->closing)
		return;
	if (device->joinable)
		pthread_join(device->attendant, NULL);
	/* Its first step is to take the lock: until then this reference is the caller's. */
	device->attended = device->joinable = ccid_thread_begin(&device->attendant, attend, device);
	if (device->attended)
		ccid_device_ref(device);
}

/* Whoever handles events says this: the attendant does what may take time. */
static void
on_notice(void *data, const uint8_t *message, size_t length)
{
	struct ccid_device *device = data;
	struct ccid_notice notice;

	if (message != NULL &&
	    !ccid_message_notice(message, length, device->descriptor.slots, &notice))
		return;
	pthread_mutex_lock(&device->lock);
	device->look = true;
	device->deaf |= message == NULL;
	call_attendant(device);
	pthread_mutex_unlock(&device->lock);
}

static void
tell_card(struct ccid_device *device, unsigned number, bool present)
{
	if (device->present[number] == present)
		return;
	device->present[number] = present;
	device->audience.card(device->audience.data, device, number, present);
}

/* Nothing brings the reader to reason, or a transfer said that it is gone before anybody else did.
 */
static void
tell_lost(struct ccid_device *device)
{
	bool gone;

	if ((!device->link.failed && !usb_pipe_is_gone(device->pipe)) || device->told_lost)
		return;
	device->told_lost = true;
	pthread_mutex_lock(&device->lock);
	gone = device->gone;
	pthread_mutex_unlock(&device->lock);
	if (!gone)
		device->audience.lost(device->audience.data, device);
}

enum ccid_result
ccid_device_look(struct ccid_device *device, unsigned number, uint64_t deadline, bool *ret_present)
{
	struct ccid_slot *slot = &device->slots[number];
	enum ccid_sight sight;
	enum ccid_result r;

	if (slot->quirks.presence_of_first && number > 0) {
		*ret_present = device->present[0];
		tell_card(device, number, *ret_present);
		return CCID_OK;
	}
	r = ccid_slot_look(slot, deadline, &sight);
	if (r != CCID_OK)
		return r;
	if (sight == CCID_SEES_OTHER)
		tell_card(device, number, false);
	tell_card(device, number, sight != CCID_SEES_NONE);
	*ret_present = sight != CCID_SEES_NONE;
	return CCID_OK;
}

bool
ccid_device_has_card(const struct ccid_device *device, unsigned number)
{
	return device->present[number];
}

static void
look_at_all(struct ccid_device *device)
{
	bool present;

	__atomic_store_n(&device->looked, ccid_now(), __ATOMIC_RELAXED);
	for (unsigned i = 0; i < ccid_device_slots(device); i++)
		if (ccid_device_look(device, i, 0, &present) == CCID_GONE)
			break;
}

static uint64_t
last_look(const struct ccid_device *device)
{
	return __atomic_load_n(&device->looked, __ATOMIC_RELAXED);
}

static bool
take_look(struct ccid_device *device)
{
	bool look;

	pthread_mutex_lock(&device->lock);
	look = device->look && device->opened && !device->closing;
	device->look = false;
	pthread_mutex_unlock(&device->lock);
	return look;
}

static bool
wants_look(struct ccid_device *device)
{
	bool look;

	pthread_mutex_lock(&device->lock);
	look = device->look && device->opened && !device->closing;
	pthread_mutex_unlock(&device->lock);
	return look;
}

/* Gives the line back. What was noticed meanwhile is looked at first, and again after. */
static void
leave(struct ccid_device *device)
{
	do {
		if (take_look(device))
			look_at_all(device);
		tell_lost(device);
		ccid_line_leave(device->line);
	} while (wants_look(device) && ccid_now() - last_look(device) >= LOOK_INTERVAL &&
	    ccid_line_try(device->line));
}

enum ccid_result
ccid_device_enter(
    struct ccid_device *device, unsigned number, uint64_t deadline, struct ccid_slot **ret)
{
	bool usable;

	if (number >= ccid_device_slots(device))
		return CCID_INVALID;
	if (!ccid_line_enter(device->line, deadline))
		return CCID_DEADLINE;
	pthread_mutex_lock(&device->lock);
	usable = device->opened && !device->gone && !device->closing;
	pthread_mutex_unlock(&device->lock);
	/* The pipe may know before the system has said that the device left. */
	if (!usable || device->link.failed || usb_pipe_is_gone(device->pipe)) {
		ccid_line_leave(device->line);
		return CCID_GONE;
	}
	usb_pipe_begin(device->pipe);
	*ret = &device->slots[number];
	return CCID_OK;
}

void
ccid_device_leave(struct ccid_device *device)
{
	usb_pipe_end(device->pipe);
	leave(device);
}

void
ccid_device_cancel(struct ccid_device *device)
{
	/* With the lock, or the pipe might be closed meanwhile. */
	pthread_mutex_lock(&device->lock);
	if (device->opened)
		usb_pipe_cancel(device->pipe);
	pthread_mutex_unlock(&device->lock);
}

/* With the lock. Waits for a change, or until the time; returns false when it is over. */
static bool
await(struct ccid_device *device, uint64_t until)
{
	return ccid_cond_wait(&device->stir, &device->lock, until);
}

/* Sleeps unless the device ends. Returns whether to go on. */
static bool
rest_until(struct ccid_device *device, uint64_t until)
{
	bool go_on;

	pthread_mutex_lock(&device->lock);
	while (!device->closing && !device->gone && await(device, until))
		continue;
	go_on = !device->closing && !device->gone;
	pthread_mutex_unlock(&device->lock);
	return go_on;
}

static void
init_slots(struct ccid_device *device)
{
	struct ccid_model model = { device->about.vendor, device->about.product,
		device->about.release, 0 };

	for (unsigned i = 0; i < ccid_device_slots(device); i++) {
		struct ccid_quirks quirks;

		model.slot = i;
		ccid_quirks_find(device->options.quirks, &model, &quirks);
		ccid_slot_init(&device->slots[i], &device->link, (uint8_t)i, &device->descriptor,
		    &quirks, &device->options.slot);
		device->slots[i].rates = device->rates;
		device->slots[i].rate_count = device->rate_count;
		device->slots[i].cards = device->options.quirks;
	}
}

static bool
rest_to_open(void *data, uint64_t microseconds)
{
	return rest_until(data, ccid_now() + microseconds * 1000);
}

/* One attempt: the interface is taken, the reader answers, its slots are known. */
static enum ccid_result
open_once(struct ccid_device *device)
{
	struct ccid_opening opening = {
		.loop = device->loop,
		.usb = device->usb,
		.reader = &device->reader,
		.quirks = device->options.quirks,
		.about = &device->about,
		.descriptor = &device->descriptor,
		.model_quirks = &device->quirks,
		.link = &device->link,
		.note = note,
		.rest = rest_to_open,
		.data = device,
	};
	enum ccid_result r = ccid_open(&opening);

	if (r != CCID_OK)
		return r;
	device->pipe = opening.pipe;
	device->rates = opening.rates;
	device->rate_count = opening.rate_count;
	init_slots(device);
	return CCID_OK;
}

static void
settle(struct ccid_device *device, enum ccid_result r)
{
	pthread_mutex_lock(&device->lock);
	device->opening = r;
	device->settled = true;
	pthread_cond_broadcast(&device->stir);
	pthread_mutex_unlock(&device->lock);
}

/* A device that another program holds is asked for again while it is plugged in. */
static enum ccid_result
open_patiently(struct ccid_device *device)
{
	uint64_t pause = BUSY_FIRST;
	enum ccid_result r;

	while ((r = open_once(device)) == CCID_BUSY) {
		if (pause == BUSY_FIRST)
			note(device, "another program or a kernel driver holds the reader");
		settle(device, r);
		if (device->options.first_try_only || !rest_until(device, ccid_now() + pause))
			return r;
		pause = pause * 2 < BUSY_LONGEST ? pause * 2 : BUSY_LONGEST;
	}
	return r;
}

static void
become_ready(struct ccid_device *device)
{
	ccid_line_enter(device->line, 0);
	pthread_mutex_lock(&device->lock);
	device->opened = true;
	device->look = true;
	pthread_mutex_unlock(&device->lock);
	device->audience.ready(device->audience.data, device);
	usb_pipe_listen(device->pipe, on_notice, device);
	leave(device);
}

/* The interrupt endpoint is tried again a few times, more patiently each time. */
static void
listen_again(struct ccid_device *device, unsigned retries)
{
	if (!rest_until(device, ccid_now() + (retries + 1) * LISTEN_RETRY))
		return;
	if (usb_pipe_listen(device->pipe, on_notice, device) == CCID_GONE) {
		/* Whoever has no other news of devices is told. */
		if (ccid_line_enter(device->line, 0))
			leave(device);
		return;
	}
	if (retries + 1 == LISTEN_RETRIES)
		note(device, "its interrupt endpoint fails; cards are asked for once a second");
}

/* What there is to attend to next. */
enum duty {
	DUTY_NONE,
	DUTY_LISTEN,
	DUTY_LOOK,
	DUTY_ASK
};

static enum duty
next_duty(struct ccid_device *device, unsigned *ret_retries)
{
	enum duty duty = DUTY_NONE;

	pthread_mutex_lock(&device->lock);
	*ret_retries = device->listen_retries;
	if (device->closing || device->gone || !device->opened) {
		duty = DUTY_NONE;
	} else if (device->deaf && device->listen_retries < LISTEN_RETRIES) {
		device->deaf = false;
		device->listen_retries++;
		duty = DUTY_LISTEN;
	} else if (device->look) {
		duty = DUTY_LOOK;
	} else if (device->deaf) {
		device->look = true;
		duty = DUTY_ASK;
	}
	if (duty == DUTY_NONE)
		device->attended = false;
	pthread_mutex_unlock(&device->lock);
	return duty;
}

static void *
attend(void *data)
{
	struct ccid_device *device = data;
	unsigned retries;
	enum duty duty;
	bool opened;

	pthread_mutex_lock(&device->lock);
	opened = device->opened;
	pthread_mutex_unlock(&device->lock);
	if (!opened) {
		enum ccid_result r = open_patiently(device);

		if (r == CCID_OK)
			become_ready(device);
		settle(device, r);
	}
	while ((duty = next_duty(device, &retries)) != DUTY_NONE) {
		if (duty == DUTY_LISTEN) {
			listen_again(device, retries);
		} else if (!rest_until(device,
			       last_look(device) +
				   (duty == DUTY_ASK ? ASK_INTERVAL : LOOK_INTERVAL))) {
			continue;
		} else if (ccid_line_enter(device->line, 0)) {
			leave(device);
		}
	}
	ccid_device_unref(device);
	return NULL;
}

struct ccid_device *
ccid_device_new(struct usb_loop *loop, libusb_device *usb, const struct usb_reader *reader,
    unsigned interfaces, struct ccid_line *line, const struct ccid_device_options *options,
    const struct ccid_audience *audience)
{
	struct ccid_device *device = g_new0(struct ccid_device, 1);

	device->references = 1;
	device->loop = loop;
	device->usb = libusb_ref_device(usb);
	device->reader = *reader;
	device->line = line != NULL ? ccid_line_ref(line) : ccid_line_new();
	device->options = *options;
	device->audience = *audience;
	device->about.interfaces = interfaces;
	device->opening = CCID_LOST;
	pthread_mutex_init(&device->lock, NULL);
	ccid_cond_init(&device->stir);
	pthread_mutex_lock(&device->lock);
	call_attendant(device);
	if (!device->attended)
		device->settled = true;
	pthread_mutex_unlock(&device->lock);
	return device;
}

struct ccid_device *
ccid_device_ref(struct ccid_device *device)
{
	__atomic_add_fetch(&device->references, 1, __ATOMIC_RELAXED);
	return device;
}

void
ccid_device_unref(struct ccid_device *device)
{
	if (__atomic_sub_fetch(&device->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	ccid_link_done(&device->link);
	g_free(device->rates);
	ccid_line_unref(device->line);
	pthread_cond_destroy(&device->stir);
	pthread_mutex_destroy(&device->lock);
	g_free(device);
}

enum ccid_result
ccid_device_settle(struct ccid_device *device, uint64_t deadline)
{
	enum ccid_result r;

	pthread_mutex_lock(&device->lock);
	while (!device->settled && await(device, deadline))
		continue;
	r = device->settled ? device->opening : CCID_DEADLINE;
	pthread_mutex_unlock(&device->lock);
	return r;
}

void
ccid_device_set_gone(struct ccid_device *device)
{
	pthread_mutex_lock(&device->lock);
	device->gone = true;
	pthread_cond_broadcast(&device->stir);
	if (device->opened)
		usb_pipe_set_gone(device->pipe);
	pthread_mutex_unlock(&device->lock);
}

static void
power_all_down(struct ccid_device *device)
{
	const uint64_t deadline = ccid_now() + SECOND;

	for (unsigned i = 0; i < ccid_device_slots(device); i++)
		if (device->slots[i].powered)
			ccid_slot_power_down(&device->slots[i], deadline);
}

void
ccid_device_close(struct ccid_device *device)
{
	bool joinable;

	pthread_mutex_lock(&device->lock);
	device->closing = true;
	pthread_cond_broadcast(&device->stir);
	joinable = device->joinable;
	device->joinable = false;
	pthread_mutex_unlock(&device->lock);
	ccid_device_cancel(device);
	if (joinable)
		pthread_join(device->attendant, NULL);
	ccid_line_enter(device->line, 0);
	/* From here on nobody reaches the pipe. */
	pthread_mutex_lock(&device->lock);
	device->opened = false;
	pthread_mutex_unlock(&device->lock);
	if (device->pipe != NULL) {
		power_all_down(device);
		usb_pipe_close(device->pipe);
		device->pipe = NULL;
	}
	if (device->usb != NULL)
		libusb_unref_device(device->usb);
	device->usb = NULL;
	ccid_line_leave(device->line);
}

const struct ccid_about *
ccid_device_about(const struct ccid_device *device)
{
	return &device->about;
}

const struct ccid_descriptor *
ccid_device_descriptor(const struct ccid_device *device)
{
	return &device->descriptor;
}

unsigned
ccid_device_slots(const struct ccid_device *device)
{
	unsigned shown = device->quirks.slots;

	return shown != 0 && shown < device->descriptor.slots ? shown : device->descriptor.slots;
}

bool
ccid_device_tells(const struct ccid_device *device)
{
	return device->reader.endpoints.interrupt != 0;
}
