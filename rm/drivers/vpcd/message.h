/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of the vpcd protocol: a length of two bytes, the higher one first, and so many bytes.
 * To the card go controls, which have one byte, and commands, which have more; from the card come
 * its answer to reset and answers to commands, each only when it was asked for. Pure.
 */
#ifndef VPCD_MESSAGE_H
#define VPCD_MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#define VPCD_HEAD 2u
#define VPCD_PAYLOAD_MAX 65535u

enum vpcd_control {
	VPCD_POWER_OFF = 0,
	VPCD_POWER_ON = 1,
	VPCD_RESET = 2,
	VPCD_GET_ATR = 4
};

/* length at most VPCD_PAYLOAD_MAX. */
void vpcd_message_head(uint8_t head[VPCD_HEAD], size_t length);

/*
 * The receipt of one message in as many pieces as come: ask where the next bytes go, read there,
 * say how many came. What does not fit into the receiver's memory is read and dropped.
 */
struct vpcd_receipt {
	uint8_t *out;
	size_t room;
	size_t received; /* with the head */
	uint8_t head[VPCD_HEAD];
	uint8_t dropped[4096];
};

enum vpcd_progress {
	VPCD_MORE,  /* is to come */
	VPCD_WHOLE, /* the message is there, and nothing behind it */
	VPCD_EXCESS /* more than the message came: the card said something unasked */
};

void vpcd_receipt_begin(struct vpcd_receipt *receipt, uint8_t *out, size_t room);

/* Where the next bytes go. Returns how many vectors were filled, at least one. */
int vpcd_receipt_want(struct vpcd_receipt *receipt, struct iovec vectors[2]);

/* `count` bytes came, at most what the vectors took, at least one. */
enum vpcd_progress vpcd_receipt_take(struct vpcd_receipt *receipt, size_t count);

/* The length that the head announces, once it is there; may be more than the room. */
size_t vpcd_receipt_length(const struct vpcd_receipt *receipt);

#endif
