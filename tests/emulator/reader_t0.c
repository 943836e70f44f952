/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader's end of T=0: a TPDU to the card, procedure byte by procedure byte.
 */
#include <string.h>

#include "tests/emulator/reader_state.h"

enum {
	HEADER = 5,
	FETCH_MAX = 256,
	NULL_BYTE = 0x60,
	NULLS_MAX = 100 /* so many in a row are taken for "for ever" */
};

struct exchange {
	const struct emu_message *message;
	struct emu_slot *slot;
	uint8_t ins;
	const uint8_t *data; /* to the card */
	size_t to_send, to_take;
};

/* The next procedure byte that is no NULL: a number, or as emu_exchange. */
static int
procedure_byte(const struct exchange *exchange, uint8_t *ret_byte)
{
	const uint8_t endless[EMU_HEADER] = { EMU_DATA_BLOCK, 0, 0, 0, 0,
		exchange->message->header[5], exchange->message->header[6], 0x80, 1, 0 };

	for (int nulls = 0; nulls < NULLS_MAX; nulls++) {
		if (emu_card_take(exchange->slot->card, ret_byte, 1) == 0)
			return EMU_ERROR_MUTE;
		if (*ret_byte != NULL_BYTE)
			return EMU_DONE;
		if (nulls < NULLS_MAX - 1)
			emu_reply_extension(exchange->message, 1);
	}
	emu_send_endless(exchange->message, endless);
	return EMU_SILENT;
}

static int
move_data(struct exchange *exchange, size_t limit)
{
	struct emu_slot *slot = exchange->slot;
	size_t count = exchange->to_send != 0 ? exchange->to_send : exchange->to_take;

	if (count > limit)
		count = limit;
	if (exchange->to_send != 0) {
		emu_card_send(slot->card, exchange->data, count);
		exchange->data += count;
		exchange->to_send -= count;
	} else if (count != 0 &&
	    count == emu_card_take(slot->card, slot->reply + slot->reply_length, count)) {
		slot->reply_length += count;
		exchange->to_take -= count;
	} else {
		/* Asked for more than there is, or mute in the middle. */
		return exchange->to_take == 0 ? EMU_ERROR_PROCEDURE : EMU_ERROR_MUTE;
	}
	return EMU_DONE;
}

static int
run(struct exchange *exchange)
{
	struct emu_slot *slot = exchange->slot;
	int result;
	uint8_t byte;

	for (;;) {
		result = procedure_byte(exchange, &byte);
		if (result != EMU_DONE)
			return result;
		if ((byte & 0xF0) == 0x60 || (byte & 0xF0) == 0x90) {
			slot->reply[slot->reply_length++] = byte;
			if (emu_card_take(slot->card, slot->reply + slot->reply_length, 1) == 0)
				return EMU_ERROR_MUTE;
			slot->reply_length++;
			return EMU_DONE;
		}
		if ((byte ^ exchange->ins) <= 0x01)
			result = move_data(exchange, FETCH_MAX);
		else if ((byte ^ exchange->ins) >= 0xFE)
			result = move_data(exchange, 1);
		else
			result = EMU_ERROR_PROCEDURE;
		if (result != EMU_DONE)
			return result;
	}
}

int
emu_t0_exchange(const struct emu_message *message, const uint8_t *tpdu, size_t length)
{
	struct exchange exchange = { .message = message, .slot = message->slot };
	uint8_t header[HEADER] = { 0 };

	if (length < HEADER - 1)
		return EMU_ERROR_LENGTH;
	memcpy(header, tpdu, length < HEADER ? length : HEADER);
	exchange.ins = header[1];
	if (length > HEADER) {
		if (length != (size_t)HEADER + header[4])
			return EMU_ERROR_LENGTH;
		exchange.data = tpdu + HEADER;
		exchange.to_send = header[4];
	} else if (length == HEADER) {
		exchange.to_take = header[4] != 0 ? header[4] : FETCH_MAX;
	}
	emu_card_send(message->slot->card, header, HEADER);
	return run(&exchange);
}
