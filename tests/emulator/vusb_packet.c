/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues of URBs, and packets on their way from the device to those that wait.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/vusb_state.h"

void
vusb_queue_init(struct vusb_queue *queue)
{
	queue->head = NULL;
	queue->tail = &queue->head;
}

void
vusb_queue_push(struct vusb_queue *queue, struct vusb_urb *urb)
{
	urb->next = NULL;
	*queue->tail = urb;
	queue->tail = &urb->next;
}

struct vusb_urb *
vusb_queue_unlink(struct vusb_queue *queue, struct vusb_urb **link)
{
	struct vusb_urb *urb = *link;

	*link = urb->next;
	if (queue->tail == &urb->next)
		queue->tail = link;
	urb->next = NULL;
	return urb;
}

void
vusb_update_ready(struct vusb_file *file)
{
	bool ready = file->done.head != NULL;

	if (ready == file->ready)
		return;
	file->ready = ready;
	file->backend->set_ready(file, file->context, ready);
}

void
vusb_finish(struct vusb_file *file, struct vusb_urb *urb, int status)
{
	urb->status = status;
	vusb_queue_push(&file->done, urb);
	vusb_update_ready(file);
}

static void
drop_first(struct vusb_endpoint *endpoint)
{
	struct vusb_transfer *transfer = endpoint->head;

	endpoint->head = transfer->next;
	if (endpoint->head == NULL)
		endpoint->tail = &endpoint->head;
	free(transfer);
}

/* Gives packets to one URB. True: it is complete, with *ret_status. */
static bool
feed(struct vusb_endpoint *endpoint, struct vusb_urb *urb, int *ret_status)
{
	while (endpoint->head != NULL) {
		struct vusb_transfer *transfer = endpoint->head;
		size_t packet = transfer->length - transfer->sent, room = urb->length - urb->actual;

		if (transfer->error != 0) {
			*ret_status = transfer->error;
			drop_first(endpoint);
			return true;
		}
		if (packet > endpoint->packet)
			packet = endpoint->packet;
		if (packet > room) {
			/* More than the client can take: the host controller calls it babble. */
			memcpy(urb->buffer + urb->actual, transfer->data + transfer->sent, room);
			urb->actual += room;
			*ret_status = -EOVERFLOW;
			drop_first(endpoint);
			return true;
		}
		memcpy(urb->buffer + urb->actual, transfer->data + transfer->sent, packet);
		urb->actual += packet;
		transfer->sent += packet;
		if (transfer->sent == transfer->length &&
		    (packet < endpoint->packet || !transfer->empty_packet))
			drop_first(endpoint);
		*ret_status = 0;
		if (packet < endpoint->packet || urb->actual == urb->length)
			return true;
	}
	return false;
}

void
vusb_pump(struct vusb *device, uint8_t address)
{
	struct vusb_endpoint *endpoint = vusb_endpoint(device, address);

	for (struct vusb_file *file = device->files; file != NULL; file = file->next) {
		struct vusb_urb **link = &file->pending.head;

		while (*link != NULL && (endpoint->halted || endpoint->head != NULL)) {
			int status = -EPIPE;

			if ((*link)->endpoint != address)
				link = &(*link)->next;
			else if (endpoint->halted || feed(endpoint, *link, &status))
				vusb_finish(file, vusb_queue_unlink(&file->pending, link), status);
			else
				link = &(*link)->next;
		}
	}
}

static struct vusb_transfer *
transfer_new(const uint8_t *data, size_t length)
{
	struct vusb_transfer *transfer = malloc(sizeof *transfer + length);

	if (transfer == NULL)
		abort();
	*transfer = (struct vusb_transfer){ .length = length };
	if (length != 0)
		memcpy(transfer->data, data, length);
	return transfer;
}

static void
send_transfer(struct vusb *device, uint8_t address, struct vusb_transfer *transfer)
{
	struct vusb_endpoint *endpoint = vusb_endpoint(device, address);

	vusb_lock(device);
	if (device->gone) {
		free(transfer);
	} else {
		*endpoint->tail = transfer;
		endpoint->tail = &transfer->next;
		vusb_pump(device, address);
	}
	vusb_unlock(device);
}

void
vusb_in(struct vusb *device, uint8_t address, const uint8_t *data, size_t length, bool zero_packet)
{
	struct vusb_transfer *transfer = transfer_new(data, length);

	transfer->empty_packet = zero_packet;
	send_transfer(device, address, transfer);
}

void
vusb_fail_in(struct vusb *device, uint8_t address, int error)
{
	struct vusb_transfer *transfer = transfer_new(NULL, 0);

	transfer->error = error;
	send_transfer(device, address, transfer);
}

void
vusb_flush(struct vusb *device, uint8_t address)
{
	vusb_lock(device);
	while (vusb_endpoint(device, address)->head != NULL)
		drop_first(vusb_endpoint(device, address));
	vusb_unlock(device);
}

bool
vusb_is_waiting(struct vusb *device, uint8_t address)
{
	bool waiting;

	vusb_lock(device);
	waiting = vusb_endpoint(device, address)->head != NULL;
	vusb_unlock(device);
	return waiting;
}

void
vusb_stall(struct vusb *device, uint8_t address)
{
	vusb_lock(device);
	vusb_endpoint(device, address)->halted = true;
	vusb_pump(device, address);
	vusb_unlock(device);
}

bool
vusb_was_cleared(struct vusb *device, uint8_t address)
{
	bool cleared;

	vusb_lock(device);
	cleared = vusb_endpoint(device, address)->cleared;
	vusb_endpoint(device, address)->cleared = false;
	vusb_unlock(device);
	return cleared;
}
