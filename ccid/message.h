/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of the bulk and interrupt endpoints (USB CCID 1.1, 6): written and checked. Pure.
 */
#ifndef CCID_MESSAGE_H
#define CCID_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ccid/limits.h"

/* PC_to_RDR */
enum ccid_command_type {
	CCID_SET_PARAMETERS = 0x61,
	CCID_POWER_ON = 0x62,
	CCID_POWER_OFF = 0x63,
	CCID_GET_SLOT_STATUS = 0x65,
	CCID_SECURE = 0x69,
	CCID_T0_APDU = 0x6A,
	CCID_ESCAPE = 0x6B,
	CCID_GET_PARAMETERS = 0x6C,
	CCID_RESET_PARAMETERS = 0x6D,
	CCID_ICC_CLOCK = 0x6E,
	CCID_XFR_BLOCK = 0x6F,
	CCID_MECHANICAL = 0x71,
	CCID_ABORT = 0x72,
	CCID_SET_DATA_RATE = 0x73
};

/* RDR_to_PC */
enum ccid_reply_type {
	CCID_DATA_BLOCK = 0x80,
	CCID_SLOT_STATUS = 0x81,
	CCID_PARAMETERS = 0x82,
	CCID_ESCAPE_REPLY = 0x83,
	CCID_DATA_RATE = 0x84
};

/* bError, where bmCommandStatus says "failed" (CCID 6.2.6) */
#define CCID_ERROR_COMMAND 0x00u /* not supported; 01 to 7F: the byte that is wrong */
#define CCID_ERROR_SLOT 0x05u
#define CCID_ERROR_SLOT_BUSY 0xE0u
#define CCID_ERROR_PIN_CANCELLED 0xEFu
#define CCID_ERROR_PIN_TIMEOUT 0xF0u
#define CCID_ERROR_AUTO_SEQUENCE 0xF2u
#define CCID_ERROR_DEACTIVATED 0xF3u
#define CCID_ERROR_PROCEDURE_BYTE 0xF4u
#define CCID_ERROR_CLASS 0xF5u
#define CCID_ERROR_PROTOCOL 0xF6u
#define CCID_ERROR_TCK 0xF7u
#define CCID_ERROR_TS 0xF8u
#define CCID_ERROR_HARDWARE 0xFBu
#define CCID_ERROR_OVERRUN 0xFCu
#define CCID_ERROR_PARITY 0xFDu
#define CCID_ERROR_MUTE 0xFEu
#define CCID_ERROR_ABORTED 0xFFu

/* bChainParameter */
#define CCID_CHAIN_WHOLE 0x00u
#define CCID_CHAIN_FIRST 0x01u
#define CCID_CHAIN_LAST 0x02u
#define CCID_CHAIN_MIDDLE 0x03u
#define CCID_CHAIN_CONTINUE 0x10u

struct ccid_command {
	enum ccid_command_type type;
	uint8_t slot, sequence;
	uint8_t parameters[3]; /* bytes 7 to 9 */
	const uint8_t *data;   /* may be NULL when length is 0 */
	size_t length;         /* at most CCID_MESSAGE_MAX - CCID_HEADER */
};

/*
 * Writes the message.
 * @room: of `out`
 * Returns its length, or 0: it does not fit.
 */
size_t ccid_message_write(const struct ccid_command *command, uint8_t *out, size_t room);

/* The type of the answer to a command. */
enum ccid_reply_type ccid_message_reply_type(enum ccid_command_type type);

enum ccid_icc {
	CCID_ICC_ACTIVE,
	CCID_ICC_INACTIVE,
	CCID_ICC_ABSENT
};

enum ccid_status {
	CCID_STATUS_DONE,
	CCID_STATUS_FAILED,
	CCID_STATUS_EXTENSION /* `error` is the multiplier */
};

struct ccid_reply {
	uint8_t type, slot, sequence;
	enum ccid_icc icc;       /* 3 counts as absent */
	enum ccid_status status; /* 3 counts as failed, with CCID_ERROR_HARDWARE */
	uint8_t error;           /* of no meaning with CCID_STATUS_DONE */
	uint8_t last;            /* byte 9 */
	const uint8_t *data;     /* inside the message */
	size_t length;           /* dwLength, checked against what was received */
};

/* Why a message is not the answer that is waited for. */
enum ccid_check {
	CCID_CHECK_RIGHT,
	CCID_CHECK_SHORT,    /* less than a header: nothing of it was read */
	CCID_CHECK_STALE,    /* another sequence number or slot: to be dropped */
	CCID_CHECK_TYPE,     /* another type, and not a failure */
	CCID_CHECK_TRUNCATED /* dwLength larger than what was received */
};

/*
 * Checks an answer, in this order: length, sequence, slot, type, status, dwLength.
 * @command: that it should answer
 * @ret: filled for CCID_CHECK_RIGHT, and as far as it was read otherwise
 */
enum ccid_check ccid_message_check(const struct ccid_command *command, const uint8_t *message,
    size_t received, struct ccid_reply *ret);

/* How long the message is that begins so; 0: not known before ten bytes are there. */
uint64_t ccid_message_length(const uint8_t *message, size_t received);

/* Of the interrupt endpoint. */
struct ccid_notice {
	uint16_t present; /* bit n: slot n has a card */
	uint16_t changed; /* bit n: it moved */
	bool hardware;    /* a hardware error instead, of `slot` */
	uint8_t slot, sequence, code;
};

/* Returns false: empty, unknown or about a slot that there is not: nothing to do. */
bool
ccid_message_notice(const uint8_t *message, size_t length, unsigned slots, struct ccid_notice *ret);

#endif
