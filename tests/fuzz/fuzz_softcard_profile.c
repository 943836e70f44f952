/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A profile is a text file that anybody may have written. Whatever is in it, there comes of it a
 * card that can be used, or one line that says what is wrong.
 */
#include <assert.h>
#include <string.h>

#include "rm/drivers/softcard/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *message = NULL;
	struct softcard_profile *profile =
	    softcard_profile_parse((const char *)data, size, "input", &message);

	assert((profile == NULL) == (message != NULL));
	if (message != NULL) {
		assert(g_str_has_prefix(message, "soft card profile input: "));
		assert(strchr(message, '\n') == NULL);
		assert(g_utf8_validate(message, -1, NULL));
		g_free(message);
		return 0;
	}
	assert(profile->readers >= 1 && profile->readers <= SOFTCARD_READERS_MAX);
	assert(strlen(profile->reader_name) <= SOFTCARD_READER_NAME_MAX);
	assert(profile->card != NULL || !profile->present);
	if (profile->card != NULL) {
		static const uint8_t select[] = { 0x00, 0xA4, 0x00, 0x00, 0x00 };
		struct softcard_card *card = softcard_card_copy(profile->card);
		uint8_t reply[64];
		size_t n = softcard_card_transmit(card, select, sizeof select, reply);

		assert(n == 14 && reply[12] == 0x90);
		softcard_card_free(card);
	}
	softcard_profile_free(profile);
	return 0;
}
