/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One interface of a USB device, as a transport of messages: bulk transfers there and back, class
 * requests, notices from the interrupt endpoint. Knows nothing of cards.
 *
 * Reads are staged: a transfer of one packet first, which any packet ends, then one of exactly what
 * the message announces. So no read waits for a zero-length packet that some devices never send,
 * and one that was left over is a read of nothing, which is passed over.
 */
#ifndef CCID_USB_PIPE_H
#define CCID_USB_PIPE_H

#include "ccid/transport.h"
#include "ccid/usb_loop.h"

/* Where the endpoints are; 0: there is none. */
struct usb_endpoints {
	uint8_t interface;
	uint8_t in, out, interrupt;
	unsigned in_packet, interrupt_packet; /* bytes, never 0 */
	unsigned out_packet;
	bool zero_packet; /* a message of whole packets is ended by an empty one */
};

struct usb_pipe;

/*
 * What comes on the interrupt endpoint. Called by whoever handles events: it may not wait, nor call
 * the pipe. @message: NULL: the endpoint has failed, and is silent until usb_pipe_listen.
 */
typedef void usb_notice(void *data, const uint8_t *message, size_t length);

/*
 * Takes the interface of an open device; a kernel driver that has it is detached until the pipe is
 * closed.
 * @handle: the pipe's, also when it fails
 * CCID_OK; CCID_BUSY: somebody else has the interface; CCID_GONE; CCID_LOST; CCID_NO_MEMORY.
 */
enum ccid_result usb_pipe_open(struct usb_loop *loop, libusb_device_handle *handle,
    const struct usb_endpoints *endpoints, struct usb_pipe **ret);
/* Nobody may be inside. */
void usb_pipe_close(struct usb_pipe *pipe);

struct ccid_transport *usb_pipe_transport(struct usb_pipe *pipe);

/*
 * Begins to listen to the interrupt endpoint, again after it failed. CCID_OK; CCID_UNSUPPORTED:
 * there is none; CCID_GONE; CCID_LOST.
 */
enum ccid_result usb_pipe_listen(struct usb_pipe *pipe, usb_notice *notice, void *data);

/* Between the two usb_pipe_cancel has an effect: the wait in progress, or the next, ends once. */
void usb_pipe_begin(struct usb_pipe *pipe);
void usb_pipe_end(struct usb_pipe *pipe);
/* Any thread. */
void usb_pipe_cancel(struct usb_pipe *pipe);

/* The device is gone: every wait ends, every call fails from now on. Any thread. */
void usb_pipe_set_gone(struct usb_pipe *pipe);
bool usb_pipe_is_gone(struct usb_pipe *pipe);

/* Whether the port may be reset as a last resort; not where another interface is in use. */
void usb_pipe_allow_reset(struct usb_pipe *pipe, bool allow);

#endif
