/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands to the card. The driver reads the caller's command and writes the caller's buffer: no
 * copy is made, so none has to be wiped.
 */
#include <winerror.h>

#include "rm/engine/private.h"

#define REPLY_MIN 2u /* SW1 SW2 */

/* Which protocol is in use for this connection; 0: none. */
static uint32_t
active_protocol(const struct rm_turn *turn)
{
	if (turn->card->direct && turn->rules->direct_sees_protocol)
		return turn->reader->protocol;
	return turn->card->protocol;
}

static LONG
mismatch(struct rm_turn *turn, uint32_t wanted, uint32_t active)
{
	if (active == 0)
		rm_message(turn->request->message,
		    "reader '%s': no protocol is settled on this connection; reconnect with one",
		    turn->reader->name);
	else
		rm_message(turn->request->message,
		    "reader '%s': the card speaks protocol 0x%X now, not 0x%X; reconnect to change "
		    "it",
		    turn->reader->name, (unsigned)active, (unsigned)wanted);
	return SCARD_E_PROTO_MISMATCH;
}

/* Finds the protocol of an exchange; settles it again after a reset by this very connection. */
static LONG
choose_protocol(struct rm_turn *turn, uint32_t wanted, uint32_t *ret_protocol)
{
	struct rm_reader *reader = turn->reader;
	uint32_t active = active_protocol(turn);
	LONG result = SCARD_S_SUCCESS;

	if (wanted == SCARD_PROTOCOL_RAW && turn->rules->raw_always) {
		if (!(reader->info.Protocols & SCARD_PROTOCOL_RAW))
			return rm_fail(turn, SCARD_E_UNSUPPORTED_FEATURE);
		*ret_protocol = wanted;
		return SCARD_S_SUCCESS;
	}
	if (wanted == 0)
		wanted = active;
	if (active == 0 || wanted != active)
		return mismatch(turn, wanted, active);
	if (reader->protocol == 0)
		result = rm_power_settle(turn, active);
	else if (reader->protocol != active)
		return mismatch(turn, wanted, reader->protocol);
	*ret_protocol = active;
	return result == SCARD_S_SUCCESS ? result : rm_fail(turn, result);
}

static LONG
check_card(struct rm_turn *turn)
{
	const struct rm_reader *reader = turn->reader;

	if (!reader->present)
		return rm_fail(turn, SCARD_E_NO_SMARTCARD);
	if (reader->mute)
		return rm_fail(turn, SCARD_W_UNRESPONSIVE_CARD);
	if (!reader->powered)
		return rm_fail(turn, SCARD_W_UNPOWERED_CARD);
	return SCARD_S_SUCCESS;
}

static LONG
check_lengths(struct rm_turn *turn, uint32_t protocol, size_t length, size_t room)
{
	char *message = turn->request->message;
	const struct rm_reader *reader = turn->reader;

	if (length == 0) {
		rm_message(
		    message, "reader '%s': the command is empty; pass an APDU", reader->name);
		return SCARD_E_INVALID_PARAMETER;
	}
	if (length > reader->info.MaxCommand) {
		rm_message(message,
		    "reader '%s': the command has %zu bytes, it takes %u; use shorter commands",
		    reader->name, length, (unsigned)reader->info.MaxCommand);
		return turn->rules->too_long;
	}
	if (room < REPLY_MIN && protocol != SCARD_PROTOCOL_RAW) {
		rm_message(message,
		    "reader '%s': room for %zu bytes, a reply has %u at least; nothing was sent",
		    reader->name, room, REPLY_MIN);
		return SCARD_E_INSUFFICIENT_BUFFER;
	}
	return SCARD_S_SUCCESS;
}

/* What came of an exchange; *reply_length is what the driver left there. */
static LONG
conclude(struct rm_turn *turn, HRESULT hr, uint32_t generation, size_t room, size_t *reply_length)
{
	struct rm_reader *reader = turn->reader;
	LONG result;

	if (hr >= 0 && *reply_length <= room) {
		reader->transmissions++;
		return SCARD_S_SUCCESS;
	}
	if (hr == SCARD_E_INSUFFICIENT_BUFFER && *reply_length > room &&
	    *reply_length <= RM_TRANSMIT_MAX) {
		rm_message(turn->request->message,
		    "reader '%s': the reply has %zu bytes, there is room for %zu; the card has "
		    "done the command, the reply is lost",
		    reader->name, *reply_length, room);
		return SCARD_E_INSUFFICIENT_BUFFER;
	}
	*reply_length = 0;
	if (hr >= 0 || hr == SCARD_E_INSUFFICIENT_BUFFER)
		hr = SCARD_F_COMM_ERROR; /* the driver contradicts itself */
	result = rm_turn_result(turn, hr, generation);
	return rm_fail(turn, result);
}

LONG
rm_exchange(struct rm_turn *turn, uint32_t protocol, const uint8_t *command, size_t length,
    uint8_t *reply, size_t *reply_length)
{
	struct rm_reader *reader = turn->reader;
	size_t room = *reply_length < RM_TRANSMIT_MAX ? *reply_length : RM_TRANSMIT_MAX;
	uint32_t generation = reader->generation;
	ULONG received = (ULONG)room;
	HRESULT hr;

	rm_turn_leave(turn);
	hr = ISCardReader_Transmit(reader->object, protocol, command, (ULONG)length,
	    rm_deadline(RM_EXCHANGE_LIMIT_MS), reply, &received);
	rm_turn_return(turn);
	*reply_length = received;
	return conclude(turn, hr, generation, room, reply_length);
}

/* Everything that is to be said before the card is troubled. */
static LONG
prepare(struct rm_turn *turn, size_t room, uint32_t *ret_protocol)
{
	struct rm_request *request = turn->request;
	LONG result;

	if (turn->reader->gone || turn->reader->lost)
		return rm_fail(turn, SCARD_E_READER_UNAVAILABLE);
	if ((result = rm_card_mark_result(turn->card)) != SCARD_S_SUCCESS)
		return rm_fail(turn, result);
	result = check_lengths(turn, request->protocols, request->in_length, room);
	if (result != SCARD_S_SUCCESS)
		return result;
	if ((result = check_card(turn)) != SCARD_S_SUCCESS)
		return result;
	return choose_protocol(turn, request->protocols, ret_protocol);
}

LONG
rm_transmit_run(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	size_t room = request->out_length;
	uint32_t protocol = 0;
	LONG result;

	request->out_length = 0;
	if ((result = prepare(turn, room, &protocol)) != SCARD_S_SUCCESS) {
		if (result == SCARD_E_INSUFFICIENT_BUFFER && room < REPLY_MIN)
			request->out_length = REPLY_MIN;
		return result;
	}
	request->protocols = protocol;
	request->out_length = room;
	return rm_exchange(
	    turn, protocol, request->in, request->in_length, request->out, &request->out_length);
}
