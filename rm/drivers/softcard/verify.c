/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VERIFY (ISO 7816-4, 7.5.6).
 */
#include "rm/drivers/softcard/state.h"

#define P2_RFU 0x60

/* Takes the same time wherever the first difference is. */
static bool
is_value(const struct softcard_pin *pin, const uint8_t *data, size_t length)
{
	unsigned difference = length != pin->length;

	for (size_t i = 0; i < length; i++)
		difference |= (unsigned)(pin->value[i] ^ data[i]);
	return difference == 0;
}

static uint16_t
state_of(const struct softcard_pin *pin)
{
	if (pin->tries_left == 0)
		return ISO7816_SW_BLOCKED;
	if (pin->verified)
		return ISO7816_SW_OK;
	return (uint16_t)(ISO7816_SW_TRIES_LEFT | pin->tries_left);
}

uint16_t
softcard_verify(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	struct softcard_pin *pin;
	int number;

	(void)reply, (void)ret_length;
	if (apdu->p1 != 0 || (apdu->p2 & P2_RFU) != 0)
		return ISO7816_SW_WRONG_P1P2;
	if (apdu->le != 0)
		return ISO7816_SW_WRONG_LENGTH;
	number = softcard_find_pin(card, apdu->p2, card->current_directory);
	if (number == SOFTCARD_NONE)
		return ISO7816_SW_REFERENCE_NOT_FOUND;
	pin = &card->pins[number];
	if (apdu->lc == 0)
		return state_of(pin);
	/* A length that no PIN has costs no try; another length than this one's does. */
	if (apdu->lc < SOFTCARD_PIN_LENGTH_MIN || apdu->lc > SOFTCARD_PIN_LENGTH_MAX)
		return ISO7816_SW_WRONG_LENGTH;
	if (pin->tries_left == 0)
		return ISO7816_SW_BLOCKED;

	pin->tries_left--;
	pin->verified = is_value(pin, apdu->data, apdu->lc);
	if (pin->verified) {
		pin->tries_left = pin->tries_max;
		return ISO7816_SW_OK;
	}
	return (uint16_t)(ISO7816_SW_TRIES_LEFT | pin->tries_left);
}
