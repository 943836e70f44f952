/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A USB CCID reader with cards in it, as a program: the kernel sees a device at vhci_hcd, whatever
 * the descriptor. usbip.c is the device's side of USB, descriptor.c what it says of itself, ccid.c
 * its messages, tpdu0.c and tpdu1.c the card's side of the protocols, card.c the card's commands.
 */
#ifndef TESTS_VM_READER_READER_H
#define TESTS_VM_READER_READER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define READER_SLOTS 8u
#define READER_ATR 33u
#define READER_HEADER 10u
/* The longest message: an extended response and more. */
#define READER_MESSAGE 70000u
#define READER_APDU 66000u

#define LEVEL_MASK 0x70000u
#define LEVEL_TPDU 0x10000u
#define LEVEL_SHORT 0x20000u
#define LEVEL_EXTENDED 0x40000u

struct settings {
	unsigned vendor, product;
	uint32_t features, protocols, message_max;
	unsigned slots, port;
	bool t0, full_speed, zero_length, verbose;
	uint8_t atr[READER_ATR];
	size_t atr_length;
};

/* A growing text of bytes with a maximum. */
struct bytes {
	uint8_t data[READER_APDU];
	size_t length;
};

struct slot {
	bool present, powered;
	uint8_t parameters[7];
	struct bytes command, response; /* of the APDU under way */
	size_t sent;                    /* of the response */
	/* T=1 */
	uint8_t next_out, next_in; /* sequence numbers */
	size_t host_size;          /* what the host takes in one block */
	bool waiting;              /* for the answer to a request for time */
};

/* What the host did, since it was last asked. */
struct counts {
	unsigned messages[256]; /* by type */
	unsigned in, in_empty, out, interrupts;
};

struct reader {
	struct settings settings;
	struct slot slots[READER_SLOTS];
	uint8_t moved; /* slots whose change is to be told */
	bool silent;   /* the next exchange is not answered */
	struct counts counts;
	GQueue replies; /* GBytes, the first is under way */
	size_t replied; /* bytes of the first that are with the host */
	GByteArray *message;
	/* USB/IP */
	int socket; /* -1: unplugged */
	GQueue bulk_in, interrupt_in;
	uint16_t halted;
};

/* card.c: the response and its status word, which say when they are not to come at once. */
bool card_command(const uint8_t *command, size_t length, struct bytes *response);

/* tpdu0.c, tpdu1.c: @reply has room for READER_APDU bytes; what is returned is to be sent. */
size_t tpdu0(struct slot *slot, const uint8_t *command, size_t length, uint8_t *reply);
size_t tpdu1(struct slot *slot, const uint8_t *block, size_t length, uint8_t *reply);

/* descriptor.c: 0: there is none. @out has room for 512 bytes. */
size_t descriptor(const struct settings *settings, uint8_t type, uint8_t index, uint8_t *out);

/* ccid.c */
void ccid_plugged(struct reader *reader);
void ccid_message(struct reader *reader, const uint8_t *message, size_t length);
void ccid_move(struct reader *reader, unsigned slot, bool present);
/* What the interrupt endpoint has to tell; 0: nothing. */
size_t ccid_notice(struct reader *reader, uint8_t out[8]);

/* usbip.c */
bool usbip_plug(struct reader *reader);
void usbip_unplug(struct reader *reader);
/* The socket is readable. */
void usbip_request(struct reader *reader);
/* Gives the host what there is. */
void usbip_answer(struct reader *reader);

#endif
