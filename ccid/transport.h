/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the command layer wants of the way to a reader: whole messages there and back, control
 * requests, a clock. USB is one such way (usb_pipe.h); tests have another, with a script and a
 * clock of its own.
 *
 * One thread at a time uses it, but for cancel. Every wait ends at its deadline.
 */
#ifndef CCID_TRANSPORT_H
#define CCID_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include "ccid/result.h"

struct ccid_transport;

struct ccid_transport_ops {
	/* Nanoseconds of CLOCK_MONOTONIC. */
	uint64_t (*now)(struct ccid_transport *transport);
	/*
	 * Sends a message and receives the next one.
	 * @room: of `in`; CCID_IN_SIZE
	 * @ret_received: bytes of the message, which may be less than it announces
	 * CCID_OK; CCID_SILENT: nothing, or no whole message, before the deadline; CCID_LOST:
	 * stall, overflow, or a part of the message was not accepted; CCID_GONE; CCID_CANCELLED.
	 */
	enum ccid_result (*exchange)(struct ccid_transport *transport, const uint8_t *out,
	    size_t length, uint8_t *in, size_t room, size_t *ret_received, uint64_t deadline);
	/* Receives a message more. As above. */
	enum ccid_result (*receive)(struct ccid_transport *transport, uint8_t *in, size_t room,
	    size_t *ret_received, uint64_t deadline);
	/*
	 * A class request to the interface (wIndex is the transport's).
	 * @type: bmRequestType; decides the direction
	 * @ret_done: bytes moved
	 * CCID_OK; CCID_UNSUPPORTED: stalled; CCID_SILENT; CCID_LOST; CCID_GONE.
	 */
	enum ccid_result (*control)(struct ccid_transport *transport, uint8_t type, uint8_t request,
	    uint16_t value, uint8_t *data, size_t length, size_t *ret_done, uint64_t deadline);
	/* Clears a halt of both bulk endpoints. CCID_OK, CCID_LOST, CCID_GONE. */
	enum ccid_result (*clear_halt)(struct ccid_transport *transport);
	/*
	 * Resets the device's port and takes the interface again. CCID_OK; CCID_UNSUPPORTED: the
	 * device has other interfaces in use; CCID_GONE.
	 */
	enum ccid_result (*reset)(struct ccid_transport *transport);
	/* Waits. CCID_OK: the time is over; CCID_GONE; CCID_CANCELLED. */
	enum ccid_result (*rest)(struct ccid_transport *transport, uint64_t microseconds);
};

struct ccid_transport {
	const struct ccid_transport_ops *ops;
};

#endif
