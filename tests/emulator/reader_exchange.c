/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XfrBlock at the level of the reader: bytes, TPDUs and blocks, or APDUs in one piece or several.
 */
#include <string.h>

#include "tests/emulator/reader_state.h"

/* wLevelParameter and bChainParameter. */
enum {
	WHOLE = 0,
	BEGINS = 1,
	ENDS = 2,
	CONTINUES = 3,
	NEXT_PLEASE = 0x10
};

enum {
	PPSS = 0xFF
};

bool
emu_in_step(const struct emu_slot *slot)
{
	return slot->card->protocol == slot->protocol && slot->card->fidi == slot->parameters[0];
}

static bool
is_apdu_level(const struct emu_function *function)
{
	return emu_level(function) >= EMU_LEVEL_SHORT;
}

/* What the card has for the reader, all of it. */
static int
take_all(struct emu_slot *slot)
{
	slot->reply_length = emu_card_take(slot->card, slot->reply, EMU_REPLY_MAX);
	if (slot->reply_length == 0)
		return EMU_ERROR_MUTE;
	return slot->card->parity ? EMU_ERROR_PARITY : EMU_DONE;
}

static int
exchange_apdu(const struct emu_message *message, const uint8_t *data, size_t length)
{
	struct emu_slot *slot = message->slot;
	uint32_t features = message->function->params.ccid.features;

	if ((features & EMU_AUTO_PPS) != 0 && (features & EMU_AUTO_PARAM_NEG) == 0 &&
	    !emu_in_step(slot))
		return EMU_ERROR_MUTE;
	slot->reply_length = emu_card_apdu(slot->card, data, length, slot->reply);
	return slot->reply_length != 0 ? EMU_DONE : EMU_ERROR_MUTE;
}

int
emu_exchange(const struct emu_message *message, const uint8_t *data, size_t length)
{
	struct emu_slot *slot = message->slot;

	slot->reply_length = slot->reply_sent = 0;
	if (slot->card == NULL || !slot->powered)
		return EMU_ERROR_MUTE;
	if (length == 0)
		return EMU_ERROR_LENGTH;
	if (is_apdu_level(message->function))
		return exchange_apdu(message, data, length);
	if (slot->card->fresh && data[0] == PPSS) {
		emu_card_send(slot->card, data, length);
		return take_all(slot);
	}
	if (!emu_in_step(slot))
		return EMU_ERROR_MUTE;
	if (slot->protocol == 0)
		return emu_t0_exchange(message, data, length);
	emu_card_send(slot->card, data, length);
	return take_all(slot);
}

/* The next part of the answer. */
static void
reply_part(const struct emu_message *message)
{
	struct emu_slot *slot = message->slot;
	const struct emu_function *function = message->function;
	size_t left = slot->reply_length - slot->reply_sent, room = emu_data_max(function);
	bool chains = emu_level(function) >= EMU_LEVEL_EXTENDED || function->params.chains_short;
	bool first = slot->reply_sent == 0, last = left <= room || !chains;
	uint8_t chain = WHOLE;

	if (!last)
		chain = first ? BEGINS : CONTINUES;
	else if (!first)
		chain = ENDS;
	if (left > room && chains)
		left = room;
	slot->reply_sent += left;
	emu_reply(message, EMU_DATA_BLOCK, chain, slot->reply + slot->reply_sent - left, left);
	if (last)
		slot->reply_length = slot->reply_sent = 0;
}

static void
reply_exchange(const struct emu_message *message, int result)
{
	if (result == EMU_DONE)
		reply_part(message);
	else if (result != EMU_SILENT)
		emu_reply_failed(message, EMU_DATA_BLOCK, (uint8_t)result);
}

/* Bytes to the card, and as many back as the host expects. */
static void
transfer_characters(const struct emu_message *message, size_t expected)
{
	struct emu_slot *slot = message->slot;
	bool pps;

	slot->reply_length = slot->reply_sent = 0;
	if (slot->card == NULL || !slot->powered) {
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_MUTE);
		return;
	}
	pps = slot->card->fresh && message->length > 0 && message->data[0] == PPSS;
	if (message->length > 0 && !pps && !emu_in_step(slot)) {
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_MUTE);
		return;
	}
	if (message->length > 0)
		emu_card_send(slot->card, message->data, message->length);
	if (expected > emu_data_max(message->function))
		expected = emu_data_max(message->function);
	slot->reply_length = emu_card_take(slot->card, slot->reply, expected);
	if (slot->reply_length == 0 && expected != 0)
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_MUTE);
	else if (slot->card->parity)
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_PARITY);
	else
		emu_reply(message, EMU_DATA_BLOCK, 0, slot->reply, slot->reply_length);
}

static bool
collect(const struct emu_message *message)
{
	struct emu_slot *slot = message->slot;

	if (message->length > EMU_COMMAND_MAX - slot->command_length)
		return false;
	if (message->length != 0)
		memcpy(slot->command + slot->command_length, message->data, message->length);
	slot->command_length += message->length;
	return true;
}

/* The extended level: parts of a command, parts of an answer. */
static void
transfer_chained(const struct emu_message *message, unsigned level)
{
	struct emu_slot *slot = message->slot;
	bool begins = level == WHOLE || level == BEGINS;

	if (level == NEXT_PLEASE) {
		if (slot->reply_sent == 0 || slot->reply_sent >= slot->reply_length)
			emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_BYTE_8);
		else
			reply_part(message);
		return;
	}
	if (level > CONTINUES || begins == slot->in_command) {
		slot->in_command = false;
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_BYTE_8);
		return;
	}
	if (begins)
		slot->command_length = 0;
	slot->in_command = level == BEGINS || level == CONTINUES;
	if (!collect(message)) {
		slot->in_command = false;
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_LENGTH);
	} else if (slot->in_command) {
		emu_reply(message, EMU_DATA_BLOCK, NEXT_PLEASE, NULL, 0);
	} else {
		reply_exchange(message, emu_exchange(message, slot->command, slot->command_length));
	}
}

void
emu_transfer(const struct emu_message *message)
{
	unsigned level = (unsigned)(message->header[8] | message->header[9] << 8);
	const struct emu_function *function = message->function;

	if (emu_level(function) == EMU_LEVEL_CHARACTER)
		transfer_characters(message, level);
	else if (emu_level(function) >= EMU_LEVEL_EXTENDED ||
	    (function->params.chains_short && level == NEXT_PLEASE))
		transfer_chained(message, level);
	else if (level != 0)
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_BYTE_8);
	else
		reply_exchange(message, emu_exchange(message, message->data, message->length));
}
