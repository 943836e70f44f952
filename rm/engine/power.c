/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Power, protocol, position: the calls into the driver that change the card's state, and what is
 * known of the card afterwards. The line's lock is given up during each of them, and a movement
 * that was announced meanwhile makes its result worthless.
 */
#include <string.h>

#include <winerror.h>

#include "rm/engine/private.h"

#define PROTOCOLS (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1 | SCARD_PROTOCOL_RAW)

/* The engine's own work has no client: it uses the codes of Windows, which name the cause. */
static const struct rm_rules *
rules_of(const struct rm_turn *turn)
{
	return turn->rules != NULL ? turn->rules : rm_rules(RM_DIALECT_WINDOWS);
}

void
rm_turn_leave(struct rm_turn *turn)
{
	(void)pthread_mutex_unlock(&turn->line->lock);
}

void
rm_turn_return(struct rm_turn *turn)
{
	(void)pthread_mutex_lock(&turn->line->lock);
}

LONG
rm_turn_result(struct rm_turn *turn, HRESULT result, uint32_t generation)
{
	struct rm_reader *reader = turn->reader;

	if (result == SCARD_E_READER_UNAVAILABLE)
		rm_reader_lost(reader, &turn->effects);
	if (reader->gone || reader->lost)
		return SCARD_E_READER_UNAVAILABLE;
	if (reader->generation != generation)
		return SCARD_E_NO_SMARTCARD;
	return rm_rules_driver_result(rules_of(turn), result, SCARD_E_UNSUPPORTED_FEATURE);
}

static void
powered_down(struct rm_turn *turn)
{
	turn->reader->powered = false;
	turn->reader->protocol = 0;
	rm_reader_publish(turn->reader, &turn->effects);
}

static LONG
powered_up(struct rm_turn *turn, const BYTE *atr, ULONG length)
{
	struct rm_reader *reader = turn->reader;

	memcpy(reader->atr, atr, length);
	reader->atr_length = (uint8_t)length;
	reader->powered = true;
	reader->mute = false;
	reader->settling = false;
	reader->protocol = 0;
	rm_reader_publish(reader, &turn->effects);
	return SCARD_S_SUCCESS;
}

/* A reset without an answer; what the card was doing is lost all the same. */
static LONG
not_powered_up(struct rm_turn *turn, HRESULT hr, LONG result)
{
	struct rm_reader *reader = turn->reader;

	reader->powered = false;
	reader->protocol = 0;
	/* The driver knows of a removal that it will announce, or was told to stop. */
	if (hr == SCARD_E_NO_SMARTCARD || hr == SCARD_E_CANCELLED)
		return result;
	reader->mute = true;
	reader->settling = false;
	reader->atr_length = 0;
	rm_reader_publish(reader, &turn->effects);
	return SCARD_W_UNRESPONSIVE_CARD;
}

LONG
rm_power(struct rm_turn *turn, SCARDREADER_POWER action)
{
	struct rm_reader *reader = turn->reader;
	uint32_t generation = reader->generation;
	BYTE atr[RM_ATR_MAX];
	bool traced = rm_reader_traced(reader);
	uint64_t began = traced ? rm_now() : 0;
	ULONG length = 0;
	LONG result;
	HRESULT hr;

	rm_turn_leave(turn);
	hr = ISCardReader_Power(
	    reader->object, action, rm_deadline(RM_POWER_LIMIT_MS), atr, &length);
	if (traced)
		rm_trace_driver(turn, RM_TRACED_POWER, began, action, 0, hr, atr,
		    hr >= 0 && length <= sizeof atr ? length : 0);
	rm_turn_return(turn);
	result = rm_turn_result(turn, hr, generation);
	if (reader->gone || reader->lost || reader->generation != generation)
		return result;
	if (action == SCARDREADER_POWER_DOWN) {
		if (hr >= 0)
			powered_down(turn);
		return result;
	}
	if (hr >= 0 && length > 0 && length <= sizeof atr)
		return powered_up(turn, atr, length);
	return not_powered_up(turn, hr, result);
}

LONG
rm_power_settle(struct rm_turn *turn, uint32_t protocols)
{
	struct rm_reader *reader = turn->reader;
	uint32_t generation = reader->generation;
	bool traced = rm_reader_traced(reader);
	uint64_t began = traced ? rm_now() : 0;
	ULONG active = 0;
	LONG result;
	HRESULT hr;

	protocols &= PROTOCOLS;
	rm_turn_leave(turn);
	hr = ISCardReader_SetProtocol(
	    reader->object, protocols, rm_deadline(RM_POWER_LIMIT_MS), &active);
	if (traced)
		rm_trace_driver(turn, RM_TRACED_PROTOCOL, began, protocols, active, hr, NULL, 0);
	rm_turn_return(turn);
	result = rm_turn_result(turn, hr, generation);
	if (reader->gone || reader->lost || reader->generation != generation)
		return result;
	if (hr >= 0 && active != 0 && (active & (active - 1)) == 0 && (active & ~protocols) == 0) {
		reader->protocol = active;
		rm_reader_publish(reader, &turn->effects);
		return SCARD_S_SUCCESS;
	}
	if (hr == SCARD_E_PROTO_MISMATCH || hr == SCARD_E_NO_SMARTCARD)
		return result;
	/* The card may be left between two protocols: the next one to connect resets it. */
	powered_down(turn);
	return SCARD_W_UNRESPONSIVE_CARD;
}

LONG
rm_power_move(struct rm_turn *turn, SCARDREADER_MOVEMENT movement)
{
	struct rm_reader *reader = turn->reader;
	uint32_t generation = reader->generation;
	HRESULT hr;

	rm_turn_leave(turn);
	hr = ISCardReader_Move(reader->object, movement, rm_deadline(RM_POWER_LIMIT_MS));
	rm_turn_return(turn);
	/* That the card goes is what was asked for. */
	if (hr >= 0 && !reader->gone)
		return SCARD_S_SUCCESS;
	return rm_turn_result(turn, hr, generation);
}

LONG
rm_power_poll(struct rm_turn *turn)
{
	struct rm_reader *reader = turn->reader;
	uint32_t generation = reader->generation, before;
	BOOL present = FALSE;
	LONG result;
	HRESULT hr;

	rm_turn_leave(turn);
	hr = ISCardReader_GetPresence(reader->object, rm_deadline(RM_POWER_LIMIT_MS), &present);
	rm_turn_return(turn);
	reader->polled_at = rm_now();
	if (hr < 0) {
		result = rm_turn_result(turn, hr, generation);
		return result;
	}
	before = reader->generation;
	if (present && !reader->present) {
		rm_reader_insert(reader);
		reader->work |= RM_WORK_POWER;
	} else if (!present && reader->present && reader->generation == generation)
		rm_reader_remove(reader, &turn->effects);
	if (reader->generation != before && rm_reader_traced(reader)) {
		enum rm_traced_what what = reader->present ? RM_TRACED_INSERTED : RM_TRACED_REMOVED;

		rm_turn_leave(turn);
		rm_trace_movement(reader, what);
		rm_turn_return(turn);
	}
	return SCARD_S_SUCCESS;
}

LONG
rm_power_dispose(struct rm_turn *turn, uint32_t disposition, bool power_up)
{
	struct rm_reader *reader = turn->reader;
	LONG result = SCARD_S_SUCCESS;

	if (reader->gone || reader->lost || !reader->present || turn->card->mark == RM_MARK_REMOVED)
		return SCARD_S_SUCCESS;
	switch (disposition) {
	case SCARD_RESET_CARD:
		if (!reader->powered)
			return SCARD_S_SUCCESS;
		result = rm_power(turn, SCARDREADER_WARM_RESET);
		break;
	case SCARD_UNPOWER_CARD:
		result = rm_power(turn, SCARDREADER_POWER_DOWN);
		if (result == SCARD_S_SUCCESS && power_up)
			result = rm_power(turn, SCARDREADER_COLD_RESET);
		break;
	case SCARD_EJECT_CARD:
		(void)rm_power_move(turn, SCARDREADER_EJECT);
		return SCARD_S_SUCCESS;
	default:
		return SCARD_S_SUCCESS;
	}
	rm_cards_mark_reset(reader, turn->card);
	return result;
}
