/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/softcard/tpdu.h"

#include <string.h>

#define HEADER 5u /* CLA INS P1 P2 P3 */

void
softcard_tpdu_reset(struct softcard_tpdu *tpdu)
{
	tpdu->held_length = tpdu->held_offset = 0;
	explicit_bzero(tpdu->held, sizeof tpdu->held);
}

static size_t
le_of(uint8_t p3)
{
	return p3 != 0 ? p3 : SOFTCARD_LE_SHORT_MAX;
}

/* P3 = 00 is "no data" for a command that brings data, and 256 bytes for one that fetches. */
static bool
brings_data(uint8_t ins)
{
	return ins == ISO7816_INS_SELECT || ins == ISO7816_INS_VERIFY ||
	    ins == ISO7816_INS_UPDATE_BINARY;
}

static size_t
finish(uint8_t *reply, size_t length, uint16_t sw)
{
	reply[length] = (uint8_t)(sw >> 8);
	reply[length + 1] = (uint8_t)sw;
	return length + 2;
}

/* SW1 and a number of bytes, of which 256 is written 00. */
static uint16_t
counted(uint16_t sw, size_t count)
{
	return (uint16_t)(sw | (count & 0xFF));
}

static size_t
get_response(struct softcard_tpdu *tpdu, const struct softcard_apdu *apdu, uint8_t *reply)
{
	size_t left = tpdu->held_length - tpdu->held_offset, length = apdu->le;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return finish(reply, 0, ISO7816_SW_WRONG_P1P2);
	if (tpdu->held_length == 0)
		return finish(reply, 0, ISO7816_SW_CONDITIONS);
	if (length > left)
		return finish(reply, 0, counted(ISO7816_SW_WRONG_LE, left));
	memcpy(reply, tpdu->held + tpdu->held_offset, length);
	tpdu->held_offset += length;
	if (length < left)
		return finish(reply, length, counted(ISO7816_SW_MORE_DATA, left - length));
	length = finish(reply, length, tpdu->held_sw);
	softcard_tpdu_reset(tpdu);
	return length;
}

/* A command that fetches: exactly P3 bytes, or none and the right number. */
static size_t
fetch(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply)
{
	size_t length;
	uint16_t sw = softcard_card_execute(card, apdu, reply, &length);

	if (length != 0 && length != apdu->le)
		return finish(reply, 0, counted(ISO7816_SW_WRONG_LE, length));
	return finish(reply, length, sw);
}

/* A command that brings data. Its answer, if it has one, is held back. */
static size_t
bring(struct softcard_tpdu *tpdu, struct softcard_card *card, const struct softcard_apdu *apdu,
    uint8_t *reply)
{
	size_t length;
	uint16_t sw = softcard_card_execute(card, apdu, reply, &length);

	if (length == 0)
		return finish(reply, 0, sw);
	memcpy(tpdu->held, reply, length);
	tpdu->held_length = length;
	tpdu->held_sw = sw;
	return finish(reply, 0, counted(ISO7816_SW_MORE_DATA, length));
}

size_t
softcard_tpdu_transmit(struct softcard_tpdu *tpdu, struct softcard_card *card,
    const uint8_t *command, size_t length, uint8_t *reply)
{
	struct softcard_apdu apdu = { .data = NULL };
	uint8_t p3 = length >= HEADER ? command[4] : 0;

	/* Readers may leave out the P3 of a command without data. */
	if (length < HEADER - 1)
		return finish(reply, 0, ISO7816_SW_WRONG_LENGTH);
	apdu.cla = command[0];
	apdu.ins = command[1];
	apdu.p1 = command[2];
	apdu.p2 = command[3];

	if (apdu.cla == 0 && apdu.ins == ISO7816_INS_GET_RESPONSE && length <= HEADER) {
		apdu.le = le_of(p3);
		return get_response(tpdu, &apdu, reply);
	}
	softcard_tpdu_reset(tpdu);

	if (length > HEADER) {
		if (length != HEADER + p3)
			return finish(reply, 0, ISO7816_SW_WRONG_LENGTH);
		apdu.data = command + HEADER;
		apdu.lc = p3;
		/* Only SELECT has data both ways; how much is fetched is said later. */
		apdu.le = apdu.ins == ISO7816_INS_SELECT ? SOFTCARD_LE_SHORT_MAX : 0;
		return bring(tpdu, card, &apdu, reply);
	}
	if (length == HEADER && (p3 != 0 || !brings_data(apdu.ins)))
		apdu.le = le_of(p3);
	return fetch(card, &apdu, reply);
}
