/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plain libusb program that tells what it meets: the first reader, its slot, one interrupt, its
 * end. test_preload.c reads it.
 */
#include <libusb.h>
#include <stdio.h>
#include <string.h>

static libusb_device *found;
static int done;

static int LIBUSB_CALL
on_arrival(libusb_context *context, libusb_device *device, libusb_hotplug_event event, void *data)
{
	(void)context, (void)event, (void)data;
	if (found == NULL)
		found = libusb_ref_device(device);
	return 0;
}

/* Who reads what we print may have pulled the device out by now. */
static void
listen(struct libusb_transfer *transfer)
{
	int error = libusb_submit_transfer(transfer);

	if (error == 0)
		return;
	printf("%s\n", error == LIBUSB_ERROR_NO_DEVICE ? "gone" : "odd");
	done = 1;
}

static void LIBUSB_CALL
on_interrupt(struct libusb_transfer *transfer)
{
	if (transfer->status == LIBUSB_TRANSFER_COMPLETED) {
		printf("interrupt");
		for (int i = 0; i < transfer->actual_length; i++)
			printf(" %02X", transfer->buffer[i]);
		printf("\n");
		listen(transfer);
		return;
	}
	printf("%s\n", transfer->status == LIBUSB_TRANSFER_NO_DEVICE ? "gone" : "odd");
	done = 1;
}

static void
ask(libusb_device_handle *handle)
{
	unsigned char message[10] = { 0x65, 0, 0, 0, 0, 0, 1 }, reply[64];
	int length = 0;

	libusb_bulk_transfer(handle, 0x01, message, sizeof message, &length, 5000);
	libusb_bulk_transfer(handle, 0x82, reply, sizeof reply, &length, 5000);
	printf("arrived %d %d:", libusb_get_bus_number(found), libusb_get_device_address(found));
	for (int i = 0; i < length; i++)
		printf(" %02X", reply[i]);
	printf("\n");
}

int
main(void)
{
	unsigned char bytes[8];
	struct libusb_transfer *interrupt;
	libusb_device_handle *handle;
	libusb_context *context;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (libusb_init(&context) != 0)
		return 2;
	libusb_hotplug_register_callback(context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED,
	    LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
	    LIBUSB_HOTPLUG_MATCH_ANY, on_arrival, NULL, NULL);
	printf("ready\n");
	while (found == NULL)
		libusb_handle_events(context);
	if (libusb_open(found, &handle) != 0 || libusb_claim_interface(handle, 0) != 0)
		return 3;
	interrupt = libusb_alloc_transfer(0);
	libusb_fill_interrupt_transfer(
	    interrupt, handle, 0x83, bytes, sizeof bytes, on_interrupt, NULL, 0);
	listen(interrupt);
	ask(handle);
	while (!done)
		libusb_handle_events(context);
	libusb_free_transfer(interrupt);
	libusb_close(handle);
	libusb_unref_device(found);
	libusb_exit(context);
	return 0;
}
