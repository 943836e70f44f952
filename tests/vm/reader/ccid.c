/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader's messages (USB CCID 1.1, chapter 6). Section numbers are that standard's. */
#include <stdio.h>
#include <string.h>

#include "tests/vm/reader/reader.h"

#define ICC_POWER_ON 0x62
#define ICC_POWER_OFF 0x63
#define GET_SLOT_STATUS 0x65
#define XFR_BLOCK 0x6F
#define GET_PARAMETERS 0x6C
#define RESET_PARAMETERS 0x6D
#define SET_PARAMETERS 0x61
#define ABORT 0x72
#define DATA_BLOCK 0x80
#define SLOT_STATUS 0x81
#define PARAMETERS 0x82
#define NOTIFY_SLOT_CHANGE 0x50

#define COMMAND_FAILED 0x40
#define TIME_EXTENSION 0x80
#define ERROR_SLOT 5
#define ERROR_MUTE 0xFE

/* wLevelParameter and bChainParameter, 6.1.4 and 6.2.1 */
#define CHAIN_WHOLE 0x00
#define CHAIN_FIRST 0x01
#define CHAIN_LAST 0x02
#define CHAIN_MIDDLE 0x03
#define CHAIN_NEXT 0x10

#define PPS_FIRST 0xFF

static const uint8_t default_parameters[7] = { 0x11, 0x10, 0x00, 0x4D, 0x00, 0x20, 0x00 };

static uint32_t
get32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void
show(const struct reader *reader, char direction, const uint8_t *message, size_t length)
{
	if (!reader->settings.verbose)
		return;
	fprintf(stderr, "%c", direction);
	for (size_t i = 0; i < MIN(length, 48); i++)
		fprintf(stderr, " %02X", message[i]);
	fprintf(stderr, length > 48 ? " ... %zu bytes\n" : "\n", length);
}

/* bStatus without the command's result. */
static uint8_t
slot_status(const struct reader *reader, unsigned slot)
{
	if (slot >= reader->settings.slots || !reader->slots[slot].present)
		return 2;
	return reader->slots[slot].powered ? 0 : 1;
}

struct answer {
	uint8_t type, result, error, last; /* the last byte of the header: chain, protocol, clock */
	const uint8_t *data;
	size_t length;
};

static void
reply(struct reader *reader, const uint8_t *command, const struct answer *answer)
{
	size_t length = READER_HEADER + answer->length;
	uint8_t *message = g_malloc(length);

	message[0] = answer->type;
	message[1] = (uint8_t)answer->length;
	message[2] = (uint8_t)(answer->length >> 8);
	message[3] = (uint8_t)(answer->length >> 16);
	message[4] = 0;
	message[5] = command[5];
	message[6] = command[6];
	message[7] = slot_status(reader, command[5]) | answer->result;
	message[8] = answer->error;
	message[9] = answer->last;
	if (answer->length > 0)
		memcpy(message + READER_HEADER, answer->data, answer->length);
	show(reader, '<', message, length);
	g_queue_push_tail(&reader->replies, g_bytes_new_take(message, length));
}

static void
power_on(struct reader *reader, struct slot *slot, const uint8_t *command)
{
	const struct settings *settings = &reader->settings;

	slot->powered = true;
	memcpy(slot->parameters, default_parameters, sizeof slot->parameters);
	slot->command.length = slot->response.length = slot->sent = 0;
	slot->next_out = slot->next_in = 0;
	slot->host_size = 32;
	slot->waiting = false;
	reply(reader, command,
	    &(struct answer){
		.type = DATA_BLOCK, .data = settings->atr, .length = settings->atr_length });
}

static void
parameters(struct reader *reader, struct slot *slot, const uint8_t *command, size_t length)
{
	bool t0 = reader->settings.t0;

	if (command[0] == SET_PARAMETERS) {
		memcpy(slot->parameters, command + READER_HEADER,
		    MIN(length, sizeof slot->parameters));
		t0 = command[7] == 0;
	} else if (command[0] == RESET_PARAMETERS)
		memcpy(slot->parameters, default_parameters, sizeof slot->parameters);
	reply(reader, command,
	    &(struct answer){ .type = PARAMETERS,
		.last = t0 ? 0 : 1,
		.data = slot->parameters,
		.length = t0 ? 5 : sizeof slot->parameters });
}

static void
refuse(struct reader *reader, const uint8_t *command, uint8_t type, uint8_t error)
{
	reply(reader, command,
	    &(struct answer){ .type = type, .result = COMMAND_FAILED, .error = error });
}

/* A part of the response of an APDU, as much as a message of this reader holds. */
static void
apdu_part(struct reader *reader, struct slot *slot, const uint8_t *command)
{
	size_t left = slot->response.length - slot->sent;
	size_t part = MIN(left, reader->settings.message_max - READER_HEADER);
	bool first = slot->sent == 0, last = part == left;
	struct answer answer = {
		.type = DATA_BLOCK, .data = slot->response.data + slot->sent, .length = part
	};

	if (first)
		answer.last = last ? CHAIN_WHOLE : CHAIN_FIRST;
	else
		answer.last = last ? CHAIN_LAST : CHAIN_MIDDLE;
	slot->sent += part;
	reply(reader, command, &answer);
}

static void
apdu(struct reader *reader, struct slot *slot, const uint8_t *command, size_t length)
{
	static const struct answer next = { .type = DATA_BLOCK, .last = CHAIN_NEXT };
	static const struct answer extension = {
		.type = DATA_BLOCK, .result = TIME_EXTENSION, .error = 1
	};
	unsigned level = command[8] | (unsigned)command[9] << 8;
	struct bytes *whole = &slot->command;

	if ((reader->settings.features & LEVEL_MASK) == LEVEL_SHORT)
		level = CHAIN_WHOLE;
	if (level == CHAIN_NEXT) {
		apdu_part(reader, slot, command);
		return;
	}
	if (level == CHAIN_WHOLE || level == CHAIN_FIRST)
		whole->length = 0;
	if (whole->length + length > sizeof whole->data) {
		refuse(reader, command, DATA_BLOCK, 1);
		return;
	}
	memcpy(whole->data + whole->length, command + READER_HEADER, length);
	whole->length += length;
	if (level == CHAIN_FIRST || level == CHAIN_MIDDLE) {
		reply(reader, command, &next);
		return;
	}
	slot->sent = 0;
	if (!card_command(whole->data, whole->length, &slot->response))
		reply(reader, command, &extension);
	apdu_part(reader, slot, command);
}

static void
tpdu(struct reader *reader, struct slot *slot, const uint8_t *command, size_t length)
{
	static uint8_t out[READER_APDU];
	const uint8_t *data = command + READER_HEADER;
	struct answer answer = { .type = DATA_BLOCK, .data = out };

	/* A proposal of protocol and parameters is accepted as it is. */
	if (length >= 3 && data[0] == PPS_FIRST && data[1] < 0x80) {
		answer.data = data;
		answer.length = length;
	} else if (reader->settings.t0)
		answer.length = tpdu0(slot, data, length, out);
	else
		answer.length = tpdu1(slot, data, length, out);
	if (answer.length == 0)
		refuse(reader, command, DATA_BLOCK, ERROR_MUTE);
	else
		reply(reader, command, &answer);
}

static void
exchange(struct reader *reader, struct slot *slot, const uint8_t *command, size_t length)
{
	if (reader->silent) {
		reader->silent = false;
		puts("silent");
	} else if (!slot->powered)
		refuse(reader, command, DATA_BLOCK, ERROR_MUTE);
	else if ((reader->settings.features & LEVEL_MASK) == LEVEL_TPDU)
		tpdu(reader, slot, command, length);
	else
		apdu(reader, slot, command, length);
}

/* Which message answers. */
static uint8_t
answer_type(uint8_t type)
{
	switch (type) {
	case ICC_POWER_ON:
	case XFR_BLOCK:
	case 0x69: /* Secure */
		return DATA_BLOCK;
	case SET_PARAMETERS:
	case GET_PARAMETERS:
	case RESET_PARAMETERS:
		return PARAMETERS;
	case 0x6B: /* Escape */
		return 0x83;
	case 0x73: /* SetDataRateAndClockFrequency */
		return 0x84;
	default:
		return SLOT_STATUS;
	}
}

static void
carry_out(struct reader *reader, struct slot *slot, const uint8_t *command, size_t length)
{
	switch (command[0]) {
	case ICC_POWER_ON:
		power_on(reader, slot, command);
		break;
	case XFR_BLOCK:
		exchange(reader, slot, command, length);
		break;
	case SET_PARAMETERS:
	case GET_PARAMETERS:
	case RESET_PARAMETERS:
		parameters(reader, slot, command, length);
		break;
	default: /* not supported: error 0, the offset of bMessageType */
		refuse(reader, command, answer_type(command[0]), 0);
	}
}

void
ccid_message(struct reader *reader, const uint8_t *command, size_t whole)
{
	struct answer status = { .type = SLOT_STATUS };
	struct slot *slot;

	show(reader, '>', command, whole);
	reader->counts.messages[command[0]]++;
	if (command[5] >= reader->settings.slots) {
		refuse(reader, command, answer_type(command[0]), ERROR_SLOT);
		return;
	}
	slot = &reader->slots[command[5]];
	if (command[0] == ICC_POWER_OFF)
		slot->powered = false;
	if (command[0] == ICC_POWER_OFF || command[0] == GET_SLOT_STATUS || command[0] == ABORT)
		reply(reader, command, &status);
	else if (!slot->present)
		refuse(reader, command, answer_type(command[0]), ERROR_MUTE);
	else
		carry_out(reader, slot, command, MIN(get32(command + 1), whole - READER_HEADER));
}

void
ccid_plugged(struct reader *reader)
{
	for (unsigned i = 0; i < reader->settings.slots; i++)
		reader->slots[i].powered = false;
	reader->moved = (uint8_t)((1u << reader->settings.slots) - 1);
}

void
ccid_move(struct reader *reader, unsigned slot, bool present)
{
	reader->slots[slot].present = present;
	reader->slots[slot].powered = false;
	reader->moved |= (uint8_t)(1u << slot);
}

size_t
ccid_notice(struct reader *reader, uint8_t out[8])
{
	size_t length = 1 + (reader->settings.slots + 3) / 4;

	if (reader->moved == 0)
		return 0;
	memset(out, 0, 8);
	out[0] = NOTIFY_SLOT_CHANGE;
	for (unsigned i = 0; i < reader->settings.slots; i++) {
		unsigned pair = (reader->slots[i].present ? 1u : 0u) |
		    ((reader->moved >> i & 1) != 0 ? 2u : 0u);

		out[1 + i / 4] |= (uint8_t)(pair << (i % 4 * 2));
	}
	reader->moved = 0;
	return length;
}
