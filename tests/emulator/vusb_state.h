/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the virtual USB device share. */
#ifndef TESTS_EMULATOR_VUSB_STATE_H
#define TESTS_EMULATOR_VUSB_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "tests/emulator/vusb.h"

#define VUSB_IN_FLAG 0x80u
#define VUSB_DEVICE_DESCRIPTOR 18u

struct vusb_queue {
	struct vusb_urb *head, **tail;
};

/* One transfer of the device, or the end with an error that the next URB gets. */
struct vusb_transfer {
	struct vusb_transfer *next;
	size_t length, sent;
	bool empty_packet; /* one is due behind the data */
	int error;
	uint8_t data[];
};

struct vusb_endpoint {
	bool exists, halted, cleared;
	uint8_t interface;
	size_t packet;
	struct vusb_transfer *head, **tail; /* IN: what waits to be fetched */
};

struct vusb_interface {
	bool exists;
	struct vusb_file *claim;
	char driver[VUSB_DRIVER_NAME_MAX + 1]; /* bound now */
	char native[VUSB_DRIVER_NAME_MAX + 1]; /* bound at first */
};

struct vusb_string {
	uint8_t *bytes;
	size_t length;
};

struct vusb {
	pthread_mutex_t lock;
	atomic_uint references;
	const struct vusb_model *model;
	void *impl;
	uint8_t descriptors[VUSB_DESCRIPTORS_MAX];
	size_t descriptors_length;
	struct vusb_string strings[VUSB_STRINGS_MAX + 1];
	struct vusb_endpoint endpoints[32]; /* number, + 16 if IN */
	struct vusb_interface interfaces[VUSB_INTERFACES_MAX];
	struct vusb_file *files;
	int open_error;
	bool gone;
};

struct vusb_file {
	struct vusb_file *next;
	struct vusb *device;
	const struct vusb_backend *backend;
	void *context;
	struct vusb_queue pending, done;
	bool ready, hung_up;
};

static inline struct vusb_endpoint *
vusb_endpoint(struct vusb *device, uint8_t address)
{
	return &device->endpoints[(address & 15u) + ((address & VUSB_IN_FLAG) != 0 ? 16u : 0u)];
}

static inline void
vusb_step(struct vusb *device, enum vusb_step step, uint8_t endpoint, bool done)
{
	if (device->model->step != NULL)
		device->model->step(device->impl, step, endpoint, done);
}

/* Ends all URBs that wait on the interface's endpoints (any: VUSB_INTERFACES_MAX). */
void vusb_end_pending(struct vusb_file *file, unsigned interface, int status);

/* vusb_packet.c */
void vusb_queue_init(struct vusb_queue *queue);
void vusb_queue_push(struct vusb_queue *queue, struct vusb_urb *urb);
/* @link: the one inside the queue that points to the URB */
struct vusb_urb *vusb_queue_unlink(struct vusb_queue *queue, struct vusb_urb **link);
/* The URB is complete. */
void vusb_finish(struct vusb_file *file, struct vusb_urb *urb, int status);
void vusb_update_ready(struct vusb_file *file);
/* Gives packets to the URBs that wait on an IN endpoint; ends them where one is halted. */
void vusb_pump(struct vusb *device, uint8_t address);

/* Standard requests; others are the model's. */
int vusb_control(struct vusb *device, const uint8_t setup[8], uint8_t *data, size_t length);

#endif
