/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plain libusb program's half of the tests of the emulator: it knows nothing of any emulation.
 */
#ifndef TESTS_EMULATOR_CLIENT_H
#define TESTS_EMULATOR_CLIENT_H

#include <libusb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_TIMEOUT_MS 5000u
#define CLIENT_SHORT_MS 50u /* for what is to run out */

struct client {
	libusb_context *context;
	libusb_device_handle *handle;
	uint8_t seq;
	uint8_t reply[66560];
	int length; /* of the last reply, or a libusb error */
};

/* Opens the first device with the ids of the usual reader and claims interface 0; exits if not. */
void client_open(struct client *client);
void client_close(struct client *client);

/* Sends a message of CCID; a libusb error or 0. The bSeq is counted up first. */
int client_send(struct client *client, uint8_t type, uint8_t slot, unsigned bytes_7_8_9,
    const uint8_t *data, size_t length);
/* Fetches one transfer into client->reply; its length or a libusb error. */
int client_receive(struct client *client, unsigned timeout_ms);
/* Both; the length of the reply. @bytes_7_8_9: byte 7 in bits 0-7, 8 and 9 above. */
int client_exchange(struct client *client, uint8_t type, uint8_t slot, unsigned bytes_7_8_9,
    const uint8_t *data, size_t length);
/* The same with data in hex. */
int client_exchange_hex(
    struct client *client, uint8_t type, uint8_t slot, unsigned bytes_7_8_9, const char *hex);

/* An asynchronous transfer, and waiting for its end. */
struct client_transfer {
	struct libusb_transfer *transfer;
	uint8_t bytes[1024];
	int done;
};
void client_submit(struct client *client, struct client_transfer *one, uint8_t endpoint,
    bool interrupt, int length);
/* False: not within the tests' patience. */
bool client_wait(struct client *client, struct client_transfer *one);
void client_transfer_free(struct client_transfer *one);
/* Handles events until *counter has that value. */
bool client_wait_count(libusb_context *context, const int *counter, int value);

#endif
