/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader: one CCID interface of a USB device with its slots, from the moment it is found until it
 * is gone. The core that both fronts share.
 *
 * Threads. A device has one thread of its own, the attendant, while there is something to attend
 * to: opening it, and looking at the slots after the interrupt endpoint said that a card moved. It
 * ends when there is nothing left to do, so an idle reader has none. Exchanges run on their
 * callers' threads, one at a time a line. A movement that is noticed during an exchange is looked
 * at by whoever has the line, when they are done.
 *
 * Lives by references. "Gone" is a latch: every call after it fails with CCID_GONE.
 */
#ifndef CCID_DEVICE_H
#define CCID_DEVICE_H

#include "ccid/descriptor.h"
#include "ccid/line.h"
#include "ccid/name.h"
#include "ccid/quirks.h"
#include "ccid/slot.h"
#include "ccid/usb_find.h"

/* What a device says of itself, made fit to be shown, and where it is. */
struct ccid_about {
	uint16_t vendor, product, release;
	uint8_t address, configuration;
	struct ccid_place place;
	unsigned interfaces; /* CCID interfaces of the device */
	char vendor_name[CCID_NAME_SIZE], product_name[CCID_NAME_SIZE], serial[CCID_NAME_SIZE],
	    interface_name[CCID_NAME_SIZE];
};

struct ccid_device;

/* Whom a device tells. From its own threads and its callers'; they may not call the device. */
struct ccid_audience {
	/* It is open, and may be used. Once. */
	void (*ready)(void *data, struct ccid_device *device);
	/* A card came or went. In order; what is there at the beginning is told after `ready`. */
	void (*card)(void *data, struct ccid_device *device, unsigned slot, bool present);
	/*
	 * It cannot be used any more: it is out of its mind, or a transfer found it gone before
	 * ccid_device_set_gone. At most once; not before `ready`.
	 */
	void (*lost)(void *data, struct ccid_device *device);
	/* For the log. */
	void (*note)(void *data, struct ccid_device *device, const char *line);
	void *data;
};

struct ccid_device_options {
	struct ccid_options slot;
	const struct ccid_quirk_table *quirks;
	bool first_try_only; /* do not wait for a device that somebody else holds */
};

/*
 * Begins to open an interface. The answer comes by `ready`, or by ccid_device_settle.
 * @interfaces: how many CCID interfaces the device has
 * @line: NULL: its own
 * @audience: copied; stays valid until ccid_device_close returns
 */
struct ccid_device *ccid_device_new(struct usb_loop *loop, libusb_device *usb,
    const struct usb_reader *reader, unsigned interfaces, struct ccid_line *line,
    const struct ccid_device_options *options, const struct ccid_audience *audience);
struct ccid_device *ccid_device_ref(struct ccid_device *device);
void ccid_device_unref(struct ccid_device *device);

/*
 * Waits until the first attempt to open it is over.
 * CCID_OK; CCID_BUSY, CCID_REFUSED, ... : why not; it may go on trying. CCID_DEADLINE.
 */
enum ccid_result ccid_device_settle(struct ccid_device *device, uint64_t deadline);

/* It was unplugged: everything ends soon. Any thread; does not wait. */
void ccid_device_set_gone(struct ccid_device *device);
/*
 * Ends it: cards are powered off where the device is still there, the interface is given back.
 * Waits for those inside. The audience is told nothing after it.
 */
void ccid_device_close(struct ccid_device *device);

/* Constant once it was ready. */
const struct ccid_about *ccid_device_about(const struct ccid_device *device);
const struct ccid_descriptor *ccid_device_descriptor(const struct ccid_device *device);
unsigned ccid_device_slots(const struct ccid_device *device);
/* It has an interrupt endpoint that tells of cards. */
bool ccid_device_tells(const struct ccid_device *device);

/*
 * Takes the line for an exchange with a slot; to be given back on CCID_OK.
 * CCID_GONE; CCID_DEADLINE; CCID_INVALID: no such slot.
 */
enum ccid_result ccid_device_enter(
    struct ccid_device *device, unsigned number, uint64_t deadline, struct ccid_slot **ret);
void ccid_device_leave(struct ccid_device *device);
/* Is there a card? For who is inside; what is found is told as well. */
enum ccid_result
ccid_device_look(struct ccid_device *device, unsigned number, uint64_t deadline, bool *ret_present);
/* The same as it was last seen; nothing is asked. */
bool ccid_device_has_card(const struct ccid_device *device, unsigned number);
/* Ends the exchange in progress. Any thread; does not wait. */
void ccid_device_cancel(struct ccid_device *device);

#endif
