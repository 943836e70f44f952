/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's settings: which handler, and for which device.
 *
 *	library:PATH:DEVICE	a shared object
 *	bundle:PATH:DEVICE	a bundle; without a slash its name in the folder of drivers
 *	configuration:PATH	a file in the form of pcsc-lite's reader.conf, with one reader
 *
 * DEVICE is what the handler calls it; a number is a channel (IFDHCreateChannel).
 */
#ifndef IFDHANDLER_SETTINGS_H
#define IFDHANDLER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "rm/drivers/ifdhandler/message.h"

#define IFD_PATH_SIZE 1024u
#define IFD_DEVICE_SIZE 512u
#define IFD_MESSAGE_SIZE 512u
#define IFD_CONFIGURATION_SIZE_MAX 65536u

struct ifd_settings {
	char library[IFD_PATH_SIZE];
	char device[IFD_DEVICE_SIZE]; /* empty: `channel` counts */
	uint32_t channel;
	char name[IFD_TEXT_SIZE]; /* of the reader; empty: as the handler calls it */
};

/*
 * @text: NULL: none given
 * @message: IFD_MESSAGE_SIZE bytes; on failure says what is wrong and what is expected
 * Returns 0 or -EINVAL. Reads Info.plist and the configuration; does not look at the library.
 */
int ifd_settings_parse(const char *text, struct ifd_settings *ret, char *message);

/* The same for a configuration's text, which ends with a NUL. Pure. */
int ifd_settings_configuration(const char *text, struct ifd_settings *ret, char *message);

#endif
