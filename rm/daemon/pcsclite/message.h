/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The messages of pcsc-lite's library to its daemon, versions 4:4 to 4:6, as PROTOCOL-PCSCLITE has
 * them. A request is a header and a body of fixed size, some with data behind it; an answer is the
 * body alone, some with data. Numbers are the machine's own.
 */
#ifndef RM_DAEMON_PCSCLITE_MESSAGE_H
#define RM_DAEMON_PCSCLITE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "rm/pcsclite/numbers.h"

#define LITE_MAJOR 4u
#define LITE_MINOR_LOWEST 4u
#define LITE_MINOR_ARRAY 6u /* from here on the readers' array has a size that is asked for */
#define LITE_MINOR_HIGHEST 6u

#define LITE_HEADER 8u                  /* size of the body, command */
#define LITE_DATA_MAX LP64_EXTENDED_MAX /* behind a body */
#define LITE_READERS 16u                /* in the array until 4:5 */
#define LITE_READERS_LATER 64u          /* in the one since 4:6 */
#define LITE_ATR_SIZE 33u

enum lite_command {
	LITE_ESTABLISH = 0x01,
	LITE_RELEASE = 0x02,
	LITE_CONNECT = 0x04,
	LITE_RECONNECT = 0x05,
	LITE_DISCONNECT = 0x06,
	LITE_BEGIN = 0x07,
	LITE_END = 0x08,
	LITE_TRANSMIT = 0x09,
	LITE_CONTROL = 0x0A,
	LITE_STATUS = 0x0B,
	LITE_CANCEL = 0x0D,
	LITE_GET_ATTRIBUTE = 0x0F,
	LITE_SET_ATTRIBUTE = 0x10,
	LITE_VERSION = 0x11,
	LITE_READERS_STATE = 0x12,
	LITE_WAIT = 0x13,
	LITE_STOP_WAITING = 0x14,
	LITE_READER_EVENTS = 0x15,
	LITE_ARRAY_SIZE = 0x16,
	LITE_ARRAY = 0x17,
	LITE_COMMANDS
};

struct lite_establish {
	uint32_t scope, context, result;
};
struct lite_release { /* CANCEL as well */
	uint32_t context, result;
};
struct lite_connect {
	uint32_t context;
	char reader[LP64_NAME_SIZE];
	uint32_t share_mode, protocols, card, active, result;
};
struct lite_reconnect {
	uint32_t card, share_mode, protocols, initialization, active, result;
};
struct lite_disconnect { /* END as well */
	uint32_t card, disposition, result;
};
struct lite_begin { /* STATUS as well */
	uint32_t card, result;
};
struct lite_transmit {
	uint32_t card, send_protocol, send_pci, length, receive_protocol, receive_pci, room, result;
};
struct lite_control {
	uint32_t card, code, length, room, returned, result;
};
struct lite_attribute {
	uint32_t card, id;
	uint8_t value[LP64_ATTRIBUTE_MAX];
	uint32_t length, result;
};
struct lite_version {
	uint32_t major, minor, result;
};
struct lite_change { /* the answer to STOP_WAITING, and what is told */
	uint32_t unused, result;
};
struct lite_events {
	uint32_t events, result;
};
struct lite_reader {
	char name[LP64_NAME_SIZE];
	uint32_t counter, state;
	int32_t sharing;
	uint8_t atr[LITE_ATR_SIZE];
	uint32_t atr_length, protocol;
};

/* lite_reader.sharing: how many are connected; or one, exclusively. */
#define LITE_SHARING_NONE 0
#define LITE_SHARING_SOME 1
#define LITE_SHARING_EXCLUSIVE (-1)

/*
 * How long a message is that begins with these bytes, as far as they tell: the header, then all
 * but the data, then all of it. 0: it is no message. With as many bytes as that, it is whole.
 */
size_t lite_message_size(const uint8_t *data, size_t have);
/* Of a whole message. */
uint32_t lite_message_command(const uint8_t *data);
/* Bytes of a command's body. */
size_t lite_body_size(uint32_t command);
/* The command's name, for people. */
const char *lite_command_name(uint32_t command);

#endif
