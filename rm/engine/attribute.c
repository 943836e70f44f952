/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attributes. What the engine knows better than the driver (names, presence, ATR, protocol) it
 * answers itself; the rest is asked of the driver. Texts are counted with their NUL.
 */
#include <string.h>

#include <winerror.h>

#include "rm/engine/private.h"

#define ICC_PRESENCE_IN_PLACE 2u
#define ICC_TYPE_ASYNCHRONOUS 1u
#define ICC_TYPE_SYNCHRONOUS 2u
#define ATR_TS_DIRECT 0x3Bu
#define ATR_TS_INVERSE 0x3Fu

static LONG
answer_byte(uint8_t *value, size_t *length, unsigned byte)
{
	const uint8_t data = (uint8_t)byte;

	return rm_answer(value, length, &data, sizeof data);
}

static LONG
answer_dword(uint8_t *value, size_t *length, uint32_t number)
{
	const uint8_t data[] = { (uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
		(uint8_t)(number >> 24) };

	return rm_answer(value, length, data, sizeof data);
}

static LONG
answer_text(struct rm_turn *turn, uint8_t *value, size_t *length, const char *text)
{
	if (text[0] == '\0')
		return turn->rules->no_attribute;
	return rm_answer(value, length, text, strlen(text) + 1);
}

/* UTF-16, least significant byte first, as on Windows. */
static LONG
answer_wide(uint8_t *value, size_t *length, const char *text)
{
	uint8_t bytes[2 * RM_NAME_SIZE];
	g_autofree gunichar2 *wide = NULL;
	glong units = 0;

	wide = g_utf8_to_utf16(text, -1, NULL, &units, NULL);
	if (wide == NULL || (size_t)units >= RM_NAME_SIZE)
		return SCARD_F_INTERNAL_ERROR;
	for (glong i = 0; i <= units; i++) {
		bytes[2 * i] = (uint8_t)wide[i];
		bytes[2 * i + 1] = (uint8_t)(wide[i] >> 8);
	}
	return rm_answer(value, length, bytes, 2 * ((size_t)units + 1));
}

static LONG
answer_atr(const struct rm_reader *reader, uint8_t *value, size_t *length)
{
	if (!reader->present)
		return SCARD_E_NO_SMARTCARD;
	if (reader->atr_length == 0)
		return reader->mute ? SCARD_W_UNRESPONSIVE_CARD : SCARD_W_UNPOWERED_CARD;
	return rm_answer(value, length, reader->atr, reader->atr_length);
}

static unsigned
icc_type(const struct rm_reader *reader)
{
	if (!reader->present || reader->atr_length == 0)
		return 0;
	return reader->atr[0] == ATR_TS_DIRECT || reader->atr[0] == ATR_TS_INVERSE
	    ? ICC_TYPE_ASYNCHRONOUS
	    : ICC_TYPE_SYNCHRONOUS;
}

/* RM_IN_LINE: not one of ours. */
static LONG
own_attribute(struct rm_turn *turn, uint32_t id, uint8_t *value, size_t *length)
{
	const struct rm_reader *reader = turn->reader;

	switch (id) {
	case SCARD_ATTR_VENDOR_NAME:
		return answer_text(turn, value, length, reader->info.Vendor);
	case SCARD_ATTR_VENDOR_IFD_TYPE:
		return answer_text(turn, value, length, reader->info.Model);
	case SCARD_ATTR_VENDOR_IFD_SERIAL_NO:
		return answer_text(turn, value, length, reader->info.Serial);
	case SCARD_ATTR_DEVICE_FRIENDLY_NAME_A:
	case SCARD_ATTR_DEVICE_SYSTEM_NAME_A:
		return answer_text(turn, value, length, reader->name);
	case SCARD_ATTR_DEVICE_FRIENDLY_NAME_W:
	case SCARD_ATTR_DEVICE_SYSTEM_NAME_W:
		return answer_wide(value, length, reader->name);
	case SCARD_ATTR_DEVICE_UNIT:
		return answer_dword(value, length, reader->unit);
	case SCARD_ATTR_DEVICE_IN_USE:
		return answer_dword(value, length, reader->connections.length != 0);
	case SCARD_ATTR_ICC_PRESENCE:
		return answer_byte(value, length, reader->present ? ICC_PRESENCE_IN_PLACE : 0);
	case SCARD_ATTR_ICC_INTERFACE_STATUS:
		return answer_byte(value, length, reader->powered);
	case SCARD_ATTR_ICC_TYPE_PER_ATR:
		return answer_byte(value, length, icc_type(reader));
	case SCARD_ATTR_ATR_STRING:
		return answer_atr(reader, value, length);
	case SCARD_ATTR_CURRENT_PROTOCOL_TYPE:
		return answer_dword(value, length, reader->protocol);
	case SCARD_PERF_NUM_TRANSMISSIONS:
		return answer_dword(value, length, reader->transmissions);
	default:
		return RM_IN_LINE;
	}
}

static LONG
driver_attribute(struct rm_turn *turn, uint32_t id, uint8_t *value, size_t *length)
{
	struct rm_reader *reader = turn->reader;
	uint32_t generation = reader->generation;
	size_t room = *length < RM_ATTRIBUTE_MAX ? *length : RM_ATTRIBUTE_MAX;
	ULONG used = (ULONG)room;
	HRESULT hr;

	rm_turn_leave(turn);
	hr = ISCardReader_GetAttribute(
	    reader->object, id, rm_deadline(RM_POWER_LIMIT_MS), value, &used);
	rm_turn_return(turn);
	*length = 0;
	if ((hr >= 0 && used <= room) ||
	    (hr == SCARD_E_INSUFFICIENT_BUFFER && used > room && used <= RM_ATTRIBUTE_MAX)) {
		*length = used;
		return hr >= 0 ? SCARD_S_SUCCESS : SCARD_E_INSUFFICIENT_BUFFER;
	}
	if (hr >= 0 || hr == SCARD_E_INSUFFICIENT_BUFFER)
		return SCARD_F_COMM_ERROR; /* the driver contradicts itself */
	if (hr == SCARD_E_UNSUPPORTED_FEATURE)
		return turn->rules->no_attribute;
	return rm_turn_result(turn, hr, generation);
}

LONG
rm_attribute_get(struct rm_turn *turn, uint32_t id, uint8_t *value, size_t *length)
{
	const uint32_t protocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1 | SCARD_PROTOCOL_RAW;
	size_t room = *length;
	LONG result = own_attribute(turn, id, value, length);

	if (result != RM_IN_LINE) {
		if (result != SCARD_S_SUCCESS && result != SCARD_E_INSUFFICIENT_BUFFER)
			*length = 0;
		return result;
	}
	result = driver_attribute(turn, id, value, length);
	if (result == turn->rules->no_attribute && id == SCARD_ATTR_PROTOCOL_TYPES) {
		*length = room;
		return answer_dword(value, length, turn->reader->info.Protocols & protocols);
	}
	return result;
}

LONG
rm_attribute_set(struct rm_turn *turn, uint32_t id, const uint8_t *value, size_t length)
{
	struct rm_reader *reader = turn->reader;
	uint32_t generation = reader->generation;
	size_t nothing = 0;
	HRESULT hr;

	if (length > RM_ATTRIBUTE_MAX)
		return turn->rules->too_long;
	if (own_attribute(turn, id, NULL, &nothing) != RM_IN_LINE)
		return turn->rules->no_attribute;
	rm_turn_leave(turn);
	hr = ISCardReader_SetAttribute(
	    reader->object, id, value, (ULONG)length, rm_deadline(RM_POWER_LIMIT_MS));
	rm_turn_return(turn);
	if (hr == SCARD_E_UNSUPPORTED_FEATURE)
		return turn->rules->no_attribute;
	return hr >= 0 ? SCARD_S_SUCCESS : rm_turn_result(turn, hr, generation);
}

static LONG
check_connection(struct rm_turn *turn)
{
	if (turn->reader->gone || turn->reader->lost)
		return SCARD_E_READER_UNAVAILABLE;
	return rm_card_mark_result(turn->card);
}

LONG
rm_get_attribute_run(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	size_t room = request->out_length;
	LONG result = check_connection(turn);

	if (result == SCARD_S_SUCCESS)
		result = rm_attribute_get(turn, request->code, request->out, &request->out_length);
	else
		request->out_length = 0;
	if (result == SCARD_E_INSUFFICIENT_BUFFER)
		rm_message(request->message,
		    "reader '%s': attribute 0x%08X has %zu bytes, there is room for %zu",
		    turn->reader->name, (unsigned)request->code, request->out_length, room);
	else if (result != SCARD_S_SUCCESS)
		(void)rm_fail(turn, result);
	return result;
}

LONG
rm_set_attribute_run(struct rm_turn *turn)
{
	struct rm_request *request = turn->request;
	LONG result = check_connection(turn);

	if (result == SCARD_S_SUCCESS)
		result = rm_attribute_set(turn, request->code, request->in, request->in_length);
	return result == SCARD_S_SUCCESS ? result : rm_fail(turn, result);
}
