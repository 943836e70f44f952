/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulated USB by itself: what an unmodified libusb sees of it is what usbfs would show.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/client.h"
#include "tests/emulator/reader.h"
#include "tests/suite.h"

enum {
	OUT = 0x01,
	IN = 0x82,
	INTERRUPT = 0x83,
	MANY = 256
};

static struct emu_reader *
plug_usual(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	struct emu_reader *reader = emu_reader_new(&params);

	emu_reader_plug(reader, 1, 7);
	return reader;
}

static void
test_enumeration(void)
{
	struct emu_reader *reader = plug_usual();
	struct libusb_device_descriptor device;
	struct libusb_config_descriptor *configuration;
	const struct libusb_interface_descriptor *interface;
	libusb_context *context;
	libusb_device **list;

	CU_ASSERT_FATAL(libusb_init(&context) == 0);
	SUITE_EQUAL_INT(libusb_get_device_list(context, &list), 1);
	SUITE_EQUAL_INT(libusb_get_bus_number(list[0]), 1);
	SUITE_EQUAL_INT(libusb_get_device_address(list[0]), 7);
	SUITE_EQUAL_INT(libusb_get_device_speed(list[0]), LIBUSB_SPEED_FULL);
	SUITE_EQUAL_INT(libusb_get_device_descriptor(list[0], &device), 0);
	SUITE_EQUAL_HEX(device.idVendor, 0x1209);
	SUITE_EQUAL_INT(libusb_get_active_config_descriptor(list[0], &configuration), 0);
	interface = configuration->interface[0].altsetting;
	SUITE_EQUAL_HEX(interface->bInterfaceClass, 0x0B);
	SUITE_EQUAL_INT(interface->bNumEndpoints, 3);
	SUITE_EQUAL_INT(interface->extra_length, 54);
	SUITE_EQUAL_BYTES(interface->extra, 54,
	    "36 21 1001 00 07 03000000 a00f0000 a00f0000 00 002a0000 16400500 00 fe000000 00000000"
	    "00000000 7a040400 12000100 ff ff 0000 00 01");
	libusb_free_config_descriptor(configuration);
	libusb_free_device_list(list, 1);
	libusb_exit(context);
	emu_reader_free(reader);
}

static void
test_strings(void)
{
	static const uint8_t odd[] = { 7, 3, 'A', 0xD8, 0x00, 0xDC, 0x41 };
	struct emu_reader *reader = plug_usual();
	struct client client;
	unsigned char text[64];

	vusb_set_string_bytes(emu_reader_usb(reader), 3, odd, sizeof odd);
	vusb_set_string(emu_reader_usb(reader), 1, NULL);
	client_open(&client);
	SUITE_EQUAL_INT(
	    libusb_get_string_descriptor_ascii(client.handle, 2, text, sizeof text), 15);
	SUITE_EQUAL_STRING((char *)text, "Emulated Reader");
	SUITE_EQUAL_INT(libusb_get_string_descriptor_ascii(client.handle, 1, text, sizeof text),
	    LIBUSB_ERROR_PIPE);
	SUITE_EQUAL_INT(
	    libusb_get_string_descriptor(client.handle, 3, 0x0409, text, sizeof text), 7);
	client_close(&client);
	emu_reader_free(reader);
}

static void
test_bulk(void)
{
	struct emu_reader *reader = plug_usual();
	struct client_transfer early = { .transfer = NULL };
	struct client client;

	client_open(&client);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	SUITE_EQUAL_BYTES(client.reply, 10, "81 00000000 00 01 02 00 00");
	/* The IN transfer is there before the message. */
	client_submit(&client, &early, IN, false, 64);
	SUITE_EQUAL_INT(client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 0);
	CU_ASSERT(client_wait(&client, &early));
	SUITE_EQUAL_INT(early.transfer->status, LIBUSB_TRANSFER_COMPLETED);
	SUITE_EQUAL_BYTES(
	    early.bytes, (size_t)early.transfer->actual_length, "81 00000000 00 02 02 00 00");
	SUITE_EQUAL_INT(client_receive(&client, CLIENT_SHORT_MS), LIBUSB_ERROR_TIMEOUT);
	client_transfer_free(&early);
	client_close(&client);
	emu_reader_free(reader);
}

/* Packets of 64 bytes: where a transfer ends, and what a client gets that asks for less. */
static void
test_packets(void)
{
	struct emu_reader *reader = plug_usual();
	struct vusb *usb = emu_reader_usb(reader);
	uint8_t bytes[200] = { 1, 2, 3 }, got[1024];
	struct client client;
	int length = 0;

	client_open(&client);
	/* By stages: one packet, then the rest. */
	vusb_in(usb, IN, bytes, 200, false);
	SUITE_EQUAL_INT(libusb_bulk_transfer(client.handle, IN, got, 64, &length, 1000), 0);
	SUITE_EQUAL_INT(length, 64);
	SUITE_EQUAL_INT(libusb_bulk_transfer(client.handle, IN, got, 192, &length, 1000), 0);
	SUITE_EQUAL_INT(length, 136);
	/* A full last packet with nothing behind it: a larger transfer does not end by itself. */
	vusb_in(usb, IN, bytes, 128, false);
	SUITE_EQUAL_INT(
	    libusb_bulk_transfer(client.handle, IN, got, sizeof got, &length, CLIENT_SHORT_MS),
	    LIBUSB_ERROR_TIMEOUT);
	SUITE_EQUAL_INT(length, 128);
	/* With an empty packet it does. */
	vusb_in(usb, IN, bytes, 128, true);
	SUITE_EQUAL_INT(libusb_bulk_transfer(client.handle, IN, got, sizeof got, &length, 1000), 0);
	SUITE_EQUAL_INT(length, 128);
	/* And a client that asked for just that finds the empty packet next. */
	vusb_in(usb, IN, bytes, 128, true);
	SUITE_EQUAL_INT(libusb_bulk_transfer(client.handle, IN, got, 128, &length, 1000), 0);
	SUITE_EQUAL_INT(libusb_bulk_transfer(client.handle, IN, got, 64, &length, 1000), 0);
	SUITE_EQUAL_INT(length, 0);
	/* A packet that does not fit. */
	vusb_in(usb, IN, bytes, 64, false);
	SUITE_EQUAL_INT(
	    libusb_bulk_transfer(client.handle, IN, got, 10, &length, 1000), LIBUSB_ERROR_OVERFLOW);
	client_close(&client);
	emu_reader_free(reader);
}

static void
test_errors(void)
{
	struct emu_reader *reader = plug_usual();
	struct vusb *usb = emu_reader_usb(reader);
	struct client client;
	uint8_t bytes[4] = { 0 };

	client_open(&client);
	vusb_stall(usb, IN);
	SUITE_EQUAL_INT(client_receive(&client, 1000), LIBUSB_ERROR_PIPE);
	SUITE_EQUAL_INT(client_receive(&client, 1000), LIBUSB_ERROR_PIPE);
	CU_ASSERT(!vusb_was_cleared(usb, IN));
	SUITE_EQUAL_INT(libusb_clear_halt(client.handle, IN), 0);
	CU_ASSERT(vusb_was_cleared(usb, IN));
	vusb_stall(usb, OUT);
	SUITE_EQUAL_INT(
	    client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_PIPE);
	SUITE_EQUAL_INT(libusb_clear_halt(client.handle, OUT), 0);
	vusb_fail_in(usb, IN, -71); /* EPROTO */
	SUITE_EQUAL_INT(client_receive(&client, 1000), LIBUSB_ERROR_IO);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	SUITE_EQUAL_INT(libusb_control_transfer(client.handle, 0xA1, 0x55, 0, 0, bytes, 4, 1000),
	    LIBUSB_ERROR_PIPE);
	SUITE_EQUAL_INT(
	    libusb_control_transfer(client.handle, 0x21, 1, 0x0500, 0, NULL, 0, 1000), 0);
	SUITE_EQUAL_INT(libusb_reset_device(client.handle), 0);
	client_close(&client);
	emu_reader_free(reader);
}

static void
test_claims(void)
{
	struct emu_reader *reader = plug_usual();
	struct client client;
	libusb_device_handle *other;
	struct libusb_transfer *transfer = libusb_alloc_transfer(0);

	client_open(&client);
	other = libusb_open_device_with_vid_pid(client.context, 0x1209, 0xCC1D);
	CU_ASSERT_FATAL(other != NULL);
	SUITE_EQUAL_INT(libusb_claim_interface(other, 0), LIBUSB_ERROR_BUSY);
	SUITE_EQUAL_INT(libusb_claim_interface(other, 1), LIBUSB_ERROR_NOT_FOUND);
	SUITE_EQUAL_INT(libusb_kernel_driver_active(other, 0), 0);
	/* A transfer without a claim. */
	libusb_fill_bulk_transfer(transfer, other, IN, client.reply, 64, NULL, NULL, 0);
	SUITE_EQUAL_INT(libusb_submit_transfer(transfer), LIBUSB_ERROR_IO);
	SUITE_EQUAL_INT(libusb_release_interface(client.handle, 0), 0);
	SUITE_EQUAL_INT(libusb_claim_interface(other, 0), 0);
	SUITE_EQUAL_INT(libusb_claim_interface(client.handle, 0), LIBUSB_ERROR_BUSY);
	libusb_close(other);
	SUITE_EQUAL_INT(libusb_claim_interface(client.handle, 0), 0);
	libusb_free_transfer(transfer);
	client_close(&client);
	emu_reader_free(reader);
}

static void
test_kernel_driver(void)
{
	struct emu_reader *reader = plug_usual();
	struct client client;

	client_open(&client);
	libusb_release_interface(client.handle, 0);
	vusb_set_driver(emu_reader_usb(reader), 0, "pn533_usb");
	SUITE_EQUAL_INT(libusb_kernel_driver_active(client.handle, 0), 1);
	SUITE_EQUAL_INT(libusb_claim_interface(client.handle, 0), LIBUSB_ERROR_BUSY);
	SUITE_EQUAL_INT(libusb_set_auto_detach_kernel_driver(client.handle, 1), 0);
	SUITE_EQUAL_INT(libusb_claim_interface(client.handle, 0), 0);
	SUITE_EQUAL_INT(libusb_release_interface(client.handle, 0), 0);
	SUITE_EQUAL_INT(libusb_kernel_driver_active(client.handle, 0), 1);
	SUITE_EQUAL_INT(libusb_detach_kernel_driver(client.handle, 0), 0);
	SUITE_EQUAL_INT(libusb_kernel_driver_active(client.handle, 0), 0);
	SUITE_EQUAL_INT(libusb_attach_kernel_driver(client.handle, 0), 0);
	client_close(&client);
	emu_reader_free(reader);
}

static void
test_open_refused(void)
{
	struct emu_reader *reader = plug_usual();
	libusb_context *context;
	libusb_device_handle *handle;
	libusb_device **list;

	CU_ASSERT_FATAL(libusb_init(&context) == 0);
	CU_ASSERT_FATAL(libusb_get_device_list(context, &list) == 1);
	vusb_set_open_error(emu_reader_usb(reader), -13); /* EACCES */
	SUITE_EQUAL_INT(libusb_open(list[0], &handle), LIBUSB_ERROR_ACCESS);
	vusb_set_open_error(emu_reader_usb(reader), 0);
	SUITE_EQUAL_INT(libusb_open(list[0], &handle), 0);
	libusb_close(handle);
	libusb_free_device_list(list, 1);
	libusb_exit(context);
	emu_reader_free(reader);
}

static void
test_interrupt(void)
{
	struct emu_reader *reader = plug_usual();
	struct client_transfer pending = { .transfer = NULL };
	struct client client;

	client_open(&client);
	client_submit(&client, &pending, INTERRUPT, true, 8);
	SUITE_EQUAL_INT(libusb_cancel_transfer(pending.transfer), 0);
	CU_ASSERT(client_wait(&client, &pending));
	SUITE_EQUAL_INT(pending.transfer->status, LIBUSB_TRANSFER_CANCELLED);
	SUITE_EQUAL_INT(libusb_cancel_transfer(pending.transfer), LIBUSB_ERROR_NOT_FOUND);
	client_submit(&client, &pending, INTERRUPT, true, 8);
	emu_reader_insert(reader, 0, 0, emu_card_t0("3B 00", emu_application_echo()));
	CU_ASSERT(client_wait(&client, &pending));
	SUITE_EQUAL_BYTES(pending.bytes, (size_t)pending.transfer->actual_length, "50 03");
	/* Nobody looks: the two movements are one message then. */
	emu_reader_remove(reader, 0, 0);
	emu_reader_insert(reader, 0, 0, emu_card_t0("3B 00", emu_application_echo()));
	client_submit(&client, &pending, INTERRUPT, true, 8);
	CU_ASSERT(client_wait(&client, &pending));
	SUITE_EQUAL_BYTES(pending.bytes, (size_t)pending.transfer->actual_length, "50 03");
	client_transfer_free(&pending);
	client_close(&client);
	emu_reader_free(reader);
}

static int arrived, left;

static int LIBUSB_CALL
on_hotplug(libusb_context *context, libusb_device *device, libusb_hotplug_event event, void *data)
{
	(void)context, (void)device, (void)data;
	if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED)
		arrived++;
	else
		left++;
	return 0;
}

static void
test_hotplug(void)
{
	struct emu_reader *reader = plug_usual(), *second;
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	const struct usbfs_place hub = { .bus = 1, .address = 2, .name = "1-2" },
				 behind = { .bus = 1, .address = 3, .name = "1-2.4" };
	struct emu_reader_params hub_params = params;
	struct emu_reader *hub_device;
	libusb_context *context;
	libusb_device **list;
	uint8_t path[7];

	arrived = left = 0;
	CU_ASSERT_FATAL(libusb_init(&context) == 0);
	libusb_hotplug_register_callback(context,
	    LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
	    LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
	    LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, NULL, NULL);
	SUITE_EQUAL_INT(arrived, 1);
	hub_params.functions = 0;
	hub_device = emu_reader_new(&hub_params);
	usbfs_plug(emu_reader_usb(hub_device), &hub, 1);
	CU_ASSERT(client_wait_count(context, &arrived, 2));
	second = emu_reader_new(&params);
	usbfs_plug(emu_reader_usb(second), &behind, 2);
	CU_ASSERT(client_wait_count(context, &arrived, 3));
	SUITE_EQUAL_INT(libusb_get_device_list(context, &list), 3);
	for (int i = 0; i < 3; i++)
		if (libusb_get_device_address(list[i]) == 3)
			SUITE_EQUAL_BYTES(path,
			    (size_t)libusb_get_port_numbers(list[i], path, sizeof path), "02 04");
	libusb_free_device_list(list, 1);
	emu_reader_unplug(reader);
	CU_ASSERT(client_wait_count(context, &left, 1));
	emu_reader_free(second);
	CU_ASSERT(client_wait_count(context, &left, 2));
	libusb_exit(context);
	emu_reader_free(hub_device);
	emu_reader_free(reader);
}

static void
test_arrival_twice(void)
{
	struct emu_reader *reader;
	libusb_context *context;

	arrived = left = 0;
	CU_ASSERT_FATAL(libusb_init(&context) == 0);
	/* Between libusb's start and the registration: once from the list, once from the queue. */
	reader = plug_usual();
	libusb_hotplug_register_callback(context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED,
	    LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
	    LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, NULL, NULL);
	if (arrived == 0)
		CU_ASSERT(client_wait_count(context, &arrived, 1));
	SUITE_EQUAL_INT(left, 0);
	libusb_exit(context);
	emu_reader_free(reader);
}

/* Pulled out with transfers pending, with and without news from udev. */
static void
unplug_pending(bool announce)
{
	struct emu_reader *reader = plug_usual();
	struct client_transfer bulk = { .transfer = NULL }, interrupt = { .transfer = NULL };
	struct client client;

	client_open(&client);
	client_submit(&client, &bulk, IN, false, 64);
	client_submit(&client, &interrupt, INTERRUPT, true, 8);
	usbfs_unplug(emu_reader_usb(reader), announce);
	CU_ASSERT(client_wait(&client, &bulk));
	CU_ASSERT(client_wait(&client, &interrupt));
	SUITE_EQUAL_INT(bulk.transfer->status, LIBUSB_TRANSFER_NO_DEVICE);
	SUITE_EQUAL_INT(interrupt.transfer->status, LIBUSB_TRANSFER_NO_DEVICE);
	SUITE_EQUAL_INT(libusb_submit_transfer(bulk.transfer), LIBUSB_ERROR_NO_DEVICE);
	SUITE_EQUAL_INT(
	    client_send(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_NO_DEVICE);
	client_transfer_free(&bulk);
	client_transfer_free(&interrupt);
	/* The handle may outlive the device's model. */
	emu_reader_free(reader);
	client_close(&client);
}

static void
test_unplug(void)
{
	unplug_pending(true);
	unplug_pending(false);
}

static void
test_unplug_at_step(void)
{
	struct emu_reader *reader = plug_usual();
	struct client client;
	uint8_t endpoint;

	client_open(&client);
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	/* Descriptors, open, claim, out, in. */
	SUITE_EQUAL_INT(emu_reader_steps(reader), 5);
	SUITE_EQUAL_INT(emu_reader_step(reader, 0, &endpoint), VUSB_STEP_DESCRIPTORS);
	SUITE_EQUAL_INT(emu_reader_step(reader, 3, &endpoint), VUSB_STEP_OUT);
	SUITE_EQUAL_HEX(endpoint, OUT);
	emu_reader_unplug_at(reader, 2, false);
	SUITE_EQUAL_INT(
	    client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), LIBUSB_ERROR_NO_DEVICE);
	SUITE_EQUAL_INT(emu_reader_messages(reader), 2);
	client_close(&client);
	emu_reader_free(reader);
}

static void
test_two_interfaces(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	struct emu_reader *reader;
	struct client client;
	uint8_t message[10] = { EMU_GET_SLOT_STATUS, 0, 0, 0, 0, 0, 9 };
	int length;

	params.functions = 2;
	reader = emu_reader_new(&params);
	emu_reader_plug(reader, 1, 7);
	emu_reader_insert(reader, 1, 0, emu_card_t0("3B 00", emu_application_echo()));
	client_open(&client);
	SUITE_EQUAL_INT(libusb_claim_interface(client.handle, 1), 0);
	SUITE_EQUAL_INT(libusb_bulk_transfer(client.handle, 0x04, message, 10, &length, 1000), 0);
	SUITE_EQUAL_INT(
	    libusb_bulk_transfer(client.handle, 0x85, client.reply, 64, &length, 1000), 0);
	SUITE_EQUAL_BYTES(client.reply, (size_t)length, "81 00000000 00 09 01 00 00");
	SUITE_EQUAL_INT(client_exchange(&client, EMU_GET_SLOT_STATUS, 0, 0, NULL, 0), 10);
	SUITE_EQUAL_HEX(client.reply[7], 2);
	client_close(&client);
	emu_reader_free(reader);
}

static void
test_many(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	static struct emu_reader *readers[MANY];
	libusb_device_handle *handle;
	libusb_context *context;
	libusb_device **list;
	uint8_t message[10] = { EMU_GET_SLOT_STATUS }, reply[64];
	int right = 0, length;
	ssize_t count;

	for (unsigned i = 0; i < MANY; i++) {
		readers[i] = emu_reader_new(&params);
		emu_reader_plug(readers[i], 1 + i / 100, 1 + i % 100);
	}
	CU_ASSERT_FATAL(libusb_init(&context) == 0);
	count = libusb_get_device_list(context, &list);
	SUITE_EQUAL_INT(count, MANY);
	for (ssize_t i = 0; i < count; i++) {
		if (libusb_open(list[i], &handle) != 0)
			continue;
		libusb_claim_interface(handle, 0);
		libusb_bulk_transfer(handle, OUT, message, 10, &length, 1000);
		if (libusb_bulk_transfer(handle, IN, reply, 64, &length, 1000) == 0)
			right += length == 10 && reply[0] == EMU_SLOT_STATUS;
		libusb_close(handle);
	}
	SUITE_EQUAL_INT(right, MANY);
	libusb_free_device_list(list, 1);
	libusb_exit(context);
	for (unsigned i = 0; i < MANY; i++)
		emu_reader_free(readers[i]);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "libusb finds the device and its class descriptor", test_enumeration },
		{ "strings, absent and odd ones", test_strings },
		{ "bulk transfers, IN before OUT", test_bulk },
		{ "packets, stages, empty packets, overflow", test_packets },
		{ "stall, clear halt, protocol error, control stall, reset", test_errors },
		{ "claims exclude each other", test_claims },
		{ "a kernel driver is detached and attached", test_kernel_driver },
		{ "opening refused for want of rights", test_open_refused },
		{ "interrupts: pending, cancelled, coalesced", test_interrupt },
		{ "arrivals, departures, ports behind a hub", test_hotplug },
		{ "one device may be reported twice", test_arrival_twice },
		{ "unplugged with transfers pending", test_unplug },
		{ "unplugged at a step", test_unplug_at_step },
		{ "two interfaces of one device", test_two_interfaces },
		{ "256 readers in one process", test_many },
	};

	return suite_run("emulator usb", tests, sizeof tests / sizeof tests[0]);
}
