/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/name.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ccid/bytes.h"

#define TYPE_STRING 0x03u
#define PART_MAX 40 /* of a name that is too long: bytes of interface and serial number each */

void
ccid_name_text(const uint8_t *descriptor, size_t length, char out[CCID_NAME_SIZE])
{
	size_t n = 0;

	out[0] = '\0';
	if (length < 2 || descriptor[1] != TYPE_STRING)
		return;
	if (descriptor[0] < length)
		length = descriptor[0];
	for (size_t at = 2; at + 1 < length && n < CCID_TEXT_MAX; at += 2) {
		uint16_t unit = ccid_get16(descriptor + at);

		out[n++] = unit >= 0x20 && unit <= 0x7E ? (char)unit : '.';
	}
	out[n] = '\0';
}

static const char *
text_of(const char *text)
{
	return text != NULL ? text : "";
}

/* Maker and model, without the maker's name twice. */
static void
friendly(const struct ccid_labels *labels, char *out, size_t size)
{
	const char *vendor = text_of(labels->vendor_name), *product = text_of(labels->product_name);
	size_t length = strlen(vendor);
	bool twice = strncasecmp(vendor, product, length) == 0 &&
	    (product[length] == ' ' || product[length] == '\0');

	if (vendor[0] == '\0' && product[0] == '\0')
		snprintf(out, size, "CCID reader %04X:%04X", (unsigned)labels->vendor,
		    (unsigned)labels->product);
	else if (product[0] == '\0')
		snprintf(out, size, "%s", vendor);
	else if (vendor[0] == '\0' || twice)
		snprintf(out, size, "%s", product);
	else
		snprintf(out, size, "%s %s", vendor, product);
}

/* What stands behind maker and model. @most: bytes of each text */
static void
suffix(const struct ccid_labels *labels, unsigned reader, unsigned slot, int most, char *out,
    size_t size)
{
	const char *interface = text_of(labels->interface_name), *serial = text_of(labels->serial);

	snprintf(out, size, "%s%.*s%s%s%.*s%s %02X %02X", interface[0] != '\0' ? " [" : "", most,
	    interface, interface[0] != '\0' ? "]" : "", serial[0] != '\0' ? " (" : "", most, serial,
	    serial[0] != '\0' ? ")" : "", reader & 0xFFFF, slot & 0xFF);
}

void
ccid_name_make(
    const struct ccid_labels *labels, unsigned reader, unsigned slot, char out[CCID_NAME_SIZE])
{
	char model[2 * CCID_NAME_SIZE], rest[3 * CCID_NAME_SIZE];

	friendly(labels, model, sizeof model);
	suffix(labels, reader, slot, (int)CCID_TEXT_MAX, rest, sizeof rest);
	if (strlen(model) + strlen(rest) > CCID_TEXT_MAX)
		suffix(labels, reader, slot, PART_MAX, rest, sizeof rest);
	snprintf(out, CCID_NAME_SIZE, "%.*s%s", (int)(CCID_TEXT_MAX - strlen(rest)), model, rest);
}

void
ccid_name_identity(const struct ccid_labels *labels, const struct ccid_place *place, unsigned slot,
    char out[CCID_NAME_SIZE])
{
	char ports[4 * CCID_PORTS_MAX + 1] = "";
	size_t length = 0;

	for (unsigned i = 0; i < place->port_count && i < CCID_PORTS_MAX; i++)
		length += (size_t)snprintf(ports + length, sizeof ports - length, "%s%u",
		    i > 0 ? "." : "", (unsigned)place->ports[i]);
	snprintf(out, CCID_NAME_SIZE, "usb-%u-%s:%u/%u %04X:%04X%s%s", place->bus, ports,
	    (unsigned)place->interface, slot, (unsigned)labels->vendor, (unsigned)labels->product,
	    text_of(labels->serial)[0] != '\0' ? " " : "", text_of(labels->serial));
}
