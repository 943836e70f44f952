/* SPDX-License-Identifier: BSD-2-Clause */
/* Which readers that are plugged in a manager's name means. */
#ifndef CCID_BUNDLE_FIND_H
#define CCID_BUNDLE_FIND_H

#include "ccid/bundle/address.h"
#include "ccid/quirks.h"
#include "ccid/result.h"
#include "ccid/usb_find.h"

/* An interface that is meant. */
struct bundle_candidate {
	libusb_device *usb;
	const struct usb_reader *reader;
	unsigned interfaces; /* CCID interfaces of the device */
	bool one_line;       /* its interfaces block each other: one command at a time for all */
};

/*
 * Offers each interface that is meant, until one is taken.
 * @offer: returns CCID_OK: it is taken
 * CCID_OK; CCID_GONE: there is none; or why the last one was not taken.
 */
enum ccid_result bundle_find(libusb_context *context, const struct ccid_quirk_table *quirks,
    const struct bundle_address *address,
    enum ccid_result (*offer)(void *data, const struct bundle_candidate *candidate), void *data);

#endif
