/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/scardctl/hex.h"

#include <glib.h>

char *
hex_text(const uint8_t *data, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";
	char *text = g_malloc(2 * length + 1);

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[data[i] >> 4];
		text[2 * i + 1] = digits[data[i] & 0xF];
	}
	text[2 * length] = '\0';
	return text;
}

bool
hex_parse(const char *text, uint8_t *data, size_t size, size_t *ret_length)
{
	size_t length = 0;

	while (*text != '\0') {
		int high, low;

		if (g_ascii_isspace(*text) || *text == ':') {
			text++;
			continue;
		}
		if ((high = g_ascii_xdigit_value(text[0])) < 0 ||
		    (low = g_ascii_xdigit_value(text[1])) < 0 || length == size)
			return false;
		data[length++] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	if (length == 0)
		return false;
	*ret_length = length;
	return true;
}
