/* SPDX-License-Identifier: BSD-2-Clause */
/* Which drivers `embedded:` names. */
#include <stdio.h>
#include <string.h>

#include "rm/api/embedded.h"

#define DEFAULT_DRIVER "softcard"
#define EXPECTED "expected DRIVER[=SETTINGS][,DRIVER...]"

static LONG
fail(struct embedded_drivers *drivers, char *message, const char *text, size_t number)
{
	(void)snprintf(message, RM_CALLS_MESSAGE_SIZE, "TESSERA_RM=embedded: %s (entry %zu); %s",
	    text, number, EXPECTED);
	embedded_settings_clear(drivers);
	return SCARD_E_INVALID_PARAMETER;
}

/* One DRIVER[=SETTINGS]; NULL, or what is wrong with it. */
static const char *
add_driver(struct embedded_drivers *drivers, const char *entry, size_t length)
{
	const char *equals = memchr(entry, '=', length);
	size_t name_length = equals != NULL ? (size_t)(equals - entry) : length;
	struct embedded_driver *driver;

	if (name_length == 0)
		return "a driver's name is missing";
	if (drivers->count == EMBEDDED_DRIVERS_MAX)
		return "more than 16 drivers";
	if (equals != NULL && length - name_length - 1 > EMBEDDED_SETTINGS_MAX)
		return "settings of more than 1023 bytes";
	if (!g_utf8_validate(entry, (gssize)length, NULL))
		return "not UTF-8";
	driver = &drivers->drivers[drivers->count++];
	driver->name = g_strndup(entry, name_length);
	driver->settings = equals != NULL ? g_strndup(equals + 1, length - name_length - 1) : NULL;
	return NULL;
}

LONG
embedded_settings_parse(const char *settings, struct embedded_drivers *ret_drivers, char *message)
{
	const char *wrong;

	*ret_drivers = (struct embedded_drivers){ .count = 0 };
	if (*settings == '\0')
		settings = DEFAULT_DRIVER;
	for (;;) {
		size_t length = strcspn(settings, ",");

		if ((wrong = add_driver(ret_drivers, settings, length)) != NULL)
			return fail(ret_drivers, message, wrong, ret_drivers->count + 1);
		if (settings[length] == '\0')
			return SCARD_S_SUCCESS;
		settings += length + 1;
	}
}

void
embedded_settings_clear(struct embedded_drivers *drivers)
{
	for (size_t i = 0; i < drivers->count; i++) {
		g_free(drivers->drivers[i].name);
		g_free(drivers->drivers[i].settings);
	}
	drivers->count = 0;
}
