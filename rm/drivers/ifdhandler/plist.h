/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Info.plist of a bundle: an XML property list, of which the keys of the first dictionary are
 * read that tell a handler's library and devices. Pure.
 */
#ifndef IFDHANDLER_PLIST_H
#define IFDHANDLER_PLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IFD_PLIST_SIZE_MAX (1024u * 1024u)
#define IFD_PLIST_DEPTH_MAX 16u
#define IFD_PLIST_DEVICES_MAX 4096u
/* Longest value of a key that is read, NUL included. */
#define IFD_PLIST_VALUE_SIZE 256u
#define IFD_PLIST_MESSAGE_SIZE 256u

struct ifd_device {
	uint16_t vendor, product;
	char *name;
};

struct ifd_plist {
	char executable[IFD_PLIST_VALUE_SIZE]; /* CFBundleExecutable: a file's name, no path */
	uint32_t capabilities;                 /* ifdCapabilities; 0 when it is not said */
	uint32_t options;                      /* ifdDriverOptions, the same; the handler's own */
	struct ifd_device *devices;
	size_t device_count;
};

/*
 * @text: `length` bytes; no NUL needed
 * @message: IFD_PLIST_MESSAGE_SIZE bytes; on failure says what is wrong
 * Returns 0, and ifd_plist_clear must follow; or -EINVAL.
 */
int ifd_plist_parse(const char *text, size_t length, struct ifd_plist *ret, char *message);
void ifd_plist_clear(struct ifd_plist *plist);

/* The name of a device that is named usb:VVVV/PPPP, with anything behind it; NULL: not listed. */
const char *ifd_plist_name(const struct ifd_plist *plist, const char *device);

#endif
