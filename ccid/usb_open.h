/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a reader: from a device that was found to a link that answers. */
#ifndef CCID_USB_OPEN_H
#define CCID_USB_OPEN_H

#include "ccid/device.h"

struct ccid_opening {
	/* In. */
	struct usb_loop *loop;
	libusb_device *usb;
	const struct usb_reader *reader;
	const struct ccid_quirk_table *quirks;
	void (*note)(void *data, const char *line);
	/* Waits; returns false: do not go on. */
	bool (*rest)(void *data, uint64_t microseconds);
	void *data; /* becomes the link's */
	/* Filled; about->interfaces is the caller's. */
	struct ccid_about *about;
	struct ccid_descriptor *descriptor;
	struct ccid_quirks *model_quirks; /* those of slot 0 */
	struct ccid_link *link;           /* initialised on CCID_OK */
	/* Out. */
	struct usb_pipe *pipe; /* to be closed */
	uint32_t *rates;       /* of GET_DATA_RATES or the quirks; freed with g_free; NULL: none */
	size_t rate_count;
};

/*
 * CCID_OK; CCID_BUSY: another program or driver has the interface; CCID_REFUSED: no permission;
 * CCID_GONE; CCID_LOST: it does not answer as a reader.
 */
enum ccid_result ccid_open(struct ccid_opening *opening);

#endif
