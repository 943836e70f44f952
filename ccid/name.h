/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a slot is called: a name to display, as pcsc-lite makes them, and an identity that stays
 * when the reader is unplugged and plugged in again. The texts that both are made of come from the
 * device, so they are made harmless first. Pure.
 */
#ifndef CCID_NAME_H
#define CCID_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "ccid/limits.h"

#define CCID_NAME_SIZE (CCID_TEXT_MAX + 1) /* NUL included */
#define CCID_PORTS_MAX 7u                  /* hubs in a row, as USB allows */

/*
 * A string descriptor (USB 2.0, 9.6.7) as text: what is not 20 to 7E becomes a dot, what is longer
 * than CCID_TEXT_MAX is cut off. Empty: no such descriptor.
 */
void ccid_name_text(const uint8_t *descriptor, size_t length, char out[CCID_NAME_SIZE]);

struct ccid_place {
	unsigned bus;
	uint8_t ports[CCID_PORTS_MAX];
	unsigned port_count; /* more than CCID_PORTS_MAX are not looked at */
	uint8_t interface;   /* bInterfaceNumber */
};

struct ccid_labels {
	uint16_t vendor, product; /* idVendor, idProduct */
	/* Of ccid_name_text; empty or NULL: none. */
	const char *vendor_name, *product_name, *interface_name, *serial;
};

/* `Maker Model [Interface] (Serial) RR SS`, at most CCID_TEXT_MAX bytes: the middle is cut. */
void ccid_name_make(
    const struct ccid_labels *labels, unsigned reader, unsigned slot, char out[CCID_NAME_SIZE]);

/* `usb-BUS-PORT.PORT:INTERFACE/SLOT VVVV:PPPP SERIAL`, at most CCID_TEXT_MAX bytes. */
void ccid_name_identity(const struct ccid_labels *labels, const struct ccid_place *place,
    unsigned slot, char out[CCID_NAME_SIZE]);

#endif
