/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual USB device: its life, its open files, and what they submit.
 */
#include "tests/emulator/vusb.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/vusb_state.h"

enum {
	DESCRIPTOR_INTERFACE = 4,
	DESCRIPTOR_ENDPOINT = 5,
	INTERFACE_LENGTH = 9,
	ENDPOINT_LENGTH = 7
};

/* Which interface an endpoint belongs to, and how large its packets are: the first description
 * of each counts. Stops where the bytes make no sense. */
static void
read_endpoints(struct vusb *device)
{
	const uint8_t *bytes = device->descriptors;
	size_t at = VUSB_DEVICE_DESCRIPTOR, end = device->descriptors_length;
	uint8_t interface = 0;

	while (at + 2 <= end && bytes[at] >= 2 && at + bytes[at] <= end) {
		const uint8_t *one = bytes + at;

		if (one[1] == DESCRIPTOR_INTERFACE && one[0] >= INTERFACE_LENGTH) {
			interface = one[2];
			if (interface < VUSB_INTERFACES_MAX)
				device->interfaces[interface].exists = true;
		} else if (one[1] == DESCRIPTOR_ENDPOINT && one[0] >= ENDPOINT_LENGTH) {
			struct vusb_endpoint *endpoint = vusb_endpoint(device, one[2]);
			size_t packet = (size_t)(one[4] | one[5] << 8) & 0x7FFu;

			if (!endpoint->exists && interface < VUSB_INTERFACES_MAX) {
				endpoint->exists = true;
				endpoint->interface = interface;
				endpoint->packet = packet != 0 ? packet : 64;
			}
		}
		at += one[0];
	}
}

struct vusb *
vusb_new(const uint8_t *descriptors, size_t length, const struct vusb_model *model, void *impl)
{
	struct vusb *device;
	pthread_mutexattr_t attributes;

	if (length > VUSB_DESCRIPTORS_MAX)
		return NULL;
	device = calloc(1, sizeof *device);
	if (device == NULL)
		return NULL;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&device->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	atomic_init(&device->references, 1);
	memcpy(device->descriptors, descriptors, length);
	device->descriptors_length = length;
	device->model = model;
	device->impl = impl;
	for (size_t i = 0; i < sizeof device->endpoints / sizeof device->endpoints[0]; i++)
		device->endpoints[i].tail = &device->endpoints[i].head;
	read_endpoints(device);
	return device;
}

struct vusb *
vusb_ref(struct vusb *device)
{
	atomic_fetch_add(&device->references, 1);
	return device;
}

void
vusb_unref(struct vusb *device)
{
	if (device == NULL || atomic_fetch_sub(&device->references, 1) != 1)
		return;
	for (unsigned i = 0; i < 16; i++)
		vusb_flush(device, (uint8_t)(VUSB_IN_FLAG | i));
	for (unsigned i = 0; i <= VUSB_STRINGS_MAX; i++)
		free(device->strings[i].bytes);
	pthread_mutex_destroy(&device->lock);
	free(device);
}

void
vusb_lock(struct vusb *device)
{
	pthread_mutex_lock(&device->lock);
}

void
vusb_unlock(struct vusb *device)
{
	pthread_mutex_unlock(&device->lock);
}

const uint8_t *
vusb_read_descriptors(struct vusb *device, size_t *ret_length)
{
	vusb_lock(device);
	vusb_step(device, VUSB_STEP_DESCRIPTORS, 0, false);
	*ret_length = device->gone ? 0 : device->descriptors_length;
	vusb_step(device, VUSB_STEP_DESCRIPTORS, 0, true);
	vusb_unlock(device);
	return device->descriptors;
}

void
vusb_set_open_error(struct vusb *device, int error)
{
	vusb_lock(device);
	device->open_error = error;
	vusb_unlock(device);
}

bool
vusb_gone(struct vusb *device)
{
	bool gone;

	vusb_lock(device);
	gone = device->gone;
	vusb_unlock(device);
	return gone;
}

int
vusb_open(struct vusb *device, const struct vusb_backend *backend, void *context,
    struct vusb_file **ret_file)
{
	struct vusb_file *file = NULL;
	int error;

	vusb_lock(device);
	vusb_step(device, VUSB_STEP_OPEN, 0, false);
	error = device->gone ? -ENODEV : device->open_error;
	if (error == 0)
		file = calloc(1, sizeof *file);
	if (file != NULL) {
		vusb_queue_init(&file->pending);
		vusb_queue_init(&file->done);
		file->device = vusb_ref(device);
		file->backend = backend;
		file->context = context;
		file->next = device->files;
		device->files = file;
		*ret_file = file;
	}
	vusb_step(device, VUSB_STEP_OPEN, 0, true);
	vusb_unlock(device);
	return error;
}

void
vusb_close(struct vusb_file *file)
{
	struct vusb *device = file->device;

	vusb_lock(device);
	vusb_step(device, VUSB_STEP_CLOSE, 0, false);
	for (struct vusb_file **link = &device->files; *link != NULL; link = &(*link)->next)
		if (*link == file) {
			*link = file->next;
			break;
		}
	for (unsigned i = 0; i < VUSB_INTERFACES_MAX; i++)
		if (device->interfaces[i].claim == file)
			device->interfaces[i].claim = NULL;
	while (file->pending.head != NULL)
		file->backend->free_urb(vusb_queue_unlink(&file->pending, &file->pending.head));
	while (file->done.head != NULL)
		file->backend->free_urb(vusb_queue_unlink(&file->done, &file->done.head));
	vusb_step(device, VUSB_STEP_CLOSE, 0, true);
	vusb_unlock(device);
	free(file);
	vusb_unref(device);
}

static int
submit_control(struct vusb_file *file, struct vusb_urb *urb)
{
	struct vusb *device = file->device;
	size_t wanted;
	int count;

	if (urb->length < 8)
		return -EINVAL;
	wanted = (size_t)(urb->buffer[6] | urb->buffer[7] << 8);
	if (wanted > urb->length - 8)
		return -EINVAL;
	count = vusb_control(device, urb->buffer, urb->buffer + 8, wanted);
	if (count == VUSB_HELD) {
		vusb_queue_push(&file->pending, urb);
		return 0;
	}
	urb->actual = count < 0 ? 0 : (size_t)count;
	vusb_finish(file, urb, count < 0 ? count : 0);
	return 0;
}

static void
submit_out(struct vusb_file *file, struct vusb_urb *urb)
{
	struct vusb *device = file->device;
	int taken = (int)urb->length;

	if (vusb_endpoint(device, urb->endpoint)->halted)
		taken = -EPIPE;
	else if (device->model->accept != NULL)
		taken =
		    device->model->accept(device->impl, urb->endpoint, urb->buffer, urb->length);
	if (taken == VUSB_HELD) {
		vusb_queue_push(&file->pending, urb);
		return;
	}
	urb->actual = taken < 0 ? 0 : (size_t)taken;
	vusb_finish(file, urb, taken < 0 ? taken : 0);
	/* What is not acknowledged yet could be answered: the device sees data after its URB. */
	if (taken >= 0 && device->model->out != NULL)
		device->model->out(device->impl, urb->endpoint, urb->buffer, urb->actual);
}

static void
submit_in(struct vusb_file *file, struct vusb_urb *urb)
{
	struct vusb *device = file->device;
	struct vusb_endpoint *endpoint = vusb_endpoint(device, urb->endpoint);

	vusb_queue_push(&file->pending, urb);
	if (endpoint->head == NULL && !endpoint->halted && device->model->hungry != NULL)
		device->model->hungry(device->impl, urb->endpoint);
	vusb_pump(device, urb->endpoint);
}

/* Strict where usbfs is lenient: it would claim the interface silently and write a line in the log.
 */
static int
check_endpoint(struct vusb_file *file, uint8_t address)
{
	const struct vusb_endpoint *endpoint = vusb_endpoint(file->device, address);

	if (!endpoint->exists)
		return -ENOENT;
	return file->device->interfaces[endpoint->interface].claim == file ? 0 : -EINVAL;
}

int
vusb_submit(struct vusb_file *file, struct vusb_urb *urb)
{
	struct vusb *device = file->device;
	bool control = urb->type == USBDEVFS_URB_TYPE_CONTROL;
	bool in = (urb->endpoint & VUSB_IN_FLAG) != 0;
	enum vusb_step step = control ? VUSB_STEP_CONTROL : (in ? VUSB_STEP_IN : VUSB_STEP_OUT);
	int result = 0;

	urb->file = file;
	urb->status = 0;
	urb->actual = 0;
	vusb_lock(device);
	vusb_step(device, step, urb->endpoint, false);
	if (device->gone)
		result = -ENODEV;
	else if (control)
		result = submit_control(file, urb);
	else if (urb->type == USBDEVFS_URB_TYPE_ISO)
		result = -EINVAL;
	else
		result = check_endpoint(file, urb->endpoint);
	if (result == 0 && !control) {
		if (in)
			submit_in(file, urb);
		else
			submit_out(file, urb);
	}
	vusb_step(device, step, urb->endpoint, true);
	vusb_unlock(device);
	return result;
}

int
vusb_discard(struct vusb_file *file, uintptr_t key)
{
	struct vusb *device = file->device;
	int result = -EINVAL;

	vusb_lock(device);
	if (device->gone)
		result = -ENODEV;
	for (struct vusb_urb **link = &file->pending.head; *link != NULL; link = &(*link)->next)
		if ((*link)->key == key) {
			/* What has come so far is the client's. */
			vusb_finish(file, vusb_queue_unlink(&file->pending, link), -ENOENT);
			result = 0;
			break;
		}
	vusb_unlock(device);
	return result;
}

int
vusb_reap(struct vusb_file *file, struct vusb_urb **ret_urb)
{
	struct vusb *device = file->device;
	int result = 0;

	vusb_lock(device);
	if (file->done.head != NULL)
		*ret_urb = vusb_queue_unlink(&file->done, &file->done.head);
	else
		result = device->gone ? -ENODEV : -EAGAIN;
	vusb_update_ready(file);
	vusb_unlock(device);
	return result;
}

void
vusb_end_pending(struct vusb_file *file, unsigned interface, int status)
{
	struct vusb_urb **link = &file->pending.head;

	while (*link != NULL) {
		const struct vusb_endpoint *endpoint =
		    vusb_endpoint(file->device, (*link)->endpoint);

		if (interface == VUSB_INTERFACES_MAX ||
		    ((*link)->type != USBDEVFS_URB_TYPE_CONTROL &&
			endpoint->interface == interface))
			vusb_finish(file, vusb_queue_unlink(&file->pending, link), status);
		else
			link = &(*link)->next;
	}
}

int
vusb_clear_halt(struct vusb_file *file, uint8_t address)
{
	struct vusb *device = file->device;
	int result;

	vusb_lock(device);
	vusb_step(device, VUSB_STEP_CLEAR_HALT, address, false);
	result = device->gone ? -ENODEV : check_endpoint(file, address);
	if (result == 0) {
		vusb_endpoint(device, address)->halted = false;
		vusb_endpoint(device, address)->cleared = true;
		vusb_pump(device, address);
	}
	vusb_step(device, VUSB_STEP_CLEAR_HALT, address, true);
	vusb_unlock(device);
	return result;
}

int
vusb_reset(struct vusb_file *file)
{
	struct vusb *device = file->device;
	int result;

	vusb_lock(device);
	vusb_step(device, VUSB_STEP_RESET, 0, false);
	result = device->gone ? -ENODEV : 0;
	if (result == 0) {
		for (struct vusb_file *each = device->files; each != NULL; each = each->next)
			vusb_end_pending(each, VUSB_INTERFACES_MAX, -EPROTO);
		for (unsigned i = 0; i < 32; i++)
			device->endpoints[i].halted = false;
		for (unsigned i = 0; i < 16; i++)
			vusb_flush(device, (uint8_t)(VUSB_IN_FLAG | i));
		if (device->model->reset != NULL)
			result = device->model->reset(device->impl);
	}
	vusb_step(device, VUSB_STEP_RESET, 0, true);
	vusb_unlock(device);
	return result;
}

void
vusb_disconnect(struct vusb *device)
{
	vusb_lock(device);
	device->gone = true;
	for (struct vusb_file *file = device->files; file != NULL; file = file->next) {
		vusb_end_pending(file, VUSB_INTERFACES_MAX, -ESHUTDOWN);
		if (!file->hung_up) {
			file->hung_up = true;
			file->backend->hang_up(file, file->context);
		}
	}
	vusb_unlock(device);
}

void
vusb_forget_model(struct vusb *device)
{
	static const struct vusb_model nothing;

	vusb_lock(device);
	vusb_disconnect(device);
	device->model = &nothing;
	vusb_unlock(device);
}
