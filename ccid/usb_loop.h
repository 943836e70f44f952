/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libusb's events, and who handles them. While somebody waits for a transfer of theirs, they handle
 * what comes, themselves: no thread stands between a reader's answer and who waits for it. While
 * nobody waits, one thread listens to libusb's descriptors. It sleeps until one of them says
 * something; there is no period.
 */
#ifndef CCID_USB_LOOP_H
#define CCID_USB_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <libusb.h>

#include "ccid/result.h"

struct usb_loop;

/* Told by one thread at a time, which may not wait. The devices are referenced while told. */
struct usb_watcher {
	/* Each device once, however often the system reports it. */
	void (*arrived)(void *data, libusb_device *device);
	void (*left)(void *data, libusb_device *device);
	void *data;
};

/* Begins. CCID_OK, CCID_NO_MEMORY, or CCID_UNSUPPORTED: libusb cannot be used here. */
enum ccid_result usb_loop_new(struct usb_loop **ret);
/*
 * Tells of devices from now on, first of those that are there, before it returns. Once.
 * @watcher: copied
 * CCID_OK; CCID_UNSUPPORTED: the system does not say which devices come and go.
 */
enum ccid_result usb_loop_watch(struct usb_loop *loop, const struct usb_watcher *watcher);
/* After it nobody is told anything. All handles must be closed before. */
void usb_loop_free(struct usb_loop *loop);
/* Nobody is told of devices any more once it returns. */
void usb_loop_deafen(struct usb_loop *loop);

libusb_context *usb_loop_context(struct usb_loop *loop);

/*
 * Handles events until *done, which a callback sets, or the deadline (nanoseconds of
 * CLOCK_MONOTONIC; 0: none). Returns whether *done.
 */
bool usb_loop_wait(struct usb_loop *loop, int *done, uint64_t deadline);

#endif
