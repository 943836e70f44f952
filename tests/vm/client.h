/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest's programs need of any resource manager: waits for readers and cards that end by
 * events, and exchanges. The source is good for <winscard.h> and for pcsc-lite's.
 */
#ifndef TESTS_VM_CLIENT_H
#define TESTS_VM_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <winscard.h>

#define CLIENT_WAIT_MS 20000
#define CLIENT_NAME 128u
#define CLIENT_READERS 8u
#define CLIENT_APDU 65544u
#define CLIENT_RESPONSE 65538u

/* Waits until so many readers are there; their names in the order of the list. */
bool client_readers(SCARDCONTEXT context, unsigned count, char names[][CLIENT_NAME]);
/* Waits until all bits of @set are, and none of @clear is; the state then, 0 when it took too long.
 */
SCARD_READERSTATE
client_state(SCARDCONTEXT context, const char *name, unsigned set, unsigned clear);
/* Shared, with the protocol that the card has; 0: not connected. */
SCARDHANDLE client_connect(SCARDCONTEXT context, const char *name, unsigned *ret_protocol);

struct client_reply {
	LONG code;
	size_t length; /* with the status word */
	unsigned status;
	uint8_t data[CLIENT_RESPONSE];
};

/* The reply stays until the next call. */
const struct client_reply *
client_transmit(SCARDHANDLE card, unsigned protocol, const uint8_t *command, size_t length);

/*
 * Builds a command APDU, short where it can be; @le: 65536 at most, 0: none. Its length; @out has
 * room for CLIENT_APDU bytes.
 */
size_t client_command(
    uint8_t *out, const uint8_t header[4], const uint8_t *data, size_t length, size_t le);

#endif
