/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/usb_open.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "ccid/bytes.h"
#include "ccid/thread.h"
#include "ccid/usb_control.h"

#define PERMISSION_FIRST_US 50000u
#define PERMISSION_TRIES 5u /* 50 to 800 ms: udev gives permissions after the device appears */
#define STATUS_TRIES 3u
#define STRING_MAX 255u
#define GET_DATA_RATES 0x03u
#define INTERFACE_TO_HOST 0xA1u

static enum ccid_result
identify(struct ccid_opening *opening, struct libusb_device_descriptor *device)
{
	struct ccid_about *about = opening->about;
	struct ccid_model model;

	if (libusb_get_device_descriptor(opening->usb, device) != LIBUSB_SUCCESS)
		return CCID_GONE;
	about->vendor = device->idVendor;
	about->product = device->idProduct;
	about->release = device->bcdDevice;
	about->address = libusb_get_device_address(opening->usb);
	about->configuration = opening->reader->configuration;
	usb_place(opening->usb, &about->place);
	about->place.interface = opening->reader->endpoints.interface;
	model = (struct ccid_model){ about->vendor, about->product, about->release, 0 };
	ccid_quirks_find(opening->quirks, &model, opening->model_quirks);
	return CCID_OK;
}

static enum ccid_result
open_result(int error)
{
	switch (error) {
	case LIBUSB_SUCCESS:
		return CCID_OK;
	case LIBUSB_ERROR_ACCESS:
		return CCID_REFUSED;
	case LIBUSB_ERROR_NO_DEVICE:
	case LIBUSB_ERROR_NOT_FOUND:
		return CCID_GONE;
	case LIBUSB_ERROR_NO_MEM:
		return CCID_NO_MEMORY;
	default:
		return CCID_LOST;
	}
}

static enum ccid_result
open_handle(const struct ccid_opening *opening, libusb_device_handle **ret)
{
	uint64_t pause = PERMISSION_FIRST_US;
	enum ccid_result r;

	for (unsigned i = 0; i <= PERMISSION_TRIES; i++, pause *= 2) {
		r = open_result(libusb_open(opening->usb, ret));
		if (r != CCID_REFUSED)
			return r;
		if (i == PERMISSION_TRIES || !opening->rest(opening->data, pause))
			break;
	}
	opening->note(opening->data,
	    "the system refuses access to the device: its node under /dev/bus/usb must be writable "
	    "for this user (udev rule of the package)");
	return CCID_REFUSED;
}

static size_t
get_string(const struct ccid_opening *opening, libusb_device_handle *handle, uint8_t index,
    uint16_t language, uint8_t out[STRING_MAX])
{
	const struct usb_request request = { LIBUSB_ENDPOINT_IN, LIBUSB_REQUEST_GET_DESCRIPTOR,
		(uint16_t)(LIBUSB_DT_STRING << 8 | index), language };
	size_t length;

	if (usb_control(opening->loop, handle, &request, out, STRING_MAX, &length,
		ccid_now() + CCID_CONTROL_US * 1000u) != CCID_OK)
		return 0;
	return length;
}

/* What a device says of itself, in its first language. */
static void
read_texts(struct ccid_opening *opening, libusb_device_handle *handle,
    const struct libusb_device_descriptor *device)
{
	struct ccid_about *about = opening->about;
	const struct {
		uint8_t index;
		char *out;
	} texts[] = {
		{ device->iManufacturer, about->vendor_name },
		{ device->iProduct, about->product_name },
		{ device->iSerialNumber, about->serial },
		{ opening->reader->name, about->interface_name },
	};
	uint8_t string[STRING_MAX];
	uint16_t language;

	if (get_string(opening, handle, 0, 0, string) < 4)
		return;
	language = ccid_get16(string + 2);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		size_t length = texts[i].index == 0
		    ? 0
		    : get_string(opening, handle, texts[i].index, language, string);

		if (length > 0)
			ccid_name_text(string, length, texts[i].out);
	}
}

static void
keep_rates(struct ccid_opening *opening, const uint32_t *rates, size_t count)
{
	opening->rates = g_new(uint32_t, count);
	memcpy(opening->rates, rates, count * sizeof *rates);
	opening->rate_count = count;
}

/* A table is a hint: whatever is wrong with it, there is none. */
static void
ask_rates(struct ccid_opening *opening, struct ccid_transport *transport)
{
	uint8_t bytes[4 * CCID_RATES_MAX];
	uint32_t rates[CCID_RATES_MAX];
	size_t asked = 4u * opening->descriptor->rate_count, done, count = 0;

	if (asked == 0 ||
	    transport->ops->control(transport, INTERFACE_TO_HOST, GET_DATA_RATES, 0, bytes, asked,
		&done, ccid_now() + CCID_CONTROL_US * 1000u) != CCID_OK ||
	    done % 4 != 0 || done > asked)
		return;
	for (size_t i = 0; i < done; i += 4)
		if (ccid_get32(bytes + i) != 0)
			rates[count++] = ccid_get32(bytes + i);
	if (count > 0)
		keep_rates(opening, rates, count);
}

static void
find_rates(struct ccid_opening *opening, struct ccid_transport *transport)
{
	const uint32_t *listed = opening->model_quirks->rates;
	size_t count = 0;

	while (count < CCID_RATES_LISTED_MAX && listed[count] != 0)
		count++;
	if (count > 0)
		keep_rates(opening, listed, count);
	else
		ask_rates(opening, transport);
}

/* The first answers of some readers are slow, and the very first may be an earlier owner's. */
static enum ccid_result
ask_first_status(struct ccid_opening *opening)
{
	unsigned factor = opening->model_quirks->slow > 1 ? opening->model_quirks->slow : 1;
	const struct ccid_patience patience = { factor * (uint64_t)CCID_SHORT_US,
		CCID_TOTAL_SHORT_US, false };
	enum ccid_result r = CCID_LOST;

	for (unsigned i = 0; i < STATUS_TRIES && r != CCID_OK && r != CCID_GONE; i++) {
		struct ccid_command command = { .type = CCID_GET_SLOT_STATUS };
		struct ccid_reply reply;

		r = ccid_command_run(opening->link, &command, &patience, 0, &reply);
	}
	if (r == CCID_GONE && opening->link->failed)
		r = CCID_LOST;
	return r;
}

static enum ccid_result
begin_link(struct ccid_opening *opening)
{
	struct ccid_transport *transport = usb_pipe_transport(opening->pipe);
	enum ccid_result r;

	r = ccid_link_init(
	    opening->link, transport, opening->descriptor->slots, opening->descriptor->message_max);
	if (r != CCID_OK)
		return r;
	opening->link->note = opening->note;
	opening->link->data = opening->data;
	if (opening->model_quirks->open_wait_us != 0)
		r = transport->ops->rest(transport, opening->model_quirks->open_wait_us);
	if (r == CCID_OK)
		r = ask_first_status(opening);
	if (r != CCID_OK) {
		ccid_link_done(opening->link);
		return r;
	}
	find_rates(opening, transport);
	return CCID_OK;
}

enum ccid_result
ccid_open(struct ccid_opening *opening)
{
	struct usb_endpoints endpoints = opening->reader->endpoints;
	struct libusb_device_descriptor device;
	libusb_device_handle *handle;
	enum ccid_result r;

	opening->pipe = NULL;
	opening->rates = NULL;
	opening->rate_count = 0;
	r = identify(opening, &device);
	if (r != CCID_OK)
		return r;
	if (opening->model_quirks->broken)
		opening->note(opening->data, "this firmware is known to be broken; update it");
	ccid_descriptor_read(opening->descriptor, opening->reader->descriptor,
	    opening->model_quirks, opening->note, opening->data);
	r = open_handle(opening, &handle);
	if (r != CCID_OK)
		return r;
	read_texts(opening, handle, &device);
	endpoints.zero_packet = opening->model_quirks->zero_packet;
	r = usb_pipe_open(opening->loop, handle, &endpoints, &opening->pipe);
	if (r != CCID_OK)
		return r;
	usb_pipe_allow_reset(opening->pipe, opening->about->interfaces == 1);
	r = begin_link(opening);
	if (r != CCID_OK) {
		usb_pipe_close(opening->pipe);
		opening->pipe = NULL;
	}
	return r;
}
