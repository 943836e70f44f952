/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of CCID 1.1 and what they are answered, but for power and exchanges; the requests of the
 * class on the control endpoint; what the interrupt endpoint tells.
 */
#include <errno.h>
#include <string.h>

#include "tests/emulator/reader_state.h"

enum {
	REQUEST_ABORT = 1,
	REQUEST_CLOCKS = 2,
	REQUEST_RATES = 3,
	CLASS_TO_INTERFACE = 0x21,
	CLASS_FROM_INTERFACE = 0xA1,
	NOTIFY_SLOT_CHANGE = 0x50,
	ESCAPE_REPLY_MAX = 65538
};

void
emu_notify(struct emu_function *function)
{
	struct vusb *usb = function->reader->usb;
	uint8_t endpoint = emu_endpoint_interrupt(function);
	uint8_t bytes[1 + EMU_SLOTS_MAX / 4] = { NOTIFY_SLOT_CHANGE };

	if (function->params.no_interrupt)
		return;
	/* A reader keeps no list: what was not fetched is told with what is new. */
	vusb_flush(usb, endpoint);
	for (unsigned i = 0; i < function->slot_count; i++) {
		const struct emu_slot *slot = &function->slots[i];
		unsigned bits = (slot->card != NULL ? 1u : 0u) | (slot->changed ? 2u : 0u);

		bytes[1 + i / 4] |= (uint8_t)(bits << i % 4 * 2);
	}
	vusb_in(usb, endpoint, bytes, 1 + (function->slot_count + 3) / 4, false);
	if (vusb_is_waiting(usb, endpoint))
		return;
	for (unsigned i = 0; i < function->slot_count; i++)
		function->slots[i].changed = false;
}

static void
handle_escape(const struct emu_message *message)
{
	const struct emu_function_params *params = &message->function->params;
	static _Thread_local uint8_t reply[ESCAPE_REPLY_MAX];
	int length = 0;

	if (params->escape != NULL)
		length = params->escape(
		    params->escape_data, message->data, message->length, reply, sizeof reply);
	if (params->escape == NULL || length < 0)
		emu_reply_failed(message, EMU_ESCAPE_REPLY, (uint8_t)-length);
	else
		emu_reply(message, EMU_ESCAPE_REPLY, 0, reply, (size_t)length);
}

static void
reply_status(const struct emu_message *message)
{
	emu_reply(message, EMU_SLOT_STATUS, message->slot->clock, NULL, 0);
}

static void
handle_clock(const struct emu_message *message)
{
	if ((message->function->params.ccid.features & EMU_CLOCK_STOP) == 0) {
		emu_reply_failed(message, EMU_SLOT_STATUS, EMU_ERROR_UNSUPPORTED);
		return;
	}
	message->slot->clock = message->header[7] == 1 ? 1 : 0;
	reply_status(message);
}

static void
handle_t0_apdu(const struct emu_message *message)
{
	if (emu_level(message->function) >= EMU_LEVEL_SHORT)
		reply_status(message);
	else
		emu_reply_failed(message, EMU_SLOT_STATUS, EMU_ERROR_UNSUPPORTED);
}

static void
handle_mechanical(const struct emu_message *message)
{
	uint8_t what = message->header[7];
	/* Accept, eject, capture, lock, unlock: the last two share a bit. */
	static const uint8_t needs[] = { 0, 1, 2, 4, 8, 8 };

	if (what == 0 || what >= sizeof needs)
		emu_reply_failed(message, EMU_SLOT_STATUS, EMU_ERROR_BYTE_7);
	else if ((message->function->params.ccid.mechanical & needs[what]) == 0)
		emu_reply_failed(message, EMU_SLOT_STATUS, EMU_ERROR_UNSUPPORTED);
	else
		reply_status(message);
}

static void
handle_rate(const struct emu_message *message)
{
	if (message->length != 8)
		emu_reply_failed(message, EMU_RATE_REPLY, EMU_ERROR_LENGTH);
	else
		emu_reply(message, EMU_RATE_REPLY, 0, message->data, 8);
}

/* Both halves of an abort have come, the request and the message, with the same bSeq. */
static void
finish_abort(const struct emu_message *message)
{
	struct emu_slot *slot = message->slot;

	slot->abort_control = slot->abort_message = -1;
	slot->in_command = false;
	slot->reply_length = slot->reply_sent = 0;
	emu_abort_slot(message->function, (unsigned)(slot - message->function->slots));
	reply_status(message);
}

static void
handle_abort(const struct emu_message *message)
{
	struct emu_slot *slot = message->slot;

	slot->abort_message = message->header[6];
	if (slot->abort_control == slot->abort_message)
		finish_abort(message);
}

static void
handle_power_off(const struct emu_message *message)
{
	emu_power_off(message->slot);
	reply_status(message);
}

static void
handle_reset_parameters(const struct emu_message *message)
{
	emu_default_parameters(message->slot);
	emu_reply_parameters(message);
}

static const struct {
	uint8_t type, reply;
	bool has_data;
	void (*handle)(const struct emu_message *message);
} messages[] = {
	{ EMU_SET_PARAMETERS, EMU_PARAMETERS, true, emu_set_parameters },
	{ EMU_POWER_ON, EMU_DATA_BLOCK, false, emu_power_on },
	{ EMU_POWER_OFF, EMU_SLOT_STATUS, false, handle_power_off },
	{ EMU_GET_SLOT_STATUS, EMU_SLOT_STATUS, false, reply_status },
	{ EMU_SECURE, EMU_DATA_BLOCK, true, emu_secure },
	{ EMU_T0_APDU, EMU_SLOT_STATUS, false, handle_t0_apdu },
	{ EMU_ESCAPE, EMU_ESCAPE_REPLY, true, handle_escape },
	{ EMU_GET_PARAMETERS, EMU_PARAMETERS, false, emu_reply_parameters },
	{ EMU_RESET_PARAMETERS, EMU_PARAMETERS, false, handle_reset_parameters },
	{ EMU_ICC_CLOCK, EMU_SLOT_STATUS, false, handle_clock },
	{ EMU_XFR_BLOCK, EMU_DATA_BLOCK, true, emu_transfer },
	{ EMU_MECHANICAL, EMU_SLOT_STATUS, false, handle_mechanical },
	{ EMU_ABORT, EMU_SLOT_STATUS, false, handle_abort },
	{ EMU_SET_RATE, EMU_RATE_REPLY, true, handle_rate },
};

/* The slot is doing something, or is being aborted. False: the message is answered so. */
static bool
check_free(const struct emu_message *message, uint8_t type, uint8_t reply)
{
	const struct emu_slot *slot = message->slot;

	if (type == EMU_ABORT)
		return true;
	if (slot->abort_control >= 0 || slot->abort_message >= 0)
		emu_reply_failed(message, reply, EMU_ERROR_ABORTED);
	else if (slot->busy)
		emu_reply_failed(message, reply, EMU_ERROR_BUSY);
	else
		return true;
	return false;
}

static void
dispatch(struct emu_message *message)
{
	uint8_t type = message->header[0], number = message->header[5];
	struct emu_function *function = message->function;

	if (number >= function->slot_count) {
		emu_reply_failed(message, EMU_SLOT_STATUS, EMU_ERROR_SLOT);
		return;
	}
	message->slot = &function->slots[number];
	/* What was sent for ever ends with the next message, unless that is an abort. */
	if (type != EMU_ABORT)
		function->endless[0] = 0;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		if (messages[i].type != type)
			continue;
		if (!check_free(message, type, messages[i].reply))
			return;
		if ((!messages[i].has_data && message->length != 0) ||
		    message->length > emu_data_max(function))
			emu_reply_failed(message, messages[i].reply, EMU_ERROR_LENGTH);
		else
			messages[i].handle(message);
		return;
	}
	emu_reply_failed(message, EMU_SLOT_STATUS, EMU_ERROR_UNSUPPORTED);
}

void
emu_handle(struct emu_function *function, const uint8_t *bytes, size_t length)
{
	struct emu_message message = {
		.function = function, .header = bytes, .data = bytes + EMU_HEADER
	};
	struct emu_reader *reader = function->reader;

	/* Real readers wait for the rest, or drop it; nothing is answered. */
	if (length < EMU_HEADER)
		return;
	message.length =
	    bytes[1] | (size_t)bytes[2] << 8 | (size_t)bytes[3] << 16 | (size_t)bytes[4] << 24;
	if (message.length != length - EMU_HEADER)
		return;
	if (function->params.drops_repeated && function->last_seq == bytes[6])
		return;
	function->last_seq = bytes[6];
	if (reader->fault != NULL && reader->fault->action == EMU_REMOVE &&
	    bytes[5] < function->slot_count)
		emu_reader_remove(reader, function->number, bytes[5]);
	dispatch(&message);
}

static int
control_abort(struct emu_function *function, const uint8_t setup[8])
{
	unsigned number = setup[2];
	struct emu_slot *slot;

	if (function->params.no_abort || number >= function->slot_count)
		return -EPIPE;
	slot = &function->slots[number];
	slot->abort_control = setup[3];
	if (slot->abort_message == slot->abort_control) {
		const uint8_t header[EMU_HEADER] = { EMU_ABORT, 0, 0, 0, 0, setup[2], setup[3] };
		const struct emu_message message = { function, slot, header, NULL, 0 };

		finish_abort(&message);
	}
	return 0;
}

static int
control_table(const struct emu_function_params *params, bool rates, uint8_t *data, size_t length)
{
	const uint32_t *table = rates ? params->rates : params->clocks;
	size_t count = rates ? params->ccid.data_rates : params->ccid.clocks, used = 0;

	if (params->tables_stall)
		return -EPIPE;
	if (rates && params->rates_bytes != NULL) {
		used = params->rates_bytes_length < length ? params->rates_bytes_length : length;
		memcpy(data, params->rates_bytes, used);
		return (int)used;
	}
	for (size_t i = 0; i < count; i++)
		for (unsigned j = 0; j < 4 && used < length; j++)
			data[used++] = (uint8_t)(table[i] >> 8 * j);
	return (int)used;
}

int
emu_control(struct emu_reader *reader, const uint8_t setup[8], uint8_t *data, size_t length)
{
	unsigned interface = setup[4];
	struct emu_function *function;

	emu_record_control(&reader->record, setup);
	if (interface >= reader->function_count)
		return -EPIPE;
	function = &reader->functions[interface];
	if (setup[0] == CLASS_TO_INTERFACE && setup[1] == REQUEST_ABORT)
		return control_abort(function, setup);
	if (setup[0] == CLASS_FROM_INTERFACE && setup[1] == REQUEST_CLOCKS)
		return control_table(&function->params, false, data, length);
	if (setup[0] == CLASS_FROM_INTERFACE && setup[1] == REQUEST_RATES)
		return control_table(&function->params, true, data, length);
	return -EPIPE;
}
