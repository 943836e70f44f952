/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#define WORD_MAX 63u

static bool
parse_model(const char *word, struct ccid_selection *ret)
{
	if (strlen(word) != 9 || word[4] != ':' || strspn(word, "0123456789abcdefABCDEF") != 4 ||
	    strspn(word + 5, "0123456789abcdefABCDEF") != 4)
		return false;
	ret->by_model = true;
	ret->vendor = (uint16_t)strtoul(word, NULL, 16);
	ret->product = (uint16_t)strtoul(word + 5, NULL, 16);
	return true;
}

/* BUS-PORT[.PORT]... */
static bool
parse_path(const char *word, struct ccid_selection *ret)
{
	size_t bus = strspn(word, "0123456789");

	if (bus == 0 || word[bus] != '-' || word[bus + 1] == '\0' ||
	    word[bus + 1 + strspn(word + bus + 1, "0123456789.")] != '\0')
		return false;
	ret->by_model = false;
	g_strlcpy(ret->path, word, sizeof ret->path);
	return true;
}

static int
take_word(const char *word, struct ccid_settings *ret, char *message)
{
	if (strcmp(word, "rising") == 0) {
		ret->slot.voltages = CCID_RISING;
	} else if (strcmp(word, "apdu") == 0) {
		ret->slot.t0_mode = T0_APDU;
	} else if (strcmp(word, "escape") == 0) {
		ret->escape = true;
	} else if (ret->only_count == CCID_SELECTIONS_MAX) {
		snprintf(message, CCID_MESSAGE_SIZE, "ccid: more than %u devices are named",
		    CCID_SELECTIONS_MAX);
		return -EINVAL;
	} else if (parse_model(word, &ret->only[ret->only_count]) ||
	    parse_path(word, &ret->only[ret->only_count])) {
		ret->only_count++;
	} else {
		snprintf(message, CCID_MESSAGE_SIZE,
		    "ccid: `%s' is not understood; accepted are rising, apdu, escape, a model "
		    "(VVVV:PPPP in hexadecimal) and a place (BUS-PORT, such as 1-4.2), joined by +",
		    word);
		return -EINVAL;
	}
	return 0;
}

int
ccid_settings_parse(const char *text, struct ccid_settings *ret, char *message)
{
	memset(ret, 0, sizeof *ret);
	while (text != NULL && *text != '\0') {
		size_t length = strcspn(text, "+");
		char word[WORD_MAX + 1];

		if (length > WORD_MAX) {
			snprintf(message, CCID_MESSAGE_SIZE,
			    "ccid: a word of the settings is longer than %u characters", WORD_MAX);
			return -EINVAL;
		}
		memcpy(word, text, length);
		word[length] = '\0';
		if (take_word(word, ret, message) < 0)
			return -EINVAL;
		text += length + (text[length] == '+');
	}
	return 0;
}

bool
ccid_settings_select(
    const struct ccid_settings *settings, uint16_t vendor, uint16_t product, const char *path)
{
	if (settings->only_count == 0)
		return true;
	for (unsigned i = 0; i < settings->only_count; i++) {
		const struct ccid_selection *only = &settings->only[i];

		if (only->by_model ? only->vendor == vendor && only->product == product
				   : strcmp(only->path, path) == 0)
			return true;
	}
	return false;
}
