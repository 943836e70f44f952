/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The standard requests of USB 2.0, 9.4, as far as a client sends them, and the device's strings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/vusb_state.h"

enum {
	REQUEST_TYPE_MASK = 0x60, /* standard, class, vendor */
	GET_STATUS = 0,
	CLEAR_FEATURE = 1,
	SET_FEATURE = 3,
	GET_DESCRIPTOR = 6,
	GET_CONFIGURATION = 8,
	SET_CONFIGURATION = 9,
	SET_INTERFACE = 11,
	DESCRIPTOR_DEVICE = 1,
	DESCRIPTOR_CONFIGURATION = 2,
	DESCRIPTOR_STRING = 3,
	STRING_LENGTH_MAX = 255
};

void
vusb_set_string_bytes(struct vusb *device, unsigned index, const uint8_t *bytes, size_t length)
{
	struct vusb_string *string = &device->strings[index % (VUSB_STRINGS_MAX + 1)];

	vusb_lock(device);
	free(string->bytes);
	string->bytes = NULL;
	string->length = 0;
	if (bytes != NULL) {
		string->bytes = malloc(length + 1);
		if (string->bytes == NULL)
			abort();
		memcpy(string->bytes, bytes, length);
		string->length = length;
	}
	vusb_unlock(device);
}

void
vusb_set_string(struct vusb *device, unsigned index, const char *text)
{
	uint8_t bytes[STRING_LENGTH_MAX];
	size_t length = 2;

	if (text == NULL) {
		vusb_set_string_bytes(device, index, NULL, 0);
		return;
	}
	for (; *text != '\0' && length + 2 <= sizeof bytes; text++) {
		bytes[length++] = (uint8_t)*text;
		bytes[length++] = 0;
	}
	bytes[0] = (uint8_t)length;
	bytes[1] = DESCRIPTOR_STRING;
	vusb_set_string_bytes(device, index, bytes, length);
}

static int
get_descriptor(struct vusb *device, unsigned value, uint8_t *data, size_t length)
{
	static const uint8_t languages[] = { 4, DESCRIPTOR_STRING, 0x09, 0x04 };
	unsigned index = value & 0xFF;
	const uint8_t *from = device->descriptors;
	size_t all = device->descriptors_length, count;

	switch (value >> 8) {
	case DESCRIPTOR_DEVICE:
		count = all < VUSB_DEVICE_DESCRIPTOR ? all : VUSB_DEVICE_DESCRIPTOR;
		break;
	case DESCRIPTOR_CONFIGURATION:
		if (all <= VUSB_DEVICE_DESCRIPTOR)
			return -EPIPE;
		from += VUSB_DEVICE_DESCRIPTOR;
		count = all - VUSB_DEVICE_DESCRIPTOR;
		break;
	case DESCRIPTOR_STRING:
		if (index > VUSB_STRINGS_MAX)
			return -EPIPE;
		from = device->strings[index].bytes;
		count = device->strings[index].length;
		if (index == 0 && from == NULL) {
			from = languages;
			count = sizeof languages;
		}
		if (from == NULL)
			return -EPIPE;
		break;
	default:
		return -EPIPE;
	}
	if (count > length)
		count = length;
	memcpy(data, from, count);
	return (int)count;
}

int
vusb_control(struct vusb *device, const uint8_t setup[8], uint8_t *data, size_t length)
{
	if ((setup[0] & REQUEST_TYPE_MASK) != 0)
		return device->model->control != NULL
		    ? device->model->control(device->impl, setup, data, length)
		    : -EPIPE;
	switch (setup[1]) {
	case GET_DESCRIPTOR:
		return get_descriptor(device, (unsigned)(setup[2] | setup[3] << 8), data, length);
	case GET_CONFIGURATION:
		if (length >= 1)
			data[0] = 1;
		return length >= 1;
	case GET_STATUS:
		memset(data, 0, length < 2 ? length : 2);
		return length < 2 ? (int)length : 2;
	case CLEAR_FEATURE:
	case SET_FEATURE:
	case SET_CONFIGURATION:
	case SET_INTERFACE:
		return 0;
	default:
		return -EPIPE;
	}
}
