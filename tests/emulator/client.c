/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/emulator/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/card.h"

enum {
	VENDOR = 0x1209,
	PRODUCT = 0xCC1D,
	ENDPOINT_OUT = 0x01,
	ENDPOINT_IN = 0x82,
	HEADER = 10,
	PATIENCE_ROUNDS = 100
};

static void
die(const char *what, int error)
{
	fprintf(stderr, "client: %s: %s\n", what, libusb_error_name(error));
	exit(1);
}

void
client_open(struct client *client)
{
	int error;

	memset(client, 0, sizeof *client);
	error = libusb_init(&client->context);
	if (error != 0)
		die("libusb_init", error);
	client->handle = libusb_open_device_with_vid_pid(client->context, VENDOR, PRODUCT);
	if (client->handle == NULL)
		die("open", LIBUSB_ERROR_NOT_FOUND);
	error = libusb_claim_interface(client->handle, 0);
	if (error != 0)
		die("claim", error);
}

void
client_close(struct client *client)
{
	libusb_release_interface(client->handle, 0);
	libusb_close(client->handle);
	libusb_exit(client->context);
}

int
client_send(struct client *client, uint8_t type, uint8_t slot, unsigned bytes_7_8_9,
    const uint8_t *data, size_t length)
{
	uint8_t *message = calloc(1, HEADER + length);
	int error, sent = 0;

	if (message == NULL)
		abort();
	message[0] = type;
	for (unsigned i = 0; i < 4; i++)
		message[1 + i] = (uint8_t)(length >> 8 * i);
	message[5] = slot;
	message[6] = ++client->seq;
	for (unsigned i = 0; i < 3; i++)
		message[7 + i] = (uint8_t)(bytes_7_8_9 >> 8 * i);
	if (length != 0)
		memcpy(message + HEADER, data, length);
	error = libusb_bulk_transfer(client->handle, ENDPOINT_OUT, message, (int)(HEADER + length),
	    &sent, CLIENT_TIMEOUT_MS);
	free(message);
	return error;
}

int
client_receive(struct client *client, unsigned timeout_ms)
{
	int error, length = 0;

	memset(client->reply, 0xCC, HEADER);
	error = libusb_bulk_transfer(
	    client->handle, ENDPOINT_IN, client->reply, sizeof client->reply, &length, timeout_ms);
	client->length = error != 0 ? error : length;
	return client->length;
}

int
client_exchange(struct client *client, uint8_t type, uint8_t slot, unsigned bytes_7_8_9,
    const uint8_t *data, size_t length)
{
	client->length = client_send(client, type, slot, bytes_7_8_9, data, length);
	if (client->length != 0)
		return client->length;
	return client_receive(client, CLIENT_TIMEOUT_MS);
}

int
client_exchange_hex(
    struct client *client, uint8_t type, uint8_t slot, unsigned bytes_7_8_9, const char *hex)
{
	uint8_t data[1024];

	return client_exchange(
	    client, type, slot, bytes_7_8_9, data, emu_hex(hex, data, sizeof data));
}

static void LIBUSB_CALL
on_done(struct libusb_transfer *transfer)
{
	struct client_transfer *one = transfer->user_data;

	one->done = 1;
}

void
client_submit(struct client *client, struct client_transfer *one, uint8_t endpoint, bool interrupt,
    int length)
{
	int error;

	one->done = 0;
	if (one->transfer == NULL)
		one->transfer = libusb_alloc_transfer(0);
	if (interrupt)
		libusb_fill_interrupt_transfer(
		    one->transfer, client->handle, endpoint, one->bytes, length, on_done, one, 0);
	else
		libusb_fill_bulk_transfer(
		    one->transfer, client->handle, endpoint, one->bytes, length, on_done, one, 0);
	error = libusb_submit_transfer(one->transfer);
	if (error != 0)
		die("submit", error);
}

bool
client_wait_count(libusb_context *context, const int *counter, int value)
{
	for (int round = 0; *counter != value && round < PATIENCE_ROUNDS; round++) {
		struct timeval limit = { 0, 100000 };

		libusb_handle_events_timeout(context, &limit);
	}
	return *counter == value;
}

bool
client_wait(struct client *client, struct client_transfer *one)
{
	return client_wait_count(client->context, &one->done, 1);
}

void
client_transfer_free(struct client_transfer *one)
{
	libusb_free_transfer(one->transfer);
	one->transfer = NULL;
}
