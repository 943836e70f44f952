/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/message.h"

#include <string.h>

#include "ccid/bytes.h"

/* Types of the interrupt endpoint (USB CCID 1.1, 6.3). */
#define NOTIFY_SLOT_CHANGE 0x50u
#define HARDWARE_ERROR 0x51u
#define HARDWARE_ERROR_SIZE 4u

size_t
ccid_message_write(const struct ccid_command *command, uint8_t *out, size_t room)
{
	if (command->length > CCID_MESSAGE_MAX - CCID_HEADER || room < CCID_HEADER ||
	    command->length > room - CCID_HEADER)
		return 0;
	out[0] = (uint8_t)command->type;
	ccid_put32(out + 1, (uint32_t)command->length);
	out[5] = command->slot;
	out[6] = command->sequence;
	memcpy(out + 7, command->parameters, sizeof command->parameters);
	if (command->length > 0)
		memcpy(out + CCID_HEADER, command->data, command->length);
	return CCID_HEADER + command->length;
}

enum ccid_reply_type
ccid_message_reply_type(enum ccid_command_type type)
{
	switch (type) {
	case CCID_POWER_ON:
	case CCID_XFR_BLOCK:
	case CCID_SECURE:
		return CCID_DATA_BLOCK;
	case CCID_GET_PARAMETERS:
	case CCID_RESET_PARAMETERS:
	case CCID_SET_PARAMETERS:
		return CCID_PARAMETERS;
	case CCID_ESCAPE:
		return CCID_ESCAPE_REPLY;
	case CCID_SET_DATA_RATE:
		return CCID_DATA_RATE;
	default:
		return CCID_SLOT_STATUS;
	}
}

static void
read_status(uint8_t status, uint8_t error, struct ccid_reply *ret)
{
	ret->icc = (status & 0x03) == 0x00 ? CCID_ICC_ACTIVE
	    : (status & 0x03) == 0x01      ? CCID_ICC_INACTIVE
					   : CCID_ICC_ABSENT;
	ret->error = error;
	switch (status >> 6) {
	case 0:
		ret->status = CCID_STATUS_DONE;
		break;
	case 1:
		ret->status = CCID_STATUS_FAILED;
		break;
	case 2:
		ret->status = CCID_STATUS_EXTENSION;
		break;
	default:
		ret->status = CCID_STATUS_FAILED;
		ret->error = CCID_ERROR_HARDWARE;
	}
}

enum ccid_check
ccid_message_check(const struct ccid_command *command, const uint8_t *message, size_t received,
    struct ccid_reply *ret)
{
	uint32_t length;

	*ret = (struct ccid_reply){ .icc = CCID_ICC_ABSENT, .status = CCID_STATUS_FAILED };
	if (received < CCID_HEADER)
		return CCID_CHECK_SHORT;
	ret->type = message[0];
	ret->slot = message[5];
	ret->sequence = message[6];
	if (ret->sequence != command->sequence || ret->slot != command->slot)
		return CCID_CHECK_STALE;
	read_status(message[7], message[8], ret);
	ret->last = message[9];
	/* Some readers answer a failed command with a message of another type. */
	if (ret->type != ccid_message_reply_type(command->type) && message[7] >> 6 != 1)
		return CCID_CHECK_TYPE;
	length = ccid_get32(message + 1);
	if (length <= received - CCID_HEADER) {
		ret->data = message + CCID_HEADER;
		ret->length = length;
		return CCID_CHECK_RIGHT;
	}
	/* A failure and a request for time carry no data; what their length says does not matter.
	 */
	return ret->status == CCID_STATUS_DONE ? CCID_CHECK_TRUNCATED : CCID_CHECK_RIGHT;
}

uint64_t
ccid_message_length(const uint8_t *message, size_t received)
{
	if (received < CCID_HEADER)
		return 0;
	return CCID_HEADER + (uint64_t)ccid_get32(message + 1);
}

static bool
read_movement(const uint8_t *bitmap, size_t length, unsigned slots, struct ccid_notice *ret)
{
	for (unsigned slot = 0; slot < slots && slot < CCID_SLOTS_MAX && slot / 4 < length;
	     slot++) {
		unsigned bits = (unsigned)bitmap[slot / 4] >> slot % 4 * 2 & 0x03u;

		ret->present = (uint16_t)(ret->present | (bits & 1) << slot);
		ret->changed = (uint16_t)(ret->changed | bits >> 1 << slot);
	}
	return length > 0;
}

bool
ccid_message_notice(const uint8_t *message, size_t length, unsigned slots, struct ccid_notice *ret)
{
	*ret = (struct ccid_notice){ 0 };
	if (length == 0)
		return false;
	if (message[0] == NOTIFY_SLOT_CHANGE)
		return read_movement(message + 1, length - 1, slots, ret);
	if (message[0] != HARDWARE_ERROR || length < HARDWARE_ERROR_SIZE || message[1] >= slots)
		return false;
	ret->hardware = true;
	ret->slot = message[1];
	ret->sequence = message[2];
	ret->code = message[3];
	return true;
}
