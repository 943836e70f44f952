/* SPDX-License-Identifier: BSD-2-Clause */
/* The name by which a manager opens a reader: which device, which interface of it. Pure. */
#ifndef CCID_BUNDLE_ADDRESS_H
#define CCID_BUNDLE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* -1: the name does not say. */
struct bundle_address {
	int vendor, product;
	int bus, address, interface;
};

/*
 * `usb:VVVV/PPPP` in hexadecimal, any device of that model, with
 * `:libudev:INTERFACE:/dev/bus/usb/BBB/DDD` or `:libusb-1.0:BUS:ADDRESS:INTERFACE` behind it for
 * one of several. What else stands behind a colon is not understood and does not count. NULL: any
 * device. Returns false: that is no name of a USB device.
 */
bool bundle_address_parse(const char *name, struct bundle_address *ret);

#endif
