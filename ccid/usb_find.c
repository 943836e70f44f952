/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/usb_find.h"

#include <stdio.h>
#include <string.h>

#define CLASS_SMART_CARD 0x0Bu
#define CLASS_VENDOR 0xFFu
#define TYPE_MASK 0x03u
#define TYPE_BULK 0x02u
#define TYPE_INTERRUPT 0x03u
#define DIRECTION_IN 0x80u
#define PACKET_MASK 0x7FFu
#define PACKET_DEFAULT 64u

/* Where libusb gave a broken description up, there are fewer endpoints than it announces: none. */
static unsigned
endpoint_count(const struct libusb_interface_descriptor *setting)
{
	return setting->endpoint != NULL ? setting->bNumEndpoints : 0;
}

static unsigned
packet_size(const struct libusb_endpoint_descriptor *endpoint)
{
	unsigned size = endpoint->wMaxPacketSize & PACKET_MASK;

	return size != 0 ? size : PACKET_DEFAULT;
}

/* The first of each kind counts. */
static void
find_endpoints(const struct libusb_interface_descriptor *setting, struct usb_endpoints *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->interface = setting->bInterfaceNumber;
	for (unsigned i = 0; i < endpoint_count(setting); i++) {
		const struct libusb_endpoint_descriptor *endpoint = &setting->endpoint[i];
		bool in = (endpoint->bEndpointAddress & DIRECTION_IN) != 0;
		unsigned type = endpoint->bmAttributes & TYPE_MASK;

		if (type == TYPE_BULK && in && ret->in == 0) {
			ret->in = endpoint->bEndpointAddress;
			ret->in_packet = packet_size(endpoint);
		} else if (type == TYPE_BULK && !in && ret->out == 0) {
			ret->out = endpoint->bEndpointAddress;
			ret->out_packet = packet_size(endpoint);
		} else if (type == TYPE_INTERRUPT && in && ret->interrupt == 0) {
			ret->interrupt = endpoint->bEndpointAddress;
			ret->interrupt_packet = packet_size(endpoint);
		}
	}
}

static const uint8_t *
find_in(const unsigned char *extra, int length)
{
	return extra != NULL && length > 0 ? ccid_descriptor_find(extra, (size_t)length) : NULL;
}

/* Behind the interface's own descriptor, or where some devices put it by mistake. */
static const uint8_t *
find_class_descriptor(const struct libusb_config_descriptor *configuration,
    const struct libusb_interface_descriptor *setting)
{
	const uint8_t *found = find_in(setting->extra, setting->extra_length);

	for (unsigned i = endpoint_count(setting); found == NULL && i > 0; i--)
		found =
		    find_in(setting->endpoint[i - 1].extra, setting->endpoint[i - 1].extra_length);
	return found != NULL ? found : find_in(configuration->extra, configuration->extra_length);
}

struct finder {
	bool vendor_class;
	void (*refused)(void *data, const char *line);
	void *data;
	struct usb_reader *ret;
	unsigned count;
};

static void
refuse(const struct finder *finder, unsigned interface, const char *cause)
{
	char line[128];

	if (finder->refused == NULL)
		return;
	snprintf(line, sizeof line, "interface %u is not used: %s", interface, cause);
	finder->refused(finder->data, line);
}

static void
look(struct finder *finder, const struct libusb_config_descriptor *configuration,
    const struct libusb_interface_descriptor *setting)
{
	struct usb_reader *reader = &finder->ret[finder->count];
	const uint8_t *descriptor;

	if (setting->bInterfaceClass != CLASS_SMART_CARD &&
	    (setting->bInterfaceClass != CLASS_VENDOR || !finder->vendor_class))
		return;
	descriptor = find_class_descriptor(configuration, setting);
	if (descriptor == NULL) {
		refuse(finder, setting->bInterfaceNumber, "it has no CCID class descriptor");
		return;
	}
	find_endpoints(setting, &reader->endpoints);
	if (setting->bInterfaceProtocol != 0) {
		refuse(finder, setting->bInterfaceNumber,
		    "it works by control requests (ICCD), which this driver does not speak");
		return;
	}
	if (reader->endpoints.in == 0 || reader->endpoints.out == 0) {
		refuse(finder, setting->bInterfaceNumber, "it lacks a bulk endpoint");
		return;
	}
	reader->configuration = configuration->bConfigurationValue;
	reader->protocol = setting->bInterfaceProtocol;
	reader->name = setting->iInterface;
	memcpy(reader->descriptor, descriptor, sizeof reader->descriptor);
	finder->count++;
}

unsigned
usb_find(libusb_device *device, bool vendor_class, struct usb_reader *ret,
    void (*refused)(void *data, const char *line), void *data)
{
	struct finder finder = { vendor_class, refused, data, ret, 0 };
	struct libusb_config_descriptor *configuration;

	if (libusb_get_active_config_descriptor(device, &configuration) != LIBUSB_SUCCESS)
		return 0;
	for (unsigned i = 0; i < configuration->bNumInterfaces && finder.count < USB_INTERFACES_MAX;
	     i++)
		if (configuration->interface[i].num_altsetting > 0)
			look(&finder, configuration, configuration->interface[i].altsetting);
	libusb_free_config_descriptor(configuration);
	return finder.count;
}

void
usb_place(libusb_device *device, struct ccid_place *ret)
{
	int count = libusb_get_port_numbers(device, ret->ports, (int)CCID_PORTS_MAX);

	ret->bus = libusb_get_bus_number(device);
	ret->port_count = count > 0 ? (unsigned)count : 0;
	ret->interface = 0;
}

void
usb_place_text(const struct ccid_place *place, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "%u", place->bus);

	for (unsigned i = 0; i < place->port_count && used < size; i++)
		used += (size_t)snprintf(
		    out + used, size - used, "%c%u", i == 0 ? '-' : '.', place->ports[i]);
}
