/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card's side of T=1 (ISO 7816-3, 11): chaining both ways, S(IFS), S(WTX) asked for before a
 * command that takes time, S(RESYNCH), R-blocks for what is not right, and the last block again
 * when the host asks for it. LRC; the node address is given back with its halves changed.
 */
#include <string.h>

#include "tests/vm/reader/reader.h"

#define PCB_MORE 0x20
#define PCB_RESPONSE 0x20
#define R_PARITY 1
#define R_OTHER 2
#define S_RESYNCH 0xC0
#define S_IFS 0xC1
#define S_ABORT 0xC2
#define S_WTX 0xC3

static size_t
block(uint8_t *reply, uint8_t nad, uint8_t pcb, const uint8_t *data, size_t length)
{
	uint8_t check = 0;

	reply[0] = (uint8_t)(nad << 4 | nad >> 4);
	reply[1] = pcb;
	reply[2] = (uint8_t)length;
	if (length > 0)
		memcpy(reply + 3, data, length);
	for (size_t i = 0; i < 3 + length; i++)
		check ^= reply[i];
	reply[3 + length] = check;
	return 4 + length;
}

static size_t
r_block(const struct slot *slot, uint8_t nad, uint8_t error, uint8_t *reply)
{
	return block(reply, nad, (uint8_t)(0x80 | slot->next_in << 4 | error), NULL, 0);
}

/* The part of the response that begins at `sent`; it stays there until the host has it. */
static size_t
i_block(const struct slot *slot, uint8_t nad, uint8_t *reply)
{
	size_t left = slot->response.length - slot->sent;
	size_t part = MIN(left, slot->host_size);

	return block(reply, nad, (uint8_t)(slot->next_out << 6 | (part < left ? PCB_MORE : 0)),
	    slot->response.data + slot->sent, part);
}

/* The host has the last block. */
static void
advance(struct slot *slot)
{
	slot->sent += MIN(slot->response.length - slot->sent, slot->host_size);
	slot->next_out ^= 1;
}

static void
start_anew(struct slot *slot)
{
	slot->next_in = slot->next_out = 0;
	slot->command.length = slot->response.length = slot->sent = 0;
	slot->waiting = false;
}

static size_t
s_block(struct slot *slot, const uint8_t *b, uint8_t *reply)
{
	if (b[1] == (S_WTX | PCB_RESPONSE) && slot->waiting) {
		slot->waiting = false;
		return i_block(slot, b[0], reply);
	}
	if ((b[1] & PCB_RESPONSE) != 0)
		return r_block(slot, b[0], R_OTHER, reply);
	if (b[1] == S_RESYNCH)
		start_anew(slot);
	else if (b[1] == S_IFS && b[2] == 1 && b[3] > 0 && b[3] < 255)
		slot->host_size = b[3];
	else if (b[1] == S_ABORT)
		slot->command.length = 0;
	return block(reply, b[0], b[1] | PCB_RESPONSE, b + 3, b[2]);
}

static size_t
whole_command(struct slot *slot, uint8_t nad, uint8_t *reply)
{
	static const uint8_t once = 1;
	bool at_once = card_command(slot->command.data, slot->command.length, &slot->response);

	slot->sent = slot->command.length = 0;
	if (at_once)
		return i_block(slot, nad, reply);
	slot->waiting = true;
	return block(reply, nad, S_WTX, &once, 1);
}

static size_t
host_i_block(struct slot *slot, const uint8_t *b, uint8_t *reply)
{
	struct bytes *command = &slot->command;

	if ((b[1] >> 6 & 1) != slot->next_in)
		return r_block(slot, b[0], R_OTHER, reply);
	/* With a new command the host confirms the end of the last response. */
	if (slot->response.length > 0) {
		advance(slot);
		slot->response.length = slot->sent = 0;
	}
	if (command->length + b[2] > sizeof command->data)
		return r_block(slot, b[0], R_OTHER, reply);
	slot->next_in ^= 1;
	memcpy(command->data + command->length, b + 3, b[2]);
	command->length += b[2];
	if ((b[1] & PCB_MORE) != 0)
		return r_block(slot, b[0], 0, reply);
	return whole_command(slot, b[0], reply);
}

static size_t
host_r_block(struct slot *slot, const uint8_t *b, uint8_t *reply)
{
	if ((b[1] >> 4 & 1) != slot->next_out &&
	    slot->sent + slot->host_size < slot->response.length)
		advance(slot);
	if (slot->response.length == 0)
		return r_block(slot, b[0], 0, reply);
	return i_block(slot, b[0], reply);
}

size_t
tpdu1(struct slot *slot, const uint8_t *b, size_t length, uint8_t *reply)
{
	uint8_t check = 0;

	for (size_t i = 0; i < length; i++)
		check ^= b[i];
	if (length < 4 || check != 0 || b[2] != length - 4)
		return r_block(slot, length > 0 ? b[0] : 0, R_PARITY, reply);
	if ((b[1] & 0xC0) == 0xC0)
		return s_block(slot, b, reply);
	if ((b[1] & 0x80) != 0)
		return host_r_block(slot, b, reply);
	return host_i_block(slot, b, reply);
}
