/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Power, parameters, and what readers do by themselves with them: voltage, PPS, IFS.
 */
#include <string.h>

#include "tests/emulator/reader_state.h"

enum {
	VOLTAGE_AUTOMATIC = 0,
	VOLTAGE_1_8V = 3,
	T0_LENGTH = 5,
	T1_LENGTH = 7,
	IFSD_MAX = 254,
	ERROR_PROTOCOL = 0xF6
};

static uint32_t
features(const struct emu_function *function)
{
	return function->params.ccid.features;
}

void
emu_default_parameters(struct emu_slot *slot)
{
	static const uint8_t t0[T1_LENGTH] = { EMU_FIDI_DEFAULT, 0, 0, 0x0A, 0 };

	slot->protocol = 0;
	memcpy(slot->parameters, t0, sizeof t0);
}

/* As the answer to reset says. */
static void
parameters_of_card(struct emu_slot *slot)
{
	static const uint8_t t1[T1_LENGTH] = { EMU_FIDI_DEFAULT, 0x10, 0, 0x4D, 0, 0x20, 0 };

	emu_default_parameters(slot);
	if (slot->card->protocol == 1) {
		slot->protocol = 1;
		memcpy(slot->parameters, t1, sizeof t1);
	}
	slot->parameters[0] = slot->card->fidi;
}

void
emu_power_off(struct emu_slot *slot)
{
	slot->powered = false;
	slot->clock = 0;
	slot->in_command = false;
	slot->command_length = slot->reply_length = slot->reply_sent = 0;
	emu_default_parameters(slot);
}

/* Resets the card at one voltage; the answer's length. */
static size_t
reset_at(struct emu_slot *slot, unsigned voltage, bool warm, uint8_t atr[EMU_ATR_MAX])
{
	emu_card_reset(slot->card, voltage, warm);
	return emu_card_take(slot->card, atr, EMU_ATR_MAX);
}

/* @select: bPowerSelect */
static size_t
reset_card(struct emu_function *function, struct emu_slot *slot, uint8_t select, bool warm,
    uint8_t atr[EMU_ATR_MAX])
{
	unsigned able = function->params.ccid.voltages & EMU_ANY_VOLTAGE;
	size_t length = 0;

	if (select != VOLTAGE_AUTOMATIC)
		return reset_at(slot, 1u << (select - 1), warm, atr);
	if (able == 0)
		able = EMU_ANY_VOLTAGE;
	for (unsigned voltage = EMU_5V; voltage <= EMU_1_8V && length == 0; voltage <<= 1)
		if ((able & voltage) != 0)
			length = reset_at(slot, voltage, warm, atr);
	return length;
}

static bool
activate(struct emu_function *function, struct emu_slot *slot, uint8_t select,
    uint8_t atr[EMU_ATR_MAX], size_t *ret_length)
{
	bool warm = slot->powered;

	emu_power_off(slot);
	*ret_length = reset_card(function, slot, select, warm, atr);
	if (*ret_length == 0)
		return false;
	slot->powered = true;
	if ((features(function) & (EMU_AUTO_CONF_ATR | EMU_AUTO_PARAM_NEG)) != 0)
		parameters_of_card(slot);
	return true;
}

void
emu_activate(struct emu_function *function, struct emu_slot *slot)
{
	uint8_t atr[EMU_ATR_MAX];
	size_t length;

	activate(function, slot, VOLTAGE_AUTOMATIC, atr, &length);
}

void
emu_power_on(const struct emu_message *message)
{
	struct emu_function *function = message->function;
	uint8_t atr[EMU_ATR_MAX], select = message->header[7];
	unsigned able = function->params.ccid.voltages & EMU_ANY_VOLTAGE;
	size_t length;

	if (select > VOLTAGE_1_8V ||
	    (select == VOLTAGE_AUTOMATIC && able != 0 &&
		(features(function) & (EMU_AUTO_VOLTAGE | EMU_AUTO_ACTIVATE)) == 0) ||
	    (select != VOLTAGE_AUTOMATIC && able != 0 && (able & 1u << (select - 1)) == 0))
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_BYTE_7);
	else if (message->slot->card == NULL ||
	    !activate(function, message->slot, select, atr, &length))
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_MUTE);
	else
		emu_reply(message, EMU_DATA_BLOCK, 0, atr, length);
}

void
emu_reply_parameters(const struct emu_message *message)
{
	const struct emu_function_params *params = &message->function->params;
	const struct emu_slot *slot = message->slot;

	if (params->parameters != NULL)
		emu_reply(message, EMU_PARAMETERS, slot->protocol, params->parameters,
		    params->parameters_length);
	else
		emu_reply(message, EMU_PARAMETERS, slot->protocol, slot->parameters,
		    slot->protocol == 0 ? T0_LENGTH : T1_LENGTH);
}

/* ISO 7816-3, tables 7 and 8. */
static uint64_t
rate_of(uint64_t clock, uint8_t fidi)
{
	static const uint16_t f[16] = { 372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024,
		1536, 2048, 0, 0 };
	static const uint8_t d[16] = { 0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0 };

	if (f[fidi >> 4] == 0)
		return UINT64_MAX;
	return 1000 * clock * d[fidi & 15] / f[fidi >> 4];
}

/* The reader's own PPS; true: the card is where it is to be. */
static bool
negotiate(struct emu_card *card, unsigned protocol, uint8_t fidi)
{
	uint8_t request[4] = { 0xFF, (uint8_t)(0x10 | protocol), fidi, 0 }, answer[sizeof request];

	if (card->protocol == protocol && card->fidi == fidi)
		return true;
	request[3] = request[0] ^ request[1] ^ request[2];
	emu_card_send(card, request, sizeof request);
	return emu_card_take(card, answer, sizeof answer) == sizeof answer &&
	    memcmp(answer, request, sizeof answer) == 0;
}

/* The reader's own S(IFS); what the card answers is not looked at. */
static void
announce_ifsd(struct emu_function *function, struct emu_card *card)
{
	uint32_t size = function->params.ccid.max_ifsd;
	uint8_t block[5] = { 0x00, 0xC1, 1, 0, 0 }, answer[sizeof block];

	block[3] = (uint8_t)(size > IFSD_MAX ? IFSD_MAX : size);
	block[4] = block[1] ^ block[2] ^ block[3];
	emu_card_send(card, block, sizeof block);
	emu_card_take(card, answer, sizeof answer);
}

void
emu_set_parameters(const struct emu_message *message)
{
	struct emu_function *function = message->function;
	struct emu_slot *slot = message->slot;
	uint8_t protocol = message->header[7], fidi;
	const struct emu_ccid *ccid = &function->params.ccid;

	if (protocol > 1 || (ccid->protocols != 0 && (ccid->protocols & 1u << protocol) == 0)) {
		emu_reply_failed(message, EMU_PARAMETERS, EMU_ERROR_BYTE_7);
		return;
	}
	if (message->length != (protocol == 0 ? T0_LENGTH : T1_LENGTH)) {
		emu_reply_failed(message, EMU_PARAMETERS, EMU_ERROR_LENGTH);
		return;
	}
	if ((features(function) & EMU_AUTO_PARAM_NEG) != 0) {
		emu_reply_parameters(message);
		return;
	}
	fidi = message->data[0];
	if (function->params.strict_rates &&
	    rate_of(ccid->default_clock, fidi) > (uint64_t)ccid->maximum_data_rate + 2) {
		emu_reply_failed(message, EMU_PARAMETERS, EMU_ERROR_RATE);
		return;
	}
	if ((features(function) & EMU_AUTO_PPS) != 0 && slot->powered &&
	    !negotiate(slot->card, protocol, fidi)) {
		emu_reply_failed(message, EMU_PARAMETERS, ERROR_PROTOCOL);
		return;
	}
	slot->protocol = protocol;
	memcpy(slot->parameters, message->data, message->length);
	if (protocol == 1 && slot->powered && (features(function) & EMU_AUTO_IFSD) != 0 &&
	    emu_level(function) <= EMU_LEVEL_TPDU && emu_in_step(slot))
		announce_ifsd(function, slot->card);
	emu_reply_parameters(message);
}
