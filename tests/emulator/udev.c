/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libudev, as much of it as libusb uses: the list of what is plugged in, and news of it.
 */
#include "tests/emulator/udev.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/emulator/usbfs.h"

#define SYSFS_DEVICES "/sys/bus/usb/devices/"

struct udev {
	int unused;
};

struct udev_device {
	struct udev_device *next;
	const char *action;
	char name[USBFS_NAME_MAX + 1];
	char node[32];
};

struct udev_monitor {
	struct udev_monitor *next;
	int fd; /* a semaphore: how many devices wait */
	struct udev_device *head, **tail;
};

struct udev_list_entry {
	struct udev_list_entry *next;
	char path[sizeof SYSFS_DEVICES + USBFS_NAME_MAX];
};

struct udev_enumerate {
	struct udev_list_entry *head, **tail;
};

static struct udev the_udev;
static pthread_mutex_t monitors_lock = PTHREAD_MUTEX_INITIALIZER;
static struct udev_monitor *monitors;

static void *
new_zeroed(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		abort();
	return memory;
}

static struct udev_device *
device_new(const struct usbfs_entry *entry, const char *action)
{
	struct udev_device *device = new_zeroed(sizeof *device);

	device->action = action;
	snprintf(device->name, sizeof device->name, "%s", entry->name);
	snprintf(device->node, sizeof device->node, "/dev/bus/usb/%03u/%03u", entry->bus % 1000,
	    entry->address % 1000);
	return device;
}

void
usbfs_tell(const struct usbfs_entry *entry, const char *action)
{
	const uint64_t one = 1;

	pthread_mutex_lock(&monitors_lock);
	for (struct udev_monitor *monitor = monitors; monitor != NULL; monitor = monitor->next) {
		*monitor->tail = device_new(entry, action);
		monitor->tail = &(*monitor->tail)->next;
		if (write(monitor->fd, &one, sizeof one) != sizeof one)
			abort();
	}
	pthread_mutex_unlock(&monitors_lock);
}

USBFS_EXPORT struct udev *
udev_new(void)
{
	return &the_udev;
}

USBFS_EXPORT struct udev *
udev_ref(struct udev *udev)
{
	return udev;
}

USBFS_EXPORT struct udev *
udev_unref(struct udev *udev)
{
	(void)udev;
	return NULL;
}

USBFS_EXPORT struct udev_monitor *
udev_monitor_new_from_netlink(struct udev *udev, const char *name)
{
	struct udev_monitor *monitor = new_zeroed(sizeof *monitor);

	(void)udev, (void)name;
	monitor->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	monitor->tail = &monitor->head;
	pthread_mutex_lock(&monitors_lock);
	monitor->next = monitors;
	monitors = monitor;
	pthread_mutex_unlock(&monitors_lock);
	return monitor;
}

USBFS_EXPORT struct udev_monitor *
udev_monitor_unref(struct udev_monitor *monitor)
{
	struct udev_monitor **link = &monitors;

	pthread_mutex_lock(&monitors_lock);
	while (*link != NULL && *link != monitor)
		link = &(*link)->next;
	if (*link != NULL)
		*link = monitor->next;
	pthread_mutex_unlock(&monitors_lock);
	while (monitor->head != NULL) {
		struct udev_device *device = monitor->head;

		monitor->head = device->next;
		free(device);
	}
	close(monitor->fd);
	free(monitor);
	return NULL;
}

USBFS_EXPORT int
udev_monitor_filter_add_match_subsystem_devtype(
    struct udev_monitor *monitor, const char *subsystem, const char *devtype)
{
	(void)monitor, (void)subsystem, (void)devtype;
	return 0;
}

USBFS_EXPORT int
udev_monitor_enable_receiving(struct udev_monitor *monitor)
{
	(void)monitor;
	return 0;
}

USBFS_EXPORT int
udev_monitor_get_fd(struct udev_monitor *monitor)
{
	return monitor->fd;
}

USBFS_EXPORT struct udev_device *
udev_monitor_receive_device(struct udev_monitor *monitor)
{
	struct udev_device *device;
	uint64_t one;

	pthread_mutex_lock(&monitors_lock);
	device = monitor->head;
	if (device != NULL) {
		monitor->head = device->next;
		if (monitor->head == NULL)
			monitor->tail = &monitor->head;
		if (read(monitor->fd, &one, sizeof one) != sizeof one)
			abort();
	}
	pthread_mutex_unlock(&monitors_lock);
	return device;
}

USBFS_EXPORT struct udev_device *
udev_device_new_from_syspath(struct udev *udev, const char *path)
{
	const char *name = strrchr(path, '/');
	struct usbfs_entry entry;
	struct udev_device *device;

	(void)udev;
	if (name == NULL || !usbfs_find_name(name + 1, &entry))
		return NULL;
	device = device_new(&entry, NULL);
	vusb_unref(entry.device);
	return device;
}

USBFS_EXPORT struct udev_device *
udev_device_unref(struct udev_device *device)
{
	free(device);
	return NULL;
}

USBFS_EXPORT const char *
udev_device_get_action(struct udev_device *device)
{
	return device->action;
}

USBFS_EXPORT const char *
udev_device_get_devnode(struct udev_device *device)
{
	return device->node;
}

USBFS_EXPORT const char *
udev_device_get_sysname(struct udev_device *device)
{
	return device->name;
}

USBFS_EXPORT struct udev_enumerate *
udev_enumerate_new(struct udev *udev)
{
	struct udev_enumerate *enumerate = new_zeroed(sizeof *enumerate);

	(void)udev;
	enumerate->tail = &enumerate->head;
	return enumerate;
}

USBFS_EXPORT struct udev_enumerate *
udev_enumerate_unref(struct udev_enumerate *enumerate)
{
	while (enumerate->head != NULL) {
		struct udev_list_entry *entry = enumerate->head;

		enumerate->head = entry->next;
		free(entry);
	}
	free(enumerate);
	return NULL;
}

USBFS_EXPORT int
udev_enumerate_add_match_subsystem(struct udev_enumerate *enumerate, const char *subsystem)
{
	(void)enumerate, (void)subsystem;
	return 0;
}

USBFS_EXPORT int
udev_enumerate_add_match_property(
    struct udev_enumerate *enumerate, const char *property, const char *value)
{
	(void)enumerate, (void)property, (void)value;
	return 0;
}

static void
add_entry(const struct usbfs_entry *place, void *data)
{
	struct udev_enumerate *enumerate = data;
	struct udev_list_entry *entry = new_zeroed(sizeof *entry);

	snprintf(entry->path, sizeof entry->path, SYSFS_DEVICES "%s", place->name);
	*enumerate->tail = entry;
	enumerate->tail = &entry->next;
}

USBFS_EXPORT int
udev_enumerate_scan_devices(struct udev_enumerate *enumerate)
{
	usbfs_each(add_entry, enumerate);
	return 0;
}

USBFS_EXPORT struct udev_list_entry *
udev_enumerate_get_list_entry(struct udev_enumerate *enumerate)
{
	return enumerate->head;
}

USBFS_EXPORT struct udev_list_entry *
udev_list_entry_get_next(struct udev_list_entry *entry)
{
	return entry->next;
}

USBFS_EXPORT const char *
udev_list_entry_get_name(struct udev_list_entry *entry)
{
	return entry->path;
}
