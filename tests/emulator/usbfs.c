/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of usbfs and sysfs: open, close, ioctl, readlink and statfs as libusb calls them.
 *
 * The descriptor that libusb holds is the write end of a pipe with room for one byte: full means
 * "nothing is complete", empty "something is" (POLLOUT), and with its read end closed it reports
 * POLLERR, as usbfs does when the device is gone.
 */
#undef _FORTIFY_SOURCE /* which makes open a macro */
#include "tests/emulator/usbfs.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/usbdevice_fs.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 65536
#define NODE_FOLDER "/dev/bus/usb/"
#define SYSFS_FOLDER "/sys/bus/usb/devices/"
#define NOT_OURS (-2)

struct node {
	struct vusb_file *file;
	int read_end, write_end;
};

struct request {
	struct vusb_urb urb; /* first */
	struct usbdevfs_urb *client;
};

static _Atomic(struct node *) nodes[DESCRIPTORS_MAX];

/* The function that would have been called without us, looked up once. */
static void
find_real(const char *name, _Atomic(void *) *found, void *ret_function)
{
	void *symbol = atomic_load(found);

	if (symbol == NULL)
		symbol = dlsym(RTLD_NEXT, name);
	if (symbol == NULL)
		abort();
	atomic_store(found, symbol);
	memcpy(ret_function, &symbol, sizeof symbol);
}

static int
real_close(int fd)
{
	static _Atomic(void *) found;
	int (*function)(int);

	find_real("close", &found, &function);
	return function(fd);
}

static void
set_ready(struct vusb_file *file, void *context, bool ready)
{
	struct node *node = context;
	char byte = 0;
	ssize_t count;

	(void)file;
	if (node->read_end < 0)
		return;
	do
		count = ready ? read(node->read_end, &byte, 1) : write(node->write_end, &byte, 1);
	while (count < 0 && errno == EINTR);
}

static void
hang_up(struct vusb_file *file, void *context)
{
	struct node *node = context;

	(void)file;
	if (node->read_end >= 0)
		real_close(node->read_end);
	node->read_end = -1;
}

static void
free_urb(struct vusb_urb *urb)
{
	free(urb);
}

static const struct vusb_backend backend = { set_ready, hang_up, free_urb };

static int
fail(int error)
{
	errno = error;
	return -1;
}

static int
open_node(unsigned bus, unsigned address)
{
	struct usbfs_entry entry;
	struct node *node;
	int ends[2], error;

	if (!usbfs_find_address(bus, address, &entry))
		return fail(ENOENT);
	node = calloc(1, sizeof *node);
	if (node == NULL || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
		free(node);
		vusb_unref(entry.device);
		return fail(EMFILE);
	}
	fcntl(ends[1], F_SETPIPE_SZ, 4096);
	node->read_end = ends[0];
	node->write_end = ends[1];
	set_ready(NULL, node, false);
	error = ends[1] < DESCRIPTORS_MAX ? vusb_open(entry.device, &backend, node, &node->file)
					  : -EMFILE;
	vusb_unref(entry.device);
	if (error < 0) {
		real_close(ends[0]);
		real_close(ends[1]);
		free(node);
		return fail(-error);
	}
	atomic_store(&nodes[ends[1]], node);
	return ends[1];
}

/* A file of sysfs, with its content as it is now. */
static int
open_attribute(const char *name, const char *attribute)
{
	struct usbfs_entry entry;
	char text[32];
	const void *content = text;
	size_t length = 0;
	int fd;

	if (!usbfs_find_name(name, &entry))
		return fail(ENOENT);
	if (strcmp(attribute, "busnum") == 0)
		length = (size_t)snprintf(text, sizeof text, "%u\n", entry.bus);
	else if (strcmp(attribute, "devnum") == 0)
		length = (size_t)snprintf(text, sizeof text, "%u\n", entry.address);
	else if (strcmp(attribute, "speed") == 0)
		length = (size_t)snprintf(text, sizeof text, "%u\n", entry.speed);
	else if (strcmp(attribute, "bConfigurationValue") == 0)
		length = (size_t)snprintf(text, sizeof text, "1\n");
	else if (strcmp(attribute, "descriptors") == 0)
		content = vusb_read_descriptors(entry.device, &length);
	fd = length != 0 ? memfd_create("sysfs", MFD_CLOEXEC) : fail(ENOENT);
	if (fd >= 0) {
		if (write(fd, content, length) != (ssize_t)length)
			abort();
		lseek(fd, 0, SEEK_SET);
	}
	vusb_unref(entry.device);
	return fd;
}

static int
open_ours(const char *path)
{
	unsigned bus, address;
	char name[USBFS_NAME_MAX + 1], attribute[32];

	if (sscanf(path, NODE_FOLDER "%u/%u", &bus, &address) == 2)
		return open_node(bus, address);
	if (strncmp(path, SYSFS_FOLDER, strlen(SYSFS_FOLDER)) != 0)
		return NOT_OURS;
	if (sscanf(path, SYSFS_FOLDER "%31[^/]/%31s", name, attribute) != 2)
		return fail(ENOENT);
	return open_attribute(name, attribute);
}

static int
open_real(const char *path, int flags, mode_t mode)
{
	static _Atomic(void *) found;
	int (*function)(const char *, int, ...);

	find_real("open64", &found, &function);
	return function(path, flags, mode);
}

USBFS_EXPORT int
open(const char *path, int flags, ...)
{
	int fd = open_ours(path);
	mode_t mode = 0;
	va_list list;

	if (fd != NOT_OURS)
		return fd;
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	return open_real(path, flags, mode);
}

USBFS_EXPORT int
open64(const char *path, int flags, ...)
{
	int fd = open_ours(path);
	mode_t mode = 0;
	va_list list;

	if (fd != NOT_OURS)
		return fd;
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	return open_real(path, flags, mode);
}

/* What open is called where the compiler checks for a missing mode. */
int __open_2(const char *path, int flags);

USBFS_EXPORT int
__open_2(const char *path, int flags)
{
	int fd = open_ours(path);

	return fd != NOT_OURS ? fd : open_real(path, flags, 0);
}

USBFS_EXPORT int
close(int fd)
{
	struct node *node =
	    fd >= 0 && fd < DESCRIPTORS_MAX ? atomic_exchange(&nodes[fd], NULL) : NULL;

	if (node != NULL) {
		vusb_close(node->file);
		if (node->read_end >= 0)
			real_close(node->read_end);
		free(node);
	}
	return real_close(fd);
}

/* A link to the driver of an interface: "1-2:1.0/driver". */
USBFS_EXPORT ssize_t
readlink(const char *restrict path, char *restrict buffer, size_t size)
{
	static _Atomic(void *) found;
	ssize_t (*function)(const char *, char *, size_t);
	char name[USBFS_NAME_MAX + 1], driver[VUSB_DRIVER_NAME_MAX + 1], target[64];
	struct usbfs_entry entry;
	unsigned interface;
	size_t length;
	int end = 0;

	if (strncmp(path, SYSFS_FOLDER, strlen(SYSFS_FOLDER)) != 0) {
		find_real("readlink", &found, &function);
		return function(path, buffer, size);
	}
	if (sscanf(path, SYSFS_FOLDER "%31[^:/]:1.%u/driver%n", name, &interface, &end) != 2 ||
	    end == 0 || !usbfs_find_name(name, &entry))
		return fail(ENOENT);
	vusb_show_driver(entry.device, interface, driver);
	vusb_unref(entry.device);
	if (driver[0] == '\0')
		return fail(ENOENT);
	snprintf(target, sizeof target, "../../../bus/usb/drivers/%s", driver);
	length = strlen(target) < size ? strlen(target) : size;
	memcpy(buffer, target, length);
	return (ssize_t)length;
}

/* libusb asks whether /sys is what it should be; in a container it may not be. */
USBFS_EXPORT int
statfs(const char *path, struct statfs *result)
{
	static _Atomic(void *) found;
	int (*function)(const char *, struct statfs *);

	if (strcmp(path, "/sys") == 0) {
		memset(result, 0, sizeof *result);
		result->f_type = SYSFS_MAGIC;
		return 0;
	}
	find_real("statfs", &found, &function);
	return function(path, result);
}

static int
submit(struct node *node, struct usbdevfs_urb *client)
{
	struct request *request = calloc(1, sizeof *request);
	int result;

	if (request == NULL)
		return -ENOMEM;
	if (client->buffer_length < 0) {
		free(request);
		return -EINVAL;
	}
	request->client = client;
	request->urb = (struct vusb_urb){
		.key = (uintptr_t)client,
		.type = client->type,
		.endpoint = client->endpoint,
		.zero_packet = (client->flags & USBDEVFS_URB_ZERO_PACKET) != 0,
		.buffer = client->buffer,
		.length = (size_t)client->buffer_length,
	};
	result = vusb_submit(node->file, &request->urb);
	if (result < 0)
		free(request);
	return result;
}

static int
reap(struct node *node, void **ret_client)
{
	struct vusb_urb *urb;
	struct request *request;
	int result = vusb_reap(node->file, &urb);

	if (result < 0)
		return result;
	request = (struct request *)(void *)urb;
	request->client->status = urb->status;
	request->client->actual_length = (int)urb->actual;
	*ret_client = request->client;
	free(request);
	return 0;
}

static int
driver_request(struct node *node, const struct usbdevfs_ioctl *request)
{
	unsigned interface = (unsigned)request->ifno;

	switch ((unsigned)request->ioctl_code) {
	case USBDEVFS_DISCONNECT:
		return vusb_detach_driver(node->file, interface);
	case USBDEVFS_CONNECT:
		return vusb_attach_driver(node->file, interface);
	default:
		return -ENOTTY;
	}
}

static int
get_driver(struct node *node, struct usbdevfs_getdriver *request)
{
	char name[VUSB_DRIVER_NAME_MAX + 1];
	int result = vusb_get_driver(node->file, request->interface, name);

	if (result == 0)
		snprintf(request->driver, sizeof request->driver, "%s", name);
	return result;
}

static int
node_request(struct node *node, unsigned long code, void *argument)
{
	switch (code) {
	case USBDEVFS_GET_CAPABILITIES:
		*(__u32 *)argument = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_SCATTER_GATHER |
		    USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
		return 0;
	case USBDEVFS_CLAIMINTERFACE:
		return vusb_claim(node->file, *(unsigned *)argument, false);
	case USBDEVFS_DISCONNECT_CLAIM:
		return vusb_claim(
		    node->file, ((struct usbdevfs_disconnect_claim *)argument)->interface, true);
	case USBDEVFS_RELEASEINTERFACE:
		return vusb_release(node->file, *(unsigned *)argument);
	case USBDEVFS_SETINTERFACE:
	case USBDEVFS_SETCONFIGURATION:
		return 0;
	case USBDEVFS_CLEAR_HALT:
	case USBDEVFS_RESETEP:
		return vusb_clear_halt(node->file, (uint8_t) * (unsigned *)argument);
	case USBDEVFS_RESET:
		return vusb_reset(node->file);
	case USBDEVFS_GETDRIVER:
		return get_driver(node, argument);
	case USBDEVFS_IOCTL:
		return driver_request(node, argument);
	case USBDEVFS_SUBMITURB:
		return submit(node, argument);
	case USBDEVFS_DISCARDURB:
		return vusb_discard(node->file, (uintptr_t)argument);
	case USBDEVFS_REAPURB:
	case USBDEVFS_REAPURBNDELAY:
		return reap(node, argument);
	default:
		return -ENOTTY;
	}
}

USBFS_EXPORT int
ioctl(int fd, unsigned long code, ...)
{
	struct node *node = fd >= 0 && fd < DESCRIPTORS_MAX ? atomic_load(&nodes[fd]) : NULL;
	static _Atomic(void *) found;
	int (*function)(int, unsigned long, ...);
	void *argument;
	va_list list;
	int result;

	va_start(list, code);
	argument = va_arg(list, void *);
	va_end(list);
	if (node == NULL) {
		find_real("ioctl", &found, &function);
		return function(fd, code, argument);
	}
	result = node_request(node, code, argument);
	return result < 0 ? fail(-result) : result;
}
