/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests on the control pipe of an open device. */
#ifndef CCID_USB_CONTROL_H
#define CCID_USB_CONTROL_H

#include <stddef.h>

#include "ccid/usb_loop.h"

#define USB_CONTROL_MAX 4096u /* usbfs takes no more */

/* bmRequestType, bRequest, wValue, wIndex. */
struct usb_request {
	uint8_t type, request;
	uint16_t value, index;
};

/*
 * Runs a request; it is taken back when its time is up.
 * @data: out or in, by the request's type; NULL when length is 0
 * @ret_done: bytes moved
 * CCID_OK; CCID_UNSUPPORTED: stalled; CCID_SILENT; CCID_GONE; CCID_LOST; CCID_NO_MEMORY;
 * CCID_INVALID: longer than USB_CONTROL_MAX.
 */
enum ccid_result
usb_control(struct usb_loop *loop, libusb_device_handle *handle, const struct usb_request *request,
    uint8_t *data, size_t length, size_t *ret_done, uint64_t deadline);

#endif
