/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who has an interface of the virtual USB device: an open file, a kernel driver, or nobody.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/emulator/vusb_state.h"

void
vusb_set_driver(struct vusb *device, unsigned interface, const char *name)
{
	struct vusb_interface *one = &device->interfaces[interface % VUSB_INTERFACES_MAX];

	vusb_lock(device);
	snprintf(one->driver, sizeof one->driver, "%s", name);
	snprintf(one->native, sizeof one->native, "%s", name);
	vusb_unlock(device);
}

/* Locks. NULL: *ret_error says why; the caller only unlocks. */
static struct vusb_interface *
begin(struct vusb_file *file, unsigned number, int *ret_error)
{
	struct vusb *device = file->device;

	vusb_lock(device);
	if (device->gone)
		*ret_error = -ENODEV;
	else if (number >= VUSB_INTERFACES_MAX || !device->interfaces[number].exists)
		*ret_error = -ENOENT;
	else
		return &device->interfaces[number];
	return NULL;
}

int
vusb_claim(struct vusb_file *file, unsigned interface, bool detach)
{
	struct vusb_interface *one;
	int result = 0;

	vusb_lock(file->device);
	vusb_step(file->device, VUSB_STEP_CLAIM, 0, false);
	one = begin(file, interface, &result);
	if (one != NULL) {
		if (detach)
			one->driver[0] = '\0';
		if ((one->claim != NULL && one->claim != file) || one->driver[0] != '\0')
			result = -EBUSY;
		else
			one->claim = file;
	}
	vusb_unlock(file->device);
	vusb_step(file->device, VUSB_STEP_CLAIM, 0, true);
	vusb_unlock(file->device);
	return result;
}

int
vusb_release(struct vusb_file *file, unsigned interface)
{
	struct vusb_interface *one;
	int result = 0;

	vusb_lock(file->device);
	vusb_step(file->device, VUSB_STEP_RELEASE, 0, false);
	one = begin(file, interface, &result);
	if (one != NULL) {
		if (one->claim == file) {
			vusb_end_pending(file, interface, -ENOENT);
			one->claim = NULL;
		} else {
			result = -EINVAL;
		}
	}
	vusb_unlock(file->device);
	vusb_step(file->device, VUSB_STEP_RELEASE, 0, true);
	vusb_unlock(file->device);
	return result;
}

int
vusb_get_driver(struct vusb_file *file, unsigned interface, char name[VUSB_DRIVER_NAME_MAX + 1])
{
	int result = 0;
	struct vusb_interface *one = begin(file, interface, &result);

	if (one != NULL) {
		const char *driver = one->claim != NULL ? "usbfs" : one->driver;

		snprintf(name, VUSB_DRIVER_NAME_MAX + 1, "%s", driver);
		if (*driver == '\0')
			result = -ENODATA;
	}
	vusb_unlock(file->device);
	return result;
}

void
vusb_show_driver(struct vusb *device, unsigned interface, char name[VUSB_DRIVER_NAME_MAX + 1])
{
	const struct vusb_interface *one = &device->interfaces[interface % VUSB_INTERFACES_MAX];

	vusb_lock(device);
	snprintf(name, VUSB_DRIVER_NAME_MAX + 1, "%s", one->claim != NULL ? "usbfs" : one->driver);
	vusb_unlock(device);
}

int
vusb_detach_driver(struct vusb_file *file, unsigned interface)
{
	int result = 0;
	struct vusb_interface *one = begin(file, interface, &result);

	if (one != NULL) {
		if (one->driver[0] == '\0')
			result = -ENODATA;
		one->driver[0] = '\0';
	}
	vusb_unlock(file->device);
	return result;
}

int
vusb_attach_driver(struct vusb_file *file, unsigned interface)
{
	int result = 0;
	struct vusb_interface *one = begin(file, interface, &result);

	if (one != NULL) {
		if (one->claim != NULL || one->driver[0] != '\0') {
			result = -EBUSY;
		} else if (one->native[0] != '\0') {
			memcpy(one->driver, one->native, sizeof one->driver);
			result = 1;
		}
	}
	vusb_unlock(file->device);
	return result;
}
