/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/ccid_hex.h"

#include <stdlib.h>
#include <string.h>

/* Runs through the text; with out == NULL it only counts. */
static size_t
convert(const char *text, uint8_t *out)
{
	char pair[3] = "";
	size_t n = 0;

	while (*text != '\0') {
		unsigned long times = 1;
		uint8_t byte;

		if (*text == ' ') {
			text++;
			continue;
		}
		memcpy(pair, text, 2);
		byte = (uint8_t)strtoul(pair, NULL, 16);
		text += 2;
		if (*text == '*')
			times = strtoul(text + 1, (char **)&text, 10);
		if (out != NULL)
			memset(out + n, byte, times);
		n += times;
	}
	return n;
}

uint8_t *
ccid_hex(const char *text, size_t *ret_length)
{
	size_t length = convert(text, NULL);
	uint8_t *bytes = malloc(length > 0 ? length : 1);

	convert(text, bytes);
	*ret_length = length;
	return bytes;
}
