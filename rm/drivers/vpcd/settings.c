/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/vpcd/settings.h"

#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define EXPECTED "expected tcp:PORT or unix:PATH, with +SLOTS behind it for more than one slot"
/* Room for "." and a slot's number behind the path. */
#define PATH_SUFFIX_MAX 3u

static int fail(char *message, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int
fail(char *message, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, VPCD_MESSAGE_SIZE, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/* A plain decimal number. */
static bool
parse_number(const char *text, size_t length, unsigned minimum, unsigned maximum, unsigned *ret)
{
	g_autofree char *copy = g_strndup(text, length);
	guint64 number;

	if (!g_ascii_string_to_unsigned(copy, 10, minimum, maximum, &number, NULL))
		return false;
	*ret = (unsigned)number;
	return true;
}

/* Cuts "+SLOTS" off the end of the address; a path may have plus signs of its own before it. */
static int
parse_slots(const char *address, size_t *length, unsigned *ret, char *message)
{
	const char *plus = strrchr(address, '+');

	*ret = 1;
	if (plus == NULL || strspn(plus + 1, "0123456789") != strlen(plus + 1))
		return 0;
	if (!parse_number(plus + 1, strlen(plus + 1), 1, VPCD_SLOTS_MAX, ret))
		return fail(message, "vpcd: \"%.40s\" is not a number of slots from +1 to +%u",
		    plus, VPCD_SLOTS_MAX);
	*length = (size_t)(plus - address);
	return 0;
}

static int
parse_tcp(const char *address, size_t length, struct vpcd_settings *settings, char *message)
{
	unsigned port;

	if (!parse_number(address, length, 1, UINT16_MAX, &port))
		return fail(
		    message, "vpcd: \"%.40s\" is not a port from 1 to 65535; " EXPECTED, address);
	if (port + settings->slots - 1 > UINT16_MAX)
		return fail(message,
		    "vpcd: %u slots from port %u on reach beyond port 65535; choose a lower port",
		    settings->slots, port);
	settings->transport = VPCD_TCP;
	settings->port = (uint16_t)port;
	return 0;
}

static int
parse_unix(const char *address, size_t length, struct vpcd_settings *settings, char *message)
{
	size_t most = VPCD_PATH_SIZE - 1 - (settings->slots > 1 ? PATH_SUFFIX_MAX : 0);

	if (length == 0)
		return fail(message, "vpcd: the path behind unix: is missing; " EXPECTED);
	if (length > most)
		return fail(message,
		    "vpcd: the path behind unix: has %zu bytes; a socket's address takes %zu",
		    length, most);
	settings->transport = VPCD_UNIX;
	memcpy(settings->path, address, length);
	return 0;
}

int
vpcd_settings_parse(const char *text, struct vpcd_settings *ret, char *message)
{
	struct vpcd_settings settings = { .port = 0 };
	bool tcp = text != NULL && g_str_has_prefix(text, "tcp:");
	const char *address;
	size_t length;
	int r;

	if (text == NULL || text[0] == '\0')
		return fail(message, "vpcd: no address to listen on; " EXPECTED);
	if (!tcp && !g_str_has_prefix(text, "unix:"))
		return fail(message, "vpcd: \"%.40s\" is not understood; " EXPECTED, text);
	address = strchr(text, ':') + 1;
	length = strlen(address);
	r = parse_slots(address, &length, &settings.slots, message);
	if (r == 0)
		r = tcp ? parse_tcp(address, length, &settings, message)
			: parse_unix(address, length, &settings, message);
	if (r == 0)
		*ret = settings;
	return r;
}

void
vpcd_settings_address(const struct vpcd_settings *settings, unsigned slot, char *out, size_t size)
{
	if (settings->transport == VPCD_TCP)
		snprintf(out, size, "127.0.0.1:%u", settings->port + slot);
	else if (slot == 0)
		snprintf(out, size, "%s", settings->path);
	else
		snprintf(out, size, "%s.%u", settings->path, slot);
}
