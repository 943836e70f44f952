/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/bundle/address.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

#define NAME_LENGTH_MAX 255u
#define NUMBER_MAX 255 /* of a bus, an address, an interface */
#define NODES "/dev/bus/usb/"

/* Moves *text past `word` if it stands there. */
static bool
take(const char **text, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*text, word, length) != 0)
		return false;
	*text += length;
	return true;
}

/* Four hexadecimal digits, no more and no less. */
static bool
take_id(const char **text, int *ret)
{
	int value = 0;

	for (unsigned i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value((*text)[i]);

		if (digit < 0)
			return false;
		value = value << 4 | digit;
	}
	*text += 4;
	*ret = value;
	return !g_ascii_isxdigit(**text);
}

static bool
take_number(const char **text, int *ret)
{
	int value = 0;
	const char *p = *text;

	while (g_ascii_isdigit(*p) && value <= NUMBER_MAX)
		value = value * 10 + (*p++ - '0');
	if (p == *text || value > NUMBER_MAX)
		return false;
	*text = p;
	*ret = value;
	return true;
}

/* The part that names one device; false: another kind, or none. */
static bool
take_device(const char *text, struct bundle_address *ret)
{
	if (take(&text, ":libudev:"))
		return take_number(&text, &ret->interface) && take(&text, ":" NODES) &&
		    take_number(&text, &ret->bus) && take(&text, "/") &&
		    take_number(&text, &ret->address) && *text == '\0';
	return take(&text, ":libusb-1.0:") && take_number(&text, &ret->bus) && take(&text, ":") &&
	    take_number(&text, &ret->address) && take(&text, ":") &&
	    take_number(&text, &ret->interface) && *text == '\0';
}

bool
bundle_address_parse(const char *name, struct bundle_address *ret)
{
	const struct bundle_address any = { -1, -1, -1, -1, -1 };
	struct bundle_address one;

	*ret = any;
	if (name == NULL)
		return true;
	if (strnlen(name, NAME_LENGTH_MAX + 1) > NAME_LENGTH_MAX || !take(&name, "usb:") ||
	    !take_id(&name, &ret->vendor) || !take(&name, "/") || !take_id(&name, &ret->product) ||
	    (*name != '\0' && *name != ':'))
		return false;
	one = *ret;
	if (take_device(name, &one))
		*ret = one;
	return true;
}
