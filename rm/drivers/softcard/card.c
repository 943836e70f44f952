/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card as its users see it: reset, and commands sent to those who do them.
 */
#include "rm/drivers/softcard/card.h"

#include "rm/drivers/softcard/state.h"

void
softcard_card_reset(struct softcard_card *card)
{
	card->current_directory = SOFTCARD_MF;
	card->current_file = SOFTCARD_NONE;
	for (size_t i = 0; i < card->pin_count; i++)
		card->pins[i].verified = false;
}

void
softcard_set_current(struct softcard_card *card, int file)
{
	card->current_file = card->files[file].directory ? SOFTCARD_NONE : file;
	card->current_directory = card->files[file].directory ? file : card->files[file].parent;

	/* What was verified for one directory ends where that directory is left. */
	for (size_t i = 0; i < card->pin_count; i++) {
		struct softcard_pin *pin = &card->pins[i];

		if ((pin->reference & SOFTCARD_PIN_LOCAL) != 0 &&
		    !softcard_is_within(card, card->current_directory, pin->directory))
			pin->verified = false;
	}
}

bool
softcard_is_allowed(
    const struct softcard_card *card, int file, const struct softcard_access *access)
{
	int pin;

	switch (access->rule) {
	case SOFTCARD_ALWAYS:
		return true;
	case SOFTCARD_AFTER_PIN:
		pin = softcard_find_pin(card, access->pin, card->files[file].parent);
		return pin != SOFTCARD_NONE && card->pins[pin].verified;
	case SOFTCARD_NEVER:
		break;
	}
	return false;
}

static uint16_t
get_challenge(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	if (apdu->p1 != 0 || apdu->p2 != 0)
		return ISO7816_SW_WRONG_P1P2;
	if (apdu->lc != 0 || apdu->le == 0 || apdu->le > SOFTCARD_LE_SHORT_MAX)
		return ISO7816_SW_WRONG_LENGTH;
	if (card->random == NULL || card->random(card->random_data, reply, apdu->le) < 0)
		return ISO7816_SW_NO_DIAGNOSIS;
	*ret_length = apdu->le;
	return ISO7816_SW_OK;
}

/* Nothing is ever held back here: under T=0 the layer above does it. */
static uint16_t
get_response(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	(void)card, (void)apdu, (void)reply, (void)ret_length;
	return ISO7816_SW_CONDITIONS;
}

static uint16_t
manage_channel(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	(void)card, (void)apdu, (void)reply, (void)ret_length;
	return ISO7816_SW_NO_CHANNELS;
}

/* ISO 7816-4, 5.4.1: 00 is the only class here; others of the standard say what they ask for. */
static uint16_t
check_class(uint8_t cla)
{
	if (cla == 0x00)
		return ISO7816_SW_OK;
	if (cla >= 0x80 || (cla & 0xE0) == 0x20)
		return ISO7816_SW_WRONG_CLA;
	if ((cla & 0x10) != 0)
		return ISO7816_SW_NO_CHAINING;
	if ((cla & 0x40) != 0)
		return (cla & 0x20) != 0 ? ISO7816_SW_NO_SECURE_MESSAGING : ISO7816_SW_NO_CHANNELS;
	return (cla & 0x0C) != 0 ? ISO7816_SW_NO_SECURE_MESSAGING : ISO7816_SW_NO_CHANNELS;
}

uint16_t
softcard_card_execute(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	static const struct {
		uint8_t ins;
		softcard_command run;
	} commands[] = {
		{ ISO7816_INS_VERIFY, softcard_verify },
		{ ISO7816_INS_MANAGE_CHANNEL, manage_channel },
		{ ISO7816_INS_GET_CHALLENGE, get_challenge },
		{ ISO7816_INS_SELECT, softcard_select },
		{ ISO7816_INS_READ_BINARY, softcard_read_binary },
		{ ISO7816_INS_GET_RESPONSE, get_response },
		{ ISO7816_INS_UPDATE_BINARY, softcard_update_binary },
	};
	uint16_t sw = check_class(apdu->cla);

	*ret_length = 0;
	if (sw != ISO7816_SW_OK)
		return sw;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (commands[i].ins == apdu->ins)
			return commands[i].run(card, apdu, reply, ret_length);
	return ISO7816_SW_WRONG_INS;
}

size_t
softcard_card_transmit(
    struct softcard_card *card, const uint8_t *command, size_t length, uint8_t *reply)
{
	struct softcard_apdu apdu;
	size_t used = 0;
	uint16_t sw = ISO7816_SW_WRONG_LENGTH;

	if (softcard_apdu_parse(command, length, &apdu) == 0)
		sw = softcard_card_execute(card, &apdu, reply, &used);
	reply[used] = (uint8_t)(sw >> 8);
	reply[used + 1] = (uint8_t)sw;
	return used + 2;
}
