/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/usb_control.h"

#include <string.h>

#include <glib.h>

/*
 * libusb's own waiting for a request tells a thread that it is over by a plain variable; with a
 * callback of ours the order is one that the compiler and its tools know.
 */
static void LIBUSB_CALL
on_end(struct libusb_transfer *transfer)
{
	__atomic_store_n((int *)transfer->user_data, 1, __ATOMIC_RELEASE);
}

static enum ccid_result
status_result(const struct libusb_transfer *transfer)
{
	switch (transfer->status) {
	case LIBUSB_TRANSFER_COMPLETED:
		return CCID_OK;
	case LIBUSB_TRANSFER_STALL:
		return CCID_UNSUPPORTED;
	case LIBUSB_TRANSFER_NO_DEVICE:
		return CCID_GONE;
	case LIBUSB_TRANSFER_CANCELLED:
	case LIBUSB_TRANSFER_TIMED_OUT:
		return CCID_SILENT;
	default:
		return CCID_LOST;
	}
}

static enum ccid_result
run(struct usb_loop *loop, struct libusb_transfer *transfer, int *done, uint64_t deadline)
{
	int error = libusb_submit_transfer(transfer);

	if (error == LIBUSB_ERROR_NO_DEVICE)
		return CCID_GONE;
	if (error != LIBUSB_SUCCESS)
		return error == LIBUSB_ERROR_NO_MEM ? CCID_NO_MEMORY : CCID_LOST;
	if (!usb_loop_wait(loop, done, deadline)) {
		libusb_cancel_transfer(transfer);
		usb_loop_wait(loop, done, 0);
	}
	return status_result(transfer);
}

enum ccid_result
usb_control(struct usb_loop *loop, libusb_device_handle *handle, const struct usb_request *request,
    uint8_t *data, size_t length, size_t *ret_done, uint64_t deadline)
{
	const bool in = (request->type & LIBUSB_ENDPOINT_IN) != 0;
	struct libusb_transfer *transfer;
	enum ccid_result r;
	uint8_t *buffer;
	int done = 0;

	*ret_done = 0;
	if (length > USB_CONTROL_MAX)
		return CCID_INVALID;
	transfer = libusb_alloc_transfer(0);
	if (transfer == NULL)
		return CCID_NO_MEMORY;
	buffer = g_malloc0(LIBUSB_CONTROL_SETUP_SIZE + length);
	libusb_fill_control_setup(buffer, request->type, request->request, request->value,
	    request->index, (uint16_t)length);
	if (!in && length > 0)
		memcpy(buffer + LIBUSB_CONTROL_SETUP_SIZE, data, length);
	libusb_fill_control_transfer(transfer, handle, buffer, on_end, &done, 0);
	r = run(loop, transfer, &done, deadline);
	if (r == CCID_OK && transfer->actual_length > 0)
		*ret_done = (size_t)transfer->actual_length;
	if (r == CCID_OK && in)
		memcpy(data, buffer + LIBUSB_CONTROL_SETUP_SIZE, *ret_done);
	g_free(buffer);
	libusb_free_transfer(transfer);
	return r;
}
