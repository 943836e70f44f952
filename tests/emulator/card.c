/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contacts of a card: reset, PPS, and the bytes that wait for the reader.
 */
#include "tests/emulator/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PPSS = 0xFF,
	PPS1_PRESENT = 0x10,
	SPECIFIC_IMPLICIT = 0x10
};

size_t
emu_hex(const char *text, uint8_t *bytes, size_t room)
{
	size_t length = 0;
	unsigned byte;

	for (; *text != '\0'; text++) {
		if (*text == ' ')
			continue;
		if (length >= room || sscanf(text, "%2x", &byte) != 1 || text[1] == '\0') {
			fprintf(stderr, "emulator: no hex, or too much of it: %s\n", text);
			exit(1);
		}
		bytes[length++] = (uint8_t)byte;
		text++;
	}
	return length;
}

void
emu_card_init(struct emu_card *card, const struct emu_card_kind *kind, const char *atr)
{
	card->kind = kind;
	card->atr_length = emu_hex(atr, card->atr, sizeof card->atr);
	card->voltages = EMU_ANY_VOLTAGE;
}

void
emu_card_free(struct emu_card *card)
{
	if (card == NULL)
		return;
	free(card->output);
	card->kind->free(card);
}

void
emu_card_put(struct emu_card *card, const uint8_t *bytes, size_t length)
{
	if (card->output_length + length > card->output_room) {
		card->output_room = card->output_length + length + 1024;
		card->output = realloc(card->output, card->output_room);
		if (card->output == NULL)
			abort();
	}
	if (length != 0)
		memcpy(card->output + card->output_length, bytes, length);
	card->output_length += length;
}

size_t
emu_card_take(struct emu_card *card, uint8_t *bytes, size_t length)
{
	size_t there;

	if (card->output_taken == card->output_length) {
		card->output_taken = card->output_length = 0;
		if (card->kind->more != NULL)
			card->kind->more(card);
	}
	there = card->output_length - card->output_taken;
	if (length > there)
		length = there;
	if (length != 0)
		memcpy(bytes, card->output + card->output_taken, length);
	card->output_taken += length;
	return length;
}

/* Protocol, rate and mode that hold right after the answer (ISO 7816-3, 6.3.1). */
static void
read_atr(struct emu_card *card)
{
	const uint8_t *atr = card->atr;
	size_t at = 2, n = card->atr_length;
	uint8_t y = n > 1 ? atr[1] >> 4 : 0, ta1 = EMU_FIDI_DEFAULT;
	bool first = true;

	card->negotiable = true;
	card->protocol = 0;
	card->fidi = EMU_FIDI_DEFAULT;
	if ((y & 1) != 0 && at < n)
		ta1 = atr[at];
	for (unsigned group = 1; y != 0; group++) {
		if (group == 2 && (y & 1) != 0 && at < n) {
			card->negotiable = false;
			card->protocol = atr[at] & 15;
			if ((atr[at] & SPECIFIC_IMPLICIT) == 0)
				card->fidi = ta1;
		}
		at += (y & 1u) + (y >> 1 & 1u) + (y >> 2 & 1u);
		if ((y & 8) == 0 || at >= n)
			break;
		if (first && (atr[at] & 15) != 15)
			card->protocol = atr[at] & 15;
		first = false;
		y = atr[at++] >> 4;
	}
}

void
emu_card_reset(struct emu_card *card, unsigned voltage, bool warm)
{
	card->output_length = card->output_taken = 0;
	card->parity = false;
	if (warm)
		card->warm_resets++;
	else
		card->cold_resets++;
	card->fresh = true;
	read_atr(card);
	if ((card->voltages & voltage) == 0)
		return;
	if (card->mute_resets > 0) {
		card->mute_resets--;
		return;
	}
	emu_card_put(card, card->atr, card->atr_length);
	if (card->kind->reset != NULL)
		card->kind->reset(card, warm);
}

static void
answer_pps(struct emu_card *card, const uint8_t *request, size_t length)
{
	uint8_t without_rate[3] = { PPSS, 0, 0 };

	card->pps_count++;
	switch (card->pps) {
	case EMU_PPS_MUTE:
		return;
	case EMU_PPS_BYTES:
		emu_card_put(card, card->pps_bytes, card->pps_length);
		return;
	case EMU_PPS_NO_RATE:
		without_rate[1] = request[1] & 15;
		without_rate[2] = PPSS ^ without_rate[1];
		emu_card_put(card, without_rate, sizeof without_rate);
		card->protocol = request[1] & 15;
		return;
	case EMU_PPS_AGREE:
		emu_card_put(card, request, length);
		card->protocol = request[1] & 15;
		if ((request[1] & PPS1_PRESENT) != 0)
			card->fidi = request[2];
	}
}

void
emu_card_send(struct emu_card *card, const uint8_t *bytes, size_t length)
{
	bool pps = card->fresh && card->negotiable && length >= 3 && bytes[0] == PPSS;
	uint8_t check = 0;

	card->fresh = false;
	card->output_length = card->output_taken = 0;
	card->parity = false;
	if (!pps) {
		card->kind->bytes(card, bytes, length);
		return;
	}
	for (size_t i = 0; i < length; i++)
		check ^= bytes[i];
	if (check == 0)
		answer_pps(card, bytes, length);
}

size_t
emu_card_apdu(struct emu_card *card, const uint8_t *command, size_t length, uint8_t *reply)
{
	card->fresh = false;
	return card->kind->apdu(card, command, length, reply);
}
