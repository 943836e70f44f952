/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control codes. Those of Windows's class driver that concern power, position, protocol, state and
 * attributes are answered here, because they change what the engine knows; everything else is the
 * driver's.
 *
 * IOCTL_SMARTCARD_IS_PRESENT and _IS_ABSENT do not wait for their event, which would hold the
 * reader: they say at once that it has not come. SCardGetStatusChange is the call that waits.
 */
#include <string.h>

#include <winerror.h>

#include "rm/engine/private.h"

#define FRAME_SIZE sizeof(SCARD_IO_REQUEST)

LONG
rm_answer(uint8_t *out, size_t *out_length, const void *data, size_t length)
{
	size_t room = *out_length;

	*out_length = length;
	if (room < length)
		return SCARD_E_INSUFFICIENT_BUFFER;
	if (length != 0)
		memcpy(out, data, length);
	return SCARD_S_SUCCESS;
}

/* The number at the beginning of the input, which may be shorter than a DWORD. */
static bool
input_number(const struct rm_request *request, uint32_t *ret_number)
{
	size_t length =
	    request->in_length < sizeof *ret_number ? request->in_length : sizeof *ret_number;

	if (length == 0)
		return false;
	*ret_number = 0;
	for (size_t i = length; i > 0; i--)
		*ret_number = *ret_number << 8 | request->in[i - 1];
	return true;
}

static LONG
answer_number(struct rm_turn *turn, size_t room, uint32_t number)
{
	const uint8_t bytes[] = { (uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
		(uint8_t)(number >> 24) };

	turn->request->out_length = room;
	return rm_answer(turn->request->out, &turn->request->out_length, bytes, sizeof bytes);
}

/* The ATR is given when there is room for it. */
static LONG
control_power(struct rm_turn *turn, size_t room)
{
	struct rm_reader *reader = turn->reader;
	uint32_t action;
	LONG result;

	if (!input_number(turn->request, &action) || action > SCARD_WARM_RESET)
		return SCARD_E_INVALID_PARAMETER;
	if (!reader->present)
		return SCARD_E_NO_SMARTCARD;
	if (action == SCARD_WARM_RESET && !reader->powered)
		action = SCARD_COLD_RESET;
	result = rm_power(turn, (SCARDREADER_POWER)action);
	rm_cards_mark_reset(reader, turn->card);
	if (result != SCARD_S_SUCCESS || action == SCARD_POWER_DOWN || room < reader->atr_length)
		return result;
	turn->request->out_length = room;
	return rm_answer(
	    turn->request->out, &turn->request->out_length, reader->atr, reader->atr_length);
}

static LONG
control_set_protocol(struct rm_turn *turn, size_t room)
{
	struct rm_reader *reader = turn->reader;
	uint32_t protocols;
	LONG result = SCARD_S_SUCCESS;

	if (!input_number(turn->request, &protocols))
		return SCARD_E_INVALID_PARAMETER;
	if (!reader->present)
		return SCARD_E_NO_SMARTCARD;
	if (!reader->powered)
		return reader->mute ? SCARD_W_UNRESPONSIVE_CARD : SCARD_W_UNPOWERED_CARD;
	if (reader->protocol == 0)
		result = rm_power_settle(turn, protocols);
	else if ((reader->protocol & protocols) == 0)
		result = SCARD_E_PROTO_MISMATCH;
	if (result != SCARD_S_SUCCESS)
		return result;
	turn->card->protocol = reader->protocol;
	return answer_number(turn, room, reader->protocol);
}

static LONG
control_attribute(struct rm_turn *turn, size_t room, bool set)
{
	struct rm_request *request = turn->request;
	uint32_t id;

	if (request->in_length < sizeof id || !input_number(request, &id))
		return SCARD_E_INVALID_PARAMETER;
	if (set)
		return rm_attribute_set(
		    turn, id, request->in + sizeof id, request->in_length - sizeof id);
	request->out_length = room;
	return rm_attribute_get(turn, id, request->out, &request->out_length);
}

/* A command behind the frame that names its protocol; the reply is framed alike. */
static LONG
control_transmit(struct rm_turn *turn, size_t room)
{
	struct rm_request *request = turn->request;
	SCARD_IO_REQUEST frame;
	size_t length;
	LONG result;

	if (request->in_length <= FRAME_SIZE)
		return SCARD_E_INVALID_PARAMETER;
	memcpy(&frame, request->in, FRAME_SIZE);
	if (!turn->reader->present || !turn->reader->powered)
		return SCARD_E_NO_SMARTCARD;
	if (turn->reader->protocol == 0 || frame.dwProtocol != turn->reader->protocol)
		return SCARD_E_PROTO_MISMATCH;
	if (request->in_length - FRAME_SIZE > turn->reader->info.MaxCommand)
		return turn->rules->too_long;
	if (room < FRAME_SIZE)
		return SCARD_E_INSUFFICIENT_BUFFER;
	length = room - FRAME_SIZE;
	result = rm_exchange(turn, frame.dwProtocol, request->in + FRAME_SIZE,
	    request->in_length - FRAME_SIZE, request->out + FRAME_SIZE, &length);
	request->out_length = length == 0 ? 0 : length + FRAME_SIZE;
	if (result == SCARD_S_SUCCESS)
		memcpy(request->out, &frame, FRAME_SIZE);
	return result;
}

static LONG
control_move(struct rm_turn *turn, SCARDREADER_MOVEMENT movement)
{
	LONG result = rm_power_move(turn, movement);

	return result == SCARD_E_UNSUPPORTED_FEATURE ? turn->rules->no_control : result;
}

static LONG
control_driver(struct rm_turn *turn, size_t room)
{
	struct rm_request *request = turn->request;
	struct rm_reader *reader = turn->reader;
	uint32_t generation = reader->generation;
	ULONG length = (ULONG)room;
	HRESULT hr;

	rm_turn_leave(turn);
	hr = ISCardReader_Control(reader->object, request->code, request->in,
	    (ULONG)request->in_length, rm_deadline(RM_EXCHANGE_LIMIT_MS), request->out, &length);
	rm_turn_return(turn);
	if ((hr >= 0 && length <= room) ||
	    (hr == SCARD_E_INSUFFICIENT_BUFFER && length > room && length <= RM_CONTROL_MAX)) {
		request->out_length = length;
		return hr >= 0 ? SCARD_S_SUCCESS : SCARD_E_INSUFFICIENT_BUFFER;
	}
	if (hr >= 0 || hr == SCARD_E_INSUFFICIENT_BUFFER)
		return SCARD_F_COMM_ERROR; /* the driver contradicts itself */
	if (hr == SCARD_E_UNSUPPORTED_FEATURE)
		return turn->rules->no_control;
	return rm_turn_result(turn, hr, generation);
}

static LONG
control(struct rm_turn *turn, size_t room)
{
	if (!turn->rules->control_device_codes)
		return control_driver(turn, room);
	switch (turn->request->code) {
	case IOCTL_SMARTCARD_POWER:
		return control_power(turn, room);
	case IOCTL_SMARTCARD_GET_ATTRIBUTE:
		return control_attribute(turn, room, false);
	case IOCTL_SMARTCARD_SET_ATTRIBUTE:
		return control_attribute(turn, room, true);
	case IOCTL_SMARTCARD_CONFISCATE:
		return control_move(turn, SCARDREADER_CONFISCATE);
	case IOCTL_SMARTCARD_EJECT:
		return control_move(turn, SCARDREADER_EJECT);
	case IOCTL_SMARTCARD_SWALLOW:
		return control_move(turn, SCARDREADER_SWALLOW);
	case IOCTL_SMARTCARD_TRANSMIT:
		return control_transmit(turn, room);
	case IOCTL_SMARTCARD_IS_PRESENT:
		return turn->reader->present ? SCARD_S_SUCCESS : SCARD_E_NO_SMARTCARD;
	case IOCTL_SMARTCARD_IS_ABSENT:
		return turn->reader->present ? SCARD_E_NOT_READY : SCARD_S_SUCCESS;
	case IOCTL_SMARTCARD_SET_PROTOCOL:
		return control_set_protocol(turn, room);
	case IOCTL_SMARTCARD_GET_STATE:
		return answer_number(turn, room, rm_status_state(turn->reader));
	default:
		return control_driver(turn, room);
	}
}

LONG
rm_control_run(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	size_t room = request->out_length < RM_CONTROL_MAX ? request->out_length : RM_CONTROL_MAX;
	LONG result;

	request->out_length = 0;
	if (turn->reader->gone || turn->reader->lost)
		return rm_fail(turn, SCARD_E_READER_UNAVAILABLE);
	if (turn->rules->control_heeds_marks &&
	    (result = rm_card_mark_result(turn->card)) != SCARD_S_SUCCESS)
		return rm_fail(turn, result);
	if (request->in_length > RM_CONTROL_MAX)
		return rm_fail(turn, turn->rules->too_long);
	result = control(turn, room);
	if (result == SCARD_E_INSUFFICIENT_BUFFER)
		rm_message(request->message,
		    "reader '%s': the answer to control code 0x%08X has %zu bytes, there is room "
		    "for %zu",
		    turn->reader->name, (unsigned)request->code, request->out_length, room);
	else if (result != SCARD_S_SUCCESS)
		(void)rm_fail(turn, result);
	return result;
}
