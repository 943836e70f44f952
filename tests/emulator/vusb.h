/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual USB device, seen the way Linux usbfs shows one: open files, claims, request blocks
 * (URBs), packets, halted endpoints, and the unplugging of the whole.
 *
 *	usbfs.c, udev.c      what an unmodified libusb calls, and how it gets here
 *	vusb*.c              URBs and packets, for each open file
 *	reader.c             the device: gets OUT data and control requests, answers with vusb_in
 *
 * It knows no CCID and nothing of the ways in. Any thread may call. Functions that return int give
 * 0 (or a count where one is named) or a negative errno, the one usbfs would give.
 */
#ifndef TESTS_EMULATOR_VUSB_H
#define TESTS_EMULATOR_VUSB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VUSB_INTERFACES_MAX 8u
#define VUSB_DESCRIPTORS_MAX 4096u
#define VUSB_STRINGS_MAX 8u
#define VUSB_DRIVER_NAME_MAX 31u

struct vusb;
struct vusb_file; /* one open() of the device's node */

/* One URB. The way in embeds it as the first member of a structure of its own. */
struct vusb_urb {
	struct vusb_urb *next;
	struct vusb_file *file;
	uintptr_t key; /* its identity for vusb_discard */
	uint8_t type;  /* USBDEVFS_URB_TYPE_* */
	uint8_t endpoint;
	bool zero_packet; /* the client wants a zero-length packet behind a full last one */
	uint8_t *buffer;  /* control: 8 bytes of setup first */
	size_t length;
	int status; /* filled in on completion: 0 or a negative errno */
	size_t actual;
};

/* What the client does to the device: the steps of a session. */
enum vusb_step {
	VUSB_STEP_DESCRIPTORS, /* the descriptors are read, by enumeration */
	VUSB_STEP_OPEN,
	VUSB_STEP_CLAIM,
	VUSB_STEP_CONTROL,
	VUSB_STEP_OUT,
	VUSB_STEP_IN, /* bulk and interrupt */
	VUSB_STEP_CLEAR_HALT,
	VUSB_STEP_RESET,
	VUSB_STEP_RELEASE,
	VUSB_STEP_CLOSE
};

/* The result of vusb_model.accept for data that the device takes, but never acknowledges. */
#define VUSB_HELD INT32_MIN

/*
 * What the device provides; any of them may be NULL. Called with the device locked; the lock is
 * recursive, so that vusb_in and its kind are what these are there to call.
 */
struct vusb_model {
	/* How much of it the device takes, a negative errno (-EPIPE: it stalls), or VUSB_HELD. */
	int (*accept)(void *impl, uint8_t endpoint, const uint8_t *data, size_t length);
	/* What it took: the URB is complete by now. */
	void (*out)(void *impl, uint8_t endpoint, const uint8_t *data, size_t length);
	/* A request that is not a standard one; the count of data or a negative errno. */
	int (*control)(void *impl, const uint8_t setup[8], uint8_t *data, size_t length);
	/* An URB waits on an IN endpoint that has nothing to give. */
	void (*hungry)(void *impl, uint8_t endpoint);
	/* USBDEVFS_RESET; -ENODEV: the device comes back as another one. */
	int (*reset)(void *impl);
	/* A step: before it is done, and then when it was. May unplug the device. */
	void (*step)(void *impl, enum vusb_step step, uint8_t endpoint, bool done);
};

/* What the way in provides. Called with the device locked. */
struct vusb_backend {
	/* The file has (has no) completed URB: it is (not) ready; called when that changes. */
	void (*set_ready)(struct vusb_file *file, void *context, bool ready);
	/* The device is gone; called once for each file. */
	void (*hang_up)(struct vusb_file *file, void *context);
	/* An URB that will never be fetched: release it. */
	void (*free_urb)(struct vusb_urb *urb);
};

/*
 * @descriptors: device and configuration descriptors, as the file `descriptors` of sysfs has them;
 * whatever they say, only what can be read of them counts. NULL: no memory.
 */
struct vusb *
vusb_new(const uint8_t *descriptors, size_t length, const struct vusb_model *model, void *impl);
struct vusb *vusb_ref(struct vusb *device);
void vusb_unref(struct vusb *device);
void vusb_lock(struct vusb *device);
void vusb_unlock(struct vusb *device);

/* String descriptor number 1 to VUSB_STRINGS_MAX: a text, or all bytes of the descriptor as they
 * are sent. NULL: the request is stalled. */
void vusb_set_string(struct vusb *device, unsigned index, const char *text);
void
vusb_set_string_bytes(struct vusb *device, unsigned index, const uint8_t *bytes, size_t length);
/* The kernel driver that is bound to an interface; "": none. */
void vusb_set_driver(struct vusb *device, unsigned interface, const char *name);
/* What opening gives: 0, or -EACCES and the like. */
void vusb_set_open_error(struct vusb *device, int error);

/*
 * Data that the device sends in one transfer: cut into packets of the endpoint's size, handed to
 * the URBs that wait or will.
 * @zero_packet: end a transfer of full packets with an empty one, as the standard has it. Without,
 *  an URB that has room for more stays with what it got
 * A transfer of no data is one empty packet.
 */
void vusb_in(
    struct vusb *device, uint8_t endpoint, const uint8_t *data, size_t length, bool zero_packet);
/* The next URB of an IN endpoint ends with this negative errno (-EOVERFLOW, -EPROTO, -EILSEQ). */
void vusb_fail_in(struct vusb *device, uint8_t endpoint, int error);
/* Something that was sent has not been fetched. */
bool vusb_is_waiting(struct vusb *device, uint8_t endpoint);
/* Drops what the endpoint has to send. */
void vusb_flush(struct vusb *device, uint8_t endpoint);
/* Halts an endpoint until the client clears it. */
void vusb_stall(struct vusb *device, uint8_t endpoint);
/* The client has asked for the same with vusb_clear_halt since the last call. */
bool vusb_was_cleared(struct vusb *device, uint8_t endpoint);

/* Unplugged: what is pending ends with -ESHUTDOWN, everything later with -ENODEV. */
void vusb_disconnect(struct vusb *device);
bool vusb_gone(struct vusb *device);
/* Unplugged, and nothing asks the model any more: it may be freed. */
void vusb_forget_model(struct vusb *device);

/* The way in. */
const uint8_t *vusb_read_descriptors(struct vusb *device, size_t *ret_length);
int vusb_open(struct vusb *device, const struct vusb_backend *backend, void *context,
    struct vusb_file **ret_file);
void vusb_close(struct vusb_file *file); /* drops what is pending */
int vusb_submit(struct vusb_file *file, struct vusb_urb *urb);
int vusb_discard(struct vusb_file *file, uintptr_t key);
/* -EAGAIN: nothing is complete. */
int vusb_reap(struct vusb_file *file, struct vusb_urb **ret_urb);
/* @detach: take it from a kernel driver. -EBUSY: somebody has it. */
int vusb_claim(struct vusb_file *file, unsigned interface, bool detach);
int vusb_release(struct vusb_file *file, unsigned interface);
/* The bound driver's name, "usbfs" for a claim; -ENODATA: none. */
int
vusb_get_driver(struct vusb_file *file, unsigned interface, char name[VUSB_DRIVER_NAME_MAX + 1]);
/* The same without a file, as sysfs shows it; "": none. */
void vusb_show_driver(struct vusb *device, unsigned interface, char name[VUSB_DRIVER_NAME_MAX + 1]);
/* Unbinds the kernel driver; -ENODATA: none. */
int vusb_detach_driver(struct vusb_file *file, unsigned interface);
/* Binds the driver that was there at first: 1, or 0: there is none for it. */
int vusb_attach_driver(struct vusb_file *file, unsigned interface);
int vusb_clear_halt(struct vusb_file *file, uint8_t endpoint);
int vusb_reset(struct vusb_file *file);

#endif
