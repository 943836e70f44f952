/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands come from whoever may use the reader. Whatever they are, the soft card answers with data
 * and a status word, stays inside its memory, and tells its secret only after the PIN.
 *
 * Input: a byte whose lowest bit chooses T=0 or T=1; then commands, each behind two bytes of
 * length. The length FFFF is a reset.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rm/drivers/softcard/settings.h"
#include "rm/drivers/softcard/tpdu.h"

#define RESET 0xFFFFu

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The built-in card's, of a file that is read only after the PIN. */
static const char secret[] = "after the PIN";
static const uint8_t pin[] = { '1', '2', '3', '4' };

static int
constant_random(void *data, uint8_t *out, size_t length)
{
	(void)data;
	memset(out, 0xA5, length);
	return 0;
}

static struct softcard_card *
new_card(void)
{
	static struct softcard_profile *profile;
	static const char *const folders[] = { NULL };
	struct softcard_card *card;
	char *message;

	if (profile == NULL)
		profile = softcard_settings_profile(NULL, folders, &message);
	assert(profile != NULL);
	card = softcard_card_copy(profile->card);
	assert(card != NULL);
	softcard_card_set_random(card, constant_random, NULL);
	return card;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct softcard_card *card = new_card();
	struct softcard_tpdu tpdu = { .held_length = 0 };
	bool t0 = size > 0 && (data[0] & 1) == 0, pin_was_sent = false;
	uint8_t *reply = malloc(SOFTCARD_REPLY_MAX);
	size_t at = 1;

	while (at + 2 <= size) {
		size_t length = (size_t)data[at] << 8 | data[at + 1], n;
		uint8_t *command;

		at += 2;
		if (length == RESET) {
			softcard_card_reset(card);
			softcard_tpdu_reset(&tpdu);
			continue;
		}
		if (length > size - at)
			length = size - at;
		command = malloc(length > 0 ? length : 1);
		memcpy(command, data + at, length);
		at += length;

		n = t0 ? softcard_tpdu_transmit(&tpdu, card, command, length, reply)
		       : softcard_card_transmit(card, command, length, reply);
		assert(n >= 2 && n <= (t0 ? SOFTCARD_LE_SHORT_MAX + 2 : SOFTCARD_REPLY_MAX));
		assert(reply[n - 2] >> 4 == 6 || reply[n - 2] >> 4 == 9);
		pin_was_sent = pin_was_sent ||
		    (length > 1 && command[1] == ISO7816_INS_VERIFY &&
			memmem(command, length, pin, sizeof pin) != NULL);
		assert(pin_was_sent || memmem(reply, n, secret, sizeof secret - 1) == NULL);
		free(command);
	}
	free(reply);
	softcard_card_free(card);
	return 0;
}
