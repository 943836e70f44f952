/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/bundle/find.h"

static bool
is(int wanted, int given)
{
	return wanted < 0 || wanted == given;
}

static bool
is_meant(const struct bundle_address *address, libusb_device *usb,
    const struct libusb_device_descriptor *descriptor)
{
	return is(address->vendor, descriptor->idVendor) &&
	    is(address->product, descriptor->idProduct) &&
	    is(address->bus, libusb_get_bus_number(usb)) &&
	    is(address->address, libusb_get_device_address(usb));
}

static enum ccid_result
offer_device(libusb_device *usb, const struct ccid_quirk_table *table,
    const struct bundle_address *address,
    enum ccid_result (*offer)(void *data, const struct bundle_candidate *candidate), void *data)
{
	struct usb_reader readers[USB_INTERFACES_MAX];
	struct libusb_device_descriptor descriptor;
	struct bundle_candidate candidate;
	struct ccid_quirks quirks;
	struct ccid_model model;
	enum ccid_result r = CCID_GONE;

	if (libusb_get_device_descriptor(usb, &descriptor) != LIBUSB_SUCCESS ||
	    !is_meant(address, usb, &descriptor))
		return CCID_GONE;
	model = (struct ccid_model){ descriptor.idVendor, descriptor.idProduct,
		descriptor.bcdDevice, 0 };
	ccid_quirks_find(table, &model, &quirks);
	candidate = (struct bundle_candidate){ .usb = usb };
	candidate.interfaces = usb_find(usb, quirks.vendor_class, readers, NULL, NULL);
	candidate.one_line = candidate.interfaces > 1 && quirks.device_lock;
	for (unsigned i = 0; i < candidate.interfaces && r != CCID_OK; i++) {
		candidate.reader = &readers[i];
		if (is(address->interface, readers[i].endpoints.interface))
			r = offer(data, &candidate);
	}
	return r;
}

enum ccid_result
bundle_find(libusb_context *context, const struct ccid_quirk_table *quirks,
    const struct bundle_address *address,
    enum ccid_result (*offer)(void *data, const struct bundle_candidate *candidate), void *data)
{
	libusb_device **list;
	ssize_t count = libusb_get_device_list(context, &list);
	enum ccid_result r = CCID_GONE;

	for (ssize_t i = 0; i < count && r != CCID_OK; i++) {
		enum ccid_result result = offer_device(list[i], quirks, address, offer, data);

		if (result != CCID_GONE)
			r = result;
	}
	if (count >= 0)
		libusb_free_device_list(list, 1);
	return r;
}
