/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stand-in for the kernel's usbfs and sysfs and for libudev, in the process that uses libusb:
 * the functions through which an unmodified libusb 1.0.26 reaches a device are defined here, and
 * what is plugged in here is what it finds. Real devices are out of sight meanwhile.
 *
 * Linked into a test program (with -rdynamic, so that libusb finds them), or as a shared object
 * for LD_PRELOAD (steer.c). Not there: dup() of a node's descriptor, isochronous transfers, fork()
 * without exec.
 */
#ifndef TESTS_EMULATOR_USBFS_H
#define TESTS_EMULATOR_USBFS_H

#include "tests/emulator/vusb.h"

#define USBFS_NAME_MAX 31u

/* Where a device is plugged in. */
struct usbfs_place {
	unsigned bus, address; /* 1 to 999; together they name one device */
	/* As sysfs has it: "1-2.4" is port 4 of the hub in port 2; NULL: "BUS-ADDRESS". */
	const char *name;
	unsigned speed; /* megabits; 0: 12 */
};

/*
 * Plugs the device in and announces it. The hub of "1-2.4" is there only if somebody plugged in
 * a device called "1-2"; without, libusb knows no more than port 4.
 * @announcements: how often, 1 by custom
 */
void usbfs_plug(struct vusb *device, const struct usbfs_place *place, unsigned announcements);

/* Says once more that the device has arrived. */
void usbfs_announce(struct vusb *device);

/*
 * Unplugs it; nothing happens when it is not plugged in. May be called by the device's model.
 * @announce: udev says so; without, only the open files tell
 */
void usbfs_unplug(struct vusb *device, bool announce);

/* Between usbfs.c, places.c and udev.c. */
struct usbfs_entry {
	struct usbfs_entry *next;
	struct vusb *device;
	unsigned bus, address, speed;
	char name[USBFS_NAME_MAX + 1];
};

/* Says to all monitors what happened to a device. */
void usbfs_tell(const struct usbfs_entry *entry, const char *action);

/* Copies of what is plugged in, by name or by number; false: nothing. The device is held. */
bool usbfs_find_name(const char *name, struct usbfs_entry *ret_entry);
bool usbfs_find_address(unsigned bus, unsigned address, struct usbfs_entry *ret_entry);

/* Calls for each plugged device, oldest first. */
void usbfs_each(void (*call)(const struct usbfs_entry *entry, void *data), void *data);

/* Definitions that other libraries are to find. */
#define USBFS_EXPORT __attribute__((visibility("default")))

#endif
