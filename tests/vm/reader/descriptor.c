/* SPDX-License-Identifier: BSD-2-Clause */
/* What the reader says of itself: device, configuration with the CCID class descriptor, names. */
#include <string.h>

#include "tests/vm/reader/reader.h"

#define TYPE_DEVICE 1
#define TYPE_CONFIGURATION 2
#define TYPE_STRING 3
#define TYPE_QUALIFIER 6
#define CLASS_LENGTH 54u

static void
put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static void
put32(uint8_t *at, uint32_t value)
{
	put16(at, value & 0xFFFF);
	put16(at + 2, value >> 16);
}

static size_t
device(const struct settings *settings, uint8_t *out)
{
	static const uint8_t fixed[18] = { 18, TYPE_DEVICE, 0x00, 0x02, 0, 0, 0, 64, 0, 0, 0, 0,
		0x00, 0x01, 1, 2, 3, 1 };

	memcpy(out, fixed, sizeof fixed);
	put16(out + 8, settings->vendor);
	put16(out + 10, settings->product);
	return sizeof fixed;
}

/* USB CCID 1.1, 5.1. */
static void
class_descriptor(const struct settings *settings, uint8_t *out)
{
	memset(out, 0, CLASS_LENGTH);
	out[0] = CLASS_LENGTH;
	out[1] = 0x21;
	put16(out + 2, 0x0110);
	out[4] = (uint8_t)(settings->slots - 1);
	out[5] = 7; /* any voltage */
	put32(out + 6, settings->protocols);
	put32(out + 10, 4000); /* kHz */
	put32(out + 14, 4000);
	put32(out + 19, 10752); /* bit/s */
	put32(out + 23, 344086);
	put32(out + 28, 254); /* IFSD */
	put32(out + 40, settings->features);
	put32(out + 44, settings->message_max);
	out[48] = out[49] = 0xFF;
	out[53] = (uint8_t)settings->slots; /* busy at a time */
}

static size_t
configuration(const struct settings *settings, uint8_t *out)
{
	static const uint8_t head[18] = { 9, TYPE_CONFIGURATION, 0, 0, 1, 1, 0, 0xA0, 50, 9, 4, 0,
		0, 3, 0x0B, 0, 0, 0 };
	static const uint8_t endpoints[21] = { 7, 5, 0x02, 2, 0, 0, 0, 7, 5, 0x81, 2, 0, 0, 0, 7, 5,
		0x83, 3, 8, 0, 0 };
	unsigned packet = settings->full_speed ? 64 : 512;
	size_t length = sizeof head + CLASS_LENGTH + sizeof endpoints;
	uint8_t *tail = out + sizeof head + CLASS_LENGTH;

	memcpy(out, head, sizeof head);
	put16(out + 2, (unsigned)length);
	class_descriptor(settings, out + sizeof head);
	memcpy(tail, endpoints, sizeof endpoints);
	put16(tail + 4, packet);
	put16(tail + 11, packet);
	tail[20] = settings->full_speed ? 8 : 7; /* 8 ms */
	return length;
}

static size_t
string(uint8_t index, uint8_t *out)
{
	static const char *const texts[] = { "Tessera", "Software Reader", "0001" };
	static const uint8_t languages[4] = { 4, TYPE_STRING, 0x09, 0x04 };
	size_t length = 2;

	if (index == 0) {
		memcpy(out, languages, sizeof languages);
		return sizeof languages;
	}
	if (index > G_N_ELEMENTS(texts))
		return 0;
	for (const char *c = texts[index - 1]; *c != '\0'; c++) {
		out[length++] = (uint8_t)*c;
		out[length++] = 0;
	}
	out[0] = (uint8_t)length;
	out[1] = TYPE_STRING;
	return length;
}

size_t
descriptor(const struct settings *settings, uint8_t type, uint8_t index, uint8_t *out)
{
	static const uint8_t qualifier[10] = { 10, TYPE_QUALIFIER, 0x00, 0x02, 0, 0, 0, 64, 1, 0 };

	switch (type) {
	case TYPE_DEVICE:
		return device(settings, out);
	case TYPE_CONFIGURATION:
		return configuration(settings, out);
	case TYPE_STRING:
		return string(index, out);
	case TYPE_QUALIFIER:
		if (settings->full_speed)
			return 0;
		memcpy(out, qualifier, sizeof qualifier);
		return sizeof qualifier;
	default:
		return 0;
	}
}
