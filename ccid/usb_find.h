/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which interfaces of a device are readers, by its descriptors alone: nothing is opened.
 */
#ifndef CCID_USB_FIND_H
#define CCID_USB_FIND_H

#include "ccid/descriptor.h"
#include "ccid/name.h"
#include "ccid/usb_pipe.h"

#define USB_INTERFACES_MAX 16u /* of one device that are looked at */

/* An interface that says it is a reader. */
struct usb_reader {
	struct usb_endpoints endpoints;
	uint8_t configuration; /* bConfigurationValue */
	uint8_t protocol;      /* bInterfaceProtocol: 0 CCID; 1, 2: a card with USB (ICCD) */
	uint8_t name;          /* iInterface: index of a string; 0: none */
	uint8_t descriptor[CCID_DESCRIPTOR_SIZE];
};

/*
 * @vendor_class: whether interfaces of class FF may be readers (a quirk of the model)
 * @refused: called with one line for each interface that says it is a reader and cannot be used;
 *  may be NULL
 * Returns how many there are, at most USB_INTERFACES_MAX.
 */
unsigned usb_find(libusb_device *device, bool vendor_class, struct usb_reader *ret,
    void (*refused)(void *data, const char *line), void *data);

/* Where a device is plugged in; its interface is left 0. */
void usb_place(libusb_device *device, struct ccid_place *ret);
/* The same as text: "1-4.2", bus and ports. */
void usb_place_text(const struct ccid_place *place, char *out, size_t size);

#endif
